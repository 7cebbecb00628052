// What the people at the till are called.

import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";

/** Keeps the name of an admin or owner; nothing is written when it is known. */
export async function nameStaff(sql: Sql, account: Account, name: string): Promise<void> {
  await sql`
    insert into staff (account, name) values (${account}, ${name})
    on conflict (account) do update set name = excluded.name where staff.name <> excluded.name`;
}

/** The names of these accounts; one who never wrote is missing. */
export async function staffNames(sql: Sql, accounts: Account[]): Promise<Map<Account, string>> {
  const rows = await sql<{ account: Account; name: string }[]>`
    select account, name from staff where account = any(${accounts}::text[])`;
  return new Map(rows.map((row) => [row.account, row.name]));
}
