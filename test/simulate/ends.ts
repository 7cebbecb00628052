// Until when points may be spent, as terms are switched: the rules of lives, written a second time, by themselves.

/** How long points of a life last; null: for ever. */
export type Term = { months: number } | { days: number } | null;

/** Whose points end by one term. `returned` is what came back after its end. */
export type LifeName = "earned" | "welcome" | "birthday" | "returned";

/** From this day on the points of a life last so long. */
export interface Switch {
  life: LifeName;
  term: Term;
  /** `YYYY-MM-DD` in the programme's zone. */
  day: string;
}

/** The last day of points that began on this day: whole months end with their month. */
export function lastDay(started: string, term: NonNullable<Term>): string {
  const [year = 0, month = 0, day = 0] = started.split("-").map(Number);
  const last = "months" in term ? utc(year, month + term.months, 0) : utc(year, month - 1, day + term.days);
  return dayOf(last);
}

/** What a word of the settings means: `12 months`, `30 days`, `off`. */
export function termOf(text: string): Term {
  const [, count, unit] = /^(\d+) (month|day)s?$/.exec(text) ?? [];
  if (!count) return null;
  return unit === "month" ? { months: Number(count) } : { days: Number(count) };
}

/**
 * The last day of points of this life that began on `started`, after all these switches in their order; null when they do
 * not end, or the clock stands. Nobody loses by a switch what a full new term would have left them; what has ended stays so.
 */
export function endOf(life: LifeName, started: string, switches: readonly Switch[]): string | null {
  if (life === "returned") return lastDay(started, { days: 14 });
  const ours = switches.filter((one) => one.life === life);
  const first = ours.findLast((one) => one.day <= started)?.term ?? null;
  let end = first && lastDay(started, first);
  let stopped: string | null = null;
  for (const { day, term } of ours.filter((one) => one.day > started)) {
    if (end !== null && stopped === null && end < day) return end;
    if (term === null) {
      stopped ??= end && day;
      continue;
    }
    const moved: string[] = end === null ? [] : [stopped ? later(end, daysBetween(stopped, day)) : end];
    const [sooner = ""] = [...moved, lastDay(day, term)].sort();
    end = [lastDay(started, term), sooner].sort()[1] ?? null;
    stopped = null;
  }
  return stopped === null ? end : null;
}

/** So many days later. */
export function later(day: string, days: number): string {
  return lastDay(day, { days });
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

/** The day on which it is this moment in a zone. */
export function dayIn(zone: string, at: number): string {
  return new Date(at).toLocaleDateString("sv-SE", { timeZone: zone });
}

const utc = (year: number, month: number, day: number) => new Date(Date.UTC(year, month, day));
const dayOf = (date: Date) => date.toISOString().slice(0, 10);
