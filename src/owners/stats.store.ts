// What owners ask of the whole programme beside its days: cards, what is set aside, branches. SQL only.

import type { Sql } from "../db/connect.ts";
import type { CompanyId } from "../rules/ids.ts";

/** How many cards there are, how many of them are in a messenger, and the records that wait after several tries. */
export interface Counts {
  cards: number;
  cardsToday: number;
  cardsLately: number;
  linked: number;
  linkedToday: number;
  linkedLately: number;
  setAside: number;
}

/** When a branch was last read without a fault, and how many passes in a row have failed since. */
export interface BranchPass {
  company: CompanyId;
  title: string | null;
  lastPass: Date | null;
  failures: number;
}

/**
 * The counts, and each of these branches. "Lately" is from a day on. A card that nobody is on any more (forgotten, or
 * merged into another) is none.
 */
export async function countAll(
  sql: Sql,
  of: { today: string; from: string; timeZone: string; companyIds: CompanyId[] },
): Promise<{ counts: Counts; branches: BranchPass[] }> {
  const start = (day: string) => sql`(${day}::date::timestamp at time zone ${of.timeZone}::text)`;
  type Row = Counts & { company: CompanyId | null } & Omit<BranchPass, "company">;
  const rows = await sql<[Row, ...Row[]]>`
    with cards as (
      select created_at as made, (select min(linked_at) from accounts a where a.client_id = c.id) as linked from clients c
      where phone is not null or exists (select from yclients_clients y where y.client_id = c.id)),
    counts as (
      select count(*) as cards, count(linked) as linked,
        count(*) filter (where made >= ${start(of.today)}) as "cardsToday",
        count(*) filter (where made >= ${start(of.from)}) as "cardsLately",
        count(*) filter (where linked >= ${start(of.today)}) as "linkedToday",
        count(*) filter (where linked >= ${start(of.from)}) as "linkedLately",
        (select count(*) from look_again where tries >= 3) as "setAside"
      from cards)
    select counts.*, b.company_id as company, b.title, b.last_pass_at as "lastPass", b.failures
    from counts left join companies b on b.company_id = any(${of.companyIds}::bigint[])
    order by array_position(${of.companyIds}::bigint[], b.company_id)`;
  return {
    counts: rows[0],
    branches: rows.flatMap(({ company, title, lastPass, failures }) =>
      company === null ? [] : [{ company, title, lastPass, failures }],
    ),
  };
}
