// A ledger whose programme has levels, and what came of it as lines.

import { reviewLevels } from "../../src/levels/review.ts";
import { adoptLevels } from "../../src/levels/terms.ts";
import type { Kopecks } from "../../src/rules/money.ts";
import type { Ledger } from "./ledger.ts";

/** Levels of roubles and whole percents. */
export const steps = (...of: [roubles: number, percent: number][]) =>
  of.map(([roubles, percent]) => ({ from: (roubles * 100) as Kopecks, percent: percent * 100 }));

export const usualLevels = steps([0, 1], [5_000, 3], [10_000, 5]);

export const settings = (levels: typeof usualLevels | null, levelsOver: number | null = null) => ({
  levels,
  levelsOver,
  percent: 100,
});

/** From now on the programme of this ledger has these levels. */
export async function leveled(ledger: Ledger, levels = usualLevels, months: number | null = null) {
  ledger.programme.leveled = await adoptLevels(ledger.db, settings(levels, months), new Date());
}

/** A reading of a record that so many roubles were paid for; Anna's. */
export const paid = (recordId: number, roubles: number, more = {}) => ({
  ...{ recordId, servicesPaid: roubles * 100, price: roubles * 100 },
  ...more,
});

/** Each record: its own percent, and what its rows sum to. */
export const made = ({ database }: Ledger) =>
  lines(database.sql`
  select concat_ws(' ', v.record_id, v.percent, (
    select sum(b.points) from bonuslog b left join bonuslog a on a.id = b.corrects
    where coalesce(a.key, b.key) = v.award_key)) as line from visits v order by v.record_id`);

/** What is written of levels. */
export const changes = ({ database }: Ledger) =>
  lines(database.sql`
  select concat_ws(' ', kind, 'card', client_id, reached, 'of', turnover) as line from level_changes order by id`);

async function lines(rows: PromiseLike<Iterable<{ line?: string }>>) {
  return [...(await rows)].map(({ line }) => line);
}

/** A round at a moment; `odd` is told of cards that could not be reviewed. */
export const review = ({ db }: Ledger, now: Date, odd = (_card: number) => {}) =>
  reviewLevels({
    ...{ db, now, timeZone: "Europe/Moscow", percent: 100, signal: new AbortController().signal, odd },
  });

/** The last day of a month, so many months from now, and the day on which warnings for it go out; noon in Moscow. */
export function ends(months: number, today = new Date()) {
  const until = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + months + 1, 0, 9));
  return {
    until: until.toISOString().slice(0, 10),
    warns: new Date(until.getTime() - 30 * 86_400_000),
    after: new Date(until.getTime() + 86_400_000),
  };
}
export const later = (at: Date, hours: number) => new Date(at.getTime() + hours * 3_600_000);
