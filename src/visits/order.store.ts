// Which branch is read or swept next: the one where, as far as is known, changes have waited longest in sum.

import type { Sql } from "../db/connect.ts";
import type { CompanyId } from "../rules/ids.ts";
import { dueNow } from "./recheck.store.ts";

/** A branch to be read: by a pass, or only what is to be read again there. */
export interface Next {
  companyId: CompanyId;
  by: "pass" | "rechecks";
  /** It is a pass's turn, whatever webhooks say; else the pass is quicker than its rechecks one by one. */
  due: boolean;
}

/** Who may be read, and how; ids of branches. */
export interface Among {
  among: readonly CompanyId[];
  /** No pass of them is due; null: of none. */
  passed: readonly CompanyId[] | null;
  /** A pass, or rechecks, are under way there. */
  passing: readonly CompanyId[];
  rechecking: readonly CompanyId[];
  /** What is to be read again there waits for a better moment. */
  quiet: readonly CompanyId[];
  /** So long after a pass the next one is due, in milliseconds. */
  everyMs: number;
}

/** Nobody announces all: so many changes an hour are thought of everywhere, so that each branch has its turn. */
const neverAnnounced = 4;

/**
 * The next branch; null when nothing is due. What waits there is the time that its webhooks' records have waited, and the
 * time that the changes will have that its passes are wont to find; half as many of it count after each failure, since
 * when it was last tried. Between branches that are equally busy this is the order of asking; a branch whose webhooks tell
 * all is left to them.
 */
export async function nextBranch(sql: Sql, choice: Among): Promise<Next | null> {
  const { among, passed, passing, rechecking, quiet, everyMs } = choice;
  const isIn = (ids: readonly CompanyId[]) => sql`id = any(${[...ids]}::bigint[])`;
  const [next] = await sql<Next[]>`
    with asked as (
      select company_id, count(*) as many, sum(greatest(1, extract(epoch from now() - due_at))) as waited
      from look_again where ${sql.unsafe(dueNow)} group by company_id),
    known as (
      select id, c.*, a.many, coalesce(a.waited, 0) as waited,
        ${isIn(passing)} as passing, ${isIn(rechecking)} as rechecking, ${isIn(quiet)} as quiet,
        coalesce(j.held_until, last_pass_at, first_started_at) as tried_at
      from unnest(${[...among]}::bigint[]) id
      left join companies c on c.company_id = id
      left join asked a on a.company_id = id
      -- The lease of a pass that failed was held until then.
      left join jobs j on c.failures > 0 and j.name = 'sync_records:' || id),
    branches as (
      select id,
        not passing and not ${passed === null ? sql`true` : isIn(passed)} and (
          last_pass_at is null or window_from is not null or last_pass_at > now()
          or last_pass_at <= now() - ${everyMs}::float8 * interval '1 ms') as due,
        -- Of a branch whose pages cannot be read single records may be.
        not quiet and not passing and not rechecking and many > 1 and mark is not null and failures = 0 as together,
        -- A pass that is short answers several itself.
        not quiet and not rechecking and many > 0 and (not passing or many = 1 or window_from is not null) as one_by_one,
        (waited + (coalesce(unannounced, 0) + ${neverAnnounced}) / 3600
            * power(coalesce(extract(epoch from now() - tried_at), 1e5), 2) / 2)
          / power(2, least(coalesce(failures, 0), 5)) as waits
      from known)
    select id as "companyId", case when due or together then 'pass' else 'rechecks' end as by, coalesce(due, false) as due
    from branches where due or together or one_by_one
    order by waits desc, id limit 1`;
  return next ?? null;
}

/** In which order these branches are swept: a night that was cut short begins with the rest. */
export async function sweepOrder(sql: Sql, among: readonly CompanyId[]): Promise<CompanyId[]> {
  const rows = await sql<{ id: CompanyId }[]>`
    select id from unnest(${[...among]}::bigint[]) id left join companies c on c.company_id = id
    order by c.swept_at nulls first, id`;
  return rows.map(({ id }) => id);
}
