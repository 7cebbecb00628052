// `dialogs`: what the bot asked and is waiting to hear. SQL only.

import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";

/** What a state may hold. */
type DialogState = Record<string, string | number | boolean | null>;

/** No question waits longer: what lies further ahead was asked by a clock that has been put back since. */
const longest = "31 days";

/** Keeps a state until a time, in place of an earlier one about the same thing. */
export async function rememberDialog(
  sql: Sql,
  account: Account,
  about: string,
  state: DialogState,
  until: Date,
): Promise<void> {
  await sql`
    insert into dialogs (account, about, state, expires_at)
    values (${account}, ${about}, ${sql.json(state)}, ${until})
    on conflict (account, about) do update set state = excluded.state, expires_at = excluded.expires_at`;
}

/** The state, not yet checked, or null when there is none or its time is over. */
export async function recallDialog(sql: Sql, account: Account, about: string, now: Date): Promise<unknown> {
  const [row] = await sql<{ state: unknown }[]>`
    select state from dialogs where account = ${account} and about = ${about} and expires_at > ${now}
      and expires_at <= ${now}::timestamptz + ${longest}::interval`;
  return row?.state ?? null;
}

/** Drops a state. */
export async function forgetDialog(sql: Sql, account: Account, about: string): Promise<void> {
  await sql`delete from dialogs where account = ${account} and about = ${about}`;
}

/** Drops everybody's states whose time is over. */
export async function dropOldDialogs(sql: Sql, now: Date): Promise<void> {
  await sql`delete from dialogs where expires_at < ${now} or expires_at > ${now}::timestamptz + ${longest}::interval`;
}
