/** The simulator's own rules of lots and of their ends: what the ledger is held against must itself be right. */
import { describe, expect, test } from "bun:test";
import { endOf, lastDay, type Switch, termOf } from "./ends.ts";
import { type LedgerRow, Lots } from "./lots.ts";

const year = { months: 12 };
const on = (day: string, term: Switch["term"]): Switch => ({ life: "earned", term, day });

describe("the last day", () => {
  test.each([
    ["2026-03-10", "12 months", "2027-03-31"],
    ["2026-11-30", "3 months", "2027-02-28"],
    ["2027-11-01", "3 months", "2028-02-29"],
    ["2026-12-31", "1 month", "2027-01-31"],
    ["2026-03-10", "30 days", "2026-04-09"],
  ])("of points of %p that last %p is %p", (started, term, last) => {
    expect(lastDay(started, termOf(term) ?? year)).toBe(last);
  });

  test("there is none while points live for ever", () => {
    expect(endOf("earned", "2020-01-01", [])).toBeNull();
    expect(endOf("earned", "2020-01-01", [on("2019-01-01", year), on("2020-01-01", null)])).toBeNull();
  });

  test("of what was there at a switch is a full new term after it", () => {
    expect(endOf("earned", "2020-01-01", [on("2026-03-10", year)])).toBe("2027-03-31");
  });

  test("never comes sooner by a shorter term than that from the switch on, nor later than it was", () => {
    const shorter = [on("2026-01-01", year), on("2026-06-10", { months: 3 })];
    expect(endOf("earned", "2026-01-05", shorter)).toBe("2026-09-30");
    expect(endOf("earned", "2026-01-05", [...shorter, on("2026-06-11", { months: 12 })])).toBe("2027-01-31");
    expect(endOf("earned", "2025-07-01", [on("2025-01-01", year), on("2026-07-20", { months: 6 })])).toBe(
      "2026-07-31",
    );
  });

  test("moves by the days that the clock stood", () => {
    const terms = [on("2026-01-01", { days: 30 }), on("2026-01-11", null)];
    expect(endOf("earned", "2026-01-01", terms)).toBeNull();
    expect(endOf("earned", "2026-01-01", [...terms, on("2026-01-21", { days: 30 })])).toBe("2026-02-10");
    expect(endOf("earned", "2026-01-15", [...terms, on("2026-01-21", { days: 30 })])).toBe("2026-02-20");
  });

  test("that is over stays over, whatever is switched", () => {
    const over = [on("2026-01-01", { days: 30 }), on("2026-02-01", null), on("2026-03-01", year)];
    expect(endOf("earned", "2026-01-01", over)).toBe("2026-01-31");
    expect(endOf("earned", "2026-01-02", over)).toBe("2027-01-31");
  });

  test("of points that came back after their end is fourteen days later", () => {
    expect(endOf("returned", "2026-03-10", [on("2026-01-01", { days: 1 })])).toBe("2026-03-24");
  });
});

/** A ledger of these rows, each with what its test says of it. */
function ledger(switches: Switch[] = []) {
  const lots = new Lots((actor) => (actor === "list:2" ? "list:1" : null));
  for (const one of switches) lots.switch(one);
  let id = 0;
  const add = (kind: string, points: number, more: Partial<LedgerRow> = {}) => {
    id += 1;
    const plain = { card: 1, corrects: null, actor: "admin:601", reason: null, day: "2026-03-10" };
    lots.add({ id, kind, points, key: `k${id}`, ...plain, ...more });
    return id;
  };
  const held = (card = 1) => lots.open(card).map((lot) => [lot.row, lot.rest, lot.life, lot.started]);
  return { lots, add, held };
}

describe("points are taken", () => {
  test("by nearest end, then oldest, what lives for ever last", () => {
    const { add, held } = ledger([{ life: "birthday", term: { days: 5 }, day: "2026-01-01" }]);
    add("award", 100);
    add("birthday", 50);
    add("credit", 30);
    add("spend", -120);
    expect(held().map(([row, rest]) => [row, rest])).toEqual([
      [1, 30],
      [3, 30],
    ]);
  });

  test("from waiting ones by no spend, and by a correction last; an award opens them", () => {
    const { add, held, lots } = ledger([{ life: "welcome", term: { days: 5 }, day: "2026-01-01" }]);
    add("welcome", 50);
    add("credit", 50);
    add("spend", -50);
    expect(held().map(([row]) => row)).toEqual([1]);
    add("award", 10);
    add("spend", -20);
    expect(held().map(([row, rest]) => [row, rest])).toEqual([
      [1, 30],
      [4, 10],
    ]);
    expect(lots.debts).toEqual([]);
  });

  test("by a correction from its award first, also from what corrected it upwards", () => {
    const { add, held } = ledger();
    add("credit", 100);
    const award = add("award", 100);
    add("correction", 20, { corrects: award });
    add("correction", -110, { corrects: award });
    expect(held().map(([row, rest]) => [row, rest])).toEqual([
      [1, 100],
      [3, 10],
    ]);
  });

  test("by an undo from what it takes back, by a gift taken back from the gift, by a list from its list", () => {
    const { add, held } = ledger();
    add("credit", 10);
    const credit = add("credit", 20);
    add("undo", -20, { corrects: credit });
    const gift = add("friend", 30);
    add("friend", -30, { corrects: gift });
    add("opening", 40, { actor: "list:1" });
    add("opening", -40, { actor: "list:2" });
    expect(held().map(([row, rest]) => [row, rest])).toEqual([[1, 10]]);
  });

  test("where there are none: a debt, which what comes next pays", () => {
    const { add, held, lots } = ledger();
    const award = add("award", 100);
    add("spend", -80);
    add("correction", -100, { corrects: award });
    expect(lots.debts).toEqual([{ row: 3, card: 1, points: 80 }]);
    add("credit", 100);
    expect(lots.debts).toEqual([]);
    expect(held().map(([row, rest]) => [row, rest])).toEqual([[4, 20]]);
    expect(lots.takings.filter((one) => one.by === 4).map(({ taker, points }) => [taker, points])).toEqual([
      [3, 80],
    ]);
  });
});

