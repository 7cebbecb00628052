// One client at a time at the till: whoever is looked at next ends the question about the one before, and every word says
// whose card it is about.
import { expect } from "bun:test";
import { type Screen, saveScreen } from "../../src/till/screens.store.ts";
import { linkTo } from "../helpers/accounts.ts";
import { accountHere } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { give } from "../helpers/salon-bot.ts";
import { testIn } from "../helpers/test-in.ts";
import {
  ask,
  BORIS,
  boris,
  hearing,
  last,
  rows,
  shown,
  tap,
  tillSalon,
  toast,
  visit,
} from "../helpers/till-salon.ts";

const test = testIn(asked);
const onEither = test.either;

/** Anna's sum is asked for, and Boris has a card with 90 points and a visit today. */
async function asked() {
  const salon = await tillSalon({}, 34_024);
  await boris(salon, 9_000);
  await visit(salon, {
    ...{ record: 5, at: "2026-03-12T10:00:00Z", price: 2_000, paid: 0, decision: "not_paid", phone: BORIS },
  });
  await linkTo(salon.sql, 777, BORIS);
  await salon.sql`update clients set code = 'boris-boris-boris' where phone = ${BORIS}`;
  await ask(salon.olga, "89001234567 3500", "Другая сумма");
  const question = shown(salon.olga);
  const said = () => salon.messages(601).find((one) => one.message_id === question);
  return Object.assign(salon, { said });
}

const ways: [way: string, open: (salon: Awaited<ReturnType<typeof asked>>) => Promise<unknown>][] = [
  ["a phone", ({ olga }) => olga.say("89007654321")],
  ["a phone and a bill", ({ olga }) => olga.say("89007654321 2000")],
  ["four digits and a bill", ({ olga }) => olga.say("4321 2000")],
  ["a contact", ({ olga }) => olga.forwardContact({ phone: BORIS, userId: 777, firstName: "Борис" })],
  ["a scanned card", ({ olga }) => olga.say("/start c_boris-boris-boris")],
  ["/credit", ({ olga }) => olga.say("/credit 89007654321 10")],
  ["/debit", ({ olga }) => olga.say("/debit 89007654321 10")],
  ["/move", ({ olga }) => olga.say("/move 89007654321 89001234567 10")],
  ["a phone without a card", ({ olga }) => olga.say("89005550099")],
  ["a phone with what is no bill", ({ olga }) => olga.say("89007654321 двести")],
  ["a phone with a digit too few", ({ olga }) => olga.say("8900765432 200")],
  ["/credit of what is no sum", ({ olga }) => olga.say("/credit 89007654321 сто")],
  ["/move of what is no sum", ({ olga }) => olga.say("/move 89007654321 89001234567 сто")],
  [
    "/today",
    async ({ olga }) => {
      await ask(olga, "/today", "13:00");
    },
  ],
];

for (const [way, open] of ways)
  onEither(`another client, by ${way}, closes the question about the one before`, async () => {
    await using salon = await asked();
    const { olga, sql, said } = salon;
    await open(salon);
    expect(said()?.text).toBe("Анна …4567. Закрыто, ничего не изменилось.");
    expect(said()?.inline.flat()).toEqual([]);
    expect(await ask(olga, "120")).toStartWith("120 — это счёт или баллы, и чьи?");
    await expectTable(
      sql,
      "select step from screens where step like 'ask%' or step = 'confirm' and action = 'spend'",
      [],
    );
    expect(await rows(salon, 2)).toEqual([]);
  });

onEither(
  "a chat has one question: what another screen asks closes it, and so does a tap on another client's screen",
  async (salon) => {
    const { olga, sql } = salon;
    await ask(olga, "89007654321 2000", "Другая сумма");
    expect(await ask(olga, "12")).toStartWith("Борис …4321: 90 − 12 = 78");
    const preview = shown(olga);
    await ask(olga, "89001234567 3500", "Другая сумма");
    await olga.tap("Списать 12", { message: preview });
    expect(await rows(salon, 2)).toEqual(["spend -12 admin:601"]);
    expect(await ask(olga, "100")).toStartWith("100 — это счёт");
    await expectTable(sql, "select step from screens where step like 'ask%'", []);
  },
);

onEither("the same message delivered again closes nothing", async ({ olga, redeliver }) => {
  const update = await olga.say("89007654321 2000");
  await ask(olga, "89001234567 3500", "Другая сумма");
  await redeliver(update);
  expect(await ask(olga, "120")).toStartWith("Анна …4567: 340,24 − 120 = 220,24");
});

onEither("the database lets no second screen of a chat ask", async ({ olga, sql, db }) => {
  await olga.say("89007654321 2000");
  await sql`update screens set step = 'ask_sum' where bill = 3500`;
  await expectTable(sql, "select step from screens where bill = 2000", [{ step: "card" }]);
  const [screen] = await sql<{ bot: string; asked: string; rev: number; card: string }[]>`
    select bot, asked, rev, client_id as card from screens where bill = 2000`;
  if (!screen) throw new Error("no screen");
  const whole: Screen = {
    ...{ bot: Number(screen.bot), account: accountHere(601), asked: Number(screen.asked), rev: screen.rev },
    ...{ sought: null, card: Number(screen.card), to: null, bill: 200_000, paid: 0, points: null },
    ...{ step: "ask_sum", action: "spend" },
    ...{ reason: null, typed: null, message: null, seen: 0, row: null, doneAt: null, confirmedBy: null },
    ...{ undoneBy: null, undoneAt: null, company: null, record: null, names: null },
  };
  const until = new Date("2026-03-13T00:00:00Z");
  expect(await saveScreen(db, whole, until)).toBeNull();
  expect(await saveScreen(db, { ...whole, step: "card" }, until)).toMatchObject({ step: "card" });
});

