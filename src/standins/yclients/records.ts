// What the stand-in YCLIENTS answers about records: which ones a query asks for, and what its user may see of each.

import type { YclientsFaults } from "./faults.ts";
import { type JournalRecord, momentOf } from "./record.ts";

type Listed = { rows: JournalRecord[]; page: number; total: number } | { errors: Record<string, string[]> };

const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?$/;
const FORMATS = { start_date: DAY, end_date: DAY, changed_after: MOMENT, changed_before: MOMENT };

/**
 * A page of `records` by the query of `GET /records`, latest session first. YCLIENTS API: days are of the session and
 * inclusive; moments of change are the branch's wall time, so one with an offset is refused here to catch the mistake.
 */
export function listRecords(records: JournalRecord[], query: URLSearchParams, maxCount: number): Listed {
  const wrong = Object.entries(FORMATS).filter(
    ([name, format]) => !format.test(query.get(name) ?? "2026-01-01"),
  );
  if (wrong.length > 0)
    return { errors: Object.fromEntries(wrong.map(([name]) => [name, ["Неверный формат"]])) };
  const found = records.filter((record) => isAsked(record, query)).sort(latestFirst);
  const page = positive(query.get("page"), 1);
  const count = Math.min(positive(query.get("count"), 50), maxCount);
  return { rows: found.slice((page - 1) * count, page * count), page, total: found.length };
}

function isAsked(record: JournalRecord, query: URLSearchParams): boolean {
  const whose = (name: string, id: number | undefined) => !query.has(name) || Number(query.get(name)) === id;
  return (
    (isOn(query, "with_deleted") || record.deleted !== true) &&
    whose("client_id", record.client?.id) &&
    whose("staff_id", record.staff_id) &&
    isWithin(record.datetime, 10, query.get("start_date"), query.get("end_date")) &&
    isWithin(
      record.last_change_date,
      19,
      moment(query.get("changed_after")),
      moment(query.get("changed_before")),
    )
  );
}

/**
 * Compares as the branch's clock shows it: the first characters of a stamp, before its offset. A raw record whose time
 * makes no sense passes, for a reader must come to see it.
 */
function isWithin(stamp: unknown, length: number, from: string | null, to: string | null): boolean {
  if (Number.isNaN(momentOf(stamp))) return true;
  const shown = String(stamp).slice(0, length);
  return (from === null || shown >= from) && (to === null || shown <= to);
}

const moment = (given: string | null) => (given !== null && DAY.test(given) ? `${given}T00:00:00` : given);

const latestFirst = (a: JournalRecord, b: JournalRecord) =>
  (momentOf(b.datetime) || 0) - (momentOf(a.datetime) || 0);

function positive(given: string | null, otherwise: number): number {
  const value = Number(given);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}

const isOn = (query: URLSearchParams, name: string) => ["1", "true"].includes(query.get(name) ?? "");

/** What limits the eyes of the token's user. `lastDays` -1 is without limit. */
type Sight = { faults: YclientsFaults; lastDays: number; now: Date };

/**
 * A copy of the record as this user sees it: operations only where asked and allowed, and none of sessions more than
 * `lastDays` days back; phones masked where they are not allowed. How YCLIENTS masks is not documented.
 */
export function recordAsSeen(record: JournalRecord, query: URLSearchParams, sight: Sight): object {
  const { finance_transactions: operations, ...rest } = structuredClone(record);
  const isShown = isOn(query, "include_finance_transactions") && !sight.faults.withoutFinance;
  const seen = isShown && operations !== undefined ? withOperations(rest, operations, sight) : rest;
  return sight.faults.maskPhones ? masked(seen) : seen;
}

function withOperations(
  rest: object,
  operations: JournalRecord["finance_transactions"],
  sight: Sight,
): object {
  const since = sight.now.getTime() - sight.lastDays * 86_400_000;
  const isTooOld = "datetime" in rest && momentOf(rest.datetime) < since;
  return { ...rest, finance_transactions: sight.lastDays >= 0 && isTooOld ? [] : operations };
}

/** Every `phone` in it, however deep, as `+7 900 ***-**-67`. */
function masked(seen: object): object {
  const mask = (key: string, value: unknown) =>
    key === "phone" ? String(value).replace(/^\+?(\d)(\d{3})\d+(\d\d)$/, "+$1 $2 ***-**-$3") : value;
  return JSON.parse(JSON.stringify(seen, mask));
}
