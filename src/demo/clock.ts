// The demo's clock: the machine's, and as far ahead as its visitor has let time pass. All of the demo goes by it.

import { type Clock, wait } from "../clock.ts";
import { connect, type Db } from "../db/connect.ts";

const schema = "demo_clock";
const dayMs = 86_400_000;
/** How often the program looks how far ahead it is, in milliseconds. */
const lookMs = 100;

/** A clock that leaps. */
export type DemoClock = Awaited<ReturnType<typeof installClock>>;

/**
 * Puts `now()` and `clock_timestamp()` of the demo's own before PostgreSQL's in its database, in a schema that comes first in
 * the search path. To be run before the migrations, so that the defaults of columns mean them as well.
 */
export async function installClock(databaseUrl: string) {
  const db = connect(databaseUrl, { max: 1, name: "loyalty-bot demo" });
  await db.unsafe(`
    create schema ${schema};
    create table ${schema}.world (ahead interval not null);
    insert into ${schema}.world values ('0');
    create function ${schema}.now() returns timestamptz language sql stable
      as 'select pg_catalog.now() + ahead from ${schema}.world';
    create function ${schema}.clock_timestamp() returns timestamptz language sql volatile
      as 'select pg_catalog.clock_timestamp() + ahead from ${schema}.world';
    do $$ begin
      execute format('alter database %I set search_path = ${schema}, pg_catalog, public', current_database());
    end $$;`);
  let days = 0;
  return {
    now: () => new Date(Date.now() + days * dayMs),
    /** How many days have passed by leaps. */
    get days(): number {
      return days;
    },
    async leap(more: number): Promise<void> {
      days += more;
      await db`update ${db(schema)}.world set ahead = ${days}::int * interval '24 hours'`;
    },
    end: () => db.end({ timeout: 2 }),
  };
}

/** The clock of the demo's program: a moment behind the database's when that has leapt. Waiting takes the machine's time. */
export async function followClock(databaseUrl: string): Promise<Clock> {
  const db = connect(databaseUrl, { max: 1, name: "loyalty-bot demo" });
  let ahead = await aheadOf(db);
  const look = async () => {
    ahead = await aheadOf(db).catch(() => ahead); // the demo is ending, or PostgreSQL is away for a moment
    setTimeout(look, lookMs).unref();
  };
  void look();
  return { now: () => new Date(Date.now() + ahead), wait };
}

async function aheadOf(db: Db): Promise<number> {
  const [row] = await db<{ ms: number }[]>`
    select extract(epoch from ahead)::float8 * 1000 as ms from ${db(schema)}.world`;
  return row?.ms ?? 0;
}
