// The ledger cut into parts, which whoever proves it may look at one by one, in any order and side by side.

import type { Sql } from "../db/connect.ts";

/** Of a column's values those behind one, up to another; null: without a bound, which alone leaves nothing out. */
export interface Part {
  after: number | null;
  last: number | null;
  /** What has no value at all, where others are cut by theirs. */
  none?: true;
}

/** By the ids of rows, of cards and of records. Whatever stands in the tables is in one part of each, and in no other. */
export interface Parts {
  rows: Part[];
  cards: Part[];
  records: Part[];
}

export const everything: Part = { after: null, last: null };
const none: Part = { after: Number.MAX_SAFE_INTEGER, last: null, none: true };
const mostParts = 1_000;

/** Parts of about so many rows each; one of everything where there are no more. A forged id makes them uneven, no more. */
export async function partsOf(sql: Sql, rowsAPart: number): Promise<Parts> {
  const [ends] = await sql<{ rows: Ends; cards: Ends; records: Ends }[]>`
    select json_build_object('first', min(id), 'last', max(id)) as rows,
      (select json_build_object('first', min(client_id), 'last', max(client_id)) from bonuslog) as cards,
      json_build_object(
        'first', least((select min(record_id) from visits), (select min(record_id) from bonuslog)),
        'last', greatest((select max(record_id) from visits), (select max(record_id) from bonuslog))) as records
    from bonuslog`;
  const { first, last } = ends?.rows ?? {};
  const count = Math.min(mostParts, Math.ceil(((last ?? 0) - (first ?? 0) + 1) / rowsAPart));
  return {
    rows: cut(ends?.rows, count),
    cards: cut(ends?.cards, count),
    records: cut(ends?.records, count),
  };
}

type Ends = { first: number | null; last: number | null };

function cut(ends: Ends | undefined, count: number): Part[] {
  const [first, last] = [ends?.first ?? 0, ends?.last ?? 0];
  if (count < 2 || !Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return [everything];
  const bounds = Array.from({ length: count - 1 }, (_, place) =>
    Math.floor(first + ((last - first) / count) * (place + 1)),
  );
  return [null, ...bounds].map((after, place): Part => ({ after, last: bounds[place] ?? null })).concat(none);
}

/** Whether a column's value is in the part, as a condition. */
export function within(sql: Sql, column: string, part: Part) {
  const name = sql(column);
  if (part.none) return sql`${name} is null`;
  const [behind, upTo] = [sql`${name} > ${part.after}`, sql`${name} <= ${part.last}`];
  return sql`${part.after === null ? sql`true` : behind} and ${part.last === null ? sql`true` : upTo}`;
}
