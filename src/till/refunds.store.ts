// Spends whose visit was refunded, and which owners have been offered to give the points back. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { BotId, CardId, EntryId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import type { Word } from "../visits/visit.rule.ts";

/** A spend and what became of its visit. `points` are positive; `onBill`: what was still paid of its bill by a card when it was seen to be another sum. */
export interface RefundOffer {
  spend: EntryId;
  card: CardId;
  points: Points;
  phone: string | null;
  name: string | null;
  day: string;
  decision: Word;
  onBill: Points | null;
  takenBy: Account | null;
  takenAt: Date | null;
}

/** `told` are the owners who have the button of this bot. */
interface OpenOffer extends RefundOffer {
  told: Account[];
}

/**
 * Nothing of the visit holds any more: it was deleted or is a no-show, or its payment was returned, so that what it had
 * been awarded is zero. A payment that is only less, or a price that rose, is no refund. `v` is the visit.
 */
const fallenThrough = `(v.decision in ('deleted', 'no_show')
    or v.decision in ('not_paid', 'nothing_paid') and exists (select from bonuslog a where a.key = v.award_key))
  and coalesce((
    select sum(r.points) from bonuslog a join bonuslog r on r.id = a.id or (r.corrects = a.id and r.kind = 'correction')
    where a.key = v.award_key), 0) = 0`;

/**
 * The bill of the settlement `t` of a spend bore another sum than it was to, and nobody can say why: half of it was taken off by
 * hand, or all of it without a trace. Seen twice.
 */
const wasDoubtful = `t.seen <> t.amount and t.watched_at >= t.seen_since + interval '50 seconds'`;
/** It still does. */
const isDoubtful = `t.state = 'stands' and ${wasDoubtful}`;

/**
 * The settlement `t` of a spend has been looked at since its visit `v` changed: what is off the bill comes back by itself, and is
 * no question. True where there is none, or nobody looks after it any more.
 */
const isLookedAt = `(t.id is null or t.state = 'stuck' or t.began_at < now() - interval '14 days'
  or t.state = 'stands' and t.watched_at > v.decided_at
    and (t.seen = t.amount or t.watched_at >= t.seen_since + interval '50 seconds'))`;

/** The card `c` of the row `b`, where it is now. */
const itsCard = `join clients w on w.id = b.client_id join clients c on c.id = coalesce(w.merged_into, w.id)`;

/** Not taken back by anybody yet, and the card is still somebody's. `b` is the spend's row, `c` its card. */
const stillOwed = `not exists (select from bonuslog u where u.key = 'undo:' || b.id)
  and c.forgotten_at is null`;

/**
 * Makes an offer of each spend whose visit has fallen through since it was spent on; one a spend, for ever. What was paid
 * back before the spend, and stays unpaid while its price is lowered, is no refund of it: what took the award back must be
 * the younger row. Offers whose bot nobody wrote down were an earlier release's: most likely this bot's.
 */
export async function findRefunds(sql: Sql, bot: BotId): Promise<void> {
  await sql`
    with upgraded as (update refund_offers set bot = ${bot} where bot is null)
    insert into refund_offers (spend_id, bot)
    select s.id, ${bot}::bigint
    from visits v
    join spends s on s.record_id = v.record_id and s.company_id = v.company_id
    join bonuslog b on b.id = s.id
    left join settlements t on t.row_id = s.id
    ${sql.unsafe(itsCard)}
    where v.decision in ('deleted', 'no_show', 'not_paid', 'nothing_paid')
      and v.decided_at > now() - interval '30 days'
      and (v.decided_at > b.awarded_at or b.awarded_at > now()) -- spent by a clock that was put back since
      and (v.decision in ('deleted', 'no_show') or exists (
        select from bonuslog a join bonuslog r on r.corrects = a.id and r.kind = 'correction'
        where a.key = v.award_key and r.id > b.id))
      and not exists (select from refund_offers o where o.spend_id = s.id)
      and ${sql.unsafe(fallenThrough)} and ${sql.unsafe(isLookedAt)} and ${sql.unsafe(stillOwed)}
    union
    select s.id, ${bot}::bigint
    from settlements t join spends s on s.id = t.row_id join bonuslog b on b.id = s.id
    ${sql.unsafe(itsCard)}
    where ${sql.unsafe(isDoubtful)} and ${sql.unsafe(stillOwed)}
      and not exists (select from refund_offers o where o.spend_id = s.id)
    on conflict (spend_id) do nothing`;
}

