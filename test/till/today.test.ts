// `/today`: the day's records in order, a page at a time, and one tap to the client with the bill.

import { expect } from "bun:test";
import { recordsOfToday } from "../../src/till/today.store.ts";
import { openRecord } from "../../src/till/today.ts";
import { accountHere } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { give, shop } from "../helpers/salon-bot.ts";
import { testIn } from "../helpers/test-in.ts";
import {
  ask,
  hearing,
  journalOf,
  labels,
  last,
  PHONE,
  rows,
  shown,
  type TillSalon,
  tap,
  tillSalon,
  visit,
} from "../helpers/till-salon.ts";

const test = testIn(() => tillSalon({}, 34_024));
const onEither = test.either;

const BORIS = "+79007654321";
const waiting = { paid: 0, decision: "not_paid" };

async function day(salon: TillSalon): Promise<void> {
  const { sql } = salon;
  await give(salon, BORIS);
  await visit(salon, { record: 12, at: "2026-03-12T15:00:00Z", price: 1250, ...waiting, phone: BORIS });
  await visit(salon, { record: 11, at: "2026-03-12T10:00:00Z", price: 3500, ...waiting });
  await visit(salon, {
    record: 13,
    at: "2026-03-12T07:00:00Z",
    price: 900,
    paid: 900,
    decision: "too_little",
  });
  await visit(salon, { record: 14, at: "2026-03-12T08:00:00Z", price: 700, paid: 0, decision: "no_show" });
  await visit(salon, { record: 15, at: "2026-03-12T09:00:00Z", price: 700, paid: 0, decision: "deleted" });
  await visit(salon, { record: 16, at: "2026-03-12T21:30:00Z", price: 700, ...waiting });
  await visit(salon, { record: 17, at: "2026-03-11T20:30:00Z", price: 700, ...waiting });
  await sql`update visits set paid_full = record_id = 13, deleted = record_id = 15,
    attendance = case when record_id = 14 then -1 else 0 end`;
  await sql`insert into yclients_clients (yclients_client_id, client_id, name)
    select 77, id, 'Борис <b>' from clients where phone = ${BORIS}`;
  await sql`update visits set yclients_client_id = 77 where record_id = 12`;
}

/** So many clients with a card each, unpaid, one every ten minutes from an instant on: records 100, 101, … */
async function crowd({ sql }: TillSalon, count: number, from: string): Promise<void> {
  await sql`
    with made as (insert into clients (phone, name) select '+79005550' || (100 + n), 'Клиент ' || n
      from generate_series(0, ${count - 1}::int) n returning id, name)
    insert into visits (record_id, company_id, client_id, starts_at, day, deleted, paid_full, attendance, price, services_paid,
      goods_paid, read_at, decision)
    select 100 + n, 1, id, ${from}::timestamptz + n * interval '10 minutes', ${from.slice(0, 10)}, false, false, 0, 1000 + n, 0, 0,
      now(), 'not_paid' from made, lateral (select split_part(name, ' ', 2)::int as n) of`;
}

onEither(
  "the branch's day: each client once, paid visits folded; a tap opens the client with the bill, another spends",
  async (salon) => {
    const { olga } = salon;
    await day(salon);
    await olga.say("/today");
    // 23:30 Moscow of the 11th is 17's; 00:30 of the 13th is 16's.
    expect(last(olga)).toBe("Сегодня, 12 марта: 4 визита. Оплачено: 1. К оплате: 3. Кто на кассе?");
    expect(labels(olga)).toEqual([
      "11:00 Анна · 2 визита, 4 200 ₽",
      "18:00 Борис <b> · 1 250 ₽",
      "Оплаченные: 1",
    ]);
    await olga.tap("Оплаченные: 1");
    expect(labels(olga).at(-1)).toBe("← К оплате: 3");
    await olga.tap("← К оплате: 3");
    expect(await tap(olga, "11:00 Анна")).toBe("Анна, 12 марта: 2 визита. За какой платит?");
    expect(labels(olga)).toEqual(["11:00 · 700 ₽ · неявка", "13:00 · 3 500 ₽"]);
    expect(await tap(olga, "13:00")).toEndWith("Счёт 3 500 ₽. Баллами 340 → к оплате 3 160 ₽");
    expect(await tap(olga, "Списать 340")).toStartWith("✅ Списано 340. Примите 3 160 ₽.");
    expect(await rows(salon)).toEqual(["spend -340 admin:601"]);
    // Of several it is the one that was tapped: a refund of that one is offered to owners.
    await expectTable(salon.sql, "select company_id, record_id, day::text from spends where id > 1", [
      [1, 11, "2026-03-12"],
    ]);
  },
);

