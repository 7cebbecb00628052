// Ids cut into slices, which whoever proves the ledger may look at one by one, in any order and side by side.

/** Of a column's values those behind one, up to another; null: without a bound, which alone leaves nothing out. */
export interface Slice {
  after: number | null;
  last: number | null;
  /** What has no value at all, where others are cut by theirs. */
  none?: true;
}

export const everything: Slice = { after: null, last: null };
const none: Slice = { after: Number.MAX_SAFE_INTEGER, last: null, none: true };

/**
 * So many slices about as wide as each other, between the first id and the last as they are said to be: every value, whatever
 * it is, is in one of them and in no other. One of everything where there are no ids, or none that can be cut.
 */
export function sliced(first: number | null, last: number | null, count: number): Slice[] {
  const [from, to] = [first ?? 0, last ?? 0];
  if (count < 2 || !Number.isSafeInteger(from) || !Number.isSafeInteger(to)) return [everything];
  const bounds = Array.from({ length: count - 1 }, (_, place) =>
    Math.floor(from + ((to - from) / count) * (place + 1)),
  );
  const between = [null, ...bounds].map((after, place): Slice => ({ after, last: bounds[place] ?? null }));
  return [...between, none];
}
