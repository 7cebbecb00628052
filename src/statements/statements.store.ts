// What cards held at a moment, and when it ends, for papers. SQL only.

import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import type { Seal } from "../rules/seal.ts";

/** A card at a moment. `historyFrom`: since when its history is the account's who looks at it; null: all of it is. */
export interface CardThen {
  phone: string | null;
  held: Points;
  historyFrom: Date | null;
}

/** The card, as one of its accounts or (null) all may see it, with what it held before a moment; null: what it holds. */
export async function cardThen(
  sql: Sql,
  card: CardId,
  account: Account | null,
  until: Date | null,
): Promise<CardThen | null> {
  const [row] = await sql<CardThen[]>`
    select c.phone, (select history_from from accounts where account = ${account} and client_id = c.id) as "historyFrom", coalesce((
      select sum(b.points) from bonuslog b
      where b.client_id = c.id and (${until}::timestamptz is null or b.awarded_at < ${until})), 0) as held
    from clients c where c.id = ${card}`;
  return row ?? null;
}

/** So many points that may be spent up to a day, `YYYY-MM-DD`, that one included. */
export interface Ending {
  ends: string;
  points: Points;
}

/**
 * What is left of lots that end, before a moment (null: now), by card and last day: what was taken later is there again. The days
 * are those of the terms in force now; where the clock of a life stands still its lots have none.
 */
function ending(sql: Sql, card: CardId | null, until: Date | null) {
  const ofCard = (column: ReturnType<Sql>) => (card === null ? sql`` : sql`and ${column} = ${card}`);
  const lots =
    until === null
      ? sql`select client_id, life, started, rest as points from lots l where rest > 0 ${ofCard(sql`client_id`)}`
      : sql`
        select l.client_id, l.life, l.started, l.rest + coalesce(later.points, 0) as points
        from lots l join bonuslog o on o.id = l.row_id
        left join (
          select t.row_id, t.part, sum(t.points) as points
          from takings t join bonuslog r on r.id = t.by_row join bonuslog o on o.id = t.row_id
          where r.awarded_at >= ${until} ${ofCard(sql`o.client_id`)} group by t.row_id, t.part
        ) later on later.row_id = l.row_id and later.part = l.part
        where o.awarded_at < ${until} ${ofCard(sql`o.client_id`)}`;
  return sql`
    select l.client_id, e.ends, sum(l.points) as points
    from (${lots}) l
    join lot_ends e on e.life = l.life and e.started = l.started and e.ends is not null
    where l.life <> all(array(select f from unnest('{earned,welcome,birthday}'::text[]) f where stopped_on(f) is not null))
    group by l.client_id, e.ends having sum(l.points) > 0`;
}

/** What of a card ended when, before a moment (null: now), the nearest end first. */
export function endingsOf(sql: Sql, card: CardId, until: Date | null): Promise<Ending[]> {
  return sql<Ending[]>`select ends, points from (${ending(sql, card, until)}) as ending order by ends`;
}

/** Of what a card held: so many points that end on a day, or the rest; on a card that was forgotten or not. */
export interface OwedPart {
  card: CardId;
  ends: string | null;
  points: Points;
  forgotten: boolean;
}

/** What each card held before a moment (null: what it holds), card by card, by the days on which it ends. */
export function owedParts(sql: Sql, until: Date | null): AsyncIterable<OwedPart[]> {
  const before = until === null ? sql`` : sql`where awarded_at < ${until}`;
  return sql<OwedPart[]>`
    with held as materialized (
      select client_id, sum(points) as points from bonuslog ${before} group by client_id),
    ending as materialized (${ending(sql, null, until)}),
    parts as (
      select client_id, ends, points from ending
      union all
      select h.client_id, null, h.points - coalesce(e.points, 0)
      from held h left join (select client_id, sum(points) as points from ending group by client_id) e using (client_id))
    select p.client_id as card, p.ends, p.points, c.forgotten_at is not null as forgotten
    from parts p join clients c on c.id = p.client_id
    where p.points <> 0 order by p.client_id, p.ends`.cursor(5_000);
}

/** How many cards there are whose ends are still to be found, where any lot ends at all. */
export async function endlessCards(sql: Sql): Promise<number> {
  const [row] = await sql<{ cards: number }[]>`
    select count(*)::int as cards from unlotted where exists (select from lot_ends where ends is not null)`;
  return row?.cards ?? 0;
}

/** The ledger's last row, as `verify --seal` takes it: so many rows end in this hash. */
export type LastRow = Omit<Seal, "owed">;

/** How far the ledger goes: rows are numbered without gaps, so nothing is counted. */
export async function lastRow(sql: Sql): Promise<LastRow> {
  const [row] = await sql<LastRow[]>`
    select id as rows, encode(hash, 'hex') as hash from bonuslog order by id desc limit 1`;
  return row ?? { rows: 0, hash: "-" };
}
