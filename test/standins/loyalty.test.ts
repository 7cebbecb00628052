// The loyalty calls of the stand-in YCLIENTS, by its careful reading: what the product must live with.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { addService, joinVisit, removeService, sellGoods } from "../../src/standins/yclients/hands.ts";
import { Journal } from "../../src/standins/yclients/journal.ts";
import { ChainLoyalty } from "../../src/standins/yclients/loyalty.ts";
import { startYclients } from "../../src/standins/yclients/server.ts";
import { ANNA, type LoyalSalon, MOSCOW, openLoyalSalon } from "../helpers/loyal-salon.ts";

const CUT = { title: "Стрижка", cost: 200_000 };
const CARE = { title: "Уход", cost: 150_000 };
const days = "created_after=2026-03-10&created_before=2026-03-11";

let salon: LoyalSalon;

beforeEach(() => {
  salon = openLoyalSalon();
});

afterEach(() => salon.yclients.stop());

/** The visit of the composed example: goods 500, services 2000 and 1500 in two records. */
function threeLines() {
  const first = salon.book([CUT]);
  const second = salon.book([CARE], salon.visitOf(first.recordId));
  sellGoods(salon.loyalty, first, 50_000);
  return { first, second };
}

describe("the chain and its cards", () => {
  test("types are those of the branch, and name their chain", async () => {
    salon.loyalty.addType({ companies: [1], title: "Чужие" });
    const named = { id: salon.type.id, title: "Баллы", salon_group_id: 77 };
    expect((await salon.ask("GET", `/loyalty/card_types/salon/${MOSCOW}`)).body.data).toMatchObject([named]);
    expect((await salon.ask("GET", "/loyalty/card_types/salon/1")).status).toBe(404);
  });

  test("a card is issued by type and phone, and found by client until it is deleted", async () => {
    salon.book([CUT]);
    const sent = { loyalty_card_type_id: String(salon.type.id), phone: 79001234567 };
    const { status, body } = await salon.ask("POST", `/loyalty/cards/${MOSCOW}`, sent);
    expect([status, body.data]).toMatchObject([201, { balance: 0, type_id: salon.type.id, programs: [] }]);
    const card = {
      ...{ id: body.data.id, salon_group_id: "77", max_discount_percent: 0, max_discount_amount: 0 },
      type: { service_item_type: "any_allowed", good_item_type: "any_allowed" },
    };
    expect((await salon.ask("GET", `/loyalty/client_cards/${ANNA.id}`)).body.data).toMatchObject([card]);
    expect((await salon.ask("GET", "/loyalty/client_cards/1")).status).toBe(404);
    salon.loyalty.deleteCard(body.data.id);
    expect((await salon.ask("GET", `/loyalty/client_cards/${ANNA.id}`)).body.data).toEqual([]);
  });

  test.each([
    [{}, "phone"],
    [{ phone: 79001234567 }, "loyalty_card_type_id"],
    [{ phone: 12, loyalty_card_type_id: "551" }, "phone"],
  ])("a card is not issued by %j", async (sent, field) => {
    const { status, body } = await salon.ask("POST", `/loyalty/cards/${MOSCOW}`, sent);
    expect([status, Object.keys(body.meta.errors)]).toEqual([422, [field]]);
  });

  test("points move by hand: the answer is the card and its new balance, by kopecks", async () => {
    const card = salon.card(0);
    expect((await salon.move(card, 100.5)).body).toMatchObject({
      success: true,
      data: { id: card, balance: 100.5 },
    });
    expect((await salon.move(card, -0.01)).body.data.balance).toBe(100.49);
    expect((await salon.move(card, 0.001)).status).toBe(422);
    expect((await salon.move(card + 1, 1)).status).toBe(404);
  });

  test("a promotion is linked to a type where it is asked for, and accrues each time a visit is marked as held", async () => {
    const card = salon.card(0);
    const { id } = salon.loyalty.addPromotion({ percent: 5, types: [salon.type.id] });
    const found = await salon.ask("GET", `/company/${MOSCOW}/loyalty/programs/search`);
    expect(found.body).toMatchObject({ data: [{ id }], meta: { count: 1 } });
    expect(found.body.data[0]).not.toHaveProperty("loyalty_card_types");
    const linked = await salon.ask("GET", `/chain/77/loyalty/programs/${id}?include=loyalty_card_types`);
    expect(linked.body.data.loyalty_card_types).toMatchObject([{ id: salon.type.id }]);
    const { recordId } = salon.book([CUT]);
    salon.journal.arrive(recordId);
    expect(salon.balance(card)).toBe(10_000);
    salon.journal.noShow(recordId);
    salon.journal.arrive(recordId);
    expect(salon.balance(card)).toBe(20_000);
  });
});

