/** A trial of settling by each reading of the journal that matters: what it finds, that all is back, and what is left where not. */
import { expect, test } from "bun:test";
import type { Obstacle } from "../../src/settlements/settlement.rule.ts";
import type { TrialFacts, TrialFault } from "../../src/settlements/trial.rule.ts";
import { settleTryTexts } from "../../src/settlements/trial.texts.ts";
import { trySettling } from "../../src/settlements/trial.ts";
import type { TrialEnd, TrialOrder, TrialQuestion, Trying } from "../../src/settlements/trial-news.ts";
import { lastTrial, trialsLeft } from "../../src/settlements/trials.store.ts";
import type { LoyaltyReading } from "../../src/standins/yclients/readings.ts";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

/** Anna's visit of a haircut in which `settle try` is run, without a terminal unless `answer` says what its user does. */
function trialIn(salon: SettlingSalon, answer?: (question: TrialQuestion) => boolean) {
  const { recordId } = salon.book([{ title: "Стрижка", cost: 10_000 }]);
  const said: string[] = [];
  const t = settleTryTexts("en");
  const trying: Trying = {
    settling: salon.settling,
    tell: async (news) => void said.push(t.news(news)),
    ask: async (question) => answer?.(question) ?? false,
    wait: salon.pass,
  };
  const order: TrialOrder = {
    company: MOSCOW,
    record: recordId,
    amount: 300,
    cardType: null,
    paidBy: "payments",
  };
  return {
    ...{ recordId, trying, order },
    run: async (more: Partial<TrialOrder> = {}): Promise<TrialEnd> => {
      const end = await trySettling(trying, { ...order, ...more });
      said.push(t.end(end));
      return end;
    },
    said: () => said.join(""),
  };
}

/** Nothing of it stands in the journal. */
async function expectClean(salon: SettlingSalon, recordId: number): Promise<void> {
  const rows = salon.loyalty.rowsOf([salon.journal.record(recordId)]).filter(({ stands }) => stands);
  const cards = salon.loyalty.cards.filter(({ kopecks }) => kopecks !== 0);
  expect({ rows, cards }).toEqual({ rows: [], cards: [] });
  expect(await trialsLeft(salon.db, MOSCOW)).toEqual([]);
}

test("a journal that does as it is read passes; each step says what was answered and what stands, and all is as before", async () => {
  await using salon = await settlingSalon();
  const { run, said, recordId } = trialIn(salon);
  expect(await run()).toMatchObject({
    end: "passed",
    facts: {
      ...{ bill_falls: false, record_price_falls: true, sum_exact: true },
      ...{ left_falls_once: true, listed_with_visit: true, paid_full: null, cancel_returns: true },
      ...{ unlimited: true, all_back: true, why: null },
    },
  });
  await expectClean(salon, recordId);
  const words = said();
  expect(words).toContain("Asking for a card for the client.\n  YCLIENTS: yes; done: ");
  expect(words).toContain("3 ₽ of the visit by card");
  expect(words).toContain("left to pay 97 ₽");
  expect(words).toContain("\nPASSED. ");
  expect(words).not.toMatch(/undefined|null|NaN|Анна|\+?7900/);
  expect(await lastTrial(salon.db, MOSCOW)).toMatchObject({
    passed: true,
    doubt: null,
    cardType: salon.type.id,
  });
  // The ledger knows nothing of it.
  expect((await salon.stands(recordId)).ledger).toEqual([]);
});

const readings: [Partial<LoyaltyReading>, string, object][] = [
  [{ billPrices: "fall" }, "passed", { bill_falls: true, left_falls_once: true }],
  [{ recordPrices: "stay" }, "passed", { record_price_falls: false }],
  [{ shape: "enveloped" }, "passed", {}],
  [{ rows: "one" }, "passed", {}],
  [{ saleScope: "visit", saleIds: "own" }, "passed", {}],
  [{ cancel: "burns" }, "passed", { cancel_returns: false }],
  [{ cancel: "last" }, "passed", { cancel_returns: true }],
  [{ gone: "changes_status", order: "newest_first" }, "passed", {}],
  [{ lookup: "object", rightName: "has_loyalty_access", issued: 200 }, "passed", {}],
  [{ days: "branch", lastDay: "in", chainLagMs: 0 }, "passed", {}],
  [{ overdraw: "below_zero", twice: "replaces", spread: "left", documents: "one" }, "passed", {}],
  // What lets nothing through is found at once.
  [{ limits: "zero_is_nothing" }, "failed", { why: "never_done" }],
  [{ limits: "zero_is_nothing", over: "refused" }, "failed", { why: "refused" }],
  [{ attendance: "arrived" }, "failed", { why: "refused" }],
];
for (const [reading, end, facts] of readings)
  test(`where the journal reads ${JSON.stringify(reading)} the trial has ${end}, and all is back`, async () => {
    await using salon = await settlingSalon(reading);
    const { run, recordId, said } = trialIn(salon);
    expect(await run()).toMatchObject({ end, facts });
    // Nothing was asked where less is on the card than ought to be.
    const missing = "  Less is on the card than ought to be. Looking again in ";
    expect(said().includes(missing)).toBe(reading.cancel === "burns");
    expect(said()).not.toContain("no answer");
    await expectClean(salon, recordId);
    expect(await lastTrial(salon.db, MOSCOW)).toMatchObject({ passed: end === "passed", facts });
  });

