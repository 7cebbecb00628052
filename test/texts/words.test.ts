// Numbers, plurals and dates in words.
import { expect, test } from "bun:test";
import { escaped } from "../../src/texts/html.ts";
import { enWords, ruWords } from "../../src/texts/words.ts";

test("points take their form by the number, in Russian and English", () => {
  const table: [number, string, string][] = [
    [0, "0 баллов", "0 points"],
    [24, "0,24 балла", "0.24 points"],
    [100, "1 балл", "1 point"],
    [150, "1,5 балла", "1.5 points"],
    [200, "2 балла", "2 points"],
    [500, "5 баллов", "5 points"],
    [1100, "11 баллов", "11 points"],
    [1200, "12 баллов", "12 points"],
    [1250, "12,5 балла", "12.5 points"],
    [2100, "21 балл", "21 points"],
    [3400, "34 балла", "34 points"],
    [11_100, "111 баллов", "111 points"],
    [11_524, "115,24 балла", "115.24 points"],
    [125_000, "1\u00a0250 баллов", "1,250 points"],
    [100_000_001, "1\u00a0000\u00a0000,01 балла", "1,000,000.01 points"],
    [-1500, "−15 баллов", "−15 points"],
    [-100, "−1 балл", "−1 point"],
  ];
  expect(table.map(([value]) => [value, ruWords.points(value), enWords.points(value)])).toEqual(table);
});

test("visits are counted", () => {
  const counted = [0, 1, 2, 4, 5, 11, 14, 21, 22, 101, 1000].map(ruWords.visits);
  expect(counted).toEqual([
    ...["0 визитов", "1 визит", "2 визита", "4 визита", "5 визитов", "11 визитов", "14 визитов"],
    ...["21 визит", "22 визита", "101 визит", "1\u00a0000 визитов"],
  ]);
  expect([1, 2].map(enWords.visits)).toEqual(["1 visit", "2 visits"]);
});

test("money, signs and percents", () => {
  expect(ruWords.money(125_000)).toBe("1\u00a0250\u00a0₽");
  expect(ruWords.money(1_152_381)).toBe("11\u00a0523,81\u00a0₽");
  expect(enWords.money(125_050)).toBe("1,250.5\u00a0₽");
  expect([3500, -500, 0].map(ruWords.signed)).toEqual(["+35", "−5", "0"]);
  expect([100, 250, 10_000].map(ruWords.percent)).toEqual(["1\u00a0%", "2,5\u00a0%", "100\u00a0%"]);
});

test("days name the year when it is another one", () => {
  expect(ruWords.day("2026-03-12", 2026)).toBe("12 марта");
  expect(ruWords.day("2025-12-01", 2026)).toBe("1 декабря 2025");
  expect(ruWords.day("2026-05-09", null)).toBe("9 мая 2026");
  expect(enWords.day("2026-03-12", 2026)).toBe("12 March");
  expect(enWords.day("2027-01-31", 2026)).toBe("31 January 2027");
});

test("what HTML must not hold is escaped", () => {
  expect(escaped(`<b>"R&B"</b>`)).toBe("&lt;b&gt;&quot;R&amp;B&quot;&lt;/b&gt;");
});
