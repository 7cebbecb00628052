// The programme's terms, a row for each change of the settings.

import type { Sql } from "../db/connect.ts";
import type { Terms } from "./visit.rule.ts";

/** The id of these terms: the latest row if it says the same, else a new one. */
export async function termsInForce(sql: Sql, terms: Terms): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    with latest as (select * from terms order by id desc limit 1),
    added as (
      insert into terms (percent, earn_on, earn_when, paid_by)
      select ${terms.percent}, ${terms.earnOn}, ${terms.earnWhen}, ${terms.paidBy}
      where not exists (
        select from latest
        where percent = ${terms.percent} and earn_on = ${terms.earnOn} and earn_when = ${terms.earnWhen}
          and paid_by = ${terms.paidBy})
      returning id)
    select id from added union all select id from latest limit 1`;
  return row?.id ?? 0;
}
