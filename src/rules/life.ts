// How long points may be spent: months to the end of the last one, or days.

import type { Points } from "./money.ts";
import { addDays } from "./time.ts";

/** One of the two, a whole number above 0. */
export type Life = { months: number } | { days: number };

/** Which points have such an end of their own. */
export type LifeOf = "earned" | "welcome" | "birthday";

/** Points that may be spent until the end of a day, `YYYY-MM-DD`. */
export interface EndingDay {
  day: string;
  points: Points;
}

/** `12 months`, `1 month`, `30 days`: at most ten years. Undefined for anything else. */
export function readLife(text: string): Life | undefined {
  const [, digits, unit] = /^(\d{1,4})\s*(month|day)s?$/i.exec(text) ?? [];
  const length = Number(digits);
  if (unit?.toLowerCase() === "month") return length >= 1 && length <= 120 ? { months: length } : undefined;
  return length >= 1 && length <= 3_650 ? { days: length } : undefined;
}

/**
 * The last day (`YYYY-MM-DD`) on which points that came on `started` may be spent: so many days later, or the last day of
 * the month that is so many later, so that all points of a month end on one day.
 */
export function lastDay(started: string, life: Life): string {
  if ("days" in life) return addDays(started, life.days);
  const [year = 0, month = 0] = started.split("-").map(Number);
  return new Date(Date.UTC(year, month + life.months, 0)).toISOString().slice(0, 10);
}
