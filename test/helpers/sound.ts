/** Expects a database whose ledger has no fault, by the same function that the operator runs. */
import { expect } from "bun:test";
import type { Db } from "../../src/db/connect.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { recordFaults } from "../../src/visits/proof.ts";

/** Runs `verify` and expects it to name nothing. */
export async function expectSound(db: Db): Promise<void> {
  const { faults } = await verifyLedger(db, recordFaults);
  expect(faults).toEqual([]);
}
