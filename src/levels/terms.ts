// The levels' dated terms: what the settings want is taken on at once where nobody is worse off, else when an owner accepts it.

import { type Db, inTransaction } from "../db/connect.ts";
import { lockLedger } from "../ledger/ledger.ts";
import type { Percent } from "../rules/ids.ts";
import type { Level } from "../rules/levels.rule.ts";
import { addDays, dayOf, instantOf } from "../rules/time.ts";
import { addLevelTerms, allLevelTerms, type LevelTerms, levelTermsNow } from "./levels.store.ts";
import { bestOf, isSame, noticeDays, type Scheme } from "./standing.rule.ts";

/** The settings of levels, and what every visit earns without them. */
export interface LevelSettings {
  levels: Level[] | null;
  /** The paid visits of so many months count; null: all. */
  levelsOver: number | null;
  percent: Percent;
}

/** Where a programme's levels stand. */
export interface LevelsState {
  /** In force now; null where there were never any. */
  inForce: LevelTerms | null;
  /** Accepted, and in force from its day on. */
  coming: LevelTerms | null;
  /** What the settings want and waits for an owner, for some earn less by it; null also where they want what is in force. */
  waiting: Scheme | null;
}

const schemeOf = ({ levels, levelsOver, percent }: LevelSettings): Scheme => ({
  levels,
  months: levels === null ? null : levelsOver,
  percent,
});

/**
 * Those in force at a moment. What nobody had to accept holds since it was written, whatever a clock that is behind says: it would
 * be taken for missing, and written again and again.
 */
export function levelTermsAt(all: readonly LevelTerms[], now: Date): LevelTerms | null {
  return all.findLast(({ acceptedBy, since }) => acceptedBy === null || since <= now) ?? null;
}

/** Where they stand at a moment, of all terms that were ever written. */
export function termsState(all: readonly LevelTerms[], settings: LevelSettings, now: Date): LevelsState {
  const wanted = schemeOf(settings);
  const scheme = (terms: LevelTerms | null | undefined): Scheme =>
    terms
      ? { ...terms, percent: settings.percent }
      : { levels: null, months: null, percent: settings.percent };
  const inForce = levelTermsAt(all, now);
  const last = all.at(-1) ?? null;
  const coming = last !== inForce ? last : null;
  const had = isSame(scheme(last), wanted) || isSame(scheme(inForce), wanted);
  return { inForce, coming, waiting: had ? null : wanted };
}

/**
 * Takes on at once what of the settings makes nobody worse off; true where there are levels or ever were. What is left waits
 * for an owner: `levelsState` says it. What was accepted and these settings do not want is dropped `atStart` alone: a program
 * that runs since before it was accepted, by a command or beside another, has the settings of before.
 */
export async function adoptLevels(
  db: Db,
  settings: LevelSettings,
  now: Date,
  atStart = false,
): Promise<boolean> {
  const seen = await allLevelTerms(db);
  if (seen.length === 0 && settings.levels === null) return false;
  if (dueNow(seen, settings, now, atStart) === null) return true;
  await inTransaction(db, async (tx) => {
    await lockLedger(tx);
    const due = dueNow(await allLevelTerms(tx), settings, now, atStart);
    if (due !== null) await addLevelTerms(tx, due, null);
  });
  return true;
}

/** What is to be in force from now on; null where it is already. */
function dueNow(
  all: readonly LevelTerms[],
  settings: LevelSettings,
  now: Date,
  atStart: boolean,
): Scheme | null {
  const { inForce, coming, waiting } = termsState(all, settings, now);
  const { percent } = settings;
  // What was accepted and is wanted no more never comes, though nothing changes today.
  const dropped = atStart && coming !== null && !isSame({ ...coming, percent }, schemeOf(settings));
  if (waiting === null && !dropped) return null;
  const present: Scheme = inForce ? { ...inForce, percent } : { levels: null, months: null, percent };
  const best = bestOf(present, waiting ?? present);
  return isSame(best, present) && !dropped ? null : best;
}

/** Where the levels stand now. */
export async function levelsState(db: Db, settings: LevelSettings, now: Date): Promise<LevelsState> {
  return termsState(await allLevelTerms(db), settings, now);
}

const clocksMoveMs = 2 * 3_600_000;

/**
 * The first day of terms that are accepted now: a day more than the notice, so that whoever is told by the next noon has it
 * whole. The last hours count as the next day's: clocks that are put forward meanwhile would take from it.
 */
export function dayAfterNotice(now: Date, timeZone: string): string {
  return addDays(dayOf(new Date(now.getTime() + clocksMoveMs), timeZone), noticeDays + 1);
}

/**
 * An owner accepts what the settings want though some earn less by it: in force from the day on that it returns, which is after
 * the notice. Null where nothing waits any more, and where it is not `expected`, which is what was shown.
 */
export async function acceptLevels(
  db: Db,
  settings: LevelSettings,
  accepted: { by: string; now: Date; timeZone: string; expected?: string },
): Promise<string | null> {
  const { by, now, timeZone, expected } = accepted;
  await adoptLevels(db, settings, now);
  return inTransaction(db, async (tx) => {
    await lockLedger(tx);
    const { waiting, coming } = termsState(await allLevelTerms(tx), settings, now);
    // The same tap, delivered again: what it did before the answer was lost is the answer.
    if (coming?.acceptedBy === by && expected === markOf({ ...coming, percent: settings.percent }))
      return dayOf(coming.since, timeZone);
    if (waiting === null || (expected !== undefined && expected !== markOf(waiting))) return null;
    const day = dayAfterNotice(now, timeZone);
    await addLevelTerms(tx, waiting, { by, since: instantOf(`${day}T00:00:00`, timeZone) });
    return day;
  });
}

/** What a button carries of a scheme, so that a tap accepts what was shown and nothing else. */
export function markOf({ levels, months }: Scheme): string {
  const said = JSON.stringify([levels?.map(({ from, percent }) => [from, percent]) ?? null, months]);
  return Bun.hash(said).toString(36);
}

/** The levels in force at this moment; null where there are none. */
export async function levelsNow(db: Db): Promise<Level[] | null> {
  return (await levelTermsNow(db))?.levels ?? null;
}
