// All that leads to one person, and taking it away. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CardId, YclientsClientId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";

/** The card without anything of a person: nobody's, for ever. Its rows in the ledger stay. */
export async function blankCard(tx: Tx, card: CardId, at: Date): Promise<void> {
  // All at once: it passes from none of them to another.
  await tx`delete from accounts where client_id = ${card}`;
  await tx`
    update clients set phone = null, name = null, code = null, last_account = null, history_from = null, history_opened_by = null,
      history_opened_at = null, left_for = null, left_at = null, had_from = null, unlinked_at = null,
      claimed_by = null, forgotten_at = ${at}
    where id = ${card}`;
  await tx`delete from notices where client_id = ${card}`;
  await tx`delete from begun_messages where client_id = ${card}`;
  await tx`delete from friend_links where client_id = ${card}`;
  await tx`delete from earlier_accounts where client_id = ${card}`;
}

/** Whether its owner has asked to be forgotten. */
export async function isForgotten(tx: Tx, card: CardId): Promise<boolean> {
  const rows = await tx`select from clients where id = ${card} and forgotten_at is not null`;
  return rows.length > 0;
}

/** A card that its account has left for another one, and that nobody has linked since. */
interface LeftCard {
  id: CardId;
  phone: string;
  /** Visits or points have come onto it since, and whose they are is not known: numbers change hands. */
  used: boolean;
  /** The salon's journal still has a client with its phone. */
  inJournal: boolean;
}

/**
 * The cards that were left for this one by the account that had it last, which proved another phone; or by the person who has this
 * account of it, by whichever of the accounts that see the same of the card.
 */
export function cardsLeftFor(sql: Sql, card: CardId, account: Account | null = null): Promise<LeftCard[]> {
  const whose =
    account === null
      ? sql`select last_account as account from clients where id = ${card}`
      : sql`
          select o.account from accounts a
          join accounts o on o.client_id = a.client_id and o.history_from is not distinct from a.history_from
          where a.account = ${account} and a.client_id = ${card}`;
  return sql<LeftCard[]>`
    with recursive earlier as (
      select c.id, c.phone, c.left_at, w.account from clients c cross join (${whose}) w where c.id = ${card}
      union
      select c.id, c.phone, c.left_at, c.last_account
      from clients c join earlier e on c.left_for = e.id and c.last_account is not distinct from e.account)
    select id, phone,
      exists (select from visits v where v.client_id = e.id and v.starts_at > e.left_at)
        or coalesce((select sum(points) from bonuslog b where b.client_id = e.id), 0) > 0 as used,
      exists (select from yclients_clients y where y.client_id = e.id) as "inJournal"
    from earlier e where phone is not null and id <> ${card} order by id`;
}

/**
 * What belongs to a person's accounts beside the card that is linked to them. `own` is that card; `let_go` are the cards that they had
 * last and nobody has linked since, `used` when visits or points have come onto them that may be somebody else's by now;
 * `theirs` are own and let-go cards but those; `people` are the YCLIENTS clients on these, and those whom the journal
 * has moved from there to another number while the account had the card: before, the number may have been another's. Whom
 * it moved back to where they had been before was under this number by a slip, and who has stood at the desk with a number
 * that this account never proved may be somebody else.
 * A client who is with another account now is that one's. `all_cards` are also the cards of those clients, and `journal`
 * those of them on which nobody else is or was.
 */
