/** Spends that stand on a bill are looked after: what comes off it in the journal comes back to the card, once, and surely. */
import { expect, test } from "bun:test";
import { emptyCards, foreignVisits } from "../../src/settlements/surplus.ts";
import { watchSettlements } from "../../src/settlements/watch.ts";
import { joinVisit } from "../../src/standins/yclients/hands.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

/** A visit of 3 160 roubles of which 500 points pay a part, and the card they went by. */
async function standing(salon: SettlingSalon) {
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const row = await salon.spend(recordId, 50_000);
  await salon.work();
  expect((await salon.one(row)).state).toBe("stands");
  const card = (await salon.one(row)).reservedCard ?? 0;
  return { recordId, row, card };
}

const night = (salon: SettlingSalon) => watchSettlements(salon.settling, "all");
/** Two looks, by rounds of two minutes, and what comes of them. */
async function twice(salon: SettlingSalon) {
  await night(salon);
  await later(salon);
  const came = await watchSettlements(salon.settling, "changed");
  await salon.work();
  return came;
}

/** The next minute's round comes, a little early. */
const later = (salon: SettlingSalon) => salon.pass(59_000);

const untouched = { ledger: ["spend -50000"], applied: 50_000, cards: [0] };
const returned = { ledger: ["spend -50000", "undo 50000"], applied: 0, cards: [0] };

test("what stands on its bill as it did is left alone, paid or not", async () => {
  await using salon = await settlingSalon();
  const { recordId, row } = await standing(salon);
  expect(await twice(salon)).toEqual({ looked: 0, gone: 0 });
  salon.journal.pay(recordId);
  await twice(salon);
  expect(await salon.one(row)).toMatchObject({ state: "stands" });
  expect(await salon.stands(recordId)).toEqual(untouched);
});

test("a withdrawal that was taken off in the journal comes back once two looks have seen it", async () => {
  await using salon = await settlingSalon();
  const { recordId, row, card } = await standing(salon);
  await salon.cancel(card, recordId);
  await night(salon);
  await salon.work();
  expect((await salon.one(row)).state).toBe("stands");
  await later(salon);
  expect(await watchSettlements(salon.settling, "changed")).toEqual({ looked: 1, gone: 1 });
  await salon.work();
  expect(await salon.one(row)).toMatchObject({ state: "returned", why: "taken_off", askedBackBy: null });
  expect(await salon.stands(recordId)).toEqual(returned);
  await twice(salon);
  expect(await salon.stands(recordId)).toEqual(returned);
});

test("what was taken off in the journal is no surplus on its card: by night and by the hour it comes back", async () => {
  for (const isNight of [true, false]) {
    await using salon = await settlingSalon();
    const { recordId, row, card } = await standing(salon);
    await salon.cancel(card, recordId);
    if (isNight) await night(salon);
    expect(await emptyCards(salon.settling, isNight ? 14 : 1)).toBe(0);
    await later(salon);
    expect(await watchSettlements(salon.settling, "changed")).toEqual({ looked: 1, gone: 1 });
    await salon.work();
    expect((await salon.one(row)).why).toBe("taken_off");
    expect(await salon.stands(recordId)).toEqual(returned);
  }
});

test("the points of a deleted record come back", async () => {
  await using salon = await settlingSalon();
  const { recordId, row } = await standing(salon);
  salon.journal.remove(recordId);
  await twice(salon);
  expect((await salon.one(row)).state).toBe("returned");
  const { ledger, cards } = await salon.stands(recordId);
  expect({ ledger, cards }).toEqual({ ledger: returned.ledger, cards: [0] });
});

test("taken off and put on again by hand between two looks, it is one spend and nobody is told", async () => {
  await using salon = await settlingSalon();
  const { recordId, row, card } = await standing(salon);
  await salon.cancel(card, recordId);
  await night(salon);
  await salon.apply(card, recordId, 500);
  await later(salon);
  await watchSettlements(salon.settling, "changed");
  await salon.work();
  expect((await salon.one(row)).state).toBe("stands");
  expect(await salon.stands(recordId)).toEqual(untouched);
});

test("what has changed between two looks is looked at a third time", async () => {
  await using salon = await settlingSalon();
  const { recordId, row, card } = await standing(salon);
  await salon.cancel(card, recordId);
  await salon.apply(card, recordId, 200);
  await night(salon);
  await salon.cancel(card, recordId);
  await later(salon);
  expect(await watchSettlements(salon.settling, "changed")).toEqual({ looked: 1, gone: 0 });
  expect((await salon.one(row)).state).toBe("stands");
  await later(salon);
  expect(await watchSettlements(salon.settling, "changed")).toEqual({ looked: 1, gone: 1 });
  await salon.work();
  expect(await salon.stands(recordId)).toEqual(returned);
});

test("a right to loyalty that was taken away is no withdrawal taken off", async () => {
  await using salon = await settlingSalon();
  const { recordId, row } = await standing(salon);
  salon.yclients.faults.withoutLoyalty = true;
  await twice(salon);
  salon.yclients.faults.clear();
  expect((await salon.one(row)).state).toBe("stands");
  expect(await salon.stands(recordId)).toEqual(untouched);
});

