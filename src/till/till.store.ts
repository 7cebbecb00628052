// What the till reads of a card: who has it, and what it holds. SQL only.

import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import { staffIn } from "../rules/author.ts";
import type { CardId, CompanyId, EntryId, RecordId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";

/** A card as the till shows it. `people` are the names of all YCLIENTS clients on it. */
export interface TillCard {
  id: CardId;
  phone: string | null;
  name: string | null;
  /** Who has it, whether they have blocked the bot, and whether they see only what came since they have it. */
  accounts: { account: Account; blocked: boolean; closed: boolean }[];
  /** Since when another account has the card, which sees only what came since; null when each sees all. */
  closedSince: Date | null;
  /** Who has let it see the rest after all, and when. */
  openedBy: Account | null;
  openedAt: Date | null;
  people: string[];
  balance: Points;
  /** What of it waits for the next paid visit; nothing by default. */
  locked?: Points;
  /** The day of the last visit that took place, `YYYY-MM-DD`: it has begun, was not deleted and is no no-show. */
  lastVisit: string | null;
  /** The day of the next one that is booked. */
  booking: string | null;
}

/** What a card's owner is called. */
export type TillName = Pick<TillCard, "name" | "phone">;

/** The same of one card; null when there is no such card, or it is nobody's any more. */
export async function tillName(sql: Sql, card: CardId): Promise<TillName | null> {
  const [row] = await sql<
    TillName[]
  >`select name, phone from clients where id = ${card} and forgotten_at is null`;
  return row ?? null;
}

const columns = `c.id, c.phone, c.name, 
  array(select jsonb_build_object(
      'account', a.account, 'blocked', a.blocked_at is not null, 'closed', a.history_from is not null)
    from accounts a where a.client_id = c.id order by a.linked_at, a.account) as accounts,
  (select max(a.history_from) from accounts a where a.client_id = c.id) as "closedSince",
  c.history_opened_by as "openedBy", c.history_opened_at as "openedAt",
  array(select distinct y.name from yclients_clients y where y.client_id = c.id and y.name is not null order by 1)
    as people,
  coalesce((select sum(b.points) from bonuslog b where b.client_id = c.id), 0) as balance,
  (select coalesce(sum(l.rest), 0) from lots l where l.client_id = c.id and l.rest > 0 and l.waits) as locked,
  held.last_day as "lastVisit", held.next_day as booking`;

/** Of a card `c`: when its owner was here last, and when the next visit is booked. */
function tables(sql: Sql, now: Date) {
  return sql`clients c cross join lateral (
    select max(v.day) filter (where v.starts_at <= ${now}) as last_day,
      min(v.day) filter (where v.starts_at > ${now}) as next_day
    from visits v where v.client_id = c.id and not v.deleted and v.attendance <> -1) held`;
}

/** The card as of now; null when there is none of this id. */
export async function tillCard(sql: Sql, card: CardId, now: Date): Promise<TillCard | null> {
  const [row] = await sql<TillCard[]>`
    select ${sql.unsafe(columns)} from ${tables(sql, now)} where c.id = ${card}`;
  return row ?? null;
}

/** What a card holds; null when its owner has asked to be forgotten, or there is no such card. */
export async function balanceAtTill(sql: Sql, card: CardId): Promise<Points | null> {
  const [row] = await sql<{ balance: Points }[]>`
    select coalesce((select sum(points) from bonuslog b where b.client_id = c.id), 0) as balance
    from clients c where c.id = ${card} and c.forgotten_at is null`;
  return row?.balance ?? null;
}

/**
 * What services cost that a card's owner has not paid yet: those of the day's records (`YYYY-MM-DD`), and of the one that the
 * till's screen is of, less what was spent on them and is not off their price yet. Goods, certificates and memberships are in
 * no record's price.
 */
export async function servicesToPay(
  sql: Sql,
  of: {
    card: CardId;
    companies: readonly CompanyId[];
    today: string;
    company?: CompanyId | null;
    record?: RecordId | null;
  },
): Promise<Kopecks> {
  const [row] = await sql<{ sum: Kopecks }[]>`
    with theirs as (
      select company_id, record_id, coalesce(changed_at, '-infinity') as changed_at,
        case when not deleted and attendance <> -1 and not paid_full
          then greatest(price - coalesce(services_paid, 0), 0) else 0 end as price
      from visits
      where client_id = ${of.card} and company_id = any(${[...of.companies]}::bigint[])
        and (day = ${of.today} or (company_id, record_id) = (${of.company ?? null}::bigint, ${of.record ?? null}::bigint))),
    -- Spent since the journal last changed the record, or any of them where it is not known which: the price is not lowered yet.
    spent as (
      select b.points from spends s join bonuslog b on b.id = s.id
      where s.day = ${of.today} and b.client_id = any(array(select cards_of(${of.card})))
        -- What pays in the journal itself lowers no price for certain: it counts until its record is paid.
        and case when settles_its_visit(s.id)
          then exists (select from theirs t where (t.company_id, t.record_id) = (s.company_id, s.record_id) and t.price > 0)
          else b.awarded_at > (select max(changed_at) from theirs t
            where s.record_id is null or (t.company_id, t.record_id) = (s.company_id, s.record_id)) end
        and not exists (select from bonuslog u where u.key = 'undo:' || b.id))
    select greatest(0, coalesce(sum(price), 0) + (select coalesce(sum(points), 0) from spent)) as sum from theirs`;
  return row?.sum ?? 0;
}

/** What an admin knows of a client whose phone they do not: its last four digits, or how words of the name begin. */
export type Sought = { digits: string } | { name: string };

/** When and where they are sought: now, and the branches' day. */
interface Here {
  now: Date;
  today: string;
  companies: readonly CompanyId[];
}

/** The cards found, and how many there are in all. */
export interface Found {
  cards: TillCard[];
  total: number;
}

/** Of more than so many cards who came last is not asked: whoever is not among those of today is found by more of the name. */
const maxRanked = 200;

/**
 * The cards of clients sought, `maxRows` at most: those with a record of today first, then who came last. Each word of a name
 * must begin a word of the card's name, or of one client's of the journal who is on it.
 */
export async function cardsFound(sql: Sql, sought: Sought, here: Here, maxRows: number): Promise<Found> {
  const { now, today, companies } = here;
  const matched =
    "digits" in sought
      ? sql`select id from clients where right(phone, 4) = ${sought.digits}`
      : sql`select id from clients where name_words(name) @@ ${begins(sql, sought.name)}
          union select client_id from yclients_clients where name_words(name) @@ ${begins(sql, sought.name)}`;
  const found = await sql<(TillCard & { total: number })[]>`
    with matched as materialized (${matched}),
    here as materialized (
      select distinct v.client_id as id from visits v
      where v.company_id = any(${[...companies]}::bigint[]) and v.day = ${today} and not v.deleted
        and v.client_id in (select id from matched)),
    ranked as (select id from here union (select id from matched order by id desc limit ${maxRanked}))
    select ${sql.unsafe(columns)}, (select count(*) from matched) as total
    from ranked r join ${tables(sql, now)} on c.id = r.id
    where c.forgotten_at is null
    order by c.id in (select id from here) desc, held.last_day desc nulls last, c.id limit ${maxRows}`;
  return { cards: found.map(({ total: _, ...card }) => card), total: found[0]?.total ?? 0 };
}

/** The database reads both sides by one rule, which its indexes of names are of. */
function begins(sql: Sql, name: string) {
  return sql`(
    select string_agg('''' || word || ''':*', ' & ')::tsquery
    from unnest(tsvector_to_array(name_words(${name}))) word)`;
}

/** Who made a spend, and whose it is; null: of somebody who asked to be forgotten. Where its screen is no more. */
export async function spenderOf(
  sql: Sql,
  row: EntryId,
): Promise<{ accounts: Account[]; points: Points; name: string | null; phone: string | null } | null> {
  const [found] = await sql<{ actor: string; points: Points; name: string | null; phone: string | null }[]>`
    select b.actor, -b.points as points, c.name, c.phone
    from bonuslog b join clients w on w.id = b.client_id join clients c on c.id = coalesce(w.merged_into, w.id)
    where b.id = ${row} and c.forgotten_at is null`;
  return found ? { ...found, accounts: staffIn(found.actor).slice(0, 1) } : null;
}