function belongings(sql: Sql, accounts: readonly Account[]) {
  const isTheirs = (column: "account" | "c.last_account") =>
    sql`${sql(column)} = any(${[...accounts]}::text[])`;
  // Points that no visit brought: whoever stood at the desk with the number, or had it in the earlier program.
  const somebodys = sql`exists (
    select from bonuslog b where b.client_id = c.id
      and (b.kind in ('spend', 'credit', 'debit', 'move') or (b.kind = 'opening' and b.actor ~ '^(import|list):')))`;
  return sql`
    with own as (
      select client_id as id, min(linked_at) as had_from from accounts where ${isTheirs("account")} group by client_id),
    let_go as (
      select c.id, c.had_from, exists (
          select from visits v where v.client_id = c.id and v.starts_at > coalesce(c.left_at, c.unlinked_at, c.created_at))
        or case when c.left_at is null
          then exists (
            select from bonuslog b where b.client_id = c.id and b.kind <> 'correction' and b.actor <> 'programme'
              and b.awarded_at > coalesce(c.unlinked_at, c.created_at))
          else coalesce((select sum(points) from bonuslog b where b.client_id = c.id), 0) > 0 end as used
      from clients c where ${isTheirs("c.last_account")} and not c.linked and c.phone is not null),
    theirs as (select id, had_from from own union all select id, had_from from let_go where not used),
    moved as (
      select distinct y.yclients_client_id as person
      from theirs t join earlier_places e on e.client_id = t.id and e.until >= t.had_from
      join yclients_clients y on y.yclients_client_id = e.yclients_client_id
      join clients c on c.id = y.client_id
      where not c.linked and (c.last_account is null or ${isTheirs("c.last_account")})
        and c.id not in (select id from let_go where used)
        and not exists (
          select from earlier_places b where b.yclients_client_id = y.yclients_client_id and b.client_id = c.id)
        and (c.last_account is not null or not ${somebodys})),
    people as (
      select y.yclients_client_id as person from yclients_clients y join theirs t on t.id = y.client_id
      union select person from moved),
    all_cards as (
      select y.client_id as id from yclients_clients y join people p on p.person = y.yclients_client_id
      union select e.client_id from earlier_places e join people p on p.person = e.yclients_client_id
      union select id from theirs),
    journal as (
      select c.id from all_cards a join clients c on c.id = a.id
      where not c.linked and c.last_account is null and c.merged_into is null and c.forgotten_at is null
        and not ${somebodys}
        and not exists (
          select from yclients_clients y where y.client_id = c.id
            and y.yclients_client_id not in (select person from people))
        and not exists (
          select from earlier_places e where e.client_id = c.id
            and e.yclients_client_id not in (select person from people))
        and not exists (
          select from visits v where v.client_id = c.id
            and v.yclients_client_id not in (select person from people)))`;
}

/**
 * A card that belongs to a person beside the linked one. `kept`: it may be somebody else's by now, and stays. `proved`: the
 * account had it; else the journal alone says whose it is, and a slip there must show nobody a stranger's card.
 */
export interface OtherCard {
  id: CardId;
  phone: string | null;
  name: string | null;
  balance: Points;
  kept: boolean;
  proved: boolean;
  /** Who had it last; null: nobody ever had. */
  account: Account | null;
}

/** All that leads to a person: their cards beside the linked one, their YCLIENTS clients, and where those had visits. */
interface Belongings {
  cards: OtherCard[];
  /**
   * `unproved`: the journal has them under another number now, or they had asked to be forgotten: whoever has the number
   * since need not be they.
   */
  people: { number: YclientsClientId; name: string | null; unproved: boolean }[];
  allCards: CardId[];
}

/** What belongs to whoever has these accounts; the card that is linked to them is told by the accounts themselves. */
export async function belongingsOf(sql: Sql, accounts: readonly Account[]): Promise<Belongings> {
  const cards = await sql<OtherCard[]>`
    ${belongings(sql, accounts)}
    select c.id, c.phone, c.name, coalesce(l.used, false) as kept, l.id is not null as proved, c.last_account as account,
      coalesce((select sum(points) from bonuslog b where b.client_id = c.id), 0) as balance
    from clients c left join let_go l on l.id = c.id
    where c.id in (select id from let_go union select id from journal) order by c.id`;
  const people = await sql<Belongings["people"]>`
    ${belongings(sql, accounts)}
    select y.yclients_client_id as number, y.name,
      y.client_id not in (select id from theirs) or y.returned_at is not null as unproved
    from yclients_clients y join people p on p.person = y.yclients_client_id order by 1`;
  const allCards = await sql<{ id: CardId }[]>`
    ${belongings(sql, accounts)} select id from all_cards`;
  return { cards: [...cards], people: [...people], allCards: allCards.map((row) => row.id) };
}

/** Cards that stay, being others' too, do not go by the names of these YCLIENTS clients any more. */
export async function forgetNames(tx: Tx, cards: CardId[], people: YclientsClientId[]): Promise<void> {
  await tx`
    update clients c set name = null
    where c.id = any(${cards}::bigint[]) and not c.linked and exists (
      select from yclients_clients y
      where y.yclients_client_id = any(${people}::bigint[]) and y.name = c.name)`;
}

