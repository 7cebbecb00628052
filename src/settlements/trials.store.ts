// What was seen when settling was tried in a branch, and what of it is not taken back yet. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { CompanyId, YclientsClientId } from "../rules/ids.ts";
import type { Kopecks } from "../rules/money.ts";
import type { Obstacle } from "./settlement.rule.ts";
import type { SettlementId, StoredSettlement } from "./settlements.store.ts";

/**
 * What a journal did, by the names under which it is kept; null: it was not seen. Which kind of card it was of, and by which way of
 * this program, stands beside it.
 */
export interface TrialFacts {
  /** Whose kind of card it is. */
  chain: number;
  /** The lines of a sale cost less while points pay a part, so that what was paid by points is not taken off again. */
  bill_falls: boolean;
  /** The services of a record cost less while points pay a part. */
  record_price_falls: boolean | null;
  /** The card paid what was asked, to the kopeck. */
  sum_exact: boolean | null;
  /** What is left to pay fell by that, once. */
  left_falls_once: boolean | null;
  /** The chain's list of withdrawals has it, with its visit. */
  listed_with_visit: boolean | null;
  /** With the rest paid in money the visit counts as paid in full. */
  paid_full: boolean | null;
  /** That payment deleted, the points stayed on the bill. */
  outlives_payment: boolean | null;
  /** Taken off the bill, the points were on the card again. */
  cancel_returns: boolean | null;
  /** The kind of card pays for everything, and all of a bill. */
  unlimited: boolean | null;
  /** In the end all was as before. */
  all_back: boolean | null;
  /** Why it was turned back, where it was. */
  why: Obstacle | null;
}

/** A trial as stored. */
export interface StoredTrial {
  company: CompanyId;
  cardType: number;
  protocol: number;
  triedAt: Date;
  passed: boolean;
  doubt: Obstacle | null;
  facts: TrialFacts;
  /** Whose visit it was tried on; blank once they are forgotten. */
  client: YclientsClientId | null;
}

/** Keeps what a trial saw. The branch's last one counts. */
export async function addTrial(
  sql: Sql,
  of: { company: CompanyId; settlement: SettlementId; cardType: number; protocol: number; passed: boolean },
  facts: TrialFacts,
): Promise<void> {
  await sql`
    insert into settlement_trials (company_id, settlement_id, card_type, protocol, passed, facts)
    values (${of.company}, ${of.settlement}, ${of.cardType}, ${of.protocol}, ${of.passed}, ${sql.json({ ...facts })})`;
}

/** The last trial of a branch; null where there is none. */
export async function lastTrial(sql: Sql, company: CompanyId): Promise<StoredTrial | null> {
  const [row] = await sql<StoredTrial[]>`
    select t.company_id as company, t.card_type as "cardType", t.protocol, t.tried_at as "triedAt", t.passed, t.doubt, t.facts,
      s.yclients_client_id as client
    from settlement_trials t join settlements s on s.id = t.settlement_id
    where t.company_id = ${company} order by t.id desc limit 1`;
  return row ?? null;
}

/** Whether the database knows the branch: a pass of its journal has begun once. */
export async function isKnownBranch(sql: Sql, company: CompanyId): Promise<boolean> {
  return (await sql`select from companies where company_id = ${company}`).length > 0;
}

/** Trials of a branch of which something may still stand in the journal: their program was stopped, or could not go on. */
export async function trialsLeft(sql: Sql, company: CompanyId): Promise<SettlementId[]> {
  const rows = await sql<{ id: SettlementId }[]>`
    select id from settlements where company_id = ${company} and row_id is null and state <> 'returned' order by id`;
  return rows.map((row) => row.id);
}

/** In how many milliseconds it is to be looked at again; 0: now. */
export async function dueIn(sql: Sql, id: SettlementId): Promise<number> {
  const [row] = await sql<{ ms: number }[]>`
    select greatest(0, ceil(extract(epoch from due_at - clock_timestamp()) * 1000))::float8 as ms from settlements where id = ${id}`;
  return row?.ms ?? 0;
}

/** A spend of which this much is to stand on the bill, or that is given back, or a trial; and a card that is to be at zero. */
export interface LatelySettled {
  visit: number;
  client: YclientsClientId | null;
  reservedCard: number;
  amount: Kopecks;
  state: "stands" | "returned";
  isSpend: boolean;
}

/**
 * The last spends and trials of a branch that came to rest within so many days, the last first. Not of cards on which something is
 * under way, or waits for a person: these need not be at zero.
 */
export function latelySettled(
  sql: Sql,
  company: CompanyId,
  { days, maxRows }: { days: number; maxRows: number },
): Promise<LatelySettled[]> {
  return sql<LatelySettled[]>`
    select s.visit_id as visit, s.yclients_client_id as client, s.reserved_card as "reservedCard", s.amount, s.state,
      s.row_id is not null as "isSpend"
    from settlements s
    where s.company_id = ${company} and s.reserved_card is not null and s.state in ('stands', 'returned')
      and s.began_at > clock_timestamp() - ${days}::float8 * interval '1 day'
      and not exists (
        select from settlements u where u.reserved_card = s.reserved_card and u.state in ('under_way', 'stuck'))
    order by s.id desc limit ${maxRows}`;
}

/** How many of a branch's spends wait for a person, how many are slow, and how many trials are not taken back. */
export interface SettlementsWaiting {
  stuck: number;
  /** Under way for more than ten minutes. */
  slow: number;
  trials: number;
}

/** What of a branch is not at rest. */
export async function settlementsWaiting(sql: Sql, company: CompanyId): Promise<SettlementsWaiting> {
  const [row] = await sql<[SettlementsWaiting]>`
    select count(*) filter (where row_id is not null and state = 'stuck')::int as stuck,
      count(*) filter (where row_id is not null and state = 'under_way'
        and changed_at < clock_timestamp() - interval '10 minutes')::int as slow,
      count(*) filter (where row_id is null)::int as trials
    from settlements where company_id = ${company} and (state in ('under_way', 'stuck') or state = 'stands' and row_id is null)`;
  return row;
}

/** A branch in which spends may settle: what its trial saw. */
export interface SettledBranch extends Pick<StoredSettlement, "cardType" | "chain" | "billFalls"> {
  company: CompanyId;
  triedAt: Date;
  /** Whether the services of a record are shown with lower prices then; null where that was not seen. */
  recordPriceFalls: boolean | null;
}

/** The branches whose last trial passed by this protocol, and that no spend has found to be otherwise since. */
export function settledBranches(sql: Sql, protocol: number): Promise<SettledBranch[]> {
  return sql<SettledBranch[]>`
    select company_id as company, card_type as "cardType", (facts->>'chain')::bigint as chain,
      (facts->>'bill_falls')::boolean as "billFalls", (facts->>'record_price_falls')::boolean as "recordPriceFalls", tried_at as "triedAt"
    from (select distinct on (company_id) * from settlement_trials order by company_id, id desc) t
    where passed and doubted_at is null and protocol = ${protocol}`;
}

/** What a spend found to be otherwise than the branch's trial saw. The first word stays. */
export async function doubtTrial(tx: Tx, company: CompanyId, doubt: Obstacle): Promise<void> {
  await tx`
    update settlement_trials t set doubted_at = clock_timestamp(), doubt = ${doubt}
    where t.id = (select max(id) from settlement_trials where company_id = ${company}) and t.doubted_at is null`;
}
