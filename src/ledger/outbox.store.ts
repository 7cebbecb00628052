// What owners of cards are to be told: notices of untold rows, what waits on a card, and marking rows as told. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CardId, CompanyId, EntryId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";

/**
 * Changes by visits settle before they are told, and what the programme gives waits for the morning with them; those of the
 * till are told at once. What ends is warned of, and is no change yet.
 */
export type About = "visits" | "till" | "ends";

/** What a notice is about, whose salon it comes from where that is known, and in how many milliseconds it is due. */
export interface Enqueued {
  about: About;
  companyId: CompanyId | null;
  inMs: number;
}

/** What is told with visits, of rows named `b`: at no hour of the till's choosing. */
export const ofVisits = "b.kind in ('award', 'correction', 'expiry', 'welcome', 'birthday', 'friend')";

/** A card, named `c`, with an account that can be written to. Whatever else must hold before anything is told stands here. */
export const reachable = "exists (select from accounts a where a.client_id = c.id and a.blocked_at is null)";

/** These cards, where they are linked and not blocked, have something to be told. */
export async function enqueueNotice(tx: Tx, cards: CardId[], notice: Enqueued): Promise<void> {
  if (cards.length === 0) return;
  await tx`
    insert into notices (client_id, about, company_id, due_at)
    select id, ${notice.about}, ${notice.companyId}, now() + ${notice.inMs}::float8 * interval '1 millisecond'
    from clients c where id = any(${cards}::bigint[]) and ${tx.unsafe(reachable)}
    on conflict (client_id, about) do update
    set due_at = excluded.due_at, company_id = excluded.company_id, attempts = 0, until_asked = false`;
}

/** What is to be told of a card stays as it is until the transaction ends: nobody begins a message of it. */
export async function holdNotices(tx: Tx, card: CardId): Promise<void> {
  await tx`select from notices where client_id = ${card} order by about for update`;
}

/** A row, named `b`, in a message that was begun for another account of its card, and may have arrived there. */
export const begunForOthers = (sql: Sql, account: Account) =>
  sql`is_anothers_to_hear(b.client_id, b.id, ${account})`;

/**
 * What was begun for an account that has left the card counts as told: nobody will know any more whether it has arrived. First the
 * rows, then what was begun, as all do that write both.
 */
export async function endRowsOfGone(sql: Sql, card: CardId): Promise<void> {
  const gone = sql`
    b.client_id = ${card} and b.rows is not null
      and not exists (select from accounts a where a.account = b.account and a.client_id = b.client_id)`;
  const rows = await sql<{ id: EntryId }[]>`select unnest(b.rows) as id from begun_messages b where ${gone}`;
  if (rows.length === 0) return;
  await sql`
    update bonuslog set is_telegram_notified = true
    where id = any(${rows.map(({ id }) => id)}::bigint[]) and client_id = ${card} and not is_telegram_notified`;
  await sql`delete from begun_messages b where ${gone}`;
}

/** What is untold is left to another account of the card, as if it were begun for that one: who comes now was not there. */
export async function leaveUntoldTo(tx: Tx, card: CardId, account: Account): Promise<void> {
  await tx`
    insert into begun_messages as m (client_id, about, account, rows)
    select b.client_id, case when ${tx.unsafe(ofVisits)} then 'visits' else 'till' end, ${account}, array_agg(b.id order by b.id)
    from bonuslog b
    where b.client_id = ${card} and not b.is_telegram_notified and not ${begunForOthers(tx, account)}
    group by 1, 2
    on conflict (client_id, about, subject, account) do update
    set rows = array(select unnest(m.rows) union select unnest(excluded.rows))`;
}

/** Points are hundredths; `since` is the programme's first day. */
export interface Holdings {
  balance: Points;
  waiting: Points;
  locked: Points;
  visits: number;
  since: string | null;
}

/**
 * What a card holds, what of it this account is still to be told of, and what (`locked`) may be spent after the next paid visit only; the programme's first day in any branch. `visits` made all of
 * it, and is 0 where anything else did too, or where they may be of whoever had the card before.
 */
