// Looks after spends that stand on a bill: what somebody takes off it there comes back to its card here.

import { databaseNow, inTransaction } from "../db/connect.ts";
import { messageOf, Unreachable } from "../errors.ts";
import { withLease } from "../jobs/leases.ts";
import type { Kopecks } from "../rules/money.ts";
import { amountOf, withdrawalsBy } from "../yclients/loyalty-answers.ts";
import { look, type Settling } from "./look.ts";
import { findSettlement, type SettlementId, type StoredSettlement, setCourse } from "./settlements.store.ts";
import { type OnBill, onBill } from "./watch.rule.ts";
import { followVisit, forgetSettled, keepSeen, settlementsToWatch } from "./watch.store.ts";

/** What came of a round: how many were looked at, and how many are given back. */
export interface Watched {
  looked: number;
  gone: number;
}

/**
 * Looks at the settlements of the last two weeks that stand: at `all`, or at those whose record has changed and those that are to
 * be confirmed. What is off the bill for certain, twice, is given back; a doubt is left to owners. One program of all does it; null:
 * another is at it.
 */
export async function watchSettlements(
  settling: Settling,
  which: "all" | "changed",
): Promise<Watched | null> {
  const { db, signal } = settling;
  const since = which === "all" ? await databaseNow(db) : null;
  if (since === null && (await settlementsToWatch(db, null)).length === 0) return { looked: 0, gone: 0 };
  return withLease(db, "settlement_watch", async (_lease, lost) => {
    const done: Watched = { looked: 0, gone: 0 };
    if (which === "all") await forgetSettled(db);
    for (const id of await settlementsToWatch(db, since)) {
      if (lost.aborted || signal.aborted) break;
      try {
        if ((await watchOne(settling, id)) === "given_back") done.gone += 1;
        done.looked += 1;
      } catch (error) {
        if (signal.aborted) break;
        settling.log.warn(
          { job: "settlement_watch", id, error: messageOf(error) },
          "a settlement could not be looked at",
        );
        // Whoever is away for one is away for all: a later round goes on.
        if (error instanceof Unreachable) break;
      }
    }
    return done;
  });
}

/**
 * Looks at one, and keeps what was seen: how it stands on its bill, or that it is given back; null where it stands no more. A look
 * changes nothing of what is under way: whoever was quicker goes on.
 */
export async function watchOne(settling: Settling, id: SettlementId): Promise<OnBill | "given_back" | null> {
  const { db } = settling;
  const one = await findSettlement(db, id);
  if (one?.state !== "stands") return null;
  const at = await databaseNow(db);
  const { applied, is } = await lookAfter(settling, one);
  return inTransaction(db, async (tx) => {
    const confirmed = await keepSeen(tx, id, { applied, at });
    if (!confirmed || is !== "gone") return is;
    await setCourse(tx, id, { goal: "return", state: "under_way", why: "taken_off" });
    return "given_back";
  });
}

/** What the card pays, and what that means. The record may have gone over to another visit, with all that pays it. */
async function lookAfter(
  settling: Settling,
  one: StoredSettlement,
): Promise<{ applied: Kopecks; is: OnBill }> {
  const { db, yclients } = settling;
  const record = await yclients.recordState(one.company, one.record);
  const visit = record?.visitId ?? one.visit;
  if (visit !== one.visit) {
    const applied = amountOf(withdrawalsBy(await yclients.visitRows(visit), one.reservedCard));
    if (applied === one.amount && (await followVisit(db, one.id, visit))) return { applied, is: "stands" };
  }
  const seen = await look(settling, one, false, null);
  return {
    applied: seen.applied,
    is: onBill(one, { ...seen, deleted: record?.deleted ?? false }),
  };
}
