// What the programme earns, in figures of days: paid visits, points, bills, who came back, what is owed. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { CompanyId, EntryId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import type { Terms } from "../visits/visit.rule.ts";

/** Days by the salon's clock, `YYYY-MM-DD`, both included. */
export interface Period {
  from: string;
  to: string;
}

/** Which branches are counted, by whose clock, and what makes a visit paid there. */
export interface FiguresOf {
  companyIds: readonly CompanyId[];
  timeZone: string;
  paidBy: Terms["paidBy"];
  /** Of the ledger the rows up to this one. */
  last: EntryId;
}

/** Makes the transaction one unchanging view, under the statement timeout of all others. Comes first. Sums stay in memory. */
export async function oneView(tx: Tx): Promise<void> {
  await tx`set transaction isolation level repeatable read, read only`;
  await tx`set local work_mem = '32MB'`;
}

/** From which day on the journal of every one of these branches has been read; null while that is not known of each. */
export async function readSince(sql: Sql, companyIds: readonly CompanyId[]): Promise<string | null> {
  const [row] = await sql<{ since: string | null }[]>`
    select case when count(*) = ${companyIds.length} and bool_and(mark is not null) then max(read_from) end as since
    from companies where company_id = any(${[...companyIds]}::bigint[])`;
  return row?.since ?? null;
}

/**
 * A record that took place, or will, and was paid in full with money; where YCLIENTS does not show payments, it is its word
 * that counts. Days before the programme are read only in part, and left out.
 */
const paidVisits = (sql: Sql, of: FiguresOf) => sql`
  visits v join companies c on c.company_id = v.company_id and v.day >= c.read_from
    and c.company_id = any(${[...of.companyIds]}::bigint[])
    and not v.deleted and v.attendance <> -1 and v.paid_full
    and ${of.paidBy === "prices" ? sql`v.price` : sql`coalesce(v.services_paid + v.goods_paid, 1)`} > 0`;

/** Paid visits of a period; `clients` are the cards among them, `linked` those that had a messenger's account by its end. */
export interface VisitFigures {
  withCard: number;
  withoutCard: number;
  clients: number;
  linked: number;
}

/** The paid visits of a period. */
export async function visitFigures(sql: Sql, { from, to }: Period, of: FiguresOf): Promise<VisitFigures> {
  const [row] = await sql<[VisitFigures]>`
    with cards as (
      select v.client_id, count(*) as visits from ${paidVisits(sql, of)}
      where v.day between ${from} and ${to} group by v.client_id)
    select coalesce(sum(visits) filter (where client_id is not null), 0)::bigint as "withCard",
      coalesce(sum(visits) filter (where client_id is null), 0)::bigint as "withoutCard",
      count(client_id) as clients,
      count(*) filter (where exists (
        select from accounts a where a.client_id = cards.client_id
          and a.linked_at < (${to}::date + 1)::timestamp at time zone ${of.timeZone}::text)) as linked
    from cards`;
  return row;
}

/** Points given, spent and ended, what was taken back of each taken off, and the bills that points paid a part of. */
export interface PointSums {
  given: Points;
  spent: Points;
  expired: Points;
  bills: Kopecks;
}

/**
 * By the day that a row is about: a visit's rows on the visit's day, those of a spend on the bill's, all others on the day
 * they were made; those of an opening on none. What a spend gave back counts as spent less, all else as given or given less.
 */
