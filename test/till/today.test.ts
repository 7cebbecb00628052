// `/today`: the day's records in order, a page at a time, and one tap to the client with the bill.

import { expect } from "bun:test";
import { openRecord } from "../../src/till/today.ts";
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

test("the branch's day by time: name, price, state; one tap opens the client with the bill, another spends", async (salon) => {
  const { olga } = salon;
  await day(salon);
  await olga.say("/today");
  // 23:30 Moscow of the 11th is 17's; 00:30 of the 13th is 16's.
  expect(last(olga)).toBe(
    "Сегодня, 12 марта: записей 4\n10:00 Анна, 900 ₽ · оплачен\n11:00 Анна, 700 ₽ · неявка\n" +
      "13:00 Анна, 3 500 ₽ · ждём\n18:00 Борис <b>, 1 250 ₽ · ждём",
  );
  expect(labels(olga)).toEqual([
    ...["10:00 Анна · 900 ₽", "11:00 Анна · 700 ₽", "13:00 Анна · 3 500 ₽", "18:00 Борис <b> · 1 250 ₽"],
  ]);
  expect(await tap(olga, "13:00 Анна")).toEndWith("Счёт 3 500 ₽. Баллами 340 → к оплате 3 160 ₽");
  expect(await tap(olga, "Списать 340")).toStartWith("✅ Списано 340. Примите 3 160 ₽.");
  expect(await rows(salon)).toEqual(["spend -340 admin:601"]);
});

test("a record tapped again shows what was done; after an undo it can be done anew", async (salon) => {
  const { olga } = salon;
  await day(salon);
  await ask(olga, "/today", "13:00 Анна");
  await olga.tapAgain();
  await olga.tap("Списать 340");
  expect(await ask(olga, "/today", "13:00 Анна")).toStartWith("✅ Списано 340.");
  await olga.tap("Отменить до 14:32");
  await ask(olga, "/today", "13:00 Анна", "Списать 340");
  expect(await rows(salon)).toEqual(["spend -340 admin:601", "undo 340 admin:601", "spend -340 admin:601"]);
});

test("however often it was spent and undone in a day, a record opens; what is done now is shown", async (salon) => {
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
});

test("another day than today's: in words and numbers, with its pages; what is no day is said", async () => {
  await using salon = await tillSalon({}, 100);
  const { olga } = salon;
  for (let at = 0; at < 12; at++)
    await visit(salon, {
      ...{ record: 100 + at, at: new Date(Date.parse("2026-03-13T05:00:00Z") + at * 600_000).toISOString() },
      ...{ price: 1000 + at, ...waiting },
    });
  await visit(salon, { record: 11, at: "2026-03-11T10:00:00Z", price: 3500, ...waiting });
  const hears = hearing(olga, "toStartWith");
  for (const text of ["завтра", "Завтра", "13.03", "13.3.2026", "2026-03-13", "tomorrow"])
    await hears(`/today ${text}`, "Завтра, 13 марта: записей 12, страница 1 из 2\n08:00 Анна, 1 000 ₽");
  await olga.tap("Позже");
  expect(last(olga)).toStartWith("Завтра, 13 марта: записей 12, страница 2 из 2\n09:40 Анна, 1 010 ₽");
  expect(await tap(olga, "Раньше")).toContain("страница 1 из 2");
  expect(await tap(olga, "08:00")).toContain("Счёт 1 000 ₽.");
  await hears("/today вчера", "Вчера, 11 марта: записей 1\n13:00 Анна, 3 500 ₽");
  await hears("/today 31.12", "31 декабря 2025: записей нет.");
  await hears("/today сегодня", "Сегодня, 12 марта: записей нет.");
  for (const text of ["мартобря", "30.02", "2026-13-01", "завтра утром", "89001234567"])
    await hears(`/today ${text}`, `Не понял день «${text}». Напишите так: /today завтра или /today 12.03`);
  expect(await tap(olga, { data: "td:p:0:2026-99-99" })).toStartWith("Сегодня, 12 марта");
});

test("a visit paid in part says how much of it", async () => {
  await using salon = await tillSalon({}, 100);
  await visit(salon, {
    record: 1,
    at: "2026-03-12T07:00:00Z",
    price: 900,
    paid: 400,
    decision: "paid_in_part",
  });
  expect(await ask(salon.olga, "/today")).toEndWith("10:00 Анна, 900 ₽ · оплачено 400 из 900 ₽");
});

test("ten to a page, forty at most: what began hours ago gives way to what is to come", async () => {
  await using salon = await tillSalon({}, 100);
  const { olga } = salon;
  for (let at = 0; at < 43; at++) {
    const time = new Date(Date.parse("2026-03-12T05:00:00Z") + at * 600_000).toISOString();
    await visit(salon, { record: 100 + at, at: time, price: 1000 + at, ...waiting });
  }
  await salon.sql`update visits set paid_full = false`;
  await olga.say("/today");
  expect(last(olga)).toStartWith("Сегодня, 12 марта: записей 43, страница 1 из 4\n08:30 Анна, 1 003 ₽");
  expect(labels(olga)).toHaveLength(11);
  for (const _ of [2, 3, 4]) await olga.tap("Позже");
  expect(last(olga)).toContain("страница 4 из 4\n13:30 Анна, 1 033 ₽");
  expect(last(olga)).toEndWith("15:00 Анна, 1 042 ₽ · ждём\nОстальных (3) ищите по телефону.");
  expect(labels(olga).at(-1)).toBe("← Раньше");
  expect(salon.said(601)).toHaveLength(1);
});

test("an empty day, a record that is gone, and whoever does not work here", async (salon) => {
  const { olga, anna } = salon;
  expect(await ask(olga, "/today")).toBe("Сегодня, 12 марта: записей нет. Клиента можно найти по телефону.");
  await visit(salon, { record: 9, at: "2026-03-12T10:00:00Z", price: 3500, ...waiting });
  await olga.say("/today");
  await salon.sql`update visits set deleted = true`;
  expect(await tap(olga, "13:00")).toBe("Этой записи уже нет. Откройте список заново: /today");
  await salon.sql`update visits set deleted = false`;
  const before = salon.said(601).length;
  await ask(anna, "/today", { data: "td:o:9" }, { data: "td:p:0" });
  expect(salon.said(501).join("\n")).not.toMatch(/записей|3.500|\/today|…4567/);
  expect(salon.said(601)).toHaveLength(before);
  expect(await salon.sql`select from screens`).toHaveLength(0);
});

test("taps on one record at once open one screen, and none is told that the record is gone", async (salon) => {
  await visit(salon, { record: 11, at: "2026-03-12T10:00:00Z", price: 3500, ...waiting });
  const till = { bot: 1, db: salon.db, now: salon.clock.now, rules: shop };
  const opened = await Promise.all(Array.from({ length: 8 }, () => openRecord(till, "telegram:601", 11)));
  expect(opened.map((screen) => screen?.asked)).toEqual(Array(8).fill(opened[0]?.asked));
  expect(opened[0]?.step).toBe("card");
});

test("a record that has become another card's opens that card, and what was done on the first one stays there", async (salon) => {
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
});

test("an open screen of a record that becomes another card's spends nothing any more", async (salon) => {
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
