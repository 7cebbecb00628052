// Which account has which card: `accounts`, and what it means for the card. SQL only, no decisions.

import type { Sql } from "../db/connect.ts";
import { type Account, type ChannelName, channelOf, externalIdOf } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";

/** An account's card. `phone` is E.164; `blockedAt` is since when the account has blocked the bot. */
interface LinkedCard {
  id: CardId;
  phone: string;
  blockedAt: Date | null;
}

/** The card that is linked to an account, or null. */
export async function cardOfAccount(sql: Sql, account: Account): Promise<LinkedCard | null> {
  const [row] = await sql<LinkedCard[]>`
    select c.id, c.phone, a.blocked_at as "blockedAt"
    from accounts a join clients c on c.id = a.client_id where a.account = ${account}`;
  return row ?? null;
}

/** The card of a phone (E.164); null where it has none. */
export async function cardOfPhone(sql: Sql, phone: string): Promise<CardId | null> {
  const [row] = await sql<{ id: CardId }[]>`select id from clients where phone = ${phone}`;
  return row?.id ?? null;
}

/** The card of a phone (E.164), an empty one made if there was none. */
export async function madeCardOfPhone(sql: Sql, phone: string): Promise<CardId> {
  // An update that changes nothing, so that the row comes back even when the sync has just made it.
  const [row] = await sql<[{ id: CardId }]>`
    insert into clients (phone) values (${phone}) on conflict (phone) do update set phone = excluded.phone returning id`;
  return row.id;
}

/** Who of a channel has the card of a phone, in which language, and since when they have blocked the bot; null where nobody has. */
export async function holderOf(
  sql: Sql,
  phone: string,
  channel: ChannelName,
): Promise<{ account: Account; language: string | null; blockedAt: Date | null } | null> {
  const [row] = await sql<{ account: Account; language: string | null; blockedAt: Date | null }[]>`
    select a.account, a.language, a.blocked_at as "blockedAt"
    from clients c join accounts a on a.client_id = c.id where c.phone = ${phone} and a.channel = ${channel}`;
  return row ?? null;
}

/** Accounts of a card in other messengers than this one's that can be written to, the one that was used last first. */
export async function accountsToTell(sql: Sql, card: CardId, account: Account): Promise<Account[]> {
  const rows = await sql<{ account: Account }[]>`
    select account from accounts where client_id = ${card} and channel <> ${channelOf(account)} and blocked_at is null
    order by used_at desc, account`;
  return rows.map((row) => row.account);
}

/**
 * The account was used, by the clock of the database: whoever has two is told where they were last. Kept to the minute. Whether
 * it counts as one that has blocked the bot.
 */
export async function keepUse(sql: Sql, account: Account): Promise<boolean> {
  const rows = await sql`
    with used as (
      update accounts set used_at = now()
      where account = ${account} and used_at not between now() - interval '1 minute' and now())
    select from accounts where account = ${account} and blocked_at is not null`;
  return rows.length > 0;
}

/** Whether anybody had this card before, or the account another one, here or in the earlier program, as far as is still known. */
export async function wasLinked(sql: Sql, card: CardId, account: Account): Promise<boolean> {
  const rows = await sql`
    select from clients
    where id = ${card} and (linked or last_account is not null or claimed_by is not null) or last_account = ${account} or claimed_by = ${account}
    limit 1`;
  return rows.length > 0;
}

/**
 * Links a card to a free account, in place of another of that channel; a card without a name takes this one. What it sees of
 * before, and what becomes of its code, the database says: see `accounts_begin_their_history` and `accounts_are_on_cards`.
 */
export async function linkCard(
  sql: Sql,
  id: CardId,
  account: Account,
  name: string | null,
  language: string | null,
): Promise<void> {
  const channel = channelOf(account);
  // What the earlier program said of the account is answered.
  await sql`
    with answered as (update clients set claimed_by = null where claimed_by = ${account} and id <> ${id})
    update clients set name = coalesce(name, ${name}), claimed_by = null where id = ${id}`;
  await sql`
    insert into accounts (channel, external_id, client_id, language)
    values (${channel}, ${externalIdOf(account)}, ${id}, ${language})
    on conflict (client_id, channel) do update
    set external_id = excluded.external_id, language = excluded.language, linked_at = now(),
      used_at = now(), blocked_at = null`;
}

/** The account has no card any more; what follows for the card the database keeps. Whether another account still has it. */
export async function unlinkAccount(sql: Sql, account: Account): Promise<boolean> {
  const [row] = await sql<{ held: boolean }[]>`
    delete from accounts a where account = ${account}
    returning exists (select from accounts o where o.client_id = a.client_id and o.account <> a.account) as held`;
  return row?.held ?? false;
}

/** An account of a card; `same`: it sees the same of it as another one, so it is known to be the same person's. */
export interface AccountBeside {
  account: Account;
  language: string | null;
  linkedAt: Date;
  blocked: boolean;
  same: boolean;
}

