// Which card a YCLIENTS client's visits go to. (Who has which card: clients.store.ts.)

import type { Sql } from "../db/connect.ts";
import type { CardId, YclientsClientId } from "../rules/ids.ts";

export interface PersonOnCard {
  yclientsClientId: YclientsClientId;
  name: string | null;
  forgotten: boolean;
  /** They had asked to be forgotten, and have linked again. */
  returned: boolean;
  card: CardId | null;
  phone: string | null;
  cardName: string | null;
}

/** What is known of these YCLIENTS clients. */
export function peopleOnCards(sql: Sql, yclientsClientIds: YclientsClientId[]): Promise<PersonOnCard[]> {
  return sql<PersonOnCard[]>`
    select y.yclients_client_id as "yclientsClientId", y.name, y.forgotten_at is not null as forgotten,
      y.returned_at is not null as returned,
      c.id as card, c.phone, c.name as "cardName"
    from unnest(${yclientsClientIds}::bigint[]) asked (id) join yclients_clients y on y.yclients_client_id = asked.id
    left join clients c on c.id = y.client_id`;
}

/** What is known of a phone: its card, if it has one, and whether its owner asked to be forgotten. */
export interface PhoneOnCard {
  phone: string;
  card: CardId | null;
  name: string | null;
  linked: boolean;
  forgotten: boolean;
}

/**
 * What is known of these phones, each asked for once; of others nothing is. `hashes` are of the same phones, without them
 * nobody counts as forgotten. Joins: where statistics are young, `any` compares all with all.
 */
export function cardsByPhone(sql: Sql, phones: string[], hashes: string[] = []): Promise<PhoneOnCard[]> {
  return sql<PhoneOnCard[]>`
    select asked.phone, c.id as card, c.name, c.linked, f.hash is not null as forgotten
    from unnest(${phones}::text[], ${hashes}::text[]) asked (phone, hash)
    left join clients c on c.phone = asked.phone
    left join forgotten_phones f on f.hash = decode(asked.hash, 'hex')
    where c.id is not null or f.hash is not null`;
}

/** So many ids for new cards, so that a card and its owner can be written in two statements for a whole page. */
export async function drawCardIds(sql: Sql, count: number): Promise<CardId[]> {
  const rows = await sql<{ id: CardId }[]>`
    select nextval(pg_get_serial_sequence('clients', 'id')) as id from generate_series(1, ${count}::int)`;
  return rows.map((row) => row.id);
}

/** New cards. */
export async function addCards(
  sql: Sql,
  cards: { id: CardId; phone: string | null; name: string | null }[],
): Promise<void> {
  await sql`
    insert into clients (id, phone, name) overriding system value
    select * from unnest(${cards.map((card) => card.id)}::bigint[], ${cards.map((card) => card.phone)}::text[],
      ${cards.map((card) => card.name)}::text[])`;
}

/** These YCLIENTS clients are of people who asked to be forgotten: nothing else is stored of them. */
export async function knowAsForgotten(sql: Sql, people: YclientsClientId[]): Promise<void> {
  await sql`
    insert into yclients_clients (yclients_client_id, forgotten_at)
    select id, now() from unnest(${people}::bigint[]) asked (id) on conflict (yclients_client_id) do nothing`;
}

/** Where these YCLIENTS clients' new visits go from now on; the database keeps where they went before. */
export async function putPeople(
  sql: Sql,
  people: { yclientsClientId: YclientsClientId; card: CardId; name: string | null }[],
): Promise<void> {
  await sql`
    insert into yclients_clients (yclients_client_id, client_id, name)
    select * from unnest(${people.map((one) => one.yclientsClientId)}::bigint[],
      ${people.map((one) => one.card)}::bigint[], ${people.map((one) => one.name)}::text[])
    on conflict (yclients_client_id) do update
    set client_id = excluded.client_id, name = coalesce(excluded.name, yclients_clients.name), forgotten_at = null,
      returned_at = case when yclients_clients.forgotten_at is null then yclients_clients.returned_at else now() end`;
}

/** What the owners of cards are called now. */
export async function renameCards(sql: Sql, cards: { card: CardId; name: string | null }[]): Promise<void> {
  await sql`
    update clients c set name = n.name
    from unnest(${cards.map((one) => one.card)}::bigint[], ${cards.map((one) => one.name)}::text[]) n (card, name)
    where c.id = n.card`;
}

/** Gives a free phone to a card that has none. */
export async function givePhone(sql: Sql, card: CardId, phone: string): Promise<void> {
  await sql`update clients set phone = ${phone} where id = ${card} and phone is null`;
}

/**
 * The people, visits and screens of one card go to another. It is marked as gone, which the ledger's guards hold to for
 * ever: its rows, the ledger's to write, come before this.
 */
export async function handOver(sql: Sql, from: CardId, to: CardId): Promise<void> {
  await sql`update yclients_clients set client_id = ${to} where client_id = ${from}`;
  await sql`update visits set client_id = ${to} where client_id = ${from}`;
  await sql`update imported_awards set client_id = ${to} where client_id = ${from}`;
  await sql`update screens set client_id = ${to} where client_id = ${from}`;
  await sql`update screens set to_client_id = ${to} where to_client_id = ${from}`;
  // Not before its own rows, which bear a later time if the clock was put back since.
  await sql`
    update clients set name = null, merged_into = ${to}, merged_at = greatest(clock_timestamp(),
      (select max(awarded_at) from bonuslog where client_id = ${from})) where id = ${from}`;
  await sql`update clients set merged_into = ${to} where merged_into = ${from}`;
}
