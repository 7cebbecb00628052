// A salon with people at the till: two admins, an owner, a branch in Moscow. 14:22 there.

import { expect } from "bun:test";
import { pino } from "pino";
import type { Shop } from "../../src/chat/desk.ts";
import { notifyNewBonuses } from "../../src/notices/notify.ts";
import type { Account } from "../../src/rules/account.ts";
import { offerRefunds } from "../../src/till/refunds.ts";
import { termsInForce } from "../../src/visits/branches.store.ts";
import { postReadings } from "../../src/visits/post.ts";
import type { Terms } from "../../src/visits/visit.rule.ts";
import type { Reading } from "../../src/yclients/record.ts";
import type { Anyone } from "./anyone.ts";
import { channelHere } from "./both.ts";
import { programmeOf, readingOf, usual } from "./ledger.ts";
import { spending } from "./programme.ts";
import { give, salonBot } from "./salon-bot.ts";
import { soft } from "./soft.ts";

export const PHONE = "+79001234567";
export const BORIS = "+79007654321";
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
  const olga = salon.person({ id: 601, firstName: "Ольга", phone: "+79005550001" });
  const marina = salon.person({ id: 602, firstName: "Марина", phone: "+79005550002" });
  const irina = salon.person({ id: 700, firstName: "Ирина" });
  return Object.assign(salon, { olga, marina, irina });
}

/** Boris has a card with these points too. */
export async function boris(salon: TillSalon, points: number): Promise<void> {
  await give(salon, BORIS, points);
  await salon.sql`update clients set name = 'Борис' where phone = ${BORIS}`;
}

/** The salon's journal: each call reads record 101 of today anew, Anna's, of 3 500, unpaid but for what is said of it. */
export async function journalOf({ db }: TillSalon, terms: Terms = usual) {
  const programme = programmeOf({ terms, termsId: await termsInForce(db, terms) });
  let seconds = 0;
  return (changes: Partial<Reading> = {}) => {
    const unpaid = { paidFull: false, attendance: 0, servicesPaid: 0 };
    const about = { client: { id: 11, name: "Анна", phone: PHONE }, ...unpaid, ...changes };
    const reading = readingOf(about, new Date(Date.UTC(2026, 2, 12, 12, 0, ++seconds)));
    return postReadings(db, programme, [reading], null);
  };
}

/** Owners are offered what was refunded. */
export function offer(
  { db, channel, clock }: Pick<TillSalon, "db" | "channel" | "clock">,
  owners: Account[],
  bot = channel.bot,
): Promise<void> {
  return offerRefunds({ db, bot }, owners, (...message) => channel.say(...message), clock.now);
}

/** What clients are told by and by, in the middle of the night too: by account. */
export async function told(
  { db, clock }: Pick<TillSalon, "db" | "clock">,
  supportPhone: string | null = null,
) {
  const sent = new Map<Account, string>();
  await notifyNewBonuses({
    ...{ db, log: pino({ level: "silent" }), now: () => clock.now, supportPhone },
    ...{ bookUrl: null, spending, tells: ["telegram", "max"] },
    ...{ turn: async () => {}, quietHours: { from: 0, to: 1439 }, signal: new AbortController().signal },
    send: async (account, html) => {
      sent.set(account, soft(html));
      return { kind: "sent", message: 1 };
    },
  });
  return sent;
}

/** Says something and taps these buttons in turn; what the bot says then. */
export async function ask(person: Who, text: string, ...buttons: Button[]): Promise<string> {
  await person.say(text);
  return tap(person, ...buttons);
}

/** Taps these buttons in turn; what the bot says then. */
export async function tap(person: Who, ...buttons: Button[]): Promise<string> {
  for (const button of buttons) await person.tap(button);
  return last(person);
}
type Button = Parameters<Anyone["tap"]>[0];
/** A person as far as these ask. */
type Who = Pick<Anyone, "say" | "tap" | "lastMessage" | "answeredCallbacks">;

/** Says something, and expects these words of the answer. */
export function hearing(person: Who, how: "toBe" | "toContain" | "toStartWith") {
  return async (text: string, words: string): Promise<void> => expect(await ask(person, text))[how](words);
}

/** The number of the bot's newest message in a person's chat. */
export function shown(person: Who): number {
  return person.lastMessage()?.message_id ?? 0;
}

/** What the first button under it sends. */
export function firstButton(person: Who): string {
  const button = person.lastMessage()?.inline.flat()[0];
  return button && "callback_data" in button ? button.callback_data : "";
}

/** The labels under the newest message of the bot in a person's chat. */
export function labels(person: Who): string[] {
  return (person.lastMessage()?.inline ?? []).flat().map((button) => soft(button.text));
}

/** The keys of the menu that stand in a person's chat. */
export function keys({ chat }: Pick<Anyone, "chat">): string[] {
  return chat.keyboard.flat().map((key) => String(Object(key).text ?? key));
}

/** What the newest message of the bot says, its hard spaces made soft. */
export function last(person: Who): string {
  return soft(person.lastMessage()?.text);
}

/** What the bot said over the screen at the last tap. */
export function toast(person: Who): string {
  return soft(person.answeredCallbacks.at(-1)?.text);
}

/**
 * The rows of the ledger after those given at the start, as one text a row: kind, points, actor, reason. Who works in the
 * messenger of the walk is named there by their number, as those in Telegram are.
 */
export async function rows({ sql }: Pick<TillSalon, "sql">, from = 1): Promise<string[]> {
  const found = await sql<{ line: string }[]>`
    select concat_ws(' ', kind, trim_scale(points), actor, reason) as line from bonuslog where id > ${from} order by id`;
  return found.map((row) => row.line.replaceAll(`${channelHere()}:`, ""));
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