onEither("a record tapped again shows what was done; after an undo it can be done anew", async (salon) => {
  const { olga } = salon;
  await day(salon);
  await ask(olga, "/today", "11:00 Анна", "13:00");
  await olga.tapAgain();
  await olga.tap("Списать 340");
  expect(await ask(olga, "/today", "11:00 Анна", "13:00")).toStartWith("✅ Списано 340.");
  await olga.tap("Отменить до 14:32");
  await ask(olga, "/today", "11:00 Анна", "13:00", "Списать 340");
  expect(await rows(salon)).toEqual(["spend -340 admin:601", "undo 340 admin:601", "spend -340 admin:601"]);
});

onEither(
  "however often it was spent and undone in a day, a record opens; what is done now is shown",
  async (salon) => {
    const { olga, sql } = salon;
    await visit(salon, { record: 11, at: "2026-03-12T10:00:00Z", price: 3500, ...waiting });
    await olga.say("/today");
    const list = shown(olga);
    for (let at = 0; at < 12; at++) {
      await olga.tap("13:00 Анна", { message: list });
      await tap(olga, "Списать 340", "Отменить до");
    }
    await olga.tap("13:00 Анна", { message: list });
    expect(last(olga)).toEndWith("Счёт 3 500 ₽. Баллами 340 → к оплате 3 160 ₽");
    await olga.tap("Списать 340");
    await olga.tap("13:00 Анна", { message: list });
    expect(last(olga)).toStartWith("✅ Списано 340.");
    expect(await rows(salon)).toHaveLength(25);
    const steps =
      await sql`select step, count(distinct asked)::int as n from screens group by step order by step`;
    expect<unknown>([...steps]).toEqual([
      { step: "done", n: 1 },
      { step: "undone", n: 12 },
    ]);
  },
);

onEither(
  "another day than today's: in words and numbers, with its pages; what is no day is said",
  async () => {
    await using salon = await tillSalon({}, 100);
    const { olga } = salon;
    await crowd(salon, 12, "2026-03-13T05:00:00Z");
    await visit(salon, { record: 11, at: "2026-03-11T10:00:00Z", price: 3500, ...waiting });
    const hears = hearing(olga, "toBe");
    for (const text of ["завтра", "Завтра", "13.03", "13.3.2026", "2026-03-13", "tomorrow"])
      await hears(`/today ${text}`, "Завтра, 13 марта: 12 визитов. К оплате: 12. Кто на кассе?");
    expect(labels(olga)).toHaveLength(11);
    expect(labels(olga)[0]).toBe("08:00 Клиент 0 · 1 000 ₽");
    await olga.tap("Позже");
    expect(labels(olga)).toEqual(["09:40 Клиент 10 · 1 010 ₽", "09:50 Клиент 11 · 1 011 ₽", "← Раньше"]);
    await olga.tap("Раньше");
    expect(await tap(olga, "08:00")).toContain("Счёт 1 000 ₽.");
    await hears("/today вчера", "Вчера, 11 марта: 1 визит. К оплате: 1. Кто на кассе?");
    await hears("/today 31.12", "31 декабря 2025: записей нет. Клиента можно найти по имени или телефону.");
    await hears(
      "/today сегодня",
      "Сегодня, 12 марта: записей нет. Клиента можно найти по имени или телефону.",
    );
    for (const text of ["мартобря", "30.02", "2026-13-01", "завтра утром", "89001234567"])
      await hears(`/today ${text}`, `Не понял день «${text}». Напишите так: /today завтра или /today 12.03`);
    expect(await tap(olga, { data: "td:p:0:2026-99-99" })).toStartWith("Сегодня, 12 марта");
  },
);

