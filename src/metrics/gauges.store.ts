// What an operator watches, counted from the tables: cheap however long the ledger is.

import type { Sql } from "../db/connect.ts";
import type { CompanyId, EntryId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";

/** One branch: how long the last good pass is ago, or the first start where none was good yet; when it was. Seconds. */
interface BranchGauges {
  companyId: CompanyId;
  lag: number;
  lastPass: number | null;
  failures: number;
}

/** Records set aside, and hints not looked at yet. */
interface RecheckGauges {
  setAside: number;
  hints: number;
}

/** The branches of these ids that were ever read. */
export function branchGauges(sql: Sql, companyIds: readonly CompanyId[]): Promise<BranchGauges[]> {
  return sql<BranchGauges[]>`
    select company_id as "companyId", extract(epoch from last_pass_at)::float8 as "lastPass", failures,
      greatest(0, extract(epoch from now() - coalesce(last_pass_at, first_started_at)))::float8 as lag
    from companies where company_id = any(${[...companyIds]}::bigint[])`;
}

/** What waits to be read again of these branches. */
export async function waitingRechecks(sql: Sql, companyIds: readonly CompanyId[]): Promise<RecheckGauges> {
  const [row] = await sql<[RecheckGauges]>`
    select count(*) filter (where reason <> 'hint')::int as "setAside",
      count(*) filter (where reason = 'hint')::int as hints
    from look_again where company_id = any(${[...companyIds]}::bigint[])`;
  return row;
}

/** Spends whose settlement is on its way, waits for a person, or stands in doubt; how old the oldest under way is, in seconds. */
interface SettlementGauges {
  underWay: number;
  stuck: number;
  doubtful: number;
  oldest: number;
}

/** What is open of settlements, of whichever branch. */
export async function openSettlements(sql: Sql): Promise<SettlementGauges> {
  const [row] = await sql<[SettlementGauges]>`
    select count(*)::int as "underWay", coalesce(greatest(0, extract(epoch from now() - min(began_at))), 0)::float8 as oldest,
      (select count(*) from settlements where state = 'stuck' and row_id is not null)::int as stuck,
      (select count(*) from settlements where state = 'stands' and seen <> amount and row_id is not null)::int as doubtful
    from settlements where state = 'under_way' and row_id is not null`;
  return row;
}

/** The names of the leases that this program holds at the moment. */
export async function leasesOf(sql: Sql, holder: string): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select name from jobs where holder = ${holder} and held_until > clock_timestamp() order by name`;
  return rows.map((row) => row.name);
}

/**
 * The ledger's last row, and what the rows after a given one sum to, in hundredths of a point. Rows are only added, in
 * the order of their ids and without gaps: whoever keeps both can go on from there and never sums a row twice.
 */
export async function ledgerAfter(sql: Sql, row: EntryId): Promise<{ last: EntryId; points: Points }> {
  const [sum] = await sql<[{ last: EntryId; points: Points }]>`
    select coalesce((select max(id) from bonuslog), 0) as last,
      (select coalesce(sum(points), 0) from bonuslog where id > ${row}) as points`;
  return sum;
}
