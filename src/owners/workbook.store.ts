// What stands in the owners' workbook: each change of the ledger with its visit, and what each card holds. SQL only.

import type { Tx } from "../db/connect.ts";
import type { CompanyId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";

/** Days by the clock of a zone, both included; null: no bound. */
export interface Span {
  from: string | null;
  to: string | null;
  timeZone: string;
}

/** Whose a line is. Nobody is named whose card was removed at their wish. */
export interface WhoseLine {
  phone: string | null;
  name: string | null;
  forgotten: boolean;
}

/** A row of the ledger. `at` is by the zone's clock, `2026-03-12T14:22:00`; `of` is the kind of the row that it corrects. */
export interface ChangeLine extends WhoseLine {
  at: string;
  visitDay: string | null;
  kind: string;
  of: string | null;
  points: Points;
  reason: string | null;
  bill: Kopecks | null;
  actor: string;
  company: CompanyId | null;
  branch: string | null;
}

/** Small enough that others are answered between two batches, whoever is busy writing them. */
const batch = 1_000;

const from = (tx: Tx, { from, timeZone }: Span) =>
  from === null ? tx`` : tx`and b.awarded_at >= ${from}::date::timestamp at time zone ${timeZone}::text`;
const until = (tx: Tx, { to, timeZone }: Span) =>
  to === null ? tx`` : tx`and b.awarded_at < (${to}::date + 1)::timestamp at time zone ${timeZone}::text`;

/** The changes of these days in the ledger's order, each under the card that has its points now. */
export function changeLines(tx: Tx, span: Span): AsyncIterable<ChangeLine[]> {
  return tx<ChangeLine[]>`
    select to_char(b.awarded_at at time zone ${span.timeZone}::text, 'YYYY-MM-DD"T"HH24:MI:SS') as at,
      coalesce(v.day, s.day) as "visitDay", c.phone, c.name, c.forgotten_at is not null as forgotten,
      case when b.kind <> 'opening' then b.kind when b.actor = 'sync' then 'merged'
        when b.reason = 'back_list' then 'taken_back' else b.kind end as kind,
      a.kind as of, b.points, b.reason, b.paid as bill, coalesce(b.actor, '') as actor, o.company_id as company, o.title as branch
    from bonuslog b
    join clients w on w.id = b.client_id join clients c on c.id = coalesce(w.merged_into, w.id)
    left join bonuslog a on a.id = b.corrects
    left join visits v on v.award_key = coalesce(a.key, b.key)
    left join spends s on s.id = coalesce(b.corrects, b.id)
    left join companies o on o.company_id = coalesce(v.company_id, s.company_id)
    where isfinite(b.awarded_at) ${from(tx, span)} ${until(tx, span)} order by b.id`.cursor(batch);
}

/** Whoever made one of the changes, as the ledger names them. */
export async function authorsOf(tx: Tx, span: Span): Promise<string[]> {
  const rows = await tx<{ actor: string }[]>`
    select distinct actor from bonuslog b where actor ~ 'admin:|owner:' ${from(tx, span)} ${until(tx, span)}`;
  return rows.map((row) => row.actor);
}

/** What a card holds; below zero is a debt. */
interface BalanceLine extends WhoseLine {
  points: Points;
  lastVisit: string | null;
  linked: boolean;
}

/**
 * Every card as of the end of the last day, the fullest first; those of people who asked to be forgotten are one line. So all
 * of them sum to the ledger. The last visit is one that took place.
 */
export function balanceLines(tx: Tx, span: Span, now: Date): AsyncIterable<BalanceLine[]> {
  const last = span.to === null ? tx`` : tx`and v.day <= ${span.to}`;
  return tx<BalanceLine[]>`
    with held as (
      select coalesce(w.merged_into, w.id) as card, sum(b.points) as points
      from bonuslog b join clients w on w.id = b.client_id where true ${until(tx, span)} group by 1)
    select c.phone, c.name, false as forgotten, coalesce(h.points, 0) as points,
      exists (select from accounts a where a.client_id = c.id) as linked,
      (select max(v.day) from visits v
        where v.client_id = c.id and v.starts_at <= ${now} and not v.deleted and v.attendance <> -1 ${last}) as "lastVisit"
    from clients c left join held h on h.card = c.id
    where c.forgotten_at is null and c.merged_into is null
      and (c.phone is not null or h.points <> 0 or exists (select from yclients_clients y where y.client_id = c.id))
    union all
    select null, null, true, points, false, null
    from (select sum(points) as points from held h join clients c on c.id = h.card and c.forgotten_at is not null) f
    where points <> 0
    order by points desc, name, phone`.cursor(batch);
}
