// `consents`: what was agreed to, in which words, when. SQL only.

import type { Sql } from "../db/connect.ts";

/** Keeps a consent; the first time of a version counts. */
export async function keepConsent(sql: Sql, telegramId: number, version: string, at: Date): Promise<void> {
  await sql`
    insert into consents (telegram_id, version, agreed_at) values (${telegramId}, ${version}, ${at})
    on conflict (telegram_id, version) do nothing`;
}

/** Whether the account has agreed to this version of the words. */
export async function hasConsent(sql: Sql, telegramId: number, version: string): Promise<boolean> {
  const rows = await sql`select from consents where telegram_id = ${telegramId} and version = ${version}`;
  return rows.length > 0;
}
