// What an account has moved between cards today. SQL only.

import type { Sql } from "../db/connect.ts";
import type { Points } from "../rules/money.ts";

/** In hundredths, moves taken back left out, since the day began in a zone by the database's clock, as the rows are. */
export async function movedToday(sql: Sql, actor: string, timeZone: string): Promise<Points> {
  const [row] = await sql<{ points: Points }[]>`
    select coalesce(sum(case when key like '%:undo:to' then -points else points end), 0) as points
    from bonuslog
    where kind = 'move' and points > 0 and actor = ${actor}
      and awarded_at >= date_trunc('day', now() at time zone ${timeZone}) at time zone ${timeZone}`;
  return row?.points ?? 0;
}
