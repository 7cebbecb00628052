// What the database's clock has shown last, so that a clock that is put back is noticed. SQL only.

import type { Sql } from "../db/connect.ts";

/** The clock was put back by so many seconds, and when that was found out; null when it was not, or lately not. */
export interface PutBack {
  at: Date;
  seconds: number;
}

/** For as long as it had been ahead rows may lie in the future; owners are told for an hour at least, a week at most. */
const lately = `put_back_at <= clock_timestamp() and clock_timestamp() < put_back_at
  + least(interval '7 days', greatest(interval '1 hour', put_back_seconds * interval '1 second'))`;

/** Looks at the clock. What it shows less than before by more than a minute is kept as put back. */
export async function lookAtClock(sql: Sql): Promise<PutBack | null> {
  await sql`
    insert into clock as c (seen_at) values (clock_timestamp())
    on conflict (one) do update
    set seen_at = excluded.seen_at,
      put_back_at = case when c.seen_at > excluded.seen_at + interval '1 minute' then excluded.seen_at else c.put_back_at end,
      put_back_seconds = case when c.seen_at > excluded.seen_at + interval '1 minute'
        then extract(epoch from c.seen_at - excluded.seen_at)::bigint else c.put_back_seconds end`;
  return clockPutBack(sql);
}

/** The same without a look of its own; one that nobody has looked at since counts too. */
export async function clockPutBack(sql: Sql): Promise<PutBack | null> {
  const [row] = await sql<PutBack[]>`
    select put_back_at as at, put_back_seconds as seconds from clock where ${sql.unsafe(lately)}
    union all
    select clock_timestamp(), extract(epoch from seen_at - clock_timestamp())::bigint from clock
    where seen_at > clock_timestamp() + interval '1 minute'`;
  return row ?? null;
}
