// What the ledger must say of a journal: the design's one rule, written a second time, by itself.

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
