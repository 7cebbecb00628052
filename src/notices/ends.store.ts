// Which cards have points that end soon and were not warned of it yet, and of what. SQL only.

import type { Sql } from "../db/connect.ts";
import type { CardId, CompanyId } from "../rules/ids.ts";
import type { EndingDay } from "../rules/life.ts";
import type { Points } from "../rules/money.ts";

/** How long before points end it is said, in days. */
const warned = "(values (7), (30)) as before (days)";
/** The longest of them. */
const window = 30;

/**
 * Lots `l` with their end `e` that are in the window from a day on, and whose clock runs. What lives no longer than that
 * before its end was not there to be warned of.
 */
const soon = (sql: Sql, today: string) => sql`
  (select life, started, ends from lot_ends
    where ends between ${today}::date and ${today}::date + ${window}::int offset 0) e
  join lots l on l.life = e.life and l.started = e.started and l.rest > 0`;
const unsaid = (sql: Sql, today: string) => sql`
  exists (select from ${sql.unsafe(warned)}
    where e.ends <= ${today}::date + before.days and e.ends - e.started > before.days
      and not exists (select from end_warnings w
        where w.client_id = l.client_id and w.ends = e.ends and w.days = before.days))`;

/** The cards whose owners are to be warned and are not waiting for it, with the branch that each was at last. */
export function cardsToWarn(sql: Sql, today: string): Promise<{ card: CardId; company: CompanyId | null }[]> {
  return sql<{ card: CardId; company: CompanyId | null }[]>`
    select c.id as card, coalesce(
      (select v.company_id from visits v where v.client_id = c.id order by v.starts_at desc limit 1),
      (select min(company_id) from companies)) as company
    from clients c
    where c.id in (select l.client_id from ${soon(sql, today)} where ${unsaid(sql, today)})
      and exists (select from accounts a where a.client_id = c.id)
      and not exists (select from notices n where n.client_id = c.id and n.about = 'ends')`;
}

/** What a card's warning says: all that ends in the window, the nearest first. */
export interface PendingWarning {
  balance: Points;
  ends: EndingDay[];
  /** What of them waits for the next paid visit. */
  locked: Points;
}

/** Of one snapshot, to be read right before it goes; null when there is nothing to warn of any more. */
export async function pendingWarning(sql: Sql, card: CardId, today: string): Promise<PendingWarning | null> {
  const rows = await sql<(Omit<PendingWarning, "ends"> & EndingDay & { unsaid: boolean })[]>`
    select e.ends as day, sum(l.rest) as points,
      coalesce(sum(l.rest) filter (where l.waits), 0) as locked, bool_or(${unsaid(sql, today)}) as unsaid,
      coalesce((select sum(points) from bonuslog where client_id = ${card}), 0) as balance
    from ${soon(sql, today)}
    where l.client_id = ${card} group by e.ends order by e.ends`;
  const [first] = rows;
  if (!first || rows.every((row) => !row.unsaid)) return null;
  return {
    balance: first.balance,
    ends: rows.map(({ day, points }) => ({ day, points })),
    locked: rows.reduce((sum, row) => sum + row.locked, 0),
  };
}

/** These days of a card were told. */
export async function keepWarned(sql: Sql, card: CardId, days: string[], today: string): Promise<void> {
  await sql`
    insert into end_warnings (client_id, ends, days)
    select ${card}::bigint, e.ends, before.days
    from unnest(${days}::date[]) e (ends) cross join ${sql.unsafe(warned)}
    where e.ends <= ${today}::date + before.days on conflict do nothing`;
}
