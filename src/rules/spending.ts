// How many points may pay a bill, and what bounds them: the rules of spending, as the settings have them.

import { type Kopecks, type Points, pointsFor } from "./money.ts";

/** The same names as in the config; null is a rule that is off. */
export interface SpendRules {
  /** Whole percents of a bill. */
  spendMaxPercent: number;
  /** Whole points, in hundredths. */
  spendStep: Points | null;
  spendLeastBill: Kopecks | null;
  spendOn: "services,goods" | "services";
  /** How often a day points of one card may be spent. */
  cardDailyActs: number | null;
}

/**
 * Why no more points can pay a bill: it is too small, the card was spent from often enough today, the card's balance, what of
 * it does not wait for the next paid visit, the rouble to be left, the services alone, the share of a bill, the admin's day.
 */
export type Bound = "least" | "acts" | "balance" | "waits" | "rouble" | "services" | "share" | "day";

/**
 * A bill to be paid with points. `locked` is what of the balance waits for the next paid visit, `paid` what was paid of the
 * bill before, `services` what services not paid yet cost (null: goods too may be paid), `actsLeft` how often the card may be
 * spent from today, `left` what is left of the admin's day.
 */
interface ToPay {
  bill: Kopecks;
  balance: Points;
  locked?: Points;
  paid?: Kopecks;
  services?: Kopecks | null;
  actsLeft?: number | null;
  left?: Points | null;
}

/** Points in steps: the smallest is a whole one. */
export function stepOf({ spendStep }: Pick<SpendRules, "spendStep">): Points {
  return spendStep ?? 100;
}

/** So many points in whole steps, never below zero. */
export function inSteps(points: Points, step: Points): Points {
  return points <= 0 ? 0 : points - (points % step);
}

/** How many points may pay a bill, in whole steps, and what bounds them. A rouble is always left to pay. */
export function mostPoints(rules: SpendRules, of: ToPay): { points: Points; bound: Bound } {
  const { bill, balance, locked = 0, paid = 0, services = null, actsLeft = null, left = null } = of;
  if (rules.spendLeastBill !== null && bill < rules.spendLeastBill) return { points: 0, bound: "least" };
  if (actsLeft !== null && actsLeft <= 0) return { points: 0, bound: "acts" };
  const payable = services === null ? bill : Math.min(bill, services + paid);
  const share = Number((BigInt(payable) * BigInt(rules.spendMaxPercent)) / 100n);
  const bounds: { bound: Bound; points: Points }[] = [
    { bound: locked > 0 ? "waits" : "balance", points: balance - locked },
    { bound: payable < bill ? "services" : "rouble", points: pointsFor(payable - paid - 100) },
    { bound: "share", points: pointsFor(share) },
    ...(left === null ? [] : [{ bound: "day" as const, points: left }]),
  ];
  // Of two that bound alike the first is told.
  return bounds
    .map(({ bound, points }) => ({ bound, points: inSteps(points, stepOf(rules)) }))
    .reduce((least, one) => (one.points < least.points ? one : least));
}
