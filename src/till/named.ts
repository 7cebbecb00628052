// Which visit a spend is to pay a part of in the journal: a person names it, and nobody guesses.

import type { Sql } from "../db/connect.ts";
import type { CardId, CompanyId, RecordId } from "../rules/ids.ts";
import { branchesThatSettle, type SettledBranch } from "../settlements/settlements.ts";
import { branchZone } from "../visits/branch.ts";
import type { LimitRules } from "./limits.ts";
import { type VisitToName, visitsToName } from "./named.store.ts";

export type { VisitToName } from "./named.store.ts";

/**
 * Who spends, and of which record the screen is, if it is of one: that is named by its having been opened. `whatever`: be it paid or
 * gone, as far as it was read.
 */
interface ToBeNamed {
  card: CardId;
  company?: CompanyId | null;
  record: RecordId | null;
  whatever?: boolean;
}

interface Here {
  db: Sql;
  now: Date;
  rules: LimitRules;
}

/**
 * The visits among which a person may choose, with what pays of them already; null where no branch settles, or not the record's.
 * Those that points pay of stay among them where a branch settles no more: their price is not to be lowered beside them.
 */
export async function visitsOffered(
  { db, now, rules }: Here,
  { card, company = null, record, whatever = false }: ToBeNamed,
): Promise<VisitToName[] | null> {
  const branches = await branchesThatSettle(db, rules);
  const companies = rules.companyIds.filter((one) => (company ?? one) === one);
  const unknownZone = await branchZone(db, rules.companyIds);
  const visits = await visitsToName(db, { card, companies, record, whatever, now, unknownZone });
  const offered = visits.filter((one) => branches.has(one.company) || one.spent !== null);
  return offered.length > 0 || companies.some((one) => branches.has(one)) ? offered : null;
}

/** Whether points pay already of the visit of the record that a screen is of. */
export async function isPaidByPoints(till: Here, of: ToBeNamed): Promise<boolean> {
  return of.record !== null && ((await visitsOffered(till, of)) ?? []).some(({ spent }) => spent !== null);
}

/** The visit of a named record and its branch; null where it may not be named any more. Of points that pay of it already the database knows. */
export async function visitNamed(
  till: Here,
  of: ToBeNamed & { record: RecordId },
): Promise<(VisitToName & { branch: SettledBranch }) | null> {
  const [visit, ...others] = (await visitsOffered(till, of)) ?? [];
  if (!visit || others.length > 0) return null;
  const branch = (await branchesThatSettle(till.db, till.rules)).get(visit.company);
  return branch ? { ...visit, branch } : null;
}

/** The visit that a spend in the journal is of, as it was last read: of a record of a branch, or of one that was named at the till. */
export async function visitOfSpend(
  { db, now, rules }: Here,
  { card, company, record }: { card: CardId; company: CompanyId | null; record: RecordId },
): Promise<VisitToName | null> {
  const unknownZone = await branchZone(db, rules.companyIds);
  const companies = company === null ? rules.companyIds : [company];
  const found = await visitsToName(db, { card, companies, record, whatever: true, now, unknownZone });
  return found.length === 1 ? (found[0] ?? null) : null;
}
