// What a look at a slice of the ledger has found wrong: the first sentences, and how many there are.

const maxListed = 50;

/** Every fault is counted and the first ones kept: when everything is wrong, millions of sentences help nobody. */
export interface Faults {
  kept: string[];
  count: number;
}

/** Takes rows in to their end, and keeps what is said of them: a sentence for each fault. */
export async function faultsIn<Row>(
  batches: AsyncIterable<Row[]>,
  said: (row: Row) => string | string[],
): Promise<Faults> {
  const faults: Faults = { kept: [], count: 0 };
  for await (const batch of batches) {
    for (const row of batch)
      for (const sentence of [said(row)].flat()) if (++faults.count <= maxListed) faults.kept.push(sentence);
  }
  return faults;
}

/** The first fifty of all of them, in their order, and how many more there are. */
export function firstFaults(all: readonly Faults[]): string[] {
  const count = all.reduce((sum, one) => sum + one.count, 0);
  const first = all.flatMap(({ kept }) => kept).slice(0, maxListed);
  return count > maxListed ? [...first, `and ${count - maxListed} more`] : first;
}

/** Rows that are few and came at once. */
export async function* once<Row>(rows: Row[] | Promise<Row[]>): AsyncIterable<Row[]> {
  yield await rows;
}
