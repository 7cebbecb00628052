/** How long points may be spent: how it is written, and which day is the last. */
import { expect, test } from "bun:test";
import { lastDay, readLife } from "../../src/rules/life.ts";

test.each([
  ["2026-03-12", "12 months", "2027-03-31"],
  ["2026-03-31", "1 month", "2026-04-30"],
  ["2026-03-01", "1 month", "2026-04-30"],
  ["2027-11-30", "3 months", "2028-02-29"],
  ["2026-12-31", "1 month", "2027-01-31"],
  ["2026-12-31", "12 months", "2027-12-31"],
  ["2026-01-15", "120 months", "2036-01-31"],
  ["2026-02-28", "1 day", "2026-03-01"],
  ["2026-12-20", "30 days", "2027-01-19"],
])("points of %s that live %s end on %s", (started, written, last) => {
  const life = readLife(written);
  expect(life && lastDay(started, life)).toBe(last);
});
