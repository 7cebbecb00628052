// Reads again, one by one, what a webhook hinted at or a pass set aside: the job `look_again`.

import { messageOf, Refused, Unreachable } from "../errors.ts";
import { type Lease, LeaseLost, withLease } from "../jobs/leases.ts";
import type { Yclients } from "../yclients/client.ts";
import type { Programme } from "./decide.ts";
import { postAndLog } from "./post.ts";
import { prepare, programmeOf, type Sync } from "./programme.ts";
import { dueLooks, finishLook, type Look, postponeLook } from "./recheck.store.ts";
import { knownVisits } from "./visits.store.ts";

/** Answers that hold for every request: no token, no licence, no rights, too many. */
const closed = new Set([401, 402, 403, 429]);
const most = 50;

/**
 * Looks at what is due in a branch, fifty times at most, and says how often it was. One record that YCLIENTS fails to
 * answer about is put off and stops nothing: where all of YCLIENTS is away, the pass itself will say so. Null when
 * another program is at it.
 *
 * Its lease is not the pass's, for a hint should not wait for the end of a long reading: of two answers about one record
 * the one that was asked for later stands, whichever comes first.
 */
export async function lookAgain(sync: Sync, companyId: number): Promise<number | null> {
  const underLease = async (lease: Lease, lost: AbortSignal) => {
    const signal = AbortSignal.any([sync.signal, lost]);
    let programme: Programme | null = null;
    for (let looked = 0; looked < most; looked++) {
      signal.throwIfAborted();
      // One at a time: the pass beside us may have read the rest of a burst meanwhile.
      const [look] = await dueLooks(sync.db, companyId, 1);
      if (!look) return looked;
      programme ??= await programmeOf(sync, await prepare(sync, companyId));
      if (!(await lookAt(sync, programme, lease, look))) return looked;
    }
    return most;
  };
  const [due] = await dueLooks(sync.db, companyId, 1);
  if (!due) return 0; // as nearly always: not worth a lease
  try {
    return await withLease(sync.db, `look_again:${companyId}`, underLease, sync.leaseMs);
  } catch (error) {
    if (error instanceof LeaseLost) return null;
    throw error;
  }
}

/** False when YCLIENTS does not answer. */
async function lookAt(sync: Sync, programme: Programme, lease: Lease, look: Look): Promise<boolean> {
  let read: Awaited<ReturnType<Yclients["record"]>>;
  try {
    read = await sync.yclients.record(programme.companyId, look.recordId, programme.timeZone);
  } catch (error) {
    const ofThisRecord =
      error instanceof Unreachable || (error instanceof Refused && !closed.has(error.code));
    if (!ofThisRecord || sync.signal.aborted) throw error;
    await postponeLook(sync.db, look, null, messageOf(error));
    return false;
  }
  if (read === null) await missing(sync, look);
  else if ("why" in read) await postponeLook(sync.db, look, "unreadable", read.why);
  else {
    const { refused, doubts } = await postAndLog(sync, programme, [read], lease);
    const [odd] = refused;
    if (odd) await postponeLook(sync.db, look, "unreadable", odd.why);
    else if (doubts > 0) await postponeLook(sync.db, look, null, null);
    else await finishLook(sync.db, look);
  }
  return true;
}

/** A hint at a record that neither YCLIENTS nor we know has nothing to change. */
async function missing(sync: Sync, look: Look): Promise<void> {
  const known = await knownVisits(sync.db, look.companyId, [look.recordId]);
  if (look.reason === "hint" && known.length === 0) await finishLook(sync.db, look);
  else await postponeLook(sync.db, look, "record_vanished", "YCLIENTS knows no such record");
}
