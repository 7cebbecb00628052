// A spend that pays a part of its visit in the journal, as those at the till live through it: both stand-ins over HTTP.

import { expect } from "bun:test";
import { onBoth, onEither } from "../helpers/both.ts";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { give } from "../helpers/salon-bot.ts";
import { settlingTill } from "../helpers/settling-till.ts";
import { ask, labels, last, tap, toast } from "../helpers/till-salon.ts";

const BILL = "89001234567 3500";

onBoth(
  "the preview names the one visit, its tap names it too, and the screen says what is left to pay in the journal",
  async () => {
    await using till = await settlingTill();
    const record = await till.book(3500);
    expect(await ask(till.olga, BILL)).toContain(
      "→ к оплате 3 160 ₽\nВизит в 13:00 на 3 500 ₽: счёт в журнале уменьшим сами.",
    );
    expect(labels(till.olga).slice(0, 2)).toEqual(["Списать 340 → к оплате 3 160 ₽", "Списать без журнала"]);
    expect(await tap(till.olga, "Списать 340")).toBe(
      "✅ Списано 340. В журнале к оплате 3 160 ₽.\nАнна …4567: на карте 0,24. Визит в 13:00. Кассир Ольга, 13:00.",
    );
    expect(labels(till.olga)).toContain("Отменить до 13:10");
    expect(await till.journal(record)).toEqual({ applied: 34_000, cards: [0] });
    expect(await till.ledger()).toEqual(["spend -340 admin:601"]);
    expect(await till.told()).toContain("на кассе, счёт 3 500 ₽, к оплате 3 160 ₽");
    await till.olga.tapAgain();
    expect(await till.ledger()).toHaveLength(1);
  },
);

onEither("of several visits each has its button, and the one that is tapped is paid", async () => {
  await using till = await settlingTill();
  const first = await till.book(3500);
  const second = await till.book(2000, "2026-03-10T12:30:00Z");
  expect(await ask(till.olga, BILL)).toContain("Выберите визит: счёт в журнале уменьшим сами.");
  expect(labels(till.olga).slice(0, 3)).toEqual([
    "13:00, 3 500 ₽: списать 340",
    "15:30, 2 000 ₽: списать 340",
    "Списать без журнала",
  ]);
  expect(await tap(till.olga, "15:30")).toContain(
    "В журнале к оплате 1 660 ₽.\nСчёт введён на 3 500 ₽, в журнале другой: берите по журналу.",
  );
  expect(await till.told()).toContain("на кассе, счёт 2 000 ₽, к оплате 1 660 ₽");
  expect(await ask(till.anna, "/history")).toContain("счёт 2 000 ₽, к оплате 1 660 ₽");
  expect((await till.journal(first)).applied).toBe(0);
  expect((await till.journal(second)).applied).toBe(34_000);
  expect(await till.sql`select record_id::int as record from spends`).toMatchObject([{ record: second }]);
});

onEither(
  "the visit that costs what the bill says stands first, one that points would pay whole last",
  async () => {
    await using till = await settlingTill({ secondAdminAbove: 33_000 });
    await till.book(200);
    await till.book(2000, "2026-03-10T11:00:00Z");
    await till.book(3500, "2026-03-10T12:30:00Z");
    const text = await ask(till.olga, BILL);
    expect(labels(till.olga).slice(0, 3)).toEqual([
      "15:30, 3 500 ₽: списать 340 · спросим владельца",
      "14:00, 2 000 ₽: списать 340 · спросим владельца",
      "13:00, 200 ₽: списать 340 · спросим владельца",
    ]);
    expect(text).toEndWith(
      "Выберите визит: счёт в журнале уменьшим сами.\n⚠️ Визит в 13:00 на 200 ₽: если товаров в нём нет, журнал даст списать не больше 199.",
    );
  },
);

onEither("more points than the one visit costs are said to be too many for it before the tap", async () => {
  await using till = await settlingTill({ secondAdminAbove: 33_000 });
  await till.irina.start();
  await till.book(340);
  const warned = "⚠️ Визит в 13:00 на 340 ₽: если товаров в нём нет, журнал даст списать не больше 339.";
  expect(await ask(till.olga, BILL)).toEndWith(`\n${warned}`);
  await till.olga.tap("Списать 340");
  expect(last(till.irina)).toEndWith(` ${warned}`);
  expect(await ask(till.olga, "89001234567 340")).toEndWith(
    "Визит в 13:00 на 340 ₽: счёт в журнале уменьшим сами.",
  );
});