describe("a withdrawal", () => {
  test("falls on all lines of the visit by their prices, with noise, and the answer is the whole visit, bare", async () => {
    const { first, second } = threeLines();
    const card = salon.card(30_000);
    const { status, body } = await salon.apply(card, first.recordId, 300);
    expect([status, Object.keys(body)]).toEqual([
      200,
      ["payment_transactions", "loyalty_transactions", "kkm_transaction_details_container", "items"],
    ]);
    const service = { item_type_id: 1, goods_transaction_id: 0, status_id: 1, type_id: 3, card_id: card };
    expect(body.loyalty_transactions).toMatchObject([
      { item_type_id: 7, item_record_id: 0, item_id: 77, card_id: card, salon_group_id: 77 },
      { ...service, amount: 150.00000000000003, item_record_id: first.recordId, is_loyalty_withdraw: true },
      { ...service, amount: 112.50000000000003, item_record_id: second.recordId, is_discount: false },
    ]);
    expect(await salon.rows(second.recordId)).toEqual([37.5, 150, 112.5]);
    expect(salon.balance(card)).toBe(0);
    expect(salon.loyalty.leftOf(first)).toBe(370_000);
    expect(body.items.map((item: { cost: number }) => item.cost)).toEqual([500, 2000, 1500]);
  });

  test("of the real sample is 0.66 and 99.34, the residue on the last line, and never below zero", async () => {
    const at = salon.book([
      { title: "Мелочь", cost: 2000 },
      { title: "Уход", cost: 300_000 },
    ]);
    const card = salon.card(20_000);
    await salon.apply(card, at.recordId, 100);
    expect(await salon.rows(at.recordId)).toEqual([0.66, 99.34]);
    const free = salon.book([CUT, { title: "Подарок", cost: 0 }]);
    await salon.apply(card, free.recordId, 10);
    expect(await salon.rows(free.recordId)).toEqual([10]);
    const five = salon.book(Array.from({ length: 5 }, () => CUT));
    await salon.apply(card, five.recordId, 0.03);
    expect(await salon.rows(five.recordId)).toEqual([0.01, 0.01, 0.01]);
  });

  test("lowers the record's prices, and neither the visit's nor the sale's, and moves no stamp", async () => {
    const { first } = threeLines();
    const before = await salon.record(first.recordId);
    salon.wait(60_000);
    const heard: number[] = [];
    salon.journal.onChange(({ recordId }) => heard.push(recordId));
    const { body } = await salon.apply(salon.card(30_000), first.recordId, 300);
    const after = await salon.record(first.recordId);
    expect(after.services).toMatchObject([
      { cost: 1850, cost_to_pay: 1850, manual_cost: 2000, first_cost: 2000 },
    ]);
    expect(after.goods_transactions).toMatchObject([{ cost: 462.5, price: 500 }]);
    expect(after.last_change_date).toBe(before.last_change_date);
    expect(body.items[1]).toMatchObject({ cost: 2000, is_good: false, record_id: first.recordId });
    expect((await salon.sale(first.recordId)).state.items[1].cost_to_pay_total).toBe(2000);
    expect(heard).toEqual([]);
  });

  test.each([
    ["left", 500_000, 5000, 200_000],
    ["the card", 30_000, 5000, 30_000],
    ["nothing", 30_000, 0, 0],
  ])("is no more than there is: %s", async (_, onCard, asked, got) => {
    const at = salon.book([CUT]);
    const card = salon.card(onCard);
    expect((await salon.apply(card, at.recordId, asked)).status).toBe(200);
    expect(salon.loyalty.leftOf(at)).toBe(200_000 - got);
    expect(salon.balance(card)).toBe(onCard - got);
    expect(await salon.rows(at.recordId)).toHaveLength(got > 0 ? 1 : 0);
  });

  test("of the whole bill makes the record paid; the rest in money does as well, and too much is 2", async () => {
    const card = salon.card(300_000);
    const whole = salon.book([CUT]);
    await salon.apply(card, whole.recordId, 2000);
    expect((await salon.record(whole.recordId)).paid_full).toBe(1);
    expect(salon.journal.record(whole.recordId).finance_transactions).toEqual([]);
    const part = salon.book([CUT]);
    await salon.apply(card, part.recordId, 500);
    salon.journal.payInPart(part.recordId, 149_999);
    expect((await salon.record(part.recordId)).paid_full).toBe(0);
    salon.journal.pay(part.recordId);
    expect((await salon.record(part.recordId)).paid_full).toBe(1);
    expect(salon.loyalty.leftOf(part)).toBe(0);
    salon.journal.pay(part.recordId, { kopecks: 1 });
    expect((await salon.record(part.recordId)).paid_full).toBe(2);
    expect(await salon.rows(part.recordId)).toEqual([500]);
  });

  test("comes to the one before; cancelling takes all of the card off and gives the points back, as often as asked", async () => {
    const at = salon.book([CUT, CARE]);
    const card = salon.card(30_000);
    const other = salon.loyalty.issue(salon.type.id, "+79990000000").id;
    salon.loyalty.moveByHand(other, 1000);
    salon.loyalty.withdraw({ ...at, cardId: other, kopecks: 1000 });
    await salon.apply(card, at.recordId, 150);
    await salon.apply(card, at.recordId, 100);
    expect(salon.balance(card)).toBe(5000);
    expect((await salon.cancel(card, at.recordId)).body.loyalty_transactions).toHaveLength(2);
    expect((await salon.cancel(card, at.recordId)).status).toBe(200);
    expect(salon.balance(card)).toBe(30_000);
    expect(await salon.rows(at.recordId)).toEqual([5.71, 4.29]);
    expect((await salon.record(at.recordId)).services[0].cost).toBe(1994.29);
  });

  test("is one visit's: 404 for another visit, card, record or branch, 422 without a number or a visit", async () => {
    const at = salon.book([CUT]);
    const card = salon.card(30_000);
    const path = `/visit/loyalty/apply_card_withdrawal/${MOSCOW}/${card}`;
    const sent = { record_id: at.recordId, visit_id: salon.visitOf(at.recordId), amount: 1 };
    const status = async (to: string, body: object) => (await salon.ask("POST", to, body)).status;
    expect(await status(path, { ...sent, visit_id: 1 })).toBe(404);
    expect(await status(path, { ...sent, record_id: 1 })).toBe(404);
    expect(await status(path.replace(`${card}`, "1"), sent)).toBe(404);
    expect(await status(path.replace(`${MOSCOW}`, "1"), sent)).toBe(404);
    expect(await status(path, { ...sent, amount: "1" })).toBe(422);
    expect(await status(path, { ...sent, amount: -1 })).toBe(422);
    const block = salon.journal.book({
      companyId: MOSCOW,
      client: null,
      startsAt: salon.clock.now,
      services: [],
    });
    expect(await status(path, { record_id: block, visit_id: 0, amount: 1 })).toBe(422);
    salon.journal.remove(at.recordId);
    expect(await status(path, sent)).toBe(404);
    expect(salon.balance(card)).toBe(30_000);
  });

  test("is limited by its type: goods or services alone, a sum, a percent", async () => {
    const at = salon.book([CUT]);
    sellGoods(salon.loyalty, at, 50_000);
    const card = salon.card(500_000);
    const paid = async () => {
      await salon.apply(card, at.recordId, 2500);
      const sum = (await salon.rows(at.recordId)).reduce((all, each) => all + each, 0);
      await salon.cancel(card, at.recordId);
      return sum;
    };
    salon.type.goodItems = "none_allowed";
    expect(await paid()).toBe(2000);
    salon.type.maxKopecks = 30_000;
    expect(await paid()).toBe(300);
    salon.type.maxPercent = 10;
    expect(await paid()).toBe(250);
  });

  test("waits for no arrival, and a printed receipt blocks it and its cancelling", async () => {
    const at = salon.book([CUT]);
    const card = salon.card(30_000);
    await salon.apply(card, at.recordId, 100);
    salon.loyalty.printReceipt(at, 2);
    expect((await salon.sale(at.recordId)).kkm_state.transactions).toMatchObject([
      { document: { bill_print_status: 2 } },
    ]);
    expect((await salon.apply(card, at.recordId, 10)).status).toBe(200);
    salon.loyalty.printReceipt(at);
    expect(await salon.record(at.recordId)).toMatchObject({
      is_update_blocked: true,
      is_sale_bill_printed: true,
    });
    expect((await salon.apply(card, at.recordId, 10)).status).toBe(422);
    expect((await salon.cancel(card, at.recordId)).status).toBe(422);
    salon.loyalty.printReceipt(at, 5);
    expect((await salon.cancel(card, at.recordId)).status).toBe(200);
  });
});

