// When lots end: what the settings say of it, what has ended and what will. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CardId, EntryId } from "../rules/ids.ts";
import type { EndingDay, Life, LifeOf } from "../rules/life.ts";
import type { Points } from "../rules/money.ts";

/** Keeps what the settings say of a life, and works out anew when its lots end; false where it was said already. */
export async function sayLife(sql: Sql, of: LifeOf, life: Life | null, now: Date): Promise<boolean> {
  const { months = null, days = null }: { months?: number | null; days?: number | null } = life ?? {};
  const [row] = await sql<{ news: boolean }[]>`
    select say_life(${of}, ${months}::int, ${days}::int, ${now}) as news`;
  return row?.news ?? false;
}

/** What is left of a lot whose last day is over. */
export interface OverLot {
  row: EntryId;
  part: number;
  card: CardId;
  points: Points;
}

/** Lots with something left whose last day is before this one, in their order, behind one of them. */
export function overLots(
  sql: Sql,
  today: string,
  after: Pick<OverLot, "row" | "part">,
  maxRows: number,
): Promise<OverLot[]> {
  return sql<OverLot[]>`
    with over as materialized (
      select e.life, e.started from lot_ends e
      where e.ends < ${today}::date)
    select l.row_id as row, l.part, l.client_id as card, l.rest as points
    from over join lots l on l.life = over.life and l.started = over.started and l.rest > 0
    where (l.row_id, l.part) > (${after.row}::bigint, ${after.part}::smallint)
    order by l.row_id, l.part limit ${maxRows}`;
}

/** The same of these lots alone, as they are now. */
export function stillOver(tx: Tx, lots: readonly OverLot[], today: string): Promise<OverLot[]> {
  return tx<OverLot[]>`
    select l.row_id as row, l.part, l.client_id as card, l.rest as points
    from unnest(${lots.map((one) => one.row)}::bigint[], ${lots.map((one) => one.part)}::smallint[]) o (row_id, part)
    join lots l on l.row_id = o.row_id and l.part = o.part and l.rest > 0
    join lot_ends e on e.life = l.life and e.started = l.started and e.ends < ${today}::date
    where not exists (select from bonuslog b where b.key = 'expiry:' || l.row_id || '.' || l.part)
    order by l.row_id, l.part`;
}

/** What of a card ends next, from this day on: the nearest days first. Nothing of what stands still. */
export function nextEnds(sql: Sql, card: CardId, today: string, maxRows: number): Promise<EndingDay[]> {
  return sql<EndingDay[]>`
    select e.ends as day, sum(l.rest) as points
    from lots l join lot_ends e on e.life = l.life and e.started = l.started
    where l.client_id = ${card} and l.rest > 0 and e.ends >= ${today}::date
    group by e.ends order by e.ends limit ${maxRows}`;
}

/** What ends on a day, and on how many cards. */
export type Ahead = EndingDay & { cards: number };

/** All that ends of a life, the nearest days first. */
export function endsAhead(sql: Sql, of: LifeOf, maxRows: number): Promise<Ahead[]> {
  return sql<Ahead[]>`
    select e.ends as day, sum(l.rest) as points, count(distinct l.client_id)::int as cards
    from lot_ends e join lots l on l.life = e.life and l.started = e.started and l.rest > 0
    where e.life = ${of} and e.ends is not null
    group by e.ends order by e.ends limit ${maxRows}`;
}

/** From a day on, `YYYY-MM-DD`, points of this kind live so long; null: for ever, and what ran stands still. */
export interface LifeChange {
  of: LifeOf;
  life: Life | null;
  day: string;
  /** Nothing was said of them before. */
  first: boolean;
}

/** The last change of each kind since a day, with each of these owners who was not told of it. */
export async function untoldLives(
  sql: Sql,
  owners: readonly Account[],
  since: string,
): Promise<(LifeChange & { id: number; owner: Account })[]> {
  const rows = await sql<
    (Omit<LifeChange, "life"> & { id: number; months: number | null; days: number | null; owner: Account })[]
  >`
    select l.id, l.life as of, l.months, l.days, l.day, o.owner,
      not exists (select from lives b where b.life = l.life and b.id < l.id) as first
    from lives l cross join unnest(${[...owners]}::text[]) o (owner)
    where l.day >= ${since}::date and not exists (select from lives n where n.life = l.life and n.id > l.id)
      and not exists (select from life_readers r where r.life_id = l.id and r.owner = o.owner)
    order by l.id, o.owner`;
  return rows.map(({ months, days, ...row }) => ({
    ...row,
    life: months !== null ? { months } : days !== null ? { days } : null,
  }));
}

/** An owner was told of a change, or cannot be. */
export async function keepTold(sql: Sql, id: number, owner: Account): Promise<void> {
  await sql`insert into life_readers (life_id, owner) values (${id}, ${owner}) on conflict do nothing`;
}
