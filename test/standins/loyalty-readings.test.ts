// Each fact that nobody could see is a switch of the stand-in YCLIENTS: here its other values, one by one.

import { afterEach, expect, test } from "bun:test";
import { kopecksOfAll } from "../../src/standins/yclients/bill.ts";
import { removeService, sellGoods } from "../../src/standins/yclients/hands.ts";
import { carefulReading, type LoyaltyReading, otherReadings } from "../../src/standins/yclients/readings.ts";
import { ANNA, type LoyalSalon, MOSCOW, openLoyalSalon } from "../helpers/loyal-salon.ts";

const CUT = { title: "Стрижка", cost: 200_000 };
const CARE = { title: "Уход", cost: 150_000 };

let salon: LoyalSalon;

const open = (reading: Partial<LoyaltyReading>) => {
  salon = openLoyalSalon(reading);
};

afterEach(() => salon.yclients.stop());

/** Anna's visit of one record, a card with 300 roubles, of which `amount` is withdrawn. */
async function settled(amount: number, services = [CUT]) {
  const at = salon.book(services);
  const card = salon.card(30_000);
  const answer = await salon.apply(card, at.recordId, amount);
  return { ...at, at, card, answer };
}

/** What stands now: the rows of the visit, and what the card holds. */
const stands = async ({ recordId, card }: { recordId: number; card: number }) => [
  await salon.rows(recordId),
  salon.balance(card),
];

test("every switch has other values than the careful one", () => {
  open({});
  expect(Object.keys(otherReadings).sort()).toEqual(Object.keys(carefulReading).sort());
  for (const [name, others] of Object.entries(otherReadings)) {
    expect([name, others.length > 0]).toEqual([name, true]);
    expect(others as unknown[]).not.toContain(carefulReading[name as keyof LoyaltyReading]);
  }
});

test("shape: in the envelope", async () => {
  open({ shape: "enveloped" });
  const { answer } = await settled(100);
  expect(answer.body).toMatchObject({
    success: true,
    data: { loyalty_transactions: [{ type_id: 3 }] },
    meta: [],
  });
});

test.each([[301], [2001]])(
  "over: %d is refused with the field's name, and nothing is withdrawn",
  async (amount) => {
    open({ over: "refused" });
    const { answer, ...visit } = await settled(amount);
    expect([answer.status, Object.keys(answer.body.meta.errors)]).toEqual([422, ["amount"]]);
    expect(await stands(visit)).toEqual([[], 30_000]);
  },
);

test("over: what there is is not refused", async () => {
  open({ over: "refused" });
  expect(await stands(await settled(300))).toEqual([[300], 0]);
});

test("limits: 0 lets nothing through", async () => {
  open({ limits: "zero_is_nothing" });
  salon.type.maxPercent = 10;
  expect(await stands(await settled(100))).toEqual([[], 30_000]);
  salon.type.maxKopecks = 5000;
  expect(await stands(await settled(100))).toEqual([[50], 25_000]);
});

test("limits: are only shown", async () => {
  open({ limits: "ignored" });
  salon.type.maxKopecks = 5000;
  expect(await stands(await settled(100))).toEqual([[100], 20_000]);
});

test("twice: the second comes in place of the first, also for more than the card has beside it", async () => {
  open({ twice: "replaces", over: "refused" });
  const visit = await settled(200);
  expect((await salon.apply(visit.card, visit.recordId, 250)).status).toBe(200);
  expect((await salon.apply(visit.card, visit.recordId, 0)).status).toBe(200);
  expect(await stands(visit)).toEqual([[250], 5000]);
});

test("rows: one for the whole visit, whose lines fall all the same", async () => {
  open({ rows: "one" });
  const visit = await settled(105, [CUT, CARE]);
  expect(visit.answer.body.loyalty_transactions).toMatchObject([
    { amount: 105, item_record_id: visit.recordId },
  ]);
  expect((await salon.record(visit.recordId)).services).toMatchObject([{ cost: 1940 }, { cost: 1455 }]);
  await salon.cancel(visit.card, visit.recordId);
  expect(await stands(visit)).toEqual([[], 30_000]);
});

