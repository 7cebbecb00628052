// A branch before it is read: its zone, its rights, and what its visits are decided by.

import type { Veil } from "../cards/veil.ts";
import type { Db, Sql } from "../db/connect.ts";
import { messageOf, must } from "../errors.ts";
import { adoptLevels, type LevelSettings } from "../levels/terms.ts";
import type { Log } from "../log.ts";
import type { CompanyId } from "../rules/ids.ts";
import { addDays, dayOf, isTimeZone, unknownZone } from "../rules/time.ts";
import type { Yclients } from "../yclients/client.ts";
import {
  addCompany,
  type Company,
  findCompany,
  keepPaymentDays,
  lastTerms,
  nameCompany,
  termsInForce,
} from "./branches.store.ts";
import type { BranchProgramme, Outcome } from "./decide.ts";
import type { Terms } from "./visit.rule.ts";

export { branchTitles, type Company, findCompany } from "./branches.store.ts";

/** What reading a branch needs. */
export interface Sync {
  db: Db;
  yclients: Yclients;
  log: Log;
  now: () => Date;
  terms: Terms;
  /** Whether these terms and levels are taken on; where not, those that were are used. Always, where it is left out. */
  termsHold?: () => boolean;
  /** Without it there are none. */
  levels?: Omit<LevelSettings, "percent">;
  programStart: string | null;
  settleMs: number;
  veil: Veil;
  closeScreens: BranchProgramme["closeScreens"];
  /** A program that is stopping begins nothing new. */
  signal: AbortSignal;
  /** Told of trouble that lasts, and of its end (null). */
  alarm: (about: string, detail: string | null) => Promise<void>;
  /** Told what came of each page, once it is committed. */
  count?: (companyId: CompanyId, outcome: Outcome) => void;
  /** How long a lease lasts unrenewed, in milliseconds; shorter in tests. */
  leaseMs?: number;
}

/** How many session days a sweep looks back on. */
export const sweepDays = 14;

/** The branch as stored; one without a zone is asked for it. A branch that cannot be named is read all the same. */
export async function prepare(sync: Sync, companyId: CompanyId): Promise<Company> {
  let company = await findCompany(sync.db, companyId);
  if (company === null) await addCompany(sync.db, companyId, sync.now());
  company ??= must(await findCompany(sync.db, companyId), `branch ${companyId}`);
  if (company.timeZone !== null) return company;
  try {
    await takeOver(sync, companyId, await sync.yclients.company(companyId));
    await learnRights(sync, companyId);
  } catch (error) {
    if (sync.signal.aborted) throw error;
    sync.log.warn({ company: companyId, error: messageOf(error) }, "the branch's time zone is not known yet");
  }
  return must(await findCompany(sync.db, companyId), `branch ${companyId}`);
}

/** The branch as YCLIENTS names it now; as stored where it does not say. */
export async function relearn(sync: Sync, companyId: CompanyId): Promise<Company> {
  try {
    await takeOver(sync, companyId, await sync.yclients.company(companyId));
  } catch (error) {
    if (sync.signal.aborted) throw error;
    sync.log.warn(
      { company: companyId, error: messageOf(error) },
      "the branch's time zone stays as it was: YCLIENTS does not say it",
    );
  }
  return must(await findCompany(sync.db, companyId), `branch ${companyId}`);
}

/** Keeps title and zone; a zone that was corrected is acted upon. Returns the one before, null where there was none. */
export async function takeOver(
  { db, log }: Pick<Sync, "db" | "log">,
  companyId: CompanyId,
  { title, timeZone }: { title: string | null; timeZone: string | null },
): Promise<string | null> {
  if (timeZone === null || !isTimeZone(timeZone)) throw new Error("it names no time zone that is known here");
  const was = await nameCompany(db, companyId, { title, timeZone });
  if (was !== null && was !== timeZone)
    log.warn(
      { company: companyId, was, is: timeZone },
      "the branch's time zone is another: it is read again by it",
    );
  return was;
}

/** What the branch's visits are decided by, from the settings and from what is stored of it. */
export async function programmeOf(sync: Sync, company: Company): Promise<BranchProgramme> {
  const { db } = sync;
  const others = (sync.termsHold?.() ?? true) ? null : await lastTerms(db);
  // Where another program's terms hold, its levels may too.
  const leveled = others !== null || (await adoptLevels(db, levelsOf(sync), sync.now()));
  return {
    companyId: company.companyId,
    terms: others?.terms ?? sync.terms,
    termsId: others?.id ?? (await termsInForce(db, sync.terms)),
    leveled,
    start: sync.programStart ?? company.programStart ?? dayOf(company.firstStartedAt, unknownZone),
    timeZone: company.timeZone,
    settleMs: sync.settleMs,
    paymentsFrom: paymentsFrom(company, sync.now()),
    veil: sync.veil,
    closeScreens: sync.closeScreens,
  };
}

/** The settings of levels; none where they are left out. */
function levelsOf({ levels, terms: { percent } }: Sync): LevelSettings {
  return { levels: null, levelsOver: null, ...levels, percent };
}

/**
 * Which payments YCLIENTS shows us; owners are told when it is less than a sweep looks back on. Where it does not say, what
 * it said before holds: payments that it hides would else be taken for returned.
 */
export async function learnRights(sync: Sync, companyId: CompanyId): Promise<void> {
  const { payments, paymentDays } = await sync.yclients.rights(companyId);
  const days = payments === false ? 0 : paymentDays;
  if (days === null) return;
  await keepPaymentDays(sync.db, companyId, days);
  if (payments === false) return; // has an alarm of its own
  const short = days >= 0 && days < sweepDays;
  await sync.alarm(`rights:${companyId}`, short ? String(days) : null);
}

/** The first session day whose payments are surely shown; null when all are, or YCLIENTS has never said. */
export function paymentsFrom({ paymentDays, timeZone }: Company, now: Date): string | null {
  if (paymentDays === null || paymentDays < 0) return null;
  return addDays(dayOf(now, timeZone ?? unknownZone), 1 - paymentDays);
}

/** The day that has begun in every one of these branches: the one before it is over wherever it is. */
export async function dayEverywhere(db: Db, companyIds: readonly CompanyId[], now: Date): Promise<string> {
  const branches = await Promise.all(companyIds.map((id) => findCompany(db, id)));
  const days = branches.map((branch) => dayOf(now, branch?.timeZone ?? unknownZone));
  return must(days.toSorted()[0], "a branch");
}

/** Before YCLIENTS has said one. */
export const unknownBranchZone = "Europe/Moscow";

/** The time zone of the first of these branches. */
export async function branchZone(db: Sql, companyIds: readonly CompanyId[]): Promise<string> {
  return (await findCompany(db, companyIds[0] ?? 0))?.timeZone ?? unknownBranchZone;
}