/** These YCLIENTS clients asked to be forgotten: no pass brings them back, and nothing tells where they were. */
export async function forgetClients(tx: Tx, people: YclientsClientId[], at: Date): Promise<void> {
  await tx`delete from earlier_places where yclients_client_id = any(${people}::bigint[])`;
  await tx`delete from journal_birthdays where yclients_client_id = any(${people}::bigint[])`;
  await tx`
    update yclients_clients set client_id = null, name = null, forgotten_at = ${at}, returned_at = null
    where yclients_client_id = any(${people}::bigint[])`;
}

/** Their numbers are known again by a hash alone. */
export async function forgetPhones(tx: Tx, hashes: string[], at: Date): Promise<void> {
  await tx`
    insert into forgotten_phones (hash, forgotten_at)
    select decode(hex, 'hex'), ${at} from unnest(${hashes}::text[]) asked (hex)
    on conflict (hash) do update set forgotten_at = excluded.forgotten_at`;
}

/** Its owner is back: the journal may speak of them again. Whether they had asked to be forgotten. */
export async function recallPhone(tx: Tx, hash: string): Promise<boolean> {
  const rows =
    await tx`delete from forgotten_phones where hash = decode(${hash}, 'hex') returning forgotten_at`;
  return rows.length > 0;
}

/**
 * Visits on these cards, and these people's on the others, lose YCLIENTS's numbers; those without rows lose the card too, and
 * nothing of them is read again.
 */
export async function forgetVisits(
  tx: Tx,
  { cards, people, others }: { cards: CardId[]; people: YclientsClientId[]; others: CardId[] },
): Promise<void> {
  const theirs = tx`(v.client_id = any(${cards}::bigint[])
    or v.client_id = any(${others}::bigint[]) and v.yclients_client_id = any(${people}::bigint[]))`;
  await tx`
    delete from look_again l using visits v
    where ${theirs} and l.company_id = v.company_id and l.record_id = v.record_id`;
  await tx`update imported_awards set client_id = null where client_id = any(${cards}::bigint[]) and points = 0`;
  // Both at once: a visit that has lost its client is not to be found by it.
  await tx`
    update visits v set yclients_client_id = null, visit_id = null,
      client_id = case when bare then null else v.client_id end,
      decision = case when bare then 'forgotten' else v.decision end,
      terms_id = case when bare then null else v.terms_id end
    from (
      select v.ctid as place, not exists (select from bonuslog b where b.key = v.award_key) as bare
      from visits v where ${theirs}) found
    where v.ctid = found.place`;
}

/**
 * The till's screens about a card are over; those that made rows keep the rows' numbers and no words. So are all searches by
 * name, for they may hold the person's: a tap on one asks to search again.
 */
export async function forgetScreens(tx: Tx, card: CardId, phone: string | null): Promise<void> {
  const about = tx`(client_id = ${card} or to_client_id = ${card} or ${names(tx, tx`sought`, phone)})`;
  await tx`delete from screens where row_id is null and (${about} or sought ~ '^[^0-9]+$')`;
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

/** The numbers of messages in these accounts' chats, which name the account. */
export async function forgetMessages(sql: Sql, accounts: Account[]): Promise<void> {
  await sql`delete from message_numbers where account = any(${accounts}::text[])`;
}

/** What the bot remembers of these accounts; who works here is named again when they next write. */
export async function forgetChats(tx: Tx, accounts: Account[]): Promise<void> {
  const theirs = (column: string) => tx`${tx(column)} = any(${accounts}::text[])`;
  await tx`delete from staff where ${theirs("account")}`;
  await tx`delete from consents where ${theirs("account")}`;
  await tx`delete from begun_messages where ${theirs("account")}`;
  await tx`delete from birthdays where ${theirs("account")}`;
  // What the bot asks one account of another names it.
  await tx`delete from dialogs where ${theirs("account")} or state ->> 'account' = any(${accounts}::text[])`;
  await tx`delete from carry_codes where ${theirs("account")}`;
  await tx`delete from earlier_accounts where ${theirs("account")}`;
  await forgetMessages(tx, accounts);
  await tx`update clients set claimed_by = null where ${theirs("claimed_by")}`;
  // Whoever proves the phone of a card that the person had before sees nothing of them.
  await tx`
    update clients set last_account = null, history_from = clock_timestamp() where ${theirs("last_account")}`;
}
