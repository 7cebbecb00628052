// Waiting for others: for as long as it takes, or no longer than a limit.

import { setTimeout as sleep } from "node:timers/promises";
import { Mistake, messageOf } from "../errors.ts";
import type { Log } from "../log.ts";

/** Tries until it works or the program stops, ever more rarely. */
export async function untilDone(
  work: () => Promise<unknown>,
  what: string,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  for (let wait = 1_000; !signal.aborted; wait = Math.min(60_000, wait * 2)) {
    try {
      await work();
      return;
    } catch (error) {
      if (signal.aborted) return;
      // A mistake of the operator's is said as it is, each time: nothing else will tell.
      if (error instanceof Mistake) log.error({ againInMs: wait }, error.message);
      else log.warn({ error: messageOf(error), againInMs: wait }, `${what} cannot be reached`);
      await sleep(wait, undefined, { signal }).catch(() => {});
    }
  }
}

/** The work, done by one of those who ask at once, and not again for so many milliseconds: what it said is kept. */
export function keptFor<T>(ms: number, work: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  const forget = () => {
    asked = null;
  };
  return () => {
    asked ??= work().finally(() => setTimeout(forget, ms).unref());
    return asked;
  };
}

/** The work's result, or an error when it is not done in time (milliseconds); the work itself goes on. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const limit = new AbortController();
  try {
    const late = sleep(ms, undefined, { signal: limit.signal }).then(() => {
      throw new Error(`not done within ${ms} ms`);
    });
    return await Promise.race([work, late]);
  } finally {
    limit.abort();
  }
}
