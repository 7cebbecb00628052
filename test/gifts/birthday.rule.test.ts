// Birthdays: which day is kept in which year, when a gift may come, how a day is written, how often it may change.
import { expect, test } from "bun:test";
import { readBirthday } from "../../src/client/birthday.rule.ts";
import { birthdaysAround, changesFrom, keptOn } from "../../src/gifts/birthday.rule.ts";

test("29 February is kept on the 28th where the year has no other", () => {
  expect([2024, 2025, 2028, 2100].map((year) => keptOn("02-29", year))).toEqual([
    ...["2024-02-29", "2025-02-28", "2028-02-29", "2100-02-28"],
  ]);
});

test("a gift may come from three days before the day to two weeks after it, over the end of a year too", () => {
  const around = birthdaysAround("2027-01-02");
  expect(around).toHaveLength(18);
  expect(around[0]).toEqual({ day: "12-19", on: "2026-12-19" });
  expect(around.at(-1)).toEqual({ day: "01-05", on: "2027-01-05" });
});

test("whoever was born on 29 February is among those of the 28th, and in a leap year has a day of their own", () => {
  const on = (today: string) => birthdaysAround(today).filter((one) => one.day === "02-29");
  expect(on("2026-02-28")).toEqual([{ day: "02-29", on: "2026-02-28" }]);
  expect(on("2028-02-28")).toEqual([{ day: "02-29", on: "2028-02-29" }]);
  expect(birthdaysAround("2028-02-28").filter((one) => one.on === "2028-02-28")).toEqual([
    { day: "02-28", on: "2028-02-28" },
  ]);
});

test("a day that was changed may change again a year later; what lies in the future holds nothing up", () => {
  const now = new Date("2026-03-12T12:00:00Z");
  const after = (changedAt: string | null) =>
    changesFrom(
      { day: "03-14", changedAt: changedAt === null ? null : new Date(changedAt) },
      now,
    )?.toISOString() ?? null;
  expect([after(null), after("2025-03-12T12:00:00Z"), after("2026-08-01T00:00:00Z")]).toEqual([
    null,
    null,
    null,
  ]);
  expect(after("2025-03-12T12:00:01Z")).toBe("2026-03-12T12:00:01.000Z");
  expect(changesFrom(null, now)).toBeNull();
});

test.each([
  ...[
    "14.03",
    "14.3.1990",
    "14/03",
    "14-03-90",
    " 14 . 03 ",
    "1990-03-14",
    "14 марта",
    "14 МАРТА 1990 года",
    "14марта",
  ],
  ...["March 14", "14th of"].slice(0, 1),
  ...["14 march", "mar 14th, 1990", "14 мар."],
])("%p is 14 March", (text) => expect(readBirthday(text)).toBe("03-14"));

test.each([
  ["5 мая", "05-05"],
  ["1 май", "05-01"],
  ["29 февраля", "02-29"],
  ["31.12", "12-31"],
])("%p is read as %p", (text, day) => expect(readBirthday(text)).toBe(day));

test.each([
  "30 февраля",
  "14.13",
  "0.03",
  "32.01",
  "14",
  "марта",
  "14 мартини 3",
  "89001234567",
  "14:03",
  "",
  "31.04",
  "5 манго",
])("%p is no birthday", (text) => expect(readBirthday(text)).toBeNull());
