// What YCLIENTS says of cards, bills and what was paid by loyalty, made into what we believe about it.

import * as v from "valibot";
import type { CompanyId, RecordId, YclientsClientId } from "../rules/ids.ts";
import { hundredths, type Kopecks } from "../rules/money.ts";
import { shownName } from "../rules/name.ts";
import { phoneOf } from "../rules/phone.ts";
import { id } from "./record.ts";

/**
 * A client's card in YCLIENTS. The balance is in kopecks, and below zero where more was taken than there was. `limited`: by its
 * kind it may not pay for everything, or not all of a bill.
 */
interface JournalCard {
  id: number;
  typeId: number;
  balance: Kopecks;
  limited: boolean;
}

/** A kind of card. `chain`: whose it is; 0 where it is not said. */
export interface CardType {
  id: number;
  title: string;
  chain: number;
}

/** What a card, a promotion, a certificate or an account paid of a bill, by line. */
export interface LoyaltyRow {
  id: number;
  kind: number;
  card: number | null;
  visit: number | null;
  /** The record whose service it pays; null where it is not said, and of goods. */
  record: number | null;
  amount: Kopecks;
}

/** Of one document: what is to be paid before loyalty, line by line, and what was paid in money. */
export interface Sale {
  lines: { id: string; isGood: boolean; toPay: Kopecks }[];
  rows: LoyaltyRow[];
  payments: { id: number; amount: Kopecks }[];
  /** A receipt is printed, or being printed. */
  receipt: boolean;
}

/** What a record says beside what a pass reads of it. */
export interface RecordState {
  id: RecordId;
  companyId: CompanyId | null;
  visitId: number | null;
  clientId: YclientsClientId | null;
  /** The client's, E.164; null where it is not shown. */
  phone: string | null;
  deleted: boolean;
  attendance: number;
  paid: boolean;
  /** Nothing of it may be changed: its receipt is printed. */
  locked: boolean;
  /** Its sales; the visit's other records have others. */
  documents: number[];
  /** What its services cost as the journal shows it: falls by a withdrawal, or does not. */
  price: Kopecks;
}

/** YCLIENTS API: kinds of loyalty rows. These pay a bill; 2, 4, 5, 6 and 7 only move a card. */
export const withdrawal = 3;
export const payingKinds = [1, withdrawal, 8, 9, 10, 11];
/** Certificates and memberships. */
export const otherMeans = [8, 9, 10];

/** Those of a bill's rows by which a card has paid of it. */
export function withdrawalsBy(rows: readonly LoyaltyRow[], card: number | null): LoyaltyRow[] {
  return card === null ? [] : rows.filter((row) => row.kind === withdrawal && row.card === card);
}

/** What rows, or payments, come to together. */
export const amountOf = (all: readonly { amount: Kopecks }[]): Kopecks =>
  all.reduce((sum, one) => sum + one.amount, 0);

/** YCLIENTS API: one object or a list, where the documentation prints the one and live answers are the other. */
export function manyOf<T>(schema: v.GenericSchema<unknown, T>) {
  return v.pipe(
    v.unknown(),
    v.transform((data) => (Array.isArray(data) ? data : data === null || data === undefined ? [] : [data])),
    v.array(schema),
  );
}

/** A sum as JSON has it, float noise and all. */
const money = v.pipe(
  v.unknown(),
  v.transform(hundredths),
  v.custom<Kopecks>((sum) => sum !== null, "no sum"),
);
const flag = v.pipe(
  v.optional(v.unknown(), null),
  v.transform((value) => value === true || value === 1 || value === "1" || value === "true"),
);
const anyId = v.fallback(v.nullish(id, null), null);

export const cardTypeSchema = v.pipe(
  v.object({
    id,
    title: v.fallback(v.string(), ""),
    salon_group_id: anyId,
    salon_group: v.fallback(v.nullish(v.object({ id })), null),
  }),
  v.transform(
    (type): CardType => ({
      id: type.id,
      title: shownName(type.title),
      chain: type.salon_group_id ?? type.salon_group?.id ?? 0,
    }),
  ),
);
export const promotionSchema = v.pipe(
  v.object({ loyalty_card_types: v.array(v.object({ id })) }),
  v.transform((promotion) => promotion.loyalty_card_types.map((type) => type.id)),
);
/** YCLIENTS API: what points may pay stands on the kind, how much of a bill on the card; 0 is no limit. */
const kindSchema = v.object({
  id,
  service_item_type: v.optional(v.unknown()),
  good_item_type: v.optional(v.unknown()),
});
export const cardSchema = v.pipe(
  v.object({
    ...{ id, balance: money, type_id: anyId, type: v.fallback(v.nullish(kindSchema), null) },
    ...{ max_discount_percent: v.optional(v.unknown()), max_discount_amount: v.optional(v.unknown()) },
  }),
  v.transform((card): JournalCard => {
    const paid = [card.type?.service_item_type, card.type?.good_item_type];
    const percent = Number(card.max_discount_percent ?? 0);
    return {
      ...{ id: card.id, balance: card.balance, typeId: card.type_id ?? card.type?.id ?? 0 },
      limited:
        paid.some((what) => ![undefined, null, "any_allowed"].includes(what as never)) ||
        (percent > 0 && percent < 100) ||
        Number(card.max_discount_amount ?? 0) > 0,
    };
  }),
);
/** The card of an answer to a movement by hand; null where it cannot be read. */
export function readCard(data: unknown): JournalCard | null {
  const parsed = v.safeParse(manyOf(cardSchema), data);
  return parsed.success ? (parsed.output[0] ?? null) : null;
}

