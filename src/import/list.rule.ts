// What each line of a list of balances says, or what is wrong with it. Phones and names are never said, lines are.

import { type Points, readPoints } from "../rules/money.ts";
import { shownName } from "../rules/name.ts";
import { realPhoneOf } from "../rules/phone.ts";
import { refusedReason, tidyReason } from "../rules/reason.ts";
import { type CsvRow, csvRows, type NoList } from "./csv.rule.ts";

/** Points for a phone, and the line that says so. `points` is hundredths; 0 for a line that gives nothing. */
export interface ListLine {
  line: number;
  phone: string;
  points: Points;
  name: string | null;
  reason: string | null;
}

/** Why a line cannot be taken: `line 7: …`. */
export interface LineFault {
  line: number;
  why: string;
}

export interface ReadList {
  kind: "list";
  lines: ListLine[];
  /** Headings of columns that are not read. */
  leftOut: string[];
  faults: LineFault[];
}

const columns = ["phone", "points", "name", "reason"] as const;
type Column = (typeof columns)[number];

/** How spreadsheets head a column, in small letters; which words these are the texts say. */
export type Headings = Record<Column, readonly string[]>;

/** More lines than this hold the ledger longer than the till should wait. */
export const maxLines = 100_000;

/** Reads a list: phone, points, and a name and a reason if it has them; in any order where headings say which is which. */
export function readList(text: string, headings: Headings): ReadList | NoList {
  const [first] = /\S[^\r\n]*/.exec(text) ?? [];
  if (first === undefined) return { kind: "unreadable", why: "is empty" };
  const separator = first.includes(";") ? ";" : ",";
  if (!first.includes(separator))
    return {
      kind: "unreadable",
      why: "has one cell a line: put phone;points there, a semicolon or a comma between",
    };
  const list: ReadList = { kind: "list", lines: [], leftOut: [], faults: [] };
  const byPhone = new Map<string, number>();
  let order: (Column | null)[] | null = null;
  let count = 0;
  for (const row of csvRows(text, separator)) {
    if (row.cells?.every((cell) => /^\s*(?:sep=)?\s*$/i.test(cell))) continue;
    if (order === null) {
      const head = headOf(row, headings, list);
      if (list.faults.length > 0) break;
      order = head ?? [...columns];
      if (head) continue;
    }
    if (++count > maxLines)
      return { kind: "unreadable", why: `has more than ${maxLines} lines: make several files of it` };
    const read = readLine(row, order, separator);
    const earlier = "phone" in read ? byPhone.get(read.phone) : undefined;
    if ("why" in read) list.faults.push(read);
    else if (earlier !== undefined)
      list.faults.push({ line: row.line, why: `the same phone as in line ${earlier}` });
    else {
      byPhone.set(read.phone, row.line);
      list.lines.push(read);
    }
  }
  return list;
}

/** The order of the columns, if this row is their headings: a row with a phone in it is somebody's, whatever it is called. */
function headOf({ line, cells }: CsvRow, headings: Headings, list: ReadList): (Column | null)[] | null {
  if (cells === null || cells.some((cell) => realPhoneOf(cell) !== null)) return null;
  const known = new Map(columns.flatMap((column) => headings[column].map((word) => [word, column] as const)));
  const order = cells.map((cell) => known.get(headingOf(cell)) ?? null);
  if (order.every((column) => column === null)) return null;
  for (const column of columns) {
    const times = order.filter((one) => one === column).length;
    if (times > 1) list.faults.push({ line, why: `two columns are headed as ${column}` });
    if (times === 0 && (column === "phone" || column === "points"))
      list.faults.push({ line, why: `no column is headed as ${column}: call one "${headings[column][0]}"` });
  }
  list.leftOut = cells.filter((cell, at) => order[at] === null && cell.trim() !== "").map(shownName);
  return order;
}

function headingOf(cell: string): string {
  return shownName(cell).normalize().toLowerCase().replace(/[.:]/g, "");
}

function readLine(
  { line, cells }: CsvRow,
  order: (Column | null)[],
  separator: string,
): ListLine | LineFault {
  if (cells === null) return { line, why: "its quotation marks do not fit" };
  if (cells.slice(order.length).some((cell) => cell.trim() !== ""))
    return {
      line,
      why: `it has more than ${order.length} cells${separator === "," ? `; ${decimalComma}` : ""}`,
    };
  const cell = (column: Column) => (cells[order.indexOf(column)] ?? "").trim();
  const phone = realPhoneOf(cell("phone"));
  if (phone === null) return { line, why: whyNoPhone(cell("phone")) };
  const points = pointsIn(cell("points"));
  if (typeof points === "string") return { line, why: points };
  // 340,24 between commas is 340 and a client called 24; a cell too many, though empty, shows it where another column is next.
  const next = cells.length > order.length ? (cells[order.indexOf("points") + 1] ?? "").trim() : "";
  if (separator === "," && [cell("name"), cell("reason"), next].some((text) => /^\d[\d\s.]*$/.test(text)))
    return { line, why: `a number stands where none belongs; ${decimalComma}` };
  const reason = tidyReason(cell("reason"));
  const refused = refusedReason(reason);
  if (refused === "long") return { line, why: "its reason is longer than 100 characters" };
  if (refused === "phone")
    return { line, why: "its reason has what looks like a phone in it, and is kept for ever" };
  return { line, phone, points, name: shownName(cell("name")) || null, reason: reason || null };
}

const decimalComma = "if it writes sums as 12,5, put semicolons between the cells";

function whyNoPhone(cell: string): string {
  if (cell === "") return "no phone";
  if (/^\d+(?:[.,]\d+)?e\+?\d+$/i.test(cell))
    return "the spreadsheet has rounded its phone: format that column as text, and export again";
  return "its phone cannot be read, or is no number that a country gives out";
}

const unreadablePoints = "its points cannot be read: write them as 1234,50 or 1234.50";

/** Hundredths, or why not. Thousands may be apart by spaces; what could be read in two ways is not. */
function pointsIn(cell: string): Points | string {
  if (cell.length > 40) return unreadablePoints;
  const sum = cell.replace(/(?<=^\d{1,3}(?:\s\d{3})*)\s(?=\d{3}(?:\D|$))/g, "");
  const points = readPoints(sum);
  if (points !== null) return points;
  if (/^0+(?:[.,]0{1,2})?$/.test(sum)) return 0;
  if (cell === "") return "no points: write 0 where there are none";
  if (/^[-\u2212\u2013\u2014]/.test(sum)) return "its points are negative";
  if (/^\d+(?:[.,]\d+)?e[+-]?\d+$/i.test(sum))
    return "the spreadsheet has rounded its points: format that column as a number";
  if (/^\d+[.,]\d{3,}$/.test(sum))
    return "its points have more than two decimals, or a thousand apart by a point or a comma";
  if (/^\d+(?:[.,]\d{1,2})?$/.test(sum)) return "its points are more than 1 000 000";
  return unreadablePoints;
}
