// The visits of today that a client's spend may pay a part of in the journal. SQL only.

import type { Sql } from "../db/connect.ts";
import type { CardId, CompanyId, RecordId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";

/** A visit, by the one of its records that names it; `price` is of all of them. `spent`: by whom (nobody: a trial) and when
 * points pay of it already; `toPay`: what was left to pay beside them once they did. */
export interface VisitToName {
  company: CompanyId;
  record: RecordId;
  visit: number;
  at: Date;
  timeZone: string;
  price: Kopecks;
  spent: { points: Points; actor: string; at: Date; toPay: Kopecks | null } | null;
}

/**
 * A card's visits in these branches that are not paid: those of the branch's day, or the one of a record. What was deleted or is a
 * no-show is none; where `whatever` is set, the one of the record is there as it was last read, be it paid or gone.
 */
export async function visitsToName(
  sql: Sql,
  of: {
    card: CardId;
    companies: readonly CompanyId[];
    record: RecordId | null;
    whatever: boolean;
    now: Date;
    unknownZone: string;
  },
): Promise<VisitToName[]> {
  return sql<VisitToName[]>`
    with branches as (
      select company_id, coalesce(time_zone, ${of.unknownZone}) as zone
      from companies where company_id = any(${[...of.companies]}::bigint[])),
    of_day as (
      select v.company_id, v.visit_id, p.zone, v.record_id, v.starts_at, v.price, v.record_id = ${of.record}::bigint as asked
      from branches p join visits v on v.company_id = p.company_id
      where v.client_id = ${of.card} and v.visit_id > 0
        and (${of.whatever} and v.record_id = ${of.record}::bigint or not v.deleted and v.attendance <> -1 and not v.paid_full
        and (v.day = (${of.now}::timestamptz at time zone p.zone)::date or v.record_id = ${of.record}::bigint))),
    theirs as (
      select company_id, visit_id, zone, (array_agg(record_id order by asked desc nulls last, starts_at, record_id))[1] as record,
        min(starts_at) as at, sum(price) as price, bool_or(asked) as asked
      from of_day group by company_id, visit_id, zone)
    select t.company_id as company, t.record, t.visit_id as visit, t.at, t.zone as "timeZone", t.price,
      case when s.id is not null then jsonb_build_object('points', (s.amount * 100)::bigint, 'actor', coalesce(b.actor, ''),
        'at', (extract(epoch from coalesce(c.done_at, b.awarded_at)) * 1000)::bigint,
        'toPay', case when s.state = 'stands' then (s.to_pay * 100)::bigint end) end as spent
    from theirs t
    left join settlements s on s.company_id = t.company_id and s.visit_id = t.visit_id and s.state <> 'returned'
    left join bonuslog b on b.id = s.row_id left join screens c on c.row_id = s.row_id
    where ${of.record}::bigint is null or t.asked
    order by t.at, t.record`.then((rows) =>
    rows.map((row) => ({ ...row, spent: row.spent && { ...row.spent, at: new Date(row.spent.at) } })),
  );
}
