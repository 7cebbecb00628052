// Reads the ledger from first row to last, in streams: what `verify` judges and `export` writes out.

import { byOwnNames, type Sql, type Tx } from "../db/connect.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import type { Terms, VisitState, Word } from "../visits/visit.rule.ts";

/** A spending row and what it left on its card. */
export interface Overdraft {
  id: number;
  card: number;
  kind: string;
  points: Points;
  left: Points;
}

/** A record with more than one award. */
export interface DoubleAward {
  record: number;
  awards: number;
  first: number;
  last: number;
}

type Told = "deleted" | "paidFull" | "attendance" | "price" | "servicesPaid" | "goodsPaid";
/** What is stored of a visit, as far as the rule needs it. */
export type StoredState = {
  decision: Word;
  card: number | null;
  termsId: number | null;
  base: Points | null;
} & Pick<VisitState, Told>;

/** A record's stored state, its award, and the sums of its corrections by card; each may be missing. */
export type PostedRecord = {
  record: number;
  cards: number[] | null;
  sums: Points[] | null;
  /** Of the earlier program's award, and the card it was imported to. */
  importedPoints: Points | null;
  importedCard: number | null;
  /** Whether an import wrote its award. */
  byImport: boolean | null;
} & (StoredState | { decision: null }) &
  ({ awardCard: number; awardPoints: Points } | { awardCard: null; awardPoints: null });

/** A row as `export` writes it; `awardedAt` is ISO 8601 with microseconds, which is what the hash was made of. */
export interface ExportedRow {
  id: number;
  awardedAt: string;
  kind: string;
  card: number;
  record: number | null;
  corrects: number | null;
  points: Points;
  paid: Kopecks | null;
  reason: string | null;
  actor: string;
  key: string;
  told: boolean;
  hash: string;
}

const batch = 5_000;

/** Makes the transaction one unchanging view that disturbs no writer. Comes first. Long sorts spill to disk. */
export async function holdStill(tx: Tx): Promise<void> {
  await tx`set transaction isolation level repeatable read, read only`;
  await tx`set local statement_timeout = 0`;
  await tx`set local idle_in_transaction_session_timeout = '10min'`; // whoever takes an export may be slow, and locks nobody
  await tx`set local work_mem = '32MB'`;
  await byOwnNames(tx);
}

/** Tells alike from alike by hashing: the planner, not knowing how few states there are, would sort all on disk. */
export async function preferHashing(tx: Tx): Promise<void> {
  await tx`set local enable_sort = off`;
}

/** Rows that spent more than the card held when they were written. A visit's reversal may: that is a debt. */
export function overdrafts(sql: Sql): AsyncIterable<Overdraft[]> {
  return sql<Overdraft[]>`
    select id, client_id as card, kind, points, "left" from (
      select id, client_id, kind, points,
        sum(points) over (partition by client_id order by id rows unbounded preceding) as "left"
      from bonuslog
    ) as running
    where "left" < 0 and points < 0 and kind in ('spend', 'debit', 'undo', 'move')`.cursor(batch);
}

/** Records that were awarded more than once. */
export function doubleAwards(sql: Sql): AsyncIterable<DoubleAward[]> {
  return sql<DoubleAward[]>`
    select record_id as record, count(*) as awards, min(id) as first, max(id) as last
    from bonuslog where kind = 'award' group by record_id, split_part(key, '@', 2) having count(*) > 1`.cursor(
    batch,
  );
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
    select distinct record * own as record, decision, card * own as card, "termsId", deleted, "paidFull", attendance,
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
    select coalesce(v.record_id, award.record_id) as record, v.decision, v.client_id as card, v.terms_id as "termsId",
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

/** Lets this transaction read and write days and hours by the clock of a zone. */
export async function setClock(tx: Tx, zone: string): Promise<void> {
  await tx`select set_config('timezone', ${zone}, true)`;
}

/** The rows awarded from one day to another, both inclusive and by the transaction's clock; null: no bound. */
export function ledgerRows(tx: Tx, from: string | null, to: string | null): AsyncIterable<ExportedRow[]> {
  const first = from === null ? tx`` : tx`and awarded_at >= ${from}::date`;
  const last = to === null ? tx`` : tx`and awarded_at < ${to}::date + 1`;
  return tx<ExportedRow[]>`
    select id, to_char(awarded_at, 'YYYY-MM-DD"T"HH24:MI:SS.USTZH:TZM') as "awardedAt",
      kind, client_id as card, record_id as record, corrects, points, paid, reason, coalesce(actor, '') as actor, key,
      is_telegram_notified as told, encode(hash, 'hex') as hash
    from bonuslog where true ${first} ${last} order by id`.cursor(batch);
}
