// When Telegram has not taken an answer: how long to wait before what was asked is done again, and how often.

import { GrammyError, HttpError } from "grammy";
import { askedWait, backOff } from "../rules/time.ts";

/** The wait in milliseconds after a call that may work later (a 429, a fault of Telegram's, no answer), or null. */
export function waitAfter(error: unknown): number | null {
  if (error instanceof HttpError) return 0;
  if (!(error instanceof GrammyError)) return null;
  if (error.error_code === 429) return askedWait(error.parameters.retry_after);
  return error.error_code >= 500 ? 0 : null;
}

/** About a minute in all. Polling, which holds up other chats meanwhile, gives up sooner. */
const most = 10;
const firstWaitMs = 1_000;
const longestWaitMs = 8_000;
/** Whom Telegram itself makes wait longer has asked again by then, or has gone. */
const longestAskedMs = 60_000;
/** Updates remembered at once; the oldest is forgotten first. */
const remembered = 1_000;

/**
 * The updates whose answers Telegram has not taken yet, by their numbers. Kept in memory: another replica, or this one
 * after a restart, counts from the start.
 */
export class Untaken {
  readonly #tries = new Map<number, { count: number; notBefore: number }>();

  /** Milliseconds that Telegram still wants to be left alone with this update; 0: it may be handled. */
  waitLeft(update: number): number {
    return Math.max(0, (this.#tries.get(update)?.notBefore ?? 0) - performance.now());
  }

  /** How long an update that failed is to wait before it comes again, no less than `askedMs`; null: it is given up. */
  again(update: number, askedMs: number): number | null {
    const count = (this.#tries.get(update)?.count ?? 0) + 1;
    this.#tries.delete(update);
    if (count >= most || askedMs > longestAskedMs) return null;
    const wait = Math.max(askedMs, backOff(count, firstWaitMs, longestWaitMs));
    this.#tries.set(update, { count, notBefore: performance.now() + wait });
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > remembered && oldest !== undefined) this.#tries.delete(oldest);
    return wait;
  }

  /** It was handled. */
  forget(update: number): void {
    this.#tries.delete(update);
  }
}
