// Refusals that somebody is still to be told. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account, ChannelName } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import { personsOf, type Refusal, seesTie, tiesOf } from "./friends.store.ts";

/** A refusal that somebody is still to be told: of which card, and which of the two that is. */
export interface UntoldRefusal {
  friend: CardId;
  why: Refusal;
  tiedAt: Date;
  side: "friend" | "inviter";
  card: CardId;
  timeZone: string | null;
}

/** One that may be told now: the account that would be, and the messengers of all that may. */
export interface RefusalToTell extends UntoldRefusal {
  account: Account;
  tells: ChannelName[];
}

/** Of a tie `f`: refused, and one of the two is still to be told. As the index of what is to be told has it, before any card is looked up. */
const isUntold = (sql: Sql) => sql`f.state = 'refused' and not (f.friend_told and f.inviter_told)`;
/** That one of the two is, or was promised nothing. */
const toldOf = (sql: Sql, side: UntoldRefusal["side"]) =>
  sql`(f.${sql(`${side}_told`)} or f.${sql(`${side}_points`)} = 0)`;

const refusal = (sql: Sql) => sql`
  f.friend, f.why, f.tied_at as "tiedAt", f.side, f.card, (select max(time_zone) from companies) as "timeZone"`;

/** Of an account `a` of a card `c`: it may be told of a tie `f` in these messengers, as it can be written to and sees the tie. */
const mayBeTold = (sql: Sql, tells: readonly ChannelName[]) => sql`
  a.client_id = c.id and a.blocked_at is null and a.channel = any(${[...tells]}::text[]) and ${seesTie(sql)}`;

/** Refusals whose friend or inviter was not told, and may be in these messengers. */
export function refusalsToTell(
  sql: Sql,
  tells: readonly ChannelName[],
  maxRows: number,
): Promise<RefusalToTell[]> {
  return sql<RefusalToTell[]>`
    select ${refusal(sql)}, t.tells, account_to_tell(f.card, f.side, f.friend, t.tells, '{}') as account
    from (
      select f.friend, f.why, f.tied_at, f.kept_at, f.changed_at, s.side, s.card
      from friends f ${personsOf(sql)} cross join lateral (
        values ('friend', p.friend, ${toldOf(sql, "friend")}), ('inviter', p.inviter, ${toldOf(sql, "inviter")})) s (side, card, told)
      where ${isUntold(sql)} and not (${toldOf(sql, "friend")} and ${toldOf(sql, "inviter")}) and not s.told) f
    join clients c on c.id = f.card
    cross join lateral (select array_agg(a.channel) as tells from accounts a where ${mayBeTold(sql, tells)}) t
    where t.tells is not null order by f.changed_at, f.friend, f.side limit ${maxRows}`;
}

/**
 * Those that are news to an account of a card where these messengers alone may tell unasked: it sees them, and nobody is told of them
 * otherwise, or it may have been told already.
 */
export function untoldRefusalsOf(
  sql: Sql,
  card: CardId,
  account: Account,
  tells: readonly ChannelName[],
): Promise<UntoldRefusal[]> {
  const of = (side: UntoldRefusal["side"]) => sql`
    select f.friend, f.why, f.tied_at, f.kept_at, f.changed_at, ${side} as side, ${card}::bigint as card
    from (${tiesOf(sql, side, [card])}) f where ${isUntold(sql)} and not ${toldOf(sql, side)}`;
  return sql<UntoldRefusal[]>`
    select ${refusal(sql)}
    from (${of("friend")} union all ${of("inviter")}) f join clients c on c.id = f.card
    join accounts a on a.client_id = c.id and a.account = ${account}
    where ${seesTie(sql)} and (not exists (select from accounts a where ${mayBeTold(sql, tells)}) or exists (
      select from begun_messages b
      where (b.client_id, b.about, b.subject, b.account) = (f.card, f.side, f.friend, ${account})))
    order by f.changed_at, f.friend, f.side`;
}

/** Whether an account has the card of whoever is told, and sees what it is about. */
export async function seesRefusal(
  sql: Sql,
  { friend, card }: Pick<UntoldRefusal, "friend" | "card">,
  account: Account,
): Promise<boolean> {
  const rows = await sql`
    select from accounts a join clients c on c.id = a.client_id join friends f on f.friend = ${friend}
    where a.account = ${account} and c.id = ${card} and ${seesTie(sql)}`;
  return rows.length > 0;
}

/** Whether that one is still to be told; nobody else takes it until the transaction ends. */
export async function holdRefusal(tx: Tx, { friend, side }: UntoldRefusal): Promise<boolean> {
  const [row] = await tx<{ told: boolean }[]>`
    select case when ${side === "friend"} then friend_told else inviter_told end as told
    from friends where friend = ${friend} and state = 'refused' for update`;
  return row?.told === false;
}

/** That one was told, or never can be: what was begun of it, on whatever card they had then, is over too. */
export async function markRefusalTold(
  sql: Sql,
  { friend, side }: Pick<UntoldRefusal, "friend" | "side">,
): Promise<void> {
  await sql`
    with told as (
      update friends set friend_told = friend_told or ${side === "friend"}, inviter_told = inviter_told or ${side === "inviter"}
      where friend = ${friend} returning friend)
    delete from begun_messages b using told t where b.about = ${side} and b.subject = t.friend`;
}