onEither("a spend opened from yesterday's record is not of today's only one", async (salon) => {
  const { olga, sql } = salon;
  await visit(salon, { record: 11, at: "2026-03-11T10:00:00Z", price: 3500, ...waiting });
  await visit(salon, { record: 12, at: "2026-03-12T10:00:00Z", price: 700, ...waiting });
  await ask(olga, "/today вчера", "13:00 Анна", "Списать 340");
  await expectTable(sql, "select record_id, day::text from spends", [[null, "2026-03-12"]]);
});

onEither("a visit paid in part says how much of it", async () => {
  await using salon = await tillSalon({}, 100);
  await visit(salon, {
    record: 1,
    at: "2026-03-12T07:00:00Z",
    price: 900,
    paid: 400,
    decision: "paid_in_part",
  });
  await salon.olga.say("/today");
  expect(labels(salon.olga)).toEqual(["10:00 Анна · 900 ₽ · внесено 400 ₽"]);
});

onEither(
  "a long day opens at now, ten to a page; earlier and later are a tap away, as are pages of an old list",
  async () => {
    await using salon = await tillSalon({}, 100);
    const { olga } = salon;
    await crowd(salon, 43, "2026-03-12T05:00:00Z");
    await olga.say("/today");
    expect(last(olga)).toBe("Сегодня, 12 марта: 43 визита. К оплате: 43. Кто на кассе?");
    // It is 14:22: who came an hour ago pays now.
    expect(labels(olga)[0]).toBe("13:30 Клиент 33 · 1 033 ₽");
    expect(labels(olga).slice(9)).toEqual(["15:00 Клиент 42 · 1 042 ₽", "← Раньше"]);
    await olga.tap("Раньше");
    expect(labels(olga)[0]).toBe("11:50 Клиент 23 · 1 023 ₽");
    await tap(olga, "Раньше", "Раньше", "Раньше");
    expect(labels(olga).at(-1)).toBe("Позже →");
    expect(labels(olga)[0]).toBe("08:00 Клиент 0 · 1 000 ₽");
    await olga.tap({ data: "today:page:1" });
    expect(labels(olga)[0]).toBe("09:40 Клиент 10 · 1 010 ₽");
    await olga.tap({ data: "td:p:99" });
    expect(labels(olga)).toEqual(["15:00 Клиент 42 · 1 042 ₽", "← Раньше"]);
    expect(salon.said(601)).toHaveLength(1);
    salon.clock.now = new Date("2026-03-12T06:30:00Z");
    await olga.say("/today");
    expect(labels(olga)[0]).toBe("08:30 Клиент 3 · 1 003 ₽");
  },
);

test("of more records than are listed those nearest to now stay, and what began two hours ago gives way first", async () => {
  await using salon = await tillSalon({}, 100);
  await crowd(salon, 43, "2026-03-12T05:00:00Z");
  const now = new Date("2026-03-12T11:22:00Z");
  const listed = await recordsOfToday(salon.db, {
    ...{ companies: [1], now, day: null, unknownZone: "Europe/Moscow", maxRows: 5 },
  });
  expect(listed.map(({ recordId }) => Number(recordId) - 100)).toEqual([36, 37, 38, 39, 40]);
});

