// What YCLIENTS says of a record, made into what we believe about it. Everything but ids may be missing or odd.

import * as v from "valibot";
import type { CompanyId, RecordId, YclientsClientId } from "../rules/ids.ts";
import { hundredths, isSum, type Kopecks } from "../rules/money.ts";
import { shownName } from "../rules/name.ts";
import { phoneOf } from "../rules/phone.ts";
import { dayOf, instantOf, wallTime } from "../rules/time.ts";

/** One answer about one record. Money in kopecks; payments are null when YCLIENTS did not say, which is not zero. */
export interface Reading {
  recordId: RecordId;
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
  id: YclientsClientId;
  name: string | null;
  /** E.164; null when missing or masked. */
  phone: string | null;
}

/** A record that could not be read: what is wrong with it, without its contents. */
export interface Unreadable {
  recordId: RecordId | null;
  why: string;
}

/** YCLIENTS API: ids are numbers, or strings of digits in older answers. */
export const id = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,16}$/), v.transform(Number))]),
  v.safeInteger(),
  v.minValue(1),
);
/** May be missing altogether. */
const anything = v.optional(v.unknown(), null);
const list = v.pipe(
  anything,
  v.transform((value): unknown[] => (Array.isArray(value) ? value : [])),
);

/** YCLIENTS API: 0/1, booleans and strings of both all occur. */
const code = v.union([
  v.pipe(v.number(), v.safeInteger()),
  v.pipe(v.string(), v.regex(/^-?\d{1,9}$/), v.transform(Number)),
  v.pipe(v.boolean(), v.transform(Number)),
  v.pipe(
    v.picklist(["true", "false"]),
    v.transform((word) => Number(word === "true")),
  ),
]);
/**
 * YCLIENTS API: what the codes of a record can be. Any other is unknown, which is neither yes nor no: such a record is set
 * aside and read again.
 */
const codes = {
  deleted: v.pipe(v.nullish(code, 0), v.picklist([0, 1])),
  /** -1 did not come, 0 is waited for, 1 came, 2 has confirmed. */
  attendance: v.pipe(v.nullish(code, 0), v.picklist([-1, 0, 1, 2])),
  /** 0 not or in part, 1 in full, more than that overpaid. Not said is not "no", but of what is deleted nobody asks. */
  paid_full: v.nullish(v.pipe(code, v.minValue(0)), null),
};

const recordSchema = v.object({
  id,
  company_id: v.fallback(v.nullish(id), null),
  visit_id: anything,
  client: anything,
  date: v.fallback(v.nullish(v.string()), null),
  datetime: v.fallback(v.nullish(v.string()), null),
  last_change_date: v.fallback(v.nullish(v.string()), null),
  ...codes,
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
  deleted: codes.deleted,
});

/** YCLIENTS API: the system's payment items are 5 for services and 7 for goods; fees and the rest have others. */
const servicesItem = 5;
const goodsItem = 7;

/**
 * The reading of a raw record, or why there is none. `readAt` is the database's clock from before the request. A record that
 * says it is another branch's than `companyId` is read there alone, or it would be awarded twice.
 */
export function readRecord(
  raw: unknown,
  readAt: Date,
  timeZone: string | null = null,
  companyId: CompanyId | null = null,
): Reading | Unreadable {
  const parsed = v.safeParse(recordSchema, raw);
  if (!parsed.success) {
    const path = parsed.issues.map((issue) => v.getDotPath(issue) ?? "the record itself").join(", ");
    return { recordId: recordIdOf(raw), why: `cannot be read: ${path}` };
  }
  const record = parsed.output;
  const unreadable = (what: string) => ({ recordId: record.id, why: `cannot be read: ${what}` });
  const { paid_full } = record;
  if (companyId !== null && (record.company_id ?? companyId) !== companyId) return unreadable("company_id");
  if (paid_full === null && record.deleted === 0) return unreadable("paid_full");
  const session = sessionOf(record, timeZone);
  if (session === null) return unreadable("datetime");
  const price = priceOf(record.services);
  if (price === null) return unreadable("services");
  const client = personOf(record.client);
  if (client === "unreadable") return unreadable("client");
  return {
    recordId: record.id,
    visitId: v.is(id, record.visit_id) ? Number(record.visit_id) : null,
    client,
    ...session,
    deleted: record.deleted === 1,
    paidFull: (paid_full ?? 0) >= 1,
    attendance: record.attendance,
    price,
    ...paymentsOf(record.id, record.finance_transactions),
    changedAt: instant(record.last_change_date),
    readAt,
  };
}

