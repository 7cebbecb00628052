// The model's own rules of birthdays, as a person reads them.
import { expect, test } from "bun:test";
import { keptAround, keptIn, wordOf } from "./birthdays.ts";

const at = (date: string) => Date.parse(`${date}T12:00:00Z`);

test("29 February is kept on the 28th where the year has none", () => {
  expect([2027, 2028, 2100].map((year) => keptIn("02-29", year))).toEqual([
    ...["2027-02-28", "2028-02-29", "2100-02-28"],
  ]);
});

test("a gift comes from three days before the day to two weeks after it, also around a new year", () => {
  expect(keptAround("01-02", "2026-12-29")).toEqual([]);
  expect(keptAround("01-02", "2026-12-30")).toEqual(["2027-01-02"]);
  expect(keptAround("12-28", "2027-01-11")).toEqual(["2026-12-28"]);
  expect(keptAround("12-28", "2027-01-12")).toEqual([]);
  expect(keptAround("02-29", "2027-02-25")).toEqual(["2027-02-28"]);
});

test("the first word is no change, and of what comes after it one a year counts", () => {
  const said = [
    { day: "04-01", at: at("2026-03-10") },
    { day: "04-01", at: at("2026-03-11") },
    { day: "05-01", at: at("2026-03-12") },
    { day: "06-01", at: at("2027-03-11") },
    { day: "07-01", at: at("2027-03-13") },
  ];
  const days = ["2026-03-09", "2026-03-10", "2026-03-12", "2027-03-12", "2027-03-14"];
  expect(days.map((day) => wordOf(said, at(day))?.day)).toEqual([
    ...[undefined, "04-01", "05-01", "05-01", "07-01"],
  ]);
});
