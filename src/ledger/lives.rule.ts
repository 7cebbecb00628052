// When a lot ends by what was said of its life: written once more beside the database's own, so that `verify` believes neither.

import { type Life, lastDay } from "../rules/life.ts";
import { addDays } from "../rules/time.ts";

/** From this day on (`YYYY-MM-DD`) points live so long; null: they do not end, and what ran stands still. */
export interface Said {
  day: string;
  life: Life | null;
}

/**
 * The last day of a lot that started on a day, by all that was said of its life, in order; null: it has none, or none while the
 * clock stands. A change ends nothing before one whole new life; while it is off the clock stands still; what had ended stays so.
 */
export function endOf(started: string, said: readonly Said[]): string | null {
  const first = said.findLast(({ day }) => day <= started)?.life ?? null;
  let end = first && lastDay(started, first);
  let stopped: string | null = null;
  for (const { day, life } of said.filter((one) => one.day > started)) {
    if (life === null) {
      if (end !== null) stopped ??= day;
      continue;
    }
    if (end !== null && stopped !== null && end >= stopped) end = addDays(end, daysBetween(stopped, day));
    stopped = null;
    if (end !== null && end < day) continue;
    const [soonest = ""] = [lastDay(day, life), ...(end === null ? [] : [end])].sort();
    end = [lastDay(started, life), soonest].sort().at(-1) ?? null;
  }
  return stopped !== null && end !== null && end >= stopped ? null : end;
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}