describe("what is listed", () => {
  test("the chain's list is ten seconds late, has moves by hand without a visit, and counts what this page has", async () => {
    const at = salon.book([CUT]);
    const card = salon.card(10_000);
    await salon.apply(card, at.recordId, 100);
    const list = async (query = "") =>
      (await salon.ask("GET", `/chain/77/loyalty/transactions?${days}${query}`)).body;
    salon.wait(9000);
    expect((await list()).data).toEqual([]);
    salon.wait(1000);
    expect((await list()).data).toMatchObject([
      { type_id: 5, amount: 100.00000000000003, visit_id: 0, card_id: card, item_record_id: 0 },
      { type_id: 3, visit_id: salon.visitOf(at.recordId) },
    ]);
    expect((await list("&count=1")).meta).toEqual({ count: 1 });
    expect((await list("&count=1&page=2")).data).toMatchObject([{ type_id: 3 }]);
    expect((await list("&count=1&page=3")).meta).toEqual({ count: 0 });
    expect((await list("&types[]=3&types[]=8")).data).toMatchObject([{ type_id: 3 }]);
    expect((await list(`&visit_ids[]=${salon.visitOf(at.recordId)}`)).data).toMatchObject([{ type_id: 3 }]);
    expect((await list("&loyalty_card_id=1")).data).toEqual([]);
    expect((await list("&company_ids[]=1")).data).toEqual([]);
    await salon.cancel(card, at.recordId);
    expect((await list("&types[]=3")).data).toEqual([]);
  });

  test.each(["", "created_after=2026-03-10", "created_after=1&created_before=2026-03-11"])(
    "the chain's list wants two days: not %p",
    async (query) =>
      expect((await salon.ask("GET", `/chain/77/loyalty/transactions?${query}`)).status).toBe(422),
  );

  test("a sale has its document's lines and rows; the visit's left is the sum over its documents", async () => {
    const { first, second } = threeLines();
    const card = salon.card(40_000);
    await salon.apply(card, first.recordId, 300);
    const [one, two] = [await salon.sale(first.recordId), await salon.sale(second.recordId)];
    expect(one.state.items).toMatchObject([
      { type: "good", cost_to_pay_total: 500 },
      { type: "service", default_cost_total: 2000, document_id: first.recordId + 100_000_000 },
    ]);
    expect(two.state.items).toMatchObject([{ type: "service", cost_to_pay_total: 1500 }]);
    const amounts = ({ state }: typeof one) =>
      state.loyalty_transactions.map((row: { amount: number }) => Math.round(row.amount * 100) / 100);
    expect([amounts(one), amounts(two)]).toEqual([[37.5, 150], [112.5]]);
    expect(two.state.loyalty_transactions[0]).toMatchObject({
      loyalty_card_id: card,
      id: (await salon.ask("GET", `/visit/loyalty/transactions/${salon.visitOf(first.recordId)}`)).body[2].id,
    });
    const blank = await salon.ask("GET", `/company/${MOSCOW}/sale/${first.recordId + 150_000_000}`);
    expect(blank.status).toBe(404);
  });

  test("a record has a document for consumables before its own", async () => {
    const { recordId } = salon.book([CUT]);
    const documents = (await salon.record(recordId)).documents.map(
      (each: { type_id: number }) => each.type_id,
    );
    expect(documents).toEqual([8, 7]);
  });
});

