// What check says of spends that settle their visits: each branch's trial, what has changed since, and what stands in the journal.
import { expect, test } from "bun:test";
import { checkSettling } from "../../src/check/settling.ts";
import { must } from "../../src/errors.ts";
import { branchesThatSettle, type SettleSettings } from "../../src/settlements/settlements.ts";
import { trySettling } from "../../src/settlements/trial.ts";
import type { LoyaltyReading } from "../../src/standins/yclients/readings.ts";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

const on: SettleSettings = { settles: "on", settleCardType: null, paidBy: "payments" };

/** The lines of the one branch, each as `state about: says`. */
async function linesOf(salon: SettlingSalon, settings: Partial<SettleSettings> = {}, whole = true) {
  const known = (work: (db: SettlingSalon["db"]) => Promise<never>) => work(salon.db);
  const parts = { ...on, ...settings, yclients: salon.settling.yclients, known: known as never, whole };
  const answers = await Promise.all(
    checkSettling(parts, [MOSCOW]).map((check) => check.ask(new AbortController().signal)),
  );
  return answers.flat();
}
const said = async (...asked: Parameters<typeof linesOf>) =>
  (await linesOf(...asked)).map(({ state, about, says }) => `${state} ${about}: ${says}`);

/** A branch whose trial has passed; `paid_full` seen, as on a terminal. */
async function triedSalon(reading: Partial<LoyaltyReading> = {}) {
  const salon = await settlingSalon(reading);
  const { recordId } = salon.book([{ title: "Стрижка", cost: 10_000 }]);
  const trying = { settling: salon.settling, tell: async () => {}, ask: async () => false, wait: salon.pass };
  const order = {
    company: MOSCOW,
    record: recordId,
    amount: 300,
    cardType: null,
    paidBy: "payments",
  } as const;
  expect(await trySettling(trying, order)).toMatchObject({ end: "passed" });
  await salon.sql`update settlement_trials set facts = facts || '{"paid_full": true}'`;
  return salon;
}

const today = () => new Date().toISOString().slice(0, 10);

test("switched off it says and asks nothing; mirror is refused with its reason, and asks nothing either", async () => {
  await using salon = await settlingSalon();
  salon.yclients.requests = [];
  expect(await said(salon, { settles: "off" })).toEqual([]);
  const [mirror, ...others] = await linesOf(salon, { settles: "mirror" });
  expect(mirror).toMatchObject({ state: "FAIL", about: "SPEND_SETTLES" });
  expect(mirror?.remedy).toBe("write on or off");
  expect(others).toEqual([]);
  expect(salon.yclients.requests).toEqual([]);
  // What was begun before is said all the same.
  await salon.sql`
    insert into settlements (company_id, record_id, visit_id, amount, card_type, chain_id, bill_falls)
    values (${MOSCOW}, 1, 1, 300, 551, 77, false)`;
  const underWay = `warn trial ${MOSCOW}: a trial is under way, or was stopped in the last ten minutes`;
  expect(await said(salon, { settles: "off" })).toEqual([underWay]);
  await salon.sql`update settlements set changed_at = changed_at - interval '11 minutes'`;
  expect(await said(salon, { settles: "off" })).toEqual([
    `FAIL trial left ${MOSCOW}: a trial was stopped, and is not taken back`,
  ]);
});

test("a branch that nobody has tried does not settle, and the line says how to try it", async () => {
  await using salon = await settlingSalon();
  const [line, ...others] = await linesOf(salon);
  expect(line?.says).toBe("nobody has tried it here, so spends do not settle");
  expect(line?.remedy).toStartWith(`run loyalty-bot settle try --company ${MOSCOW} --record ID --points 3`);
  expect(others).toEqual([]);
});

test("a trial that passed is a line with its day; what was not seen, or is long ago, is a warning", async () => {
  await using salon = await triedSalon();
  const passed = `settling ${MOSCOW}: passed on ${today()}, card kind ${salon.type.id}`;
  const kind = `ok card kind ${MOSCOW}: is there, without a promotion or a limit`;
  expect(await said(salon)).toEqual([`ok ${passed}`, kind]);
  await salon.sql`update settlement_trials set facts = facts || '{"paid_full": null}'`;
  expect(await said(salon)).toEqual([
    `warn ${passed}; whether a visit then counts as paid was not tried`,
    kind,
  ]);
  await salon.sql`update settlement_trials set tried_at = now() - interval '200 days'`;
  expect((await said(salon))[0]).toMatch(/^warn settling \d+: passed on \S+, card kind \d+, 200 days ago$/);
});

