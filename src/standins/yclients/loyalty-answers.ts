// What the stand-in YCLIENTS shows of loyalty: cards, rows, a visit's lists, a sale's state, and prices on records.

import { documentOf, isSound, type VisitLine } from "./bill.ts";
import { type ChainRow, type ClientCard, LOYALTY } from "./cards.ts";
import type { ChainLoyalty, RecordAt } from "./loyalty.ts";
import { type JournalRecord, roubles } from "./record.ts";

const TITLES: Record<number, string> = {
  1: "Скидка по акции",
  2: "Начисление по акции",
  3: "Списание с карты лояльности",
  5: "Ручное пополнение",
  6: "Ручное списание",
  7: "Сгорание",
  8: "Оплата сертификатом",
  9: "Оплата абонементом",
  10: "Перерасчёт абонемента",
  11: "Списание с личного счёта",
};

/** A record as the API shows it: what cards paid is off its prices, where the reading says so. */
export function shownRecord(loyalty: ChainLoyalty | undefined, record: JournalRecord): JournalRecord {
  if (!loyalty || !isSound(record)) return record;
  const isLower = loyalty.reading.recordPrices === "fall";
  const lower = <Line extends { id: number; cost: number; cost_to_pay: number }>(
    line: Line,
    kind: "service" | "good",
  ) => {
    const at = { companyId: record.company_id, recordId: record.id, kind, item: line.id };
    const off = isLower ? loyalty.offLine(at) : 0;
    const less = (amount: number) => roubles(Math.round(amount * 100) - off);
    return off === 0 ? line : { ...line, cost: less(line.cost), cost_to_pay: less(line.cost_to_pay) };
  };
  const [own] = record.documents;
  const consumables = own && { ...own, id: own.id + 50_000_000, type_id: 8, type_title: "Расходники" };
  const isFirst = loyalty.reading.documents === "consumables_first" && consumables !== undefined;
  return {
    ...record,
    services: record.services.map((line) => lower(line, "service")),
    goods_transactions: record.goods_transactions.map((line) => lower(line, "good")),
    documents: isFirst ? [consumables, ...record.documents] : record.documents,
    ...{ is_sale_bill_printed: loyalty.receiptOf(record) === 3 },
  };
}

/** YCLIENTS API: the chain's number comes as a text here, as a number on rows; `balance` is what the card holds. */
export function cardAnswer(loyalty: ChainLoyalty, card: ClientCard): object {
  const type = loyalty.typeOf(card.typeId);
  const chain = { id: loyalty.id, title: loyalty.title };
  return {
    ...{ id: card.id, balance: roubles(card.kopecks), points: 0, number: card.number, type_id: type.id },
    ...{ paid_amount: 0, sold_amount: 0, visits_count: 0, salon_group_id: String(loyalty.id) },
    ...{ max_discount_percent: type.maxPercent, max_discount_amount: roubles(type.maxKopecks) },
    type: {
      ...{ id: type.id, title: type.title, salon_group_id: loyalty.id },
      ...{ service_item_type: type.serviceItems, good_item_type: type.goodItems },
    },
    salon_group: chain,
    programs: loyalty.promotions
      .filter((each) => each.types.includes(type.id))
      .map(({ id, title }) => ({ id, title })),
  };
}

/** YCLIENTS API: shares come with noise in the last place: 99.340000000000003. */
const noisy = (kopecks: number) => roubles(kopecks) * (1 + Number.EPSILON);

/** One row of a visit's list. In the chain's more stands on it. */
export function rowAnswer(loyalty: ChainLoyalty, row: ChainRow, isLong: boolean): object {
  const [share] = row.shares;
  const record = share && loyalty.recordAt(share);
  const goods = share?.kind === "good" && record && isSound(record) ? record.goods_transactions : [];
  const good = goods.find((line) => line.id === share?.item);
  const isService = share?.kind === "service";
  return {
    ...{ id: row.id, status_id: row.stands ? 1 : 2, type_id: row.type },
    amount: loyalty.reading.rows === "lines" ? noisy(row.kopecks) : roubles(row.kopecks),
    ...{ program_id: 0, card_id: row.cardId, salon_group_id: loyalty.id },
    item_id: share === undefined ? 0 : isService ? share.item : (good?.good_id ?? 0),
    item_type_id: share === undefined ? 0 : isService ? 1 : 7,
    ...{ item_record_id: isService ? share.recordId : 0, goods_transaction_id: good?.id ?? 0 },
    is_discount: row.type === LOYALTY.promotion,
    is_loyalty_withdraw: row.type === LOYALTY.withdrawal,
    ...{ type: { id: row.type, title: TITLES[row.type] ?? "" }, program: {} },
    ...(isLong && { visit_id: record?.visit_id ?? 0, certificate_id: 0, abonement_id: 0 }),
    ...(isLong && { services_transaction_id: 0, company_id: row.companyId }),
  };
}

