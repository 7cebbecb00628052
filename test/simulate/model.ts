// What the ledger must say of a journal and of the till: the design's rules, written a second time, by themselves.

import type { JournalRecord } from "../../src/standins/yclients/record.ts";
import type { Asked } from "./spending.ts";

/** What a visit earns by: a percent in hundredths, of what, when, and whose word for the sum is taken. */
export interface Earning {
  percent: number;
  goodsToo: boolean;
  onceArrived: boolean;
  byPrices: boolean;
}

/** The terms that these settings make, but for levels. */
export function earningOf(setting: (name: string) => string): Earning {
  return {
    percent: Math.round(Number(setting("BONUS_PERCENT")) * 100),
    goodsToo: setting("EARN_ON") === "services,goods",
    onceArrived: setting("EARN_WHEN") === "arrived",
    byPrices: setting("PAID_BY") === "prices",
  };
}

const usual: Earning = { percent: 100, goodsToo: true, onceArrived: false, byPrices: false };

/**
 * Points in hundredths that a record's rows must sum to by the terms of its first award, half up, if it took place. `start` is
 * the programme's first day, null for a record that has been awarded: the start decides first awards only.
 */
export function due(record: JournalRecord, start: string | null, terms: Earning = usual): number {
  const { deleted, attendance } = record;
  const tookPlace = !deleted && attendance !== -1 && (attendance === 1 || !terms.onceArrived);
  if (!tookPlace || (start !== null && record.date.slice(0, 10) < start)) return 0;
  if (record.paid_full < 1 || record.client === null) return 0;
  const kopecks = terms.byPrices ? priceOf(record) : receivedFor(record, terms.goodsToo ? [5, 7] : [5]);
  return kopecks <= 0 ? 0 : Math.floor((kopecks * terms.percent + 5_000) / 10_000);
}

const priceOf = ({ services }: JournalRecord) =>
  services.reduce((sum, line) => sum + Math.round(line.cost_to_pay * 100), 0);

const receivedFor = ({ finance_transactions: all }: JournalRecord, items: number[]) =>
  all
    .filter((operation) => items.includes(operation.expense.id))
    .reduce((sum, operation) => sum + Math.round(operation.amount * 100), 0);

/** What the journal had as a client's phone, from when on; empty for none. */
export type Written = readonly { at: number; phone: string }[];

/**
 * The phones of the card on which a record may be: of the client that it has now, the one in force when its first row was
 * made, from when on it stays there. A client without a phone then has a card without one, which any later phone may have
 * come to; one who has had the record from somebody else, whichever phone was in force at some moment before.
 */
export function cardOf(written: Written, arrived: { at: number; first: boolean }): (string | null)[] {
  const before = written.filter((one) => one.at <= arrived.at);
  const then = arrived.first ? before.slice(-1) : before;
  const known = then.map((one) => one.phone).filter((phone) => phone !== "");
  if (known.length === then.length) return known;
  const later = written.map((one) => one.phone).filter((phone) => phone !== "");
  return later.length > 0 ? later : [null];
}

/**
 * What an admin asks for in a message to the till, from when on. `card` is the phone, or the number of the client in the
 * journal where a record of the day was opened: `branch number`.
 */
export interface Wish extends Asked {
  card: string | number;
  to: string | null;
  at: number;
  record?: string;
}

/** The wish in an admin's own words; null when they ask for none. */
export function wishOf(text: string, at: number): Wish | null {
  const [, kind = "spend", card = "", to = null, sum = ""] =
    /^(?:\/(credit|debit|move) )?(\+\d+)(?: (\+\d+))? (\d+(?:\.\d+)?)\b/.exec(text) ?? [];
  if (card === "") return null;
  return { kind: kind as Wish["kind"], card, to, sum: Math.round(Number(sum) * 100), at };
}