onEither(
  "records of one visit are one visit, and the one that was opened from the day's list is named by that",
  async () => {
    await using till = await settlingTill();
    const record = await till.book(3500);
    await till.book(500, "2026-03-10T11:00:00Z", till.loyal.visitOf(record));
    await till.book(2000, "2026-03-10T12:30:00Z");
    await ask(till.olga, BILL);
    expect(labels(till.olga).slice(0, 2)).toEqual([
      "13:00, 4 000 ₽: списать 340",
      "15:30, 2 000 ₽: списать 340",
    ]);
    await ask(till.marina, "/today", "Анна");
    expect(await tap(till.marina, "15:30")).toContain(
      "Визит в 15:30 на 2 000 ₽: счёт в журнале уменьшим сами.",
    );
    expect(await tap(till.marina, "Списать 340")).toContain("В журнале к оплате 1 660 ₽.");
  },
);

onEither("without a visit, or by the other button, the bill is lowered by hand as ever", async () => {
  await using till = await settlingTill();
  expect(await ask(till.olga, BILL)).toEndWith(
    "Неоплаченной записи на сегодня не видно. Только что внесли? Откройте клиента через минуту. Иначе сумму визита в YCLIENTS после списания уменьшите сами.",
  );
  expect(labels(till.olga)).not.toContain("Списать без журнала");
  expect(await tap(till.olga, "Списать 340")).toContain("В YCLIENTS: сделайте сумму визита 3 160 ₽");
  await tap(till.olga, "Отменить до");
  const record = await till.book(3500);
  expect(await ask(till.olga, BILL, "Списать без журнала")).toContain(
    "В YCLIENTS: сделайте сумму визита 3 160 ₽",
  );
  expect(await till.journal(record)).toEqual({ applied: 0, cards: [] });
  expect(await till.sql`select from settlements where row_id is not null`).toHaveLength(0);
});

onEither("a record of a branch that does not settle is spent on as ever", async () => {
  await using till = await settlingTill({ companyIds: [MOSCOW, 7] });
  await till.sql`insert into companies (company_id, title, time_zone) values (7, 'Второй', 'Europe/Moscow')`;
  await till.book(3500);
  await till.sql`update visits set company_id = 7`;
  await ask(till.olga, "/today", "Анна");
  expect(last(till.olga)).toEndWith("Баллами 340 → к оплате 3 160 ₽");
  expect(await tap(till.olga, "Списать 340")).toContain("В YCLIENTS: сделайте сумму визита 3 160 ₽");
});

for (const [which, change] of [
  ["a paid one", "paid_full = true"],
  ["a deleted one", "deleted = true"],
  ["a no-show", "attendance = -1"],
  ["one of another day", "day = '2026-03-11'"],
  ["one without a visit", "visit_id = 0"],
  ["somebody else's", "client_id = (select id from clients where phone = '+79007654321')"],
] as const)
  onEither(`of the journal's records ${which} is not offered`, async () => {
    await using till = await settlingTill();
    await give(till, "+79007654321", 100);
    await till.book(3500);
    await till.sql`update visits set ${till.sql.unsafe(change)}`;
    expect(await ask(till.olga, BILL)).toContain("Неоплаченной записи на сегодня не видно");
    expect(labels(till.olga)).not.toContain("Списать без журнала");
  });

onEither("switched off, or in a branch whose trial was doubted, nothing is new", async () => {
  for (const [settles, doubted] of [
    ["off", false],
    ["mirror", false],
    ["on", true],
  ] as const) {
    await using till = await settlingTill({ settles });
    const record = await till.book(3500);
    if (doubted) await till.sql`update settlement_trials set doubted_at = now(), doubt = 'short'`;
    expect(await ask(till.olga, BILL)).toEndWith("Счёт 3 500 ₽. Баллами 340 → к оплате 3 160 ₽");
    expect(labels(till.olga)).toEqual([
      ...["Списать 340 → к оплате 3 160 ₽", "Другая сумма", "Начислить", "История", "Почему"],
    ]);
    expect(await tap(till.olga, "Списать 340")).toContain("В YCLIENTS: сделайте сумму визита 3 160 ₽");
    expect(till.loyal.yclients.requests).toHaveLength(0);
    expect((await till.journal(record)).applied).toBe(0);
  }
});

