/** Expects a database whose ledger has no fault, by the same function that the operator runs. */
import { expect } from "bun:test";
import type { Db } from "../../src/db/connect.ts";
import { proved } from "./proved.ts";

/** Runs `verify` and expects it to name nothing. */
export async function expectSound(db: Db): Promise<void> {
  const { faults } = await proved(db);
  expect(faults).toEqual([]);
}
