// Records with what is stored of them and what the ledger has for them, in streams.

import type { Sql, Tx } from "../db/connect.ts";
import type { PostedRecord } from "./proof.rule.ts";
import type { Terms } from "./visit.rule.ts";

const batch = 5_000;

/** Tells alike from alike by hashing: the planner, not knowing how few states there are, would sort all on disk. */
export async function preferHashing(tx: Tx): Promise<void> {
  await tx`set local enable_sort = off`;
}

/**
 * Every record with its visit and its rows. One that was never awarded and has no rows is left out: there is nothing to
 * recompute. Awards meet visits before anything is summed: to sum all by record first took three times as long.
 */
export function postedRecords(sql: Sql): AsyncIterable<PostedRecord[]> {
  return sql<PostedRecord[]>`${records(sql)}`.cursor(batch);
}

/** The same, but plain records that are alike come once, under the numbers 0: millions of visits share few states. */
export function postedStates(sql: Sql): AsyncIterable<PostedRecord[]> {
  return sql<PostedRecord[]>`
    select distinct record * own as record, decision, card * own as card, "termsId", percent, deleted, "paidFull", attendance,
      price, "servicesPaid", "goodsPaid", base, "importedPoints", "importedCard" * own as "importedCard",
      "awardCard" * own as "awardCard", "awardPoints", "byImport", cards, sums
    from (
      select *, case when cards is null and "awardCard" = coalesce(card, "importedCard") then 0 else 1 end as own from (${records(sql)}) as r
    ) as marked`.cursor(batch);
}

function records(sql: Sql) {
  return sql`
    with corrected as (
      select corrects, array_agg(client_id) as cards, array_agg(points) as sums from (
        select corrects, client_id, sum(points) as points
        from bonuslog where kind = 'correction' group by corrects, client_id
      ) as by_card
      group by corrects
    )
    select coalesce(v.record_id, award.record_id) as record, v.decision, v.client_id as card, v.terms_id as "termsId", v.percent,
      v.deleted, v.paid_full as "paidFull", v.attendance, v.price, v.services_paid as "servicesPaid",
      v.goods_paid as "goodsPaid", v.base, i.points as "importedPoints", i.client_id as "importedCard", award.client_id as "awardCard", award.points as "awardPoints",
      starts_with(award.actor, 'import:') as "byImport", c.cards, c.sums
    from visits v
    full join (select * from bonuslog where kind = 'award') as award on award.key = v.award_key
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