test("spread: by what is left of each line, not by its price", async () => {
  open({ spread: "left" });
  const at = salon.book([CUT, CARE]);
  salon.journal.payInPart(at.recordId, 200_000);
  const card = salon.card(30_000);
  await salon.apply(card, at.recordId, 100);
  expect(await salon.rows(at.recordId)).toEqual([100]);
  expect((await salon.record(at.recordId)).services).toMatchObject([{ cost: 2000 }, { cost: 1400 }]);
  sellGoods(salon.loyalty, at, 140_000);
  await salon.apply(card, at.recordId, 100);
  expect(await salon.rows(at.recordId)).toEqual([100, 50, 50]);
});

test("attendance: 422 until the client has arrived", async () => {
  open({ attendance: "arrived" });
  const visit = await settled(100);
  expect(visit.answer.status).toBe(422);
  salon.journal.arrive(visit.recordId);
  expect((await salon.apply(visit.card, visit.recordId, 100)).status).toBe(200);
});

test("cancel: the points are gone", async () => {
  open({ cancel: "burns" });
  const visit = await settled(100);
  await salon.cancel(visit.card, visit.recordId);
  expect([await stands(visit), salon.loyalty.leftOf(visit.at)]).toEqual([[[], 20_000], 200_000]);
});

test("cancel: takes the last withdrawal off, with all of its rows", async () => {
  open({ cancel: "last" });
  const visit = await settled(70, [CUT, CARE]);
  await salon.apply(visit.card, visit.recordId, 35);
  await salon.cancel(visit.card, visit.recordId);
  expect(await stands(visit)).toEqual([[40, 30], 23_000]);
});

test("recordPrices: stay", async () => {
  open({ recordPrices: "stay" });
  const { recordId } = await settled(100);
  expect((await salon.record(recordId)).services).toMatchObject([{ cost: 2000, cost_to_pay: 2000 }]);
  salon.journal.pay(recordId);
  expect(salon.journal.record(recordId)).toMatchObject({
    paid_full: 1,
    finance_transactions: [{ amount: 1900 }],
  });
});

test("billPrices: those of the visit and of the sale fall", async () => {
  open({ billPrices: "fall" });
  const { recordId, answer } = await settled(100);
  expect(answer.body.items).toMatchObject([{ cost: 1900, manual_cost: 2000 }]);
  expect((await salon.sale(recordId)).state.items).toMatchObject([{ cost_to_pay_total: 1900 }]);
});

test("stamps: a withdrawal and its cancelling move the stamp, and the record is posted, its price fallen", async () => {
  open({ stamps: "move" });
  const posted: { resource: string; data: { services: { cost: number }[] } }[] = [];
  const at = salon.book([CUT]);
  const card = salon.card(30_000);
  const receiver = Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0 },
    fetch: async (request) => {
      posted.push((await request.json()) as (typeof posted)[number]);
      return new Response();
    },
  });
  salon.yclients.webhook(receiver.url.href);
  salon.wait(60_000);
  await salon.apply(card, at.recordId, 100);
  await salon.yclients.posted();
  expect((await salon.record(at.recordId)).last_change_date).toBe("2026-03-10T13:01:00+0300");
  salon.wait(60_000);
  await salon.cancel(card, at.recordId);
  await salon.yclients.posted();
  await receiver.stop(true);
  expect((await salon.record(at.recordId)).last_change_date).toBe("2026-03-10T13:02:00+0300");
  expect(posted.map(({ resource, data }) => [resource, data.services[0]?.cost])).toEqual([
    ["record", 1900],
    ["record", 2000],
  ]);
});

test("cardHook: posted five seconds later, as somebody looks", async () => {
  open({ cardHook: "later" });
  const posted: unknown[] = [];
  const card = salon.card(0);
  const receiver = Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0 },
    fetch: async (request) => {
      posted.push(await request.json());
      return new Response();
    },
  });
  salon.wait(5000);
  salon.loyalty.catchUp();
  salon.yclients.webhook(receiver.url.href);
  await salon.move(card, 5);
  salon.wait(4999);
  salon.loyalty.catchUp();
  await salon.yclients.posted();
  expect(posted).toEqual([]);
  salon.wait(1);
  salon.loyalty.catchUp();
  await salon.yclients.posted();
  await receiver.stop(true);
  const data = { id: card, balance: 5, phone: "79001234567" };
  expect(posted).toMatchObject([{ resource: "loyalty_card", resource_id: card, status: "update", data }]);
});