onEither(
  "what is paid is folded behind one button with its sum, and a paid client opens from there",
  async () => {
    await using salon = await tillSalon({}, 34_024);
    const { olga, sql } = salon;
    await crowd(salon, 12, "2026-03-12T05:00:00Z");
    await sql`update visits set paid_full = record_id <> 105, services_paid = price`;
    await olga.say("/today");
    expect(last(olga)).toBe("Сегодня, 12 марта: 12 визитов. Оплачено: 11. К оплате: 1. Кто на кассе?");
    expect(labels(olga)).toEqual(["08:50 Клиент 5 · 1 005 ₽ · внесено 1 005 ₽", "Оплаченные: 11"]);
    await olga.tap("Оплаченные: 11");
    expect(last(olga)).toBe("Сегодня, 12 марта: 12 визитов. Оплачено: 11, на 11 061 ₽.");
    expect(labels(olga).slice(9)).toEqual(["09:40 Клиент 10 · 1 010 ₽", "Позже →", "← К оплате: 1"]);
    expect(await tap(olga, "08:00 Клиент 0")).toContain("Визит на 1 000 ₽ уже оплачен, принимать нечего.");
    await sql`update visits set paid_full = true`;
    expect(await ask(olga, "/today")).toBe("Сегодня, 12 марта: 12 визитов. Все оплачены.");
    expect(labels(olga)).toEqual(["Оплаченные: 12"]);
    await sql`delete from visits where record_id <> 105`;
    expect(await ask(olga, "/today")).toBe("Сегодня, 12 марта: 1 визит. Оплачен.");
  },
);

onEither(
  "two people of one card are two clients of the day; two hundred records are listed, the rest is said",
  async () => {
    await using salon = await tillSalon({}, 34_024);
    const { olga, sql } = salon;
    for (const [record, at] of [
      [1, "11"],
      [2, "12"],
    ] as const)
      await visit(salon, { record, at: `2026-03-12T${at}:00:00Z`, price: 700, ...waiting });
    await sql`update visits set paid_full = false, yclients_client_id = 70 + record_id`;
    await sql`insert into yclients_clients (yclients_client_id, client_id, name)
    select 70 + n, c.id, case n when 1 then 'Анна' else 'Глеб' end from clients c, generate_series(1, 2) n`;
    await olga.say("/today");
    expect(labels(olga)).toEqual(["14:00 Анна · 700 ₽", "15:00 Глеб · 700 ₽"]);
    await sql`insert into visits (record_id, company_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
      services_paid, goods_paid, read_at, decision)
    select 1000 + n, 1, 1, '2026-03-12T06:00:00Z'::timestamptz + n * interval '1 minute', '2026-03-12', false, false, 0, 1, 0, 0,
      now(), 'not_paid' from generate_series(1, 201) n`;
    expect(await ask(olga, "/today")).toEndWith("Ещё 3 визита здесь нет: ищите по имени или телефону.");
  },
);

test.both("a day in one word and a key's label, as people type them, are no client's name", async (salon) => {
  const { olga } = salon;
  await day(salon);
  const under = async (words: string) => [await ask(olga, words), olga.lastMessage()?.inline];
  const today = await under("/today");
  for (const words of ["Сегодня", "сегодня", "Сегодня ", "СЕГОДНЯ!", "today"])
    expect(await under(words)).toEqual(today);
  const tomorrow = await under("/today завтра");
  expect(tomorrow).not.toEqual(today);
  for (const words of ["завтра", " Завтра ", "tomorrow"]) expect(await under(words)).toEqual(tomorrow);
  for (const words of ["помощь", "Help"]) expect(await under(words)).toEqual(await under("/help"));
  await ask(olga, PHONE, "Начислить");
  expect(await ask(olga, "завтра")).toBe(String(tomorrow[0]));
  const wrong = await olga.say("затра");
  expect(last(olga)).toContain("Не понял сумму");
  await olga.edit(wrong.message?.message_id ?? 0, "завтра");
  expect(last(olga)).toBe(String(tomorrow[0]));
  expect(await ask(olga, "Анна")).toContain("…4567");
});

