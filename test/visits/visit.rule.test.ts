/** Tests of the rule: which word decides a visit, in which order, what counts as paid, and what is not believed. */
import { expect, test } from "bun:test";
import {
  type Doubt,
  decide,
  doubt,
  paidSum,
  rowsDue,
  type Terms,
  type VisitState,
  type Word,
} from "../../src/visits/visit.rule.ts";

const terms: Terms = { percent: 100, earnOn: "services,goods", earnWhen: "paid", paidBy: "payments" };
const start = "2026-03-01";
const stamp = new Date("2026-03-12T12:00:00Z");

/** A visit paid in full, 3 000.00 for services and 500.00 for goods, but for what is given. */
function visit(changes: Partial<VisitState> = {}): VisitState {
  return {
    day: "2026-03-12",
    deleted: false,
    paidFull: true,
    attendance: 1,
    hasClient: true,
    forgotten: false,
    price: 320_000,
    servicesPaid: 300_000,
    goodsPaid: 50_000,
    changedAt: stamp,
    ...changes,
  };
}

const decisions: [changes: Partial<VisitState>, word: Word, points: number, paid: number | null][] = [
  [{}, "awarded", 3500, 350_000],
  [{ attendance: 0 }, "awarded", 3500, 350_000],
  [{ attendance: 2 }, "awarded", 3500, 350_000],
  [{ day: start }, "awarded", 3500, 350_000],
  [{ price: 0 }, "awarded", 3500, 350_000],
  [{ goodsPaid: -50_000 }, "awarded", 2500, 250_000],
  [{ servicesPaid: 50, goodsPaid: 0 }, "awarded", 1, 50],
  [{ servicesPaid: 49, goodsPaid: 0 }, "too_little", 0, 49],
  [{ servicesPaid: 0, goodsPaid: 0 }, "nothing_paid", 0, 0],
  [{ servicesPaid: -1, goodsPaid: 0 }, "nothing_paid", 0, -1],
  [{ servicesPaid: null, goodsPaid: null }, "payment_unknown", 0, null],
  [{ paidFull: false }, "paid_in_part", 0, 350_000],
  [{ paidFull: false, servicesPaid: 0, goodsPaid: 0 }, "not_paid", 0, 0],
  [{ paidFull: false, servicesPaid: null, goodsPaid: null }, "not_paid", 0, null],
  [{ day: "2026-02-28" }, "before_start", 0, 350_000],
  [{ forgotten: true }, "forgotten", 0, 350_000],
  [{ hasClient: false }, "no_client", 0, 350_000],
  [{ attendance: -1 }, "no_show", 0, 350_000],
  [{ deleted: true }, "deleted", 0, 350_000],
];

test.each(decisions)("a visit with %j is %s", (changes, word, points, paid) => {
  expect(decide(visit(changes), terms, start)).toEqual({ word, points, paid });
});

test("of several reasons the first one in this order is the word", () => {
  const reasons: [Partial<VisitState>, Word][] = [
    [{ deleted: true }, "deleted"],
    [{ attendance: -1 }, "no_show"],
    [{ hasClient: false }, "no_client"],
    [{ forgotten: true }, "forgotten"],
    [{ day: "2026-02-28" }, "before_start"],
    [{ paidFull: false }, "not_paid"],
    [{ attendance: 0 }, "not_arrived"],
    [{ servicesPaid: null, goodsPaid: null }, "payment_unknown"],
  ];
  const arrived: Terms = { ...terms, earnWhen: "arrived" };
  for (let at = 0; at < reasons.length; at++) {
    const left = reasons.slice(at);
    const state = Object.assign(visit(), ...left.map(([changes]) => changes).reverse());
    expect(decide(state, arrived, start).word).toBe(left[0]?.[1] ?? "awarded");
  }
});

test("the programme's start decides first awards only", () => {
  expect(decide(visit({ day: "2020-01-01" }), terms, null).word).toBe("awarded");
});

test("with EARN_WHEN=arrived only a visit marked as held earns", () => {
  const arrived: Terms = { ...terms, earnWhen: "arrived" };
  const words = [-1, 0, 1, 2].map((attendance) => decide(visit({ attendance }), arrived, start).word);
  expect(words).toEqual(["no_show", "not_arrived", "awarded", "not_arrived"]);
});