export function pointsByDay(
  sql: Sql,
  { from, to }: Period,
  { timeZone, last }: FiguresOf,
): Promise<(PointSums & { day: string })[]> {
  return sql<(PointSums & { day: string })[]>`
    with back as (
      select corrects, sum(points) as points from bonuslog
      where corrects is not null and kind <> 'expiry' and id <= ${last} group by corrects),
    days as (
      select v.day, a.points + coalesce(b.points, 0) as given, 0 as spent, 0 as expired, 0 as bill
      from companies c join visits v on v.company_id = c.company_id and v.day between ${from} and ${to}
      join bonuslog a on a.key = v.award_key and a.id <= ${last} left join back b on b.corrects = a.id
      union all
      select s.day, 0, -(a.points + coalesce(b.points, 0)), 0, case when b.corrects is null then s.bill else 0 end
      from spends s join bonuslog a on a.id = s.id and a.id <= ${last} left join back b on b.corrects = a.id
      where s.day between ${from} and ${to}
      union all
      select (b.awarded_at at time zone ${timeZone}::text)::date,
        case when b.kind not in ('spend', 'expiry') then b.points else 0 end,
        case when b.kind = 'spend' then -b.points else 0 end, case when b.kind = 'expiry' then -b.points else 0 end, 0
      from bonuslog b
      where b.awarded_at >= ${from}::date::timestamp at time zone ${timeZone}::text
        and b.awarded_at < (${to}::date + 1)::timestamp at time zone ${timeZone}::text and b.id <= ${last}
        and b.kind not in ('opening', 'correction')
        -- An award of the earlier program is of a visit that may never be read.
        and (b.kind <> 'award' or b.actor ~ '^import:' and not exists (select from visits v where v.award_key = b.key))
        and not exists (select from spends s where s.id = coalesce(b.corrects, b.id)))
    select day, sum(given) as given, sum(spent) as spent, sum(expired) as expired, sum(bill) as bills from days group by day`;
}

/** Of clients with a paid visit in a period, how many came again. */
export interface Return {
  clients: number;
  back: number;
}

/**
 * Each client of a period once, by their first paid visit in it: did they pay for a visit on a later day, at most so many
 * days on? Whoever asks leaves them the time: `to` and `within` end before today.
 */
export async function comingsBack(
  sql: Sql,
  { from, to }: Period,
  within: number,
  of: FiguresOf,
): Promise<Return> {
  const [row] = await sql<Return[]>`
    with days as (
      select v.client_id, v.day, lead(v.day) over (partition by v.client_id order by v.day) as next
      from ${paidVisits(sql, of)}
      where v.client_id is not null and v.day between ${from} and ${to}::date + ${within}::integer
      group by v.client_id, v.day),
    firsts as (select distinct on (client_id) day, next from days where day <= ${to} order by client_id, day)
    select count(*) as clients, count(*) filter (where next - day <= ${within}) as back from firsts`;
  return row ?? { clients: 0, back: 0 };
}

/** What cards hold, and what others are below zero. Cards of people who asked to be forgotten are left out. */
export interface Owed {
  owed: Points;
  debts: Points;
}

/** Now, and before a day began: null as long as the ledger does not go back to then. */
export async function owedNowAndBefore(
  sql: Sql,
  day: string,
  { timeZone, last }: FiguresOf,
): Promise<Owed & { before: Owed | null }> {
  const start = sql`(${day}::date::timestamp at time zone ${timeZone}::text)`;
  const [row] = await sql<[Owed & { owedThen: Points; debtsThen: Points; known: boolean }]>`
    with cards as (
      select client_id, sum(points) as points, sum(points) filter (where awarded_at < ${start}) as "then"
      from bonuslog where id <= ${last} group by client_id)
    select coalesce(sum(greatest(points, 0)) filter (where c.forgotten_at is null), 0) as owed,
      coalesce(-sum(least(points, 0)) filter (where c.forgotten_at is null), 0) as debts,
      coalesce(sum(greatest("then", 0)), 0) as "owedThen", coalesce(-sum(least("then", 0)), 0) as "debtsThen",
      count("then") > 0 as known
    from cards join clients c on c.id = client_id
    where c.forgotten_at is null or c.forgotten_at >= ${start}`;
  const { owed, debts, owedThen, debtsThen, known } = row;
  return { owed, debts, before: known ? { owed: owedThen, debts: debtsThen } : null };
}