describe("hands change the visit", () => {
  const settled = async (services = [CUT, CARE]) => {
    const at = salon.book(services);
    const card = salon.card(30_000);
    await salon.apply(card, at.recordId, 300);
    return { ...at, card };
  };

  test("a deleted record's rows vanish, points back on the card, and come not again with it", async () => {
    const { recordId, card } = await settled();
    salon.journal.remove(recordId);
    expect([await salon.rows(recordId), salon.balance(card)]).toEqual([[], 30_000]);
    salon.journal.restore(recordId);
    expect([await salon.rows(recordId), salon.balance(card)]).toEqual([[], 30_000]);
  });

  test("of two records the deleted one's rows vanish; goods go on with the other", async () => {
    const { first, second } = threeLines();
    const card = salon.card(30_000);
    await salon.apply(card, second.recordId, 300);
    salon.journal.remove(first.recordId);
    expect(await salon.rows(second.recordId)).toEqual([37.5, 112.5]);
    expect(salon.balance(card)).toBe(15_000);
    expect((await salon.sale(second.recordId)).state.items).toHaveLength(2);
  });

  test("another client's record loses them, a no-show and another day do not", async () => {
    const { recordId, card } = await settled();
    salon.journal.noShow(recordId);
    salon.journal.reschedule(recordId, new Date("2026-03-20T10:00:00Z"));
    expect(await salon.rows(recordId)).toHaveLength(2);
    salon.journal.changeClient(recordId, { id: 2, name: "Пётр", phone: "+79007654321" });
    expect([await salon.rows(recordId), salon.balance(card)]).toEqual([[], 30_000]);
  });

  test("a price below what was paid makes them vanish, a lower one above it leaves them", async () => {
    const { recordId, card } = await settled();
    salon.journal.editPrice(recordId, 30_000);
    expect([await salon.rows(recordId), salon.balance(card)]).toEqual([[171.43, 128.57], 0]);
    salon.journal.editPrice(recordId, 29_999);
    expect([await salon.rows(recordId), salon.balance(card)]).toEqual([[], 30_000]);
  });

  test("a service that goes takes its row along, one that comes changes nothing", async () => {
    const at = await settled();
    addService(salon.loyalty, at, { title: "Маска", cost: 100_000 });
    expect(await salon.rows(at.recordId)).toEqual([171.43, 128.57]);
    removeService(salon.loyalty, at, salon.journal.record(at.recordId).services[0]?.id ?? 0);
    expect([await salon.rows(at.recordId), salon.balance(at.card)]).toEqual([[128.57], 17_143]);
  });

  test("payments deleted leave them, and goods are to be paid beside them", async () => {
    const at = await settled();
    sellGoods(salon.loyalty, at, 50_000);
    salon.journal.pay(at.recordId);
    expect(salon.loyalty.leftOf(at)).toBe(50_000);
    salon.journal.refund(at.recordId);
    expect([await salon.rows(at.recordId), salon.loyalty.leftOf(at)]).toEqual([[171.43, 128.57], 370_000]);
  });

  test("too much money vanishes nothing", async () => {
    const { recordId } = await settled();
    salon.journal.pay(recordId, { kopecks: 900_000 });
    expect(await salon.rows(recordId)).toHaveLength(2);
  });

  test("certificate, membership, promotion and account pay a part that counts", async () => {
    const at = await settled();
    for (const what of ["promotion", "certificate", "membership", "account"] as const)
      salon.loyalty.payOtherwise(at, what, 10_000);
    expect(salon.loyalty.leftOf(at)).toBe(280_000);
    const { body } = await salon.ask("GET", `/visit/loyalty/transactions/${salon.visitOf(at.recordId)}`);
    const types = new Set(body.map((row: { type_id: number }) => row.type_id));
    expect(types).toEqual(new Set([3, 1, 8, 9, 11]));
    await salon.cancel(at.card, at.recordId);
    expect(salon.loyalty.leftOf(at)).toBe(310_000);
  });

  test("a record that joins another visit takes its rows along, goods stay", async () => {
    const { first, second } = threeLines();
    const card = salon.card(30_000);
    await salon.apply(card, first.recordId, 300);
    joinVisit(salon.loyalty, first, null);
    expect(await salon.rows(first.recordId)).toEqual([150]);
    expect(await salon.rows(second.recordId)).toEqual([37.5, 112.5]);
    joinVisit(salon.loyalty, first, salon.visitOf(second.recordId));
    expect(await salon.rows(first.recordId)).toEqual([37.5, 150, 112.5]);
    expect(salon.loyalty.leftOf(first)).toBe(370_000);
  });

  test("a raw record that makes no sense changes no card", async () => {
    const { recordId, card } = await settled();
    const whole = structuredClone(salon.journal.record(recordId));
    const { services: _, ...raw } = whole;
    salon.journal.put(raw);
    expect((await salon.record(recordId)).id).toBe(recordId);
    const { recordId: other } = salon.book([CARE], whole.visit_id);
    salon.journal.pay(other);
    expect(await salon.rows(other)).toEqual([171.43, 128.57]);
    salon.journal.remove(other);
    salon.journal.put(whole);
    expect([await salon.rows(recordId), salon.balance(card)]).toEqual([[171.43, 128.57], 0]);
  });
});

