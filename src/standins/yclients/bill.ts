// A visit's bill in the stand-in YCLIENTS: the lines of its records, and how a sum falls on them. Kopecks everywhere.

import type { JournalRecord } from "./record.ts";

/** What of a payment by card falls on one line. The goods of a visit stand with the record that came first. */
export type Share = {
  companyId: number;
  recordId: number;
  kind: "service" | "good";
  /** The service's number, or that of the sale of goods. */
  item: number;
  kopecks: number;
};

/** One line of the bill; `kopecks` is what it costs before anything but a percent discount was taken off. */
export type VisitLine = Share & {
  documentId: number;
  title: string;
  goodId: number;
  firstCost: number;
  discount: number;
};

const asKopecks = (amount: number): number => Math.round(amount * 100);

/** The lines of a visit's records, goods once and first. A deleted record has none. */
export function linesOf(records: readonly JournalRecord[]): VisitLine[] {
  const live = records.filter((record) => record.deleted !== true);
  const services = live.flatMap((record) =>
    record.services.map((line) => ({
      ...{ companyId: record.company_id, recordId: record.id, documentId: documentOf(record) },
      ...{ kind: "service" as const, item: line.id, title: line.title, goodId: 0, discount: line.discount },
      ...{ kopecks: asKopecks(line.cost), firstCost: asKopecks(line.first_cost) },
    })),
  );
  const [first] = live;
  if (first === undefined) return services;
  const goods = new Map(live.flatMap((each) => each.goods_transactions).map((line) => [line.id, line]));
  const sold = [...goods.values()].map((line) => ({
    ...{ companyId: first.company_id, recordId: first.id, documentId: documentOf(first) },
    ...{ kind: "good" as const, item: line.id, title: line.title, goodId: line.good_id },
    ...{ discount: line.discount, kopecks: asKopecks(line.cost), firstCost: asKopecks(line.price) },
  }));
  return [...sold, ...services];
}

/** A raw record that makes no sense is for readers alone. */
export const isSound = ({ services, goods_transactions, finance_transactions, documents }: JournalRecord) =>
  [services, goods_transactions, finance_transactions, documents].every(Array.isArray) &&
  services.every((line) => typeof line.cost === "number");

export const documentOf = (record: JournalRecord): number =>
  record.documents.find((each) => each.type_id === 7)?.id ?? 0;

/** Whether the share is of this line. */
export const isOn = (line: Omit<Share, "kopecks">, share: Share): boolean =>
  share.item === line.item &&
  share.kind === line.kind &&
  share.companyId === line.companyId &&
  (share.kind === "good" || share.recordId === line.recordId);

/** All payments of the records in money, for services and goods; those of a deleted record are for nothing. */
export function paymentsOf(records: readonly JournalRecord[]): number {
  const live = records.filter((record) => record.deleted !== true);
  return amountOf(live.flatMap((record) => record.finance_transactions));
}

/** What was paid in money for this line. */
export function paidOf({ kind, item, recordId }: VisitLine, visit: readonly JournalRecord[]): number {
  const payments = visit.flatMap((record) =>
    record.finance_transactions.filter((each) =>
      kind === "good"
        ? each.goods_transaction_id === item
        : record.id === recordId && each.expense_id === 5 && each.item_id === item,
    ),
  );
  return amountOf(payments);
}

const amountOf = (payments: readonly { amount: number }[]): number =>
  payments.reduce((sum, each) => sum + asKopecks(each.amount), 0);

export const kopecksOfAll = (parts: readonly { kopecks: number }[]): number =>
  parts.reduce((sum, each) => sum + each.kopecks, 0);

/** `kopecks` in proportion to `weights`, the residue on the last that weighs anything; no part is below zero. */
export function inProportion(kopecks: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, each) => sum + each, 0);
  const last = weights.findLastIndex((each) => each > 0);
  let left = kopecks;
  return weights.map((weight, index) => {
    const share = whole > 0 ? Math.round((kopecks * weight) / whole) : 0;
    const part = index === last ? left : Math.min(left, share);
    left -= part;
    return part;
  });
}

/** Takes `over` off the rows, the last first, and says how much of each. */
export function shrink<Row extends { kopecks: number; shares: Share[] }>(
  rows: readonly Row[],
  over: number,
): [Row, number][] {
  let left = over;
  return rows.toReversed().map((row) => {
    const before = row.kopecks;
    for (const share of row.shares.toReversed()) {
      const part = Math.min(left, share.kopecks);
      share.kopecks -= part;
      row.kopecks -= part;
      left -= part;
    }
    return [row, before - row.kopecks];
  });
}
