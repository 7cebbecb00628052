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
  const rows = await sql`select from consents where account = ${account} and version = ${version}`;
  return rows.length > 0;
}
