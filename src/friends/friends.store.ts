// Ties between a friend and who invited them: made, asked about, and what became of each. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CardId, EntryId, RecordOfBranch } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import type { Terms } from "../visits/visit.rule.ts";
import type { FriendLimits, GiftTerms, HeldVisit } from "./friend.rule.ts";

/** Of a tie that came to nothing: the rule by which it did. */
export type Refusal = "known" | "friend_works_here" | "inviter_works_here" | "too_late" | "forgotten";

/** Why the inviter alone got nothing. */
export type InviterRefusal = "month" | "year" | "forgotten";

/** Asked about, waited for, given, refused, or given and taken back. */
type State = "asked" | "waits" | "given" | "refused" | "back";

/** Who came by whose invitation, and what both were promised. */
export interface Tie extends GiftTerms {
  friend: CardId;
  inviter: CardId;
  friendPoints: Points;
  inviterPoints: Points;
}

/** Of a tie `f`, what `Tie` has. */
export const tieColumns = `f.friend, f.inviter, f.tied_at as "tiedAt", f.after_days as "afterDays", f.least_bill as "leastBill",
  f.friend_points as "friendPoints", f.inviter_points as "inviterPoints"`;

/**
 * The card that one of a tie `f` has now; null: nobody knows. `card_of_person` is the same for one card: called for each of many,
 * it takes ten times as long.
 */
const cardNow = (sql: Sql, side: "friend" | "inviter") =>
  sql`(select id from way_of_person(f.${sql(side)}, f.kept_at) order by step desc limit 1)`;

/**
 * Ties, `f`, whose friend or inviter has one of these cards now, whichever they had when it was made. The cards before are an array, for
 * by a join all ties of the salon would be asked first who has them.
 */
export const tiesOf = (sql: Sql, side: "friend" | "inviter", cards: readonly CardId[]) => sql`
  select f.* from friends f
  where f.${sql(side)} = any(array(select cards_before(${[...cards]}::bigint[])))
    and ${cardNow(sql, side)} = any(${[...cards]}::bigint[])`;

/** The cards, `p`, that both of a tie `f` have now; null: nobody knows. */
export const personsOf = (sql: Sql) => sql`
  cross join lateral (
    select ${cardNow(sql, "friend")} as friend, ${cardNow(sql, "inviter")} as inviter) p`;

/** Whether an account, `a`, sees a tie `f` of its card, `c`: one that sees less of the card than another sees what came since. */
export const seesTie = (sql: Sql) =>
  sql`(a.history_from is not distinct from c.history_from or a.history_from <= f.kept_at)`;

/** The code of a card's link, which is this one if it had none. */
export async function codeOfCard(sql: Sql, card: CardId, fresh: string): Promise<string> {
  const [row] = await sql<[{ code: string }]>`
    insert into friend_links (client_id, code) values (${card}, ${fresh})
    on conflict (client_id) do update set code = friend_links.code returning code`;
  return row.code;
}

/** The card whose link has this code, or what became of it; null where there is none. */
export async function cardOfInvitation(sql: Sql, code: string): Promise<CardId | null> {
  const [row] = await sql<{ card: CardId }[]>`
    select card_of_person(client_id, made_at) as card from friend_links where code = ${code}`;
  return row?.card ?? null;
}

/** Keeps a tie; false where the friend has one already, on this card or one before, or either card is nobody's any more. */
export async function addTie(sql: Sql, tie: Tie, by: Account | null): Promise<boolean> {
  const rows = await sql`
    insert into friends (friend, inviter, tied_at, tied_by, friend_points, inviter_points, after_days, least_bill, changed_at)
    select ${tie.friend}, ${tie.inviter}, ${tie.tiedAt}, ${by}, ${tie.friendPoints}, ${tie.inviterPoints},
      ${tie.afterDays}, ${tie.leastBill}, ${tie.tiedAt}
    where not exists (
        select from clients where id in (${tie.friend}, ${tie.inviter}) and (forgotten_at is not null or merged_into is not null))
      and not exists (${tiesOf(sql, "friend", [tie.friend])})
    on conflict (friend) do nothing returning friend`;
  return rows.length > 0;
}

