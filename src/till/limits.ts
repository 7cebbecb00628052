// What the settings let one admin do: how many points are left of their day, and whether an owner must agree.

import type { Db } from "../db/connect.ts";
import { handledToday } from "../ledger/ledger.ts";
import type { Account } from "../rules/account.ts";
import { authorOf } from "../rules/author.ts";
import type { CompanyId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import { branchZone } from "../visits/branch.ts";

/** Points that an admin may give and take a day, and the sum above which an owner must agree; null: no such limit. */
export interface LimitRules {
  adminDailyLimit: Points | null;
  secondAdminAbove: Points | null;
  ownerIds: readonly Account[];
  companyIds: readonly CompanyId[];
}

/** An admin's limit of the day, and what is left of it. */
export interface DayLimit {
  limit: Points;
  left: Points;
}

/** As of now; null where nobody has a limit. It is held once more when points move. */
export async function dayLimitOf(
  { db, rules }: { db: Db; rules: LimitRules },
  account: Account,
): Promise<DayLimit | null> {
  const limit = rules.adminDailyLimit;
  if (limit === null) return null;
  const timeZone = await branchZone(db, rules.companyIds);
  const handled = await handledToday(db, authorOf(account), timeZone);
  return { limit, left: Math.max(0, limit - handled) };
}

/** Another owner, where there is one: nobody agrees with themselves. */
export function whoMustAgree(rules: LimitRules, admin: Account, points: Points): Account[] {
  if (rules.secondAdminAbove === null || points <= rules.secondAdminAbove) return [];
  return rules.ownerIds.filter((owner) => owner !== admin);
}
