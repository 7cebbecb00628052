// Turns to ask YCLIENTS: shared by the whole deployment through the database, or kept to oneself.

import { type Clock, machineClock } from "../clock.ts";
import { type Db, databaseNow } from "../db/connect.ts";
import type { Budget } from "../yclients/client.ts";
import { blockTurns, takeTurn } from "./budget.store.ts";

const minute = 60_000;

interface Waiting {
  signal?: AbortSignal;
  /** How long everybody waits after a 429. */
  blockMs?: number;
  wait?: Clock["wait"];
}

/** The deployment's one budget. */
export function sharedBudget(
  db: Db,
  perMinute: number,
  { signal, blockMs = minute, wait = machineClock.wait }: Waiting = {},
): Budget {
  return {
    async take() {
      const turn = await takeTurn(db, "yclients", perMinute);
      if (turn.wait <= 0) return turn.now;
      await wait(turn.wait, signal);
      signal?.throwIfAborted();
      return databaseNow(db);
    },
    refused: () => blockTurns(db, "yclients", blockMs),
  };
}

/** A budget that writes nothing anywhere, for a dry run: one request after another, evenly. `clock` stamps the answers. */
export function ownBudget(
  perMinute: number,
  now: () => Date,
  clock: () => Promise<Date>,
  blockMs = minute,
): Budget {
  let next = 0;
  return {
    async take() {
      const wait = next - now().getTime();
      next = Math.max(next, now().getTime()) + minute / perMinute;
      if (wait > 0) await machineClock.wait(wait);
      return clock();
    },
    async refused() {
      next = now().getTime() + blockMs;
    },
  };
}
