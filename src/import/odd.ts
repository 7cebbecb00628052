// A row of the earlier program that the database refuses is found and named: an import is all there or not at all.

import { refusedValue, type Tx } from "../db/connect.ts";
import { Mistake } from "../errors.ts";

/**
 * Writes these rows; where the database refuses one of them, throws a `Mistake` that names it, found by halving. Nothing of
 * them is written then.
 */
export async function writeOrName<T>(
  tx: Tx,
  rows: T[],
  write: (tx: Tx, rows: T[]) => Promise<unknown>,
  nameOf: (row: T) => string,
): Promise<void> {
  try {
    await tx.savepoint((inner) => write(inner, rows));
  } catch (error) {
    const rule = refusedValue(error);
    const [first] = rows;
    if (rule === null || first === undefined) throw error;
    if (rows.length === 1)
      throw new Mistake(`${nameOf(first)}: the database refuses it: ${rule}. Nothing was imported.`);
    const half = Math.ceil(rows.length / 2);
    await writeOrName(tx, rows.slice(0, half), write, nameOf);
    await writeOrName(tx, rows.slice(half), write, nameOf);
  }
}