onEither(
  "what the journal does not let comes back at once, with why and what to do, and the client hears nothing",
  async () => {
    await using till = await settlingTill();
    const record = await till.book(3500);
    till.loyal.journal.pay(record);
    expect(await ask(till.olga, BILL, "Списать 340")).toBe(
      "❌ Не списали: визит уже оплачен. 340 баллов вернулись на карту: Анна …4567, 340,24. Баллы останутся на следующий раз. Нужны сейчас? Удалите оплату в журнале. Потом спишите ещё раз.\nВизит в 13:00. Списание: кассир Ольга, 13:00.",
    );
    expect(labels(till.olga)).toEqual(["Списать 340 ещё раз"]);
    expect(await till.ledger()).toEqual(["spend -340 admin:601", "undo 340 programme"]);
    expect(await till.told()).toBeNull();
    expect(await till.sql`select from bonuslog where not is_telegram_notified`).toHaveLength(0);
  },
);

onEither("an undo takes the points off the bill first, within ten minutes and after, once", async () => {
  for (const [button, minutes] of [
    ["Отменить до", 1],
    ["Вернуть 340", 11],
  ] as const) {
    await using till = await settlingTill();
    const record = await till.book(3500);
    await ask(till.olga, BILL, "Списать 340");
    await till.told();
    till.clock.now = new Date(till.clock.now.getTime() + minutes * 60_000);
    if (minutes > 10) await till.olga.tap("Отменить до");
    expect(await tap(till.olga, button)).toMatch(
      /^↩️ Отменено. 340 баллов вернулись на карту: Анна …4567, 340,24. В журнале к оплате 3 500 ₽.\nВизит в 13:00. Списано 340: кассир Ольга, 13:00. Отмена: кассир Ольга, /,
    );
    expect(await till.journal(record)).toEqual({ applied: 0, cards: [0] });
    expect(await till.ledger()).toEqual(["spend -340 admin:601", "undo 340 admin:601"]);
    expect(await till.told()).toContain("340 баллов");
    await till.olga.tapAgain();
    expect(toast(till.olga)).toContain("Уже отменено");
    expect(await till.ledger()).toHaveLength(2);
  }
});

onEither("an undo that takes its time says so, and offers itself no more", async () => {
  await using till = await settlingTill({}, {}, 0);
  await till.book(3500);
  await ask(till.olga, BILL, "Списать 340");
  await till.rest();
  await till.tell();
  expect(await tap(till.olga, "Отменить до")).toStartWith(
    "⏳ Возвращаем 340 баллов: снимаем их со счёта в журнале.",
  );
  expect(labels(till.olga)).toEqual([]);
  expect(await till.ledger()).toHaveLength(1);
  await till.rest();
  await till.tell();
  expect(last(till.olga)).toStartWith("↩️ Отменено. 340 баллов вернулись на карту");
});

onEither(
  "a spend on its way that is opened once more is said in the new message alone: the one before names no end that never comes",
  async () => {
    await using till = await settlingTill({}, {}, 0);
    await till.book(3500);
    await ask(till.olga, "/today", "Анна", "Списать 340");
    expect(last(till.olga)).toContain("Это сообщение обновится само");
    await ask(till.olga, "/today", "Анна");
    await till.rest();
    await till.tell();
    expect(last(till.olga)).toStartWith("✅ Списано 340. В журнале к оплате 3 160 ₽.");
    expect(till.said(601).filter((text) => text.includes("обновится само"))).toEqual([]);
  },
);

