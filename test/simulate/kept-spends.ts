// What the till of a simulated world has let be done and has refused, held against the rules of spending of the moment.

import { dayIn as dayOf } from "./ends.ts";
import type { Wish } from "./model.ts";
import { type Reading, readingsOf } from "./readings.ts";
import { screenIn, wishAt } from "./said.ts";
import { type AtTill, granted, rulesOf, servicesToPay, type TillRules } from "./spending.ts";
import { settingAt } from "./terms.ts";
import { OWNER, type World } from "./world.ts";

interface Row {
  id: number;
  card: number;
  kind: string;
  points: number;
  key: string;
  actor: string;
  corrects: number | null;
  at: number;
}

/** A world's ledger, and what else decides at its till. */
export interface Book {
  world: World;
  rows: Row[];
  readings: Reading[];
  /** The row that took another back, by that other's number. */
  back: Map<number, Row>;
  /** Which card went into which, and when. */
  merged: { card: number; into: number; at: number }[];
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
  admin: number;
  card: number;
}

/** Reads it. */
export async function bookOf(world: World): Promise<Book> {
  const { sql } = world.database;
  const rows = await sql<Row[]>`
    select id::int, client_id::int as card, kind, (points * 100)::float8 as points, key, actor, corrects::int,
      (extract(epoch from awarded_at) * 1000)::float8 as at from bonuslog order by id`;
  const merged = await sql<Book["merged"]>`
    select id::int as card, merged_into::int as into, (extract(epoch from merged_at) * 1000)::float8 as at
    from clients where merged_into is not null`;
  const cards = await sql<{ phone: string; card: number }[]>`
    select phone, id::int as card from clients where phone is not null`;
  const phones = new Map(cards.map(({ phone, card }) => [phone, card]));
  const back = new Map(
    rows.flatMap((row) => {
      const [, id] = /^undo:(\d+)(?::from)?$/.exec(row.key) ?? [];
      return id ? [[Number(id), row] as const] : [];
    }),
  );
  return { world, rows, merged, phones, back, readings: await readingsOf(world.database) };
}

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
function familyOf({ merged }: Book, card: number, at: number): number[] {
  const own = merged.filter((one) => one.into === card && one.at <= at).map((one) => one.card);
  return [card, ...own.flatMap((one) => familyOf({ merged } as Book, one, at))];
}

/**
 * What is so at the till, by each zone that the branch has had; what a gift may keep waiting until the next visit is there or
 * not: which of both, the models of lots know.
 */
export function* standsAt(book: Book, { wish, admin, card }: Case, moment: Moment): Generator<AtTill> {
  const known = book.rows.filter(({ id }) => id <= moment.row);
  const stands = ({ id, corrects }: Row) =>
    corrects === null && (book.back.get(id)?.id ?? Infinity) > moment.row;
  const own = known.filter((row) => row.card === card);
  const balance = own.reduce((sum, { points }) => sum + points, 0);
  const gift = own.filter(({ kind }) => kind === "welcome").reduce((sum, { points }) => sum + points, 0);
  const family = familyOf(book, card, moment.at);
  for (const zone of book.world.zones) {
    const today = dayIn(zone, moment.at);
    const ofToday = known.filter((row) => stands(row) && dayIn(zone, row.at) === today);
    const spent = ofToday.filter((row) => row.kind === "spend" && family.includes(row.card));
    const handled = ofToday
      .filter((row) => isByHandOf(row, admin))
      .reduce((sum, one) => sum + Math.abs(one.points), 0);
    const spends = spent.map(({ points, at }) => ({ points: -points, at }));
    const services = servicesToPay(recordsOf(book, { wish, card, moment, today }), spends);
    for (const waits of new Set([0, gift]))
      yield { held: balance - waits, acts: spent.length, services, handled };
  }
}

const isByHandOf = ({ actor, kind, points }: Row, admin: number) =>
  actor.split(",")[0] === `admin:${admin}` &&
  (["spend", "credit", "debit"].includes(kind) || (kind === "move" && points < 0));

/** The records of the card's owner today, and the one that the screen is of, as they were last read. */
function recordsOf(
  { readings }: Book,
  { wish, card, moment, today }: { wish: Wish; card: number; moment: Moment; today: string },
): Reading[] {
  const last = new Map<string, Reading>();
  for (const one of readings) if (moment.read(one)) last.set(one.record, one);
  return [...last.values()].filter(
    (one) => one.card === card && (one.day === today || one.record === wish.record),
  );
}

/** No row by hand is of more than the rules let at its moment, and each is what was on offer at some moment before. */
export async function rulesAreKept(world: World): Promise<string[]> {
  const book = await bookOf(world);
  return book.rows.flatMap((row) => {
    const { screen, side } = screenIn(row.key) ?? { screen: "", side: ":to" };
    const wish = side === ":to" ? null : wishAt(world, screen);
    if (wish === null) return [];
    const of = { wish, admin: Number(screen.split(":")[1]), card: row.card };
    const wrong = [...wrongSum(book, row, of, screen), ...wrongConsent(book, row, screen)];
    return wrong.map((why) => `row ${row.id}, ${row.kind} of ${row.points}: ${why}`);
  });
}

function wrongSum(book: Book, row: Row, of: Case, screen: string): string[] {
  const size = Math.abs(row.points);
  const rules = rulesAt(book, row.at);
  const now = { at: row.at, row: row.id - 1, read: (one: Reading) => one.after < row.id };
  const most = Math.max(...[...standsAt(book, of, now)].map((at) => granted(rules, of.wish, at)));
  if (size > most) return [`the rules of the moment let ${most}`];
  if (row.kind === "spend" && size % rules.step !== 0) return [`it is not in steps of ${rules.step}`];
  const typed = book.world.typed.get(screen) ?? [];
  const offered = momentsBetween(book, of.wish.at, row).some((moment) =>
    [...standsAt(book, of, moment)]
      .map((at) => granted(rulesAt(book, moment.at), of.wish, at))
      .some((may) => may === size || (size < may && typed.includes(size))),
  );
  return offered ? [] : [`${of.wish.sum} were asked for, and at no moment since could so much be offered`];
}

/** Every moment at which something that decides became another. */
function momentsBetween({ world, rows, readings }: Book, from: number, row: Row): Moment[] {
  const midnights = world.zones.flatMap((zone) =>
    dayIn(zone, from) === dayIn(zone, row.at) ? [] : [row.at - 1],
  );
  const before = rows.filter(({ id }) => id < row.id);
  const times = [...world.terms, ...before, ...readings]
    .map(({ at }) => at)
    .filter((at) => at > from && at < row.at);
  return [...new Set([from, ...times, ...midnights, row.at])].map((at) => ({
    at,
    row: before.findLast((one) => one.at <= at)?.id ?? 0,
    read: (one: Reading) => one.at <= at,
  }));
}

/** What is above the sum that needs one has an owner's yes, and nobody's name stands there who has not said it. */
function wrongConsent(book: Book, row: Row, screen: string): string[] {
  const { askAbove } = rulesAt(book, row.at);
  const large = askAbove !== null && Math.abs(row.points) > askAbove;
  const named = row.actor.endsWith(`,owner:${OWNER}`);
  const agreed = book.world.answers.some((one) => one.screen === screen && one.yes && one.at <= row.at);
  if (large && !named) return ["no owner has agreed"];
  return named && !agreed ? ["an owner's name stands there who was not asked"] : [];
}
