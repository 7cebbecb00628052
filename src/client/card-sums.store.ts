// What a card's rows sum to, by where they came from. SQL only.

import type { Sql } from "../db/connect.ts";
import type { CardId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";

/** Sums with their sign, in hundredths; what was taken back is taken off. Together they are the balance. */
export interface CardSums {
  visits: Points;
  /** From the earlier programme. */
  opening: Points;
  spent: Points;
  byHand: Points;
  moved: Points;
  /** By the programme itself: for no visit, and what ended. */
  gifts: Points;
  expired: Points;
}

/** For whoever is to explain the balance. */
export async function cardSums(sql: Sql, card: CardId): Promise<CardSums> {
  const [row] = await sql<[CardSums]>`
    with mine as (
      select b.points,
        -- Taking back a spend, or giving it back later, is a spend less; so with a move.
        case when b.kind in ('undo', 'credit') and o.kind in ('spend', 'move') then o.kind else b.kind end as kind
      from bonuslog b left join bonuslog o on o.id = b.corrects
      -- What went over in a merge left the one and came to the other, and sums to nothing.
      where b.client_id = any(array(select cards_of(${card}))))
    select coalesce(sum(points) filter (where kind in ('award', 'correction')), 0) as visits,
      coalesce(sum(points) filter (where kind = 'opening'), 0) as opening,
      coalesce(sum(points) filter (where kind = 'spend'), 0) as spent,
      coalesce(sum(points) filter (where kind in ('credit', 'debit', 'undo')), 0) as "byHand",
      coalesce(sum(points) filter (where kind = 'move'), 0) as moved,
      coalesce(sum(points) filter (where kind in ('welcome', 'birthday', 'friend')), 0) as gifts,
      coalesce(sum(points) filter (where kind = 'expiry'), 0) as expired
    from mine`;
  return row;
}
