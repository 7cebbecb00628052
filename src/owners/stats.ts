// The figures that owners ask for: cards and points today, in 30 days and in all, and how fresh the journal is.

import type { Db } from "../db/connect.ts";
import { heldByForgotten } from "../ledger/verify.ts";
import type { CompanyId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import { addDays, dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";
import { type BranchPass, type Counts, countAll, type DaySum, sumsByDay } from "./stats.store.ts";

/** Points given and spent, what was taken back of either taken off. */
export type Sums = Omit<DaySum, "day">;

/**
 * All of it, as of `at`. `days` are the last 30, the oldest first; `owed` is what cards hold, debts taken off, and
 * `lost` what those of people who asked to be forgotten do.
 */
export interface Stats {
  at: Date;
  timeZone: string;
  counts: Counts;
  branches: BranchPass[];
  days: (Sums & { day: string })[];
  today: Sums;
  lately: Sums;
  all: Sums;
  owed: Points;
  lost: Points;
}

const days = 30;

/** Reads them; a day is one of the first branch's clock, and today is the last of the 30. */
export async function readStats(db: Db, companyIds: readonly CompanyId[], at: Date): Promise<Stats> {
  const timeZone = await branchZone(db, companyIds);
  const today = dayOf(at, timeZone);
  const from = addDays(today, 1 - days);
  const [sums, { counts, branches }, lost] = await Promise.all([
    sumsByDay(db, from, timeZone),
    countAll(db, { today, from, timeZone, companyIds: [...companyIds] }),
    heldByForgotten(db),
  ]);
  const byDay = new Map(sums.map((one) => [one.day, one]));
  const of = (day: string) => ({
    day,
    given: byDay.get(day)?.given ?? 0,
    spent: byDay.get(day)?.spent ?? 0,
  });
  const listed = Array.from({ length: days }, (_, i) => of(addDays(from, i)));
  const all = added(sums);
  return {
    ...{ at, timeZone, counts, branches, days: listed, all },
    today: added(listed.slice(-1)),
    lately: added(listed),
    owed: all.given - all.spent - lost,
    lost,
  };
}

function added(sums: readonly Sums[]): Sums {
  const none: Sums = { given: 0, spent: 0 };
  return sums.reduce(
    (sum, { given, spent }) => ({ given: sum.given + given, spent: sum.spent + spent }),
    none,
  );
}