onEither("an empty day, a record that is gone, and whoever does not work here", async (salon) => {
  const { olga, anna } = salon;
  expect(await ask(olga, "/today")).toBe(
    "Сегодня, 12 марта: записей нет. Клиента можно найти по имени или телефону.",
  );
  await visit(salon, { record: 9, at: "2026-03-12T10:00:00Z", price: 3500, ...waiting });
  await olga.say("/today");
  await salon.sql`update visits set deleted = true`;
  expect(await tap(olga, "13:00")).toBe("Этой записи уже нет. Откройте список заново: /today");
  await salon.sql`update visits set deleted = false`;
  const before = salon.said(601).length;
  await ask(
    anna,
    "/today",
    { data: "td:o:9" },
    { data: "td:p:0" },
    { data: "today:list:paid:0" },
    { data: "today:client:9:1" },
  );
  expect(salon.said(501).join("\n")).not.toMatch(/записей|визит|3.500|\/today|…4567/);
  expect(salon.said(601)).toHaveLength(before);
  expect(await salon.sql`select from screens`).toHaveLength(0);
});

onEither(
  "taps on one record at once open one screen, and none is told that the record is gone",
  async (salon) => {
    await visit(salon, { record: 11, at: "2026-03-12T10:00:00Z", price: 3500, ...waiting });
    const till = { bot: 1, db: salon.db, now: salon.clock.now, rules: shop };
    const opened = await Promise.all(Array.from({ length: 8 }, () => openRecord(till, accountHere(601), 11)));
    expect(opened.map((screen) => screen?.asked)).toEqual(Array(8).fill(opened[0]?.asked));
    expect(opened[0]?.step).toBe("card");
  },
);

onEither(
  "a record that has become another card's opens that card, and what was done on the first one stays there",
  async (salon) => {
    const { olga, sql } = salon;
    await give(salon, BORIS, 50_000);
    await visit(salon, { record: 11, at: "2026-03-12T10:00:00Z", price: 3500, ...waiting });
    const goesTo = (phone: string) =>
      sql`update visits set client_id = (select id from clients where phone = ${phone})`;
    expect(await ask(olga, "/today", "13:00 Анна")).toEndWith("Баллами 340 → к оплате 3 160 ₽");
    await goesTo(BORIS);
    expect(await ask(olga, "/today", "13:00")).toEndWith("Баллами 500 → к оплате 3 000 ₽");
    await olga.tap("Списать 500");
    await goesTo(PHONE);
    await ask(olga, "/today", "13:00 Анна", "Списать 340");
    expect(await rows(salon, 2)).toEqual(["spend -500 admin:601", "spend -340 admin:601"]);
  },
);

onEither("an open screen of a record that becomes another card's spends nothing any more", async (salon) => {
  const { olga, sql } = salon;
  await give(salon, BORIS, 50_000);
  await visit(salon, { record: 11, at: "2026-03-12T10:00:00Z", price: 3500, ...waiting });
  await sql`update visits set yclients_client_id = 77, paid_full = false`;
  await sql`insert into yclients_clients (yclients_client_id, client_id, name)
    select 77, id, 'Анна' from clients where phone = ${PHONE}`;
  const opens = async () => {
    await ask(olga, "/today", "13:00");
    return last(olga);
  };
  expect(await opens()).toContain("Баллами 340");
  const terms = { percent: 100, earnOn: "services", earnWhen: "paid", paidBy: "payments" } as const;
  const read = await journalOf(salon, terms);
  const later = { visitId: null, changedAt: null, readAt: new Date(Date.now() + 1_000) };
  // The salon corrects the phone; the record itself is not read again.
  const corrected = { id: 77, name: null, phone: BORIS };
  await read({ recordId: 12, deleted: true, client: corrected, ...later });
  await olga.tap("Списать 340");
  expect(await rows(salon, 2)).toEqual([]);
  expect(await opens()).toContain("Баллами 500");
  // The record is given to another client, and read again.
  await read({ recordId: 11, client: { id: 78, name: null, phone: PHONE }, ...later });
  await olga.tap("Списать 500");
  expect(await rows(salon, 2)).toEqual([]);
  expect(await opens()).toContain("Баллами 340");
  await olga.tap("Списать 340");
  expect(await rows(salon, 2)).toEqual(["spend -340 admin:601"]);
});
