// What the people at the till are called, and who of them was taken on in the chat.

import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { Role } from "../rules/author.ts";

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

/** What an account was made in the chat. `id` is of the change that made it so; `by`: the owner, null by the first link. */
export interface Post {
  id: number;
  account: Account;
  role: Role;
  by: Account | null;
  at: Date;
}

/** Who works here by what was done in the chat, in the order in which they came. */
export async function postsInForce(sql: Sql): Promise<Post[]> {
  return sql<Post[]>`
    select id, account, role, made_by as by, made_at as at from staff_changes c
    where role is not null and not exists (select from staff_changes l where l.account = c.account and l.id > c.id)
    order by id`;
}

/** Who has written as one who works here, or was taken on, and is none of these any more. */
export async function formerStaff(sql: Sql, accounts: readonly Account[]): Promise<Account[]> {
  const rows = await sql<{ account: Account }[]>`
    select account from staff where account <> all(${[...accounts]}::text[])
    union select account from staff_changes where account <> all(${[...accounts]}::text[])`;
  return rows.map((row) => row.account);
}
