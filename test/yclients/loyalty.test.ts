/** What YCLIENTS says of cards and bills is read as it is meant, and what cannot be read is no zero. */
import { expect, test } from "bun:test";
import * as v from "valibot";
import { messageOf } from "../../src/errors.ts";
import { leftOfSales } from "../../src/settlements/look.ts";
import { loyaltyQuestions } from "../../src/yclients/loyalty.ts";
import { cardSchema, recordSchema, saleSchema } from "../../src/yclients/loyalty-answers.ts";
import { settlingRightsOf } from "../../src/yclients/rights.ts";

const row = { id: 1, type_id: 3, amount: -500.17, card_id: 7, visit_id: 9 };

/** A journal that answers page after page, and what it was asked for. */
function journal(...pages: unknown[]) {
  const asked: Record<string, string>[] = [];
  const ask = async (_: string, query: Record<string, string> = {}) => {
    asked.push(query);
    return { data: pages[asked.length - 1], meta: [], readAt: new Date(0), date: new Date(0) };
  };
  return { asked, ...loyaltyQuestions(ask, () => Promise.reject(new Error("nothing is changed here"))) };
}

test("a chain's withdrawals are read to the end, of the card that is asked for, and of what is in force", async () => {
  const full = Array.from({ length: 1_000 }, (_, at) => ({ ...row, id: at + 1 }));
  const odd = [{ type_id: 5 }, { status_id: 2 }, { card_id: 8 }, { card_id: null, loyalty_card_id: 7 }];
  const last = odd.map((over, at) => ({ ...row, ...over, id: 2_000 + at }));
  const one = journal(full, last);
  expect((await one.withdrawals(5, 7, "2026-03-01", "2026-03-12")).map(({ id }) => id)).toEqual([
    ...full.map(({ id }) => id),
    2_003,
  ]);
  expect(one.asked.map(({ page, loyalty_card_id }) => [page, loyalty_card_id])).toEqual([
    ["1", "7"],
    ["2", "7"],
  ]);
  const all = await journal(last).withdrawals(5, null, "2026-03-01", "2026-03-12");
  expect(all.map(({ id, card }) => [id, card])).toEqual([
    [2_002, 8],
    [2_003, 7],
  ]);
});

test("a sum that cannot be read is no zero, of a card and of a row", async () => {
  for (const balance of [null, "", "много", undefined])
    expect(
      await journal([{ id: 1, balance, type_id: 3 }])
        .cardsOf(1)
        .catch(messageOf),
    ).toContain("cannot be read");
  expect(
    await journal([{ ...row, amount: null }])
      .visitRows(9)
      .catch(messageOf),
  ).toContain("cannot be read");
});

test("what is left is the lines less all that pays, and nothing that only moves a card", () => {
  const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((type_id) => ({
    ...row,
    id: type_id,
    type_id,
    amount: 10,
  }));
  const items = [{ id: 1, type: "service", cost_to_pay_total: 1_000, document_id: 1 }];
  const state = { items, loyalty_transactions: rows, payment_transactions: [{ id: 1, amount: 100 }] };
  const sale = v.parse(saleSchema, { state });
  expect(leftOfSales([sale], false)).toBe(100_000 - 10_000 - 6 * 1_000);
  // The lines cost less by what the card has paid already.
  expect(leftOfSales([sale], true)).toBe(100_000 - 10_000 - 5 * 1_000);
});

test("a line and a payment count once however many sales show them, and a service as often as a record has it", () => {
  const line = (document_id: number, roubles: number, type = "service") => ({
    ...{ id: 11, type, document_id, cost_to_pay_total: roubles },
  });
  const sale = (...items: ReturnType<typeof line>[]) =>
    v.parse(saleSchema, {
      state: { items, loyalty_transactions: [], payment_transactions: [{ id: 1, amount: 100 }] },
    });
  const [one, other] = [[line(1, 1_000), line(1, 300)], [line(2, 500)]];
  expect(leftOfSales([sale(...one), sale(...other)], false)).toBe(180_000 - 10_000);
  expect(leftOfSales([sale(...one, ...other), sale(...one, ...other)], false)).toBe(180_000 - 10_000);
  // Goods are the visit's, whichever record's sale names them.
  expect(leftOfSales([sale(line(1, 200, "good")), sale(line(2, 200, "good"))], false)).toBe(20_000 - 10_000);
});

test("a receipt in print, printed or given back is one; a record is paid from its bill on, and blocked either way", () => {
  const state = { items: [], loyalty_transactions: [], payment_transactions: [] };
  const receipt = (bill_print_status: unknown) =>
    v.parse(saleSchema, { state, kkm_state: { transactions: [{ document: { bill_print_status } }] } })
      .receipt;
  expect([1, "1", 2, 3, "3", 4, 5].map(receipt)).toEqual([false, false, true, true, true, true, true]);
  const record = (over: object) =>
    v.parse(recordSchema, { id: 1, visit_id: 2, attendance: 0, paid_full: 0, services: [], ...over });
  expect([0, 1, "1", 2].map((paid_full) => record({ paid_full }).paid)).toEqual([false, true, true, true]);
  expect(record({}).locked).toBe(false);
  // What was used up is no sale.
  const documents = [
    { id: 1, type_id: 8 },
    { id: 2, type_id: "7" },
  ];
  expect(record({ documents }).documents).toEqual([2]);
  expect([record({ is_update_blocked: 1 }).locked, record({ is_sale_bill_printed: true }).locked]).toEqual([
    true,
    true,
  ]);
});

test("a card that may not pay for everything, or not all of a bill, is limited", () => {
  const limited = (over: object) => v.parse(cardSchema, { id: 1, balance: 0, type_id: 3, ...over }).limited;
  const kind = (over: object) => ({
    type: { id: 3, service_item_type: "any_allowed", good_item_type: "any_allowed", ...over },
  });
  for (const over of [
    {},
    kind({}),
    { max_discount_percent: 0, max_discount_amount: 0 },
    { max_discount_percent: 100 },
  ])
    expect([over, limited(over)]).toEqual([over, false]);
  for (const over of [
    kind({ service_item_type: "none" }),
    kind({ good_item_type: "none" }),
    { max_discount_percent: 50 },
    { max_discount_amount: 1 },
  ])
    expect([over, limited(over)]).toEqual([over, true]);
});

test("a right to settle is by either of its names, and reaches back as far as spends are looked after", () => {
  const days = (records_finances_last_days_count: number) =>
    settlingRightsOf({ finances: { records_finances_last_days_count } }).visitDays;
  expect([-1, 14, 13, 0].map(days)).toEqual([true, true, false, false]);
  expect(settlingRightsOf({ loyalty: { has_loyalty_access: false } }).loyalty).toBe(false);
  const visits = (record_form_access: unknown, record_form_client_access: unknown) =>
    settlingRightsOf({ record_form_access, record_form_client_access }).visits;
  expect([visits(1, 1), visits(1, 0), visits(0, 1), visits(1, null), visits(null, null)]).toEqual([
    ...[true, false, false, true],
    null,
  ]);
});