/** Whether one of these accounts has a card. */
export async function isOneOf(sql: Sql, card: CardId, accounts: readonly Account[]): Promise<boolean> {
  const rows = await sql`
    select from accounts where client_id = ${card} and account = any(${[...accounts]}::text[]) limit 1`;
  return rows.length > 0;
}

/** Whether two cards are of one person: an account of the one has the other, had it last, or let it go while another had it still. */
export async function areOnes(sql: Sql, one: CardId, other: CardId): Promise<boolean> {
  const accounts = (card: CardId) => sql`
    select account from accounts where client_id = ${card} union select last_account from clients where id = ${card}
    union select account from earlier_accounts where client_id = ${card}`;
  const rows =
    await sql`select from (${accounts(one)}) a join (${accounts(other)}) o using (account) limit 1`;
  return rows.length > 0;
}

/** It comes to nothing. What a person who asked to be forgotten is about, nobody is told. */
export async function refuseTie(sql: Sql, friend: CardId, why: Refusal, at: Date): Promise<void> {
  await sql`
    update friends set state = 'refused', why = ${why}, changed_at = ${at}, friend_told = ${why === "forgotten"},
      inviter_told = ${why === "forgotten"}
    where friend = ${friend} and state in ('asked', 'waits')`;
}

/** A tie with the visits that may make its gift due, or bear out one that was given. */
export interface TieWithVisits extends Tie {
  /** The cards that the gifts go to; null: nobody's any more. */
  friendCard: CardId | null;
  inviterCard: CardId | null;
  goneSince: Date | null;
  visits: (HeldVisit & { timeZone: string | null })[];
}

/** Which ties are looked at: what waits, or what was given since a moment; all of them or one friend's. */
export type Looked = ({ state: "waits" } | { state: "given"; since: Date }) & { friend?: CardId };

/**
 * Such ties with the friend's visits from an hour before: attended and paid in full, the records of one visit as one, without
 * those that were deleted or missed; of a card that another person had before, or has since, those from between. Money by how
 * the salon counts what was paid.
 */
export async function tiesIn(sql: Sql, looked: Looked, paidBy: Terms["paidBy"]): Promise<TieWithVisits[]> {
  const { state, friend = null } = looked;
  const rows = await sql<
    (Omit<TieWithVisits, "visits"> &
      Omit<TieWithVisits["visits"][number], "recordId"> & { recordId: number | null })[]
  >`
    select ${sql.unsafe(tieColumns)}, f.gone_since as "goneSince", fc.id as "friendCard", ic.id as "inviterCard", v.*
    from friends f ${personsOf(sql)}
    left join clients fc on fc.id = p.friend and fc.forgotten_at is null
    left join clients ic on ic.id = p.inviter and ic.forgotten_at is null
    left join lateral (
      select v.company_id as "companyId", min(v.record_id) as "recordId", min(v.starts_at) as "startsAt",
        sum(case ${paidBy} when 'prices' then v.price else v.services_paid + v.goods_paid end) as paid,
        max(c.time_zone) as "timeZone"
      from (
        select cards_of(w.id) as card, p.*
        from way_of_person(f.friend, f.kept_at) w cross join lateral (
          select max(c.at) filter (where c.at <= w.since) as came, min(c.at) filter (where c.at > w.since) as passed
          from passed_cards c where c.client_id = w.id) p) w
      join visits v on v.client_id = w.card and (w.passed is null or v.starts_at < w.passed)
        and (w.came is null or v.starts_at >= w.came)
      join companies c on c.company_id = v.company_id
      where v.starts_at >= f.tied_at - interval '1 hour' and not v.deleted and v.attendance <> -1
      group by v.company_id, coalesce('visit ' || v.visit_id, 'record ' || v.record_id)
      having bool_or(v.attendance = 1) and bool_and(v.paid_full)
    ) v on true
    where f.state = ${state} and ${looked.state === "given" ? sql`f.given_at > ${looked.since}` : sql`true`}
      and ${friend === null ? sql`true` : sql`f.friend = ${friend}`}
    order by f.friend, v."startsAt"`;
  const byFriend = Map.groupBy(rows, (row) => row.friend);
  return [...byFriend.values()].map(([first, ...rest]) => {
    const visits = [first, ...rest].flatMap((row) =>
      row && row.recordId !== null && row.paid !== null
        ? [{ ...row, recordId: row.recordId, companyId: row.companyId }]
        : [],
    );
    return { ...(first as (typeof rows)[number]), visits };
  });
}

