// The salon's own rules of spending at the till: each refusal says its rule, and none is passed by an old screen or two tills at once.
import { expect, test } from "bun:test";
import { posterContent } from "../../src/owners/poster.texts.ts";
import { programmeEn, programmeRu } from "../../src/visits/programme.texts.ts";
import { onEither } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { programme, spending } from "../helpers/programme.ts";
import { soft } from "../helpers/soft.ts";
import { expectSound } from "../helpers/sound.ts";
import {
  ask,
  firstButton,
  journalOf,
  labels,
  last,
  rows,
  shown,
  type TillSalon,
  tap,
  tillSalon,
  toast,
} from "../helpers/till-salon.ts";

const spendLabels = ({ olga }: TillSalon) => labels(olga).filter((label) => label.startsWith("Списать"));

onEither(
  "points are spent in the salon's steps: on the button, typed, and when less is left at the tap",
  async () => {
    await using salon = await tillSalon({ spendStep: 100_00 }, 34_024);
    const { olga, marina } = salon;
    await ask(olga, "89001234567 3500");
    expect(spendLabels(salon)).toEqual(["Списать 300 → к оплате 3 200 ₽"]);
    expect(await tap(olga, "Другая сумма")).toContain("не больше 300: столько на карте, кратно 100.");
    expect(await ask(olga, "150")).toBe("Анна …4567. Списать можно число баллов, кратное 100, например 200.");
    expect(await ask(olga, "400")).toBe(
      "Анна …4567. Списать можно не больше 300: столько на карте, кратно 100. Напишите число поменьше.",
    );
    await ask(olga, "300");
    await ask(marina, "/debit 89001234567 100 ошибка", "Снять 100");
    expect(await tap(olga, "Списать 300")).toStartWith("На карте уже 240,24 балла.");
    expect(spendLabels(salon)).toEqual(["Списать 200 → к оплате 3 300 ₽"]);
    await olga.tap("Списать 200");
    expect(await ask(olga, "89001234567")).toContain("Списать пока нечего.");
    expect(labels(olga)).not.toContain("Списать");
    expect(await ask(olga, "89001234567 3400")).toContain(
      "Счёт 3 400 ₽. Списать нечего. Баллы списывают числом, кратным 100. К оплате 3 400 ₽.",
    );
    expect(spendLabels(salon)).toEqual([]);
    expect(await rows(salon)).toEqual(["debit -100 admin:602 ошибка", "spend -200 admin:601"]);
    await expectSound(salon.db);
  },
);

onEither(
  "a bill below the least one is refused with the rule, and one of just as much is taken",
  async () => {
    await using salon = await tillSalon({ spendLeastBill: 1_000_00 }, 34_024);
    const { olga } = salon;
    expect(await ask(olga, "89001234567 999,99")).toContain(
      "Счёт 999,99 ₽. Баллами платят со счёта от 1 000 ₽. К оплате 999,99 ₽.",
    );
    expect(spendLabels(salon)).toEqual([]);
    await ask(olga, "89001234567 1000", "Списать 340");
    expect(await rows(salon)).toEqual(["spend -340 admin:601"]);
  },
);

onEither("a card is spent from so often a day and no more; what was taken back does not count", async () => {
  await using salon = await tillSalon({ cardDailyActs: 1 }, 34_024);
  const { olga, sql } = salon;
  const spend = async (bill: number) => {
    await ask(olga, `89001234567 ${bill}`, "Другая сумма");
    await ask(olga, "100", "Списать 100");
  };
  await spend(3500);
  await olga.tap("Отменить до");
  await spend(3600);
  const rule = "С карты можно списывать не больше 1 раза в день, сегодня это уже было.";
  expect(await ask(olga, "89001234567 700")).toContain(`Счёт 700 ₽. ${rule} К оплате 700 ₽.`);
  expect(spendLabels(salon)).toEqual([]);
  expect(await rows(salon)).toEqual(["spend -100 admin:601", "undo 100 admin:601", "spend -100 admin:601"]);
  // Another day is another day: the rows of this one are made yesterday's.
  await sql.unsafe(`
    alter table bonuslog disable trigger user;
    update bonuslog set awarded_at = awarded_at - interval '1 day';
    alter table bonuslog enable trigger user`);
  await ask(olga, "89001234567 700");
  expect(spendLabels(salon)).toEqual(["Списать 240 → к оплате 460 ₽"]);
});

