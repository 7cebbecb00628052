// Each record's rows against the rule of its last state: the visits' part of `verify`.

import { type Faults, faultsIn } from "../ledger/faults.ts";
import type { Proving } from "../ledger/verify.ts";
import { levelFaults } from "../levels/proof.ts";
import { faultsOf, type PostedRecord } from "./proof.rule.ts";
import { allTerms, byHashing, postedRecords, postedStates } from "./proofs.store.ts";

/** The faults of all records, and of the levels that they were awarded by. States that are alike are held against the rule once; only faults ask for names. */
export async function recordFaults(proving: Proving): Promise<Faults[]> {
  const { share, slices } = proving;
  const levels = levelFaults(proving);
  const terms = await share(allTerms);
  const faults = (record: PostedRecord) => faultsOf(record, terms);
  const odd = await Promise.all(
    slices.records.map((slice) => share((tx) => byHashing(tx, () => isAny(postedStates(tx, slice), faults)))),
  );
  const all = () => share((tx) => byHashing(tx, () => faultsIn(postedRecords(tx), faults)));
  return [...(odd.includes(true) ? [await all()] : []), ...(await levels)];
}

/** Reads to the end whatever it finds: a cursor left half-way would have to be closed. */
async function isAny<Row>(batches: AsyncIterable<Row[]>, faults: (row: Row) => string[]): Promise<boolean> {
  let any = false;
  for await (const batch of batches) any ||= batch.some((row) => faults(row).length > 0);
  return any;
}
