// The day of the chain as it is played: visits come about in the journal, clients are told, and what happened when is kept.

import type { Telegram } from "../../src/standins/telegram/server.ts";
import type { Journal } from "../../src/standins/yclients/journal.ts";
import { chatOf, type Plan, phoneOf, type Visit } from "./plan.ts";

/** A visit and what has become of it, by this machine's clock in milliseconds. */
export interface Happened extends Visit {
  record: number;
  paidAt: number | null;
  refundedAt: number | null;
  /** When each message about points came. */
  toldAt: number[];
}

/** Something to be done at its time, in milliseconds since the day began. */
export interface Moment {
  at: number;
  act: () => void;
}

/** The visits of a plan, those that are booked before their day in the journal already. Clients who linked have a chat. */
export function openDay({ visits }: Plan, journal: Journal, telegram: Telegram) {
  const byChat = new Map<number, Happened>();
  const day = visits.map((visit): Happened => {
    const happened = { ...visit, record: 0, paidAt: null, refundedAt: null, toldAt: [] };
    if (visit.linked) {
      const [id, phone] = [chatOf(visit.client), phoneOf(visit.client)];
      telegram.person({ id, firstName: "Анна", phone }).chat.started = true;
      byChat.set(id, happened);
    }
    if (visit.booked === null) book(journal, happened);
    return happened;
  });
  telegram.onChange((id) => {
    const client = byChat.get(id);
    // They never write: all that stands there was said to them.
    if (client) while (client.toldAt.length < telegram.messages(id).length) client.toldAt.push(Date.now());
  });
  return day;
}

function book(journal: Journal, visit: Happened): void {
  visit.record = journal.book({
    ...{ companyId: visit.branch.id, startsAt: new Date() },
    client: { id: 1_000_000 + visit.client, name: "Анна", phone: phoneOf(visit.client) },
    services: [{ title: "Стрижка", cost: visit.kopecks }],
  });
}

/** What is to be done in the journal on the day. */
export function momentsOf(day: Happened[], journal: Journal): Moment[] {
  return day.flatMap((visit) => {
    const moments: Moment[] = [
      {
        at: visit.paid,
        act: () => {
          visit.paidAt = Date.now();
          journal.pay(visit.record);
        },
      },
    ];
    if (visit.booked !== null) moments.push({ at: visit.booked, act: () => book(journal, visit) });
    if (visit.refunded !== null)
      moments.push({
        at: visit.refunded,
        act: () => {
          visit.refundedAt = Date.now();
          journal.refund(visit.record);
        },
      });
    return moments;
  });
}

/** Does all of it, each at its time; by how many milliseconds the latest was late. */
export async function play(moments: Moment[]): Promise<number> {
  const began = Date.now();
  let late = 0;
  for (const { at, act } of moments.toSorted((one, other) => one.at - other.at)) {
    const left = began + at - Date.now();
    if (left > 1) await Bun.sleep(left);
    late = Math.max(late, -left);
    act();
  }
  return late;
}

/** Every so many milliseconds from the half of them on. */
export function every(ms: number, lasts: number, act: () => void): Moment[] {
  return Array.from({ length: Math.round(lasts / ms) }, (_, turn) => ({ at: (turn + 0.5) * ms, act }));
}
