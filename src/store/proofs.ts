// Reads the ledger from first row to last, in streams: what `verify` judges and `export` writes out.

import type { Sql, Tx } from "../db/connect.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import type { Terms, VisitState, Word } from "../rules/visit.ts";

/** What names a ledger: a tail cut off shows only against a seal that was kept. `hash`: the last row's, hex, or "-". */
export interface Seal {
  rows: number;
  owed: Points;
  hash: string;
}

/** A row out of the chain. `after` is the id of the row before it, 0 for the first. */
export interface BrokenLink {
  id: number;
  after: number;
  hashFits: boolean;
}

/** A spending row and what it left on its card. */
export interface Overdraft {
  id: number;
  card: number;
  kind: string;
  points: Points;
  left: Points;
}

/** A row that names a wrong row; `namedKind` is null when the named one does not exist. */
export interface WrongName {
  id: number;
  kind: string;
  names: number | null;
  namedKind: string | null;
}

/** A record with more than one award. */
export interface DoubleAward {
  record: number;
  awards: number;
  first: number;
  last: number;
}

type Told = "deleted" | "paidFull" | "attendance" | "price" | "servicesPaid" | "goodsPaid";

/** A visit's stored state, and what its rows sum to on its own card. */
export interface PostedVisit extends Pick<VisitState, Told> {
  stray: false;
  record: number;
  card: number | null;
  posted: Points;
  decision: Word;
  termsId: number | null;
}

/** What a record's rows sum to on a card that is not its visit's. `decision` is null when no visit is stored. */
export interface StrayPoints {
  stray: true;
  record: number;
  card: number;
  posted: Points;
  decision: Word | null;
}

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
  await tx`set local work_mem = '32MB'`;
  await tx`set local jit = off`; // measured: compiling took longer than it saved
}

/** How many rows there are, what they sum to, and the last one's hash. */
export async function seal(sql: Sql): Promise<Seal> {
  const [row] = await sql<[Seal]>`
    select count(*) as rows, coalesce(sum(points), 0) as owed,
      coalesce((select encode(hash, 'hex') from bonuslog order by id desc limit 1), '-') as hash
    from bonuslog`;
  return row;
}

/** Rows whose id or hash does not follow from the row before. */
export function brokenLinks(sql: Sql): AsyncIterable<BrokenLink[]> {
  return sql<BrokenLink[]>`
    select id, after, hash = bonuslog_hash(previous, entry) as "hashFits" from (
      select id, hash, entry, lag(id, 1, 0::bigint) over chain as after, lag(hash, 1, ''::bytea) over chain as previous
      from bonuslog as entry window chain as (order by id)
    ) as pairs
    where id <> after + 1 or hash <> bonuslog_hash(previous, entry)`.cursor(batch);
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

/** Corrections and undos without an earlier row to name, and corrections of what is not an award. */
export function wrongNames(sql: Sql): AsyncIterable<WrongName[]> {
  return sql<WrongName[]>`
    select c.id, c.kind, c.corrects as names, named.kind as "namedKind"
    from bonuslog c left join bonuslog named on named.id = c.corrects
    where (c.corrects is not null or c.kind in ('correction', 'undo'))
      and (named.id is null or named.id >= c.id or (c.kind = 'correction' and named.kind <> 'award'))
    order by c.id`.cursor(batch);
}

/** Records that were awarded more than once. */
export function doubleAwards(sql: Sql): AsyncIterable<DoubleAward[]> {
  return sql<DoubleAward[]>`
    select record_id as record, count(*) as awards, min(id) as first, max(id) as last
    from bonuslog where kind = 'award' group by record_id having count(*) > 1`.cursor(batch);
}

/**
 * Every visit beside what its rows sum to on its own card, and every sum that lies elsewhere. A visit that was never
 * awarded and has no rows is left out: there is nothing to recompute.
 */
export function postedVisits(sql: Sql): AsyncIterable<(PostedVisit | StrayPoints)[]> {
  return sql<(PostedVisit | StrayPoints)[]>`${posted(sql)}`.cursor(batch);
}

/** The same, each state once: the record is 0, and so is the card where there is one. */
export function postedStates(sql: Sql): AsyncIterable<(PostedVisit | StrayPoints)[]> {
  return sql<(PostedVisit | StrayPoints)[]>`
    select distinct 0::bigint as record, card * 0 as card, stray, posted, decision, "termsId", deleted, "paidFull",
      attendance, price, "servicesPaid", "goodsPaid"
    from (${posted(sql)}) as visits`.cursor(batch);
}

function posted(sql: Sql) {
  return sql`
    with posted as (
      select record_id, client_id, sum(points) as points from (
        select record_id, client_id, points from bonuslog where kind = 'award'
        union all
        select award.record_id, c.client_id, c.points
        from bonuslog c join bonuslog award on award.id = c.corrects
        where c.kind = 'correction' and award.kind = 'award'
      ) as entries
      group by record_id, client_id
    )
    select v.record_id is null as stray, coalesce(v.record_id, p.record_id) as record,
      coalesce(v.client_id, p.client_id) as card, coalesce(p.points, 0) as posted,
      coalesce(v.decision, (select decision from visits where record_id = p.record_id)) as decision,
      v.terms_id as "termsId", v.deleted, v.paid_full as "paidFull", v.attendance, v.price,
      v.services_paid as "servicesPaid", v.goods_paid as "goodsPaid"
    from visits v full join posted p on p.record_id = v.record_id and p.client_id = v.client_id
    where v.terms_id is not null or p.points is not null`;
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
      kind, client_id as card, record_id as record, corrects, points, paid, reason, actor, key,
      is_telegram_notified as told, encode(hash, 'hex') as hash
    from bonuslog where true ${first} ${last} order by id`.cursor(batch);
}
