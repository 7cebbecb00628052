// Records with what is stored of them and what the ledger has for them, in streams.

import { type Sql, type Tx, within } from "../db/connect.ts";
import type { Slice } from "../rules/slice.ts";
import type { PostedRecord } from "./proof.rule.ts";
import type { Terms } from "./visit.rule.ts";

const batch = 5_000;

/** Tells alike from alike by hashing: the planner, not knowing how few states there are, would sort all on disk. */
export async function byHashing<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx`set local enable_sort = off`;
  const done = await work();
  await tx`set local enable_sort = on`;
  return done;
}

/**
 * Every record with its visit and its rows. One that was never awarded and has no rows is left out: there is nothing to
 * recompute. Awards meet visits before anything is summed: to sum all by record first took three times as long.
 */
export function postedRecords(sql: Sql): AsyncIterable<PostedRecord[]> {
  return sql<PostedRecord[]>`${records(sql, sql`true`)}`.cursor(batch);
}

/**
 * The same of a slice, but plain records that are alike come once, under the numbers 0: millions of visits share few states.
 * An award with the key of another slice's record comes without its visit, which no award may.
 */
export function postedStates(sql: Sql, slice: Slice): AsyncIterable<PostedRecord[]> {
  return sql<PostedRecord[]>`
    select distinct record * own as record, decision, card * own as card, "termsId", percent, deleted, "paidFull", attendance,
      price, "servicesPaid", "goodsPaid", base, "importedPoints", "importedCard" * own as "importedCard",
      "awardCard" * own as "awardCard", "awardPoints", "byImport", cards, sums
    from (
      select *, case when cards is null and "awardCard" = coalesce(card, "importedCard") then 0 else 1 end as own
      from (${records(sql, within(sql, "record_id", slice))}) as r
    ) as marked`.cursor(batch);
}

function records(sql: Sql, some: ReturnType<typeof within>) {
  return sql`
    with corrected as (
      select corrects, array_agg(client_id) as cards, array_agg(points) as sums from (
        select corrects, client_id, sum(points) as points
        from bonuslog where kind = 'correction' and corrects is not null group by corrects, client_id
      ) as by_card
      group by corrects
    )
    select coalesce(v.record_id, award.record_id) as record, v.decision, v.client_id as card, v.terms_id as "termsId", v.percent,
      v.deleted, v.paid_full as "paidFull", v.attendance, v.price, v.services_paid as "servicesPaid",
      v.goods_paid as "goodsPaid", v.base, i.points as "importedPoints", i.client_id as "importedCard", award.client_id as "awardCard", award.points as "awardPoints",
      starts_with(award.actor, 'import:') as "byImport", c.cards, c.sums
    from (select * from visits where ${some}) as v
    full join (select * from bonuslog where kind = 'award' and ${some}) as award on award.key = v.award_key
    left join imported_awards i on i.record_id = coalesce(v.record_id, award.record_id)
      and (i.company_id = v.company_id or v.company_id is null and award.key = 'visit:' || i.record_id)
    left join corrected c on c.corrects = award.id
    where v.terms_id is not null or award.id is not null`;
}

/** All terms that were ever in force, by id. */
export async function allTerms(sql: Sql): Promise<Map<number, Terms>> {
  const rows = await sql<(Terms & { id: number })[]>`
    select id, percent, earn_on as "earnOn", earn_when as "earnWhen", paid_by as "paidBy" from terms`;
  return new Map(rows.map(({ id, ...terms }) => [id, terms]));
}
