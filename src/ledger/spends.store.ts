// What is known of each spend beside its row in the ledger, and what was done by hand lately. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CardId, CompanyId, EntryId, RecordId, RecordOfBranch } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";

/** A spend's bill, branch, and the record that it was opened from, if it was. */
interface Spend {
  row: EntryId;
  card: CardId;
  company: CompanyId | null;
  record?: RecordOfBranch | null;
  day: string;
  bill: Kopecks;
}

/**
 * Keeps it: of the record that it was opened from, if that is of this day; of the only one that the client has that day, if it
 * was opened from none. It says the branch; else the spend is of no record, and the branch is the till's own.
 */
export async function putSpend(tx: Tx, spend: Spend): Promise<void> {
  const { companyId = null, recordId = null } = spend.record ?? {};
  await tx`
    with records as (
      select record_id, company_id from visits
      where client_id = ${spend.card} and day = ${spend.day} and not deleted),
    the_one as (
      select * from records
      where case when ${recordId}::bigint is null then (select count(*) from records) = 1
        else (company_id, record_id) = (${companyId}::bigint, ${recordId}::bigint) end)
    insert into spends (id, company_id, record_id, day, bill)
    select ${spend.row}::bigint, coalesce((select company_id from the_one),
        (select company_id from companies where company_id = ${spend.company}::bigint)),
      (select record_id from the_one), ${spend.day}::date, ${spend.bill}::numeric`;
}

/**
 * These records have gone to other cards: each spend about them is of the one record that its own card has that day now,
 * or of none; but one that pays a record's bill in the journal goes on doing so.
 */
export async function relinkSpends(tx: Tx, records: RecordOfBranch[]): Promise<void> {
  if (records.length === 0) return;
  const [branches, numbers] = [records.map((one) => one.companyId), records.map((one) => one.recordId)];
  await tx`
    with about as (
      select s.id, s.day, coalesce(c.merged_into, c.id) as client_id
      from spends s join bonuslog b on b.id = s.id join clients c on c.id = b.client_id
      where (s.company_id, s.record_id) in (select * from unnest(${branches}::bigint[], ${numbers}::bigint[]))
        and not settles_its_visit(s.id)
      union
      select s.id, s.day, v.client_id
      from visits v join spends s on s.day = v.day and s.record_id is null
      join bonuslog b on b.id = s.id
      join clients c on c.id = b.client_id and coalesce(c.merged_into, c.id) = v.client_id
      where (v.company_id, v.record_id) in (select * from unnest(${branches}::bigint[], ${numbers}::bigint[]))),
    theirs as (
      select a.id, count(v.record_id) = 1 as one, min(v.record_id) as record_id, min(v.company_id) as company_id
      from about a left join visits v on v.client_id = a.client_id and v.day = a.day and not v.deleted
      group by a.id)
    update spends s
    set record_id = case when t.one then t.record_id end,
      company_id = case when t.one then t.company_id else s.company_id end
    from theirs t where t.id = s.id`;
}

/**
 * What an account has given, taken and moved by hand since the day began in a zone, in hundredths. What was taken back
 * does not count, nor does taking back. The day is by the database's clock, as the rows are.
 */
export async function handledToday(sql: Sql, actor: string, timeZone: string): Promise<Points> {
  const [row] = await sql<{ points: Points }[]>`
    select coalesce(sum(abs(b.points)), 0) as points
    from bonuslog b
    where split_part(b.actor, ',', 1) = ${actor} and b.corrects is null
      and b.kind in ('spend', 'credit', 'debit', 'move') and (b.kind <> 'move' or b.points < 0)
      and b.awarded_at >= ${dayBegan(sql, timeZone)}
      and not exists (select from bonuslog u where u.key in ('undo:' || b.id, 'undo:' || b.id || ':from'))`;
  return row?.points ?? 0;
}

/** When the day began in a zone, by the database's clock. */
function dayBegan(sql: Sql, timeZone: string) {
  return sql`date_trunc('day', now() at time zone ${timeZone}) at time zone ${timeZone}`;
}

/** How often points of a card were spent since the day began in a zone, and stand: by the database's clock, as above. */
export async function spendsToday(sql: Sql, card: CardId, timeZone: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from bonuslog b
    where b.kind = 'spend' and b.client_id = any(array(select cards_of(${card})))
      and b.awarded_at >= ${dayBegan(sql, timeZone)}
      and not exists (select from bonuslog u where u.key = 'undo:' || b.id)`;
  return row?.count ?? 0;
}

/** A spend that stands: by whom and when it was made at the till, and what was paid of its bill before. */
export interface Standing {
  row: EntryId;
  points: Points;
  paid: Kopecks;
  account: Account;
  doneAt: Date;
}

/** What was spent on a bill of this sum, on this card, since a day (of the branch, `YYYY-MM-DD`) and stands. */
export function spentOn(
  sql: Sql,
  { card, bill, since }: { card: CardId; bill: Kopecks; since: string },
): Promise<Standing[]> {
  return sql<Standing[]>`
    select c.row_id as row, c.points, c.paid, c.account, c.done_at as "doneAt"
    from screens c join spends s on s.id = c.row_id
    where c.client_id = ${card} and c.action = 'spend' and s.bill = ${bill} and s.day >= ${since}::date
      and not exists (select from bonuslog u where u.key = 'undo:' || s.id)
    order by c.row_id`;
}

/** A visit that is paid at the whole bill, although these points were spent on it: its price was not lowered. */
export interface PriceKept {
  recordId: RecordId;
  companyId: CompanyId;
  points: Points;
  paid: Kopecks;
}

/**
 * A card's visits since a day (of the branch, `YYYY-MM-DD`) whose price was not lowered after a spend that stands. Where
 * the day has a visit at the lowered price too, that is the one the points were spent on.
 */
export function pricesKept(sql: Sql, card: CardId, since: string): Promise<PriceKept[]> {
  return sql<PriceKept[]>`
    with whole as (
      select record_id, company_id, day, starts_at,
        case when services_paid + goods_paid > 0 then services_paid + goods_paid else price end as paid
      from visits where client_id = ${card} and day >= ${since}::date and paid_full and not deleted)
    select distinct on (s.id) v.record_id as "recordId", v.company_id as "companyId", -b.points as points, v.paid
    from spends s join bonuslog b on b.id = s.id
    join whole v on v.day = s.day and v.paid = s.bill and (s.record_id is null or s.record_id = v.record_id and s.company_id = v.company_id)
    where b.client_id = any(array(select cards_of(${card}))) and not exists (select from bonuslog u where u.key = 'undo:' || b.id)
      and not exists (select from whole x where x.day = s.day and x.paid = s.bill + b.points)
      and not settles_its_visit(s.id)
    order by s.id, v.starts_at`;
}

/** Whether a card has a spend of this bill behind a row of the ledger that was not taken back. */
export async function spentSince(
  tx: Tx,
  { card, bill, seen }: { card: CardId; bill: Kopecks; seen: EntryId },
): Promise<boolean> {
  const rows = await tx`
    select from bonuslog b
    where b.client_id = any(array(select cards_of(${card}))) and b.kind = 'spend' and b.paid = ${bill} and b.id > ${seen}
      and not exists (select from bonuslog u where u.key = 'undo:' || b.id) limit 1`;
  return rows.length > 0;
}
