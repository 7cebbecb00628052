// How fast one bot speaks: Telegram takes thirty messages a second from it, to whomever they go.

import { setTimeout as sleep } from "node:timers/promises";
import type { Transformer } from "grammy";

/** Milliseconds between two messages: 28 a second, so that what is held up on its way makes no thirty-first. */
const gapMs = 35;
/** For how long after one the program counts as telling many. */
const tellingMs = 1_000;

/**
 * The turns of a program's messages. An answer goes at once, for somebody waits for it; what the program tells by itself
 * takes its turn behind it. A replica counts for itself, and a 429 is still waited out: it is no guard, it saves them.
 */
export class Pace {
  #nextAt = 0;
  #tellingUntil = 0;
  #line: Promise<void> = Promise.resolve();

  /** Resolves when the next message that nobody has asked for may go, in the order of asking. */
  turn(): Promise<void> {
    this.#line = this.#line.then(async () => {
      // An answer that goes meanwhile puts it off.
      for (let now = performance.now(); now < this.#nextAt; now = performance.now())
        await sleep(this.#nextAt - now);
      this.#taken();
      this.#tellingUntil = performance.now() + tellingMs;
    });
    return this.#line;
  }

  /** Sees the bot's calls, for grammY's `api.config.use`. */
  readonly answers: Transformer = (call, method, payload, signal) => {
    if ("chat_id" in payload) this.#taken();
    return call(method, payload, signal);
  };

  /** Whether the program is telling many: then the next second is nearly full. */
  telling(): boolean {
    return performance.now() < this.#tellingUntil;
  }

  #taken(): void {
    this.#nextAt = Math.max(this.#nextAt, performance.now()) + gapMs;
  }
}
