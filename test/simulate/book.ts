// What is so at the till of a simulated world at a moment: what the card holds, what was done today, which services are open.

import { dayIn as dayOf } from "./ends.ts";
import type { Wish } from "./model.ts";
import { type Reading, readingsOf } from "./readings.ts";
import { screenIn, wishAt } from "./said.ts";
import { type AtTill, rulesOf, servicesToPay, type TillRules } from "./spending.ts";
import { settingAt } from "./terms.ts";
import type { World } from "./world.ts";

/** A row of the ledger. */
export interface BookRow {
  id: number;
  card: number;
  kind: string;
  points: number;
  key: string;
  actor: string;
  corrects: number | null;
  at: number;
}

/** A welcome's points on a card, and what was taken of them, by which row. */
interface Given {
  card: number;
  row: number;
  points: number;
  taken: { by: number; points: number }[];
}

/** A world's ledger, and what else decides at its till. */
export interface Book {
  world: World;
  rows: BookRow[];
  ofCard: Map<number, BookRow[]>;
  /** What each admin has given, taken and spent. */
  ofAdmin: Map<string, BookRow[]>;
  /** What was read of each record, and which records a card ever had. */
  ofRecord: Map<string, Reading[]>;
  recordsOf: Map<number | null, Set<string>>;
  /** The row that took another back, by that other's number. */
  back: Map<number, BookRow>;
  /** Which card went into which, and when. */
  merged: { card: number; into: number; at: number }[];
  /** What was given to wait for a visit; that it is so, the models of lots hold. */
  gifts: Map<number, Given[]>;
  /** The record that each spend is about by now. */
  about: Map<number, string | null>;
  /** The card of each phone. */
  phones: Map<string, number>;
}

/** What is known at the till at a moment: rows up to this one, and these readings. */
export interface Moment {
  at: number;
  row: number;
  read: (one: Reading) => boolean;
}

/** Whose till, what was asked there, and of which card. */
export interface Case {
  wish: Wish;
  /** As the ledger writes them (said.ts). */
  admin: string;
  card: number;
}

/** Reads it. */
export async function bookOf(world: World): Promise<Book> {
  const { sql } = world.database;
  const rows = await sql<BookRow[]>`
    select id::int, client_id::int as card, kind, (points * 100)::float8 as points, key, actor, corrects::int,
      (extract(epoch from awarded_at) * 1000)::float8 as at from bonuslog order by id`;
  const merged = await sql<Book["merged"]>`
    select id::int as card, merged_into::int as into, (extract(epoch from merged_at) * 1000)::float8 as at
    from clients where merged_into is not null`;
  const cards = await sql<{ phone: string; card: number }[]>`
    select phone, id::int as card from clients where phone is not null`;
  const spends = await sql<{ id: number; record: string | null }[]>`
    select id::int, company_id || ' ' || record_id as record from spends`;
  const readings = await readingsOf(sql);
  const gifts = await sql<Given[]>`
    select l.client_id::int as card, l.row_id::int as row, (l.points * 100)::float8 as points, coalesce((
      select json_agg(json_build_object('by', t.by_row, 'points', t.points * 100)) from takings t
      where t.row_id = l.row_id and t.part = l.part), '[]') as taken
    from lots l where l.life = 'welcome'`;
  const back = rows.flatMap((row) => {
    const [, id] = /^undo:(\d+)(?::from)?$/.exec(row.key) ?? [];
    return id ? [[Number(id), row] as const] : [];
  });
  const ofRecord = Map.groupBy(readings, ({ record }) => record);
  const onCards = Map.groupBy(readings, ({ card }) => card);
  return {
    ...{ world, rows, merged, ofRecord, back: new Map(back) },
    ofCard: Map.groupBy(rows, ({ card }) => card),
    ofAdmin: Map.groupBy(rows.filter(isByHand), ({ actor }) => actor.split(",")[0] ?? ""),
    recordsOf: new Map([...onCards].map(([card, all]) => [card, new Set(all.map(({ record }) => record))])),
    phones: new Map(cards.map(({ phone, card }) => [phone, card])),
    gifts: Map.groupBy(gifts, ({ card }) => card),
    about: new Map(spends.map(({ id, record }) => [id, record])),
  };
}

const isByHand = ({ kind, points }: BookRow) =>
  ["spend", "credit", "debit"].includes(kind) || (kind === "move" && points < 0);

/** The rules in force. */
export const rulesAt = ({ world }: Book, at: number): TillRules =>
  rulesOf((name) => settingAt(world, name, at));

const days = new Map<string, string>();
/** Asked of each row again and again: the zones here are whole hours apart. */
function dayIn(zone: string, at: number): string {
  const hour = `${zone} ${Math.floor(at / 3_600_000)}`;
  const day = days.get(hour) ?? dayOf(zone, at);
  days.set(hour, day);
  return day;
}

