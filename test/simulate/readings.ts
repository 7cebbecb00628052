// What the programs of a simulated world have read of visits, and when: a trail of every state that they stored.

import type postgres from "postgres";
import type { Services } from "./spending.ts";

/** A state of a record, which is called `branch number`. `after` is the newest row of the ledger then; money in kopecks. */
export interface Reading extends Services {
  at: number;
  after: number;
  card: number | null;
  day: string;
  /** Not deleted. */
  there: boolean;
}

/** What of a visit decides at the till. */
const told = [
  "client_id",
  "day",
  "deleted",
  "paid_full",
  "attendance",
  "price",
  "services_paid",
  "changed_at",
];
const of = (row: string) => `(${told.map((column) => `${row}.${column}`).join()})`;

/** From now on the database keeps it. The trigger is called as the world's clock is, which guards let pass. */
export async function keepReadings(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create table sim.readings (at timestamptz not null, after bigint not null, visit jsonb not null);
    create function sim.keep_reading() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' and ${of("old")} is not distinct from ${of("new")} then return null; end if;
      insert into sim.readings
      select sim.clock_timestamp(), (select coalesce(max(id), 0) from bonuslog), to_jsonb(new);
      return null;
    end $$;
    create trigger sim after insert or update on visits for each row execute function sim.keep_reading()`);
}

/** All of it, oldest first. */
export function readingsOf(sql: postgres.Sql): Promise<Reading[]> {
  return sql<Reading[]>`
    select (extract(epoch from at) * 1000)::float8 as at, after::int,
      (visit ->> 'company_id') || ' ' || (visit ->> 'record_id') as record, (visit ->> 'client_id')::int as card,
      visit ->> 'day' as day, not (visit -> 'deleted')::bool as there, not (visit -> 'deleted')::bool and (visit ->> 'attendance')::int <> -1 as live,
      (visit -> 'paid_full')::bool as "paidFull", ((visit ->> 'price')::numeric * 100)::float8 as price,
      ((visit ->> 'services_paid')::numeric * 100)::float8 as paid,
      (extract(epoch from coalesce((visit ->> 'changed_at')::timestamptz, '-infinity')) * 1000)::float8 as changed
    from sim.readings order by at`;
}