const rowSchema = v.object({
  ...{ id, amount: money, type_id: id, status_id: v.optional(v.unknown()) },
  ...{ card_id: anyId, loyalty_card_id: anyId, visit_id: anyId, item_record_id: anyId },
});
export const allRowsSchema = manyOf(rowSchema);
export const rowsSchema = v.pipe(allRowsSchema, v.transform(inForce));

/** YCLIENTS API: what is not in force has a status other than 1, or is gone. */
export function inForce(rows: v.InferOutput<typeof rowSchema>[]): LoyaltyRow[] {
  return rows.filter(({ status_id }) => [undefined, null, 1, "1"].includes(status_id as never)).map(rowOf);
}

function rowOf(row: v.InferOutput<typeof rowSchema>): LoyaltyRow {
  return {
    id: row.id,
    kind: row.type_id,
    card: row.card_id ?? row.loyalty_card_id,
    visit: row.visit_id,
    record: row.item_record_id,
    amount: row.amount,
  };
}

const lineSchema = v.object({
  ...{ id, type: v.fallback(v.string(), ""), cost_to_pay_total: money, document_id: anyId },
});
/** YCLIENTS API: a service's line has the service's number, in every record that has it, and as often as it has it. */
function linesOf(items: v.InferOutput<typeof lineSchema>[]): Sale["lines"] {
  const times = new Map<string, number>();
  return items.map((line) => {
    const isGood = line.type === "good";
    const name = `${isGood ? "" : line.document_id}:${line.type}:${line.id}`;
    times.set(name, (times.get(name) ?? 0) + 1);
    return { id: `${name}:${times.get(name)}`, isGood, toPay: line.cost_to_pay_total };
  });
}
const receiptSchema = v.fallback(
  v.object({ transactions: v.array(v.object({ document: v.object({ bill_print_status: v.unknown() }) })) }),
  { transactions: [] },
);
export const saleSchema = v.pipe(
  v.object({
    state: v.object({
      items: v.array(lineSchema),
      loyalty_transactions: rowsSchema,
      payment_transactions: v.array(v.object({ id, amount: money })),
    }),
    kkm_state: v.optional(v.unknown()),
  }),
  v.transform(
    ({ state, kkm_state }): Sale => ({
      lines: linesOf(state.items),
      rows: state.loyalty_transactions,
      payments: state.payment_transactions,
      // YCLIENTS API: 1 is not printed; a returned receipt is one that was.
      receipt: v
        .parse(receiptSchema, kkm_state)
        .transactions.some(({ document }) => Number(document.bill_print_status) > 1),
    }),
  ),
);

/** YCLIENTS API: a record's sale is its document of kind 7; kind 8 is what was used up. */
const saleDocument = 7;
export const recordSchema = v.pipe(
  v.object({
    ...{ id, company_id: anyId, visit_id: anyId },
    client: v.optional(v.unknown()),
    deleted: flag,
    attendance: v.pipe(v.unknown(), v.transform(Number)),
    paid_full: v.pipe(v.unknown(), v.transform(Number), v.integer()),
    is_update_blocked: flag,
    is_sale_bill_printed: flag,
    documents: v.fallback(v.array(v.object({ id, type_id: v.unknown() })), []),
    services: v.array(v.object({ cost: v.optional(v.unknown()), cost_to_pay: v.optional(v.unknown()) })),
  }),
  v.transform(
    (record): RecordState => ({
      ...{ id: record.id, companyId: record.company_id, visitId: record.visit_id },
      ...clientOf(record.client),
      deleted: record.deleted,
      attendance: record.attendance,
      paid: record.paid_full >= 1,
      locked: record.is_update_blocked || record.is_sale_bill_printed,
      documents: record.documents.filter((one) => Number(one.type_id) === saleDocument).map((one) => one.id),
      price: record.services.reduce(
        (sum, one) => sum + (hundredths(one.cost_to_pay ?? one.cost ?? 0) ?? 0),
        0,
      ),
    }),
  ),
);

function clientOf(raw: unknown): Pick<RecordState, "clientId" | "phone"> {
  const schema = v.object({ id, phone: v.optional(v.unknown()) });
  const parsed = v.safeParse(schema, Array.isArray(raw) ? raw[0] : raw);
  if (!parsed.success) return { clientId: null, phone: null };
  return { clientId: parsed.output.id, phone: phoneOf(parsed.output.phone) };
}
