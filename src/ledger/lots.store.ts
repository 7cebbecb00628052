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

/** Of these awards and their corrections: what has ended and was not given back, the latest first. */
export async function endedOf(tx: Tx, awards: EntryId[]): Promise<Ended[]> {
  if (awards.length === 0) return [];
  return tx<Ended[]>`
    with own as (
      select id, id as award, client_id from bonuslog where id = any(${awards}::bigint[])
      union all
      select id, corrects, client_id from bonuslog where corrects = any(${awards}::bigint[]) and kind = 'correction')
    select o.award, e.client_id as card, e.id as expiry, e.key, sum(t.points) as points,
      count(*) filter (where t.points < 0)::int as times,
      (select coalesce(sum(l.rest), 0) from lots l join own a on a.id = l.row_id
        where a.award = o.award and l.client_id = e.client_id) as rest
    from own o join bonuslog e on e.corrects = o.id and e.kind = 'expiry' and e.points < 0 and e.client_id = o.client_id
    join takings t on t.taker = e.id
    group by o.award, e.id having sum(t.points) > 0 order by e.id desc`;
}
