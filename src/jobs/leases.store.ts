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

/** The jobs that nobody else may take now. */
export async function heldJobs(sql: Sql, ms: number): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select name from jobs
    where held_until > clock_timestamp()
      and held_until <= clock_timestamp() + ${ms}::float8 * interval '1 millisecond' + interval '2 minutes'`;
  return rows.map(({ name }) => name);
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

/** Says a word, which holds for so long, unless another one does or did until `graceMs` ago; returns the one that holds. */
export async function sayWord(
  sql: Sql,
  { about, word, ms, graceMs }: { about: string; word: string; ms: number; graceMs: number },
): Promise<string> {
  const rows = await sql<{ holder: string }[]>`
    insert into jobs (name, holder, held_until)
    values (${about}, ${word}, clock_timestamp() + ${ms}::float8 * interval '1 millisecond')
    on conflict (name) do update set holder = excluded.holder, held_until = excluded.held_until
    where jobs.holder = excluded.holder
      or jobs.held_until <= clock_timestamp() - ${graceMs}::float8 * interval '1 millisecond'
      or jobs.held_until - interval '2 minutes' > clock_timestamp() + ${ms}::float8 * interval '1 millisecond'
    returning holder`;
  if (rows.length > 0) return word;
  const [other] = await sql<{ holder: string }[]>`select holder from jobs where name = ${about}`;
  return other?.holder ?? word;
}

/** The word that holds; null where nobody says one. */
export async function wordThatHolds(sql: Sql, about: string): Promise<string | null> {
  const [row] = await sql<{ holder: string }[]>`
    select holder from jobs where name = ${about} and held_until > clock_timestamp()`;
  return row?.holder ?? null;
}

/** It is said no more by us; who else says it says it again. */
export async function dropWord(sql: Sql, about: string, word: string): Promise<void> {
  await sql`update jobs set held_until = clock_timestamp() where name = ${about} and holder = ${word}`;
}
