// What `verify` says of a ledger: of it as a whole, and once more in slices of a few rows, which must come to the same.

import { deepStrictEqual } from "node:assert/strict";
import type { Db } from "../../src/db/connect.ts";
import { type KeptSeal, type Proof, verifyLedger } from "../../src/ledger/verify.ts";
import { recordFaults } from "../../src/visits/proof.ts";

/** Throws where the two differ. */
export async function proved(db: Db, seals: readonly KeptSeal[] = []): Promise<Proof> {
  const whole = await verifyLedger(db, recordFaults, seals);
  const rowsASlice = Math.ceil(whole.seal.rows / 4);
  deepStrictEqual(await verifyLedger(db, recordFaults, seals, { rowsASlice }), whole);
  return whole;
}
