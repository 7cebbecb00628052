// The ledger's chain of hashes and its seals: what `verify` recomputes, and what was written down of it before.

import { type Sql, within } from "../db/connect.ts";
import type { EntryId } from "../rules/ids.ts";
import type { Seal } from "../rules/seal.ts";
import type { Slice } from "../rules/slice.ts";

/** So many rows end in this hash; and where it was kept: a digest's day, or null for one that was handed in. */
export interface KeptSeal extends Omit<Seal, "owed"> {
  day: string | null;
}

/** A seal that the ledger no longer contains. `found`: the hash of the row with that number; null: there is no such row. */
export interface LostSeal extends KeptSeal {
  found: string | null;
}

/** A row out of the chain. `after` is the id of the row before it, 0 for the first. */
export interface BrokenLink {
  id: EntryId;
  after: EntryId;
  hashFits: boolean;
}

const batch = 5_000;

/** How many rows there are, what they sum to, and the last one's hash. */
export async function seal(sql: Sql): Promise<Seal> {
  const [row] = await sql<[Seal]>`
    select count(*) as rows, coalesce(sum(points), 0) as owed,
      coalesce((select encode(hash, 'hex') from bonuslog order by id desc limit 1), '-') as hash
    from bonuslog`;
  return row;
}

/** The rows of a slice whose id or hash does not follow from the row before. What cannot be hashed (a column that is null) does not. */
export function brokenLinks(sql: Sql, rows: Slice): AsyncIterable<BrokenLink[]> {
  return sql<BrokenLink[]>`
    with before as (select id, hash from bonuslog where id <= ${rows.after}::bigint order by id desc limit 1)
    select id, after, fits is true as "hashFits" from (
      select id, after, hash = ${hashed(sql)} as fits from (
        select *, lag(id, 1, coalesce((select id from before), 0)) over chain as after,
          lag(hash, 1, case when exists (select from before) then (select hash from before) else ''::bytea end)
            over chain as previous
        from bonuslog where ${within(sql, "id", rows)} window chain as (order by id)
      ) as entry
    ) as linked
    where fits is not true or id is distinct from after + 1`.cursor(batch);
}

/** How many of the last rows do not follow from the row before each: a quick look, where `brokenLinks` is the proof. */
export async function brokenTail(sql: Sql, rows: number): Promise<number> {
  const [row] = await sql<{ broken: number }[]>`
    select count(*)::int as broken from (
      select tail.*, coalesce(before.hash, ''::bytea) as previous, before.id as after
      from (select * from bonuslog order by id desc limit ${rows}) as tail
      left join bonuslog as before on before.id = tail.id - 1
    ) as entry
    where (after is null and id is distinct from 1) or (hash = ${hashed(sql)}) is not true`;
  return row?.broken ?? 0;
}

/**
 * The hash that a row must have, of `entry` with its `previous` one: the words of the trigger bonuslog_chain, written here
 * once more, for a function that is found in the database may have been replaced there.
 */
function hashed(sql: Sql) {
  return sql`sha256(entry.previous || convert_to(
    entry.id || ' ' || entry.client_id || ' ' || entry.kind || ' ' || coalesce(entry.record_id::text, '-') || ' '
    || coalesce(entry.corrects::text, '-') || ' ' || entry.points || ' ' || coalesce(entry.paid::text, '-') || ' '
    || entry.actor || ' ' || entry.key || ' '
    || (extract(epoch from case when isfinite(entry.awarded_at) then entry.awarded_at end) * 1000000)::bigint || ' '
    || coalesce(entry.reason, ''), 'UTF8'))`;
}

/** Of the seals that digests have kept and of these, those that the ledger does not contain. The chain is proved apart. */
export function lostSeals(sql: Sql, seals: readonly KeptSeal[]): Promise<LostSeal[]> {
  return sql<LostSeal[]>`
    select day, rows, kept.hash, encode(b.hash, 'hex') as found
    from (
      select day, last_row as rows, encode(hash, 'hex') as hash from digests where hash is not null
      union all
      select null, * from unnest(${seals.map((one) => one.rows)}::bigint[], ${seals.map((one) => one.hash)}::text[])
    ) as kept (day, rows, hash)
    left join bonuslog b on b.id = rows
    where rows > 0 and encode(b.hash, 'hex') is distinct from kept.hash
    order by day nulls last, rows`;
}
