// What MAX needs that gives messages and updates no numbers: ours for its messages, which updates were dealt with, and the mark
// from which it is asked for more.

import type { Sql } from "../../db/connect.ts";
import type { Account } from "../../rules/account.ts";
import type { BotId } from "../../rules/ids.ts";

/** A message as MAX names it, in whose chat with which bot, and that chat's own number where it is known. */
export interface NamedMessage {
  bot: BotId;
  account: Account;
  name: string;
  chat: number | null;
}

/** Its number: the same each time it is asked for. */
export async function numberOf(sql: Sql, { bot, account, name, chat }: NamedMessage): Promise<number> {
  const [row] = await sql<{ number: number }[]>`
    insert into message_numbers (account, bot, name, chat) values (${account}, ${bot}, ${name}, ${chat})
    on conflict on constraint a_message_has_one_number
    do update set chat = coalesce(excluded.chat, message_numbers.chat)
    returning number`;
  return row?.number ?? 0;
}

/** What MAX calls the message of this number in this account's chat with the bot; null when it is none, or too old. */
export async function messageName(
  sql: Sql,
  bot: BotId,
  account: Account,
  number: number,
): Promise<string | null> {
  const [row] = await sql<{ name: string }[]>`
    select name from message_numbers where number = ${number} and account = ${account} and bot = ${bot}`;
  return row?.name ?? null;
}

/** The number of the account's chat with the bot, which is not the person's own; null when nothing came from there. */
export async function chatOfAccount(sql: Sql, bot: BotId, account: Account): Promise<number | null> {
  const [row] = await sql<{ chat: number }[]>`
    select chat from message_numbers where account = ${account} and bot = ${bot} and chat is not null
    order by number desc limit 1`;
  return row?.chat ?? null;
}

/** Whether anything was ever said to this bot, or by it, that is not too old. */
export async function hasMessages(sql: Sql, bot: BotId): Promise<boolean> {
  return (await sql`select from message_numbers where bot = ${bot} limit 1`).length > 0;
}

/** Whether the update of this key was dealt with. */
export async function wasHandled(sql: Sql, key: string): Promise<boolean> {
  return (await sql`select from handled_updates where key = ${key}`).length > 0;
}

/** It was dealt with. */
export async function keepHandled(sql: Sql, key: string): Promise<void> {
  await sql`insert into handled_updates (key) values (${key}) on conflict do nothing`;
}

/** Drops what is too old to come up again: MAX delivers for a day at most, and screens are older than a quarter for nobody. */
export async function dropOldNames(sql: Sql): Promise<void> {
  await sql`delete from handled_updates where handled_at < clock_timestamp() - interval '2 days'`;
  await sql`delete from message_numbers where named_at < clock_timestamp() - interval '90 days'`;
}

/** From where on the bot's updates are still to be asked for; null when they never were. */
export async function markOfUpdates(sql: Sql, bot: BotId): Promise<number | null> {
  const [row] = await sql<{ mark: number }[]>`
    select mark from update_marks where channel = 'max' and bot = ${bot}`;
  return row?.mark ?? null;
}

/** All before it was dealt with. */
export async function keepMark(sql: Sql, bot: BotId, mark: number): Promise<void> {
  await sql`
    insert into update_marks (channel, bot, mark) values ('max', ${bot}, ${mark})
    on conflict (channel, bot) do update set mark = excluded.mark`;
}
