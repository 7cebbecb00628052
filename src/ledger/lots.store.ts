// What cards have in lots: made for rows that are older than lots, and what of an award has ended. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { CardId, EntryId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";

/** Makes the lots of at most so many cards of an old ledger, in a transaction of its own; of how many: 0 when all have theirs. */
export async function makeSomeLots(sql: Sql, cards: number): Promise<number> {
  const [row] = await sql<{ made: number }[]>`select make_some_lots(${cards}) as made`;
  return row?.made ?? 0;
}

/** What of an award's lots on a card has ended: the row of the ledger that says so, and how much of it stands. */
export interface Ended {
  award: EntryId;
  card: CardId;
  expiry: EntryId;
  key: string;
  points: Points;
  /** How often it was given back before. */
  times: number;
  /** What the card still has of this award. */
  rest: Points;
}

/**
 * Of these awards and their corrections: what has ended and was not given back, the latest first. Points that were spent and
 * came back, or went to another card with their visit, are still the award's.
 */
export async function endedOf(tx: Tx, awards: EntryId[]): Promise<Ended[]> {
  if (awards.length === 0) return [];
  return tx<Ended[]>`
    with own as (
      select id, id as award, client_id from bonuslog where id = any(${awards}::bigint[])
      union all
      select id, corrects, client_id from bonuslog where corrects = any(${awards}::bigint[]) and kind = 'correction'),
    cards as (select distinct award, client_id from own),
    ended as (
      select c.award, e.client_id as card, e.id as expiry, e.key, sum(t.points) as points,
        count(*) filter (where t.points < 0)::int as times
      from cards c join bonuslog e on e.client_id = c.client_id and e.kind = 'expiry' and e.points < 0
      join takings t on t.taker = e.id join lots l on l.row_id = t.row_id and l.part = t.part
      where exists (select from own o where o.award = c.award and o.id in (l.row_id, l.origin))
      group by c.award, e.id having sum(t.points) > 0)
    select *, (
      select coalesce(sum(l.rest), 0) from lots l
      where l.client_id = card and l.rest > 0
        and exists (select from own o where o.award = ended.award and o.id in (l.row_id, l.origin))) as rest
    from ended order by expiry desc`;
}
