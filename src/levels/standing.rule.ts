// Which level a card is on, when it rises, and when it may fall: pure decisions, of days and sums.

import type { Percent } from "../rules/ids.ts";
import type { Level } from "../rules/levels.rule.ts";
import type { Kopecks } from "../rules/money.ts";
import { addDays } from "../rules/time.ts";

/** What a programme gives: levels by all paid visits or by those of so many months; without levels one percent for all. */
export interface Scheme {
  levels: readonly Level[] | null;
  /** Null: all visits count. */
  months: number | null;
  /** Of everybody, where there are no levels. */
  percent: Percent;
}

/** What a card's level rests on. */
export interface LevelBasis {
  /** What counts of its paid visits. */
  turnover: Kopecks;
  /** The sum of the level that it has reached and not lost, though less may count by now; 0: none. */
  reached: Kopecks;
  /** A level by hand that runs: of this sum; `upwards` it lifts, else it holds down. */
  hand: { from: Kopecks; upwards: boolean; until: string } | null;
}

/** The place of the level that a sum is on, from 0. */
export function levelAt(levels: readonly Level[], sum: Kopecks): number {
  const above = levels.findIndex(({ from }) => from > sum);
  return (above < 0 ? levels.length : above) - 1;
}

/** The place of a card's level, from 0. */
export function levelPlace(levels: readonly Level[], { turnover, reached, hand }: LevelBasis): number {
  const own = levelAt(levels, Math.max(turnover, reached));
  if (hand === null) return own;
  const given = levelAt(levels, hand.from);
  return hand.upwards ? Math.max(own, given) : Math.min(own, given);
}

/** What a card's next visit earns, in hundredths of a percent. */
export function percentOf(levels: readonly Level[], standing: LevelBasis): Percent {
  return levels[levelPlace(levels, standing)]?.percent ?? 0;
}

/** What a scheme gives to who is on such a sum. */
export function percentAt({ levels, percent }: Scheme, sum: Kopecks): Percent {
  return levels === null ? percent : (levels[levelAt(levels, sum)]?.percent ?? 0);
}

/** Whether two schemes are the same to everybody. */
export function isSame(one: Scheme, other: Scheme): boolean {
  if (one.levels === null || other.levels === null) return one.levels === other.levels;
  return one.months === other.months && writeSteps(one.levels) === writeSteps(other.levels);
}

const writeSteps = (levels: readonly Level[]) => levels.map((one) => `${one.from}:${one.percent}`).join();

/**
 * What may hold at once where another scheme is wanted: nobody earns less by it than by the one in force. Where the same
 * visits count, whichever gives more at each sum; where others do, the wanted one if it is never worse, else what is in force.
 */
export function bestOf(inForce: Scheme, wanted: Scheme): Scheme {
  const { percent } = wanted;
  const apart = inForce.levels !== null && wanted.levels !== null && inForce.months !== wanted.months;
  const sums = [
    ...new Set([inForce, wanted].flatMap(({ levels }) => levels?.map(({ from }) => from) ?? [0])),
  ];
  sums.sort((one, other) => one - other);
  if (apart) {
    const longer = wanted.months === null || (inForce.months !== null && wanted.months > inForce.months);
    const never = longer && sums.every((sum) => percentAt(wanted, sum) >= percentAt(inForce, sum));
    return never ? wanted : inForce;
  }
  const steps = sums.map((from) => ({
    from,
    percent: Math.max(percentAt(inForce, from), percentAt(wanted, from)),
  }));
  const levels = steps.filter((step, at) => step.percent !== steps[at - 1]?.percent);
  if (levels.length < 2) return { levels: null, months: null, percent };
  return { levels, months: (wanted.levels === null ? inForce : wanted).months, percent };
}

/** So many days before a level may be lost its client is warned. */
export const noticeDays = 30;