const columns = `o.spend_id as spend, c.id as card, -b.points as points, c.phone, c.name, v.day, v.decision,
  case when ${wasDoubtful} then t.seen end as "onBill",
  o.taken_by as "takenBy", o.taken_at as "takenAt"`;
const tables = `refund_offers o join spends s on s.id = o.spend_id join bonuslog b on b.id = s.id
  ${itsCard} join visits v on v.record_id = s.record_id and v.company_id = s.company_id
  left join settlements t on t.row_id = s.id`;

/** The visit has fallen through, or its bill is in doubt. */
const isToDecide = `(${fallenThrough} and ${isLookedAt} or coalesce(${isDoubtful}, false))`;
const open = `o.taken_by is null and ${isToDecide} and ${stillOwed}`;

/**
 * The spends whose offers some of these owners have to be told of now by this bot, and that still hold. The button of
 * another bot is no use any more: what fell through lately is offered anew.
 */
export async function dueOffers(sql: Sql, bot: BotId, owners: readonly Account[]): Promise<EntryId[]> {
  const rows = await sql<{ spend: EntryId }[]>`
    select o.spend_id as spend from ${sql.unsafe(tables)}
    where (o.due_at <= now() or o.due_at > now() + interval '7 hours') and ${sql.unsafe(open)}
      and (not o.told @> ${[...owners]}::text[] or o.bot <> ${bot} and v.decided_at > now() - interval '30 days')
    order by o.spend_id limit 50`;
  return rows.map((row) => row.spend);
}

/** The offer of a spend as it is at this moment; null when it holds no more. To be read right before it goes. */
export async function openOffer(sql: Sql, bot: BotId, spend: EntryId): Promise<OpenOffer | null> {
  const [row] = await sql<OpenOffer[]>`
    select ${sql.unsafe(columns)}, case when o.bot <> ${bot} then '{}' else o.told end as told
    from ${sql.unsafe(tables)} where o.spend_id = ${spend} and ${sql.unsafe(open)}`;
  return row ?? null;
}

/** The offer of a spend, or null. */
export async function findOffer(sql: Sql, spend: EntryId): Promise<RefundOffer | null> {
  const [row] = await sql<RefundOffer[]>`
    select ${sql.unsafe(columns)} from ${sql.unsafe(tables)} where o.spend_id = ${spend}`;
  return row ?? null;
}

/** Whether the visit of a spend is still refunded, or its bill in doubt. */
export async function stillRefunded(tx: Tx, spend: EntryId): Promise<boolean> {
  const rows = await tx`
    select from ${tx.unsafe(tables)}
    where o.spend_id = ${spend} and c.forgotten_at is null
      and (${tx.unsafe(fallenThrough)} or ${tx.unsafe(isDoubtful)})`;
  return rows.length > 0;
}

/** An owner has this bot's button. Where two bots run side by side they take an offer over by turns, and rarely. */
export async function offerTold(sql: Sql, spend: EntryId, bot: BotId, owner: Account): Promise<void> {
  await sql`
    update refund_offers
    set bot = ${bot}, told = case when bot <> ${bot} then '{}' else told end || ${owner}::text,
        due_at = case when bot <> ${bot} then now() + interval '6 hours' else due_at end
    where spend_id = ${spend} and (bot <> ${bot} or not told @> array[${owner}::text])`;
}

/** Whoever could not be reached is tried again in so many milliseconds. */
export async function postponeOffer(sql: Sql, spend: EntryId, ms: number): Promise<void> {
  await sql`
    update refund_offers set due_at = now() + ${ms}::float8 * interval '1 millisecond' where spend_id = ${spend}`;
}

/** An owner has given the points back. */
export async function takeOffer(tx: Tx, spend: EntryId, owner: Account, at: Date): Promise<void> {
  await tx`update refund_offers set taken_by = ${owner}, taken_at = ${at} where spend_id = ${spend}`;
}