test("half of it taken off is nothing that the program decides", async () => {
  await using salon = await settlingSalon();
  const { recordId, row, card } = await standing(salon);
  await salon.cancel(card, recordId);
  await salon.apply(card, recordId, 200);
  await twice(salon);
  expect((await salon.one(row)).state).toBe("stands");
  const [seen] =
    await salon.sql`select (seen * 100)::int as seen, watched_at > seen_since as twice from settlements`;
  expect(seen).toEqual({ seen: 20_000, twice: true });
  expect((await salon.stands(recordId)).ledger).toEqual(["spend -50000"]);
});

test("a record that went over to another visit takes its points along, and they can be taken back there", async () => {
  await using salon = await settlingSalon({ visitChanged: "stay" });
  const { recordId, row } = await standing(salon);
  joinVisit(salon.loyalty, { companyId: 4242, recordId }, null);
  await twice(salon);
  expect(await salon.one(row)).toMatchObject({ state: "stands", visit: salon.visitOf(recordId) });
  await salon.back(row);
  await salon.work();
  expect(await salon.stands(recordId)).toEqual(returned);
});

test("a record that went over to another visit with a part of its points is a doubt, and is not followed", async () => {
  await using salon = await settlingSalon({ visitChanged: "stay" });
  const { recordId, row, card } = await standing(salon);
  const { visit } = await salon.one(row);
  await salon.cancel(card, recordId);
  await salon.apply(card, recordId, 200);
  joinVisit(salon.loyalty, { companyId: 4242, recordId }, null);
  await twice(salon);
  expect(await salon.one(row)).toMatchObject({ state: "stands", visit });
  expect((await salon.stands(recordId)).ledger).toEqual(["spend -50000"]);
});

test("what lies on a card at rest is taken off, once, whatever becomes of the answer", async () => {
  await using salon = await settlingSalon();
  const { recordId, card } = await standing(salon);
  salon.loyalty.moveByHand(card, 30_000);
  expect(await emptyCards(salon.settling, 1)).toBe(1);
  expect(await salon.stands(recordId)).toEqual(untouched);
  expect(await emptyCards(salon.settling, 1)).toBe(0);
  salon.loyalty.moveByHand(card, 20_000);
  salon.yclients.faults.next({ path: /manual_transaction/, cut: true, undone: true });
  expect(await emptyCards(salon.settling, 1)).toBe(1);
  expect(await emptyCards(salon.settling, 0)).toBe(0);
  expect((await salon.stands(recordId)).cards).toEqual([20_000]);
  expect(await salon.sql`select from settlement_writes where came is null`).toHaveLength(1);
  await salon.pass(95_000);
  await emptyCards(salon.settling, 0);
  expect(await emptyCards(salon.settling, 1)).toBe(1);
  expect(await salon.stands(recordId)).toEqual(untouched);
});

test("whoever looks at cards at rest does first what is due, and so holds up no spend", async () => {
  await using salon = await settlingSalon();
  await standing(salon);
  const { recordId } = salon.book([{ title: "Укладка", cost: 316_000 }]);
  const row = await salon.spend(recordId, 30_000);
  expect(await emptyCards(salon.settling, 1)).toBe(0);
  expect(await salon.one(row)).toMatchObject({ state: "stands", toPay: 286_000 });
});

test("points that a spend under way has on its card are nobody's surplus", async () => {
  await using salon = await settlingSalon();
  const { card } = await standing(salon);
  const { recordId } = salon.book([{ title: "Укладка", cost: 316_000 }]);
  await salon.spend(recordId, 30_000);
  salon.yclients.faults.next({ path: /apply_card_withdrawal/, cut: true, undone: true });
  await salon.work();
  expect(salon.balance(card)).toBe(30_000);
  expect(await emptyCards(salon.settling, 1)).toBe(0);
  expect(salon.balance(card)).toBe(30_000);
});

test("points on a card are nobody's surplus once a spend begins on it while they are looked at", async () => {
  await using salon = await settlingSalon();
  const { card, row } = await standing(salon);
  salon.loyalty.moveByHand(card, 700);
  const yclients = { ...salon.settling.yclients };
  const { movePointsByHand } = yclients;
  yclients.movePointsByHand = async (...of) => {
    await salon.sql`update settlements set state = 'under_way' where row_id = ${row}`;
    return movePointsByHand(...of);
  };
  expect(await emptyCards({ ...salon.settling, yclients }, 14)).toBe(0);
  expect(salon.balance(card)).toBe(700);
  await salon.work();
});

test("what our kind of card pays of a visit that no spend is of is found", async () => {
  await using salon = await settlingSalon({ chainLagMs: 0 });
  const { card } = await standing(salon);
  expect(await foreignVisits(salon.settling)).toEqual([]);
  const { recordId } = salon.book([{ title: "Укладка", cost: 316_000 }]);
  salon.loyalty.moveByHand(card, 10_000);
  await salon.apply(card, recordId, 100);
  expect(await foreignVisits(salon.settling)).toEqual([salon.visitOf(recordId)]);
});

