// Whether a messenger is there: it is asked with what delivers nothing, so that no message is begun that may or may not arrive.

import type { Sent } from "../channels/channel.ts";
import type { ChannelName } from "../rules/account.ts";

/** How long an answer holds, or a failure to get one, in milliseconds. */
const holdsMs = 30_000;

/**
 * How soon a messenger that is away is asked again, in milliseconds: within seconds at first, for most are back by then, and after as
 * long as it has been away, `mostMs` at most.
 */
export function awayAgainMs(since: Date, now: Date | number, mostMs: number): number {
  return Math.min(mostMs, Math.max(5_000, Number(now) - since.getTime()));
}

interface State {
  askedAt: number;
  since: Date | null;
}

const holdsFor = ({ askedAt, since }: State) =>
  since === null ? holdsMs : awayAgainMs(since, askedAt, holdsMs);

/** What is known of messengers, in memory: another program finds out by itself. */
export class Presence {
  readonly #known = new Map<ChannelName, State>();
  readonly #asking = new Map<ChannelName, Promise<State>>();

  /** `ask` throws while the messenger is away. `changed` is told once when it is, and once when it is back. */
  constructor(
    private readonly ask: (channel: ChannelName, signal: AbortSignal) => Promise<void>,
    private readonly now: () => Date,
    private readonly changed: (channel: ChannelName, away: boolean) => void = () => {},
  ) {}

  /** Since when it is away as far as is known here; null: it has just answered. One question at a time. */
  async awaySince(channel: ChannelName, signal: AbortSignal): Promise<Date | null> {
    const known = this.#known.get(channel);
    if (known && Math.abs(this.now().getTime() - known.askedAt) < holdsFor(known)) return known.since;
    const asking = this.#asking.get(channel) ?? this.#find(channel, known?.since ?? null, signal);
    this.#asking.set(channel, asking);
    return (await asking).since;
  }

  /** What came of a message there: after a failure it is asked before the next. */
  heard(channel: ChannelName, sent: Sent): void {
    if (sent.kind === "failed" && sent.passes) {
      const known = this.#known.get(channel);
      if (known) known.askedAt = Number.NEGATIVE_INFINITY;
    } else this.#keep(channel, null);
  }

  #keep(channel: ChannelName, since: Date | null): State {
    const before = this.#known.get(channel)?.since ?? null;
    const state = { askedAt: this.now().getTime(), since };
    this.#known.set(channel, state);
    if ((since === null) !== (before === null)) this.changed(channel, since !== null);
    return state;
  }

  async #find(channel: ChannelName, before: Date | null, signal: AbortSignal): Promise<State> {
    try {
      const since = await this.ask(channel, signal).then(
        () => null,
        () => before ?? this.now(),
      );
      // Who stops learns nothing of it.
      return signal.aborted ? { askedAt: 0, since } : this.#keep(channel, since);
    } finally {
      this.#asking.delete(channel);
    }
  }
}
