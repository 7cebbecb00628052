// `consents`: what was agreed to, in which words, when. SQL only.

import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";

/** Keeps a consent; the first time of a version counts. */
export async function keepConsent(sql: Sql, account: Account, version: string, at: Date): Promise<void> {
  await sql`
    insert into consents (account, version, agreed_at) values (${account}, ${version}, ${at})
    on conflict (account, version) do nothing`;
}

/** Whether the account has agreed to this version of the words. */
export async function hasConsent(sql: Sql, account: Account, version: string): Promise<boolean> {
  return (await consentOf(sql, account, version)) !== null;
}

/** When the account agreed to this version of the words; null: it has not. */
export async function consentOf(sql: Sql, account: Account, version: string): Promise<Date | null> {
  const [row] = await sql<{ at: Date }[]>`
    select agreed_at as at from consents where account = ${account} and version = ${version}`;
  return row?.at ?? null;
}
