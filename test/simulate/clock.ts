// A clock that everybody of a simulated world shares, PostgreSQL too: the machine's, and as far ahead as is said.

import type postgres from "postgres";
import type { Clock } from "../../src/clock.ts";
import { movedClockSql } from "../../src/demo/clock.store.ts";

/**
 * Puts `now()` and `clock_timestamp()` of our own before PostgreSQL's, in a schema that comes first in the search path:
 * run before the migrations, so that the defaults of columns mean them as well.
 */
export async function installClock(sql: postgres.Sql, database: string): Promise<void> {
  await sql.unsafe(movedClockSql("sim"));
  await aheadFirst(sql, database);
}

/** A copy of a database does not have its settings. */
export async function aheadFirst(sql: postgres.Sql, database: string): Promise<void> {
  await sql.unsafe(`alter database ${database} set search_path = sim, pg_catalog, public`);
}

/** The time of one world: it passes as the machine's does, and leaps. */
export class WorldClock {
  #ahead: number;

  constructor(
    private readonly sql: postgres.Sql,
    start: Date,
  ) {
    this.#ahead = start.getTime() - Date.now();
  }

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  async advance(ms: number): Promise<void> {
    this.#ahead += ms;
    await this.sql`
      insert into sim.leaps values (pg_catalog.clock_timestamp(), ${this.#ahead}::float8 * interval '1 millisecond')`;
  }

  /** The clock of a program whose machine is `skew()` milliseconds off. Waiting takes it no time at all. */
  of(skew: () => number): Clock {
    return { now: () => new Date(this.now().getTime() + skew()), wait: async () => {} };
  }
}
