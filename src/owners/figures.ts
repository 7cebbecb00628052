// What the programme earned in a period and in the one before it, from one view of the tables.

import type { Tx } from "../db/connect.ts";
import { addDays } from "../rules/time.ts";
import {
  type FiguresOf,
  type Period,
  type PointSums,
  pointsByDay,
  readSince,
  type VisitFigures,
  visitFigures,
} from "./figures.store.ts";

export type { FiguresOf, Owed, Return } from "./figures.store.ts";

/** Of one period. */
export type Figures = VisitFigures & PointSums;

/** `before` is null where the journal has not been read so far back: half a period is nothing to compare with. */
export interface Compared {
  now: Figures;
  before: Figures | null;
}

/** The figures of some periods, and the points of each day that they have, with those between. */
interface AllFigures {
  /** The first day from which all branches have been read, null while that is not known. */
  since: string | null;
  periods: Compared[];
  days: (PointSums & { day: string })[];
}

/** Reads them, each period beside the one that begins so many days earlier. */
export async function readFigures(
  tx: Tx,
  of: FiguresOf,
  asked: readonly (Period & { earlier: number })[],
): Promise<AllFigures> {
  const since = await readSince(tx, of.companyIds);
  const before = ({ from, to, earlier }: Period & { earlier: number }) => ({
    from: addDays(from, -earlier),
    to: addDays(to, -earlier),
  });
  const all = [...asked, ...asked.map(before)];
  const span = { from: first(all.map((one) => one.from)), to: last(all.map((one) => one.to)) };
  const byDay = new Map((await pointsByDay(tx, span, of)).map(({ day, ...sums }) => [day, sums]));
  const days = daysOf(span).map((day) => ({ day, ...(byDay.get(day) ?? none) }));
  const figures = async (period: Period) => ({
    ...(await visitFigures(tx, period, of)),
    ...added(days.filter(({ day }) => day >= period.from && day <= period.to)),
  });
  const periods: Compared[] = [];
  for (const one of asked) {
    const comparable = since !== null && since <= before(one).from;
    periods.push({ now: await figures(one), before: comparable ? await figures(before(one)) : null });
  }
  return { since, days, periods };
}

const first = (days: string[]) => days.toSorted()[0] ?? "";
const last = (days: string[]) => days.toSorted().at(-1) ?? "";

const none: PointSums = { given: 0, spent: 0, expired: 0, bills: 0 };
function daysOf({ from, to }: Period): string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
  return Array.from({ length: count }, (_, place) => addDays(from, place));
}

function added(sums: readonly PointSums[]): PointSums {
  return sums.reduce(
    (sum, { given, spent, expired, bills }) => ({
      given: sum.given + given,
      spent: sum.spent + spent,
      expired: sum.expired + expired,
      bills: sum.bills + bills,
    }),
    none,
  );
}
