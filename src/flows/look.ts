// Reads again, one by one, what a webhook hinted at or a pass set aside.

import type { Db } from "../db/connect.ts";
import { messageOf, Refused, Unreachable } from "../errors.ts";
import { dueLooks, finishLook, postponeLook } from "../store/look-again.ts";
import type { Yclients } from "../yclients/client.ts";
import type { Lease } from "./jobs.ts";
import type { Programme } from "./judge.ts";
import { postReadings } from "./ledger.ts";

/** What a look needs. */
export interface Looker {
  db: Db;
  yclients: Yclients;
  signal: AbortSignal;
}

/** Answers that hold for every request: no token, no licence, no rights, too many. */
const closed = new Set([401, 402, 403, 429]);

/**
 * Looks at everything that is due in a branch. One record that YCLIENTS fails to answer about is put off and
 * stops nothing: where all of YCLIENTS is away, the pass itself will say so.
 */
export async function lookAgain(sync: Looker, programme: Programme, lease: Lease): Promise<void> {
  for (const look of await dueLooks(sync.db, programme.companyId, 50)) {
    sync.signal.throwIfAborted();
    let read: Awaited<ReturnType<Yclients["record"]>>;
    try {
      read = await sync.yclients.record(programme.companyId, look.recordId);
    } catch (error) {
      const ofThisRecord =
        error instanceof Unreachable || (error instanceof Refused && !closed.has(error.code));
      if (!ofThisRecord || sync.signal.aborted) throw error;
      await postponeLook(sync.db, look, null, messageOf(error));
      return;
    }
    if (read === null) await postponeLook(sync.db, look, "record_vanished", "YCLIENTS knows no such record");
    else if ("why" in read) await postponeLook(sync.db, look, "unreadable", read.why);
    else {
      const { doubts } = await postReadings(sync.db, programme, [read], lease);
      if (doubts > 0) await postponeLook(sync.db, look, null, null);
      else await finishLook(sync.db, look);
    }
  }
}
