/** The simulator's own rules of levels: what awards are held against must itself be right. */
import { expect, test } from "bun:test";
import {
  atOnce,
  levelAt,
  levelsOf,
  monthsBefore,
  percentOf,
  schemeOf,
  type TermsChange,
  termsAfter,
  turnover,
  type VisitRow,
  wordsOf,
} from "./levels.ts";

const day = 86_400_000;
const start = Date.parse("2026-03-10T09:00:00Z");
const levels = levelsOf("0:1,1000:3,5000:5.5");
const ever = Number.NEGATIVE_INFINITY;

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
  expect([0, 99_999, 100_000, 499_999, 500_000].map((paid) => levelAt(levels, paid).percent)).toEqual([
    100, 100, 300, 300, 550,
  ]);
  expect(levelsOf("off")).toEqual([{ from: 0, percent: 100 }]);
});

test("what is better holds at once, for every sum", () => {
  const over = (LEVELS: string, LEVELS_OVER = "all") => schemeOf({ LEVELS, LEVELS_OVER });
  const best = (...[one, other]: [ReturnType<typeof over>, ReturnType<typeof over>]) =>
    wordsOf(atOnce(one, other));
  const has = over("0:1,1000:3,5000:5.5");
  expect(best(has, over("0:2,3000:4"))).toBe("0:2,1000:3,3000:4,5000:5.5 over all");
  expect(best(has, over("off"))).toBe(wordsOf(has));
  expect(best(over("off"), over("0:0.5,4000:1"))).toBe("0:1 over all");
  expect(best(over("off"), over("0:0.5,4000:2", "1 month"))).toBe("0:1,4000:2 over 1");
});

test("where other visits count, the whole of it is better for all, or waits", () => {
  const [month, year] = ["1 month", "12 months"].map((LEVELS_OVER) =>
    schemeOf({ LEVELS: "0:1,1000:3", LEVELS_OVER }),
  );
  const more = schemeOf({ LEVELS: "0:2,1000:3" });
  const mixed = schemeOf({ LEVELS: "0:2,2000:3" });
  if (!month || !year) throw new Error("two schemes");
  expect([atOnce(month, year), atOnce(year, month), atOnce(year, more), atOnce(year, mixed)]).toEqual([
    year,
    year,
    more,
    year,
  ]);
});

test("paid counts what the visit came to at last, where it holds points", () => {
  const two = rows([1, 100_000, 1_000], [2, 50_000, 500], [1, 30_000, -700], [2, 0, -500]);
  expect([1, 2, 3, 4].map((last) => turnover(two.slice(0, last), 1, ever))).toEqual([
    100_000, 150_000, 80_000, 30_000,
  ]);
  const moved = rows([1, 100_000, 1_000], [1, null, -1_000], [1, null, 1_000, 0, 2]);
  expect([turnover(moved, 1, ever), turnover(moved, 2, ever)]).toEqual([0, 100_000]);
});

test("paid counts visits awarded within so many months alone, or behind a row", () => {
  const two = rows([1, 100_000, 1_000], [2, 50_000, 500, 20]);
  const after = (days: number) => turnover(two, 1, monthsBefore(start + days * day, 1));
  expect([20, 31, 50, 52].map(after)).toEqual([150_000, 150_000, 50_000, 0]);
  expect([0, 1, 2].map((row) => turnover(two, 1, ever, row))).toEqual([150_000, 50_000, 0]);
  expect(new Date(monthsBefore(Date.parse("2026-05-31T10:00:00Z"), 3)).toISOString()).toBe(
    "2026-02-28T10:00:00.000Z",
  );
});

test("a level is kept though less counts, and one by hand is better or worse than that", () => {
  const stands = (turnover: number, kept: number, hand: [number, boolean] | null = null) =>
    percentOf(levels, { turnover, kept, hand: hand && { from: hand[0], upwards: hand[1] } });
  expect([stands(0, 100_000), stands(500_000, 100_000), stands(0, 0)]).toEqual([300, 550, 100]);
  expect(stands(100_000, 0, [500_000, true])).toBe(550);
  expect(stands(500_000, 0, [100_000, true])).toBe(550);
  expect(stands(100_000, 0, [0, false])).toBe(100);
  expect(stands(0, 0, [100_000, false])).toBe(100);
});

/** Terms as they come of changes, each of another day; what is accepted holds 31 days later. */
function terms(...of: [days: number, does: "wants" | "accepts", levels: string][]): string[] {
  const changes = of.map(([days, does, LEVELS]): TermsChange => {
    const at = start + days * day;
    const scheme = schemeOf({ LEVELS });
    return { from: at, at, ...(does === "wants" ? { wanted: scheme } : { accepted: scheme }) };
  });
  const days = (since: number) => Math.round((since - start) / day);
  let made: ReturnType<typeof termsAfter> = [];
  // Those at a place hold from when the changes up to it say, which asks for no later one.
  for (let round = 0; round < of.length; round++)
    made = termsAfter(changes, (place) => made[place]?.since[0] ?? Number.POSITIVE_INFINITY);
  return made.map(({ scheme, accepted, since }) => {
    return `${days(since[0])}: ${wordsOf(scheme).split(" ")[0]}${accepted ? ", accepted" : ""}`;
  });
}

test("what is worse for somebody holds a month after it was accepted, and never without", () => {
  const [first, worse] = ["0:1,1000:3", "0:2,2000:3"] as const;
  const wants: [number, "wants", string][] = [
    [0, "wants", first],
    [1, "wants", worse],
  ];
  const best = ["0: 0:1,1000:3", "1: 0:2,1000:3"];
  expect(terms(...wants)).toEqual(best);
  expect(terms(...wants, [2, "accepts", worse], [3, "accepts", worse])).toEqual([
    ...best,
    "32: 0:2,2000:3, accepted",
  ]);
  expect(terms(...wants, [2, "accepts", first])).toEqual(best);
  expect(terms([0, "wants", first], [1, "accepts", worse])).toEqual(["0: 0:1,1000:3"]);
  const accepted = [...best, "32: 0:2,2000:3, accepted"];
  expect(terms(...wants, [2, "accepts", worse], [9, "wants", first])).toEqual([...accepted, "9: 0:2,1000:3"]);
  expect(terms(...wants, [2, "accepts", worse], [40, "wants", first])).toEqual([
    ...accepted,
    "40: 0:2,1000:3",
  ]);
});
