// Refusals that somebody is still to be told. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account, ChannelName } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import { personsOf, type Refusal, tiesOf } from "./friends.store.ts";

/** A refusal that somebody is still to be told: of which card, and which of the two that is. */
export interface UntoldRefusal {
  friend: CardId;
  why: Refusal;
  tiedAt: Date;
  side: "friend" | "inviter";
  card: CardId;
  timeZone: string | null;
}

/** Of a tie `f`: refused, and one of the two is still to be told. As the index of what is to be told has it, before any card is looked up. */
const isUntold = (sql: Sql) => sql`f.state = 'refused' and not (f.friend_told and f.inviter_told)`;
/** That one of the two is, or was promised nothing. */
const toldOf = (sql: Sql, side: UntoldRefusal["side"]) =>
  sql`(f.${sql(`${side}_told`)} or f.${sql(`${side}_points`)} = 0)`;

const refusal = (sql: Sql) => sql`
  f.friend, f.why, f.tied_at as "tiedAt", f.side, f.card, (select max(time_zone) from companies) as "timeZone"`;

/** Refusals whose friend or inviter was not told, and may be in these messengers: with the account that would be. */
export function refusalsToTell(
  sql: Sql,
  tells: readonly ChannelName[],
  maxRows: number,
): Promise<(UntoldRefusal & { account: Account })[]> {
  return sql<(UntoldRefusal & { account: Account })[]>`
    select ${refusal(sql)}, w.account
    from (
      select f.friend, f.why, f.tied_at, f.changed_at, s.side, s.card
      from friends f ${personsOf(sql)} cross join lateral (
        values ('friend', p.friend, ${toldOf(sql, "friend")}), ('inviter', p.inviter, ${toldOf(sql, "inviter")})) s (side, card, told)
      where ${isUntold(sql)} and not (${toldOf(sql, "friend")} and ${toldOf(sql, "inviter")}) and not s.told) f
    cross join lateral (
      select account_to_tell(f.card, f.side, f.friend, ${[...tells]}::text[], '{}') as account) w
    where w.account is not null order by f.changed_at, f.friend, f.side limit ${maxRows}`;
}

/** Those that the owner of a card was not told of. */
export function untoldRefusalsOf(sql: Sql, card: CardId): Promise<UntoldRefusal[]> {
  const of = (side: UntoldRefusal["side"]) => sql`
    select f.friend, f.why, f.tied_at, f.changed_at, ${side} as side, ${card}::bigint as card
    from (${tiesOf(sql, side, [card])}) f where ${isUntold(sql)} and not ${toldOf(sql, side)}`;
  return sql<UntoldRefusal[]>`
    select ${refusal(sql)} from (${of("friend")} union all ${of("inviter")}) f
    order by f.changed_at, f.friend, f.side`;
}

/** Whether that one is still to be told; nobody else takes it until the transaction ends. */
export async function holdRefusal(tx: Tx, { friend, side }: UntoldRefusal): Promise<boolean> {
  const [row] = await tx<{ told: boolean }[]>`
    select case when ${side === "friend"} then friend_told else inviter_told end as told
    from friends where friend = ${friend} and state = 'refused' for update`;
  return row?.told === false;
}

/** That one was told, or never can be. */
export async function markRefusalTold(
  sql: Sql,
  { friend, side }: Pick<UntoldRefusal, "friend" | "side">,
): Promise<void> {
  await sql`
    update friends set friend_told = friend_told or ${side === "friend"}, inviter_told = inviter_told or ${side === "inviter"}
    where friend = ${friend}`;
}
