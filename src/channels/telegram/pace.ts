// How fast one bot speaks: Telegram takes thirty messages a second from it, to whomever they go.

import type { Transformer } from "grammy";
import { type Clock, wait } from "../../clock.ts";

/** Milliseconds between two messages: 28 a second, so that what is held up on its way makes no thirty-first. */
const gapMs = 35;
/** What Telegram counts by. No notification waits for longer, though answers fill it. */
const secondMs = 1_000;

/**
 * The turns of a program's messages. An answer goes at once, for somebody waits for it; what the program tells by itself
 * takes its turn behind it. It saves 429s and is no guard against them: many answers at once, or a second replica's, come
 * on top, so a 429 is still waited out.
 */
export class Pace {
  #nextAt = 0;
  #line: Promise<void> = Promise.resolve();

  /** Milliseconds that only go forward, and how they are waited for. */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly pause: Clock["wait"] = wait,
  ) {}

  /** Resolves when the next message that nobody has asked for may go, in the order of asking; at once when aborted. */
  turn(signal: AbortSignal): Promise<void> {
    this.#line = this.#line.then(async () => {
      const latest = this.now() + secondMs;
      // An answer that goes meanwhile puts it off.
      while (!signal.aborted) {
        const left = Math.min(this.#nextAt, latest) - this.now();
        if (left <= 0) return this.#taken();
        await this.pause(left, signal);
      }
    });
    return this.#line;
  }

  /** Sees the bot's calls, for grammY's `api.config.use`. */
  readonly answers: Transformer = (call, method, payload, signal) => {
    if ("chat_id" in payload) this.#taken();
    return call(method, payload, signal);
  };

  #taken(): void {
    const now = this.now();
    this.#nextAt = Math.min(Math.max(this.#nextAt, now) + gapMs, now + secondMs);
  }
}
