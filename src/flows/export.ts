// Writes the ledger as CSV (RFC 4180), for the owner's spreadsheet and accountant.

import { type Db, inTransaction } from "../db/connect.ts";
import { Mistake } from "../errors.ts";
import { decimal } from "../rules/money.ts";
import { addDays } from "../rules/time.ts";
import { type ExportedRow, holdStill, ledgerRows, setClock } from "../store/proofs.ts";

/** Which rows: from one day to another, `YYYY-MM-DD`, both inclusive, by the clock of the zone. */
export interface ExportOptions {
  from?: string | undefined;
  to?: string | undefined;
  timeZone: string;
  /** Starts with a byte order mark, without which Excel does not take the file for UTF-8. */
  bom?: boolean | undefined;
}

const columns = [
  "id",
  "awarded_at",
  "kind",
  "client_id",
  "record_id",
  "corrects",
  "points",
  "paid",
  "reason",
  "actor",
  "key",
  "is_telegram_notified",
  "hash",
];

/**
 * Hands the ledger to `write` in chunks of whole lines, each awaited before the next is read, and returns the number of
 * rows. Points and roubles have a decimal point; `awarded_at` is ISO 8601, microseconds and the offset of `timeZone`;
 * the hash is hexadecimal. No phones and no names. Text that a spreadsheet would run as a formula gets an apostrophe in
 * front. Throws a Mistake for a day that is none; what `write` throws ends the export.
 */
export async function exportLedger(
  db: Db,
  options: ExportOptions,
  write: (chunk: string) => void | Promise<void>,
): Promise<number> {
  const from = realDay(options.from);
  const to = realDay(options.to);
  return await inTransaction(db, async (tx) => {
    await holdStill(tx);
    await setClock(tx, options.timeZone);
    await write(`${options.bom ? "\ufeff" : ""}${columns.join(",")}\r\n`);
    let count = 0;
    for await (const rows of ledgerRows(tx, from, to)) {
      if (rows.length > 0) await write(rows.map(line).join(""));
      count += rows.length;
    }
    return count;
  });
}

/** PostgreSQL would take other spellings too, and some of them for another day. */
function realDay(day: string | undefined): string | null {
  if (day === undefined) return null;
  const shaped = /^[12]\d{3}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(`${day}T00:00:00Z`));
  if (shaped && addDays(day, 0) === day) return day;
  throw new Mistake(`"${day}" is not a day: write it as year, month and day, for example 2026-01-31.`);
}

function line(row: ExportedRow): string {
  const cells = [
    String(row.id),
    row.awardedAt,
    text(row.kind),
    String(row.card),
    String(row.record ?? ""),
    String(row.corrects ?? ""),
    decimal(row.points),
    row.paid === null ? "" : decimal(row.paid),
    text(row.reason ?? ""),
    text(row.actor),
    text(row.key),
    String(row.told),
    row.hash,
  ];
  return `${cells.join(",")}\r\n`;
}

/** Quoting alone does not stop a spreadsheet: `"=1+1"` is a formula too. Excel takes the wide forms as well. */
function text(value: string): string {
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
