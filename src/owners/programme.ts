// What of the programme is in force, since when, what is to come, and what waits for an owner.

import type { Db } from "../db/connect.ts";
import { levelsState } from "../levels/terms.ts";
import type { CompanyId } from "../rules/ids.ts";
import { dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";
import type { Chosen } from "../visits/chosen.rule.ts";
import type { Terms } from "../visits/visit.rule.ts";
import { chosenSince } from "./programme.store.ts";

/** The settings that the programme is made of. */
export type ProgrammeSettings = Chosen & Terms;

/** The programme at a moment. Days are of the salon's clock; null: nothing was said of it yet. */
export type ProgrammeNow = Awaited<ReturnType<typeof readProgramme>>;

/** Reads it. `levels` in force may still be others than the settings want. */
export async function readProgramme(
  db: Db,
  settings: ProgrammeSettings,
  of: { now: Date; companyIds: readonly CompanyId[] },
) {
  const timeZone = await branchZone(db, of.companyIds);
  const since = await chosenSince(db);
  const { inForce, coming, waiting } = await levelsState(db, settings, of.now);
  const shown = (terms: typeof inForce) => terms && { ...terms, since: dayOf(terms.since, timeZone) };
  return {
    settings,
    timeZone,
    today: dayOf(of.now, timeZone),
    termsSince: since.terms && dayOf(since.terms, timeZone),
    livesSince: since.lives,
    levels: shown(inForce),
    coming: shown(coming),
    waiting,
  };
}
