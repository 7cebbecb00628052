// Reads again, one by one, what a webhook hinted at or a pass set aside: the job `look_again`.

import { messageOf, Refused, Unreachable } from "../errors.ts";
import { type Lease, LeaseLost, withLease } from "../jobs/leases.ts";
import type { CompanyId } from "../rules/ids.ts";
import type { Yclients } from "../yclients/client.ts";
import { prepare, programmeOf, type Sync } from "./branch.ts";
import type { BranchProgramme } from "./decide.ts";
import { postAndLog } from "./post.ts";
import { dueRechecks, finishRecheck, postponeRecheck, type Recheck } from "./recheck.store.ts";
import { knownVisits } from "./visits.store.ts";

export { requestRechecks, setAside } from "./recheck.store.ts";

/** Answers that hold for every request: no token, no licence, too many. A 403 may be of the branch or of a record alone. */
const closed = new Set([401, 402, 429]);

/**
 * Reads again what is due in a branch, at most so many records, and returns how many; null when another program is at it. A
 * record that YCLIENTS fails to answer about is put off and stops nothing. The lease is not the pass's, so that a hint does
 * not wait for a long reading: of two answers about a record the one that was asked for later stands.
 */
export async function recheckDue(sync: Sync, companyId: CompanyId, atMost = 50): Promise<number | null> {
  const underLease = async (lease: Lease, lost: AbortSignal) => {
    const signal = AbortSignal.any([sync.signal, lost]);
    let programme: BranchProgramme | null = null;
    for (let rechecked = 0; rechecked < atMost; rechecked++) {
      signal.throwIfAborted();
      // One at a time: the pass beside us may have read the rest of a burst meanwhile.
      const [recheck] = await dueRechecks(sync.db, companyId, 1);
      if (!recheck) return rechecked;
      programme ??= await programmeOf(sync, await prepare(sync, companyId));
      if (!(await recheckOne(sync, programme, lease, recheck))) return rechecked;
    }
    return atMost;
  };
  const [due] = await dueRechecks(sync.db, companyId, 1);
  if (!due) return 0; // as nearly always: not worth a lease
  try {
    return await withLease(sync.db, `look_again:${companyId}`, underLease, sync.leaseMs);
  } catch (error) {
    if (error instanceof LeaseLost) return null;
    throw error;
  }
}

/** The same beside lists, which go on whatever a single record is answered with: a refusal that holds for all is theirs too. */
export async function recheckBeside(sync: Sync, companyId: CompanyId): Promise<void> {
  try {
    await recheckDue(sync, companyId);
  } catch (error) {
    if (!(error instanceof Refused) || sync.signal.aborted) throw error;
    const said = { job: "look_again", company: companyId, error: messageOf(error) };
    sync.log.warn(said, "what webhooks hinted at could not be read");
  }
}

/** False when YCLIENTS does not answer. */
async function recheckOne(
  sync: Sync,
  programme: BranchProgramme,
  lease: Lease,
  recheck: Recheck,
): Promise<boolean> {
  let read: Awaited<ReturnType<Yclients["record"]>>;
  try {
    read = await sync.yclients.record(programme.companyId, recheck.recordId, programme.timeZone);
  } catch (error) {
    const refused = error instanceof Refused ? error.code : null;
    const ofOne = error instanceof Unreachable || (refused !== null && !closed.has(refused));
    if (!ofOne || sync.signal.aborted) throw error;
    // Before a 403 is thrown: a record that is shown to nobody would be asked for again at once, for ever.
    await postponeRecheck(sync.db, recheck, null, messageOf(error));
    if (refused === 403) throw error;
    return false;
  }
  if (read === null) await missing(sync, recheck);
  else if ("why" in read) await postponeRecheck(sync.db, recheck, "unreadable", read.why);
  else {
    const { refused, doubts } = await postAndLog(sync, programme, [read], lease);
    const [odd] = refused;
    if (odd) await postponeRecheck(sync.db, recheck, "unreadable", odd.why);
    else if (doubts > 0) await postponeRecheck(sync.db, recheck, null, null);
    else await finishRecheck(sync.db, recheck);
  }
  return true;
}

/** A hint at a record that neither YCLIENTS nor we know has nothing to change. */
async function missing(sync: Sync, recheck: Recheck): Promise<void> {
  const known = await knownVisits(sync.db, recheck.companyId, [recheck.recordId]);
  if (recheck.reason === "hint" && known.length === 0) await finishRecheck(sync.db, recheck);
  else await postponeRecheck(sync.db, recheck, "record_vanished", "YCLIENTS knows no such record");
}
