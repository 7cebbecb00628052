// Branches, how far the sync has read in them, and the terms by which.

import type { Sql } from "../db/connect.ts";
import type { CompanyId } from "../rules/ids.ts";
import type { Terms } from "./visit.rule.ts";

export interface Company {
  companyId: CompanyId;
  title: string | null;
  timeZone: string | null;
  firstStartedAt: Date;
  programStart: string | null;
  paymentDays: number | null;
  readFrom: string | null;
  /** The terms that its visits were decided by when they were read; null when it is not known which. */
  readTerms: number | null;
  windowFrom: string | null;
  firstPassAt: Date | null;
  mark: Date | null;
  sweptAt: Date | null;
  failures: number;
  lastError: string | null;
}

const columns = `company_id as "companyId", title, time_zone as "timeZone", first_started_at as "firstStartedAt",
  program_start as "programStart", payment_days as "paymentDays",
  read_from as "readFrom", read_terms as "readTerms", window_from as "windowFrom", first_pass_at as "firstPassAt", mark, swept_at as "sweptAt", failures,
  last_error as "lastError"`;

/** The branch; null before it was first seen. */
export async function findCompany(sql: Sql, companyId: CompanyId): Promise<Company | null> {
  const [row] = await sql<
    Company[]
  >`select ${sql.unsafe(columns)} from companies where company_id = ${companyId}`;
  return row ?? null;
}

/** What YCLIENTS calls the branches, by id; those that it has not named yet are left out. */
export async function branchTitles(sql: Sql): Promise<Map<CompanyId, string>> {
  const rows = await sql<{ companyId: CompanyId; title: string }[]>`
    select company_id as "companyId", title from companies where title is not null`;
  return new Map(rows.map(({ companyId, title }) => [companyId, title]));
}

/** Makes the branch known, first started now; what was known of it stays. */
export async function addCompany(sql: Sql, companyId: CompanyId, at: Date): Promise<void> {
  await sql`insert into companies (company_id, first_started_at) values (${companyId}, ${at}) on conflict do nothing`;
}

/**
 * Keeps what YCLIENTS says of the branch and returns the zone it had before. Where that was another, all that was decided or
 * read by it is read again.
 */
export async function nameCompany(
  sql: Sql,
  companyId: CompanyId,
  named: { title: string | null; timeZone: string },
): Promise<string | null> {
  const [row] = await sql<{ was: string | null }[]>`
    with before as (
      select time_zone as was, coalesce(time_zone <> ${named.timeZone}, false) as other
      from companies where company_id = ${companyId} for update)
    update companies
    set title = coalesce(${named.title}, title), time_zone = ${named.timeZone},
      program_start = case
        when program_start is null or program_start = (first_started_at at time zone b.was)::date
          then (first_started_at at time zone ${named.timeZone})::date
        else program_start end,
      read_terms = case when b.other then null else read_terms end,
      mark = case when b.other then mark - interval '14 days' else mark end
    -- A zone that this server does not know fails here, before anything relies on it.
    from before b where company_id = ${companyId} and now() at time zone ${named.timeZone} is not null
    returning b.was`;
  return row?.was ?? null;
}

/** How many days back the user token sees payments, -1 for all. Where it sees more than before, all is read once more. */
export async function keepPaymentDays(sql: Sql, companyId: CompanyId, days: number): Promise<void> {
  await sql`
    update companies
    set read_terms = case when payment_days >= 0 and (${days}::integer < 0 or ${days}::integer > payment_days)
        then null else read_terms end,
      payment_days = ${days}
    where company_id = ${companyId}`;
}

/** The first pass begins, or begins again: from an earlier day, or by other terms. */
export async function beginFirstPass(
  sql: Sql,
  companyId: CompanyId,
  from: string,
  termsId: number,
): Promise<void> {
  await sql`
    update companies set read_from = ${from}, window_from = ${from}, read_terms = ${termsId}
    where company_id = ${companyId}`;
}

/**
 * The programme begins on a later day than the one that was read from. What has no rows yet of the days between is decided
 * again; what was awarded stays.
 */
