// Which account of a card is told, and what was begun and may have arrived: `begun_messages`. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account, ChannelName } from "../rules/account.ts";
import type { CardId, EntryId } from "../rules/ids.ts";

/** What a message is about: of `level`, `friend` and `inviter` the subject is the change or the tie; of the others it is 0. */
export interface Subject {
  card: CardId;
  about: "visits" | "till" | "ends" | "level" | "friend" | "inviter";
  subject: number;
}

/** The account that is told. */
export interface Reader {
  account: Account;
  language: string | null;
}

/** `before`: a message of this was begun there that may have arrived, with these rows where it tells of rows. */
export interface ChosenReader extends Reader {
  before: { rows: EntryId[] | null } | null;
  /**
   * Where it was begun for another account: `theirs`, who can still be told; `lost`, who cannot, so that nobody will know whether
   * it has arrived. Of rows each has its own: see `rowsOfOthers`.
   */
  elsewhere: "theirs" | "lost" | null;
}

/** How long a messenger is away before its messages go by another one, in milliseconds. */
export const awayMs = 300_000;

/** A card, named `c`, of which some account in these messengers can be written to. */
export const tellable = (sql: Sql, tells: readonly ChannelName[]) => sql`
  exists (select from accounts a where a.client_id = c.id and a.blocked_at is null and a.channel = any(${[...tells]}::text[]))`;

/** The card stays whose it is while a message is begun. Taken before the lock of what is told, as all do that write of cards. */
export async function holdCard(tx: Tx, card: CardId): Promise<void> {
  await tx`select from clients where id = ${card} for key share`;
}

/**
 * Whom the card's message goes to among these messengers: where it was begun, else who was used last, those that are away after
 * all others. Null when nobody can be told.
 */
export async function chooseReader(
  sql: Sql,
  of: Subject,
  tells: readonly ChannelName[],
  away: readonly ChannelName[],
): Promise<ChosenReader | null> {
  const [row] = await sql<
    (Reader & { begun: boolean; rows: EntryId[] | null; elsewhere: ChosenReader["elsewhere"] })[]
  >`
    select a.account, a.language, b.account is not null as begun, to_json(b.rows) as rows, ${elsewhere(sql, of, sql`a.account`)} as elsewhere
    from accounts a left join begun_messages b
      on (b.client_id, b.about, b.subject, b.account) = (a.client_id, ${of.about}, ${of.subject}::bigint, a.account)
    where a.account = account_to_tell(${of.card}, ${of.about}, ${of.subject}, ${[...tells]}::text[], ${[...away]}::text[])`;
  if (!row) return null;
  const { begun, rows, ...chosen } = row;
  return { ...chosen, before: begun ? { rows } : null };
}

function elsewhere(sql: Sql, { card, about, subject }: Subject, account: ReturnType<Sql>) {
  return sql`(
    select case when bool_or(h.blocked_at is null) then 'theirs' when count(*) > 0 then 'lost' end
    from begun_messages o left join accounts h on h.account = o.account and h.client_id = o.client_id
    where o.client_id = ${card} and o.about = ${about} and o.subject = ${subject}::bigint and o.account <> ${account})`;
}

/**
 * A message is begun: from now on nobody else is told of it. Held for so many milliseconds (a minute at most), in which nobody else
 * begins it there either; false where somebody does that already. What is held for longer was held by a clock that was put back.
 */
export async function keepBegun(
  tx: Tx,
  of: Subject,
  account: Account,
  rows: EntryId[] | null,
  heldMs: number,
): Promise<boolean> {
  const { count } = await tx`
    insert into begun_messages as b (client_id, about, subject, account, rows, held_until)
    values (${of.card}, ${of.about}, ${of.subject}, ${account}, ${rows}::bigint[], now() + ${heldMs}::float8 * interval '1 millisecond')
    on conflict (client_id, about, subject, account) do update
    set rows = case when excluded.rows is not null then array(select unnest(excluded.rows) union select unnest(b.rows)) end,
      held_until = excluded.held_until
    where b.held_until not between now() and now() + interval '1 minute' or ${heldMs}::float8 = 0`;
  return count > 0;
}

/** What was begun for this account and may have arrived. */
export async function begunFor(
  tx: Tx,
  card: CardId,
  account: Account,
): Promise<(Subject & { rows: EntryId[] | null })[]> {
  const rows = await tx<(Subject & { rows: EntryId[] | null })[]>`
    select client_id as card, about, subject, to_json(rows) as rows from begun_messages
    where client_id = ${card} and account = ${account}`;
  return [...rows];
}

/** Where a message was begun for another account than this one: see `ChosenReader`. */
export async function begunElsewhere(
  tx: Tx,
  of: Subject,
  account: Account,
): Promise<ChosenReader["elsewhere"]> {
  const [row] = await tx<
    [{ found: ChosenReader["elsewhere"] }]
  >`select ${elsewhere(tx, of, tx`${account}`)} as found`;
  return row.found;
}

/** It was not told: as it was before it was begun. */
export async function takeBackBegun(
  sql: Sql,
  of: Subject,
  account: Account,
  before: ChosenReader["before"],
): Promise<void> {
  if (before === null) return endBegun(sql, of, account);
  await sql`
    update begun_messages set rows = ${before.rows}::bigint[], held_until = now()
    where client_id = ${of.card} and about = ${of.about} and subject = ${of.subject} and account = ${account}`;
}

/** It may have arrived: it stays with the account, which may be tried again. */
export async function letGoBegun(sql: Sql, of: Subject, account: Account): Promise<void> {
  await sql`
    update begun_messages set held_until = now()
    where client_id = ${of.card} and about = ${of.about} and subject = ${of.subject} and account = ${account}`;
}

/** It was told at this account. What else was begun or left there, and is untold, stays with it. */
export async function endTold(sql: Sql, { card, about, subject }: Subject, account: Account): Promise<void> {
  const untold = sql`select b.id from bonuslog b where b.id = any(m.rows) and not b.is_telegram_notified`;
  const key = sql`
    m.client_id = ${card} and m.about = ${about} and m.subject = ${subject} and m.account = ${account}`;
  await sql`
    with stays as (
      update begun_messages m set rows = array(${untold}), held_until = now() where ${key} and exists (${untold}))
    delete from begun_messages m where ${key} and not exists (${untold})`;
}

/** It was told, or nothing was begun. */
export async function endBegun(sql: Sql, of: Subject, account: Account | null = null): Promise<void> {
  await sql`
    delete from begun_messages
    where client_id = ${of.card} and about = ${of.about} and subject = ${of.subject} and account = coalesce(${account}, account)`;
}
