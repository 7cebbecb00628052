// Which visit a spend is to pay a part of in the journal: a person names it, and nobody guesses.

import type { Sql } from "../db/connect.ts";
import type { CardId, CompanyId, RecordId } from "../rules/ids.ts";
import { branchesThatSettle, type SettledBranch } from "../settlements/settlements.ts";
import { branchZone } from "../visits/branch.ts";
import type { LimitRules } from "./limits.ts";
import { type VisitToName, visitsToName } from "./named.store.ts";

export type { VisitToName } from "./named.store.ts";

/** Who spends, and of which record the screen is, if it is of one: that is named by its having been opened. */
interface ToBeNamed {
  card: CardId;
  company?: CompanyId | null;
  record: RecordId | null;
}

/** The visits among which a person may choose, with what pays of them already; null where no branch settles, or not the record's. */
export async function visitsOffered(
  { db, now, rules }: { db: Sql; now: Date; rules: LimitRules },
  { card, company = null, record }: ToBeNamed,
): Promise<VisitToName[] | null> {
  const branches = await branchesThatSettle(db, rules);
  const companies = rules.companyIds.filter((one) => branches.has(one) && (company ?? one) === one);
  if (companies.length === 0) return null;
  const unknownZone = await branchZone(db, rules.companyIds);
  return visitsToName(db, { card, companies, record, now, unknownZone });
}

/** Whether points pay already of the visit of the record that a screen is of. */
export async function isPaidByPoints(
  till: { db: Sql; now: Date; rules: LimitRules },
  of: ToBeNamed,
): Promise<boolean> {
  return of.record !== null && ((await visitsOffered(till, of)) ?? []).some(({ spent }) => spent !== null);
}

/** The visit of a named record and its branch; null where it may not be named any more, or points pay of it already. */
export async function visitNamed(
  till: { db: Sql; now: Date; rules: LimitRules },
  { card, record }: { card: CardId; record: RecordId },
): Promise<(VisitToName & { branch: SettledBranch }) | null> {
  const [visit, ...others] = (await visitsOffered(till, { card, record })) ?? [];
  if (!visit || others.length > 0 || visit.spent !== null) return null;
  const branch = (await branchesThatSettle(till.db, till.rules)).get(visit.company);
  return branch ? { ...visit, branch } : null;
}
