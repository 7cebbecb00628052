// What the till reads of a card: who it is, its last rows, its last visits. SQL only.

import type { Sql } from "../db/connect.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import type { Word } from "../visits/visit.rule.ts";

/** A card as the till shows it. `people` are the names of all YCLIENTS clients on it. */
export interface TillCard {
  id: number;
  phone: string | null;
  name: string | null;
  linked: boolean;
  blocked: boolean;
  /** Since when the phone is another account's, which sees only what came since; null when it sees all. */
  closedSince: Date | null;
  /** Who has let it see the rest after all, and when. */
  openedBy: number | null;
  openedAt: Date | null;
  people: string[];
  balance: Points;
  /** The day of the last visit that took place, `YYYY-MM-DD`: it has begun, was not deleted and is no no-show. */
  lastVisit: string | null;
  /** The day of the next one that is booked. */
  booking: string | null;
}

/** What a card's owner is called. */
export interface TillName {
  name: string | null;
  phone: string | null;
}

/** It; null when there is no such card, or it is nobody's any more. */
export async function tillName(sql: Sql, card: number): Promise<TillName | null> {
  const [row] = await sql<
    TillName[]
  >`select name, phone from clients where id = ${card} and forgotten_at is null`;
  return row ?? null;
}

const columns = `c.id, c.phone, c.name, c.telegram_id is not null as linked, c.blocked_at is not null as blocked,
  case when c.telegram_id is not null then c.history_from end as "closedSince",
  c.history_opened_by as "openedBy", c.history_opened_at as "openedAt",
  array(select distinct y.name from yclients_clients y where y.client_id = c.id and y.name is not null order by 1)
    as people,
  coalesce((select sum(b.points) from bonuslog b where b.client_id = c.id), 0) as balance,
  held.last_day as "lastVisit", held.next_day as booking`;

/** Of a card `c`: when its owner was here last, and when the next visit is booked. */
function tables(sql: Sql, now: Date) {
  return sql`clients c cross join lateral (
    select max(v.day) filter (where v.starts_at <= ${now}) as last_day,
      min(v.day) filter (where v.starts_at > ${now}) as next_day
    from visits v where v.client_id = c.id and not v.deleted and v.attendance <> -1) held`;
}

/** The card as of now; null when there is none of this id. */
export async function tillCard(sql: Sql, card: number, now: Date): Promise<TillCard | null> {
  const [row] = await sql<TillCard[]>`
    select ${sql.unsafe(columns)} from ${tables(sql, now)} where c.id = ${card}`;
  return row ?? null;
}

/** What a card holds; null when its owner has asked to be forgotten, or there is no such card. */
export async function balanceAtTill(sql: Sql, card: number): Promise<Points | null> {
  const [row] = await sql<{ balance: Points }[]>`
    select coalesce((select sum(points) from bonuslog b where b.client_id = c.id), 0) as balance
    from clients c where c.id = ${card} and c.forgotten_at is null`;
  return row?.balance ?? null;
}

/** The cards whose phone ends with these four digits: those who came last first, one more than `most` if there are. */
export function cardsEndingWith(sql: Sql, digits: string, most: number, now: Date): Promise<TillCard[]> {
  return sql<TillCard[]>`
    select ${sql.unsafe(columns)} from ${tables(sql, now)}
    where right(c.phone, 4) = ${digits} order by "lastVisit" desc nulls last, c.id limit ${most + 1}`;
}

/**
 * A row of the ledger as the till lists it. The kind `merged` is what a card brought that went into this one; `day` is of
 * the visit; `actor` is as stored.
 */
export interface TillRow {
  id: number;
  kind: string;
  points: Points;
  paid: Kopecks | null;
  reason: string | null;
  actor: string;
  at: Date;
  day: string | null;
}

/** A card's last rows, the newest first. */
export function lastRows(sql: Sql, card: number, most: number): Promise<TillRow[]> {
  return sql<TillRow[]>`
    select b.id, case when b.kind = 'opening' and b.key ~ ':(from|to)$' then 'merged' else b.kind end as kind,
      b.points, b.paid, b.reason, coalesce(b.actor, '') as actor, b.awarded_at as at, v.day
    from bonuslog b
    left join bonuslog a on a.id = case when b.kind = 'award' then b.id when b.kind = 'correction' then b.corrects end
    left join visits v on v.award_key = a.key
    where b.client_id = ${card} order by b.id desc limit ${most}`;
}

/** A visit with what it made. `paid` is null when YCLIENTS did not say; `spent` is what points paid that day. */
export interface TillVisit {
  recordId: number;
  companyId: number;
  startsAt: Date;
  timeZone: string | null;
  price: Kopecks;
  paid: Kopecks | null;
  decision: Word;
  entries: Points[];
  spent: Points;
}

/**
 * A card's last visits, the newest first, with this card's entries of each and the spends of its day. Bookings and what
 * came to nothing before its time are left out: they would fill the list where there is something to be asked about.
 */
export function lastVisits(sql: Sql, card: number, most: number, now: Date): Promise<TillVisit[]> {
  return sql<TillVisit[]>`
    select v.record_id as "recordId", v.company_id as "companyId", v.starts_at as "startsAt", p.time_zone as "timeZone", v.price,
      v.services_paid + v.goods_paid as paid, v.decision,
      array(
        select b.points from bonuslog a join bonuslog b on b.id = a.id or (b.corrects = a.id and b.kind = 'correction')
        where a.key = v.award_key and b.client_id = v.client_id order by b.id) as entries,
      coalesce((
        select -sum(b.points) from spends s join bonuslog b on b.id = s.id
        where b.client_id = any(array(select cards_of(${card}))) and s.day = v.day
          and not exists (select from bonuslog u where u.key = 'undo:' || b.id)), 0) as spent
    from visits v join companies p on p.company_id = v.company_id
    where v.client_id = ${card}
      and (v.starts_at <= ${now} or v.decision not in ('not_paid', 'deleted', 'no_show')
        or exists (select from bonuslog a where a.key = v.award_key))
    order by v.starts_at desc, v.record_id desc limit ${most}`;
}
