// Writes the ledger as CSV (RFC 4180), for the owner's spreadsheet and accountant.

import { type Db, inTransaction } from "../db/connect.ts";
import { OperatorError } from "../errors.ts";
import { decimal } from "../rules/money.ts";
import { isDay } from "../rules/time.ts";
import { csvLine, csvText } from "../texts/csv.ts";
import { causesIn, reasonWords } from "../texts/reasons.ts";
import { sheetWords } from "./export.texts.ts";
import { type ExportedRow, holdStill, ledgerRows, setClock } from "./proofs.store.ts";

/** Which rows: from one day to another, `YYYY-MM-DD`, both inclusive, by the clock of the zone. */
export interface ExportOptions {
  from?: string | undefined;
  to?: string | undefined;
  timeZone: string;
  /**
   * As an accountant reads it in a Russian Excel: with a byte order mark, without which that does not take the file for UTF-8,
   * cells apart by `;`, decimal commas, `31.01.2026 12:00:00`, headings and values in Russian words.
   */
  excel?: boolean | undefined;
}

/** How the values of a file are written. */
interface Style {
  columns: readonly string[];
  separator: "," | ";";
  sum(value: number): string;
  time(iso: string): string;
  reason(row: ExportedRow): string;
  kind(row: ExportedRow): string;
  author(actor: string): string;
  notified(notified: boolean): string;
}

const columns = [
  ...["id", "awarded_at", "kind", "client_id", "record_id", "corrects", "points", "paid", "reason"],
  ...["actor", "key", "is_telegram_notified", "hash"],
];
const rfc4180: Style = {
  columns,
  separator: ",",
  sum: decimal,
  time: (iso) => iso,
  reason: ({ reason }) => reason ?? "",
  kind: ({ kind }) => kind,
  author: (actor) => actor,
  notified: String,
};
const russianExcel: Style = {
  ...sheetWords,
  separator: ";",
  sum: (value) => decimal(value).replace(".", ","),
  time: (iso) => iso.replace(/^(\d+)-(\d\d)-(\d\d)T([\d:]{8}).*$/, "$3.$2.$1 $4"),
  reason: ({ kind, reason }) => {
    const causes: Record<string, string> = kind === "award" || kind === "correction" ? causesIn("ru") : {};
    return causes[reason ?? ""] ?? reasonWords(reason ?? "", "ru");
  },
  // A merge writes openings too, and so does taking a list back.
  kind: ({ kind, actor, reason }) =>
    sheetWords.kind(
      kind !== "opening" ? kind : actor === "sync" ? "merged" : reason === "back_list" ? "taken_back" : kind,
    ),
};

/**
 * Hands the ledger to `write` in chunks of whole lines, each awaited before the next is read, and returns the number of
 * rows. Points and roubles have a decimal point; `awarded_at` is ISO 8601, microseconds and the offset of `timeZone`;
 * the hash is hexadecimal. No phones and no names. Text that a spreadsheet would run as a formula gets an apostrophe in
 * front. Throws an OperatorError for a day that is none; what `write` throws ends the export.
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
    const style = options.excel ? russianExcel : rfc4180;
    const mark = options.excel ? "\ufeff" : "";
    await write(`${mark}${style.columns.join(style.separator)}\r\n`);
    let count = 0;
    for await (const rows of ledgerRows(tx, from, to)) {
      if (rows.length > 0) await write(rows.map((row) => line(row, style)).join(""));
      count += rows.length;
    }
    return count;
  });
}

/** PostgreSQL would take other spellings too, and some of them for another day. */
function realDay(day: string | undefined): string | null {
  if (day === undefined) return null;
  if (/^[12]/.test(day) && isDay(day)) return day;
  throw new OperatorError(`"${day}" is not a day: write it as year, month and day, for example 2026-01-31.`);
}

function line(row: ExportedRow, style: Style): string {
  return csvLine(style.separator, [
    String(row.id),
    style.time(row.awardedAt),
    csvText(style.kind(row)),
    String(row.card),
    String(row.record ?? ""),
    String(row.corrects ?? ""),
    style.sum(row.points),
    row.paid === null ? "" : style.sum(row.paid),
    csvText(style.reason(row)),
    csvText(style.author(row.actor)),
    csvText(row.key),
    style.notified(row.notified),
    row.hash,
  ]);
}
