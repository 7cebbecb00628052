// What was seen when settling was tried in a branch, and what of it is not taken back yet. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { CompanyId, YclientsClientId } from "../rules/ids.ts";
import type { Kopecks } from "../rules/money.ts";
import type { Obstacle } from "./settlement.rule.ts";
import type { SettlementId, StoredSettlement } from "./settlements.store.ts";
import type { TrialFacts } from "./trial.rule.ts";

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
  of: { settlement: SettlementId; protocol: number; passed: boolean },
  facts: TrialFacts,
): Promise<void> {
  await sql`
    insert into settlement_trials (settlement_id, protocol, passed, facts)
    values (${of.settlement}, ${of.protocol}, ${of.passed}, ${sql.json({ ...facts })})`;
}

/** Each branch's last trial `t`, with its settlement: that alone counts. */
const lastTrials = `(
  select distinct on (s.company_id) * from settlement_trials join settlements s on s.id = settlement_id
  order by s.company_id, s.id desc) t`;

/** The last trial of a branch; null where there is none. */
export async function lastTrial(sql: Sql, company: CompanyId): Promise<StoredTrial | null> {
  const [row] = await sql<StoredTrial[]>`
    select company_id as company, card_type as "cardType", protocol, tried_at as "triedAt", passed, doubt, facts,
      yclients_client_id as client
    from ${sql.unsafe(lastTrials)} where company_id = ${company}`;
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

/** How many of a branch's spends wait for a person, how many are slow, and how many trials are under way or not taken back. */
export interface SettlementsWaiting {
  stuck: number;
  /** Under way for more than ten minutes. */
  slow: number;
  /** In which something happened within ten minutes: they may wait for whoever tries. */
  trying: number;
  /** The others: their program was stopped. */
  trials: number;
}

/** What of a branch is not at rest. */
export async function settlementsWaiting(sql: Sql, company: CompanyId): Promise<SettlementsWaiting> {
  const [row] = await sql<[SettlementsWaiting]>`
    select count(*) filter (where row_id is not null and state = 'stuck')::int as stuck,
      count(*) filter (where row_id is not null and state = 'under_way' and not fresh)::int as slow,
      count(*) filter (where row_id is null and fresh)::int as trying,
      count(*) filter (where row_id is null and not fresh)::int as trials
    from settlements, lateral (select changed_at > clock_timestamp() - interval '10 minutes' as fresh) at where company_id = ${company} and (state in ('under_way', 'stuck') or state = 'stands' and row_id is null)`;
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
    select company_id as company, card_type as "cardType", chain_id as chain, bill_falls as "billFalls",
      (facts->>'record_price_falls')::boolean as "recordPriceFalls", tried_at as "triedAt"
    from ${sql.unsafe(lastTrials)}
    where passed and doubted_at is null and protocol = ${protocol}`;
}

/** What a spend found to be otherwise than the branch's trial saw. The first word stays. */
export async function doubtTrial(tx: Tx, company: CompanyId, doubt: Obstacle): Promise<void> {
  await tx`
    update settlement_trials set doubted_at = clock_timestamp(), doubt = ${doubt}
    where settlement_id = (select t.id from ${tx.unsafe(lastTrials)} where company_id = ${company}) and doubted_at is null`;
}

/** The branches in which a spend has found the journal to be otherwise than their last trial saw, and what was. */
export function doubtedBranches(sql: Sql): Promise<{ company: CompanyId; doubt: Obstacle }[]> {
  return sql<{ company: CompanyId; doubt: Obstacle }[]>`
    select company_id as company, doubt from ${sql.unsafe(lastTrials)} where doubted_at is not null`;
}