/** Whether a tie is still in this state, held so until the transaction ends. */
export async function holdTie(tx: Tx, friend: CardId, state: State): Promise<boolean> {
  const rows = await tx`select from friends where friend = ${friend} and state = ${state} for update`;
  return rows.length > 0;
}

/**
 * For how many friends whoever has this card got points since these days, on whatever cards they had; what was taken back does
 * not count.
 */
export async function givenTo(tx: Tx, inviter: CardId, month: Date, year: Date): Promise<FriendLimits> {
  const letGo = await tx<{ id: CardId }[]>`
    select c.id from accounts a join clients c on c.last_account = a.account and not c.linked where a.client_id = ${inviter}
    union select e.client_id from accounts a join earlier_accounts e on e.account = a.account where a.client_id = ${inviter}`;
  const [row] = await tx<[FriendLimits]>`
    select count(*) filter (where f.given_at >= ${month})::int as "aMonth", count(*)::int as "aYear"
    from (${tiesOf(tx, "inviter", [inviter, ...letGo.map(({ id }) => id)])}) f
    where f.state = 'given' and f.inviter_why is null and f.inviter_points > 0 and f.given_at >= ${year}`;
  return row;
}

/** Both are given it now, for this visit; the inviter perhaps not. */
export async function markGiven(
  tx: Tx,
  friend: CardId,
  { companyId, recordId }: RecordOfBranch,
  inviterWhy: InviterRefusal | null,
  at: Date,
): Promise<void> {
  await tx`
    update friends set state = 'given', company_id = ${companyId}, record_id = ${recordId}, inviter_why = ${inviterWhy},
      given_at = ${at}, changed_at = ${at}
    where friend = ${friend}`;
}

/** Since when no visit bears the gift out; null: one does. */
export async function markGone(sql: Sql, friend: CardId, since: Date | null): Promise<void> {
  await sql`update friends set gone_since = ${since} where friend = ${friend} and state = 'given'`;
}

/** It was taken back. */
export async function markTakenBack(tx: Tx, friend: CardId, at: Date): Promise<void> {
  await tx`update friends set state = 'back', changed_at = ${at} where friend = ${friend}`;
}

/**
 * The rows that gave it, with the card that each is taken back from: the one that it is on now, or, where that has passed to
 * another person since, that of whoever was given it, as far as it is known.
 */
export function rowsOfTie(tx: Tx, friend: CardId) {
  return tx<{ id: EntryId; key: string; points: Points; card: CardId }[]>`
    select b.id, b.key, b.points, coalesce(case when exists (
        select from passed_cards p where p.client_id = b.client_id and p.at > b.awarded_at)
      then card_of_person(b.client_id, b.awarded_at) end, c.merged_into, c.id) as card
    from bonuslog b join clients c on c.id = b.client_id
    where b.key = any(${[`friend:${friend}:inviter`, `friend:${friend}:friend`]}::text[]) order by b.id`;
}

/** A tie as either of the two may see it. `tiedOn` is in the salon's zone; nobody is named. */
export interface SeenTie extends Tie {
  side: "friend" | "inviter";
  state: State;
  why: Refusal | null;
  inviterWhy: InviterRefusal | null;
}

/**
 * The ties of a card, the own one first, then those of whom it invited, the latest first; or those that one of
 * its accounts may see.
 */
export function tiesOfCard(
  sql: Sql,
  card: CardId,
  maxRows: number,
  viewer: Account | null = null,
): Promise<SeenTie[]> {
  return sql<SeenTie[]>`
    select ${sql.unsafe(tieColumns)}, f.state, f.why, f.inviter_why as "inviterWhy",
      f.side
    from (
      select 'friend' as side, o.* from (${tiesOf(sql, "friend", [card])}) o
      union all select 'inviter', i.* from (${tiesOf(sql, "inviter", [card])}) i) f
    where not exists (
      select from accounts a join clients c on c.id = a.client_id
      where a.account = ${viewer} and not ${seesTie(sql)})
    order by f.side, f.tied_at desc, f.friend limit ${maxRows}`;
}
