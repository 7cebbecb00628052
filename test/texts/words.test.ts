// Numbers, plurals and dates in words.
import { expect, test } from "bun:test";
import { escaped } from "../../src/texts/html.ts";
import { enWords, ruDone, ruWords, softened } from "../../src/texts/words.ts";
import { soft } from "../helpers/soft.ts";

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
    [125_000, "1 250 баллов", "1,250 points"],
    [100_000_001, "1 000 000,01 балла", "1,000,000.01 points"],
    [-1500, "−15 баллов", "−15 points"],
    [-100, "−1 балл", "−1 point"],
  ];
  const said = table.map(([value]) => [value, soft(ruWords.points(value)), soft(enWords.points(value))]);
  expect(said).toEqual(table);
});

test("visits are counted", () => {
  const counted = [0, 1, 2, 4, 5, 11, 14, 21, 22, 101, 1000].map(ruWords.visits);
  expect(counted.map(soft)).toEqual([
    ...["0 визитов", "1 визит", "2 визита", "4 визита", "5 визитов", "11 визитов", "14 визитов"],
    ...["21 визит", "22 визита", "101 визит", "1 000 визитов"],
  ]);
  expect([1, 2].map((count) => soft(enWords.visits(count)))).toEqual(["1 visit", "2 visits"]);
});

test("money, signs and percents", () => {
  expect(ruWords.money(125_000)).toBe("1\u00a0250\u00a0₽");
  expect(ruWords.money(1_152_381)).toBe("11\u00a0523,81\u00a0₽");
  expect([350_050, 5, -100_000].map(ruWords.money)).toEqual([
    ...["3\u00a0500,50\u00a0₽", "0,05\u00a0₽", "−1\u00a0000\u00a0₽"],
  ]);
  expect(enWords.money(125_050)).toBe("1,250.50\u00a0₽");
  expect([ruWords.moneyOf(40_000, 90_000), enWords.moneyOf(40_050, 90_000)].map(soft)).toEqual([
    ...["400 из 900 ₽", "400.50 of 900 ₽"],
  ]);
  expect([3500, -500, 0].map(ruWords.signed)).toEqual(["+35", "−5", "0"]);
  expect([100, 250, 10_000].map(ruWords.percent)).toEqual(["1\u00a0%", "2,5\u00a0%", "100\u00a0%"]);
});

test("a number is never parted from its word", () => {
  for (const words of [ruWords, enWords])
    for (const said of [
      ...[0, 100, 1250, -125_000].flatMap((value) => [
        words.points(value),
        words.change(value),
        words.money(value),
      ]),
      ...[words.visits(4), words.percent(250), words.day("2026-03-12", 2026)],
    ])
      expect(said).not.toContain(" ");
  expect(ruWords.day("2026-03-12", null)).toBe("12\u00a0марта 2026");
  expect(softened(ruWords.points(125_000))).toBe("1 250 баллов");
});

test("what was done agrees with how many", () => {
  const said = [100, 2100, 200, 500, 1100, 1250].map(
    (points) => `${ruDone("Списан", points)} ${soft(ruWords.points(points))}`,
  );
  expect(said).toEqual([
    ...["Списан 1 балл", "Списан 21 балл", "Списано 2 балла", "Списано 5 баллов", "Списано 11 баллов"],
    "Списано 12,5 балла",
  ]);
  expect([3500, -100].map((points) => soft(ruWords.change(points)))).toEqual(["+35 баллов", "−1 балл"]);
});

test("days name the year when it is another one", () => {
  expect(soft(ruWords.day("2026-03-12", 2026))).toBe("12 марта");
  expect(soft(ruWords.day("2025-12-01", 2026))).toBe("1 декабря 2025");
  expect(soft(ruWords.day("2026-05-09", null))).toBe("9 мая 2026");
  expect(soft(enWords.day("2026-03-12", 2026))).toBe("12 March");
  expect(soft(enWords.day("2027-01-31", 2026))).toBe("31 January 2027");
});

test("what HTML must not hold is escaped", () => {
  expect(escaped(`<b>"R&B"</b>`)).toBe("&lt;b&gt;&quot;R&amp;B&quot;&lt;/b&gt;");
});
