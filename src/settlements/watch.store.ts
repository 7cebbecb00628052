// Which settlements are to be looked at once more, what was seen of them, and the cards at rest. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { YclientsClientId } from "../rules/ids.ts";
import type { Kopecks } from "../rules/money.ts";
import type { SettlementId } from "./settlements.store.ts";

/** A spend on a bill is looked after for so many days: what is older is changed no more. */
const watchedDays = 14;
/** What is otherwise than it was to be is believed when it is seen again after this long: by the next minute's round, be it early. */
const againAfter = "50 seconds";

/**
 * The settlements that stand and are to be looked at: all that nobody has looked at since `all`; else those that another look is
 * to confirm, those of whose visit the sync has read a change since, and those that a night has left out. A look of a clock that was
 * put back counts for nothing.
 */
export async function settlementsToWatch(sql: Sql, all: Date | null): Promise<SettlementId[]> {
  const rows = await sql<{ id: SettlementId }[]>`
    select s.id from settlements s
    where s.state = 'stands' and s.row_id is not null
      and s.began_at > clock_timestamp() - ${watchedDays} * interval '1 day'
      and (${all}::timestamptz is not null and coalesce(s.watched_at, s.began_at) < ${all}::timestamptz
        or s.watched_at > clock_timestamp() + interval '1 minute'
        or coalesce(s.watched_at, s.stood_at) < clock_timestamp() - interval '26 hours'
        or s.seen <> s.amount and s.watched_at < s.seen_since + ${againAfter}::interval
          and s.watched_at < clock_timestamp() - ${againAfter}::interval
        or exists (
          select from visits n where n.company_id = s.company_id and n.record_id = s.record_id
            and (n.decided_at > coalesce(s.watched_at, s.stood_at) or exists (
              -- Another record of the same visit, where its client still has it.
              select from visits v where v.client_id = n.client_id and v.company_id = s.company_id and v.visit_id = s.visit_id
                and v.starts_at between n.starts_at - interval '1 day' and n.starts_at + interval '1 day'
                and v.decided_at > coalesce(s.watched_at, s.stood_at)))))
    order by s.watched_at nulls first, s.id`;
  return rows.map((row) => row.id);
}

/** The settlements that stand by this card of YCLIENTS, of at most so much, and are looked after. */
export async function watchedOnCard(sql: Sql, card: number, most: Kopecks): Promise<SettlementId[]> {
  const rows = await sql<{ id: SettlementId }[]>`
    select id from settlements
    where reserved_card = ${card} and state = 'stands' and row_id is not null and amount <= ${most}
      and began_at > clock_timestamp() - ${watchedDays} * interval '1 day'
    order by id`;
  return rows.map((row) => row.id);
}

/**
 * What the card was seen to pay at a moment, of one that stands. Whether that is confirmed: the same was seen before, long enough
 * ago. Null where it stands no more.
 */
export async function keepSeen(
  tx: Tx,
  id: SettlementId,
  { applied, at }: { applied: Kopecks; at: Date },
): Promise<boolean | null> {
  const [row] = await tx<{ confirmed: boolean }[]>`
    update settlements set watched_at = ${at}::timestamptz, seen = ${applied},
      seen_since = case when seen = ${applied}::numeric and seen_since <= ${at}::timestamptz then seen_since else ${at}::timestamptz end
    where id = ${id} and state = 'stands'
    returning watched_at >= seen_since + ${againAfter}::interval as confirmed`;
  return row?.confirmed ?? null;
}

/** The record has gone over to another visit, and what pays it with it. False where that visit has a spend of its own. */
export async function followVisit(sql: Sql, id: SettlementId, visit: number): Promise<boolean> {
  const rows = await sql`
    update settlements s set visit_id = ${visit} where id = ${id} and state = 'stands' and not exists (
      select from settlements o where o.company_id = s.company_id and o.visit_id = ${visit} and o.state <> 'returned')
    returning id`;
  return rows.length > 0;
}

/**
 * Of people who asked to be forgotten YCLIENTS's numbers stay for as long as something may still come of their settlements; the
 * record's stays, as it does with visits.
 */
export async function forgetSettled(db: Sql): Promise<void> {
  await db`
    with over as (
      update settlements s set yclients_client_id = null, reserved_card = null, visit_id = null
      where s.visit_id is not null and (
          exists (select from yclients_clients y where y.yclients_client_id = s.yclients_client_id and y.forgotten_at is not null)
          or exists (
            select from bonuslog b join clients w on w.id = b.client_id join clients c on c.id = coalesce(w.merged_into, w.id)
            where b.id = s.row_id and c.forgotten_at is not null))
        and (s.state = 'returned' or s.state = 'stands' and s.began_at < clock_timestamp() - ${watchedDays} * interval '1 day')
        and not exists (select from settlement_writes w where w.settlement_id = s.id and w.came is null)
      returning s.id)
    delete from settlement_writes where settlement_id in (select id from over)`;
}

/** A card of the kind that is kept, and the settlement by it under whose number something is asked: of the open write, or the last. */
export interface RestingCard {
  id: SettlementId;
  reservedCard: number;
  client: YclientsClientId;
}

/**
 * The cards at rest that settlements have touched in the last so many days; and those with a write of a settlement at rest of which
 * nobody knows yet whether it is done, for until then nothing else can be written on them.
 */
export function cardsAtRest(sql: Sql, days: number): Promise<RestingCard[]> {
  const theirs = sql`s.reserved_card is not null and s.yclients_client_id is not null and s.state in ('stands', 'returned')`;
  return sql<RestingCard[]>`
    with found as (
      select s.id, s.reserved_card, s.yclients_client_id, 1 as place
      from settlement_writes w join settlements s on s.id = w.settlement_id where w.came is null and ${theirs}
      union all
      select s.id, s.reserved_card, s.yclients_client_id, 2
      from settlements s
      where s.began_at > clock_timestamp() - ${days + watchedDays} * interval '1 day'
        and s.changed_at > clock_timestamp() - ${days} * interval '1 day' and ${theirs} and ${isAtRest(sql, sql`s.reserved_card`)})
    select distinct on (reserved_card) id, reserved_card as "reservedCard", yclients_client_id as client
    from found order by reserved_card, place, id desc`;
}

/** Whether nothing is under way on a card, nor waits there for a person. */
export async function isCardAtRest(tx: Tx, card: number): Promise<boolean> {
  const rows = await tx`select where ${isAtRest(tx, tx`${card}::bigint`)}`;
  return rows.length > 0;
}

function isAtRest(sql: Sql, card: ReturnType<Sql>) {
  return sql`not exists (
    select from settlements u where u.reserved_card = ${card} and u.state in ('under_way', 'stuck'))`;
}

/** The cards by which spends have settled in a chain, and the visits that each may pay: of what is not returned, or was just now. */
export function visitsPaidBy(sql: Sql, chain: number): Promise<{ reservedCard: number; visits: number[] }[]> {
  return sql<{ reservedCard: number; visits: number[] }[]>`
    select reserved_card as "reservedCard", coalesce(array_agg(visit_id) filter (
      where state <> 'returned' or changed_at > clock_timestamp() - interval '10 minutes'), '{}') as visits
    from settlements where chain_id = ${chain} and reserved_card is not null group by reserved_card`;
}

/** The chains in which spends have settled in the last so many days. */
export async function chainsInUse(sql: Sql): Promise<number[]> {
  const rows = await sql<{ chain: number }[]>`
    select distinct chain_id as chain from settlements
    where row_id is not null and began_at > clock_timestamp() - ${watchedDays} * interval '1 day'`;
  return rows.map((row) => row.chain);
}
