// Cards that have something untold.

import type { Sql, Tx } from "../db/connect.ts";
import { type About, begunForOthers, notSettledYet, ofVisits, reachable } from "../ledger/outbox.store.ts";
import type { Account, ChannelName } from "../rules/account.ts";
import type { CardId, CompanyId, EntryId, Percent, RecordId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import type { Terms } from "../visits/visit.rule.ts";
import { awayMs, tellable } from "./begun.store.ts";
import { levelNews } from "./level-notices.store.ts";

/**
 * Due, or put off further than anything may be, by a clock that was put back: the till by an hour of failures, visits by
 * the quiet hours and what has to settle.
 */
const due = `(n.due_at <= now() or n.due_at > now() + case n.about when 'till' then interval '2 hours' else interval '25 hours' end)`;

/** The zone and the name of the salon that a notice, `n`, comes from. */
const branchOf = `(select time_zone from companies where company_id = n.company_id) as "timeZone",
  (select case when count(*) = 1 then max(title) end from companies
    where company_id = n.company_id or n.company_id is null) as salon`;

/** A message that is due. Whose it is, is found out when it is sent: see `pendingNotice`. */
export interface Notice {
  card: CardId;
  about: About;
  timeZone: string | null;
  /** The salon's name: the branch's, else the only one's; null where it is not known which. */
  salon: string | null;
  attempts: number;
  /** The account that it went to if it went now; and whether it has been late for so long that another one may be told. */
  account: Account | null;
  isLate: boolean;
}

/** Whether a message of this kind should go now. */
export async function isDue(sql: Sql, about: About): Promise<boolean> {
  const rows = await sql`
    select from notices n join clients c on c.id = n.client_id
    where ${sql.unsafe(due)} and not n.until_asked and n.about = ${about} and ${sql.unsafe(reachable)} limit 1`;
  return rows.length > 0;
}

/**
 * What is due of cards of which no account may be told unasked waits until its person writes, and is not late; and what waited so
 * goes now where one may be told by now.
 */
export async function parkNotices(sql: Sql, tells: readonly ChannelName[]): Promise<void> {
  await sql`
    update notices n set until_asked = not n.until_asked, due_at = case when n.until_asked then now() else n.due_at end,
      late_since = null, error = null, attempts = 0
    from clients c
    where c.id = n.client_id and (n.until_asked or ${sql.unsafe(due)}) and ${sql.unsafe(reachable)}
      and n.until_asked = ${tellable(sql, tells)}`;
}

/**
 * Takes what is due of cards that may be told in these messengers, oldest first, warnings last, and of one kind where it is named,
 * and puts it out of others' reach for so many milliseconds: a sender that dies leaves it to the next one, which may at worst
 * say it twice.
 */
export function claimNotices(
  sql: Sql,
  { tells, maxRows, ms }: { tells: readonly ChannelName[]; maxRows: number; ms: number },
  about: About | null = null,
): Promise<Notice[]> {
  return sql<Notice[]>`
    with due as (
      select n.client_id, n.about
      from notices n join clients c on c.id = n.client_id
      where ${sql.unsafe(due)} and ${tellable(sql, tells)}
        and coalesce(n.about = ${about}, true)
      order by n.about = 'ends', n.due_at limit ${maxRows} for update of n skip locked)
    update notices n
    set due_at = now() + ${ms}::float8 * interval '1 millisecond', attempts = n.attempts + 1
    from due
    where n.client_id = due.client_id and n.about = due.about
    returning n.client_id as card, n.about, n.attempts,
      account_to_tell(n.client_id, n.about, 0, ${[...tells]}::text[], '{}') as account,
      coalesce(n.late_since <= now() - ${awayMs}::float8 * interval '1 millisecond', false) as "isLate",
      ${sql.unsafe(branchOf)}`;
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

/** What waits of a card at a contact of its person: what nobody else may be told, or should have been and was not for so long. */
export interface WaitingNotice extends Pick<Notice, "card" | "about" | "attempts" | "timeZone" | "salon"> {}

/**
 * Whether anything may be new to this account of a card: mostly nothing is, and that is not worth a lock. What was begun for another
 * account is that one's, until it has left the card; what tells of no rows is looked for where it stands.
 */
export async function mayBeNews(
  sql: Sql,
  ...[card, account, tells]: [card: CardId, account: Account, tells: readonly ChannelName[]]
): Promise<boolean> {
  const rows = await sql`
    select from clients c where c.id = ${card} and (
      exists (select from notices n where n.client_id = c.id)
      or exists (
        select from begun_messages b where b.client_id = c.id and b.rows is not null
          and (b.account = ${account} or not exists (
            select from accounts a where a.account = b.account and a.client_id = b.client_id)))
      or exists (select from ${levelNews(sql, card, account, tells)}))`;
  return rows.length > 0;
}

/**
 * Takes of a card what its person is told as they write in a messenger that may not be told unasked: all where no other may be told,
 * else what has been late for so long that its own messenger is away. `alone`: no other may be told.
 */
export async function claimWaiting(
  tx: Tx,
  card: CardId,
  tells: readonly ChannelName[],
): Promise<{ alone: boolean; waiting: WaitingNotice[] }> {
  const waiting = await tx<WaitingNotice[]>`
    update notices n set attempts = n.attempts + 1
    from clients c
    where n.client_id = ${card} and c.id = n.client_id
      and (not ${tellable(tx, tells)} or n.late_since <= now() - ${awayMs}::float8 * interval '1 millisecond')
    returning n.client_id as card, n.about, n.attempts, ${tx.unsafe(branchOf)}`;
  const rows = await tx`select from clients c where c.id = ${card} and ${tellable(tx, tells)}`;
  return { alone: rows.length === 0, waiting: [...waiting] };
}

/** Whether it is still ours to tell, as nobody else has taken it or told it; nobody does until the transaction ends. */
export async function holdNotice(tx: Tx, { card, about, attempts }: Notice): Promise<boolean> {
  const rows = await tx`
    select from notices where client_id = ${card} and about = ${about} and attempts = ${attempts} for update`;
  return rows.length > 0;
}

/**
 * Told, or nothing to tell: the notice goes, unless something came up while it was being told. `attempts` says so too:
 * a row committed while this very statement waited is not in its snapshot, but the notice it has started anew is. With "not begun"
 * it goes too where all that is left was begun for an account that cannot be told now: that one is told when it is back.
 */
export async function finishNotice(
  sql: Sql,
  notice: Pick<Notice, "card" | "about" | "attempts">,
  rows: "all" | "not begun",
): Promise<void> {
  const { count } = await sql`
    delete from notices n
    where n.client_id = ${notice.card} and n.about = ${notice.about} and n.attempts = ${notice.attempts}
      and not exists (
        select from bonuslog b where b.client_id = n.client_id and not b.is_telegram_notified and not ${sql.unsafe(notSettledYet)}
          and not (${rows === "not begun"} and exists (
            select from begun_messages m where m.client_id = b.client_id and m.rows @> array[b.id]
              and m.held_until not between now() and now() + interval '1 minute'))
          and ${notice.about} <> 'ends' and (${sql.unsafe(ofVisits)}) = (${notice.about} = 'visits'))`;
  if (count === 0)
    await sql`
    update notices set error = null, late_since = null
    where client_id = ${notice.card} and about = ${notice.about} and late_since is not null`;
}

export interface PendingRow {
  id: EntryId;
  kind: string;
  /** With what it is told. */
  about: "visits" | "till";
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
  balance: Points;
  /** What of the balance is in untold rows that belong into another message. */
  waiting: Points;
  rows: PendingRow[];
}

/**
 * What a message to an account of the card may say, of one kind or (null) of all: no rows that another account may have read. Of one
 * snapshot, to be read right before it goes: an account that gets the card a moment later finds the rows of before notified.
 */
export async function pendingNotice(
  sql: Sql,
  card: CardId,
  about: "visits" | "till" | null,
  account: Account,
): Promise<PendingNotice> {
  const kind = sql`(${about}::text is null or (${sql.unsafe(ofVisits)}) = (${about}::text = 'visits'))`;
  const found = await sql<(Omit<PendingNotice, "rows"> & (PendingRow | { id: null }))[]>`
    select coalesce((select sum(points) from bonuslog where client_id = c.id), 0) as balance,
      coalesce((
        select sum(points) from bonuslog b where client_id = c.id and not is_telegram_notified and not ${begunForOthers(sql, account)}
          and (not ${kind} or ${sql.unsafe(notSettledYet)})), 0) as waiting,
      b.id, b.kind, case when ${sql.unsafe(ofVisits)} then 'visits' else 'till' end as about, a.record_id as "recordId", a.id as award, v.company_id as "companyId", b.points,
      case when b.kind = 'spend' then coalesce(bill_in_journal(b.id), b.paid) else b.paid end as paid, b.reason,
      t.paid_by as "paidBy",
      v.visit_id as "visitId", v.day,
      v.starts_at as "startsAt", coalesce(v.percent, t.percent) as percent, named.kind as corrects, notified.points as "notifiedPoints", notified.paid as "notifiedPaid",
      made.returned, made.ends as until
    from clients c
    left join bonuslog b on b.client_id = c.id and not b.is_telegram_notified
      and ${kind} and not ${sql.unsafe(notSettledYet)} and not ${begunForOthers(sql, account)}
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
  const { balance, waiting } = found[0] ?? { balance: 0, waiting: 0 };
  return { balance, waiting, rows: found.filter((row) => row.id !== null) };
}

/** Since when a notice, named `n`, is late: it is due, or it was and could not go out. */
const lateSince = "least(n.due_at, n.late_since, now())";

/** How many messages should have gone out by now, and since when the oldest of them waits; null when none does. */
export async function overdue(sql: Sql): Promise<{ count: number; since: Date | null }> {
  const [row] = await sql<{ count: number; since: Date | null }[]>`
    select count(*)::int as count, min(${sql.unsafe(lateSince)}) as since
    from notices n join clients c on c.id = n.client_id
    where (${sql.unsafe(due)} or n.late_since <= now()) and not n.until_asked and ${sql.unsafe(reachable)}`;
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
      where not n.until_asked and ${sql.unsafe(reachable)})
    select (select count(*) from tellable)::int as notices,
      coalesce((select extract(epoch from now() - min(b.awarded_at)) from tellable t
        join bonuslog b on b.client_id = t.client_id and not b.is_telegram_notified
          and t.about <> 'ends' and (${sql.unsafe(ofVisits)}) = (t.about = 'visits')), 0)::float8 as "oldestUnsent",
      greatest(0, coalesce((select extract(epoch from now() - min(late_since)) from tellable), 0))::float8 as overdue`;
  return row;
}
