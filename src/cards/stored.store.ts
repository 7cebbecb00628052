// What is stored of a person under their accounts, for whoever asks for it. SQL only.

import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { Role } from "../rules/author.ts";
import type { CardId } from "../rules/ids.ts";

/** The card's own columns. `name` is null where the history before was somebody else's, which `taken` says. */
export interface StoredCard {
  id: CardId;
  phone: string;
  name: string | null;
  language: string | null;
  createdAt: Date;
  linkedAt: Date;
  timeZone: string | null;
  taken: boolean;
}

/** What is stored on the card of an account; null when none is linked. */
export async function storedCard(sql: Sql, account: Account): Promise<StoredCard | null> {
  const [row] = await sql<StoredCard[]>`
    select c.id, c.phone, case when a.history_from is null then c.name end as name, a.language,
      c.created_at as "createdAt", a.linked_at as "linkedAt", (select max(time_zone) from companies) as "timeZone",
      a.history_from is not null as taken
    from accounts a join clients c on c.id = a.client_id where a.account = ${account}`;
  return row ?? null;
}

/** Of one who works here or did: the name that changes are signed with, and what the chat has made them (null: nothing any more). */
interface StoredWork {
  name: string | null;
  changes: { role: Role | null; at: Date }[];
}

/** What is stored of an account as of one who works here; it outlives being forgotten, but for the name. */
export async function storedWork(sql: Sql, account: Account): Promise<StoredWork> {
  const [staff] = await sql<{ name: string }[]>`select name from staff where account = ${account}`;
  const changes = await sql<StoredWork["changes"]>`
    select role, made_at as at from staff_changes where account = ${account} order by id`;
  return { name: staff?.name ?? null, changes: [...changes] };
}

/** What these accounts agreed to, and until when the bot remembers its questions to them. */
export async function storedChat(
  sql: Sql,
  accounts: readonly Account[],
): Promise<{ consents: { account: Account; version: string; at: Date }[]; questions: Date[] }> {
  const theirs = sql`account = any(${[...accounts]}::text[])`;
  const consents = await sql<{ account: Account; version: string; at: Date }[]>`
    select account, version, agreed_at as at from consents where ${theirs} order by agreed_at, account`;
  const dialogs = await sql<{ until: Date }[]>`
    select expires_at as until from dialogs where ${theirs} order by expires_at`;
  return { consents: [...consents], questions: dialogs.map((row) => row.until) };
}