for (const [paidFull, end] of [
  ["counts_cards", "passed"],
  ["money_only", "failed"],
] as const)
  test(`with the rest taken while the points stand, a journal that counts ${paidFull} has ${end}`, async () => {
    await using salon = await settlingSalon({ paidFull });
    const asked: string[] = [];
    const trial = trialIn(salon, ({ what }) => {
      asked.push(what);
      if (what === "pay") salon.journal.pay(trial.recordId);
      else salon.journal.refund(trial.recordId);
      return true;
    });
    const facts = { paid_full: end === "passed", outlives_payment: true };
    expect(await trial.run()).toMatchObject({ end, facts });
    expect(asked).toEqual(["pay", "unpay"]);
    await expectClean(salon, trial.recordId);
  });

test("Enter is not believed: a rest that nobody took was not paid, and a payment that is still there is asked about again", async () => {
  await using salon = await settlingSalon();
  const idle = trialIn(salon, () => true);
  expect(await idle.run()).toMatchObject({ end: "passed", facts: { paid_full: null } });
  const asked: boolean[] = [];
  const slow = trialIn(salon, (question) => {
    if (question.what === "pay") salon.journal.pay(slow.recordId);
    else if (question.again) salon.journal.refund(slow.recordId);
    if (question.what === "unpay") asked.push(question.again);
    return true;
  });
  expect(await slow.run()).toMatchObject({
    end: "passed",
    facts: { paid_full: true, outlives_payment: true },
  });
  expect(asked).toEqual([false, true]);
  await expectClean(salon, slow.recordId);
});

test("a payment that nobody deleted is said with what was left to pay before, and nothing is kept as learnt", async () => {
  await using salon = await settlingSalon();
  const trial = trialIn(salon, ({ what }) => {
    if (what === "pay") salon.journal.pay(trial.recordId);
    return true;
  });
  expect(await trial.run()).toMatchObject({
    ...{ end: "left", left: { onBill: 0, onCard: 0, toPay: { was: 10_000, is: 300 } } },
  });
  expect(trial.said()).toContain(
    "Left to pay is 3 ₽, and it was 100 ₽: look at the visit's payments and prices.",
  );
  expect(await lastTrial(salon.db, MOSCOW)).toBeNull();
});

test("a chain whose list has the withdrawal without its visit does not pass", async () => {
  await using salon = await settlingSalon();
  const { run, recordId, trying } = trialIn(salon);
  const { tell } = trying;
  trying.tell = async (news) => {
    await tell(news);
    const row = { id: 1, amount: 3, type_id: 3, status_id: 1, card_id: salon.loyalty.cards[0]?.id };
    if (news.kind === "listing")
      salon.yclients.faults.always({
        path: /^\/chain\/\d+\/loyalty\/transactions/,
        body: { success: true, data: [row], meta: [] },
      });
  };
  expect(await run()).toMatchObject({ end: "failed", faults: ["not_listed"] });
  await expectClean(salon, recordId);
});

test("a visit that cannot be settled says nothing of the journal: what an earlier trial found holds", async () => {
  await using salon = await settlingSalon();
  await trialIn(salon).run();
  const before = await lastTrial(salon.db, MOSCOW);
  const hindered: [string, (recordId: number) => void][] = [
    ["paid", (recordId) => salon.journal.pay(recordId)],
    ["no_show", (recordId) => salon.journal.noShow(recordId)],
    ["record_gone", (recordId) => salon.journal.remove(recordId)],
    ["receipt", (recordId) => salon.loyalty.printReceipt({ companyId: MOSCOW, recordId })],
    [
      "certificate",
      (recordId) => salon.loyalty.payOtherwise({ companyId: MOSCOW, recordId }, "certificate", 1_000),
    ],
  ];
  for (const [why, hinder] of hindered) {
    const { run, recordId, said } = trialIn(salon);
    hinder(recordId);
    expect(await run()).toEqual({ end: "nothing_learnt", why } as never);
    expect(said()).toContain("Take another visit.");
  }
  const { run } = trialIn(salon);
  expect(await run({ amount: 9_950 })).toEqual({ end: "nothing_learnt", why: "too_little_left" });
  expect(await lastTrial(salon.db, MOSCOW)).toEqual(before);
  expect(await trialsLeft(salon.db, MOSCOW)).toEqual([]);
});