export async function beginLater(sql: Sql, companyId: CompanyId, from: string): Promise<void> {
  await sql`
    with later as (update companies set read_from = ${from} where company_id = ${companyId})
    update visits v set decision = 'before_start', decided_at = now()
    where v.company_id = ${companyId} and v.day < ${from}
      and v.decision in ('not_paid', 'paid_in_part', 'not_arrived', 'payment_unknown', 'nothing_paid', 'too_little')
      and not exists (select from bonuslog a where a.key = v.award_key)
      and not exists (select from imported_awards i where i.record_id = v.record_id and i.company_id = v.company_id)`;
}

/**
 * A window is in; the next one starts at this day, or there is none. The first window's start is kept: when all are in,
 * it is the mark, and everything that changed since is read as a change.
 */
export async function finishWindow(
  sql: Sql,
  companyId: CompanyId,
  next: string | null,
  startedAt: Date,
): Promise<void> {
  await sql`
    update companies
    set window_from = ${next}, first_pass_at = coalesce(first_pass_at, ${startedAt}),
        mark = case when ${next}::date is null then coalesce(mark, first_pass_at, ${startedAt}) else mark end
    where company_id = ${companyId}`;
}

/** Moves the mark, never back, unless it lies after `now`, by a clock that was put back. */
export async function moveMark(sql: Sql, companyId: CompanyId, mark: Date, now: Date): Promise<void> {
  await sql`
    update companies set mark = case when mark > ${now} then ${mark} else greatest(mark, ${mark}) end
    where company_id = ${companyId}`;
}

/**
 * A reading went well; `isPass`: of all that is new, so that the next one need not come at once. Where it read what has changed
 * since the pass before, `unannounced` of it by no webhook, that counts in how many an hour passes are wont to find: a quarter of an
 * hour of what was known before, and the time since that pass.
 */
export async function passed(
  sql: Sql,
  companyId: CompanyId,
  { isPass, unannounced }: { isPass: boolean; unannounced: number | null },
): Promise<void> {
  // Never nothing at all: PostgreSQL throws where a share of it would be too small a number.
  await sql`
    update companies
    set last_pass_at = case when ${isPass} then now() else last_pass_at end, failures = 0, last_error = null,
      unannounced = case when last_pass_at is null or ${unannounced}::integer is null then unannounced
        else (greatest(unannounced, 1e-6) / 4 + ${unannounced}::integer)
          / (0.25 + greatest(0, extract(epoch from now() - last_pass_at)::float8 / 3600)) end
    where company_id = ${companyId}`;
}

/** How many of these branches no pass has come through for so many milliseconds, though none has failed there. */
export async function unreadFor(sql: Sql, companyIds: readonly CompanyId[], ms: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from unnest(${[...companyIds]}::bigint[]) id left join companies on company_id = id
    where coalesce(failures, 0) = 0
      and coalesce(last_pass_at, first_started_at, '-infinity') < now() - ${ms}::float8 * interval '1 ms'`;
  return row?.count ?? 0;
}

/** A pass failed; returns how many have in a row. */
export async function failed(sql: Sql, companyId: CompanyId, error: string): Promise<number> {
  const [row] = await sql<{ failures: number }[]>`
    update companies set failures = failures + 1, last_error = ${error} where company_id = ${companyId}
    returning failures`;
  return row?.failures ?? 0;
}

/** A sweep is done. */
export async function swept(sql: Sql, companyId: CompanyId): Promise<void> {
  await sql`update companies set swept_at = now() where company_id = ${companyId}`;
}

/** The terms that were taken on last; null where there were none. */
export async function lastTerms(sql: Sql): Promise<{ id: number; terms: Terms } | null> {
  const [row] = await sql<({ id: number } & Terms)[]>`
    select id, percent, earn_on as "earnOn", earn_when as "earnWhen", paid_by as "paidBy" from terms order by id desc limit 1`;
  if (!row) return null;
  const { id, ...terms } = row;
  return { id, terms };
}

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