export async function holdings(sql: Sql, card: CardId, account: Account): Promise<Holdings> {
  const [row] = await sql<[Holdings]>`
    with all_rows as (
      select coalesce(sum(points), 0) as balance,
        coalesce(sum(points) filter (where not is_telegram_notified and not ${begunForOthers(sql, account)}), 0) as waiting,
        coalesce(bool_and(kind in ('award', 'correction')), false) as "byVisits"
      from bonuslog b where client_id = ${card})
    select balance, waiting, (select coalesce(sum(rest), 0) from lots where client_id = ${card} and rest > 0 and waits) as locked,
      (select count(*)::int from visits v join clients c on c.id = v.client_id
        where v.client_id = ${card} and v.decision = 'awarded' and "byVisits" and c.history_from is null) as visits,
      (select min(coalesce(read_from, program_start)) from companies) as since
    from all_rows`;
  return row;
}

/** What an account of a card is to be told, of rows named `b`: nothing that another one may have read, nor what may not stay. */
const untoldOf = (sql: Sql, card: CardId, account: Account) => sql`
  b.client_id = ${card} and not b.is_telegram_notified and not ${sql.unsafe(notSettledYet)} and not ${begunForOthers(sql, account)}`;

/**
 * The untold rows of a card that an account is to be told of: spent at the till (as a positive sum, undone spends taken off), all
 * else, and how many new awards made all of the latter; none where anything else came or went.
 */
export async function pendingSums(
  sql: Sql,
  card: CardId,
  account: Account,
): Promise<{ gained: Points; spent: Points; visits: number; rows: number }> {
  const [row] = await sql<[{ gained: Points; spent: Points; visits: number; rows: number }]>`
    with new as (
      select b.kind, b.points, b.kind = 'spend' or coalesce(b.kind = 'undo' and o.kind = 'spend', false) as at_till
      from bonuslog b left join bonuslog o on o.id = b.corrects
      where ${untoldOf(sql, card, account)})
    select coalesce(sum(points) filter (where not at_till), 0) as gained,
      coalesce(-sum(points) filter (where at_till), 0) as spent,
      case when bool_and(at_till or kind in ('award', 'correction'))
        then count(*) filter (where kind = 'award') else 0 end::int as visits,
      count(*)::int as rows
    from new`;
  return row;
}

/** Marks all rows of a card as told and takes its notices away. */
export async function markAllNotified(sql: Sql, card: CardId): Promise<void> {
  await sql`update bonuslog set is_telegram_notified = true where not is_telegram_notified and client_id = ${card}`;
  await sql`delete from notices where client_id = ${card}`;
  await sql`delete from begun_messages where client_id = ${card} and rows is not null`;
}

/** What `pendingSums` has summed was told to this account; what another one is being told stays to be told. */
export async function markSumsNotified(sql: Sql, card: CardId, account: Account): Promise<void> {
  await sql`update bonuslog b set is_telegram_notified = true where ${untoldOf(sql, card, account)}`;
  await sql`delete from begun_messages where client_id = ${card} and account = ${account} and rows is not null`;
  await sql`
    delete from notices n
    where client_id = ${card} and not exists (
      select from bonuslog b where b.client_id = n.client_id and not b.is_telegram_notified and not ${sql.unsafe(notSettledYet)})`;
}

/** These rows were told to this account. Of a card that has gone to another meanwhile none is: that one was told nothing. */
export async function markNotified(sql: Sql, ids: EntryId[], account: Account): Promise<void> {
  await sql`
    update bonuslog set is_telegram_notified = true
    where id = any(${ids}::bigint[]) and not is_telegram_notified
      and client_id = (select client_id from accounts where account = ${account})`;
}

/**
 * A spend, named `b`, of which it is not known yet whether it pays its visit in the journal: it is told when it does. One that was
 * taken back before it did is told by nobody: see `keepSilent`.
 */
export const notSettledYet =
  "(b.kind = 'spend' and exists (select from settlements s where s.row_id = b.id and s.stood_at is null))";

/** A spend that never paid its visit, and its return: nothing has changed for the client, unless they know of the spend. */
export async function keepSilent(tx: Tx, { spend, back }: { spend: EntryId; back: EntryId }): Promise<void> {
  await tx`
    update bonuslog set is_telegram_notified = true
    where id in (${spend}, ${back}) and exists (select from bonuslog b where b.id = ${spend} and not b.is_telegram_notified)`;
}
