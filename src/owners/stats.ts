// The figures that owners ask for: what the programme earned in 30 days and in the 30 before, who came back, what is owed.

import { type Db, inTransaction, type Tx } from "../db/connect.ts";
import { must } from "../errors.ts";
import { type PointsInAll, pointsInAll } from "../ledger/ledger.ts";
import { heldByForgotten } from "../ledger/verify.ts";
import type { Points } from "../rules/money.ts";
import { addDays, dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";
import { comingsBack, oneView, owedNowAndBefore, type PointSums } from "./figures.store.ts";
import {
  type Compared,
  type Figures,
  type FiguresOf,
  type Owed,
  type Return,
  readFigures,
} from "./figures.ts";
import { type BranchPass, type Counts, countAll } from "./stats.store.ts";

/** Who came back within so many days; `now` is null before there is anybody whose days are over, which begins at `from`. */
export interface Returns {
  within: number;
  now: Return | null;
  before: Return | null;
  from: string | null;
}

/**
 * All of it, as of `at`. `days` are those of the chart, the oldest first; `lost` is what cards of people who asked to be
 * forgotten hold, debts taken off. What is null has nothing to be compared with.
 */
export interface Stats {
  at: Date;
  timeZone: string;
  since: string | null;
  counts: Counts;
  branches: BranchPass[];
  today: Figures;
  lately: Compared;
  returns: Returns[];
  days: (PointSums & { day: string })[];
  all: PointsInAll;
  owed: Owed & { before: Owed | null };
  lost: Points;
}

const statsDays = 30;
/** The chart has as many days at least. */
const leastDays = 7;

/** Reads them; a day is one of the first branch's clock, and today is the last of the 30. */
export async function readStats(db: Db, of: Omit<FiguresOf, "timeZone" | "last">, at: Date): Promise<Stats> {
  const timeZone = await branchZone(db, of.companyIds);
  const today = dayOf(at, timeZone);
  const from = addDays(today, 1 - statsDays);
  return inTransaction(db, async (tx) => {
    await oneView(tx);
    const whole = { ...of, timeZone, last: Number.MAX_SAFE_INTEGER };
    const figures = await readFigures(tx, whole, [
      { from: today, to: today, earlier: 7 },
      { from, to: today, earlier: statsDays },
    ]);
    const [now, lately] = figures.periods;
    const { since } = figures;
    // A programme that is younger is shown from its first day on, beside the days before: one bar alone says nothing.
    const first = [...(since === null || since < from ? [from] : [since]), addDays(today, 1 - leastDays)];
    const charted = first.toSorted()[0] ?? from;
    return {
      ...{ at, timeZone, since, all: await pointsInAll(tx) },
      ...(await countAll(tx, { today, from, timeZone, companyIds: [...of.companyIds] })),
      today: must(now, "today's figures").now,
      lately: must(lately, "the figures of 30 days"),
      days: figures.days.filter(({ day }) => day >= charted && day <= today),
      returns: [await returns(tx, whole, since, today, 30), await returns(tx, whole, since, today, 60)],
      owed: await owedNowAndBefore(tx, from, whole),
      lost: await heldByForgotten(tx),
    };
  });
}

/**
 * Of the 30 days that ended so many days ago: only there has everybody had the whole time to come back. A programme that is
 * younger than that is asked of the days that it has; what came before is compared only where it is whole.
 */
async function returns(
  tx: Tx,
  of: FiguresOf,
  since: string | null,
  today: string,
  within: number,
): Promise<Returns> {
  const to = addDays(today, -within - 1);
  const from = addDays(to, 1 - statsDays);
  if (since === null || since > to)
    return { within, now: null, before: null, from: since && addDays(since, within + 1) };
  const before = { from: addDays(from, -statsDays), to: addDays(to, -statsDays) };
  return {
    ...{ within, from: null },
    now: await comingsBack(tx, { from: since > from ? since : from, to }, within, of),
    before: since <= before.from ? await comingsBack(tx, before, within, of) : null,
  };
}
