// Records to be read again, and why.

import type { Sql } from "../db/connect.ts";
import type { CompanyId, RecordId } from "../rules/ids.ts";
import { backOff } from "../rules/time.ts";
import type { RecheckReason } from "./visit.rule.ts";

export interface Recheck {
  companyId: CompanyId;
  recordId: RecordId;
  reason: RecheckReason;
  tries: number;
  hint: number;
}

/**
 * Asks for records of a branch, each named once, to be read again: a webhook's hint at once, what a pass finds at its own pace.
 * `hint` is a clock in microseconds, so that a later row of a record is not taken for one that is gone.
 */
export async function requestRechecks(
  sql: Sql,
  companyId: CompanyId,
  asks: { recordId: RecordId; reason: RecheckReason; error: string | null }[],
): Promise<void> {
  if (asks.length === 0) return;
  await sql`
    insert into look_again (company_id, record_id, hint, reason, error)
    select ${companyId}, record_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, reason, error
    from unnest(${asks.map((ask) => ask.recordId)}::bigint[],
      ${asks.map((ask) => ask.reason)}::text[], ${asks.map((ask) => ask.error)}::text[])
      as a (record_id, reason, error)
    where exists (select from companies where company_id = ${companyId})
    on conflict (company_id, record_id) do update
    set reason = excluded.reason, error = excluded.error,
        hint = case when excluded.reason = 'hint' then greatest(excluded.hint, look_again.hint + 1)
          else look_again.hint end,
        due_at = case when excluded.reason = 'hint' then now() else look_again.due_at end`;
}

/** Due, or put off further than any is, which one that was never tried is not at all: by a clock that was put back. */
export const dueNow = `(due_at <= now() or due_at > now() + case tries when 0 then interval '0' else interval '6 hours' end)`;

/** What is due, oldest first. */
export function dueRechecks(sql: Sql, companyId: CompanyId, maxRows: number): Promise<Recheck[]> {
  return sql<Recheck[]>`
    select company_id as "companyId", record_id as "recordId", reason, tries, hint from look_again
    where company_id = ${companyId} and ${sql.unsafe(dueNow)} order by due_at limit ${maxRows}`;
}

/** A recheck is over: its row goes, unless a newer hint has come while it lasted, or a pass has found new doubt. */
export async function finishRecheck(sql: Sql, recheck: Recheck): Promise<void> {
  await sql`
    delete from look_again
    where company_id = ${recheck.companyId} and record_id = ${recheck.recordId} and hint = ${recheck.hint}
      and reason = ${recheck.reason}`;
}

/** A recheck that learnt nothing sure: again later, twice as late each time, at most six hours. Null keeps the reason. */
export async function postponeRecheck(
  sql: Sql,
  recheck: Recheck,
  reason: RecheckReason | null,
  error: string | null,
): Promise<void> {
  await sql`
    update look_again
    set tries = tries + 1, reason = coalesce(${reason}, reason), error = ${error},
        due_at = now() + ${backOff(recheck.tries + 1, 30_000, 21_600_000)}::float8 * interval '1 millisecond'
    where company_id = ${recheck.companyId} and record_id = ${recheck.recordId} and hint = ${recheck.hint}`;
}

/** These records were read and are not in doubt: what was set aside about them is over, and so is a hint from before. */
export async function clearRechecks(
  sql: Sql,
  companyId: CompanyId,
  read: { recordId: RecordId; readAt: Date }[],
): Promise<void> {
  await sql`
    delete from look_again l
    using unnest(${read.map((one) => one.recordId)}::bigint[],
      ${read.map((one) => one.readAt.toISOString())}::text[]::timestamptz[]) r (record_id, read_at)
    where l.company_id = ${companyId} and l.record_id = r.record_id
      and (l.reason <> 'hint' or l.hint < extract(epoch from r.read_at) * 1000000)`;
}

/**
 * How many records of these branches have been set aside for longer than a few tries. `gone`: those that YCLIENTS does not
 * know any more, for about a day: they go on being asked for, but nobody can do anything about them.
 */
export async function setAside(
  sql: Sql,
  companyIds: readonly CompanyId[],
): Promise<{ count: number; gone: number }> {
  const [row] = await sql<{ count: number; gone: number }[]>`
    select count(*) filter (where reason <> 'record_vanished')::int as count,
      count(*) filter (where reason = 'record_vanished' and tries < 12)::int as gone
    from look_again where tries >= 3 and company_id = any(${[...companyIds]}::bigint[])`;
  return row ?? { count: 0, gone: 0 };
}