/** Cards that are one by then. */
function familyOf(merged: Book["merged"], card: number, at: number): number[] {
  const own = merged.filter((one) => one.into === card && one.at <= at).map((one) => one.card);
  return [card, ...own.flatMap((one) => familyOf(merged, one, at))];
}

/**
 * What is so at the till, by each zone that the branch has had; what a gift may keep waiting until the next visit is there or
 * not: which of both, the models of lots know.
 */
export function* standsAt(book: Book, { wish, admin, card }: Case, moment: Moment): Generator<AtTill> {
  const known = ({ id }: BookRow) => id <= moment.row;
  const stands = ({ id, corrects }: BookRow) =>
    corrects === null && (book.back.get(id)?.id ?? Number.POSITIVE_INFINITY) > moment.row;
  const own = (book.ofCard.get(card) ?? []).filter(known);
  const balance = sumOf(own);
  const gift = sumOf(own.filter(({ kind }) => kind === "welcome"));
  const family = familyOf(book.merged, card, moment.at).flatMap((one) => book.ofCard.get(one) ?? []);
  const byAdmin = (book.ofAdmin.get(`admin:${admin}`) ?? []).filter((row) => known(row) && stands(row));
  for (const zone of book.world.zones) {
    const today = dayIn(zone, moment.at);
    const isToday = (row: BookRow) => dayIn(zone, row.at) === today;
    const spent = family.filter((row) => row.kind === "spend" && known(row) && stands(row) && isToday(row));
    const handled = byAdmin.filter(isToday).reduce((sum, { points }) => sum + Math.abs(points), 0);
    const records = recordsOf(book, { wish, card, moment, today });
    for (const about of [aboutThen, aboutNow]) {
      const spends = spent.map((row) => ({
        ...{ points: -row.points, at: row.at },
        record: about(book, row, today),
      }));
      const services = servicesToPay(records, spends);
      for (const waits of new Set([0, gift, leftOf(book.gifts.get(card) ?? [], moment.row)]))
        yield { held: balance - waits, acts: spent.length, services, handled };
    }
  }
}

/** What is left of gifts by a row: a debit by hand takes of what waits too. */
const leftOf = (gifts: readonly Given[], row: number) =>
  gifts
    .filter((gift) => gift.row <= row)
    .flatMap(({ points, taken }) => [
      points,
      ...taken.filter(({ by }) => by <= row).map((one) => -one.points),
    ])
    .reduce((sum, points) => sum + points, 0);

const sumOf = (rows: BookRow[]) => rows.reduce((sum, { points }) => sum + points, 0);

/** Which record a spend is about: that which its screen was of, else the only one that the card had that day. */
function aboutThen(book: Book, row: BookRow, today: string): string | null {
  const wish = wishAt(book.world, screenIn(row.key)?.screen ?? "");
  if (!wish) return null;
  const moment = { at: row.at, row: row.id - 1, read: (one: Reading) => one.after < row.id };
  const all = recordsOf(book, { wish, card: row.card, moment, today });
  const theirs = all.filter(({ day, there }) => day === today && there).map(({ record }) => record);
  if (wish.record) return theirs.includes(wish.record) ? wish.record : null;
  return theirs.length === 1 ? (theirs[0] ?? null) : null;
}

/** A record may have gone to another card since, and the spend is about the one that is left. */
const aboutNow = ({ about }: Book, row: BookRow) => about.get(row.id) ?? null;

/** The records of the card's owner today, and the one that the screen is of, as they were last read. */
function recordsOf(
  { recordsOf, ofRecord }: Book,
  { wish, card, moment, today }: { wish: Wish; card: number; moment: Moment; today: string },
): Reading[] {
  const last = [...(recordsOf.get(card) ?? [])].flatMap(
    (name) => ofRecord.get(name)?.findLast(moment.read) ?? [],
  );
  return last.filter((one) => one.card === card && (one.day === today || one.record === wish.record));
}

/** The newest of these rows that had begun by then. */
export const rowAt = (rows: readonly BookRow[], at: number) => rows.findLast((one) => one.at <= at)?.id ?? 0;

/** When anything that decides on the card and at the admin's till became another, between two moments. */
export function changesBetween(book: Book, { card, admin }: Case, from: number, until: number): number[] {
  const cards = familyOf(book.merged, card, until);
  const rows = [
    ...cards.flatMap((one) => book.ofCard.get(one) ?? []),
    ...(book.ofAdmin.get(`admin:${admin}`) ?? []),
  ];
  const readings = cards.flatMap((one) =>
    [...(book.recordsOf.get(one) ?? [])].flatMap((name) => book.ofRecord.get(name) ?? []),
  );
  const times = [...book.world.terms, ...rows, ...readings].map(({ at }) => at);
  const midnights = book.world.zones.flatMap((zone) =>
    dayIn(zone, from) === dayIn(zone, until) ? [] : [until - 1],
  );
  return [...new Set([...times.filter((at) => at > from && at < until), ...midnights])];
}
