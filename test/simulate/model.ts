// What the ledger must say of a journal and of the till: the design's rules, written a second time, by themselves.

import type { JournalRecord } from "../../src/standins/yclients/record.ts";

/**
 * Points in hundredths that a record's rows must sum to: 1 % of what was paid for it, or the percent of its award (in
 * hundredths), half up, if it took place. `start` is the programme's first day, null for a record that has been awarded: the
 * start decides first awards only.
 */
export function due(record: JournalRecord, start: string | null, percent = 100): number {
  const tookPlace = !record.deleted && record.attendance !== -1;
  if (!tookPlace || (start !== null && record.date.slice(0, 10) < start)) return 0;
  if (record.paid_full < 1 || record.client === null) return 0;
  const kopecks = record.finance_transactions
    .filter((operation) => [5, 7].includes(operation.expense.id))
    .reduce((sum, operation) => sum + Math.round(operation.amount * 100), 0);
  return kopecks <= 0 ? 0 : Math.floor((kopecks * percent + 5_000) / 10_000);
}

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
 * What an admin asks for in a message to the till, in hundredths: `sum` is a spend's bill, else the points. `card` is the
 * phone, or the number of the client in the journal where a record of the day was opened.
 */
export interface Wish {
  kind: "spend" | "credit" | "debit" | "move";
  card: string | number;
  to: string | null;
  sum: number;
}

/** The wish in an admin's own words; null when they ask for none. */
export function wishOf(text: string): Wish | null {
  const [, kind = "spend", card = "", to = null, sum = ""] =
    /^(?:\/(credit|debit|move) )?(\+\d+)(?: (\+\d+))? (\d+(?:\.\d+)?)\b/.exec(text) ?? [];
  if (card === "") return null;
  return { kind: kind as Wish["kind"], card, to, sum: Math.round(Number(sum) * 100) };
}

/** What the till may make of it when the card holds so much: no more than is there, of a bill whole points but a rouble. */
export function granted({ kind, sum }: Wish, balance: number): number {
  if (kind === "credit") return sum;
  const most = Math.max(0, Math.min(kind === "spend" ? sum - 100 : sum, balance));
  return kind === "spend" ? most - (most % 100) : most;
}
