// A clock of its own for a database, ahead of PostgreSQL's. SQL only.

import type { Sql } from "../db/connect.ts";

const schema = "demo_clock";

/**
 * Makes a schema with a `now()` and a `clock_timestamp()` that are ahead of PostgreSQL's by what its table `leaps` says since
 * when: `now()` is one moment all through a transaction, though the clock leaps meanwhile. To be run before the migrations, so
 * that the defaults of columns mean them; they hold once it comes first in the search path.
 */
export function movedClockSql(name: string): string {
  return `
    create schema ${name};
    create table ${name}.leaps (since timestamptz primary key, ahead interval not null);
    insert into ${name}.leaps values ('-infinity', '0');
    create function ${name}.now() returns timestamptz language sql stable
      as 'select pg_catalog.now() + ahead from ${name}.leaps where since <= pg_catalog.now() order by since desc limit 1';
    create function ${name}.clock_timestamp() returns timestamptz language sql volatile
      as 'select pg_catalog.clock_timestamp() + ahead from ${name}.leaps order by since desc limit 1';`;
}

/**
 * Functions of the migrations that say themselves where names are looked up go by that clock as well: what begins with a link would
 * else begin on the machine's day. Throws where there is none: the migrations have not run.
 */
export async function pinnedGoByIt(sql: Sql, name: string): Promise<void> {
  const functions = await sql<{ name: string }[]>`
    select p.oid::regprocedure::text as name from pg_proc p
    where p.pronamespace = ${name}::regnamespace and p.prosrc ~ '(now|clock_timestamp)\\(\\)'
      and exists (select from unnest(p.proconfig) setting where setting like 'search_path=%')`;
  if (functions.length === 0) throw new Error("no function of the migrations goes by a clock");
  for (const { name: one } of functions)
    await sql.unsafe(`alter function ${one} set search_path = ${name}, pg_catalog, public, pg_temp`);
}

/** All of its own functions go by the clock, once the migrations have run. */
export const allGoByIt = (sql: Sql) => pinnedGoByIt(sql, schema);

/** Puts it so many milliseconds ahead, from the next transaction on. */
export async function leapTo(sql: Sql, aheadMs: number): Promise<void> {
  await sql`
    insert into ${sql(schema)}.leaps values (pg_catalog.clock_timestamp(), ${aheadMs}::float8 * interval '1 millisecond')`;
}

/** Has this database, which is empty yet, go by such a clock from its next connections on. */
export async function makeClock(sql: Sql): Promise<void> {
  await sql.unsafe(`${movedClockSql(schema)}
    do $$ begin
      execute format('alter database %I set search_path = ${schema}, pg_catalog, public', current_database());
    end $$;`);
}

/** How many milliseconds it is ahead. */
export async function aheadOf(sql: Sql): Promise<number> {
  const [row] = await sql<{ ms: number }[]>`
    select extract(epoch from ahead)::float8 * 1000 as ms from ${sql(schema)}.leaps order by since desc limit 1`;
  return row?.ms ?? 0;
}