onEither("every refusal says whose card it is about", async (salon) => {
  const { olga, marina } = salon;
  const hears = hearing(olga, "toStartWith");
  await hears("5000", "Анна …4567. Списать можно не больше 340: столько на карте.");
  await hears("1,5", "Анна …4567. Списать можно целое число");
  await hears("сколько?", "Анна …4567. Не понял сумму.");
  await hears("89001234567 сто", "Анна …4567. «сто» — не сумма счёта.");
  await hears("/credit 89001234567", "Анна …4567. Сколько баллов?");
  await hears("/credit 89001234567 1 000 чай", "Анна …4567. Не понял, сколько баллов.");
  await hears("/credit 89001234567 10 звонить 8 900 123-45-67", "Анна …4567. В причине, похоже, телефон");
  await hears("/debit 89005550099 10 звонить 8 900 123-45-67", "Без имени …0099. В причине, похоже, телефон");
  await hears("/move 89001234567 +79001234567 10", "Анна …4567. Это один и тот же телефон.");
  await hears("/move 89001234567 89007654321 сто", "Анна …4567. Не понял, сколько баллов перенести.");
  await give(salon, "+79005550077");
  await hears("/debit 89005550077 10", "Без имени …0077. На карте 0 баллов: снять нечего.");
  await olga.say("89001234567 341");
  await ask(marina, "/debit 89001234567 340", "Снять 340");
  await olga.tap("Списать 340");
  expect(toast(olga)).toBe("Анна …4567. На карте уже 0,24 балла.");
  await tap(marina, "Отменить до 14:32", { data: "s:2:1:go" });
  expect(toast(marina)).toStartWith("Этот экран устарел.");
  await ask(marina, "/credit 89001234567 10 чай", "Начислить 10", "Отменить до 14:32");
  expect(last(marina)).toContain("Снято 10 баллов: Анна …4567, на карте 340,24.");
});

onEither("the last visit is one that took place, and what is booked is said apart", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga, sql } = salon;
  const at = (record: number, day: string, more = {}) =>
    visit(salon, { record, at: day, price: 1000, paid: 0, decision: "not_paid", ...more });
  const opened = async () => {
    await olga.say("89001234567");
    return last(olga).split("\n")[0];
  };
  expect(await opened()).toBe("Анна …4567 · 340,24 балла");
  await at(1, "2026-03-20T10:00:00Z");
  await at(2, "2026-03-18T10:00:00Z");
  expect(await opened()).toBe("Анна …4567 · 340,24 балла · запись на 18 марта");
  await at(3, "2026-03-12T15:00:00Z"); // today, in three hours
  await at(4, "2026-03-01T10:00:00Z");
  await at(5, "2026-03-10T10:00:00Z");
  await at(6, "2026-03-11T10:00:00Z");
  await sql`update visits set attendance = -1 where record_id = 5`;
  await sql`update visits set deleted = true where record_id in (2, 6)`;
  expect(await opened()).toBe("Анна …4567 · 340,24 балла · последний визит 1 марта · запись на 12 марта");
  await sql`update visits set deleted = true where record_id = 3`;
  await sql`update visits set attendance = -1 where record_id = 1`;
  expect(await opened()).toBe("Анна …4567 · 340,24 балла · последний визит 1 марта");
});

onEither(
  "an admin's own fresh change, undone from a new screen, says so in its own message, and the card stays",
  async () => {
    await using salon = await tillSalon({}, 34_024);
    const { olga } = salon;
    await ask(olga, "/credit 89001234567 10 чай", "Начислить 10");
    const done = olga.lastMessage()?.message_id;
    expect(await ask(olga, "89001234567", "Отменить: начислено 10")).toContain("Анна …4567 · 340,24 балла");
    const old = salon.messages(601).find((one) => one.message_id === done);
    expect(old?.text).toStartWith("↩️ Отменено.");
  },
);

onEither("what is booked and what was deleted before its time keeps no visit out of why", async () => {
  await using salon = await tillSalon({}, 34_024);
  const { olga, sql } = salon;
  await visit(salon, {
    record: 1,
    at: "2026-03-01T10:00:00Z",
    price: 3_500,
    paid: 0,
    decision: "paid_in_part",
  });
  for (let at = 0; at < 12; at++)
    await visit(salon, {
      record: 2 + at,
      at: `2026-04-${10 + at}T10:00:00Z`,
      price: 500,
      paid: 0,
      decision: "not_paid",
    });
  await sql`update visits set deleted = true, decision = 'deleted' where record_id > 9`;
  expect(await ask(olga, "/why 89001234567")).toContain("1 марта 13:00");
  expect(last(olga)).not.toContain("апреля 13:00");
});
