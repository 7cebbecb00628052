// Cards that have something untold.

import type { Sql } from "../db/connect.ts";
import { type About, notSettledYet, reachable } from "../ledger/outbox.store.ts";
import type { Account } from "../rules/account.ts";
import type { CardId, CompanyId, EntryId, Percent, RecordId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import type { Terms } from "../visits/visit.rule.ts";

/**
 * Due, or put off further than anything may be, by a clock that was put back: the till by an hour of failures, visits by
 * the quiet hours and what has to settle.
 */
const due = `(n.due_at <= now() or n.due_at > now() + case n.about when 'till' then interval '2 hours' else interval '25 hours' end)`;

/** What is told with visits, of rows named `b`: at no hour of the till's choosing. */
const ofVisits = "b.kind in ('award', 'correction', 'expiry', 'welcome', 'birthday', 'friend')";

/** A message that is due. Whose it is, is found out when it is sent: see `pendingNotice`. */
export interface Notice {
  card: CardId;
  about: About;
  timeZone: string | null;
  /** The salon's name: the branch's, else the only one's; null where it is not known which. */
  salon: string | null;
  attempts: number;
}

/** Whether a message of this kind should go now. */
export async function isDue(sql: Sql, about: About): Promise<boolean> {
  const rows = await sql`
    select from notices n join clients c on c.id = n.client_id
    where ${sql.unsafe(due)} and n.about = ${about} and ${sql.unsafe(reachable)} limit 1`;
  return rows.length > 0;
}

/**
 * Takes what is due, oldest first, warnings last, and of one kind where it is named, and puts it out of others' reach for so many
 * milliseconds: a sender that dies leaves it to the next one, which may at worst say it twice.
 */
export function claimNotices(
  sql: Sql,
  maxRows: number,
  ms: number,
  about: About | null = null,
): Promise<Notice[]> {
  return sql<Notice[]>`
    with due as (
      select n.client_id, n.about
      from notices n join clients c on c.id = n.client_id
      where ${sql.unsafe(due)} and ${sql.unsafe(reachable)}
        and coalesce(n.about = ${about}, true)
      order by n.about = 'ends', n.due_at limit ${maxRows} for update of n skip locked)
    update notices n
    set due_at = now() + ${ms}::float8 * interval '1 millisecond', attempts = n.attempts + 1
    from due
    where n.client_id = due.client_id and n.about = due.about
    returning n.client_id as card, n.about, n.attempts,
      (select time_zone from companies where company_id = n.company_id) as "timeZone",
      (select case when count(*) = 1 then max(title) end from companies
        where company_id = n.company_id or n.company_id is null) as salon`;
}

/** Why a message has to wait: it need not go yet, it cannot, or the messenger has refused it with these words. */
type Why = "quiet" | "held_up" | { error: string };

/** Not now: again in so many milliseconds, unless something new has set its own time meanwhile. */
export async function postponeNotice(sql: Sql, notice: Notice, ms: number, why: Why): Promise<void> {
  const error = typeof why === "object" ? why.error : null;
  await sql`
    update notices set due_at = now() + ${ms}::float8 * interval '1 millisecond', error = ${error},
      late_since = case when ${why !== "quiet"} then coalesce(late_since, now()) end,
      attempts = attempts - ${error === null ? 1 : 0}
    where client_id = ${notice.card} and about = ${notice.about} and attempts = ${notice.attempts}`;
}

/**
 * Told, or nothing to tell: the notice goes, unless something came up while it was being told. `attempts` says so too:
 * a row committed while this very statement waited is not in its snapshot, but the notice it has started anew is.
 */
export async function finishNotice(sql: Sql, notice: Notice): Promise<void> {
  const { count } = await sql`
    delete from notices n
    where n.client_id = ${notice.card} and n.about = ${notice.about} and n.attempts = ${notice.attempts}
      and not exists (
        select from bonuslog b where b.client_id = n.client_id and not b.is_telegram_notified and not ${sql.unsafe(notSettledYet)}
          and ${notice.about} <> 'ends' and (${sql.unsafe(ofVisits)}) = (${notice.about} = 'visits'))`;
  if (count === 0)
    await sql`
    update notices set error = null, late_since = null
    where client_id = ${notice.card} and about = ${notice.about} and late_since is not null`;
}

export interface PendingRow {
  id: EntryId;
  kind: string;
  recordId: RecordId | null;
  /** The row of the record's award, and its branch. */
  award: EntryId | null;
  companyId: CompanyId | null;
  points: Points;
  paid: Kopecks | null;
  reason: string | null;
  visitId: number | null;
  day: string | null;
  startsAt: Date | null;
  percent: Percent | null;
  /** What counts as paid by the visit's terms. */
  paidBy: Terms["paidBy"] | null;
  /** The kind of the row that this one takes back or makes good. */
  corrects: string | null;
  /** What of it came back after its end. */
  returned: Points | null;
  /** The last day on which that, or a gift, may be spent; null: it has none. */
  until: string | null;
  /** What this record's told rows sum to on this card; null when nothing of it was told. */
  notifiedPoints: Points | null;
  /** The paid sum that was told last. */
  notifiedPaid: Kopecks | null;
}

/** What a card's message is made of. */
export interface PendingNotice {
  account: Account;
  language: string | null;
  balance: Points;
  /** What of the balance is in untold rows that belong into another message. */
  waiting: Points;
  rows: PendingRow[];
}

/**
 * Whom the card's message goes to and what it may say, of one snapshot, to be read right before it goes: an account that gets
 * the card a moment later finds the rows of before notified. Null when nobody can be written to.
 */
export async function pendingNotice(sql: Sql, card: CardId, about: About): Promise<PendingNotice | null> {
  const found = await sql<(Omit<PendingNotice, "rows"> & (PendingRow | { id: null }))[]>`
    select w.account, w.language,
      coalesce((select sum(points) from bonuslog where client_id = c.id), 0) as balance,
      coalesce((
        select sum(points) from bonuslog b where client_id = c.id and not is_telegram_notified
          and ((${sql.unsafe(ofVisits)}) <> (${about} = 'visits') or ${sql.unsafe(notSettledYet)})), 0) as waiting,
      b.id, b.kind, a.record_id as "recordId", a.id as award, v.company_id as "companyId", b.points,
      case when b.kind = 'spend' then coalesce(bill_in_journal(b.id), b.paid) else b.paid end as paid, b.reason,
      t.paid_by as "paidBy",
      v.visit_id as "visitId", v.day,
      v.starts_at as "startsAt", coalesce(v.percent, t.percent) as percent, named.kind as corrects, notified.points as "notifiedPoints", notified.paid as "notifiedPaid",
      made.returned, made.ends as until
    from clients c
    join lateral (
      select account, language from accounts where client_id = c.id and blocked_at is null
      order by linked_at desc, account limit 1) w on true
    left join bonuslog b on b.client_id = c.id and not b.is_telegram_notified
      and (${sql.unsafe(ofVisits)}) = (${about} = 'visits') and not ${sql.unsafe(notSettledYet)}
    left join bonuslog a on a.id = case when b.kind = 'award' then b.id when b.kind = 'correction' then b.corrects end
    left join bonuslog named on named.id = b.corrects
    left join visits v on v.award_key = a.key
    left join terms t on t.id = v.terms_id
    left join lateral (
      select sum(r.points) as points, (array_agg(r.paid order by r.id desc))[1] as paid
      from bonuslog r
      where (r.id = a.id or r.corrects = a.id and r.kind = 'correction')
        and r.client_id = b.client_id and r.is_telegram_notified) notified on a.id is not null
    left join lateral (
      select sum(l.points) filter (where l.life = 'returned') as returned, max(e.ends) as ends
      from lots l join lot_ends e on e.life = l.life and e.started = l.started
      where l.row_id = b.id and (l.life = 'returned' or b.kind in ('welcome', 'birthday', 'friend'))) made on true
    where c.id = ${card}
    order by b.id`;
  const [first] = found;
  if (!first) return null;
  const { account, language, balance, waiting } = first;
  return { account, language, balance, waiting, rows: found.filter((row) => row.id !== null) };
}

/** Since when a notice, named `n`, is late: it is due, or it was and could not go out. */
const lateSince = "least(n.due_at, n.late_since, now())";

/** How many messages should have gone out by now, and since when the oldest of them waits; null when none does. */
export async function overdue(sql: Sql): Promise<{ count: number; since: Date | null }> {
  const [row] = await sql<{ count: number; since: Date | null }[]>`
    select count(*)::int as count, min(${sql.unsafe(lateSince)}) as since
    from notices n join clients c on c.id = n.client_id
    where (${sql.unsafe(due)} or n.late_since <= now()) and ${sql.unsafe(reachable)}`;
  return row ?? { count: 0, since: null };
}

/** Cards that have something untold and can be told. */
interface NoticeGauges {
  notices: number;
  /** Seconds since the oldest of their untold rows was made, and by how much the oldest of them is overdue. */
  oldestUnsent: number;
  overdue: number;
}

/** What waits to be told. Only cards with a notice are looked up in the ledger, through its index of untold rows. */
export async function waitingNotices(sql: Sql): Promise<NoticeGauges> {
  const [row] = await sql<[NoticeGauges]>`
    with tellable as (
      select n.client_id, n.about, ${sql.unsafe(lateSince)} as late_since
      from notices n join clients c on c.id = n.client_id
      where ${sql.unsafe(reachable)})
    select (select count(*) from tellable)::int as notices,
      coalesce((select extract(epoch from now() - min(b.awarded_at)) from tellable t
        join bonuslog b on b.client_id = t.client_id and not b.is_telegram_notified
          and t.about <> 'ends' and (${sql.unsafe(ofVisits)}) = (t.about = 'visits')), 0)::float8 as "oldestUnsent",
      greatest(0, coalesce((select extract(epoch from now() - min(late_since)) from tellable), 0))::float8 as overdue`;
  return row;
}
