// Who had a gift that is given once, known by hashes alone. SQL only.

import type { Sql, Tx } from "../db/connect.ts";

/** Whether any of these is marked. */
export async function isMarked(tx: Tx, hashes: string[]): Promise<boolean> {
  const rows = await tx`
    select from gift_marks g join unnest(${hashes}::text[]) asked (hex) on g.hash = decode(hex, 'hex') limit 1`;
  return rows.length > 0;
}

/** Marks them, for ever or until a day has passed. */
export async function mark(tx: Tx, hashes: string[], ends: string | null): Promise<void> {
  await tx`
    insert into gift_marks (hash, ends) select decode(hex, 'hex'), ${ends}::date from unnest(${hashes}::text[]) asked (hex)
    on conflict (hash) do nothing`;
}

/** Drops those that mean nothing any more. */
export async function dropMarks(sql: Sql, today: string): Promise<void> {
  await sql`delete from gift_marks where ends < ${today}::date`;
}
