// The day's tree over the cards, made and read in SQL: two hashes are one a level higher, and one alone goes up as it is.

import type { Sql, Tx } from "../db/connect.ts";
import type { CardId, EntryId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";

/**
 * Gives linked cards without a code one, so many at once behind a card; the last of them, or null when there are no more. A
 * card that somebody is at is left for another day.
 */
export async function giveCodes(sql: Sql, after: CardId, maxCards: number): Promise<CardId | null> {
  const [row] = await sql<{ last: CardId | null }[]>`
    with bare as (
      select id from clients where id > ${after} and linked and code is null
      order by id limit ${maxCards} for update skip locked),
    given as (
      update clients c set code = replace(gen_random_uuid()::text, '-', '') from bare where c.id = bare.id returning c.id)
    select max(id) as last from given`;
  return row?.last ?? null;
}

/** The row that the day's seal ends with; null where there is no seal, or it has a tree, or a later day has. */
export async function treeDue(sql: Sql, day: string): Promise<EntryId | null> {
  const [row] = await sql<{ lastRow: EntryId }[]>`
    select last_row as "lastRow" from digests
    where day = ${day} and hash is not null and not exists (select from trees t where t.day >= ${day})`;
  return row?.lastRow ?? null;
}

/** Puts the leaves in place of the tree before: each card with a code as of a row of the ledger. How many there are. */
export async function putLeaves(tx: Tx, lastRow: EntryId): Promise<number> {
  await tx`set local statement_timeout = 0`;
  await tx`delete from tree_nodes`;
  const leaves = await tx`
    insert into tree_nodes (level, place, hash, client_id)
    select 0, row_number() over (order by leaf) - 1, leaf, id
    from (
      select c.id, sha256(decode('00', 'hex') || convert_to(
        encode(sha256(convert_to('loyalty card ' || c.code, 'UTF8')), 'hex') || ' '
        || round(coalesce(held.points, 0), 2) || ' '
        || coalesce(b.id || ':' || encode(b.hash, 'hex'), '0:-'), 'UTF8')) as leaf
      from clients c
      left join (
        select client_id, sum(points) as points, max(id) as last from bonuslog where id <= ${lastRow} group by client_id
      ) held on held.client_id = c.id
      left join bonuslog b on b.id = held.last
      where c.code is not null
    ) as leaves`;
  return leaves.count;
}

/** The level over this one; how many hashes it has. */
export async function putLevelOver(tx: Tx, level: number): Promise<number> {
  const above = await tx`
    insert into tree_nodes (level, place, hash)
    select ${level}::int + 1, place / 2,
      case count(*) when 1 then (array_agg(hash))[1]
        else sha256(decode('01', 'hex') || string_agg(hash, ''::bytea order by place)) end
    from tree_nodes where level = ${level} group by place / 2`;
  return above.count;
}

/** Keeps the one hash of the highest level as the day's root. */
export async function keepRoot(tx: Tx, day: string, cards: number): Promise<void> {
  await tx`
    insert into trees (day, cards, root)
    select ${day}, ${cards}, hash from tree_nodes where level = (select max(level) from tree_nodes)`;
}

/** The root of a day in hex; null where it has none. */
export async function keptRoot(sql: Sql, day: string): Promise<string | null> {
  const [row] = await sql<
    { root: string }[]
  >`select encode(root, 'hex') as root from trees where day = ${day}`;
  return row?.root ?? null;
}

/** The last days' roots, the latest first. */
export function lastRoots(sql: Sql, maxDays: number): Promise<{ day: string; root: string }[]> {
  return sql<{ day: string; root: string }[]>`
    select day, encode(root, 'hex') as root from trees order by day desc limit ${maxDays}`;
}

/** The last day with a tree, where that is not what its root and the number of its cards say; none where all is well. */
export function brokenTrees(sql: Sql): Promise<{ day: string }[]> {
  return sql<{ day: string }[]>`
    with below as (
      select level + 1 as level, place / 2 as place, case count(*) when 1 then (array_agg(hash))[1]
        else sha256(decode('01', 'hex') || string_agg(hash, ''::bytea order by place)) end as hash
      from tree_nodes where level < (select max(level) from tree_nodes) group by level, place / 2)
    select day from (select * from trees order by day desc limit 1) t
    where cards is distinct from (select count(*) from tree_nodes where level = 0)
      or root is distinct from (select hash from tree_nodes order by level desc limit 1)
      or exists (
        select from tree_nodes n left join below b on b.level = n.level and b.place = n.place
        where n.level > 0 and n.hash is distinct from b.hash)`;
}

/** A card's leaf of the last tree, with the code that the card has now, and its way to the root. */
export interface StoredPath {
  day: string;
  root: string;
  code: string;
  points: Points;
  lastRow: string;
  /** `L` or `R`, the side of the other hash, and its hex. */
  steps: string[];
}

/** Null where there is no tree, or the card is not in it. The card may have another code than it had then. */
export async function pathOf(sql: Sql, card: CardId): Promise<StoredPath | null> {
  const [row] = await sql<StoredPath[]>`
    select t.day, encode(t.root, 'hex') as root, c.code,
      coalesce((select sum(b.points) from bonuslog b where b.client_id = c.id and b.id <= d.last_row), 0) as points,
      coalesce((
        select b.id || ':' || encode(b.hash, 'hex') from bonuslog b
        where b.client_id = c.id and b.id <= d.last_row order by b.id desc limit 1), '0:-') as "lastRow",
      coalesce((
        select array_agg(case (n.place >> o.level) & 1 when 1 then 'L' else 'R' end || encode(o.hash, 'hex') order by o.level)
        from generate_series(0, 31) as l (level)
        join tree_nodes o on o.level = l.level and o.place = (n.place >> l.level) # 1), '{}') as steps
    from (select * from trees order by day desc limit 1) t
    join digests d on d.day = t.day
    join tree_nodes n on n.client_id = ${card}
    join clients c on c.id = n.client_id
    where c.code is not null`;
  return row ?? null;
}
