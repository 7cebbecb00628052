// Each record's rows against the rule of its last state: the visits' part of `verify`.

import type { Tx } from "../db/connect.ts";
import type { Gather } from "../ledger/verify.ts";
import { levelFaults } from "../levels/proof.ts";
import { faultsOf, type PostedRecord } from "./proof.rule.ts";
import { allTerms, postedRecords, postedStates, preferHashing } from "./proofs.store.ts";

/** Gathers the faults of all records, and of the levels that they were awarded by. States that are alike are held against the rule once; only faults ask for names. */
export async function recordFaults(tx: Tx, gather: Gather): Promise<void> {
  const terms = await allTerms(tx);
  await preferHashing(tx);
  const faults = (record: PostedRecord) => faultsOf(record, terms);
  if (await isAny(postedStates(tx), faults)) await gather(postedRecords(tx), faults);
  await levelFaults(tx, gather);
}

/** Reads to the end whatever it finds: a cursor left half-way would have to be closed. */
async function isAny<Row>(batches: AsyncIterable<Row[]>, faults: (row: Row) => string[]): Promise<boolean> {
  let any = false;
  for await (const batch of batches) any ||= batch.some((row) => faults(row).length > 0);
  return any;
}
