// A clock of its own for a database, ahead of PostgreSQL's. SQL only.

import type { Sql } from "../db/connect.ts";

const schema = "demo_clock";

/**
 * Makes a schema with a `now()` and a `clock_timestamp()` that are ahead of PostgreSQL's by what its table `world` says. To be
 * run before the migrations, so that the defaults of columns mean them; they hold once it comes first in the search path.
 */
export function movedClockSql(name: string): string {
  return `
    create schema ${name};
    create table ${name}.world (ahead interval not null);
    insert into ${name}.world values ('0');
    create function ${name}.now() returns timestamptz language sql stable
      as 'select pg_catalog.now() + ahead from ${name}.world';
    create function ${name}.clock_timestamp() returns timestamptz language sql volatile
      as 'select pg_catalog.clock_timestamp() + ahead from ${name}.world';`;
}

/** Has this database, which is empty yet, go by such a clock from its next connections on. */
export async function makeClock(sql: Sql): Promise<void> {
  await sql.unsafe(`${movedClockSql(schema)}
    do $$ begin
      execute format('alter database %I set search_path = ${schema}, pg_catalog, public', current_database());
    end $$;`);
}

/** Puts it so many days ahead. */
export async function setAhead(sql: Sql, days: number): Promise<void> {
  await sql`update ${sql(schema)}.world set ahead = ${days}::int * interval '24 hours'`;
}

/** How many milliseconds it is ahead. */
export async function aheadOf(sql: Sql): Promise<number> {
  const [row] = await sql<{ ms: number }[]>`
    select extract(epoch from ahead)::float8 * 1000 as ms from ${sql(schema)}.world`;
  return row?.ms ?? 0;
}
