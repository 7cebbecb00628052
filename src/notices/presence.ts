// Whether a messenger is there: it is asked with what delivers nothing, so that no message is begun that may or may not arrive.

import type { Sent } from "../channels/channel.ts";
import type { ChannelName } from "../rules/account.ts";

/** How long an answer holds, or a failure to get one, in milliseconds. */
const holdsMs = 30_000;

interface State {
  askedAt: number;
  since: Date | null;
}

/** What is known of messengers, in memory: another program finds out by itself. */
export class Presence {
  readonly #known = new Map<ChannelName, State>();
  readonly #asking = new Map<ChannelName, Promise<State>>();

  /** `ask` throws while the messenger is away. */
  constructor(
    private readonly ask: (channel: ChannelName, signal: AbortSignal) => Promise<void>,
    private readonly now: () => Date,
  ) {}

  /** Since when it is away as far as is known here; null: it has just answered. One question at a time. */
  async awaySince(channel: ChannelName, signal: AbortSignal): Promise<Date | null> {
    const known = this.#known.get(channel);
    if (known && Math.abs(this.now().getTime() - known.askedAt) < holdsMs) return known.since;
    const asking = this.#asking.get(channel) ?? this.#find(channel, known?.since ?? null, signal);
    this.#asking.set(channel, asking);
    return (await asking).since;
  }

  /** What came of a message there: after a failure it is asked before the next. */
  heard(channel: ChannelName, sent: Sent): void {
    if (sent.kind === "failed" && sent.passes) {
      const known = this.#known.get(channel);
      if (known) known.askedAt = Number.NEGATIVE_INFINITY;
    } else this.#known.set(channel, { askedAt: this.now().getTime(), since: null });
  }

  async #find(channel: ChannelName, before: Date | null, signal: AbortSignal): Promise<State> {
    try {
      const since = await this.ask(channel, signal).then(
        () => null,
        () => before ?? this.now(),
      );
      const state = { askedAt: this.now().getTime(), since };
      // Who stops learns nothing of it.
      if (!signal.aborted) this.#known.set(channel, state);
      return state;
    } finally {
      this.#asking.delete(channel);
    }
  }
}
