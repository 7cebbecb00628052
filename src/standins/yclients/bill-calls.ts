// The calls of the stand-in YCLIENTS about visits' bills: withdrawals, their lists, and the sale of a visit.

import { documentOf } from "./bill.ts";
import { CardRefused, type ChainRow } from "./cards.ts";
import type { RecordAt } from "./loyalty.ts";
import { rowAnswer, saleAnswer, shownRows, visitAnswer } from "./loyalty-answers.ts";
import {
  cardIn,
  enveloped,
  inChain,
  kopecksIn,
  type LoyaltyAsked,
  numberAt,
  numberIn,
  sentIn,
  shaped,
} from "./loyalty-call.ts";
import { type JournalRecord, momentOf, stampOf } from "./record.ts";

/** The record that the body names, within how far back this user may change what is paid. */
function recordIn(asked: LoyaltyAsked): RecordAt & { visitId: number } {
  const body = sentIn(asked);
  const found = { companyId: numberAt(asked.numbers, 0), recordId: numberIn(body, "record_id") };
  mayChange(asked, asked.loyalty.recordAt(found));
  return { ...found, visitId: numberIn(body, "visit_id") };
}

function mayChange({ permissions, now }: LoyaltyAsked, record: JournalRecord): void {
  const { record_form_access, record_form_client_access, records_finances_access } = permissions;
  const days = permissions.records_finances_last_days_count;
  const isOld = days >= 0 && momentOf(record.datetime) < now.getTime() - (days + 1) * 86_400_000;
  if (!record_form_access || !record_form_client_access || !records_finances_access || isOld)
    throw new CardRefused(403, "Нет прав доступа");
}

export function apply(asked: LoyaltyAsked): Response {
  const cardId = cardIn(asked).id;
  const record = recordIn(asked);
  const kopecks = kopecksIn(sentIn(asked), "amount");
  if (kopecks < 0) throw new CardRefused(422, "Неверная сумма", "amount");
  asked.loyalty.withdraw({ cardId, kopecks, ...record });
  return shaped(asked, visitAnswer(asked.loyalty, record, asked.isBlind));
}

export function cancel(asked: LoyaltyAsked): Response {
  const record = recordIn(asked);
  asked.loyalty.cancel({ cardId: cardIn(asked).id, ...record });
  return shaped(asked, visitAnswer(asked.loyalty, record, asked.isBlind));
}

function visitRows({ loyalty }: LoyaltyAsked, visitId: number): ChainRow[] | null {
  const records = loyalty.journals.flatMap((journal) =>
    journal.companies().flatMap(({ id }) => journal.records(id)),
  );
  const visit = records.filter((record) => visitId > 0 && record.visit_id === visitId);
  return visit.length > 0 ? shownRows(loyalty, loyalty.rowsOf(visit)) : null;
}

export function visitRowList(asked: LoyaltyAsked): Response {
  const rows = visitRows(asked, numberAt(asked.numbers, 0));
  if (rows === null) throw new CardRefused(404);
  return shaped(asked, asked.isBlind ? [] : rows.map((row) => rowAnswer(asked.loyalty, row, false)));
}

/** Who has no right to loyalty sees the rest of a visit or a sale. */
const blind = ({ isBlind, permissions }: LoyaltyAsked) => isBlind || !permissions.loyalty_access;

/** YCLIENTS API: days alone, both required; `meta.count` is how many rows this answer has. */
export function rowsOfChain(asked: LoyaltyAsked): Response {
  inChain(asked);
  const { loyalty, query, isBlind } = asked;
  const [from, to] = [query.get("created_after") ?? "", query.get("created_before") ?? ""];
  for (const [name, day] of Object.entries({ created_after: from, created_before: to }))
    if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new CardRefused(422, "Неверный формат", name);
  const some = (name: string) => query.getAll(name).map(Number);
  const isOf = (name: string, value: number) => some(name).length === 0 || some(name).includes(value);
  const visits = some("visit_ids[]").map((id) => visitRows(asked, id) ?? []);
  const found = shownRows(loyalty, loyalty.rows).filter((row) => {
    const zone = loyalty.reading.days === "utc" ? "UTC" : loyalty.zoneOf(row.companyId);
    const day = stampOf(row.at, zone).slice(0, 10);
    const isIn = day >= from && (loyalty.reading.lastDay === "in" ? day <= to : day < to);
    const isTheirs = visits.length === 0 || visits.some((rows) => rows.includes(row));
    const isAsked = isOf("types[]", row.type) && isOf("company_ids[]", row.companyId);
    return isIn && isTheirs && isAsked && isOf("loyalty_card_id", row.cardId) && loyalty.isListed(row);
  });
  const count = Math.min(1000, Number(query.get("count") ?? 25) || 25);
  const start = (Number(query.get("page") ?? 1) - 1) * count;
  const rows = isBlind ? [] : found.slice(start, start + count);
  return enveloped(
    rows.map((row) => rowAnswer(loyalty, row, true)),
    { count: rows.length },
  );
}

/** The record whose own document the address names; 404 for the one of its consumables. */
function documentIn({ loyalty, numbers }: LoyaltyAsked): JournalRecord {
  const companyId = numberAt(numbers, 0);
  const records = loyalty.journalOf(companyId).records(companyId);
  const found = records.find(
    (record) => Array.isArray(record.documents) && documentOf(record) === numbers[1],
  );
  if (!found) throw new CardRefused(404);
  return found;
}

export function sale(asked: LoyaltyAsked): Response {
  return enveloped(saleAnswer(asked.loyalty, documentIn(asked), blind(asked)));
}