test("paidFull: what cards paid does not count", async () => {
  open({ paidFull: "money_only" });
  const { recordId, at } = await settled(100);
  salon.journal.pay(recordId);
  expect([(await salon.record(recordId)).paid_full, salon.loyalty.leftOf(at)]).toEqual([0, 0]);
});

test.each<[string, (visit: { recordId: number; card: number }) => void]>([
  ["deleted", ({ recordId }) => salon.journal.remove(recordId)],
  ["another client's", ({ recordId }) => salon.journal.changeClient(recordId, { ...ANNA, id: 2 })],
  ["cheaper than what was paid", ({ recordId }) => salon.journal.editPrice(recordId, 100)],
  [
    "without the line",
    ({ recordId }) =>
      removeService(
        salon.loyalty,
        { companyId: MOSCOW, recordId },
        salon.journal.record(recordId).services[0]?.id ?? 0,
      ),
  ],
])("visitChanged: rows stay on what is %s", async (_, change) => {
  open({ visitChanged: "stay" });
  const visit = await settled(100);
  change(visit);
  expect(await stands(visit)).toEqual([[100], 20_000]);
  const total = kopecksOfAll(salon.loyalty.billOf(visit.at));
  expect(salon.loyalty.leftOf(visit.at)).toBe(total - 10_000);
});

test("visitChanged: rows shrink to what the bill is, the last first, the rest back on the card", async () => {
  open({ visitChanged: "shrink" });
  const visit = await settled(70, [CUT, CARE]);
  salon.journal.editPrice(visit.recordId, 5000);
  expect(await stands(visit)).toEqual([[40, 10], 25_000]);
  expect(salon.loyalty.leftOf(visit.at)).toBe(0);
  salon.journal.editPrice(visit.recordId, 1000);
  expect(await stands(visit)).toEqual([[10], 29_000]);
});

test("paymentDeleted: rows vanish, points back", async () => {
  open({ paymentDeleted: "vanish" });
  const visit = await settled(100);
  salon.journal.pay(visit.recordId);
  expect(await stands(visit)).toEqual([[100], 20_000]);
  salon.journal.refund(visit.recordId);
  expect(await stands(visit)).toEqual([[], 30_000]);
});

test("overdraw: refused by care, else the card goes below zero, and pays nothing then", async () => {
  open({});
  expect((await salon.move(salon.card(100), -1.01)).status).toBe(422);
  await salon.yclients.stop();
  open({ overdraw: "below_zero" });
  const card = salon.card(100);
  expect((await salon.move(card, -1.01)).body.data.balance).toBe(-0.01);
  const { recordId } = salon.book([CUT]);
  await salon.apply(card, recordId, 1);
  expect([await salon.rows(recordId), salon.balance(card)]).toEqual([[], -1]);
});

test("secondCard: there are two by care, else 422, or the first one again", async () => {
  const sent = () => ({ loyalty_card_type_id: String(salon.type.id), phone: 79001234567 });
  const issued = async (secondCard: LoyaltyReading["secondCard"]) => {
    open({ secondCard });
    const first = salon.card(0);
    const { status, body } = await salon.ask("POST", `/loyalty/cards/${MOSCOW}`, sent());
    await salon.yclients.stop();
    return [status, body.data?.id === first, salon.loyalty.cards.length];
  };
  expect(await issued("issued")).toEqual([201, false, 2]);
  expect(await issued("refused")).toEqual([422, false, 1]);
  expect(await issued("first")).toEqual([201, true, 1]);
});

test("lost: a write whose answer is lost was not done", async () => {
  open({ lost: "undone" });
  const { recordId } = salon.book([CUT]);
  const card = salon.card(30_000);
  salon.yclients.faults.next({ path: /apply/, html: true });
  await expect(salon.apply(card, recordId, 100)).rejects.toThrow();
  salon.wait(600_000);
  expect(await stands({ recordId, card })).toEqual([[], 30_000]);
});

const chain = async (query: string) =>
  (await salon.ask("GET", `/chain/77/loyalty/transactions?types[]=3&${query}`)).body.data;

