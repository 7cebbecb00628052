// What a trial has to have seen for spends to settle in a branch.

import type { Obstacle } from "./settlement.rule.ts";

/** What was seen, as far as it decides. Null: not seen. */
interface Seen {
  sum_exact: boolean | null;
  left_falls_once: boolean | null;
  record_price_falls: boolean | null;
  listed_with_visit: boolean | null;
  paid_full: boolean | null;
  unlimited: boolean | null;
  all_back: boolean | null;
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
export function trialFaults(seen: Seen, paidBy: "payments" | "prices"): TrialFault[] {
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
  ...(["record_gone", "no_show", "no_visit", "other_client", "receipt", "locked", "paid"] as const),
  ...(["certificate", "foreign_rows", "too_little_left", "two_cards", "prices_unclear", "by_hand"] as const),
]);

/** Whether it says nothing of the journal. */
export function isOfTheVisit(why: Obstacle): boolean {
  return ofTheVisit.has(why);
}
