// Stored visits and spends, card by card, for judging them by other terms.

import type { Sql, Tx } from "../db/connect.ts";
import type { CardId, CompanyId } from "../rules/ids.ts";
import type { TriedSpend, TriedVisit } from "./trial.rule.ts";
import type { Word } from "./visit.rule.ts";

const batch = 5_000;

/** Makes the transaction one unchanging view that writes nothing and disturbs no writer. Comes first. */
export async function onlyLook(tx: Tx): Promise<void> {
  await tx`set transaction isolation level repeatable read, read only`;
  await tx`set local statement_timeout = 0`;
  await tx`set local work_mem = '32MB'`;
}

/** A visit or a spend of a card. */
export type StoredAct = { card: CardId } & (
  | TriedSpend
  | (Omit<TriedVisit, "hasClient" | "forgotten"> & { word: Word })
);

/**
 * Every visit of these branches up to a day that is on a card, and every spend less what was taken back of it, card
 * by card in the order of time. `start` stands for branches that have not said theirs. Days of spends are those of the zone.
 */
export function storedActs(
  sql: Sql,
  of: { companyIds: readonly CompanyId[]; to: string; start: string | null; timeZone: string },
): AsyncIterable<StoredAct[]> {
  return sql<StoredAct[]>`
    with back as (select corrects, sum(points) as points from bonuslog where corrects is not null group by corrects),
    rows as (
      select id, client_id, kind, points, awarded_at,
        sum(points) over (partition by client_id order by id rows unbounded preceding) - points as held
      from bonuslog),
    acts as (
      select v.client_id as card, v.starts_at as at, v.record_id as id, v.day, v.deleted, v.paid_full as "paidFull",
        v.attendance, v.price, v.services_paid as "servicesPaid", v.goods_paid as "goodsPaid",
        v.changed_at as "changedAt", v.decision as word,
        case when v.terms_id is null then coalesce(${of.start}::date, c.program_start,
          (c.first_started_at at time zone coalesce(c.time_zone, ${of.timeZone}))::date) end as start,
        coalesce(a.points + coalesce(b.points, 0), 0) as given, null::numeric as taken, null::numeric as held
      from visits v join companies c using (company_id)
      left join bonuslog a on a.key = v.award_key left join back b on b.corrects = a.id
      where v.client_id is not null and v.day <= ${of.to} and v.company_id = any(${[...of.companyIds]}::bigint[])
      union all
      select r.client_id, r.awarded_at, r.id, (r.awarded_at at time zone ${of.timeZone}::text)::date, null, null, null,
        null, null, null, null, null, null, null, -(r.points + coalesce(b.points, 0)), r.held
      from rows r left join back b on b.corrects = r.id
      where r.kind = 'spend' and (r.awarded_at at time zone ${of.timeZone}::text)::date <= ${of.to})
    select * from acts order by card, at, id`.cursor(batch);
}

/** The visits of these branches between two days that are on no card, which gets nothing by any terms, and why. */
export function cardlessVisits(
  sql: Sql,
  { companyIds, from, to }: { companyIds: readonly CompanyId[]; from: string; to: string },
): Promise<{ word: Word; visits: number }[]> {
  return sql<{ word: Word; visits: number }[]>`
    select decision as word, count(*) as visits from visits
    where client_id is null and day between ${from} and ${to} and company_id = any(${[...companyIds]}::bigint[])
    group by decision`;
}
