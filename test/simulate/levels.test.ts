/** The simulator's own rules of levels: what awards are held against must itself be right. */
import { expect, test } from "bun:test";
import { atOnce, levelsOf, percentAt, percentsOf, turnover, type VisitRow } from "./levels.ts";

const day = 86_400_000;
const start = Date.parse("2026-03-10T09:00:00Z");
const levels = levelsOf("0:1,1000:3,5000:5.5");

/** Rows of awards, each so many days later: `[award, kopecks that are paid then, points]`. */
function rows(...of: [award: number, paid: number | null, points: number, days?: number, card?: number][]) {
  return of.map(
    ([award, paid, points, days = 0, card = 1], at): VisitRow => ({
      ...{ id: at + 1, award, card, points, paid },
      at: start + days * day,
    }),
  );
}

test("a level begins with its sum", () => {
  expect([0, 99_999, 100_000, 499_999, 500_000].map((paid) => percentAt(levels, paid))).toEqual([
    100, 100, 300, 300, 550,
  ]);
  expect(levelsOf("off")).toEqual([{ from: 0, percent: 100 }]);
});

test("what is better holds at once, for every sum", () => {
  expect(atOnce(levels, levelsOf("0:2,3000:4"))).toEqual(levelsOf("0:2,1000:3,3000:4,5000:5.5"));
  expect(atOnce(levels, levelsOf("off"))).toEqual(levels);
});

test("paid counts what the visit came to at last, where it holds points", () => {
  const two = rows([1, 100_000, 1_000], [2, 50_000, 500], [1, 30_000, -700], [2, 0, -500]);
  expect([1, 2, 3, 4].map((last) => turnover(two.slice(0, last), 1, start, null))).toEqual([
    100_000, 150_000, 80_000, 30_000,
  ]);
  const moved = rows([1, 100_000, 1_000], [1, null, -1_000], [1, null, 1_000, 0, 2]);
  expect([turnover(moved, 1, start, null), turnover(moved, 2, start, null)]).toEqual([0, 100_000]);
});

test("paid counts visits awarded within so many months alone", () => {
  const two = rows([1, 100_000, 1_000], [2, 50_000, 500, 20]);
  expect([20, 31, 50, 52].map((days) => turnover(two, 1, start + days * day, 1))).toEqual([
    150_000, 150_000, 50_000, 0,
  ]);
});

test("a level that was reached is kept for thirty days at least and seventy at most", () => {
  const refunded = rows([1, 100_000, 1_000], [1, 0, -1_000, 5]);
  const after = (days: number) => percentsOf(levels, refunded, { card: 1, at: start + days * day }, null);
  expect([6, 34, 36, 74, 76].map(after)).toEqual([
    { least: 300, most: 300 },
    { least: 300, most: 300 },
    { least: 100, most: 300 },
    { least: 100, most: 300 },
    { least: 100, most: 100 },
  ]);
});