onEither("a screen from before the day's last spend does nothing more, and says the rule", async () => {
  await using salon = await tillSalon({ cardDailyActs: 2 }, 34_024);
  const { olga, marina } = salon;
  await ask(olga, "89001234567 3500", "Другая сумма");
  await ask(olga, "100");
  for (const bill of [700, 800]) {
    await ask(marina, `89001234567 ${bill}`, "Другая сумма");
    await ask(marina, "50", "Списать 50");
  }
  expect(await tap(olga, "Списать 100")).toStartWith(
    "Ничего не изменилось. С карты можно списывать не больше 2 раз в день, сегодня это уже было.",
  );
  expect(toast(olga)).toStartWith("Анна …4567. Ничего не изменилось.");
  expect(spendLabels(salon)).toEqual([]);
  expect(await rows(salon)).toEqual(["spend -50 admin:602", "spend -50 admin:602"]);
});

onEither("of many taps at once on one card as many go through as the day allows", async () => {
  await using salon = await tillSalon({ cardDailyActs: 2 }, 34_024);
  const { olga, marina } = salon;
  const screens: { person: typeof olga; message: number }[] = [];
  for (const bill of [1000, 1100, 1200, 1300])
    for (const person of [olga, marina]) {
      await ask(person, `89001234567 ${bill + (person === olga ? 0 : 50)}`, "Другая сумма");
      await ask(person, "10");
      screens.push({ person, message: shown(person) });
    }
  await Promise.all(screens.map(({ person, message }) => person.tap("Списать 10", { message })));
  await expectTable(
    salon.sql,
    "select count(*)::int as spends, sum(points) as points from bonuslog where id > 1",
    [{ spends: 2, points: "-20.00" }],
  );
  await expectSound(salon.db);
});

test("of two taps on one screen at once the later is told what was done, not that the day has no act left (Telegram alone: its calls are looked at)", async () => {
  await using salon = await tillSalon({ cardDailyActs: 1 }, 34_024);
  const { olga, sql, telegram, handle } = salon;
  await ask(olga, "89001234567 3500", "Другая сумма");
  await ask(olga, "100");
  const from = { id: 601, is_bot: false, first_name: "Ольга" };
  const message = { message_id: shown(olga), date: 1, chat: { id: 601, type: "private" } };
  const tapped = { from, message, chat_instance: "601", data: firstButton(olga) };
  const before = telegram.calls.length;
  await sql`select pg_advisory_lock(7305, 1)`;
  const taps = [1, 2].map((one) =>
    handle({ update_id: 900 + one, callback_query: { id: `${one}`, ...tapped } }),
  );
  // Both have found the day's act left, and wait to write.
  for (let waiting = 0; waiting < 2; await Bun.sleep(5))
    [{ waiting } = { waiting }] = await sql<{ waiting: number }[]>`
      select count(*)::int as waiting from pg_locks
      where not granted and database = (select oid from pg_database where datname = current_database())`;
  await sql`select pg_advisory_unlock(7305, 1)`;
  await Promise.all(taps);
  const said = telegram.calls
    .slice(before)
    .flatMap(({ method, payload }) =>
      method === "answerCallbackQuery" ? [soft(String(payload.text ?? ""))] : [],
    );
  expect(said.toSorted()).toEqual([
    "",
    "Анна …4567. Уже сделано в 14:22 (кассир Ольга): списано 100. Второй раз не списали.",
  ]);
  expect(last(olga)).toStartWith("✅ Списано 100.");
  expect(labels(olga)).toEqual(["Отменить до 14:32", "QR для клиента"]);
  expect(await rows(salon)).toEqual(["spend -100 admin:601"]);
});

onEither(
  "the rule that has changed under an open screen holds at the tap, and what may be done is on offer",
  async () => {
    await using salon = await tillSalon({ spendStep: 100_00 }, 34_024);
    const { olga, sql } = salon;
    await ask(olga, "89001234567 3500");
    // As before the start with this step.
    await sql`update screens set points = 340`;
    expect(await tap(olga, "Списать 300")).toStartWith(
      "Списать можно число баллов, кратное 100, например 200.",
    );
    expect(spendLabels(salon)).toEqual(["Списать 300 → к оплате 3 200 ₽"]);
    expect(await rows(salon)).toEqual([]);
  },
);

onEither(
  "beside a gift that waits all else on the card is offered, and the tap that takes it goes through",
  async () => {
    await using salon = await tillSalon({}, 34_024);
    const { olga, sql } = salon;
    await sql`
    insert into bonuslog (client_id, kind, points, actor, key)
    select client_id, 'welcome', 100, 'programme', 'welcome:' || client_id from bonuslog limit 1`;
    await ask(olga, "89001234567 3500");
    expect(spendLabels(salon)).toEqual(["Списать 340 → к оплате 3 160 ₽"]);
    await olga.tap("Списать 340");
    expect(await rows(salon)).toEqual(["welcome 100 programme", "spend -340 admin:601"]);
  },
);

