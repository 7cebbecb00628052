// Who holds which job until when, by the clock of the database.

import type { Sql, Tx } from "../db/connect.ts";

export interface Lease {
  name: string;
  token: number;
}

/**
 * Takes the job if nobody holds it; null when somebody does. The token grows with each holder. Held minutes further
 * ahead than anybody may, it is held by a clock that was put back.
 */
export async function takeLease(sql: Sql, name: string, holder: string, ms: number): Promise<Lease | null> {
  const [row] = await sql<{ token: number }[]>`
    insert into jobs (name, holder, held_until)
    values (${name}, ${holder}, clock_timestamp() + ${ms}::float8 * interval '1 millisecond')
    on conflict (name) do update
    set holder = excluded.holder, token = jobs.token + 1, held_until = excluded.held_until
    where jobs.held_until <= clock_timestamp()
      or jobs.held_until > clock_timestamp() + ${ms}::float8 * interval '1 millisecond' + interval '2 minutes'
    returning token`;
  return row ? { name, token: row.token } : null;
}

/** Holds it longer; false when it has gone to another. */
export async function renewLease(sql: Sql, lease: Lease, ms: number): Promise<boolean> {
  const rows = await sql`
    update jobs set held_until = clock_timestamp() + ${ms}::float8 * interval '1 millisecond'
    where name = ${lease.name} and token = ${lease.token} returning 1`;
  return rows.length > 0;
}

/** Lets it go at once. The token ends with it, so that a renewal still on its way holds nothing. */
export async function releaseLease(sql: Sql, lease: Lease): Promise<void> {
  await sql`
    update jobs set held_until = clock_timestamp(), token = token + 1
    where name = ${lease.name} and token = ${lease.token}`;
}

/** Whether the job is still this holder's, and stays so until the transaction ends: nobody can take it meanwhile. */
export async function leaseHolds(tx: Tx, lease: Lease): Promise<boolean> {
  const rows = await tx`
    select from jobs where name = ${lease.name} and token = ${lease.token} and held_until > clock_timestamp() for share`;
  return rows.length > 0;
}
