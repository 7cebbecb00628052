// One budget of requests for the whole deployment.

import type { Sql } from "../db/connect.ts";
import { must } from "../errors.ts";

/** A queue of 200 requests, behind a wait after a 429 and some more, in milliseconds without the requests. */
const queueMs = 120_000;

/**
 * Takes the next turn: milliseconds to wait for it, and the database's clock. In the order of asking, at most `perMinute` in a
 * minute and four a second (YCLIENTS API: 200 and 5), a fifth of the minute's at once after a rest. What lies further ahead
 * than a long queue was written by a clock that has been put back since.
 */
export async function takeTurn(
  sql: Sql,
  api: string,
  perMinute: number,
): Promise<{ wait: number; now: Date }> {
  const burst = Math.floor(perMinute / 5);
  const each = 60_000 / (perMinute - burst);
  const apart = Math.min(250, each);
  const real = (at: ReturnType<Sql>) => sql`
    case when ${at} <= clock_timestamp() + ${queueMs + 200 * each}::float8 * interval '1 ms' then ${at} else '-infinity' end`;
  const [row] = await sql<{ wait: number; now: Date }[]>`
    insert into request_budget as b (api, owed_until, last_at, blocked_until)
    values (${api}, clock_timestamp() + ${each}::float8 * interval '1 ms', clock_timestamp(), '-infinity')
    on conflict (api) do update
    set (last_at, owed_until) = (
      select turn, greatest(${real(sql`b.owed_until`)}, turn) + ${each}::float8 * interval '1 ms'
      from (select greatest(clock_timestamp(), ${real(sql`b.blocked_until`)},
        ${real(sql`b.last_at`)} + ${apart}::float8 * interval '1 ms',
        ${real(sql`b.owed_until`)} - ${burst * each}::float8 * interval '1 ms')) as t (turn))
    returning greatest(0, extract(epoch from last_at - clock_timestamp()) * 1000)::float8 as wait,
      clock_timestamp() as now`;
  return must(row, "the turn");
}

/** Nobody asks for so many milliseconds. */
export async function blockTurns(sql: Sql, api: string, ms: number): Promise<void> {
  await sql`
    update request_budget set blocked_until = clock_timestamp() + ${ms}::float8 * interval '1 millisecond'
    where api = ${api}`;
}