describe("rights", () => {
  const statuses = async (at: { recordId: number }, card: number) => ({
    list: (await salon.ask("GET", `/visit/loyalty/transactions/${salon.visitOf(at.recordId)}`)).status,
    apply: (await salon.apply(card, at.recordId, 1)).status,
    move: (await salon.move(card, 1)).status,
    chain: (await salon.ask("GET", `/chain/77/loyalty/transactions?${days}`)).status,
  });

  test.each([
    ["loyalty_access", { list: 403, apply: 403, move: 200, chain: 200 }],
    ["loyalty_cards_manual_transactions_access", { list: 200, apply: 200, move: 403, chain: 200 }],
    ["record_form_access", { list: 200, apply: 403, move: 200, chain: 200 }],
    ["record_form_client_access", { list: 200, apply: 403, move: 200, chain: 200 }],
    ["records_finances_access", { list: 200, apply: 403, move: 200, chain: 200 }],
  ] as const)("without %s: %j", async (right, wanted) => {
    salon.yclients.permissions[right] = false;
    expect(await statuses(salon.book([CUT]), salon.card(100))).toEqual(wanted);
  });

  test("the chain has rights of its own", async () => {
    salon.loyalty.rights.loyalty = false;
    const wanted = { list: 200, apply: 200, move: 200, chain: 403 };
    expect(await statuses(salon.book([CUT]), salon.card(100))).toEqual(wanted);
  });

  test("visits of earlier days want the right to them", async () => {
    const at = salon.book([CUT]);
    salon.yclients.permissions.records_finances_last_days_count = 0;
    const card = salon.card(100);
    expect((await salon.apply(card, at.recordId, 0.5)).status).toBe(200);
    salon.wait(86_400_001);
    expect((await salon.apply(card, at.recordId, 0.5)).status).toBe(403);
  });

  test("are printed in their sections", async () => {
    const { body } = await salon.ask("GET", `/user/permissions/${MOSCOW}`);
    expect(body.data).toMatchObject({
      loyalty: { loyalty_access: true, loyalty_cards_manual_transactions_access: true },
      finances: { finances_last_days_count: -1, records_finances_last_days_count: -1 },
    });
  });

  test("lost in silence: the list is empty and no card is shown", async () => {
    const at = salon.book([CUT]);
    const card = salon.card(10_000);
    await salon.apply(card, at.recordId, 100);
    salon.yclients.faults.withoutLoyalty = true;
    expect(await salon.rows(at.recordId)).toEqual([]);
    expect((await salon.ask("GET", `/loyalty/client_cards/${ANNA.id}`)).body.data).toEqual([]);
    expect((await salon.sale(at.recordId)).state.loyalty_transactions).toEqual([]);
    salon.yclients.faults.clear();
    expect(await salon.rows(at.recordId)).toEqual([100]);
  });

  test("without loyalty none of its calls is there, nor its rights", async () => {
    const [journal, tokens] = [new Journal(), { partnerToken: "partner", userToken: "user" }];
    const plain = startYclients({ journal, ...tokens });
    journal.addCompany({ id: MOSCOW, title: "Салон", timeZone: "Europe/Moscow" });
    const headers = {
      Accept: "application/vnd.yclients.v2+json",
      Authorization: "Bearer partner, User user",
    };
    const rights = await fetch(`${plain.url}/user/permissions/${MOSCOW}`, { headers });
    expect(await rights.json()).not.toHaveProperty("data.loyalty");
    expect((await fetch(`${plain.url}/loyalty/card_types/salon/${MOSCOW}`, { headers })).status).toBe(404);
    await plain.stop();
  });
});

