// Reads the ledger from first row to last, in streams: what `verify` holds against its rules and `export` writes out.

import { byOwnNames, type Sql, type Tx, within } from "../db/connect.ts";
import type { CardId, EntryId, RecordId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { type Slice, sliced } from "../rules/slice.ts";

/** A spending row and what it left on its card. */
export interface Overdraft {
  id: EntryId;
  card: CardId;
  kind: string;
  points: Points;
  left: Points;
}

/** A record with more than one award. */
export interface DoubleAward {
  record: RecordId;
  awards: number;
  first: EntryId;
  last: EntryId;
}

/** A row as `export` writes it; `awardedAt` is ISO 8601 with microseconds, which is what the hash was made of. */
export interface ExportedRow {
  id: EntryId;
  awardedAt: string;
  kind: string;
  card: CardId;
  record: RecordId | null;
  corrects: EntryId | null;
  points: Points;
  paid: Kopecks | null;
  reason: string | null;
  actor: string;
  key: string;
  notified: boolean;
  hash: string;
}

const batch = 5_000;

/**
 * Makes the transaction one unchanging view that disturbs no writer, that of another where its snapshot is given. Comes first.
 * Long sorts spill to disk.
 */
export async function holdStill(tx: Tx, snapshot: string | null = null): Promise<void> {
  await tx`set transaction isolation level repeatable read, read only`;
  if (snapshot !== null) await tx.unsafe(`set transaction snapshot '${snapshot}'`);
  await tx`set local statement_timeout = 0`;
  await tx`set local idle_in_transaction_session_timeout = '10min'`; // whoever takes an export may be slow, and locks nobody
  await tx`set local work_mem = '32MB'`;
  await byOwnNames(tx);
}

/** What another transaction is to be given to see the same, as long as this one lasts; null where the role may not. */
export async function exportedSnapshot(tx: Tx): Promise<string | null> {
  const [right] = await tx<{ may: boolean }[]>`
    select has_function_privilege('pg_catalog.pg_export_snapshot()', 'execute') as may`;
  if (!right?.may) return null;
  const [row] = await tx<{ snapshot: string }[]>`select pg_export_snapshot() as snapshot`;
  return row?.snapshot ?? null;
}

/** The same, to read slice by slice along the indexes: the planner would rather read the whole of a table, and sort it. */
export async function holdToProve(tx: Tx, snapshot: string | null = null): Promise<void> {
  await holdStill(tx, snapshot);
  await tx`set local random_page_cost = 1.1`;
  await tx`set local plan_cache_mode = force_custom_plan`;
}

/** The slices that the ledger is proved in: by the ids of rows, of cards and of records. */
export interface Slices {
  rows: Slice[];
  cards: Slice[];
  records: Slice[];
}

const mostSlices = 100;

/** Slices of about so many rows each; one of everything where there are no more. A forged id makes them uneven, no more. */
export async function slicesOf(sql: Sql, rowsASlice: number): Promise<Slices> {
  type Ends = { first: number | null; last: number | null };
  const [ends] = await sql<{ rows: Ends; cards: Ends; records: Ends }[]>`
    select json_build_object('first', min(id), 'last', max(id)) as rows,
      json_build_object(
        'first', (select min(client_id) from bonuslog), 'last', (select max(client_id) from bonuslog)) as cards,
      json_build_object(
        'first', least((select min(record_id) from visits), (select min(record_id) from bonuslog)),
        'last', greatest((select max(record_id) from visits), (select max(record_id) from bonuslog))) as records
    from bonuslog`;
  const { first, last } = ends?.rows ?? { first: null, last: null };
  const count = Math.min(mostSlices, Math.ceil(((last ?? 0) - (first ?? 0) + 1) / rowsASlice));
  const cut = (of?: Ends) => sliced(of?.first ?? null, of?.last ?? null, count);
  return { rows: cut(ends?.rows), cards: cut(ends?.cards), records: cut(ends?.records) };
}

/** Rows that spent more than the card held when they were written. A visit's reversal may: that is a debt. */
export function overdrafts(sql: Sql, cards: Slice): AsyncIterable<Overdraft[]> {
  // An index holds the sums, and the kinds of few rows are asked.
  return sql<Overdraft[]>`
    select running.id, client_id as card, kind, running.points, "left" from (
      select id, client_id, points,
        sum(points) over (partition by client_id order by id rows unbounded preceding) as "left"
      from bonuslog where ${within(sql, "client_id", cards)}
    ) as running
    cross join lateral (
      select kind from bonuslog b
      where b.id = running.id and b.points = running.points
        and kind in ('spend', 'debit', 'undo', 'move', 'expiry') limit 1) as row
    where "left" < 0 and running.points < 0`.cursor(batch);
}

/** Records that were awarded more than once. */
export function doubleAwards(sql: Sql, records: Slice): AsyncIterable<DoubleAward[]> {
  return sql<DoubleAward[]>`
    select record_id as record, count(*) as awards, min(id) as first, max(id) as last
    from bonuslog where kind = 'award' and ${within(sql, "record_id", records)}
    group by record_id, split_part(key, '@', 2) having count(*) > 1`.cursor(batch);
}

/** Settlements that the ledger does not bear out, each by the first rule that it breaks. */
export function oddSettlements(sql: Sql): Promise<{ id: number; why: string }[]> {
  return sql<{ id: number; why: string }[]>`
    select * from (
      select s.id, case
          when b.kind is distinct from 'spend' or b.points is distinct from -s.amount
            then format('row %s is no spend of its sum', s.row_id)
          when s.state <> 'returned' and u.id is not null
            then format('row %s has given the points back that it keeps on a bill', u.id)
          when s.state = 'returned' and u.id is null and c.forgotten_at is null
            then format('it is returned, and the points of row %s are not', s.row_id)
          when exists (
              select from settlements o
              where o.company_id = s.company_id and o.visit_id = s.visit_id and o.id < s.id and 'returned' not in (o.state, s.state))
            then format('visit %s has another one', s.visit_id) end as why
      from settlements s
      left join bonuslog b on b.id = s.row_id left join bonuslog u on u.key = 'undo:' || s.row_id
      left join clients w on w.id = b.client_id left join clients c on c.id = coalesce(w.merged_into, w.id)
      where s.row_id is not null) each_one
    where why is not null order by id`;
}

/** What the cards of people who asked to be forgotten hold, debts taken off: nobody can spend it, nor owes it. */
export async function heldByForgotten(sql: Sql): Promise<Points> {
  const [row] = await sql<{ points: Points }[]>`
    select coalesce(sum(b.points), 0) as points
    from bonuslog b join clients c on c.id = b.client_id where c.forgotten_at is not null`;
  return row?.points ?? 0;
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
      is_telegram_notified as notified, encode(hash, 'hex') as hash
    from bonuslog where true ${first} ${last} order by id`.cursor(batch);
}
