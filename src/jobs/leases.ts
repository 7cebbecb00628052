// One holder a job: leases on the database's clock, renewed while the work lasts.

import { hostname } from "node:os";
import type { Db, Tx } from "../db/connect.ts";
import { heldJobs, type Lease, leaseHolds, releaseLease, renewLease, takeLease } from "./leases.store.ts";

export type { Lease };

/** The job has gone to another program, or may have. Thrown inside a transaction of the ledger too: nothing is written. */
export class LeaseLost extends Error {
  override name = "LeaseLost";
  constructor(job: string) {
    super(`the job ${job} has gone to another program`);
  }
}

/** Throws `LeaseLost` unless the job is still this holder's; from here on it stays so until the transaction ends. */
export async function mustHold(tx: Tx, lease: Lease): Promise<void> {
  if (!(await leaseHolds(tx, lease))) throw new LeaseLost(lease.name);
}

/** Long enough for a slow answer, short enough that a dead holder is not missed for long. Milliseconds. */
const leaseMs = 15_000;
/** What the leases of this program are held by. */
export const holder = `${hostname()}:${process.pid}`;

/** The jobs of this deployment that are being done, by name. `ms` is how long their leases last. */
export function jobsUnderWay(db: Db, ms = leaseMs): Promise<string[]> {
  return heldJobs(db, ms);
}

/**
 * Does the work while holding the job `name`; null at once when another program holds it. `signal` is aborted with a
 * `LeaseLost` when the lease is lost, or could not be renewed for as long as it lasts.
 */
export async function withLease<T>(
  db: Db,
  name: string,
  work: (lease: Lease, signal: AbortSignal) => Promise<T>,
  ms = leaseMs,
): Promise<T | null> {
  let renewedAt = performance.now();
  const lease = await takeLease(db, name, holder, ms);
  if (!lease) return null;
  const lost = new AbortController();
  const timer = setInterval(() => {
    const askedAt = performance.now();
    if (askedAt - renewedAt > ms) return lost.abort(new LeaseLost(name));
    renewLease(db, lease, ms).then(
      (held) => {
        if (held) renewedAt = askedAt;
        else lost.abort(new LeaseLost(name));
      },
      () => {}, // the database is away for a moment
    );
  }, ms / 3);
  try {
    return await work(lease, lost.signal);
  } finally {
    clearInterval(timer);
    await releaseLease(db, lease).catch(() => {});
  }
}
