// A salon with people at the till: two admins, an owner, a branch in Moscow. 14:22 there.

import type { Shop } from "../../src/chat/desk.ts";
import type { Person } from "../../src/standins/telegram/people.ts";
import { give, salonBot } from "./salon-bot.ts";
import { soft } from "./soft.ts";

export const PHONE = "+79001234567";
export type TillSalon = Awaited<ReturnType<typeof tillSalon>>;

/** A salon where Olga and Marina are admins, Irina is the owner, and Anna's card holds these points. */
export async function tillSalon(changes: Partial<Shop> = {}, ...points: number[]) {
  const salon = await salonBot({
    adminIds: ["telegram:601", "telegram:602"],
    ownerIds: ["telegram:700"],
    ...changes,
  });
  salon.clock.now = new Date("2026-03-12T11:22:00Z");
  await salon.sql`insert into companies (company_id, title, time_zone) values (1, 'Салон', 'Europe/Moscow')`;
  if (points.length > 0) {
    await give(salon, PHONE, ...points);
    await salon.sql`update clients set name = 'Анна' where phone = ${PHONE}`;
  }
  const olga = salon.telegram.person({ id: 601, firstName: "Ольга", phone: "+79005550001" });
  const marina = salon.telegram.person({ id: 602, firstName: "Марина", phone: "+79005550002" });
  const irina = salon.telegram.person({ id: 700, firstName: "Ирина" });
  return Object.assign(salon, { olga, marina, irina });
}

/** The labels under the newest message of the bot in a person's chat. */
export function labels(person: Person): string[] {
  return (person.lastMessage()?.inline ?? []).flat().map((button) => soft(button.text));
}

/** What the newest message of the bot says, its hard spaces made soft. */
export function last(person: Person): string {
  return soft(person.lastMessage()?.text);
}

/** What the bot said over the screen at the last tap. */
export function toast(person: Person): string {
  return soft(person.answeredCallbacks.at(-1)?.text);
}

/** The rows of the ledger after those given at the start, as one text a row: kind, points, actor, reason. */
export async function rows({ sql }: Pick<TillSalon, "sql">, from = 1): Promise<string[]> {
  const found = await sql<{ line: string }[]>`
    select concat_ws(' ', kind, trim_scale(points), actor, reason) as line from bonuslog where id > ${from} order by id`;
  return found.map((row) => row.line);
}

/** A visit on the card of a phone, on a day of the branch. */
export async function visit(
  { sql }: TillSalon,
  of: { record: number; at: string; price: number; paid: number; decision: string; phone?: string },
): Promise<void> {
  await sql`
    insert into visits (record_id, company_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
      services_paid, goods_paid, read_at, decision)
    select ${of.record}, 1, id, ${of.at}, (${of.at}::timestamptz at time zone 'Europe/Moscow')::date, false, false, 1,
      ${of.price}, ${of.paid}, 0, now(), ${of.decision}
    from clients where phone = ${of.phone ?? PHONE}`;
}
