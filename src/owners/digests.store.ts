// The owners' evening message: which days had one, and what goes into it. SQL only.

import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { EntryId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import type { Seal } from "../rules/seal.ts";

/** Of these owners those who are still to have this day's message, and may be tried now. */
export async function digestWaits(sql: Sql, day: string, owners: readonly Account[]): Promise<Account[]> {
  const rows = await sql<{ owner: Account }[]>`
    select owner from unnest(${[...owners]}::text[]) owner
    where not exists (
      select from digest_readers r
      where r.day = ${day} and r.owner = owner.owner and (r.told_at is not null or r.due_at between now() and now() + interval '1 hour'))`;
  return rows.map((row) => row.owner);
}

/** The day's seal, and the last change of who works here that belongs into its message. */
export type KeptDigest = Seal & { lastStaffChange: number };

/** What the day's message is told with; null before anybody was to be told. */
export async function keptDigest(sql: Sql, day: string): Promise<KeptDigest | null> {
  const [row] = await sql<KeptDigest[]>`
    select last_row as rows, coalesce(owed, 0) as owed, coalesce(encode(hash, 'hex'), '-') as hash,
      last_staff_change as "lastStaffChange"
    from digests where day = ${day}`;
  return row ?? null;
}

/** Keeps the day's seal, which `verify` looks for in the ledger from then on, and how far its message goes. */
export async function keepDigest(sql: Sql, day: string, { rows, owed, hash }: Seal): Promise<void> {
  await sql`
    insert into digests (day, last_row, owed, hash, last_staff_change)
    values (${day}, ${rows}, ${owed}, decode(nullif(${hash}, '-'), 'hex'),
      (select coalesce(max(id), 0) from staff_changes)) on conflict (day) do nothing`;
}

/** How far an owner has read: the last row of the ledger, and the last change of who works here. */
interface ReadTo {
  row: EntryId;
  staffChange: number;
}

/**
 * How far an owner has read before a day, by the last message that they had: 0 where nothing of the messages before has
 * reached them; null where there was none before. Days of which it was not kept who had read them, everybody had.
 */
export async function readBefore(sql: Sql, day: string, owner: Account): Promise<ReadTo | null> {
  const [row] = await sql<{ sent: boolean; row: EntryId | null; staffChange: number | null }[]>`
    select (select count(*) > 0 from digests where day < ${day}) as sent, last_row as row, last_staff_change as "staffChange"
    from (select) one left join digests d on d.day < ${day} and (
      exists (select from digest_readers r where r.day = d.day and r.owner = ${owner} and r.told_at is not null)
      or d.day < coalesce((select min(r.day) from digest_readers r), ${day}))
    order by d.day desc limit 1`;
  return row?.sent ? { row: row.row ?? 0, staffChange: row.staffChange ?? 0 } : null;
}

/** An owner has had the day's message. */
export async function digestRead(sql: Sql, day: string, owner: Account): Promise<void> {
  await sql`
    insert into digest_readers (day, owner, told_at) values (${day}, ${owner}, now())
    on conflict (day, owner) do update set told_at = excluded.told_at`;
}

/** An owner could not be reached, and is tried again in so many milliseconds. */
export async function digestUnread(sql: Sql, day: string, owner: Account, inMs: number): Promise<void> {
  await sql`
    insert into digest_readers (day, owner, due_at)
    values (${day}, ${owner}, now() + ${inMs}::float8 * interval '1 millisecond')
    on conflict (day, owner) do update set due_at = excluded.due_at`;
}

/** A change that a person made. `undone`: the kind of the row that it takes back; `to`: the other card of a move. */
export interface HandChange {
  kind: string;
  points: Points;
  bill: Kopecks | null;
  reason: string | null;
  actor: string;
  at: Date;
  phone: string | null;
  name: string | null;
  linked: boolean;
  undone: string | null;
  to: string | null;
  /** The card is, or was last, of somebody who works here. */
  ofStaff: boolean;
  /** A spend on a day on which the card has no visit. */
  noVisit: boolean;
}

/** Which rows a message covers: those behind one row up to another, none from before a day. */
interface Span {
  after: EntryId;
  last: EntryId;
  from: string;
  timeZone: string;
}

/**
 * The changes by hand among the rows, in their order; a move is one change, under the card that gave. A forged row may lack
 * its author, and must keep no message back; one that lacks its points or day is no change here but an odd row.
 */
export function handChanges(sql: Sql, span: Span, staff: readonly Account[]): Promise<HandChange[]> {
  return sql<HandChange[]>`
    select b.kind, b.points, b.paid as bill, b.reason, coalesce(b.actor, '') as actor, b.awarded_at as at,
      c.phone, c.name,
      c.linked and (o.id is null or o.linked) as linked,
      u.kind as undone, o.phone as "to",
      exists (
        select from unnest(${[...staff]}::text[]) one
        where one in (select account from accounts where client_id in (c.id, o.id))
          or one = case when not c.linked then coalesce(c.last_account, c.claimed_by) end
          or one = case when not o.linked then coalesce(o.last_account, o.claimed_by) end) as "ofStaff",
      b.kind = 'spend' and not exists (
        select from visits v where v.client_id = c.id and not v.deleted
          and v.day = coalesce(s.day, (b.awarded_at at time zone ${span.timeZone}::text)::date)) as "noVisit"
    from bonuslog b
    join clients w on w.id = b.client_id join clients c on c.id = coalesce(w.merged_into, w.id)
    left join spends s on s.id = b.id
    left join bonuslog u on u.id = b.corrects
    left join bonuslog m on b.kind = 'move' and m.kind = 'move' and m.id = b.id + 1 and m.points = -b.points
    left join clients x on x.id = m.client_id left join clients o on o.id = coalesce(x.merged_into, x.id)
    where b.id > ${span.after} and b.id <= ${span.last}
      and b.awarded_at >= ${span.from}::date::timestamp at time zone ${span.timeZone}::text
      and b.kind in ('spend', 'credit', 'debit', 'undo', 'move') and b.points is not null
      and isfinite(b.awarded_at) and not (b.kind = 'move' and b.points > 0)
    order by b.id`;
}

/** A list of balances that came, or with `takesBack` took that one back; `points` bears the sign. */
export interface ListChange {
  list: number;
  takesBack: number | null;
  cards: number;
  points: Points;
  at: Date;
}

/** The lists whose rows are among these; a list is there with all of them. */
export function listChanges(sql: Sql, span: Span): Promise<ListChange[]> {
  return sql<ListChange[]>`
    select id as list, takes_back as "takesBack", cards, points, imported_at as at from imported_lists
    where after_row >= ${span.after} and after_row < ${span.last}
      and imported_at >= ${span.from}::date::timestamp at time zone ${span.timeZone}::text
    order by id`;
}

/** A visit of the day of a spend that is not paid in full. `spent` is what points paid that day and was not given back. */
export interface UnpaidVisit {
  phone: string | null;
  name: string | null;
  startsAt: Date;
  timeZone: string | null;
  price: Kopecks;
  paid: Kopecks | null;
  spent: Points;
}

/** The visits that the spends among the rows have left unpaid: most likely the price in YCLIENTS was not lowered. */
export function unpaidVisits(sql: Sql, span: Span): Promise<UnpaidVisit[]> {
  return sql<UnpaidVisit[]>`
    with spent as (
      select coalesce(w.merged_into, w.id) as client_id, s.day, -sum(b.points) as points
      from bonuslog b join spends s on s.id = b.id join clients w on w.id = b.client_id
      where b.id > ${span.after} and b.id <= ${span.last}
        and b.awarded_at >= ${span.from}::date::timestamp at time zone ${span.timeZone}::text
        and not exists (select from bonuslog u where u.key = 'undo:' || b.id) and not settles_its_visit(s.id)
      group by coalesce(w.merged_into, w.id), s.day)
    select c.phone, c.name, v.starts_at as "startsAt", b.time_zone as "timeZone", v.price,
      v.services_paid + v.goods_paid as paid, spent.points as spent
    from spent
    join visits v on v.client_id = spent.client_id and v.day = spent.day and not v.deleted
      and v.decision in ('paid_in_part', 'not_paid')
      and not exists (
        select from settlements t where t.company_id = v.company_id and t.visit_id = v.visit_id and t.state <> 'returned')
    join clients c on c.id = spent.client_id
    join companies b on b.company_id = v.company_id
    order by v.starts_at, v.record_id`;
}
