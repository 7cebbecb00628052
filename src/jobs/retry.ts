// Work that others may hold up: tried again until it is done, given up at a limit, or shared by all who ask.

import { wait } from "../clock.ts";
import { messageOf, OperatorError } from "../errors.ts";
import type { Log } from "../log.ts";
import { backOff } from "../rules/time.ts";

/** Tries until it works or the program stops, ever more rarely. */
export async function retryUntilDone(
  work: () => Promise<unknown>,
  what: string,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 1; !signal.aborted; failures++) {
    try {
      await work();
      return;
    } catch (error) {
      if (signal.aborted) return;
      const againInMs = backOff(failures, 1_000, 60_000);
      // A mistake of the operator's is said as it is, each time: nothing else will tell.
      if (error instanceof OperatorError) log.error({ againInMs }, error.message);
      else log.warn({ error: messageOf(error), againInMs }, `${what} cannot be reached`);
      await wait(againInMs, signal);
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
    asked ??= work().finally(() => (ms > 0 ? setTimeout(forget, ms).unref() : forget()));
    return asked;
  };
}

/** The work's result, or an error when it is not done in so many milliseconds. Its signal comes in either case, at the end. */
export async function withTimeout<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = wait(ms, over.signal).then(() => {
    throw new Error(`no answer within ${ms / 1_000} s`);
  });
  try {
    return await Promise.race([work(over.signal), late]);
  } finally {
    late.catch(() => {});
    over.abort();
  }
}