onEither("nobody is asked to agree to what a rule of spending forbids", async () => {
  await using salon = await tillSalon({ cardDailyActs: 1, secondAdminAbove: 100_00 }, 34_024);
  const { olga, marina, irina } = salon;
  await irina.start();
  const heard = salon.said(700).length;
  await ask(olga, "89001234567 3500");
  await ask(marina, "89001234567 700", "Другая сумма");
  await ask(marina, "50", "Списать 50");
  expect(await tap(olga, "Списать 340")).toStartWith("Ничего не изменилось. С карты можно списывать");
  expect(salon.said(700)).toHaveLength(heard);
  // What an owner was asked about before is held against the rule when they agree.
  expect(await rows(salon)).toEqual(["spend -50 admin:602"]);
});

onEither("an owner's yes does not pass the rule that the day has reached meanwhile", async () => {
  await using salon = await tillSalon({ cardDailyActs: 1, secondAdminAbove: 100_00 }, 34_024);
  const { olga, marina, irina } = salon;
  await irina.start();
  await ask(olga, "89001234567 3500", "Списать 340");
  await ask(marina, "89001234567 700", "Другая сумма");
  await ask(marina, "50", "Списать 50");
  await irina.tap("Подтвердить");
  expect(last(irina)).toEndWith("С карты можно списывать не больше 1 раза в день, сегодня это уже было.");
  expect(last(olga)).toStartWith("Ничего не изменилось.");
  expect(await rows(salon)).toEqual(["spend -50 admin:602"]);
});

onEither(
  "points pay services alone: what of the day's records is not paid yet, and nothing where there is none",
  async () => {
    await using salon = await tillSalon({ spendOn: "services" }, 500_000);
    const { olga } = salon;
    const read = await journalOf(salon);
    const none =
      "Баллами платят только услуги, а неоплаченных услуг на сегодня в журнале нет. Визит только что внесли? Через минуту откройте клиента ещё раз.";
    expect(await ask(olga, "89001234567 5000")).toContain(none);
    expect(await ask(olga, "89001234567", "Списать")).toContain(
      "Введите сумму за услуги, без товаров, например 3500.",
    );
    await read({ price: 350_000 });
    expect(await ask(olga, "89001234567 5000")).toContain("Баллами 3 499 (за услуги) → к оплате 1 501 ₽");
    expect(await tap(olga, "Другая сумма")).toContain(
      "не больше 3 499: баллами платят только услуги, и 1 ₽ остаётся к оплате.",
    );
    await read({ price: 350_000, attendance: -1 });
    expect(await ask(olga, "3499")).toBe(`Анна …4567. ${none}`);
    await read({ price: 350_000 });
    await ask(olga, "3499");
    // Paid at the desk meanwhile, and what with YCLIENTS does not say: the tap comes too late.
    await read({ price: 350_000, paidFull: true, servicesPaid: null, goodsPaid: null });
    expect(await tap(olga, "Списать 3 499")).toStartWith(`Ничего не изменилось. ${none}`);
    expect(await rows(salon)).toEqual([]);
  },
);

onEither(
  "services that points have paid are not paid by points once more, whatever the next bill",
  async () => {
    await using salon = await tillSalon({ spendOn: "services" }, 500_000);
    const { olga } = salon;
    const read = await journalOf(salon);
    await read({ price: 30_000 });
    await ask(olga, "89001234567 1500");
    await tap(olga, "Списать 299");
    expect(await ask(olga, "89001234567 1200")).toContain("неоплаченных услуг на сегодня в журнале нет");
    // The price is lowered and paid: another visit of the day is no less for it.
    await read({ recordId: 9_002, price: 50_000 });
    await read({ price: 100, servicesPaid: 100, paidFull: true, changedAt: new Date(Date.now() + 60_000) });
    await ask(olga, "89001234567 1200");
    expect(spendLabels(salon)).toEqual(["Списать 499 → к оплате 701 ₽"]);
    expect((await rows(salon)).filter((row) => row.startsWith("spend"))).toEqual(["spend -299 admin:601"]);
  },
);

onEither("of many taps at once points pay no more than the services", async () => {
  await using salon = await tillSalon({ spendOn: "services" }, 500_000);
  const { olga, marina } = salon;
  const read = await journalOf(salon);
  await read({ price: 100_000 });
  const screens: { person: typeof olga; message: number }[] = [];
  for (const bill of [3000, 3100, 3200])
    for (const person of [olga, marina]) {
      await ask(person, `89001234567 ${bill + (person === olga ? 0 : 50)}`, "Другая сумма");
      await ask(person, "400");
      screens.push({ person, message: shown(person) });
    }
  await Promise.all(screens.map(({ person, message }) => person.tap("Списать 400", { message })));
  expect((await rows(salon)).filter((row) => row.startsWith("spend"))).toHaveLength(2);
  await expectSound(salon.db);
});

