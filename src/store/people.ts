// All that is stored of one person, and taking it away. SQL only.

import type { Sql, Tx } from "../db/connect.ts";

/** The card's own columns and what hangs on it. `name` is null where the history before was somebody else's. */
export interface StoredCard {
  id: number;
  phone: string;
  name: string | null;
  language: string | null;
  createdAt: Date;
  linkedAt: Date;
  timeZone: string | null;
  journal: { number: number; name: string | null }[];
}

/** What is stored on the card of an account; null when none is linked. */
export async function storedCard(sql: Sql, telegramId: number): Promise<StoredCard | null> {
  const [row] = await sql<StoredCard[]>`
    select c.id, c.phone, case when c.history_from is null then c.name end as name, c.language,
      c.created_at as "createdAt", c.linked_at as "linkedAt", (select max(time_zone) from companies) as "timeZone",
      coalesce((
        select json_agg(json_build_object('number', y.yclients_client_id,
          'name', case when c.history_from is null then y.name end) order by y.yclients_client_id)
        from yclients_clients y where y.client_id = c.id), '[]') as journal
    from clients c where c.telegram_id = ${telegramId}`;
  return row ?? null;
}

/** What an account agreed to, and until when the bot remembers its questions. */
export async function storedChat(
  sql: Sql,
  telegramId: number,
): Promise<{ consents: { version: string; at: Date }[]; questions: Date[] }> {
  const consents = await sql<{ version: string; at: Date }[]>`
    select version, agreed_at as at from consents where telegram_id = ${telegramId} order by agreed_at`;
  const dialogs = await sql<{ until: Date }[]>`
    select expires_at as until from dialogs where telegram_id = ${telegramId} order by expires_at`;
  return { consents: [...consents], questions: dialogs.map((row) => row.until) };
}

/** The card without anything of a person: nobody's, for ever. Its rows in the ledger stay. */
export async function blankCard(tx: Tx, card: number, at: Date): Promise<void> {
  await tx`
    update clients set phone = null, name = null, telegram_id = null, linked_at = null, blocked_at = null,
      language = null, code = null, last_telegram_id = null, history_from = null, history_opened_by = null,
      history_opened_at = null, left_for = null, left_at = null, forgotten_at = ${at}
    where id = ${card}`;
  await tx`delete from notices where client_id = ${card}`;
}

/** Whether its owner has asked to be forgotten. */
export async function isForgotten(tx: Tx, card: number): Promise<boolean> {
  const rows = await tx`select from clients where id = ${card} and forgotten_at is not null`;
  return rows.length > 0;
}

/** A card that its account has left for another one, and that nobody has linked since. */
export interface LeftCard {
  id: number;
  phone: string;
  /** Visits or points have come onto it since, and whose they are is not known: numbers change hands. */
  used: boolean;
  /** The salon's journal still has a client with its phone. */
  inJournal: boolean;
}

/** The cards that were left for this one by the account that had it last, which proved another phone. */
export function cardsLeftFor(sql: Sql, card: number): Promise<LeftCard[]> {
  return sql<LeftCard[]>`
    with recursive earlier as (
      select id, phone, left_at, last_telegram_id as account from clients where id = ${card}
      union
      select c.id, c.phone, c.left_at, c.last_telegram_id
      from clients c join earlier e on c.left_for = e.id and c.last_telegram_id is not distinct from e.account)
    select id, phone,
      exists (select from visits v where v.client_id = e.id and v.starts_at > e.left_at)
        or coalesce((select sum(points) from bonuslog b where b.client_id = e.id), 0) > 0 as used,
      exists (select from yclients_clients y where y.client_id = e.id) as "inJournal"
    from earlier e where phone is not null and id <> ${card} order by id`;
}

/** The YCLIENTS clients of a card asked to be forgotten. */
export async function forgetClients(tx: Tx, card: number, at: Date): Promise<void> {
  await tx`
    update yclients_clients set client_id = null, name = null, forgotten_at = ${at} where client_id = ${card}`;
}

/**
 * The visits of a card lose what leads to a person: all of them YCLIENTS's numbers of client and visit, those without
 * rows in the ledger the card as well. What waits to be read again of them waits no more.
 */
export async function forgetVisits(tx: Tx, card: number): Promise<void> {
  await tx`
    delete from look_again l using visits v
    where v.client_id = ${card} and l.company_id = v.company_id and l.record_id = v.record_id`;
  await tx`update visits set yclients_client_id = null, visit_id = null where client_id = ${card}`;
  await tx`update imported_awards set client_id = null where client_id = ${card} and points = 0`;
  await tx`
    update visits v set client_id = null, decision = 'forgotten', terms_id = null
    from (
      select record_id from visits
      where client_id = ${card} and not exists (select from bonuslog b where b.record_id = visits.record_id)) bare
    where v.record_id = bare.record_id`;
}

/** The till's screens about a card are over; those that made rows keep the rows' numbers and no words. */
export async function forgetScreens(tx: Tx, card: number, phone: string | null): Promise<void> {
  const about = tx`(client_id = ${card} or to_client_id = ${card} or ${names(tx, tx`sought`, phone)})`;
  await tx`delete from screens where row_id is null and ${about}`;
  await tx`update screens set sought = null, reason = null where row_id is not null and ${about}`;
}

/** Any question of the bot, anybody's, that names a phone. */
export async function forgetQuestions(tx: Tx, phone: string | null): Promise<void> {
  await tx`delete from dialogs where ${names(tx, tx`state::text`, phone)}`;
}

/** Whether a text names the phone, in any spelling: its last ten digits, with 8 or +7 before them and signs between. */
function names(tx: Tx, text: ReturnType<Tx>, phone: string | null) {
  return tx`position(right(ltrim(${phone}::text, '+'), 10) in regexp_replace(${text}, '\\D', '', 'g')) > 0`;
}

/** What the bot remembers of an account. */
export async function forgetChat(tx: Tx, telegramId: number): Promise<void> {
  await tx`delete from consents where telegram_id = ${telegramId}`;
  await tx`delete from dialogs where telegram_id = ${telegramId}`;
  // Whoever proves the phone of a card that the person had before sees nothing of them.
  await tx`
    update clients set last_telegram_id = null, history_from = clock_timestamp()
    where last_telegram_id = ${telegramId}`;
}