test("without the ground nothing is asked of the journal, and what is missing is said", async () => {
  await using salon = await settlingSalon();
  const { run, recordId } = trialIn(salon);
  const tried = async (more: Parameters<typeof run>[0] = {}) => {
    const end = await run(more);
    return end.end === "not_tried" ? end.of : end;
  };
  salon.yclients.requests = [];
  expect(await tried({ company: 999 })).toEqual({ why: "unknown_branch" });
  expect(await tried({ record: 1 })).toEqual({ why: "no_record" });
  expect(await tried({ cardType: 999 })).toEqual({ why: "type_gone" });
  salon.yclients.permissions.loyalty_cards_manual_transactions_access = false;
  expect(await tried()).toEqual({ why: "rights", missing: ["byHand"] });
  salon.yclients.permissions.loyalty_cards_manual_transactions_access = true;
  const second = salon.loyalty.addType({ companies: [MOSCOW], title: "Скидка" });
  expect(await tried()).toMatchObject({
    why: "many_types",
    types: [{ id: salon.type.id }, { id: second.id }],
  });
  salon.loyalty.addPromotion({ percent: 5, types: [second.id] });
  expect(await tried({ cardType: second.id })).toEqual({ why: "type_promoted" });
  await salon.spend(recordId, 300);
  expect(await tried()).toEqual({ why: "spend_there" });
  await salon.work();
  expect(await tried()).toEqual({ why: "spend_there" });
  const writes = salon.yclients.requests.filter(
    ({ method, path }) => method === "POST" && !path.startsWith("/auth"),
  );
  expect(writes.length).toBe(3); // of the spend: a card, the put, the withdrawal
  expect(await lastTrial(salon.db, MOSCOW)).toBeNull();
});

test("a promotion on one kind of card leaves the other, and a kind with a limit does not pass", async () => {
  await using salon = await settlingSalon();
  const limited = salon.loyalty.addType({ companies: [MOSCOW], maxPercent: 50 });
  salon.loyalty.addPromotion({ percent: 5, types: [salon.type.id] });
  const { run, recordId } = trialIn(salon);
  expect(await run()).toMatchObject({ end: "failed", faults: ["limited"] });
  expect(await lastTrial(salon.db, MOSCOW)).toMatchObject({ cardType: limited.id, passed: false });
  await expectClean(salon, recordId);
});

test("a chain whose list is closed to the token does not pass: points that go astray would not be found", async () => {
  await using salon = await settlingSalon();
  const { run, recordId } = trialIn(salon);
  salon.loyalty.rights.loyalty = false;
  expect(await run()).toMatchObject({
    end: "failed",
    faults: ["not_listed"],
    facts: { listed_with_visit: false },
  });
  await expectClean(salon, recordId);
});

test("what cannot be taken back is named, with what a person has to do; the next run begins with it", async () => {
  await using salon = await settlingSalon();
  const { run, recordId, said, trying } = trialIn(salon);
  trying.ask = async () => {
    salon.loyalty.printReceipt({ companyId: MOSCOW, recordId });
    return false;
  };
  const end = await run();
  const card = salon.loyalty.cards.at(-1);
  expect(end).toEqual({
    end: "left",
    left: {
      ...{ record: recordId, visit: salon.visitOf(recordId), reservedCard: card?.id ?? 0 },
      ...{ onCard: 0, onBill: 300, toPay: { was: 10_000, is: 9_700 } },
    },
  });
  expect(said()).toContain(`Card ${card?.id} pays 3 ₽: open the visit`);
  expect(await lastTrial(salon.db, MOSCOW)).toBeNull();

  // Until it can be taken back, nothing else is tried.
  const other = trialIn(salon);
  expect(await other.run()).toMatchObject({ end: "left", left: { record: recordId, onBill: 300 } });
  salon.loyalty.printReceipt({ companyId: MOSCOW, recordId }, 1);
  expect(await other.run()).toMatchObject({ end: "passed" });
  expect(other.said()).toContain(`Left by a trial that was stopped (record ${recordId})`);
  await expectClean(salon, recordId);
  await expectClean(salon, other.recordId);
});

