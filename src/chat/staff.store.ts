// What the people at the till are called.

import type { Sql } from "../db/connect.ts";

/** Keeps the name of an admin or owner; nothing is written when it is known. */
export async function nameStaff(sql: Sql, telegramId: number, name: string): Promise<void> {
  await sql`
    insert into staff (telegram_id, name) values (${telegramId}, ${name})
    on conflict (telegram_id) do update set name = excluded.name where staff.name <> excluded.name`;
}

/** The names of these accounts, by id; one who never wrote is missing. */
export async function staffNames(sql: Sql, telegramIds: number[]): Promise<Map<number, string>> {
  const rows = await sql<{ id: number; name: string }[]>`
    select telegram_id as id, name from staff where telegram_id = any(${telegramIds}::bigint[])`;
  return new Map(rows.map((row) => [row.id, row.name]));
}