describe("a write meets a fault", () => {
  const path = /apply_card_withdrawal/;
  const lost = async (apply: Promise<unknown>) => expect(apply).rejects.toThrow();

  test.each([
    [{ status: 429 }, 0],
    [{ status: 403 }, 0],
    [{ successFalse: true }, 0],
    [{ status: 502, undone: true }, 0],
    [{ status: 503 }, 100],
    [{ status: 503, lateMs: 30_000 }, 0],
  ])("%j: of the withdrawal stands %d", async (fault, stands) => {
    const at = salon.book([CUT]);
    const card = salon.card(10_000);
    salon.yclients.faults.next({ path, ...fault });
    const { status, body } = await salon.apply(card, at.recordId, 100);
    expect([status, body.success]).toEqual([(fault as { status?: number }).status ?? 200, false]);
    expect(await salon.rows(at.recordId)).toEqual(stands === 0 ? [] : [stands]);
  });

  test("done, its answer cut; not done; and done later by the journal's clock, whatever happened meanwhile", async () => {
    const at = salon.book([CUT]);
    const card = salon.card(10_000);
    salon.yclients.faults.next({ path, cut: true, lateMs: 0 });
    await lost(salon.apply(card, at.recordId, 10));
    expect(await salon.rows(at.recordId)).toEqual([10]);
    salon.yclients.faults.next({ path, undone: true });
    await lost(salon.apply(card, at.recordId, 10));
    expect(await salon.rows(at.recordId)).toEqual([10]);
    salon.yclients.faults.next({ path, cut: true, lateMs: 60_000 });
    await lost(salon.apply(card, at.recordId, 90));
    salon.wait(59_999);
    expect([await salon.rows(at.recordId), salon.balance(card)]).toEqual([[10], 9000]);
    await salon.move(card, -50);
    salon.wait(1);
    expect([await salon.rows(at.recordId), salon.balance(card)]).toEqual([[10, 40], 0]);
  });

  test("late and refused by then changes nothing, and hands find it done before they begin", async () => {
    const at = salon.book([CUT]);
    const card = salon.card(10_000);
    const later = { path, cut: true, lateMs: 60_000 };
    salon.yclients.faults.next(later);
    await lost(salon.apply(card, at.recordId, 90));
    salon.journal.remove(at.recordId);
    salon.wait(60_000);
    expect(salon.balance(card)).toBe(10_000);
    const other = salon.book([CUT]);
    salon.yclients.faults.next(later);
    await lost(salon.apply(card, other.recordId, 90));
    salon.wait(60_000);
    salon.journal.pay(other.recordId);
    expect(salon.loyalty.leftOf(other)).toBe(0);
    expect(salon.journal.record(other.recordId).finance_transactions).toMatchObject([{ amount: 1910 }]);
  });

  test("of which nothing more is said is done at once, after 90 s, and after 20 s, in turn", async () => {
    const at = salon.book([CUT]);
    const card = salon.card(10_000);
    salon.yclients.faults.next({ path, cut: true, times: 3 });
    for (const sum of [1, 2, 3]) await lost(salon.apply(card, at.recordId, sum));
    expect(await salon.rows(at.recordId)).toEqual([1]);
    salon.wait(20_000);
    expect(await salon.rows(at.recordId)).toEqual([1, 3]);
    salon.wait(70_000);
    expect(await salon.rows(at.recordId)).toEqual([1, 3, 2]);
  });

  test("half an answer of what was done is half of it", async () => {
    const at = salon.book([CUT]);
    salon.yclients.faults.next({ path, half: true, lateMs: 0 });
    await expect(salon.apply(salon.card(10_000), at.recordId, 100)).rejects.toThrow("JSON");
    expect(await salon.rows(at.recordId)).toEqual([100]);
  });
});

