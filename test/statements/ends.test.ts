// Until when points may be spent, on the accountant's papers and the client's: as it stood at the end of any day.
import { expect, test } from "bun:test";
import { linkedAnna, PHONE, row, visit } from "../helpers/past.ts";
import type { SalonBot } from "../helpers/salon-bot.ts";
import { ask } from "../helpers/till-salon.ts";
import { ledgerSum, printed } from "./printed.ts";

/** Earned points live three months. 1 March: +35; 2 April: +10; 5 April: −20 from what ends first; 8 April: given back. */
async function april(): Promise<SalonBot> {
  const salon = await linkedAnna();
  await salon.sql`insert into lives (life, months, day) values ('earned', 3, '2026-01-01')`;
  await visit(salon, 1, { day: "2026-03-01", price: 3500, decision: "awarded" });
  await row(salon, { day: "2026-03-01", kind: "award", points: 35, record: 1, paid: 3500 });
  await row(salon, { day: "2026-04-02", kind: "credit", points: 10 });
  const spend = await row(salon, { day: "2026-04-05", kind: "spend", points: -20, paid: 100 });
  await row(salon, { day: "2026-04-08", kind: "undo", points: 20, corrects: spend });
  return salon;
}

const endings = (csv: string) => csv.split("\r\n").filter((line) => line.startsWith("ends,"));

test("a statement says what of its closing ends when, as it stood that day", async () => {
  await using salon = await april();
  const to = async (day: string) =>
    endings(await printed(salon, "statement", "--phone", PHONE, "--to", day, "--csv"));
  expect(await to("2026-02-28")).toEqual([]);
  expect(await to("2026-03-31")).toEqual(["ends,2026-06-30,,,35.00,,,"]);
  expect(await to("2026-04-05")).toEqual(["ends,2026-06-30,,,15.00,,,", "ends,2026-07-31,,,10.00,,,"]);
  expect(await to("2026-04-08")).toEqual(["ends,2026-06-30,,,35.00,,,", "ends,2026-07-31,,,10.00,,,"]);
  const text = await printed(salon, "statement", "--phone", PHONE);
  expect(text).toContain(`На конец: 45 баллов
Из них сгорят после 30 июня 2026: 35 баллов
Из них сгорят после 31 июля 2026: 10 баллов
`);
});

test("a client reads the two nearest ends, and all of them in the files", async () => {
  await using salon = await april();
  await row(salon, { day: "2026-05-02", kind: "credit", points: 1 });
  salon.clock.now = new Date("2026-05-12T12:00:00Z");
  expect(await ask(salon.anna, "/statement")).toEndWith(`На конец: 46 баллов
Из них сгорят после 30 июня 2026: 35 баллов
Из них сгорят после 31 июля 2026: 10 баллов`);
});

test("what is owed is parted by its ends, and the parts sum to the ledger on every day", async () => {
  await using salon = await april();
  await salon.sql`insert into clients (phone) values ('+79000000002'), ('+79000000003')`;
  await row(salon, { day: "2026-04-03", kind: "credit", points: 100.01, phone: "+79000000002" });
  await row(salon, { day: "2026-04-04", kind: "opening", points: -30, phone: "+79000000003" });
  for (const day of ["01", "02", "03", "04", "05", "06", "07", "08", "09"]) {
    const csv = await printed(salon, "owed", "--as-of", `2026-04-${day}`, "--csv");
    const lines = csv.trim().split("\r\n").slice(1);
    const cents = lines.reduce((sum, line) => sum + Math.round(Number(line.split(",")[2]) * 100), 0);
    const next = `2026-04-${String(Number(day) + 1).padStart(2, "0")}`;
    expect([day, (cents / 100).toFixed(2)]).toEqual([day, await ledgerSum(salon, next)]);
  }
  expect((await printed(salon, "owed", "--as-of", "2026-04-05", "--csv")).trim().split("\r\n")).toEqual([
    "card,ends,points",
    "1,2026-06-30,15.00",
    "1,2026-07-31,10.00",
    "2,2026-07-31,100.01",
    "3,,-30.00",
  ]);
  expect(await printed(salon, "owed", "--as-of", "2026-04-05")).toContain(`
Месяц окончания   Баллы
июнь 2026            15
июль 2026        110,01
Без срока             0

Карты с баллами (2): 125,01 балла
Карты ниже нуля (1): −30 баллов
Сумма журнала баллов: 95,01 балла
`);
});

test("points that end on different days of a month stand under the month, not under its last day", async () => {
  await using salon = await linkedAnna();
  await salon.sql`insert into lives (life, days, day) values ('earned', 90, '2026-01-01')`;
  await row(salon, { day: "2026-03-03", kind: "credit", points: 35 });
  await row(salon, { day: "2026-03-05", kind: "credit", points: 10 });
  const ends = ["card,ends,points", "1,2026-06-01,35.00", "1,2026-06-03,10.00"];
  expect((await printed(salon, "owed", "--csv")).trim().split("\r\n")).toEqual(ends);
  expect(await printed(salon, "owed")).toMatch(/\nиюнь 2026 +45\n/);
  expect(await printed(salon, "owed", "--language", "en")).toContain("\nJune 2026 ");
});

test("where the clock stands still nothing is said to end", async () => {
  await using salon = await april();
  await salon.sql`insert into lives (life, months, day) values ('earned', null, '2026-04-20')`;
  expect(endings(await printed(salon, "statement", "--phone", PHONE, "--csv"))).toEqual([]);
  expect(await printed(salon, "owed")).not.toContain("Без срока");
});

test("a card whose ends are still to be found is not said to have none", async () => {
  await using salon = await april();
  await salon.sql`insert into unlotted values (99)`;
  expect(await printed(salon, "owed")).toContain(
    "Сроки ещё считаются, карт: 1. Их баллы пока стоят без срока.",
  );
  expect(await printed(salon, "owed", "--language", "en")).not.toMatch(/[а-яё]/i);
});
