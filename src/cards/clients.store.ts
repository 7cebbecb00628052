// The people's side of `clients`: who is linked to which card. SQL only, no decisions.

import type { Sql } from "../db/connect.ts";
import type { CardId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";

/** A card and who has it. `phone` is E.164; `blockedAt` is when Telegram said that the bot was blocked. */
export interface Person {
  id: CardId;
  phone: string | null;
  name: string | null;
  telegramId: number | null;
  blockedAt: Date | null;
}

/** People: the card linked to a Telegram account, or null. */
export async function personByTelegram(sql: Sql, telegramId: number): Promise<Person | null> {
  const [row] = await sql<Person[]>`
    select id, phone, name, telegram_id as "telegramId", blocked_at as "blockedAt"
    from clients where telegram_id = ${telegramId}`;
  return row ?? null;
}

/** People: the card of a phone (E.164), or null. */
export async function personByPhone(sql: Sql, phone: string): Promise<Person | null> {
  const [row] = await sql<Person[]>`
    select id, phone, name, telegram_id as "telegramId", blocked_at as "blockedAt"
    from clients where phone = ${phone}`;
  return row ?? null;
}

/** People: the card of a phone (E.164), an empty one made if there was none. */
export async function personOfPhone(sql: Sql, phone: string): Promise<Person> {
  // An update that changes nothing, so that the row comes back even when the sync has just made it.
  const [row] = await sql<[Person]>`
    insert into clients (phone) values (${phone}) on conflict (phone) do update set phone = excluded.phone
    returning id, phone, name, telegram_id as "telegramId", blocked_at as "blockedAt"`;
  return row;
}

/**
 * People: links a card to an account from now on; a card without a name takes this one. The account must be free. Who
 * takes a card over from another account sees its history from here on, whatever an admin opened to the one before, and
 * the code of before opens nothing.
 */
export async function linkPerson(
  sql: Sql,
  id: CardId,
  telegramId: number,
  name: string | null,
  language: string | null,
): Promise<void> {
  await sql`
    update clients set telegram_id = ${telegramId}, linked_at = now(), blocked_at = null, language = ${language},
      name = coalesce(name, ${name}), code = null, last_telegram_id = ${telegramId}, left_for = null, left_at = null,
      had_from = null, unlinked_at = null, claimed_by = null,
      history_from = case when coalesce(last_telegram_id, ${telegramId}) = ${telegramId} then history_from
        else clock_timestamp() end,
      history_opened_by = case when coalesce(last_telegram_id, ${telegramId}) = ${telegramId} then history_opened_by end,
      history_opened_at = case when coalesce(last_telegram_id, ${telegramId}) = ${telegramId} then history_opened_at end
    where id = ${id}`;
  // What the earlier program said of the account is answered.
  await sql`update clients set claimed_by = null where claimed_by = ${telegramId}`;
}

/** People: nobody has the card any more; its points wait on it. */
export async function unlinkPerson(sql: Sql, id: CardId): Promise<void> {
  await sql`
    update clients set telegram_id = null, linked_at = null, blocked_at = null, language = null, code = null,
      had_from = linked_at, unlinked_at = clock_timestamp()
    where id = ${id}`;
}

/** People: the account that had a card has taken another one instead; nobody has this one any more. */
export async function leaveCard(sql: Sql, id: CardId, instead: CardId): Promise<void> {
  await unlinkPerson(sql, id);
  await sql`update clients set left_for = ${instead}, left_at = clock_timestamp() where id = ${id}`;
}

/** People: the account has blocked the bot. The first time counts; an account without a card changes nothing. */
export async function blockPerson(sql: Sql, telegramId: number, at: Date): Promise<void> {
  await sql`update clients set blocked_at = ${at} where telegram_id = ${telegramId} and blocked_at is null`;
}

/** People: the account can be written to again. */
export async function unblockPerson(sql: Sql, telegramId: number): Promise<void> {
  await sql`update clients set blocked_at = null where telegram_id = ${telegramId} and blocked_at is not null`;
}

/** A card and what it holds; `waiting` is what of it is in rows that its owner was not told of yet. */
export interface Holding {
  id: CardId;
  phone: string;
  name: string | null;
  balance: Points;
  waiting: Points;
}

/** People: card and balance of an account in one statement, so that both are of one moment; null when not linked. */
export async function balanceByTelegram(sql: Sql, telegramId: number): Promise<Holding | null> {
  const [row] = await sql<Holding[]>`
    select c.id, c.phone, c.name,
      coalesce((select sum(b.points) from bonuslog b where b.client_id = c.id), 0) as balance,
      coalesce((
        select sum(b.points) from bonuslog b where b.client_id = c.id and not b.is_telegram_notified), 0) as waiting
    from clients c where c.telegram_id = ${telegramId}`;
  return row ?? null;
}
