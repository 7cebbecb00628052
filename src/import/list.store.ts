// The lists of balances that came from elsewhere, and what the cards of one hold. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { CardId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";

/** A list that was imported; `points` is hundredths, below zero for one that took another back. */
export interface ImportedList {
  id: number;
  hash: string | null;
  takesBack: number | null;
  cards: number;
  points: Points;
  importedAt: Date;
  /** The list that took it back. */
  takenBackBy: number | null;
}

/** A card of a list: what it holds, and an earlier list that gave it points of which some were not taken back. */
export interface CardOfList {
  phone: string;
  card: CardId;
  points: Points;
  earlier: number | null;
}

/** The lists so far, the first one first. */
export function importedLists(sql: Sql): Promise<ImportedList[]> {
  return sql<ImportedList[]>`
    select l.id, l.hash, l.takes_back as "takesBack", l.cards, l.points, l.imported_at as "importedAt", t.id as "takenBackBy"
    from imported_lists l left join imported_lists t on t.takes_back = l.id order by l.id`;
}

/** Of these phones those that have a card. */
export function cardsOfList(sql: Sql, phones: string[]): Promise<CardOfList[]> {
  return sql<CardOfList[]>`
    select c.phone, c.id as card, coalesce(sum(b.points), 0) as points, max(l.id) as earlier
    from unnest(${phones}::text[]) asked (phone) join clients c on c.phone = asked.phone
    left join bonuslog b on b.client_id = c.id
    left join imported_lists l on b.kind = 'opening' and b.actor = 'list:' || l.id and l.takes_back is null
      and not exists (
        select from imported_lists t join bonuslog r on r.key = 'list:' || t.id || ':' || c.id
        where t.takes_back = l.id and r.points = -b.points)
    group by c.id`;
}

/** Writes down a list whose rows come next in this transaction, under the ledger's lock; returns its number. */
export async function addList(
  tx: Tx,
  list: { hash: string | null; takesBack: number | null; cards: number; points: Points },
): Promise<number> {
  const [row] = await tx<[{ id: number }]>`
    insert into imported_lists (id, hash, round, takes_back, after_row, cards, points)
    select coalesce((select max(id) from imported_lists), 0) + 1, ${list.hash}::text,
      (select count(*) from imported_lists l join imported_lists t on t.takes_back = l.id where l.hash = ${list.hash}::text),
      ${list.takesBack}::bigint, coalesce((select max(id) from bonuslog), 0), ${list.cards}::int, ${list.points}::numeric
    returning id`;
  return row.id;
}

/**
 * What a list gave to each card, or to the one that this went into, but for what has ended, and what of it can be taken back:
 * no more than leaves what the card would hold without it. Of what was done by hand behind the list that is what gave: what took may have taken of it,
 * and stays. So no card goes below zero but for a debt of its own.
 */
export function givenByList(tx: Tx, id: number): Promise<{ card: CardId; given: Points; points: Points }[]> {
  return tx<{ card: CardId; given: Points; points: Points }[]>`
    with given as (
      select coalesce(c.merged_into, c.id) as card, min(b.id) as first,
        sum(b.points + (select coalesce(sum(e.points), 0) from bonuslog e where e.corrects = b.id and e.kind = 'expiry')) as given
      from imported_lists l join bonuslog b on b.id > l.after_row and b.id <= l.after_row + l.cards
      join clients c on c.id = b.client_id
      where l.id = ${id} group by 1)
    select g.card, g.given, greatest(0, least(g.given, held.points - least(0, held.without - g.given))) as points
    from given g cross join lateral (
      select sum(points) as points, sum(case when by_hand then greatest(0, points) else points end) as without from (
        select by_hand, sum(points) as points from (
          select b.points, coalesce(b.corrects, b.id) as act,
            b.id > g.first and b.kind in ('spend', 'credit', 'debit', 'undo', 'move') as by_hand
          from clients c join bonuslog b on b.client_id = c.id where c.id = g.card or c.merged_into = g.card) rows
        group by by_hand, case when by_hand then act end) acts) held
    order by g.first`;
}