describe("points come back", () => {
  test("to the lots that they were taken from", () => {
    const { add, held } = ledger();
    add("award", 100);
    add("award", 50);
    const spend = add("spend", -120);
    add("undo", 120, { corrects: spend });
    expect(held().map(([row, rest]) => [row, rest])).toEqual([
      [1, 100],
      [2, 50],
    ]);
  });

  test("for fourteen days where they have ended meanwhile", () => {
    const { add, held } = ledger([on("2026-01-01", { days: 10 })]);
    add("award", 100);
    add("award", 50, { day: "2026-03-15" });
    const spend = add("spend", -120, { day: "2026-03-15" });
    const back = add("credit", 120, { corrects: spend, day: "2026-03-22" });
    expect(held()).toEqual([
      [2, 50, "earned", "2026-03-15"],
      [back, 100, "returned", "2026-03-22"],
    ]);
  });

  test("on the card that has gone on, with life and start as they were", () => {
    const { add, held } = ledger();
    add("award", 100);
    const spend = add("spend", -100, { day: "2026-03-11" });
    const back = add("undo", 100, { card: 2, corrects: spend, day: "2026-03-12" });
    expect(held(2)).toEqual([[back, 100, "earned", "2026-03-10"]]);
  });

  test("after an expiry to the lot that ended, which a correction then takes", () => {
    const { add, lots, held } = ledger([on("2026-01-01", { days: 10 })]);
    const award = add("award", 100);
    const expiry = add("expiry", -100, { key: "expiry:1.1", corrects: award, day: "2026-03-21" });
    add("expiry", 100, { corrects: expiry, day: "2026-04-01" });
    add("correction", -100, { corrects: award, day: "2026-04-01" });
    expect({ faults: lots.faults, debts: lots.debts, held: held() }).toEqual({
      faults: [],
      debts: [],
      held: [],
    });
  });

  test("and what ends too early, in part, or is not there is a fault", () => {
    const { add, lots } = ledger([on("2026-01-01", { days: 10 })]);
    add("award", 100);
    add("expiry", -100, { key: "expiry:1.1", day: "2026-03-20" });
    add("award", 100);
    add("expiry", -60, { key: "expiry:3.1", day: "2026-03-21" });
    add("expiry", 40, { corrects: 1, day: "2026-03-21" });
    add("expiry", -40, { key: "expiry:9.1", day: "2026-03-21" });
    expect(lots.faults).toHaveLength(4);
  });
});

describe("a pair takes lots along", () => {
  test("with life, start and waiting", () => {
    const { add, lots } = ledger();
    add("welcome", 50);
    add("award", 100, { card: 3 });
    add("move", -50, { key: "till:1:from" });
    add("move", 50, { card: 2, key: "till:1:to", day: "2026-03-12" });
    expect(lots.open(2)).toMatchObject([
      { life: "welcome", started: "2026-03-10", waits: true, points: 50, rest: 50 },
    ]);
  });

  test("and what the first half could not take is new", () => {
    const { add, held, lots } = ledger();
    const award = add("award", 100);
    add("spend", -70);
    const moved = { corrects: award, reason: "moved", day: "2026-03-12" };
    add("correction", -100, moved);
    const to = add("correction", 100, { ...moved, card: 2 });
    expect(held(2)).toEqual([
      [to, 30, "earned", "2026-03-10"],
      [to, 70, "earned", "2026-03-12"],
    ]);
    add("opening", 70, { key: "opening:1:from" });
    add("opening", -70, { key: "opening:1:to", card: 2 });
    expect(lots.debts).toEqual([]);
    expect(held(1)).toEqual([]);
  });

  test("taken back, the other way, from what came by it", () => {
    const { add, held } = ledger();
    add("award", 100);
    add("award", 20, { card: 2, day: "2026-01-01" });
    const first = add("move", -100, { key: "till:1:from" });
    add("move", 100, { card: 2, key: "till:1:to" });
    add("move", -100, { card: 2, key: "undo:3:from", corrects: first + 1 });
    const back = add("move", 100, { key: "undo:3:to", corrects: first });
    expect([held(1), held(2)]).toEqual([
      [[back, 100, "earned", "2026-03-10"]],
      [[2, 20, "earned", "2026-01-01"]],
    ]);
  });
});