test("chainLagMs: at once; gone: a row that was taken back changes its status", async () => {
  open({ chainLagMs: 0, gone: "changes_status" });
  const visit = await settled(100);
  await salon.cancel(visit.card, visit.recordId);
  const days = "created_after=2026-03-10&created_before=2026-03-11";
  expect(await chain(days)).toMatchObject([{ status_id: 2 }]);
  const list = await salon.ask("GET", `/visit/loyalty/transactions/${salon.visitOf(visit.recordId)}`);
  expect(list.body).toMatchObject([{ status_id: 2, amount: 100.00000000000003 }]);
  expect((await salon.sale(visit.recordId)).state.loyalty_transactions).toEqual([]);
  expect(salon.balance(visit.card)).toBe(30_000);
});

test("order: the newest row comes first", async () => {
  open({ order: "newest_first" });
  expect((await stands(await settled(70, [CUT, CARE])))[0]).toEqual([30, 40]);
});

test("refusals: 200 and success false", async () => {
  open({ refusals: "success_false" });
  salon.yclients.permissions.loyalty_access = false;
  const { answer } = await settled(1);
  expect(answer).toMatchObject({ status: 200, body: { success: false, data: null } });
  expect(await salon.move(1, 1)).toMatchObject({ status: 200, body: { success: false } });
});

test("receipt: a printed one blocks nothing", async () => {
  open({ receipt: "works" });
  const visit = await settled(100);
  salon.loyalty.printReceipt(visit.at);
  expect((await salon.apply(visit.card, visit.recordId, 1)).status).toBe(200);
  expect((await salon.cancel(visit.card, visit.recordId)).status).toBe(200);
});

test("saleScope: a document's sale has the whole visit", async () => {
  open({ saleScope: "visit" });
  const visit = await settled(0, [CUT]);
  salon.book([CARE], salon.visitOf(visit.recordId));
  expect((await salon.sale(visit.recordId)).state.items).toHaveLength(2);
});

test("saleIds: rows have other numbers in a sale", async () => {
  open({ saleIds: "own" });
  const { recordId, answer } = await settled(100);
  const [row] = (await salon.sale(recordId)).state.loyalty_transactions;
  expect(row.id).not.toBe(answer.body.loyalty_transactions[0].id);
});

test("lookup: one card is an object, two are a list, none is an empty one", async () => {
  open({ lookup: "object" });
  salon.book([CUT]);
  const found = async () => (await salon.ask("GET", `/loyalty/client_cards/${ANNA.id}`)).body.data;
  expect(await found()).toEqual([]);
  const id = salon.card(0);
  expect(await found()).toMatchObject({ id });
  salon.card(0);
  expect(await found()).toHaveLength(2);
});

test("lastDay, days: the last day is left out, days are of UTC; or in, and the branch's", async () => {
  const found = async (reading: Partial<LoyaltyReading>, from: string, to: string) => {
    open({ chainLagMs: 0, ...reading });
    salon.clock.now = new Date("2026-03-10T22:00:00Z");
    await settled(100);
    const rows = await chain(`created_after=${from}&created_before=${to}`);
    await salon.yclients.stop();
    return rows.length;
  };
  expect(await found({}, "2026-03-10", "2026-03-10")).toBe(0);
  expect(await found({}, "2026-03-10", "2026-03-11")).toBe(1);
  expect(await found({ lastDay: "in" }, "2026-03-10", "2026-03-10")).toBe(1);
  expect(await found({ lastDay: "in", days: "branch" }, "2026-03-10", "2026-03-10")).toBe(0);
  expect(await found({ lastDay: "in", days: "branch" }, "2026-03-11", "2026-03-11")).toBe(1);
});

test("documents, issued, rightName: a record has its own document alone, a card is issued by 200, the right has its other name", async () => {
  open({ documents: "one", issued: 200, rightName: "has_loyalty_access" });
  const { recordId } = salon.book([CUT]);
  expect((await salon.record(recordId)).documents).toMatchObject([{ type_id: 7 }]);
  const sent = { loyalty_card_type_id: salon.type.id, phone: 79001234567 };
  expect((await salon.ask("POST", `/loyalty/cards/${MOSCOW}`, sent)).status).toBe(200);
  const { body } = await salon.ask("GET", `/user/permissions/${MOSCOW}`);
  expect(body.data.loyalty.has_loyalty_access).toBe(true);
  expect(body.data.loyalty).not.toHaveProperty("loyalty_access");
});