onEither("another admin sees who spends on the visit and when, and may take it back", async () => {
  await using till = await settlingTill();
  const record = await till.book(3500);
  await ask(till.olga, "89001234567 3500", "Другая сумма");
  await ask(till.olga, "100", "Списать 100");
  expect(await ask(till.marina, "89001234567 3000")).toContain(
    "⚠️ За визит в 13:00 уже списано 100 (кассир Ольга, 13:00), в журнале к оплате 3 400 ₽.\nСписать за визит больше? Отмените то списание и спишите всё сразу.\nЭто другой счёт? Его сумму в YCLIENTS после списания уменьшите сами.",
  );
  expect(labels(till.marina)[0]).toBe("Другой счёт: списать 240 → 2 760 ₽");
  expect(labels(till.marina)).not.toContain("Списать без журнала");
  expect(await ask(till.marina, BILL)).toContain(
    "Сумму визита не меняйте, баллы учтены в журнале: к оплате 3 400 ₽.",
  );
  expect(await tap(till.marina, "Отменить: списано 100")).toContain(
    "↩️ Отменено. 100 баллов вернулись на карту",
  );
  expect(till.said(601).at(-1)).toContain("Отмена: кассир Марина");
  expect(await till.journal(record)).toEqual({ applied: 0, cards: [0] });
});

onEither(
  "of a visit that points pay already no more can be spent, nor its price be lowered beside them",
  async () => {
    await using till = await settlingTill();
    const record = await till.book(3500);
    await ask(till.marina, "/today", "Анна", "Другая сумма");
    await ask(till.marina, "50"); // drawn before
    await ask(till.olga, "89001234567 3000", "Другая сумма");
    await ask(till.olga, "100", "Списать 100");
    await till.marina.tap("Списать без журнала");
    expect(toast(till.marina)).toContain("Ничего не изменилось");
    await ask(till.marina, "/today");
    expect(await tap(till.marina, "Анна")).toContain(
      "⚠️ За визит в 13:00 уже списано 100 (кассир Ольга, 13:00)",
    );
    expect(last(till.marina)).not.toMatch(/Баллами|другой счёт/);
    const others = ["Начислить", "История", "Почему", "Отменить: списано 100"];
    expect(labels(till.marina)).toEqual(others);
    await till.sql`update settlement_trials set doubted_at = now(), doubt = 'short'`;
    await ask(till.marina, "/today", "Анна");
    expect(labels(till.marina)).toEqual(others);
    expect(await till.ledger()).toEqual(["spend -100 admin:601"]);
    expect((await till.journal(record)).applied).toBe(10_000);
  },
);

onEither("an undo that the journal does not let says what to do, and the result is what it was", async () => {
  await using till = await settlingTill();
  const record = await till.book(3500);
  await ask(till.olga, BILL, "Списать 340");
  till.loyal.journal.pay(record);
  expect(await tap(till.olga, "Отменить до")).toStartWith(
    "⚠️ Вернуть не вышло: визит уже оплачен. Баллы остались списанными. Удалите оплату визита в журнале и отмените ещё раз.\n✅ Списано 340. В журнале к оплате 3 160 ₽.\nАнна",
  );
  till.loyal.journal.refund(record);
  expect(await tap(till.olga, "Отменить до")).toStartWith("↩️ Отменено. 340 баллов вернулись на карту");
});

onEither("of two admins on one visit one spends, and the other is shown by whom and when", async () => {
  await using till = await settlingTill();
  const record = await till.book(3500);
  // The card has enough for both.
  await ask(till.olga, "89001234567 160");
  await ask(till.marina, "89001234567 150");
  await Promise.all([till.olga.tap("Списать 159"), till.marina.tap("Списать 149")]);
  const [spend, ...more] = await till.ledger();
  expect(more).toEqual([]);
  const loser = spend?.endsWith("601") ? till.marina : till.olga;
  expect(last(loser)).toContain("⚠️ За визит в 13:00 уже списано");
  const points = Number(/-(\d+)/.exec(spend ?? "")?.[1]);
  expect((await till.journal(record)).applied).toBe(points * 100);
});

onEither("a visit that was named and is no more to be, is named anew: nothing is spent", async () => {
  for (const change of ["visit", "trial"] as const) {
    await using till = await settlingTill();
    await till.book(3500);
    await ask(till.olga, BILL);
    if (change === "visit") await till.sql`update visits set deleted = true`;
    else await till.sql`update settlement_trials set doubted_at = now(), doubt = 'short'`;
    await till.olga.tap("Списать 340");
    expect(toast(till.olga)).toContain("Ничего не изменилось: с визитом в журнале что-то стало другим.");
    expect(await till.ledger()).toEqual([]);
    expect(labels(till.olga)).not.toContain("Списать без журнала");
    expect(await tap(till.olga, "Списать 340")).toContain("В YCLIENTS: сделайте сумму визита 3 160 ₽");
  }
});
