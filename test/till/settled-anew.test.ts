// A spend that the journal did not let: once it does, one tap begins it anew, of the same client, sum and visit, by all rules.

import { expect, test } from "bun:test";
import { must } from "../../src/errors.ts";
import { mayPass, type Obstacle, withoutJournal } from "../../src/settlements/settlement.rule.ts";
import { whatToDo, whatToPutRight } from "../../src/settlements/settlements.texts.ts";
import { onEither } from "../helpers/both.ts";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { give } from "../helpers/salon-bot.ts";
import { type SettlingTill, settlingTill } from "../helpers/settling-till.ts";
import { soft } from "../helpers/soft.ts";
import { ask, labels, last, tap, toast } from "../helpers/till-salon.ts";

const BILL = "89001234567 3500";
const ANEW = "Списать 340 ещё раз";
const BY_HAND = "Списать без журнала";

/** A spend of Olga's that came back, for the visit was paid; and the payment is gone again. */
async function cameBack(till: SettlingTill): Promise<number> {
  const record = await till.book(3500);
  till.loyal.journal.pay(record);
  expect(await ask(till.olga, BILL, "Списать 340")).toStartWith("❌ Не списали: визит уже оплачен.");
  // The journal was read since.
  await till.sql`update visits set paid_full = true`;
  till.loyal.journal.refund(record);
  return record;
}

/** Somebody has taken the spend off the bill in the journal, and it was seen twice. */
async function takenOff(till: SettlingTill, record: number): Promise<void> {
  till.loyal.loyalty.cancel({
    cardId: must(till.loyal.loyalty.cards[0], "the card").id,
    companyId: MOSCOW,
    recordId: record,
  });
  await till.sql`update settlements set goal = 'return', state = 'under_way', why = 'taken_off' where row_id is not null`;
  await till.rest();
  await till.tell();
}

onEither(
  "one tap spends the same on the same visit, in a message below, once however often it comes",
  async () => {
    await using till = await settlingTill();
    const record = await cameBack(till);
    expect(labels(till.olga)).toEqual([ANEW]);
    const { count } = till.chat(601);
    await till.olga.tap(ANEW);
    expect(last(till.olga)).toBe(
      "✅ Списано 340. В журнале к оплате 3 160 ₽.\nАнна …4567: на карте 0,24. Визит в 13:00. Кассир Ольга, 13:00.",
    );
    expect(till.chat(601).count).toBe(count + 1);
    const above = must(
      till
        .messages(601)
        .filter((one) => one.from === "bot")
        .at(-2),
      "the first",
    );
    // What the card holds by now, and what was to be done first, would contradict what stands below.
    expect([soft(above.text), above.inline ?? []]).toEqual([
      "❌ Не списали: визит уже оплачен. 340 баллов вернулись на карту: Анна …4567. Списание ещё раз — ниже.\n" +
        "Визит в 13:00. Списание: кассир Ольга, 13:00.",
      [],
    ]);
    await till.olga.tapAgain();
    expect(toast(till.olga)).toContain("Уже отменено");
    expect(await till.ledger()).toEqual([
      "spend -340 admin:601",
      "undo 340 programme",
      "spend -340 admin:601",
    ]);
    expect(await till.journal(record)).toEqual({ applied: 34_000, cards: [0] });
    expect(await till.told()).toContain("на кассе, счёт 3 500 ₽");
    await tap(till.olga, "Отменить до");
    expect(last(till.olga)).toStartWith("↩️ Отменено.");
    expect(labels(till.olga)).toEqual([]);
  },
);

test("an answer that the messenger did not take comes again, and nothing is spent twice (Telegram alone: its refusals are played)", async () => {
  await using till = await settlingTill();
  await cameBack(till);
  till.telegram.faults.next({ method: "sendMessage", status: 429, retryAfter: 1 });
  await till.olga.tap(ANEW);
  expect(last(till.olga)).toStartWith("✅ Списано 340. В журнале к оплате 3 160 ₽.");
  expect(await till.ledger()).toHaveLength(3);
});

