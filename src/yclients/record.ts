// What YCLIENTS says of a record, made into what we believe about it. Everything but ids may be missing or odd.

import * as v from "valibot";
import { hundredths, type Kopecks } from "../rules/money.ts";
import { shownName } from "../rules/name.ts";
import { phoneOf } from "../rules/phone.ts";

/** One answer about one record. Money in kopecks; payments are null when YCLIENTS did not say, which is not zero. */
export interface Reading {
  recordId: number;
  visitId: number | null;
  client: YclientsPerson | null;
  startsAt: Date;
  day: string;
  deleted: boolean;
  paidFull: boolean;
  attendance: number;
  price: Kopecks;
  servicesPaid: Kopecks | null;
  goodsPaid: Kopecks | null;
  changedAt: Date | null;
  /** The database's clock from before the request. */
  readAt: Date;
}

export interface YclientsPerson {
  id: number;
  name: string | null;
  /** E.164; null when missing or masked. */
  phone: string | null;
}

/** A record that could not be read: what is wrong with it, without its contents. */
export interface Unreadable {
  recordId: number | null;
  why: string;
}

/** YCLIENTS API: ids are numbers, or strings of digits in older answers. */
export const id = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform(Number),
  v.safeInteger(),
  v.minValue(1),
);
/** May be missing altogether. */
const anything = v.optional(v.unknown(), null);
/** YCLIENTS API: 0/1, booleans and "1" all occur. */
const flag = v.pipe(
  anything,
  v.transform((value): boolean => value === true || value === 1 || value === "1" || value === "true"),
);
const attendance = v.pipe(
  v.nullish(v.union([v.number(), v.string()]), 0),
  v.transform(Number),
  v.picklist([-1, 0, 1, 2]),
);
const list = v.pipe(
  anything,
  v.transform((value): unknown[] => (Array.isArray(value) ? value : [])),
);

const recordSchema = v.object({
  id,
  visit_id: anything,
  client: anything,
  date: v.fallback(v.nullish(v.string()), null),
  datetime: v.fallback(v.nullish(v.string()), null),
  last_change_date: v.fallback(v.nullish(v.string()), null),
  deleted: flag,
  paid_full: flag,
  attendance,
  services: list,
  finance_transactions: anything,
});
const clientSchema = v.object({
  id,
  name: v.fallback(v.nullish(v.string()), null),
  display_name: v.fallback(v.nullish(v.string()), null),
  phone: anything,
});
const operationSchema = v.object({
  id,
  amount: anything,
  record_id: v.fallback(v.nullish(id), null),
  expense_id: v.fallback(v.nullish(id), null),
  expense: v.fallback(v.nullish(v.object({ id })), null),
  deleted: flag,
});

/** YCLIENTS API: the system's payment items are 5 for services and 7 for goods; fees and the rest have others. */
const servicesItem = 5;
const goodsItem = 7;

/** The reading of a raw record, or why there is none. `readAt` is the database's clock from before the request. */
export function readRecord(raw: unknown, readAt: Date): Reading | Unreadable {
  const parsed = v.safeParse(recordSchema, raw);
  if (!parsed.success) {
    const path = parsed.issues.map((issue) => v.getDotPath(issue) ?? "the record itself").join(", ");
    return { recordId: recordIdOf(raw), why: `cannot be read: ${path}` };
  }
  const record = parsed.output;
  const stamp = instant(record.last_change_date);
  const startsAt = instant(record.datetime) ?? localInstant(record.date, record.last_change_date);
  const day = dayIn(record.date) ?? dayIn(record.datetime);
  const price = priceOf(record.services);
  if (startsAt === null || day === null) return { recordId: record.id, why: "cannot be read: datetime" };
  if (price === null) return { recordId: record.id, why: "cannot be read: services" };
  return {
    recordId: record.id,
    visitId: v.is(id, record.visit_id) ? Number(record.visit_id) : null,
    client: personOf(record.client),
    startsAt,
    day,
    deleted: record.deleted,
    paidFull: record.paid_full,
    attendance: record.attendance,
    price,
    ...paymentsOf(record.id, record.finance_transactions),
    changedAt: stamp,
    readAt,
  };
}

/** The id alone, from whatever came in its place. */
export function recordIdOf(raw: unknown): number | null {
  const parsed = v.safeParse(v.object({ id }), raw);
  return parsed.success ? parsed.output.id : null;
}

/** YCLIENTS API: an object, null, `[]`, `{}` or a list of one. */
function personOf(raw: unknown): YclientsPerson | null {
  const parsed = v.safeParse(clientSchema, Array.isArray(raw) ? raw[0] : raw);
  if (!parsed.success) return null;
  const { id, name, display_name, phone } = parsed.output;
  return { id, name: shownName(name || display_name || "") || null, phone: phoneOf(phone) };
}

/** Final line prices: never times the amount, each is for the whole line (YCLIENTS API: services[]). */
function priceOf(services: unknown[]): Kopecks | null {
  let sum = 0;
  for (const service of services) {
    const { cost_to_pay, cost } = Object(service) as { cost_to_pay?: unknown; cost?: unknown };
    const price = hundredths(cost_to_pay ?? cost ?? 0);
    if (price === null) return null;
    sum += price;
  }
  return sum;
}

/**
 * Signed sums of the record's own operations, each id once. Missing or broken operations are "not said", `[]` is a real
 * zero: paid by loyalty, by certificate, or free.
 */
function paymentsOf(recordId: number, raw: unknown): Pick<Reading, "servicesPaid" | "goodsPaid"> {
  const unknown = { servicesPaid: null, goodsPaid: null };
  if (!Array.isArray(raw)) return unknown;
  const seen = new Set<number>();
  const sums = { servicesPaid: 0, goodsPaid: 0 };
  for (const item of raw) {
    const parsed = v.safeParse(operationSchema, item);
    if (!parsed.success) return unknown;
    const { id, record_id, expense_id, expense, deleted, amount } = parsed.output;
    if (deleted || seen.has(id) || (record_id !== null && record_id !== undefined && record_id !== recordId))
      continue;
    seen.add(id);
    const kind = expense_id ?? expense?.id;
    if (kind !== servicesItem && kind !== goodsItem) continue;
    const sum = hundredths(amount);
    if (sum === null) return unknown;
    sums[kind === servicesItem ? "servicesPaid" : "goodsPaid"] += sum;
  }
  return sums;
}

/** YCLIENTS API: stamps carry an offset without a colon, which strict parsers refuse. */
function instant(text: string | null | undefined): Date | null {
  if (!text || !/(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return null;
  const at = new Date(text.replace(" ", "T").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return at.getTime() >= 0 ? at : null; // neither NaN nor the year 0, which PostgreSQL does not take
}

/** The branch's day that a text begins with, if the calendar has it: PostgreSQL refuses a whole page for another. */
function dayIn(text: string | null | undefined): string | null {
  const day = (text ?? "").slice(0, 10);
  const at = new Date(`${day}T00:00:00Z`);
  return at.getTime() >= 0 && at.toISOString().startsWith(day) ? day : null;
}

/** Old answers have only the branch's wall time; the stamp beside it knows the branch's offset. */
function localInstant(date: string | null | undefined, stamp: string | null | undefined): Date | null {
  const offset = /[+-]\d\d:?\d\d$/.exec(stamp ?? "");
  return date && offset ? instant(`${date}${offset[0]}`) : null;
}