/** What the API lists of rows, in its order: those taken back too where they only change their status. */
export function shownRows(loyalty: ChainLoyalty, rows: readonly ChainRow[]): ChainRow[] {
  const shown = rows.filter((row) => row.stands || loyalty.reading.gone === "changes_status");
  return loyalty.reading.order === "oldest_first" ? shown : shown.reverse();
}

/** The answer of the visit's calls, after whatever was asked. `isBlind` is who may not see loyalty. */
export function visitAnswer(loyalty: ChainLoyalty, at: RecordAt, isBlind: boolean): object {
  const visit = loyalty.visitAt(at);
  const rows = isBlind ? [] : shownRows(loyalty, loyalty.rowsOf(visit));
  return {
    payment_transactions: visit.flatMap((record) =>
      record.finance_transactions.map(({ id, document_id, amount, account_id, item_id, expense_id }) => ({
        ...{ id, document_id, record_id: record.id, amount, account_id, item_id, expense_id },
      })),
    ),
    loyalty_transactions: rows.map((row) => rowAnswer(loyalty, row, false)),
    kkm_transaction_details_container: receipts(loyalty, visit),
    items: loyalty.billOf(at).map((line) => itemAnswer(loyalty, line)),
  };
}

function itemAnswer(loyalty: ChainLoyalty, line: VisitLine): object {
  const isGood = line.kind === "good";
  return {
    ...{ id: line.item, item_id: isGood ? line.goodId : line.item, item_type_id: isGood ? 7 : 1 },
    ...{ record_id: isGood ? 0 : line.recordId, amount: 1, first_cost: roubles(line.firstCost) },
    ...{ manual_cost: roubles(line.firstCost), discount: line.discount, is_good: isGood },
    cost: billPrice(loyalty, line),
  };
}

const billPrice = (loyalty: ChainLoyalty, line: VisitLine) =>
  roubles(line.kopecks - (loyalty.reading.billPrices === "fall" ? loyalty.offLine(line) : 0));

function receipts(loyalty: ChainLoyalty, visit: readonly JournalRecord[]): object {
  const statuses = visit.map((record) => loyalty.receiptOf(record)).filter((status) => status !== 1);
  const [status] = statuses;
  const transactions = status ? [{ id: 1, document: { bill_print_status: status } }] : [];
  return { last_operation_type: 1, transactions };
}

/** The sale of a record's own document: its lines and what pays them, or the whole visit's by the reading. */
export function saleAnswer(loyalty: ChainLoyalty, record: JournalRecord, isBlind: boolean): object {
  const at = { companyId: record.company_id, recordId: record.id };
  const alone = loyalty.reading.saleScope === "record";
  const lines = loyalty.billOf(at, alone);
  const scope = alone ? [record] : loyalty.visitAt(at);
  const rows = isBlind ? [] : loyalty.rowsOf(scope).filter((row) => row.stands);
  return {
    state: {
      items: lines.map((line) => ({
        ...{ id: line.item, type: line.kind, document_id: line.documentId, title: line.title, amount: 1 },
        ...{ default_cost_total: roubles(line.firstCost), client_discount_percent: line.discount },
        cost_to_pay_total: billPrice(loyalty, line),
      })),
      loyalty_transactions: rows.map((row) => saleRow(loyalty, row)),
      payment_transactions: scope.flatMap((each) =>
        each.finance_transactions.map((operation) => ({
          ...{ id: operation.id, document_id: operation.document_id, amount: operation.amount },
          ...{ sale_item_id: operation.item_id, account_id: operation.account_id },
          sale_item_type: operation.goods_transaction_id > 0 ? "good" : "service",
        })),
      ),
    },
    kkm_state: receipts(loyalty, scope),
  };
}

function saleRow(loyalty: ChainLoyalty, row: ChainRow): object {
  const [share] = row.shares;
  const record = share && loyalty.recordAt(share);
  const id = loyalty.reading.saleIds === "own" ? row.id + 10_000_000 : row.id;
  return {
    ...{ id, document_id: record ? documentOf(record) : 0, loyalty_card_id: row.cardId },
    ...{ sale_item_id: share?.item ?? 0, sale_item_type: share?.kind ?? "service", type_id: row.type },
    amount: loyalty.reading.rows === "lines" ? noisy(row.kopecks) : roubles(row.kopecks),
    ...{ chain: { id: loyalty.id, title: loyalty.title }, type: { id: row.type, title: TITLES[row.type] } },
  };
}