const paidSums: [changes: Partial<Terms>, state: Partial<VisitState>, paid: number | null][] = [
  [{}, {}, 350_000],
  [{ earnOn: "services" }, {}, 300_000],
  [{ paidBy: "prices" }, {}, 320_000],
  [{ paidBy: "prices", earnOn: "services" }, {}, 320_000],
  [{}, { servicesPaid: null, goodsPaid: null }, null],
  [{ earnOn: "services" }, { servicesPaid: null, goodsPaid: null }, null],
  [{ paidBy: "prices" }, { servicesPaid: null, goodsPaid: null }, 320_000],
];

test.each(paidSums)("under %j with %j the paid sum is right", (changes, state, paid) => {
  expect(paidSum(visit(state), { ...terms, ...changes })).toBe(paid);
});

const later = new Date("2026-03-12T12:00:01Z");
const unknown = { servicesPaid: null, goodsPaid: null };
const doubts: [
  before: Partial<VisitState>,
  now: Partial<VisitState>,
  changes: Partial<Terms>,
  doubt: Doubt | null,
][] = [
  [{}, {}, {}, null],
  [{}, { servicesPaid: 300_001 }, {}, null],
  [{}, { servicesPaid: 299_999 }, {}, "payment_fell"],
  [{}, { servicesPaid: 0, goodsPaid: 0 }, {}, "payment_fell"],
  [{}, { servicesPaid: 299_999, changedAt: later }, {}, null],
  [{}, { servicesPaid: 0, goodsPaid: 0, changedAt: later }, {}, null],
  [{ changedAt: null }, { servicesPaid: 1, changedAt: null }, {}, "payment_fell"],
  [{ paidFull: false }, { servicesPaid: 1 }, {}, null],
  [{}, { servicesPaid: 1, paidFull: false }, {}, null],
  [{}, { servicesPaid: 1, deleted: true }, {}, null],
  [{}, { servicesPaid: 1, attendance: -1 }, {}, null],
  [{ ...unknown }, { servicesPaid: 1 }, {}, null],
  [{}, { goodsPaid: 0 }, {}, "payment_fell"],
  [{}, { goodsPaid: 0 }, { earnOn: "services" }, null],
  [{}, { price: 1 }, {}, null],
  [{}, { price: 1 }, { paidBy: "prices" }, "payment_fell"],
  [{}, { price: 1, changedAt: later }, { paidBy: "prices" }, null],
  [{}, unknown, {}, "payment_unknown"],
  [{}, { ...unknown, changedAt: later }, {}, "payment_unknown"],
  [{}, { ...unknown, paidFull: false }, {}, null],
  [{}, { ...unknown, deleted: true }, {}, null],
  [{}, unknown, { paidBy: "prices" }, null],
  [{}, { hasClient: false }, {}, null],
  [{}, { ...unknown, hasClient: false }, {}, "payment_unknown"],
  [{}, { ...unknown, forgotten: true }, {}, "payment_unknown"],
  [{}, { hasClient: false, paidFull: false }, {}, null],
  [{}, { hasClient: false, deleted: true }, {}, null],
  [{}, { hasClient: false, attendance: -1 }, {}, null],
  [{}, { forgotten: true }, {}, null],
  [{}, { attendance: 0 }, { earnWhen: "arrived" }, null],
];

test.each(doubts)("after %j the answer %j under %j is doubted: %p", (before, now, changes, doubted) => {
  expect(doubt(visit(before), visit(now), { ...terms, ...changes })).toBe(doubted);
});

/** Cards and points, as "1 3500, 2 100". */
const sums = (text: string) =>
  text === "" ? [] : text.split(", ").map((one) => one.split(" ").map(Number) as [number, number]);

const rows: [posted: string, card: number | null, points: number, rows: string][] = [
  ["", 1, 3500, "1 3500"],
  ["", 1, 0, ""],
  ["", null, 0, ""],
  ["1 3500", 1, 3500, ""],
  ["1 3500", 1, 4000, "1 500"],
  ["1 3500", 1, 0, "1 -3500"],
  ["1 3500", null, 0, "1 -3500"],
  ["1 0", 1, 3500, "1 3500"],
  ["1 3500", 2, 4000, "1 -3500, 2 4000"],
  ["1 3500", 2, 0, "1 -3500"],
  ["2 100, 1 3500", 2, 100, "1 -3500"],
  ["1 0, 2 3500", 1, 3500, "2 -3500, 1 3500"],
];

test.each(rows)("from %p to card %p with %p points the rows are %p", (posted, card, points, expected) => {
  const made = rowsDue(new Map(sums(posted)), card, points);
  expect(made).toEqual(sums(expected).map(([on, sum]) => ({ card: on, points: sum })));
});
