// What came in, in each chat in order, chats side by side: what was polled in one batch, with a few tries, and given up after
// them; and what a webhook brings, tried again before it is to come once more.

import { wait } from "../clock.ts";
import { RetryUpdate } from "../errors.ts";
import type { Log } from "../log.ts";
import { backOff } from "../rules/time.ts";
import type { Handle } from "./messenger.ts";

interface Batched<Update> {
  handle: (update: Update, waits: () => void) => Promise<unknown>;
  /** Whose order an update keeps. */
  chatOf: (update: Update) => unknown;
  /** What the log has of it. */
  named: (update: Update) => object;
  log: Log;
  signal: AbortSignal;
  /** The wait after a first failure; it doubles up to 30 s. Shorter in tests. */
  firstWaitMs?: number | undefined;
}

const maxTries = 3;
const longestWaitMs = 30_000;

/**
 * `take` handles a batch and gives what the signal left of it: it is not to be confirmed. An update whose handler keeps throwing
 * is given up after three tries, with a line in the log, and never holds up other chats; one that only waits for somebody
 * else is done with. `over` resolves when these have ended too. Neither throws.
 */
export function batches<Update>(batched: Batched<Update>) {
  const waiting = new Set<Promise<void>>();
  return {
    async take(updates: Update[]): Promise<Update[]> {
      const left = new Set(updates);
      const inOrder = async (ofOneChat: Update[]) => {
        for (const update of ofOneChat) {
          if (batched.signal.aborted || !(await handleOne(batched, update, waiting))) return;
          left.delete(update);
        }
      };
      await Promise.all([...Map.groupBy(updates, batched.chatOf).values()].map(inOrder));
      return [...left];
    },

    async over(): Promise<void> {
      await Promise.all(waiting);
    },
  };
}

/** True when it is done with: handled, or given up. False when the signal came between two tries. */
async function handleOne<Update>(
  batched: Batched<Update>,
  update: Update,
  waiting: Set<Promise<void>>,
): Promise<boolean> {
  const { log, named, signal, firstWaitMs = 1_000 } = batched;
  for (let tries = 1; ; tries++) {
    try {
      await doneOrWaiting(batched, update, waiting);
      return true;
    } catch (error) {
      const retry = error instanceof RetryUpdate ? error : null;
      if (retry) log.info({ ...named(update), tries, waitMs: retry.waitMs }, retry.message);
      else log.error({ ...named(update), tries, err: error }, "an update could not be handled");
      if (tries === maxTries) return true;
      await wait(Math.max(backOff(tries, firstWaitMs, longestWaitMs), retry?.waitMs ?? 0), signal);
      if (signal.aborted) return false;
    }
  }
}

/** What fails after it has begun to wait is not tried again: its work is done. */
function doneOrWaiting<Update>(
  { handle, named, log }: Batched<Update>,
  update: Update,
  waiting: Set<Promise<void>>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let isWaiting = false;
    const waits = () => {
      isWaiting = true;
      resolve();
    };
    const whole = handle(update, waits)
      .then(
        () => resolve(),
        (err) => {
          if (isWaiting) log.warn({ ...named(update), err }, "what an update waited for could not be said");
          reject(err);
        },
      )
      .finally(() => waiting.delete(whole));
    waiting.add(whole);
  });
}

/** Who delivers waits about half a minute for an answer, and brings again what was not taken, later. Milliseconds. */
const patienceMs = 20_000;

/**
 * The same, for updates as a webhook brings them where the messenger promises no order: side by side one person's second tap could
 * overtake the first. Throws what the handler throws, a `RetryUpdate` only once waiting has taken its time.
 */
export function inOrderOfArrival(handle: Handle, whoseUpdate: (update: object) => unknown): Handle {
  const last = new Map<unknown, Promise<unknown>>();
  return async (update, waits = () => {}) => {
    const whose = whoseUpdate(update);
    const before = last.get(whose);
    // Who only waits for somebody else lets the next one go.
    const { promise: passed, resolve: pass } = Promise.withResolvers<void>();
    last.set(whose, passed);
    await before;
    try {
      await patiently(handle, update, () => {
        pass();
        waits();
      });
    } finally {
      pass();
      if (last.get(whose) === passed) last.delete(whose);
    }
  };
}

async function patiently(handle: Handle, update: object, waits: () => void): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await handle(update, waits);
    } catch (error) {
      if (!(error instanceof RetryUpdate) || performance.now() + error.waitMs > until) throw error;
      await wait(error.waitMs);
    }
  }
}
