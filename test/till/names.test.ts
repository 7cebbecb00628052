// Clients found by name: whose names begin so, in whatever case and spelling; and who may ask.

import { expect } from "bun:test";
import { give } from "../helpers/salon-bot.ts";
import { testIn } from "../helpers/test-in.ts";
import {
  ask,
  hearing,
  labels,
  last,
  PHONE,
  rows,
  type TillSalon,
  tap,
  tillSalon,
  visit,
} from "../helpers/till-salon.ts";

const walks = testIn(() => tillSalon({}, 34_024));
const onEither = walks.either;

/** Cards of these names, from +7 900 555 10 01 on. */
async function called(salon: TillSalon, ...names: string[]): Promise<void> {
  for (const [at, name] of names.entries()) {
    const phone = `+790055510${String(at + 1).padStart(2, "0")}`;
    await give(salon, phone, 100);
    await salon.sql`update clients set name = ${name} where phone = ${phone}`;
  }
}

onEither("one client of that name opens at once, with a bill behind it too", async (salon) => {
  const { olga } = salon;
  await called(salon, "Пётр Ёлкин", "Zoë O'Neil");
  const hears = hearing(olga, "toStartWith");
  for (const text of ["анна", "АННА", "Анн", " анна ", "Анна."]) await hears(text, "Анна …4567");
  for (const text of ["петр", "Пётр", "ёлк", "Елкин пет", "пётр ёлкин", "елкин, п"])
    await hears(text, text.includes(",") ? "Не понял." : "Пётр Ёлкин …1001");
  for (const text of ["zoe", "Zoë", "neil", "O'Neil"]) await hears(text, "Zoë O'Neil …1002");
  expect(await ask(olga, "анна 3500")).toContain("Баллами 340 → к оплате 3 160 ₽");
  await olga.tap("Списать 340");
  expect(await rows(salon, 3)).toEqual(["spend -340 admin:601"]);
  await hears("нна", "Клиента с именем «нна» не нашли.");
  await hears("аня", "Клиента с именем «аня» не нашли.");
  await hears("anna", "Клиента с именем «anna» не нашли.");
});

onEither("of several the one at the desk is chosen; what is more than eight is counted", async (salon) => {
  const { olga } = salon;
  await called(salon, "Анна Петрова", "Мария Аннина", "Иван");
  await visit(salon, {
    record: 9,
    at: "2026-03-12T15:00:00Z",
    price: 700,
    paid: 0,
    decision: "not_paid",
    phone: "+79005551002",
  });
  await visit(salon, { record: 8, at: "2026-03-10T15:00:00Z", price: 700, paid: 0, decision: "not_paid" });
  expect(await ask(olga, "Анн 700")).toBe("С именем «Анн» несколько клиентов. Кто из них на кассе?");
  // Who has a record of today stands first, then who was here last.
  expect(labels(olga)).toEqual([
    "Мария Аннина · +7 900 555 10 02 · 1",
    "Анна · +7 900 123 45 67 · 340,24",
    "Анна Петрова · +7 900 555 10 01 · 1",
  ]);
  expect(await tap(olga, "Анна · ")).toContain("Счёт 700 ₽. Баллами 340");
  await called(salon, ...Array.from({ length: 11 }, (_, at) => `Анна ${at}`));
  expect(await ask(olga, "анна")).toBe(
    "С именем «анна» несколько клиентов. Кто из них на кассе? И ещё 4: допишите фамилию или пришлите 4 последние цифры.",
  );
  expect(labels(olga)).toHaveLength(8);
  expect(await ask(olga, "/why мар")).toBe(
    "Клиента с именем «мар» не нашли. Пришлите телефон или 4 последние цифры. Всё остальное — /help",
  );
  expect(await ask(olga, "/why анна")).toStartWith("«анна» — это несколько клиентов.");
});

onEither(
  "a client of the journal on somebody's card is found by the own name; who was forgotten is not",
  async (salon) => {
    const { olga, sql } = salon;
    await sql`insert into yclients_clients (yclients_client_id, client_id, name)
    select 5, id, 'Глеб' from clients where phone = ${PHONE}`;
    expect(await ask(olga, "глеб")).toStartWith("Анна …4567");
    await sql`update yclients_clients set client_id = null, name = null, forgotten_at = now()`;
    await sql`update clients set phone = null, name = null, forgotten_at = now() where phone = ${PHONE}`;
    for (const name of ["глеб", "анна"])
      expect(await ask(olga, name)).toStartWith(`Клиента с именем «${name}» не нашли.`);
  },
);

onEither(
  "a politeness is answered as one, while a sum is asked for too, and is nobody's name",
  async (salon) => {
    const { olga } = salon;
    const hears = hearing(olga, "toBe");
    await hears("Спасибо!", "Пожалуйста!");
    await hears("Спасибо большое, Марина", "Пожалуйста!");
    await hears("❤️", "Пожалуйста!");
    for (const words of ["как списать баллы", "помогите", "меню"])
      await hears(
        words,
        "Телефон — карта клиента, телефон и счёт — списать: 89001234567 3500. Всё остальное — /help",
      );
    await ask(olga, "89001234567 3500", "Другая сумма");
    await hears("ок", "Хорошо.");
    await hears("Добрый вечер", "Здравствуйте! Пришлите телефон клиента, имя или 4 последние цифры.");
    expect(await ask(olga, "100")).toContain("340,24 − 100 = 240,24");
    await ask(olga, "89001234567", "Начислить");
    expect(await ask(olga, "5 спасибо за ожидание")).toContain("340,24 + 5 = 345,24");
  },
);

onEither(
  "a name written as SQL, as a pattern or at great length finds nobody and breaks nothing",
  async (salon) => {
    const { olga } = salon;
    for (const text of [
      "анна'--",
      "' or ''='",
      "a & b",
      "!анна",
      "анна:*",
      "а".repeat(4_000),
      "ё́́́",
      "Анна | Мария",
    ])
      await olga.say(text);
    expect(await ask(olga, "анна")).toStartWith("Анна …4567");
  },
);

onEither("nobody but those who work here finds anybody by name", async (salon) => {
  const { anna } = salon;
  await called(salon, "Глеб Тайный");
  for (const text of ["глеб", "Глеб Тайный", "тайный 700", "/why глеб"]) await anna.say(text);
  expect(salon.said(501).join("\n")).not.toMatch(/Тайн|1001|найден|не нашли/);
  expect(await salon.sql`select from screens`).toHaveLength(0);
  expect(last(anna)).not.toBe("");
});

onEither("the names that the database reads are looked up in an index", async ({ sql }) => {
  await sql.begin(async (tx) => {
    await tx`set local enable_seqscan = off`;
    for (const table of ["clients", "yclients_clients"]) {
      const plan = await tx.unsafe(
        `explain select from ${table} where name_words(name) @@ (select 'анна:*'::tsquery)`,
      );
      expect(JSON.stringify(plan)).toContain(`${table}_by_name`);
    }
  });
});
