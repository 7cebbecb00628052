// Other terms on a card's stored visits: what they would have made, month by month.
import { describe, expect, test } from "bun:test";
import {
  emptySheet,
  type Trial,
  type TriedMonth,
  type TriedSpend,
  type TriedVisit,
  tryCard,
} from "../../src/visits/trial.rule.ts";
import { usual } from "../helpers/ledger.ts";

const year: Trial = {
  ...{ terms: usual, levels: null, over: null, live: null },
  ...{ from: "2026-01-01", to: "2026-12-31" },
};

const visit = (day: string, roubles: number, changes: Partial<TriedVisit> = {}): TriedVisit => ({
  ...{ day, deleted: false, paidFull: true, attendance: 1, hasClient: true, forgotten: false },
  ...{ price: roubles * 100, servicesPaid: roubles * 100, goodsPaid: 0, changedAt: null },
  ...{ start: "2026-01-01", given: 0, taken: null, ...changes },
});
const spend = (day: string, taken: number, held: number): TriedSpend => ({
  ...{ day, taken: taken * 100, held: held * 100 },
});

/** The months of which there is anything: of a count its number, of points whole ones. */
function tried(
  changes: Partial<Trial>,
  ...cards: (TriedVisit | TriedSpend)[][]
): Record<string, Partial<TriedMonth>> {
  const trial = { ...year, ...changes };
  const sheet = emptySheet(trial);
  for (const acts of cards) tryCard(trial, acts, sheet);
  const said = [...sheet.months].map(([month, { points, given, ended, ...counts }]) => {
    const all = { ...counts, points: points / 100, given: given / 100, ended: ended / 100 };
    return [month, Object.fromEntries(Object.entries(all).filter(([, value]) => value !== 0))] as const;
  });
  return Object.fromEntries(said.filter(([, month]) => Object.keys(month).length > 0));
}

const levels = [
  { from: 0, percent: 100 },
  { from: 1_000_000, percent: 500 },
];

describe("a trial", () => {
  test("judges each visit by the rule, whatever was given for it, and says why the rest would have nothing", () => {
    const sheet = emptySheet(year);
    const acts = [
      visit("2026-01-10", 1_000, { given: 1_000 }),
      visit("2026-01-11", 1_000, { attendance: -1 }),
      visit("2026-02-01", 1_000, { paidFull: false }),
      visit("2025-12-31", 1_000),
      visit("2026-03-01", 1_000, { servicesPaid: 0 }),
    ];
    tryCard({ ...year, terms: { ...usual, percent: 300 } }, acts, sheet);
    expect(sheet.months.get("2026-01")).toEqual({
      ...{ visits: 1, points: 3_000, given: 1_000, up: 0, down: 0, ended: 0 },
    });
    // The one before the programme is before the days that are asked about too.
    expect([...sheet.words]).toEqual([
      ["no_show", 1],
      ["paid_in_part", 1],
      ["nothing_paid", 1],
    ]);
    expect([...sheet.months.keys()]).toHaveLength(12);
  });

  test("an award that was is judged whatever the start; one that was not, from the start on", () => {
    const before = { start: "2026-06-01" };
    expect(tried({}, [visit("2026-05-31", 500, before), visit("2026-06-01", 500, before)])).toEqual({
      "2026-06": { visits: 1, points: 5 },
    });
    expect(tried({}, [visit("2026-05-31", 500, { start: null })])).toEqual({
      "2026-05": { visits: 1, points: 5 },
    });
  });

  test("a level holds from the visit after the one that reaches it, also by what was paid before the days asked about", () => {
    const acts = [visit("2026-01-10", 10_000), visit("2026-01-10", 100), visit("2026-02-10", 100)];
    expect(tried({ levels }, acts)).toEqual({
      "2026-01": { visits: 2, points: 105, up: 1 },
      "2026-02": { visits: 1, points: 5 },
    });
    expect(tried({ levels, from: "2026-02-01" }, acts)).toEqual({ "2026-02": { visits: 1, points: 5 } });
    expect(tried({ levels }, [visit("2026-01-10", 9_999), visit("2026-02-10", 100)])).toEqual({
      "2026-01": { visits: 1, points: 99.99 },
      "2026-02": { visits: 1, points: 1, up: 1 },
    });
  });

  test("a level is lost at a month's end alone, when too little of the last months counts", () => {
    const acts = [visit("2026-01-10", 10_000), visit("2026-04-29", 100), visit("2026-05-02", 100)];
    expect(tried({ levels, over: 3 }, acts)).toEqual({
      "2026-01": { visits: 1, points: 100, up: 1 },
      "2026-04": { visits: 1, points: 5, down: 1 },
      "2026-05": { visits: 1, points: 1 },
    });
    // No visit follows: it is lost all the same.
    expect(tried({ levels, over: 3 }, [visit("2026-01-10", 10_000)])["2026-04"]).toEqual({ down: 1 });
    expect(
      tried({ levels, over: 3, to: "2026-04-29" }, [visit("2026-01-10", 10_000)])["2026-04"],
    ).toBeUndefined();
    // Reached within the last 30 days of a month: nobody was warned of that month's end.
    expect(tried({ levels, over: 1 }, [visit("2026-03-05", 9_000), visit("2026-04-02", 2_000)])).toEqual({
      "2026-03": { visits: 1, points: 90 },
      "2026-04": { visits: 1, points: 20, up: 1 },
      "2026-05": { down: 1 },
    });
    expect(tried({ levels }, [visit("2026-01-10", 10_000)])).toEqual({
      "2026-01": { visits: 1, points: 100, up: 1 },
    });
  });

  test("points end with their month, less what was spent of them, the nearest end first", () => {
    const acts = [visit("2026-01-10", 10_000), visit("2026-02-10", 10_000)];
    const live = { months: 1 };
    const [january, february] = [
      { visits: 1, points: 100 },
      { visits: 1, points: 100 },
    ];
    expect(tried({ live }, acts)).toEqual({
      "2026-01": january,
      "2026-02": { ...february, ended: 100 },
      "2026-03": { ended: 100 },
    });
    // Of 200 in truth 150 were spent: here too three quarters of all, January's first.
    expect(tried({ live }, [...acts, spend("2026-02-20", 150, 200)])).toEqual({
      "2026-01": january,
      "2026-02": february,
      "2026-03": { ended: 50 },
    });
    // The same share where other terms make the double.
    const terms = { ...usual, percent: 200 };
    expect(tried({ live, terms }, [...acts, spend("2026-02-20", 150, 200)])["2026-03"]).toEqual({
      ended: 100,
    });
    // It is too late for what has ended, and a card below zero had nothing to take a share of.
    expect(tried({ live }, [...acts, spend("2026-03-01", 100, 200)])).toEqual({
      ...{ "2026-01": january, "2026-02": { ...february, ended: 100 }, "2026-03": { ended: 50 } },
    });
    expect(tried({ live }, [...acts, spend("2026-02-20", 10, -5)])["2026-03"]).toEqual({ ended: 100 });
    // What would end later than the last day asked about has not ended.
    expect(tried({ live, to: "2026-03-30" }, acts)["2026-03"]).toBeUndefined();
  });

  test("each card by itself", () => {
    expect(tried({ levels }, [visit("2026-01-10", 10_000)], [visit("2026-01-11", 100)])).toEqual({
      "2026-01": { visits: 2, points: 101, up: 1 },
    });
  });
});
