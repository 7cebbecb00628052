/** Where a settled spend's bill was changed in the journal and nobody can say why, owners decide; and only then. */
import { expect, test } from "bun:test";
import { watchSettlements } from "../../src/settlements/watch.ts";
import { dueOffers, findRefunds, openOffer } from "../../src/till/refunds.store.ts";
import { refundText } from "../../src/till/refunds.texts.ts";
import { giveBack } from "../../src/till/refunds.ts";
import { lookTwice, readJournal, spent } from "../helpers/settled-visit.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

const [bot, owner] = [777, "telegram:1"];

const tillOf = ({ db, clock }: SettlingSalon) => ({ bot, db, now: clock.now, rules: {} as never });

/** A visit that was paid beside 500 points, and whose payment is returned: read, and nobody has looked at its bill since. */
async function refunded(salon: SettlingSalon) {
  const one = await spent(salon);
  salon.journal.pay(one.recordId);
  await readJournal(salon);
  salon.clock.now = new Date("2026-03-10T10:05:00Z");
  salon.journal.refund(one.recordId);
  await readJournal(salon);
  await findRefunds(salon.db, bot);
  return one;
}

/** Of 500 points that pay a visit 300 were taken off in the journal. */
async function halved(salon: SettlingSalon) {
  const one = await spent(salon);
  await salon.cancel(one.card, one.recordId);
  await salon.apply(one.card, one.recordId, 200);
  return one;
}

test("owners decide where half of a settled spend was taken off, and are asked once", async () => {
  await using salon = await settlingSalon();
  const { recordId, row, card } = await halved(salon);
  await watchSettlements(salon.settling, "all");
  await findRefunds(salon.db, bot);
  expect(await dueOffers(salon.db, bot, [owner])).toEqual([]);
  await lookTwice(salon);
  await findRefunds(salon.db, bot);
  await findRefunds(salon.db, bot);
  expect(await dueOffers(salon.db, bot, [owner])).toEqual([row]);
  const offer = await openOffer(salon.db, bot, row);
  expect(offer).toMatchObject({ onBill: 20_000, points: 50_000 });
  expect(offer && refundText({ ...offer, year: 2026 })).toContain("теперь там <b>200\u00a0баллов</b>");
  await salon.cancel(card, recordId);
  await salon.apply(card, recordId, 500);
  await lookTwice(salon);
  expect(await dueOffers(salon.db, bot, [owner])).toEqual([]);
});

test("what comes back by itself when its record is deleted is no question to owners", async () => {
  await using salon = await settlingSalon();
  const { recordId, row } = await spent(salon);
  salon.clock.now = new Date("2026-03-10T10:05:00Z");
  salon.journal.remove(recordId);
  await readJournal(salon);
  await findRefunds(salon.db, bot);
  expect(await dueOffers(salon.db, bot, [owner])).toEqual([]);
  await lookTwice(salon);
  await salon.work();
  expect((await salon.one(row)).state).toBe("returned");
  await findRefunds(salon.db, bot);
  expect(await dueOffers(salon.db, bot, [owner])).toEqual([]);
});

test("a deleted record whose points stay on the bill is offered to owners as ever", async () => {
  await using salon = await settlingSalon({ visitChanged: "stay" });
  const { recordId, row } = await spent(salon);
  salon.clock.now = new Date("2026-03-10T10:05:00Z");
  salon.journal.remove(recordId);
  await readJournal(salon);
  await lookTwice(salon);
  await findRefunds(salon.db, bot);
  expect(await dueOffers(salon.db, bot, [owner])).toEqual([row]);
  expect(await openOffer(salon.db, bot, row)).toMatchObject({ onBill: null, decision: "deleted" });
});

test("an owner's tap takes the rest off the bill and gives all of it back, once", async () => {
  await using salon = await settlingSalon();
  const { recordId, row } = await halved(salon);
  await lookTwice(salon);
  await findRefunds(salon.db, bot);
  expect(await giveBack(tillOf(salon), row, owner)).toMatchObject({ kind: "asked" });
  expect(await giveBack(tillOf(salon), row, owner)).toMatchObject({ kind: "asked" });
  await salon.work();
  expect(await salon.one(row)).toMatchObject({ state: "returned", askedBackBy: owner });
  expect(await giveBack(tillOf(salon), row, owner)).toMatchObject({ kind: "already" });
  expect(await salon.stands(recordId)).toEqual({
    ledger: ["spend -50000", "undo 50000"],
    applied: 0,
    cards: [0],
  });
});

test("an offer of a doubt that is over gives nothing back", async () => {
  await using salon = await settlingSalon();
  const { recordId, row, card } = await halved(salon);
  await lookTwice(salon);
  await findRefunds(salon.db, bot);
  await salon.cancel(card, recordId);
  await salon.apply(card, recordId, 500);
  await lookTwice(salon);
  expect(await giveBack(tillOf(salon), row, owner)).toMatchObject({ kind: "paid_again" });
  await salon.work();
  expect(await salon.stands(recordId)).toEqual({ ledger: ["spend -50000"], applied: 50_000, cards: [0] });
});

test("a payment that is returned is offered to owners where the points stay on the bill, and given back once", async () => {
  await using salon = await settlingSalon();
  const { recordId, row } = await refunded(salon);
  expect(await dueOffers(salon.db, bot, [owner])).toEqual([]);
  await lookTwice(salon);
  await findRefunds(salon.db, bot);
  expect(await dueOffers(salon.db, bot, [owner])).toEqual([row]);
  expect(await giveBack(tillOf(salon), row, owner)).toMatchObject({ kind: "asked" });
  await salon.work();
  const { ledger, applied, cards } = await salon.stands(recordId);
  expect({ spends: ledger.filter((one) => /^(spend|undo)/.test(one)), applied, cards }).toEqual({
    spends: ["spend -50000", "undo 50000"],
    applied: 0,
    cards: [0],
  });
});

test("where YCLIENTS gives the points back with the payment they come back by themselves, and the button sees it", async () => {
  await using salon = await settlingSalon({ paymentDeleted: "vanish" });
  const { recordId, row } = await refunded(salon);
  await lookTwice(salon);
  await salon.work();
  expect(await salon.one(row)).toMatchObject({ state: "returned", why: "taken_off" });
  await findRefunds(salon.db, bot);
  expect(await dueOffers(salon.db, bot, [owner])).toEqual([]);
  expect((await giveBack(tillOf(salon), row, owner)).kind).toMatch(/^(gone|already)$/);
  expect((await salon.stands(recordId)).ledger.filter((one) => one.startsWith("undo"))).toEqual([
    "undo 50000",
  ]);
});

test("a visit that nobody came to is offered to owners, points on its bill or not", async () => {
  await using salon = await settlingSalon();
  const { recordId, row } = await spent(salon);
  salon.clock.now = new Date("2026-03-10T10:05:00Z");
  salon.journal.noShow(recordId);
  await readJournal(salon);
  await lookTwice(salon);
  await salon.work();
  expect((await salon.one(row)).state).toBe("stands");
  await findRefunds(salon.db, bot);
  expect(await dueOffers(salon.db, bot, [owner])).toEqual([row]);
  expect(await openOffer(salon.db, bot, row)).toMatchObject({ decision: "no_show", onBill: null });
});