/** The month's last day for which warnings go out today; null on all days but one of each month. */
export function warnedFor(today: string): string | null {
  const day = addDays(today, noticeDays);
  return isMonthEnd(day) ? day : null;
}

const isMonthEnd = (day: string) => addDays(day, 1).endsWith("-01");

/** The first day whose visits count when a day is over: of so many whole months back; null: all count. */
export function countedFrom(lastDay: string, months: number | null): string | null {
  if (months === null) return null;
  const [year = 0, month = 1, date = 1] = addDays(lastDay, 1).split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 - months, 1));
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date, days));
  return first.toISOString().slice(0, 10);
}

/** The instant so many whole months before, by UTC: visits count from then on. Null: all do. */
export function monthsBefore(at: Date, months: number | null): Date | null {
  if (months === null) return null;
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth() - months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Date.UTC(year, month, Math.min(at.getUTCDate(), last));
  return new Date(day + (at.getTime() % 86_400_000));
}

/** A paid visit that counts: the day on which its points came, and what was paid. */
export interface Counted {
  day: string;
  paid: Kopecks;
}

/** What visits come to on a last day, if none follow. */
function sumOn(lastDay: string, visits: readonly Counted[], months: number | null): Kopecks {
  const from = countedFrom(lastDay, months);
  return visits.reduce((sum, { day, paid }) => (from === null || day >= from ? sum + paid : sum), 0);
}

/**
 * The month's last day on which a card that pays nothing more falls from the level that it holds, and what it lacks then; null
 * where it never does. `warned`: the days to come that it was warned for already. On others it can only fall after a warning of its
 * own.
 */
export function nextFall(
  levels: readonly Level[],
  months: number | null,
  card: { visits: readonly Counted[]; place: number; today: string; warned: readonly string[] },
): { until: string; missing: Kopecks } | null {
  const { visits, place, today, warned } = card;
  const needs = levels[place]?.from ?? 0;
  if (place <= 0) return null;
  const last = addDays(today, 31 * (2 + (months ?? 0)));
  const days = [...warned];
  for (let day = addDays(today, noticeDays); day <= last; day = addDays(day, 1))
    if (isMonthEnd(day)) days.push(day);
  for (const until of days) {
    const missing = needs - sumOn(until, visits, months);
    if (missing > 0) return { until, missing };
  }
  return null;
}

/** The earliest day of a warning that may still take a level on this day: one of which nothing came for so long takes none. */
export const oldestWarning = (today: string): string => addDays(today, -noticeDays);

/**
 * What comes of a warning when its day is over. Who has paid what was missing keeps the level, even where a refund since has
 * taken more away: that is what the next warning is for. One of long ago, from before levels were off, takes nothing.
 */
export function settles(
  warning: { reached: Kopecks; missing: Kopecks; until: string },
  now: { turnover: Kopecks; paidSince: Kopecks; today: string },
): "kept" | "down" {
  if (warning.until < oldestWarning(now.today)) return "kept";
  return now.turnover >= warning.reached || now.paidSince >= warning.missing ? "kept" : "down";
}

/** How a client stands: on which place of how many, and what is between it and the next one, or may be lost. */
export interface LevelShown {
  /** From 1 on. */
  place: number;
  places: number;
  percent: Percent;
  /** The next level, and what is left to it. */
  next: { percent: Percent; left: Kopecks } | null;
  /** The day on which it falls if nothing more is paid, and what keeps it. */
  fall: { until: string; missing: Kopecks } | null;
  /** It was given by hand, until this day. */
  byHandUntil: string | null;
  /** The visits of so many months count; null: all. */
  months: number | null;
}

/** One change of a level, as its client is told it. */
export type LevelChange = { was: Percent; percent: Percent } & (
  | { kind: "up" }
  | { kind: "undone" }
  | { kind: "down"; months: number | null }
  | { kind: "hand"; until: string }
  | { kind: "terms"; until: string }
  | { kind: "warned"; until: string; missing: Kopecks }
);