for (const [what, path] of [
  ["a card", /^\/loyalty\/cards\/\d+$/],
  ["points on it", /manual_transaction$/],
  ["the withdrawal", /apply_card_withdrawal/],
  ["its end", /cancel_card_withdrawal/],
] as const)
  test(`where the answer about ${what} is lost, and done later, the trial passes all the same and nothing is doubled`, async () => {
    await using salon = await settlingSalon();
    const { run, said, recordId } = trialIn(salon);
    salon.yclients.faults.next({ path, cut: true, lateMs: 20_000 });
    expect(await run()).toMatchObject({ end: "passed" });
    expect(said()).toContain("YCLIENTS: no answer");
    await expectClean(salon, recordId);
    expect(salon.loyalty.cards).toHaveLength(1);
  });

test("YCLIENTS away in the middle: what is left is said as far as it is known, nothing is learnt, and the next run puts it back", async () => {
  await using salon = await settlingSalon();
  const { run, said, recordId, trying } = trialIn(salon);
  const { tell } = trying;
  trying.tell = async (news) => {
    await tell(news);
    if (news.kind === "step" && news.move.kind === "stands") salon.yclients.faults.always({ status: 502 });
  };
  expect(await run()).toMatchObject({ end: "left", left: { onBill: null, onCard: null, toPay: null } });
  expect(said()).toContain("The journal could not be read. See for yourself: no withdrawal by card");
  expect(await lastTrial(salon.db, MOSCOW)).toBeNull();
  salon.yclients.faults.clear();
  trying.tell = tell;
  expect(await run()).toMatchObject({ end: "passed" });
  await expectClean(salon, recordId);
});

test("YCLIENTS away for a while when nothing is asked yet: nothing is learnt, and nothing is left", async () => {
  await using salon = await settlingSalon();
  const { run, said, trying } = trialIn(salon);
  const { tell } = trying;
  trying.tell = async (news) => {
    await tell(news);
    if (news.kind === "begins") salon.yclients.faults.always({ status: 502 });
  };
  expect(await run()).toEqual({ end: "nothing_learnt", why: "unread" });
  expect(said()).toContain("All in the journal is as before. The log says more");
  expect(await trialsLeft(salon.db, MOSCOW)).toEqual([]);
  expect(salon.loyalty.cards).toEqual([]);
});

test("where visits earn on prices, a journal whose record prices stay does not pass", async () => {
  await using salon = await settlingSalon({ recordPrices: "stay" });
  const { run, recordId, said } = trialIn(salon);
  expect(await run({ paidBy: "prices" })).toMatchObject({ end: "failed", faults: ["as_money"] });
  expect(said()).toContain("Set PAID_BY=payments and run the trial again.");
  await expectClean(salon, recordId);
});

test("every fault and every reason has a sentence in both languages", () => {
  const faults = [...settleFaults, ...obstacles];
  for (const language of ["ru", "en"]) {
    const t = settleTryTexts(language);
    const facts = { ...noFacts, why: null };
    const words = t.end({ end: "failed", facts, faults });
    expect(words.split("\n").filter((line) => line.startsWith("- ")).length).toBe(
      faults.length + 1, // that prices on the bill stay
    );
    for (const why of obstacles) expect(t.end({ end: "nothing_learnt", why })).not.toContain("undefined");
    expect(words + t.broken()).not.toMatch(/undefined|null|\u00a0/);
  }
});

const settleFaults: TrialFault[] = [
  "sum",
  "left",
  "not_listed",
  "not_paid",
  "limited",
  "not_back",
  "as_money",
];
const obstacles: Obstacle[] = [
  ...(["record_gone", "no_show", "no_visit", "other_client", "receipt", "paid", "certificate"] as const),
  ...(["foreign_rows", "too_little_left", "two_cards", "prices_unclear", "refused", "short"] as const),
  ...(["gone", "card_gone", "never_done", "by_hand", "bill_otherwise", "taken_off"] as const),
  ...(["too_much", "no_phone", "card_waits"] as const),
];
const noFacts: TrialFacts = {
  ...{ bill_falls: false, record_price_falls: null, sum_exact: null, left_falls_once: null },
  ...{ listed_with_visit: null, paid_full: null, outlives_payment: null, cancel_returns: null },
  ...{ unlimited: null, all_back: null, why: null },
};