test("nor is what was offered instead, and nobody has seen, taken for agreed to (Telegram alone: its refusals are played)", async () => {
  await using till = await settlingTill();
  await cameBack(till);
  await give(till, "+79001234567", -30_000);
  const before = await till.ledger();
  till.telegram.faults.next({ method: "sendMessage", status: 429, retryAfter: 1 });
  await till.olga.tap(ANEW);
  expect(await till.ledger()).toEqual(before);
  expect(last(till.olga)).toContain("Баллами 40 → к оплате 3 460 ₽");
});

onEither("what stands in the way still is said again, with the same button", async () => {
  await using till = await settlingTill();
  const record = await cameBack(till);
  till.loyal.journal.pay(record);
  expect(await tap(till.olga, ANEW)).toStartWith("❌ Не списали: визит уже оплачен.");
  till.loyal.journal.refund(record);
  expect(await tap(till.olga, ANEW)).toStartWith("✅ Списано 340.");
  expect(await till.ledger()).toHaveLength(5);
});

onEither("a large sum is asked of an owner again, with its visit", async () => {
  await using till = await settlingTill({ secondAdminAbove: 10_000 });
  const record = await till.book(3500);
  await till.irina.start();
  till.loyal.journal.pay(record);
  await ask(till.olga, BILL, "Списать 340");
  await till.irina.tap("Подтвердить");
  till.loyal.journal.refund(record);
  expect(await tap(till.olga, `${ANEW} · спросим владельца`)).toStartWith("Ждём подтверждения владельца");
  expect(last(till.irina)).toContain("Визит в 13:00 на 3 500 ₽");
  await till.irina.tap("Подтвердить");
  expect(last(till.olga)).toStartWith("✅ Списано 340. В журнале к оплате 3 160 ₽.");
});

for (const meanwhile of ["visit", "bill", "points"] as const)
  onEither(`what others spent meanwhile is asked about: ${meanwhile}`, async () => {
    await using till = await settlingTill();
    await cameBack(till);
    await give(till, "+79001234567", 34_000);
    await till.sql`update visits set paid_full = false`;
    if (meanwhile === "visit") await ask(till.marina, "89001234567 300", "Списать 299");
    if (meanwhile === "bill") await ask(till.marina, BILL, "Другая сумма");
    if (meanwhile === "bill") await ask(till.marina, "100", BY_HAND);
    if (meanwhile === "points") await give(till, "+79001234567", -67_000);
    const before = await till.ledger();
    await till.olga.tap(labels(till.olga)[0] ?? "");
    expect(await till.ledger()).toEqual(before);
    expect(last(till.olga)).toContain(
      {
        visit: "⚠️ За визит в 13:00 уже списано 299 (кассир Марина, 13:00)",
        bill: "По счёту 3 500 ₽ уже списано 100 (кассир Марина, 13:00).",
        points: "На карте уже 10,24 балла.",
      }[meanwhile],
    );
  });

onEither("after two hours there is no such button", async () => {
  await using till = await settlingTill();
  await cameBack(till);
  till.clock.now = new Date(till.clock.now.getTime() + 2 * 3_600_000);
  await till.olga.tap(ANEW);
  expect(toast(till.olga)).toContain("Уже отменено");
  expect(labels(till.olga)).toEqual([]);
  expect(await till.ledger()).toHaveLength(2);
});

onEither("of what was taken back by a person before it stood there is no such button", async () => {
  await using undone = await settlingTill({}, {}, 0);
  await undone.book(3500);
  await ask(undone.olga, BILL, "Списать 340");
  await undone.olga.tap("Отменить до");
  await undone.rest();
  await undone.tell();
  expect([last(undone.olga).slice(0, 12), labels(undone.olga)]).toEqual(["↩️ Отменено.", []]);
});

