// What the settings let be done at the till: of one admin's day, without an owner, and with one bill.

import type { Db, Sql } from "../db/connect.ts";
import { handledToday, lockedPoints, spendsToday } from "../ledger/ledger.ts";
import type { Account } from "../rules/account.ts";
import { authorOf } from "../rules/author.ts";
import type { CardId, CompanyId, RecordId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { mostPoints, type SpendRules } from "../rules/spending.ts";
import { dayOf } from "../rules/time.ts";
import type { SettleSettings } from "../settlements/settlements.ts";
import { branchZone } from "../visits/branch.ts";
import { servicesToPay } from "./till.store.ts";

/**
 * The settings of the till, by the same names as in the config. Points that an admin may give and take a day, and the sum above
 * which an owner must agree; null: no such limit.
 */
export interface LimitRules extends SpendRules, SettleSettings {
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

/** What they are asked with; in the ledger's transaction what it says holds until that ends. */
interface AtTheTill {
  db: Sql;
  now: Date;
  rules: LimitRules;
}

/** What is to be paid with points: in whose chat, from which card, and of which record, if the screen is of one. */
interface ToSpend {
  account: Account;
  card: CardId;
  bill: Kopecks;
  /** What was paid of it before. */
  paid: Kopecks;
  balance: Points;
  company?: CompanyId | null;
  record?: RecordId | null;
}

/**
 * How many points can pay a bill at this admin's till now, and what bounds them. `day` is the admin's, where it was read
 * already; null where it does not matter.
 */
export async function mostFor(
  till: AtTheTill & { db: Db },
  of: ToSpend,
  day?: DayLimit | null,
): Promise<ReturnType<typeof mostPoints>> {
  const limit = day === undefined ? await dayLimitOf(till, of.account) : day;
  return mostByRules(till, { ...of, locked: await lockedPoints(till.db, of.card) }, limit);
}

/** The same by the rules of spending and the admin's day alone: all of the balance may be spent. */
export async function mostByRules(
  { db, now, rules }: AtTheTill,
  of: ToSpend & { locked?: Points },
  limit: DayLimit | null,
): Promise<ReturnType<typeof mostPoints>> {
  const { cardDailyActs: acts, spendOn, companyIds } = rules;
  if (acts === null && spendOn !== "services") return mostPoints(rules, { ...of, left: limit?.left ?? null });
  const timeZone = await branchZone(db, companyIds);
  const here = { ...of, companies: companyIds, today: dayOf(now, timeZone) };
  return mostPoints(rules, {
    ...of,
    left: limit?.left ?? null,
    actsLeft: acts === null ? null : acts - (await spendsToday(db, of.card, timeZone)),
    services: spendOn === "services" ? await servicesToPay(db, here) : null,
  });
}