test("what was booked before the cards came is known by them as it is", async () => {
  const journal = new Journal({ now: () => salon.clock.now });
  journal.addCompany({ id: MOSCOW, title: "Салон", timeZone: "Europe/Moscow" });
  const startsAt = salon.clock.now;
  const recordId = journal.book({ companyId: MOSCOW, client: ANNA, startsAt, services: [CUT] });
  const loyalty = new ChainLoyalty({ journals: [journal], now: () => salon.clock.now });
  const { id: cardId } = loyalty.issue(loyalty.addType({ companies: [MOSCOW] }).id, ANNA.phone);
  loyalty.moveByHand(cardId, 100);
  loyalty.withdraw({ companyId: MOSCOW, recordId, cardId, kopecks: 100 });
  journal.changeClient(recordId, null);
  expect(loyalty.card(cardId).kopecks).toBe(100);
});

test("a card is the phone's in all branches of the chain, and two journals number visits apart", async () => {
  const now = () => salon.clock.now;
  const journals = [1, 2].map((id) => {
    const journal = new Journal({ now });
    journal.addCompany({ id, title: `Филиал ${id}`, timeZone: "Europe/Moscow" });
    return journal;
  });
  const loyalty = new ChainLoyalty({ journals, now });
  const type = loyalty.addType({ companies: [1, 2] });
  const { id: cardId } = loyalty.issue(type.id, ANNA.phone);
  loyalty.moveByHand(cardId, 1000);
  const [first, second] = journals.map((journal, index) => {
    const booked = {
      companyId: index + 1,
      client: { ...ANNA, id: index + 1 },
      startsAt: now(),
      services: [CUT],
    };
    return { companyId: index + 1, recordId: journal.book(booked) };
  });
  if (!first || !second) throw new Error("two records");
  expect(first.recordId).toBe(second.recordId);
  expect(loyalty.recordAt(first).visit_id).not.toBe(loyalty.recordAt(second).visit_id);
  expect(loyalty.withdraw({ ...first, cardId, kopecks: 600 })).toBe(600);
  expect(loyalty.withdraw({ ...second, cardId, kopecks: 600 })).toBe(400);
  expect([loyalty.leftOf(first), loyalty.leftOf(second)]).toEqual([199_400, 199_600]);
});
