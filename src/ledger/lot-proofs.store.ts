// Holds the lots against the rows that made them, took from them and gave back: `verify` reads them in streams. SQL only.

import { type Sql, within } from "../db/connect.ts";
import type { Slice } from "../rules/slice.ts";
import type { OddRow } from "./odd-rows.store.ts";

const batch = 5_000;

/**
 * Rows of a slice that lots do not bear out, in order: a plus row made lots and gave back what it says, a minus row took what
 * it says or owes it, of its own card and of lots that were there; what ended had ended; what waits has no award behind it.
 * Cards whose lots are still to be made are left out.
 */
export function oddLots(sql: Sql, rows: Slice): AsyncIterable<OddRow[]> {
  const of = (column: string) => within(sql, column, rows);
  return sql<OddRow[]>`
    with made as (select row_id, sum(points) as points from lots where ${of("row_id")} group by row_id),
    took as (select taker, sum(points) as points from takings where points > 0 and ${of("taker")} group by taker),
    back as (select by_row, -sum(points) as points from takings where points < 0 and ${of("by_row")} group by by_row),
    taken as (select row_id, part, sum(points) as points from takings where ${of("row_id")} group by row_id, part),
    found as (
      select b.id, case when b.points > 0
        then format('made lots of %s and gave back %s', coalesce(made.points, 0), coalesce(back.points, 0))
        else format('took %s from lots and owes %s', coalesce(took.points, 0), coalesce(d.points, 0)) end as why
      from bonuslog b
      left join made on made.row_id = b.id left join back on back.by_row = b.id
      left join took on took.taker = b.id left join debts d on d.row_id = b.id
      where ${of("b.id")} and (case when b.points > 0
          then coalesce(made.points, 0) + coalesce(back.points, 0) = b.points and took.points is null and d.points is null
          else coalesce(took.points, 0) + coalesce(d.points, 0) = -b.points and made.points is null and back.points is null
        end) is not true
        and not exists (select from unlotted u where u.client_id = b.client_id)
      union all
      select l.row_id, case
        when l.rest is distinct from l.points - coalesce(t.points, 0)
          then format('has a lot %s of which %s are said to be left, and %s were taken', l.part, l.rest, coalesce(t.points, 0))
        when l.client_id is distinct from b.client_id then format('has a lot on card %s', l.client_id)
        when l.origin <> l.row_id and b.id is not null
          and ((b.corrects is not null or b.kind in ('move', 'opening', 'correction'))
            and exists (select from bonuslog o where o.id = l.origin and o.id < b.id and o.points > 0)) is not true
          then format('has a lot of the points of row %s', l.origin)
        when b.corrects is null and b.kind in ('award', 'credit', 'welcome', 'birthday', 'friend')
          and (l.life = case when b.kind in ('welcome', 'birthday') then b.kind else 'earned' end
            and abs(l.started - (b.awarded_at at time zone 'UTC')::date) <= 1) is not true
          then format('has a lot of the life %s from %s', l.life, l.started) end
      from lots l
      left join taken t on t.row_id = l.row_id and t.part = l.part
      left join bonuslog b on b.id = l.row_id and ${of("b.id")}
      where ${of("l.row_id")}
      union all
      select t.taker, case
        when l.client_id is distinct from b.client_id then format('took from a lot of card %s', l.client_id)
        when t.points > 0 then format('took by row %s, which pays no debt of it', t.by_row)
        else format('was given back by row %s, which does not name it', t.by_row) end
      from takings t left join lots l on l.row_id = t.row_id and l.part = t.part
      left join bonuslog b on b.id = t.taker left join bonuslog g on g.id = t.by_row
      where ${of("t.taker")} and (l.client_id = b.client_id and case when t.points > 0
          then t.by_row = t.taker or g.id > b.id and g.points > 0 and g.client_id = b.client_id
          else g.corrects = b.id and g.points > 0 and g.client_id = b.client_id end) is not true
      union all
      select max(taker), format('took less than nothing of the lot %s.%s', row_id, part)
      from takings where ${of("taker")} group by row_id, part, taker having sum(points) < 0
      union all
      select b.id, format('took from the lot %s.%s, which it does not name', t.row_id, t.part)
      from bonuslog b join takings t on t.taker = b.id and t.points > 0
      where ${of("b.id")} and b.kind = 'expiry' and (t.row_id = b.corrects
        and starts_with(b.key || ':', 'expiry:' || t.row_id || '.' || t.part || ':')) is not true
      union all
      select d.row_id, 'is owed, and its card has open lots'
      from debts d where ${of("d.row_id")} and exists (select from lots l where l.client_id = d.client_id and l.rest > 0)
      union all
      select d.row_id, format('owes for card %s', d.client_id)
      from debts d left join bonuslog b on b.id = d.row_id
      where ${of("d.row_id")} and b.client_id is distinct from d.client_id
      union all
      select l.row_id, 'has a lot that waits, though a visit was paid since'
      from lots l where ${of("l.row_id")} and l.waits and l.rest > 0 and exists (
        select from bonuslog a
        where a.client_id = l.client_id and is_of_visit_since(a.kind, a.points, coalesce(a.corrects, a.id), l.row_id))
    )
    select first.id, coalesce(b.client_id, 0) as card, coalesce(b.kind, '') as kind, coalesce(b.points, 0) as points,
      coalesce(b.actor, '') as actor, coalesce(b.awarded_at, 'epoch') as at, first.why
    from (select distinct on (id) id, why from found where why is not null order by id) as first
    left join bonuslog b on b.id = first.id order by first.id`.cursor(batch);
}

/** What was said of a life, in order, and the last day of its lots by their first, as they are kept; null: there is none. */
export interface KeptEnds {
  life: string;
  said: { day: string; months: number | null; days: number | null }[];
  ends: { started: string; ends: string | null }[];
}

/** All of it, life by life; a day of lots that has no last day kept is there with an empty one. */
export function keptEnds(sql: Sql): Promise<KeptEnds[]> {
  return sql<KeptEnds[]>`
    with days as (
      select life, started, ends::text from lot_ends
      union all
      select distinct life, started, '' from lots l
      where not exists (select from lot_ends e where e.life = l.life and e.started = l.started))
    select life, json_agg(json_build_object('started', started, 'ends', ends) order by started) as ends,
      (select coalesce(json_agg(json_build_object('day', s.day, 'months', s.months, 'days', s.days) order by s.id), '[]')
        from lives s where s.life = d.life) as said
    from days d group by life order by life`;
}
