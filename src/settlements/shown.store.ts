// Settlements as people meet them: the one of a visit, what the till is still to be told, what waits for a person. SQL only.

import type { Sql } from "../db/connect.ts";
import type { CompanyId, RecordId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import type { Obstacle } from "./settlement.rule.ts";
import { cameTo, type SettlementId, type StoredSettlement, settlementsWhere } from "./settlements.store.ts";

/** The one of a visit that is not returned, if there is one. */
export async function settlementOfVisit(
  sql: Sql,
  company: CompanyId,
  visit: number,
): Promise<StoredSettlement | null> {
  const holds = sql`s.company_id = ${company} and s.visit_id = ${visit} and s.state <> 'returned'`;
  return (await settlementsWhere(sql, holds))[0] ?? null;
}

/** Spends of which the till's screens do not say yet where they have come to, the oldest first. */
export async function settlementsToShow(sql: Sql, maxRows: number): Promise<StoredSettlement[]> {
  return settlementsWhere(
    sql,
    sql`s.row_id is not null and s.shown is distinct from ${sql.unsafe(cameTo)}
    order by s.id limit ${maxRows}`,
  );
}

/** The screen has said it. Where two have said something at once, nobody knows which of them came last: it is said again. */
export async function keepShown(sql: Sql, one: StoredSettlement): Promise<void> {
  await sql`
    update settlements set shown = case when times_shown = ${one.timesShown} then ${one.cameTo} end,
      times_shown = times_shown + 1
    where id = ${one.id}`;
}

interface StuckSettlement {
  id: SettlementId;
  why: Obstacle;
  points: Points;
  record: RecordId;
}

/**
 * Spends that only a person can bring further, and why; the numbers of those of which it is not known yet: somebody looks again; and
 * how many of these have come no further for a quarter of an hour.
 */
export async function stuckSettlements(
  sql: Sql,
): Promise<{ stuck: StuckSettlement[]; underWay: SettlementId[]; slow: number }> {
  const rows = await sql<(StuckSettlement & { isStuck: boolean; isSlow: boolean })[]>`
    select id, why, amount as points, record_id as record, state = 'stuck' as "isStuck",
      changed_at < clock_timestamp() - interval '15 minutes' as "isSlow" from settlements
    where state in ('stuck', 'under_way') and row_id is not null order by id`;
  const [stuck, others] = [rows.filter((one) => one.isStuck), rows.filter((one) => !one.isStuck)];
  return { stuck, underWay: others.map(({ id }) => id), slow: others.filter((one) => one.isSlow).length };
}
