// How fast one bot calls MAX: by the person, for a dialog takes two calls a second, and in all.

import { type Clock, wait } from "../../clock.ts";

/** Milliseconds. What MAX counts by is a second; what is held up on its way must not fall into the next one. */
const windowMs = 1_050;
/** MAX takes 2 in a dialog and 30 in all (its documents of 2026). */
const inADialog = 2;
const inAll = 25;
/** What nobody asked for leaves this much room for answers. */
const reserve = 5;

interface Going {
  /** Whose dialog the call is in; null: nobody's. */
  whose: string | null;
  /** Somebody waits for it. */
  asked: boolean;
  /** It is not only asked whether one may go. */
  counts: boolean;
  signal: AbortSignal | undefined;
  go: () => void;
}

/**
 * The turns of a program's calls. Whatever somebody waits for goes before what nobody asked for; of one person's calls each
 * kind goes in the order of asking. A second replica's calls come on top, so a 429 is still waited out.
 */
export class MaxPace {
  readonly #line: Going[] = [];
  /** When the last calls went, in all and of each person. */
  #went: number[] = [];
  readonly #dialogs = new Map<string, number[]>();
  #woken = new AbortController();
  #running = false;

  /** Milliseconds that only go forward, and how they are waited for. */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly pause: Clock["wait"] = wait,
  ) {}

  /** Resolves when a call may go, which counts from then on; when aborted too, uncounted. */
  call(whose: string | null, asked: boolean, signal?: AbortSignal): Promise<void> {
    return this.#queue({ whose, asked, counts: true, signal });
  }

  /** Resolves when something that nobody asked for may go, to whomever; when aborted too. */
  turn(signal: AbortSignal): Promise<void> {
    return this.#queue({ whose: null, asked: false, counts: false, signal });
  }

  #queue(going: Omit<Going, "go">): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { asked, signal } = going;
    const wake = () => this.#woken.abort();
    signal?.addEventListener("abort", wake);
    const go = () => {
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const place = asked ? this.#line.findIndex((one) => !one.asked) : -1;
    this.#line.splice(place === -1 ? this.#line.length : place, 0, { ...going, go });
    wake();
    void this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#line.length > 0) {
      this.#woken = new AbortController();
      const now = this.now();
      const waits = this.#line.map((one) => (one.signal?.aborted ? 0 : this.#waitOf(one, now)));
      const next = waits.findIndex((ms) => ms <= 0);
      if (next === -1) {
        await this.pause(Math.min(...waits), this.#woken.signal);
        continue;
      }
      const [one] = this.#line.splice(next, 1);
      if (one?.counts && !one.signal?.aborted) this.#count(one, now);
      one?.go();
    }
    this.#running = false;
  }

  #waitOf({ whose, asked }: Going, now: number): number {
    const own = whose === null ? 0 : untilRoom(this.#dialogs.get(whose) ?? [], inADialog, now);
    return Math.max(own, untilRoom(this.#went, asked ? inAll : inAll - reserve, now));
  }

  #count({ whose }: Going, now: number): void {
    const recent = (times: readonly number[]) => times.filter((at) => now - at < windowMs);
    this.#went = [...recent(this.#went), now];
    if (whose === null) return;
    this.#dialogs.set(whose, [...recent(this.#dialogs.get(whose) ?? []), now]);
    if (this.#dialogs.size > 1_000)
      for (const [one, times] of this.#dialogs) if (recent(times).length === 0) this.#dialogs.delete(one);
  }
}

/** Milliseconds until one more fits beside the last so many, of times from the oldest on. */
function untilRoom(times: readonly number[], most: number, now: number): number {
  const oldest = times.at(-most);
  return oldest === undefined ? 0 : oldest + windowMs - now;
}