test("two programs that look at once give it back once", async () => {
  await using salon = await settlingSalon();
  const { recordId, row, card } = await standing(salon);
  await salon.cancel(card, recordId);
  await night(salon);
  await later(salon);
  const both = () => Promise.all([1, 2].map(() => watchSettlements(salon.settling, "changed")));
  const came = await both();
  expect(came.reduce((sum, one) => sum + (one?.gone ?? 0), 0)).toBe(1);
  await Promise.all([salon.work(), salon.work(), both()]);
  await salon.work();
  expect((await salon.one(row)).state).toBe("returned");
  expect(await salon.stands(recordId)).toEqual(returned);
});

test("who takes a spend back while it is looked at is not overruled by the look", async () => {
  await using salon = await settlingSalon();
  const { recordId, row, card } = await standing(salon);
  await salon.cancel(card, recordId);
  await night(salon);
  await later(salon);
  salon.yclients.faults.next({ path: /sale/, delayMs: 300 });
  salon.yclients.requests = [];
  const looking = watchSettlements(salon.settling, "changed");
  while (!salon.yclients.requests.some(({ path }) => path.includes("/sale/"))) await Bun.sleep(5);
  await salon.back(row);
  expect(await looking).toMatchObject({ gone: 0 });
  await salon.work();
  expect(await salon.one(row)).toMatchObject({ state: "returned", askedBackBy: "telegram:1", why: null });
  expect(await salon.stands(recordId)).toEqual(returned);
});

test("a look that fails changes nothing, and the next one goes on", async () => {
  await using salon = await settlingSalon();
  const { recordId, row, card } = await standing(salon);
  await salon.cancel(card, recordId);
  await night(salon);
  await later(salon);
  salon.yclients.faults.next({ path: /client_cards/, status: 403, times: 1 });
  expect(await watchSettlements(salon.settling, "changed")).toEqual({ looked: 0, gone: 0 });
  expect((await salon.one(row)).state).toBe("stands");
  expect(await watchSettlements(salon.settling, "changed")).toEqual({ looked: 1, gone: 1 });
  await salon.work();
  expect(await salon.stands(recordId)).toEqual(returned);
});

test("what no night has looked at is looked at by day, and what is two weeks old no more", async () => {
  await using salon = await settlingSalon();
  const { row } = await standing(salon);
  expect(await watchSettlements(salon.settling, "changed")).toEqual({ looked: 0, gone: 0 });
  await salon.sql`update settlements set stood_at = stood_at - interval '27 hours'`;
  expect(await watchSettlements(salon.settling, "changed")).toEqual({ looked: 1, gone: 0 });
  expect(await watchSettlements(salon.settling, "changed")).toEqual({ looked: 0, gone: 0 });
  await salon.sql`update settlements set watched_at = watched_at + interval '2 hours', seen_since = seen_since + interval '2 hours'`;
  // A look of a clock that was put back since.
  expect(await watchSettlements(salon.settling, "changed")).toEqual({ looked: 1, gone: 0 });
  await salon.sql`update settlements set began_at = began_at - interval '15 days'`;
  expect(await night(salon)).toEqual({ looked: 0, gone: 0 });
  expect((await salon.one(row)).state).toBe("stands");
});

test("a card on which something was asked off and nobody knows whether it is takes no spend before that is known", async () => {
  await using salon = await settlingSalon();
  const { recordId: first, row, card } = await standing(salon);
  const { recordId } = salon.book([{ title: "Укладка", cost: 316_000 }]);
  salon.loyalty.moveByHand(card, 20_000);
  salon.yclients.faults.next({ path: /manual_transaction/, cut: true, undone: true });
  await emptyCards(salon.settling, 1);
  const second = await salon.spend(recordId, 30_000);
  await salon.back(row);
  await salon.work();
  expect((await salon.one(second)).state).toBe("under_way");
  for (let minute = 0; minute < 8; minute++) {
    await salon.pass(95_000);
    await emptyCards(salon.settling, 0);
    await salon.work();
  }
  expect([(await salon.one(row)).state, (await salon.one(second)).state]).toEqual(["returned", "stands"]);
  const rows = await salon.rows(first);
  expect(rows).toEqual([]);
  expect(await salon.stands(recordId)).toEqual({
    ledger: ["spend -50000", "spend -30000", "undo 50000"],
    applied: 30_000,
    cards: [0],
  });
});

test("a card that is not shown is not taken for an empty one", async () => {
  await using salon = await settlingSalon();
  const { recordId, card } = await standing(salon);
  salon.loyalty.moveByHand(card, 20_000);
  salon.yclients.faults.next({ path: /manual_transaction/, cut: true, undone: true });
  await emptyCards(salon.settling, 1);
  await salon.pass(95_000);
  salon.yclients.faults.withoutLoyalty = true;
  await emptyCards(salon.settling, 0);
  salon.yclients.faults.clear();
  expect(await salon.sql`select from settlement_writes where came is null`).toHaveLength(1);
  await emptyCards(salon.settling, 0);
  await emptyCards(salon.settling, 1);
  expect(await salon.stands(recordId)).toEqual(untouched);
});