test("a trial that holds no more says why: found otherwise, of an earlier program, of another kind of card, or earning on prices", async () => {
  await using salon = await triedSalon({ recordPrices: "stay" });
  // What the line says is what the till goes by.
  const first = async (settings: Partial<SettleSettings> = {}) => {
    expect((await branchesThatSettle(salon.db, { ...on, ...settings })).has(MOSCOW)).toBe(false);
    return must((await linesOf(salon, settings))[0], "a line");
  };
  expect((await branchesThatSettle(salon.db, on)).has(MOSCOW)).toBe(true);
  expect((await first({ settleCardType: 999 })).says).toContain("another kind of card than SETTLE_CARD_TYPE");
  const prices = await first({ paidBy: "prices" });
  expect([prices.state, prices.remedy]).toEqual(["FAIL", "set PAID_BY=payments, or SPEND_SETTLES=off"]);
  await salon.sql`update settlement_trials set doubted_at = now(), doubt = 'short'`;
  expect(await first()).toMatchObject({
    state: "FAIL",
    says: "YCLIENTS did otherwise than at the trial, so spends do not settle any more: the card paid less than was asked",
    remedy: expect.stringContaining("no limit and no promotion, then run loyalty-bot settle try"),
  });
  await salon.sql`update settlement_trials set doubted_at = null, doubt = null, protocol = 0`;
  expect((await first()).says).toContain("by the way of an earlier program");
  await salon.sql`update settlement_trials set passed = false`;
  const failed = await first();
  expect(failed.says).toBe("its last trial did not pass, so spends do not settle");
});

test("what has become of the kind of card and of the rights since the trial is a fault with its remedy", async () => {
  await using salon = await triedSalon();
  const kind = async () => (await said(salon)).slice(1);
  salon.type.maxPercent = 50;
  expect(await kind()).toEqual([
    `FAIL card kind ${MOSCOW}: it may not pay for everything, or not all of a bill`,
  ]);
  salon.type.maxPercent = 0;
  salon.loyalty.addPromotion({ percent: 5, types: [salon.type.id] });
  expect(await kind()).toEqual([`FAIL card kind ${MOSCOW}: a promotion gives points of its own onto it`]);
  salon.loyalty.promotions.length = 0;
  salon.type.companies = [];
  expect((await kind())[0]).toStartWith(`FAIL card kind ${MOSCOW}: `);
  salon.type.companies = [MOSCOW];
  salon.yclients.permissions.records_finances_last_days_count = 3;
  expect((await kind())[1]).toStartWith(`warn loyalty rights ${MOSCOW}: payments of visits may be changed`);
  salon.yclients.permissions.loyalty_cards_manual_transactions_access = false;
  salon.yclients.permissions.records_finances_access = false;
  expect((await kind())[1]).toBe(
    `FAIL loyalty rights ${MOSCOW}: the user token lacks: moving points on cards by hand, a visit's payments`,
  );
  salon.yclients.permissions.loyalty_access = false;
  expect(await kind()).toEqual([
    `FAIL loyalty rights ${MOSCOW}: the user token lacks: access to loyalty, moving points on cards by hand, a visit's payments`,
  ]);
});

test("a reserved card that is not empty, a spend that is off its bill, and what waits for a person are said", async () => {
  await using salon = await triedSalon();
  const rest = async (whole = true) =>
    (await said(salon, {}, whole)).slice(1).filter((line) => !/^ok /.test(line));
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const row = await salon.spend(recordId, 50_000);
  await salon.work();
  expect(await rest()).toEqual([]);
  const card = must(salon.loyalty.cards[0], "the reserved card").id;
  salon.loyalty.moveByHand(card, 700);
  expect(await rest()).toEqual([`warn reserved cards ${MOSCOW}: not empty: card ${card} has 7.00`]);
  salon.loyalty.moveByHand(card, -700);
  salon.loyalty.cancel({ cardId: card, companyId: MOSCOW, recordId });
  const visit = salon.visitOf(recordId);
  expect(await rest()).toEqual([
    `warn reserved cards ${MOSCOW}: not empty: card ${card} has 500.00`,
    `FAIL spends on bills ${MOSCOW}: not in the journal as they were spent: visit ${visit} has 0.00 of 500.00`,
  ]);
  // By the hour serve reads none of them.
  expect(await rest(false)).toEqual([]);
  await salon.sql`update settlements set state = 'stuck', why = 'gone' where row_id = ${row}`;
  expect(await rest(false)).toEqual([`FAIL spends on bills ${MOSCOW}: 1 wait for a person`]);
  await salon.sql`
    update settlements set state = 'under_way', changed_at = now() - interval '11 minutes' where row_id = ${row}`;
  expect(await rest(false)).toEqual([
    `warn spends on bills ${MOSCOW}: 1 have been under way for more than ten minutes`,
  ]);
});