onEither(
  "who wanted it back, and could not have it, is not offered it once somebody has taken it off in the journal",
  async () => {
    await using till = await settlingTill();
    const record = await till.book(3500);
    await ask(till.olga, BILL, "Списать 340");
    till.loyal.journal.pay(record);
    expect(await tap(till.olga, "Отменить до")).toStartWith("⚠️ Вернуть не вышло: визит уже оплачен.");
    await takenOff(till, record);
    expect([last(till.olga).slice(0, 12), labels(till.olga)]).toEqual(["↩️ Отменено.", []]);
  },
);

onEither("what stood and was taken off by a mistake goes onto the bill again", async () => {
  await using till = await settlingTill();
  const record = await till.book(3500);
  await ask(till.olga, BILL, "Списать 340");
  await takenOff(till, record);
  expect(last(till.olga)).toStartWith("↩️ Списание убрали из визита в журнале.");
  expect(await tap(till.olga, ANEW)).toStartWith("✅ Списано 340. В журнале к оплате 3 160 ₽.");
  expect(await till.journal(record)).toEqual({ applied: 34_000, cards: [0] });
});

onEither("what cannot be done in the journal may be spent without it", async () => {
  await using till = await settlingTill();
  const record = await till.book(3500);
  till.loyal.loyalty.payOtherwise({ companyId: MOSCOW, recordId: record }, "certificate", 100_000);
  expect(await ask(till.olga, BILL, "Списать 340")).toContain(
    "сертификат или абонемент. 340 баллов вернулись на карту: Анна …4567, 340,24. Спишите без журнала и уменьшите сумму визита сами.",
  );
  expect(labels(till.olga)).toEqual([BY_HAND]);
  expect(await tap(till.olga, BY_HAND)).toContain("В YCLIENTS: сделайте сумму визита 3 160 ₽");
  expect((await till.journal(record)).applied).toBe(100_000);
  expect(await till.sql`select from settlements where state <> 'returned'`).toHaveLength(0);
});

onEither("of a record that is gone there is no such button", async () => {
  await using gone = await settlingTill();
  gone.loyal.journal.remove(await gone.book(3500));
  expect(await ask(gone.olga, BILL, "Списать 340")).toStartWith("❌ Не списали: записи больше нет");
  expect(labels(gone.olga)).toEqual([]);
});

onEither("where the branch goes on as before, the button spends without the journal", async () => {
  await using till = await settlingTill({}, { limits: "zero_is_nothing" }, 0);
  await till.book(3500);
  await ask(till.olga, BILL, "Списать 340");
  await till.rest();
  await till.tell();
  expect(last(till.olga)).toStartWith("❌ Не списали:");
  expect(labels(till.olga)).toEqual([BY_HAND]);
});

onEither("where the branch went back meanwhile too", async () => {
  await using doubted = await settlingTill();
  await cameBack(doubted);
  await doubted.sql`update settlement_trials set doubted_at = now(), doubt = 'short'`;
  await doubted.olga.tap(ANEW);
  expect(labels(doubted.olga)).toEqual([BY_HAND]);
  expect(await tap(doubted.olga, BY_HAND)).toContain("В YCLIENTS: сделайте сумму визита 3 160 ₽");
});

test("a button is there where its words say so", () => {
  const again = /пишите ещё раз/;
  for (const why of mayPass) {
    expect([why, again.test(whatToDo(why)) || whatToDo(why).includes("Проверьте сумму визита")]).toEqual([
      why,
      true,
    ]);
    expect(withoutJournal.has(why)).toBe(false);
  }
  for (const why of withoutJournal)
    expect([why, soft(whatToDo(why))]).toEqual([why, expect.stringContaining("Спишите без журнала")]);
  for (const why of ["record_gone", "no_visit", "other_client", "receipt", "gone"] as Obstacle[])
    expect([why, again.test(whatToDo(why)), mayPass.has(why), withoutJournal.has(why)]).toEqual([
      why,
      false,
      false,
      false,
    ]);
});

test("nobody is told to spend anew what is still taken and waits for a person", () => {
  for (const why of ["gone", "card_gone", "refused", "foreign_rows", "never_done"] as Obstacle[])
    expect([why, /пишите/.test(whatToPutRight(why))]).toEqual([why, false]);
});
