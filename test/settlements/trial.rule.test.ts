// What a trial has to have seen.
import { expect, test } from "bun:test";
import { type Obstacle, otherwise } from "../../src/settlements/settlement.rule.ts";
import { isOfTheVisit, trialFaults } from "../../src/settlements/trial.rule.ts";

const well = {
  ...{ sum_exact: true, left_falls_once: true, record_price_falls: true, listed_with_visit: true },
  ...{ bill_falls: false, outlives_payment: null, cancel_returns: true },
  ...{ paid_full: true, unlimited: true, all_back: true, why: null },
};

test("each fact that settling needs is a fault where it is otherwise, and where it was not seen", () => {
  expect(trialFaults(well, "payments")).toEqual([]);
  for (const [fact, fault] of [
    ["sum_exact", "sum"],
    ["left_falls_once", "left"],
    ["listed_with_visit", "not_listed"],
    ["unlimited", "limited"],
    ["all_back", "not_back"],
  ] as const)
    for (const is of [false, null]) expect(trialFaults({ ...well, [fact]: is }, "payments")).toEqual([fault]);
});

test("that a visit counts as paid is a fault only where it was seen that it does not", () => {
  expect(trialFaults({ ...well, paid_full: null }, "payments")).toEqual([]);
  expect(trialFaults({ ...well, paid_full: false }, "payments")).toEqual(["not_paid"]);
});

test("where visits earn on prices, these have to be seen to fall", () => {
  for (const falls of [false, null]) {
    expect(trialFaults({ ...well, record_price_falls: falls }, "payments")).toEqual([]);
    expect(trialFaults({ ...well, record_price_falls: falls }, "prices")).toEqual(["as_money"]);
  }
  expect(trialFaults(well, "prices")).toEqual([]);
});

test("what it was turned back for is the fault, and no other is looked for", () => {
  expect(trialFaults({ ...well, sum_exact: null, why: "short" }, "payments")).toEqual(["short"]);
});

test("what YCLIENTS does otherwise, or refuses, is never laid at the visit's door", () => {
  const journals: Obstacle[] = [...otherwise, "refused", "gone", "card_gone"];
  expect(journals.filter(isOfTheVisit)).toEqual([]);
});