onEither(
  "another visit that is entered later that day does not make services payable that points have paid",
  async () => {
    await using salon = await tillSalon({ spendOn: "services" }, 500_000);
    const { olga } = salon;
    const read = await journalOf(salon);
    await read({ price: 30_000 });
    await ask(olga, "89001234567 1500");
    await tap(olga, "Списать 299");
    // Its price is not lowered yet, and a second visit has begun since.
    await read({ recordId: 9_002, price: 50_000, changedAt: new Date(Date.now() + 60_000) });
    await ask(olga, "89001234567 1200");
    expect(spendLabels(salon)).toEqual(["Списать 500 → к оплате 700 ₽"]);
    await read({ recordId: 9_002, price: 50_000, paidFull: true, changedAt: new Date(Date.now() + 90_000) });
    expect(await ask(olga, "89001234567 1300")).toContain("неоплаченных услуг на сегодня в журнале нет");
  },
);

onEither(
  "what was spent on neither of two visits is off both until the journal changes one of them",
  async () => {
    await using salon = await tillSalon({ spendOn: "services" }, 500_000);
    const { olga } = salon;
    const read = await journalOf(salon);
    await read({ price: 30_000 });
    await read({ recordId: 9_002, price: 50_000 });
    await ask(olga, "89001234567 1500", "Другая сумма");
    await ask(olga, "299", "Списать 299");
    await ask(olga, "89001234567 1200");
    expect(spendLabels(salon)).toEqual(["Списать 500 → к оплате 700 ₽"]);
    await read({ price: 100, changedAt: new Date(Date.now() + 60_000) });
    await ask(olga, "89001234567 1200");
    expect(spendLabels(salon)).toEqual(["Списать 500 → к оплате 700 ₽"]);
  },
);

onEither("of a record that was opened from /today its services may be paid, of whichever day", async () => {
  await using salon = await tillSalon({ spendOn: "services" }, 500_000);
  const { olga } = salon;
  const read = await journalOf(salon);
  await read({ price: 350_000, day: "2026-03-11", startsAt: new Date("2026-03-11T11:00:00Z") });
  await ask(olga, "/today вчера");
  await olga.tap(labels(olga)[0] ?? "");
  expect(spendLabels(salon)).toEqual(["Списать 3 499 → к оплате 1 ₽"]);
  await olga.tap("Списать 3 499");
  expect(await rows(salon)).toEqual(["spend -3499 admin:601"]);
});

test("by levels clients are told from which percent to which, by whatever BONUS_PERCENT is", () => {
  const levels = [
    { from: 0, percent: 150 },
    { from: 50_000_00, percent: 500 },
  ];
  expect(soft(programmeRu.share({ ...programme, percent: 700, levels }))).toBe("1,5–5 % от оплаты визита");
  expect(soft(programmeEn.share({ ...programme, percent: 700, levels }))).toBe(
    "1.5–5% of what a visit cost you",
  );
  const on = { ...programme, levels, spendStep: 100_00 };
  const poster = posterContent("ru", "Салон", "https://t.me/b", on);
  expect([poster.gift, poster.worth].map(soft)).toEqual([
    "1,5–5 %",
    "1 балл = 1 ₽ на кассе. Списываем баллы числом, кратным 100",
  ]);
  // A poster has one line for it: several rules are read in the bot.
  const many = (language: string) =>
    soft(posterContent(language, "Салон", "https://t.me/b", { ...on, spendLeastBill: 1_000_50 }).worth);
  expect(many("ru")).toBe("1 балл = 1 ₽ на кассе, условия — в боте");
  expect(many("en")).toBe("1 point = 1 ₽ at the till, the bot tells the rules");
});

test("clients are told the rules that are on, and none that is off", () => {
  const all = {
    ...{ spendMaxPercent: 50, spendLeastBill: 1_000_00, spendStep: 100_00, spendOn: "services" as const },
    cardDailyActs: 2,
  };
  expect(soft(programmeRu.most(all))).toBe(
    " Баллами можно оплатить до 50 % счёта. Баллами платят со счёта от 1 000 ₽. Списываем баллы числом, кратным 100. Товары, сертификаты и абонементы баллами не оплатить. Списать можно не больше 2 раз в день.",
  );
  expect(soft(programmeEn.most(all))).toBe(
    " Points may pay up to 50% of a bill. Points pay off bills from 1,000 ₽ on. Points are spent in multiples of 100. Points pay for no goods, certificates or memberships. Points may be spent at most 2 times a day.",
  );
  expect([programmeRu.most(spending), programmeEn.most(spending)]).toEqual(["", ""]);
  expect(soft(programmeEn.most({ ...spending, cardDailyActs: 1 }))).toBe(
    " Points may be spent at most once a day.",
  );
});
