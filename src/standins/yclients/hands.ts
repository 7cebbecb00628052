// What a front desk does to an open visit in the stand-in YCLIENTS, beyond what the journal itself has.

import type { ChainLoyalty, RecordAt } from "./loyalty.ts";
import { type ServiceInput, serviceLine } from "./record.ts";

/** One more service on the record; the answer is its number. */
export function addService(loyalty: ChainLoyalty, at: RecordAt, service: ServiceInput): number {
  const journal = loyalty.journalOf(at.companyId);
  const id = service.id ?? journal.newId(0);
  journal.edit(at.recordId, {}, (record) => {
    record.services.push(serviceLine(id, service.title, service.cost));
  });
  return id;
}

/** A service goes off the record. */
export function removeService(loyalty: ChainLoyalty, at: RecordAt, service: number): void {
  loyalty.journalOf(at.companyId).edit(at.recordId, {}, (record) => {
    record.services = record.services.filter((line) => line.id !== service);
  });
}

/** Goods come onto the visit's bill, unpaid; the answer is the number of their sale. */
export function sellGoods(loyalty: ChainLoyalty, at: RecordAt, kopecks: number): number {
  const journal = loyalty.journalOf(at.companyId);
  let sold = 0;
  journal.edit(at.recordId, {}, (record) => {
    sold = journal.sell(record, kopecks);
  });
  return sold;
}

/** The record goes over to another visit, or to one of its own. Goods stay with those who are left. */
export function joinVisit(loyalty: ChainLoyalty, at: RecordAt, visitId: number | null): void {
  const journal = loyalty.journalOf(at.companyId);
  const [before, record] = [loyalty.visitAt(at), loyalty.recordAt(at)];
  const heir = before.find((each) => each !== record && !each.deleted);
  const rows = heir ? loyalty.rowsOf([record]) : [];
  for (const share of rows.flatMap((row) => row.shares))
    if (heir && share.kind === "good" && share.recordId === record.id) share.recordId = heir.id;
  journal.edit(at.recordId, {}, (each) => {
    each.visit_id = visitId ?? journal.newId(journal.visitsFrom);
    for (const document of each.documents) document.visit_id = each.visit_id;
    const joined = journal.visitOf(each).find((other) => other !== each);
    if (heir || joined) each.goods_transactions = [...(joined?.goods_transactions ?? [])];
  });
}