/** The id alone, from whatever came in its place. */
function recordIdOf(raw: unknown): number | null {
  const parsed = v.safeParse(v.object({ id }), raw);
  return parsed.success ? parsed.output.id : null;
}

/** YCLIENTS API: an object, null, `[]`, `{}` or a list of one; who is there with an id that cannot be is not nobody. */
function personOf(raw: unknown): YclientsPerson | null | "unreadable" {
  const one: unknown = Array.isArray(raw) ? raw[0] : raw;
  const parsed = v.safeParse(clientSchema, one);
  if (!parsed.success) return (Object(one) as { id?: unknown }).id ? "unreadable" : null;
  const { id, name, display_name, phone } = parsed.output;
  return { id, name: shownName(name ?? "") || shownName(display_name ?? "") || null, phone: phoneOf(phone) };
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
  return isSum(sum) ? sum : null;
}

/**
 * Signed sums of the record's own operations, each id once. Missing or broken operations are "not said", `[]` is a real
 * zero: paid by loyalty, by certificate, or free.
 */
function paymentsOf(recordId: RecordId, raw: unknown): Pick<Reading, "servicesPaid" | "goodsPaid"> {
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
  const { servicesPaid, goodsPaid } = sums;
  return [servicesPaid, goodsPaid, servicesPaid + goodsPaid].every(isSum) ? sums : unknown;
}

/** Where four digits of a year end, a day less for the zones: PostgreSQL takes no longer year as it is written here. */
const latest = Date.parse("9999-12-30T00:00:00Z");

/** YCLIENTS API: stamps carry an offset without a colon, which strict parsers refuse. */
function instant(text: string | null | undefined): Date | null {
  if (!text || !/(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return null;
  const at = new Date(text.replace(" ", "T").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  // Neither NaN nor the year 0, which PostgreSQL does not take.
  return at.getTime() >= 0 && at.getTime() < latest ? at : null;
}

/**
 * When the session is. YCLIENTS API: `date` is the branch's wall time, and right even where the offset of `datetime`
 * is an hour off; so with the branch's zone it decides. Where `date` cannot be read, `datetime` is all there is.
 */
function sessionOf(
  { date, datetime, last_change_date: stamp }: v.InferOutput<typeof recordSchema>,
  timeZone: string | null,
): Pick<Reading, "startsAt" | "day"> | null {
  const wall = wallIn(date);
  const said = instant(datetime);
  const day =
    wall?.slice(0, 10) ?? dayIn(date) ?? (said && timeZone ? dayOf(said, timeZone) : dayIn(datetime));
  const startsAt = wall && timeZone ? there(wall, said, timeZone) : (said ?? localInstant(wall, stamp));
  return startsAt === null || day === null ? null : { startsAt, day };
}

/** Of an hour that comes twice when clocks are put back, `datetime` says which. */
function there(wall: string, said: Date | null, timeZone: string): Date {
  return said && wallTime(said, timeZone) === wall ? said : instantOf(wall, timeZone);
}

/** The wall time of a text, `YYYY-MM-DDTHH:MM:SS`, if calendar and clock have it. */
function wallIn(text: string | null | undefined): string | null {
  const wall = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)$/.exec(text ?? "");
  const at = instant(wall && `${wall[1]}T${wall[2]}Z`);
  return at?.toISOString().startsWith(`${wall?.[1]}T${wall?.[2]}`) ? at.toISOString().slice(0, 19) : null;
}

/** The branch's day that a text begins with, if the calendar has it: PostgreSQL refuses a whole page for another. */
function dayIn(text: string | null | undefined): string | null {
  const day = (text ?? "").slice(0, 10);
  const at = instant(`${day}T00:00:00Z`);
  return at?.toISOString().startsWith(day) ? day : null;
}

/** Old answers have only the branch's wall time; the stamp beside it knows the branch's offset. */
function localInstant(wall: string | null, stamp: string | null | undefined): Date | null {
  const offset = /[+-]\d\d:?\d\d$/.exec(stamp ?? "");
  return wall && offset ? instant(`${wall}${offset[0]}`) : null;
}
