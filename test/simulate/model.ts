// What the ledger must say of a journal and of the till: the design's rules, written a second time, by themselves.

import type { JournalRecord } from "../../src/demo/journal-record.ts";

/** Points in hundredths that a record's rows must sum to: 1 % of what was paid for it, half up, if it took place. */
export function due(record: JournalRecord): number {
  const tookPlace = !record.deleted && record.attendance !== -1 && record.date.slice(0, 10) >= "2026-03-01";
  if (!tookPlace || record.paid_full !== 1 || record.client === null) return 0;
  const kopecks = record.finance_transactions
    .filter((operation) => [5, 7].includes(operation.expense.id))
    .reduce((sum, operation) => sum + Math.round(operation.amount * 100), 0);
  return kopecks <= 0 ? 0 : Math.floor((kopecks + 50) / 100);
}

/** What an admin asks for in a message to the till, in hundredths: `sum` is a spend's bill, else the points. */
export interface Wish {
  kind: "spend" | "credit" | "debit" | "move";
  card: string;
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
