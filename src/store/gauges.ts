// What an operator watches, counted from the tables: cheap however long the ledger is.

import type { Sql } from "../db/connect.ts";
import { lateSince, reachable } from "./notices.ts";

/** One branch: how long the last good pass is ago, or the first start where none was good yet; when it was. Seconds. */
export interface BranchGauges {
  companyId: number;
  lag: number;
  lastPass: number | null;
  failures: number;
}

export interface Gauges {
  /** Records set aside, and hints not looked at yet. */
  setAside: number;
  hints: number;
  /** Cards that have something untold and can be told. */
  notices: number;
  /** Seconds since the oldest of their untold rows was made, and by how much the oldest of them is overdue. */
  oldestUnsent: number;
  overdue: number;
}

/** The branches of these ids that were ever read. */
export function branchGauges(sql: Sql, companyIds: readonly number[]): Promise<BranchGauges[]> {
  return sql<BranchGauges[]>`
    select company_id as "companyId", extract(epoch from last_pass_at)::float8 as "lastPass", failures,
      greatest(0, extract(epoch from now() - coalesce(last_pass_at, first_started_at)))::float8 as lag
    from companies where company_id = any(${[...companyIds]}::bigint[])`;
}

/** What waits; records of these branches. Only cards with a notice are looked up in the ledger, through its index of untold rows. */
export async function waiting(sql: Sql, companyIds: readonly number[]): Promise<Gauges> {
  const [row] = await sql<[Gauges]>`
    with tellable as (
      select n.client_id, n.about, ${sql.unsafe(lateSince)} as late_since
      from notices n join clients c on c.id = n.client_id
      where ${sql.unsafe(reachable)}),
    looks as (select reason from look_again where company_id = any(${[...companyIds]}::bigint[]))
    select (select count(*) from looks where reason <> 'hint')::int as "setAside",
      (select count(*) from looks where reason = 'hint')::int as hints,
      (select count(*) from tellable)::int as notices,
      coalesce((select extract(epoch from now() - min(b.awarded_at)) from tellable t
        join bonuslog b on b.client_id = t.client_id and not b.is_telegram_notified
          and (b.kind in ('award', 'correction')) = (t.about = 'visits')), 0)::float8 as "oldestUnsent",
      greatest(0, coalesce((select extract(epoch from now() - min(late_since)) from tellable), 0))::float8 as overdue`;
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
export async function ledgerAfter(sql: Sql, row: number): Promise<{ last: number; points: number }> {
  const [sum] = await sql<[{ last: number; points: number }]>`
    select coalesce((select max(id) from bonuslog), 0) as last,
      (select coalesce(sum(points), 0) from bonuslog where id > ${row}) as points`;
  return sum;
}
