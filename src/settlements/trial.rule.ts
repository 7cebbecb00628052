// What a trial sees of a journal, and what it has to have seen for spends to settle in a branch.

import type { Obstacle } from "./settlement.rule.ts";

/** What a journal did, by the names under which it is kept; null: it was not seen. */
export interface TrialFacts {
  /** The lines of a sale cost less while points pay a part, so that what was paid by points is not taken off again. */
  bill_falls: boolean;
  /** The services of a record cost less while points pay a part. */
  record_price_falls: boolean | null;
  /** The card paid what was asked, to the kopeck. */
  sum_exact: boolean | null;
  /** What is left to pay fell by that, once. */
  left_falls_once: boolean | null;
  /** The chain's list of withdrawals has it, with its visit. */
  listed_with_visit: boolean | null;
  /** With the rest paid in money the visit counts as paid in full. */
  paid_full: boolean | null;
  /** That payment deleted, the points stayed on the bill. */
  outlives_payment: boolean | null;
  /** Taken off the bill, the points were on the card again. */
  cancel_returns: boolean | null;
  /** The kind of card pays for everything, and all of a bill. */
  unlimited: boolean | null;
  /** In the end all was as before. */
  all_back: boolean | null;
  /** Why it was turned back, where it was. */
  why: Obstacle | null;
}

/** What a journal does otherwise than settling needs it. */
export type TrialFault =
  | Obstacle
  | "sum"
  | "left"
  | "not_listed"
  | "not_paid"
  | "limited"
  | "not_back"
  | "as_money";

/**
 * Each of them, what decides first; none: the trial has passed. That a visit counts as paid is seen only where somebody takes the
 * rest, and is no fault where nobody did. Where visits earn on the prices of a record, these have to fall: points would else earn
 * points.
 */
export function trialFaults(seen: TrialFacts, paidBy: "payments" | "prices"): TrialFault[] {
  if (seen.why !== null) return [seen.why];
  return [
    ...(seen.sum_exact === true ? [] : (["sum"] as const)),
    ...(seen.left_falls_once === true ? [] : (["left"] as const)),
    ...(seen.unlimited === true ? [] : (["limited"] as const)),
    ...(seen.listed_with_visit === true ? [] : (["not_listed"] as const)),
    ...(seen.paid_full === false ? (["not_paid"] as const) : []),
    ...(paidBy === "prices" && seen.record_price_falls !== true ? (["as_money"] as const) : []),
    ...(seen.all_back === true ? [] : (["not_back"] as const)),
  ];
}

/** What is of the visit that was chosen, or of what somebody did meanwhile: another visit may be tried. */
const ofTheVisit: ReadonlySet<Obstacle> = new Set([
  ...(["record_gone", "no_show", "no_visit", "other_client", "receipt", "paid"] as const),
  ...(["certificate", "foreign_rows", "too_little_left", "two_cards", "prices_unclear", "by_hand"] as const),
  ...(["no_phone", "too_much"] as const),
]);

/** Whether it says nothing of the journal. */
export function isOfTheVisit(why: Obstacle): boolean {
  return ofTheVisit.has(why);
}
