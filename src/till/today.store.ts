// The records of one day at the branches, for whoever works at the till. SQL only.

import type { Sql } from "../db/connect.ts";
import type { CardId, CompanyId, RecordId } from "../rules/ids.ts";
import type { Kopecks } from "../rules/money.ts";
import type { TodayRecord } from "./today.rule.ts";

/**
 * The branches' records of a day, or of the one that it is there now, the earliest first; deleted ones and those of the
 * forgotten left out. Where there are more than `maxRows`, what began two hours ago or more gives way first.
 */
export function recordsOfToday(
  sql: Sql,
  of: {
    companies: readonly CompanyId[];
    now: Date;
    day: string | null;
    unknownZone: string;
    maxRows: number;
  },
): Promise<TodayRecord[]> {
  return sql<TodayRecord[]>`
    with branches as (
      select company_id, coalesce(time_zone, ${of.unknownZone}) as zone
      from companies where company_id = any(${[...of.companies]}::bigint[])),
    chosen as (
    select v.record_id as "recordId", v.company_id as "companyId", v.client_id as card, v.starts_at as at, p.zone as "timeZone",
      coalesce((select y.name from yclients_clients y where y.yclients_client_id = v.yclients_client_id), c.name) as name,
      -- Of what is paid the money counts, where points have paid the rest in the journal.
      case when v.paid_full and exists (
          select from settlements s
          where s.company_id = v.company_id and s.visit_id = v.visit_id and s.state = 'stands' and s.row_id is not null)
        then coalesce(v.services_paid, v.price) else v.price end as price,
      v.paid_full as "paidFull", v.services_paid as paid, v.attendance, count(*) over () as total
    from branches p
    join visits v on v.company_id = p.company_id
      and v.day = coalesce(${of.day}::date, (${of.now}::timestamptz at time zone p.zone)::date)
    join clients c on c.id = v.client_id
    where not v.deleted and c.forgotten_at is null
    order by v.starts_at < ${of.now}::timestamptz - interval '2 hours',
      abs(extract(epoch from v.starts_at - ${of.now}::timestamptz)), v.record_id limit ${of.maxRows})
    select * from chosen order by at, "recordId"`;
}

/** A record's card, its price, and what of it is paid: all of it when the journal says so, nothing when it did not say. */
interface RecordBill {
  company: CompanyId;
  card: CardId;
  price: Kopecks;
  paid: Kopecks;
}

/** The bill of a record of these branches; null when it is deleted, unknown, in several of them, or of a forgotten person. */
export async function billOfRecord(
  sql: Sql,
  companies: readonly CompanyId[],
  record: RecordId,
): Promise<RecordBill | null> {
  const [row, ...others] = await sql<RecordBill[]>`
    select v.company_id as company, c.id as card, v.price,
      case when v.paid_full then v.price else greatest(0, least(coalesce(v.services_paid, 0), v.price)) end as paid
    from visits v join clients c on c.id = v.client_id
    where v.record_id = ${record} and v.company_id = any(${[...companies]}::bigint[]) and not v.deleted
      and c.forgotten_at is null`;
  return others.length > 0 ? null : (row ?? null);
}
