// Turns to ask YCLIENTS: shared by the whole deployment through the database, or kept to oneself.

import { type Clock, machineClock } from "../clock.ts";
import { type Db, databaseNow } from "../db/connect.ts";
import { must } from "../errors.ts";
import type { Budget } from "../yclients/client.ts";
import { blockTurns, takeTurn } from "./budget.store.ts";

const minute = 60_000;

interface Waiting {
  signal?: AbortSignal;
  /** How long everybody waits after a 429. */
  blockMs?: number;
  wait?: Clock["wait"];
}

/**
 * The deployment's one budget. Of those who wait in this program `first` go before `later`: a person at the till does not wait for
 * the passes of a chain. Turns are asked for one at a time, so that none is given away before it comes.
 */
export function sharedBudget(
  db: Db,
  perMinute: number,
  { signal, blockMs = minute, wait = machineClock.wait }: Waiting = {},
): { first: Budget; later: Budget } {
  const lines: PromiseWithResolvers<Date>[][] = [[], []];
  const next = () => lines.find((line) => line.length > 0)?.shift();
  let handing = false;

  async function turnToAsk(): Promise<Date> {
    const turn = await takeTurn(db, "yclients", perMinute);
    if (turn.wait <= 0) return turn.now;
    await wait(turn.wait, signal);
    signal?.throwIfAborted();
    return databaseNow(db);
  }

  async function hand(): Promise<void> {
    handing = true;
    while (lines.some((line) => line.length > 0)) {
      await turnToAsk().then(
        (at) => next()?.resolve(at),
        (error) => next()?.reject(error),
      );
    }
    handing = false;
  }

  const refused = () => blockTurns(db, "yclients", blockMs);
  const [first, later] = lines.map((line) => ({
    take() {
      const waiting = Promise.withResolvers<Date>();
      line.push(waiting);
      if (!handing) void hand();
      return waiting.promise;
    },
    refused,
  }));
  return { first: must(first, "a line"), later: must(later, "a line") };
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