/** The other accounts of the account's card, the one that has it longest first. */
export async function accountsBeside(sql: Sql, account: Account): Promise<AccountBeside[]> {
  const rows = await sql<AccountBeside[]>`
    select o.account, o.language, o.linked_at as "linkedAt", o.blocked_at is not null as blocked,
      o.history_from is not distinct from a.history_from as same
    from accounts a join accounts o on o.client_id = a.client_id and o.account <> a.account
    where a.account = ${account} order by o.linked_at, o.account`;
  return [...rows];
}

/** Who has the card of a phone, in whichever messenger. */
export async function accountsOn(sql: Sql, phone: string): Promise<Account[]> {
  const rows = await sql<{ account: Account }[]>`
    select a.account from clients c join accounts a on a.client_id = c.id where c.phone = ${phone} order by 1`;
  return rows.map((row) => row.account);
}

/** The other accounts of the account's card have it no more; the one that is named has. */
export async function unlinkBeside(sql: Sql, account: Account): Promise<void> {
  await sql`
    delete from accounts o using accounts a
    where a.account = ${account} and o.client_id = a.client_id and o.account <> a.account`;
}

/** These accounts have let a card go together with the account that had it last, whose person theirs is. */
export async function keepLeftTogether(sql: Sql, card: CardId, accounts: readonly Account[]): Promise<void> {
  await sql`
    update earlier_accounts set same_person = true
    where client_id = ${card} and account = any(${[...accounts]}::text[])`;
}

/** Another messenger's account of the account's card; `earlier`: it has it longer. */
interface Elsewhere {
  account: Account;
  language: string | null;
  earlier: boolean;
  /** The account that is named first has the card for a day at most, by the clock of the database. */
  inTime: boolean;
}

/** Who has this card of the account in another messenger; null: nobody, or the account has it no more. */
export async function accountElsewhere(
  sql: Sql,
  of: { account: Account; card: CardId; channel: ChannelName },
): Promise<Elsewhere | null> {
  const [row] = await sql<Elsewhere[]>`
    select o.account, o.language, o.linked_at < a.linked_at as earlier,
      a.linked_at between now() - interval '1 day' and now() as "inTime"
    from accounts a join accounts o on o.client_id = a.client_id and o.account <> a.account
    where a.account = ${of.account} and a.client_id = ${of.card} and o.channel = ${of.channel}`;
  return row ?? null;
}

/** The account sees of its card what came since it was linked, whoever had opened more to it. */
export async function seeFromLink(sql: Sql, account: Account): Promise<void> {
  await sql`update accounts set history_from = greatest(history_from, linked_at) where account = ${account}`;
}

/** An account sees what another of the same card sees, if that is more. Whether it is: false too where they have not one card. */
export async function seeAs(sql: Sql, account: Account, other: Account): Promise<boolean> {
  const rows = await sql`
    update accounts a set history_from = o.history_from from accounts o
    where a.account = ${account} and o.account = ${other} and o.client_id = a.client_id
      and a.history_from > coalesce(o.history_from, '-infinity') returning a.account`;
  return rows.length > 0;
}

/** Whether the account sees all of its card: false too where it has none. */
export async function seesAll(sql: Sql, account: Account): Promise<boolean> {
  const rows = await sql`select from accounts where account = ${account} and history_from is null`;
  return rows.length > 0;
}

/** Whoever had this card has taken another one instead; it is left for that once nobody else has it. */
export async function leaveCard(sql: Sql, id: CardId, instead: CardId): Promise<void> {
  await sql`update clients set left_for = ${instead}, left_at = clock_timestamp() where id = ${id} and not linked`;
}

/** The language that the account's messenger is set to now. */
export async function keepLanguage(sql: Sql, account: Account, language: string): Promise<void> {
  await sql`update accounts set language = ${language} where account = ${account}`;
}

/** The account has blocked the bot. The first time counts; an account without a card changes nothing. */
export async function blockAccount(sql: Sql, account: Account, at: Date): Promise<void> {
  await sql`update accounts set blocked_at = ${at} where account = ${account} and blocked_at is null`;
}

/** The account can be written to again. */
export async function unblockAccount(sql: Sql, account: Account): Promise<void> {
  await sql`update accounts set blocked_at = null where account = ${account} and blocked_at is not null`;
}

/** An account's card and what it holds; `waiting` is what of it is in rows that its owner was not told of yet, `locked` what waits for the next paid visit. */
export interface Holding {
  id: CardId;
  phone: string;
  name: string | null;
  balance: Points;
  waiting: Points;
  locked: Points;
  /** As the account's messenger said it last. */
  language: string | null;
}

/** Card and balance of an account in one statement, so that both are of one moment; null when not linked. */
export async function holdingOf(sql: Sql, account: Account): Promise<Holding | null> {
  const [row] = await sql<Holding[]>`
    select c.id, c.phone, c.name, a.language,
      coalesce((select sum(b.points) from bonuslog b where b.client_id = c.id), 0) as balance,
      coalesce((
        select sum(b.points) from bonuslog b
        where b.client_id = c.id and not b.is_telegram_notified and not is_anothers_to_hear(c.id, b.id, a.account)), 0) as waiting,
      (select coalesce(sum(l.rest), 0) from lots l where l.client_id = c.id and l.rest > 0 and l.waits) as locked
    from accounts a join clients c on c.id = a.client_id where a.account = ${account}`;
  return row ?? null;
}
