// One bot of MAX: its name, its calls in their turn, and the taps that wait for an answer.

import { wait } from "../../clock.ts";
import type { Db } from "../../db/connect.ts";
import type { Account } from "../../rules/account.ts";
import type { BotId } from "../../rules/ids.ts";
import { backOff } from "../../rules/time.ts";
import type { MessageId, Unsent } from "../channel.ts";
import { type MaxAnswer, type MaxClient, MaxFault } from "./client.ts";
import { MaxFiles } from "./files.ts";
import type { MaxPace } from "./pace.ts";

/** A tap that was read: whose, under which message (MAX's name of it, and our number), and whether anything has ended its wait yet. */
interface Tap {
  account: Account;
  under: string | null;
  number: MessageId | null;
  language: string | null;
  ended: boolean;
}

const tapsRemembered = 1_000;
/** What MAX counts by is a second: after it a call that was too much is none. */
const momentMs = 1_100;

/** What both channels of one bot share. Its name is learnt once, before anything of it is read or linked. */
export class MaxBot {
  id: BotId = 0;
  nick = "";
  readonly files: MaxFiles;
  readonly #taps = new Map<string, Tap>();
  /** How often in a row MAX has asked to be left alone. */
  #refusals = 0;

  constructor(
    readonly client: MaxClient,
    readonly pace: MaxPace,
    readonly db: Db,
    readonly pause: typeof wait = wait,
  ) {
    this.files = new MaxFiles(client, () => pace.call(null, true));
  }

  /** Throws a `MaxFault`. */
  async learnName(signal?: AbortSignal): Promise<void> {
    await this.pace.call(null, true, signal);
    const { body } = await this.client.call("GET", "/me", { signal });
    const { user_id: id, username: nick } = body;
    if (!Number.isSafeInteger(id) || typeof nick !== "string")
      throw new MaxFault(200, "", "the bot has no number or no nick", false);
    Object.assign(this, { id, nick });
  }

  /**
   * A call in its turn, in whose dialog (null: nobody's). MAX does not say how long it wants to be left alone: an answer (`asked`)
   * is tried once more after a moment, for whoever waits for it would wait longer otherwise. Throws a `MaxFault`.
   */
  async call(
    to: Account | null,
    asked: boolean,
    method: string,
    path: string,
    call: Parameters<MaxClient["call"]>[2],
  ): Promise<MaxAnswer["body"]> {
    for (let tries = 1; ; tries++) {
      await this.pace.call(to, asked);
      try {
        const { body } = await this.client.call(method, path, call);
        this.#refusals = 0;
        return body;
      } catch (error) {
        if (!(error instanceof MaxFault && error.status === 429)) throw error;
        this.#refusals += 1;
        if (!asked || tries > 1) throw error;
        await this.pause(momentMs);
      }
    }
  }

  /** What a failed call means; what is no call's is thrown on. */
  unsentOf(error: unknown): Unsent {
    if (!(error instanceof MaxFault)) throw error;
    if (isBlocked(error)) return { kind: "blocked" };
    if (error.status === 429) {
      const ms = backOff(Math.max(1, this.#refusals), 1_000, 30_000);
      // Jitter, so that replicas that were refused together do not come back together.
      return { kind: "wait", ms: Math.ceil(ms * (0.75 + Math.random() / 2)) };
    }
    const { message: why, passes, mayHaveArrived } = error;
    return { kind: "failed", why, passes, mayHaveArrived };
  }

  /** It waits for an answer from now on. */
  tapped(callback: string, tap: Omit<Tap, "ended">): void {
    this.#taps.delete(callback);
    this.#taps.set(callback, { ...tap, ended: false });
    const [oldest] = this.#taps.keys();
    if (this.#taps.size > tapsRemembered && oldest !== undefined) this.#taps.delete(oldest);
  }

  /** What MAX calls the message of this number that the account has tapped: of whoever is forgotten by that tap no name is kept. */
  nameUnderTap(account: Account, number: MessageId): string | null {
    const tapped = [...this.#taps.values()].findLast(
      (tap) => tap.account === account && tap.number === number,
    );
    return tapped?.under ?? null;
  }

  tap(callback: string): Tap | undefined {
    return this.#taps.get(callback);
  }

  /** The newest tap under this message that still waits: to change the message ends it too. */
  tapUnder(account: Account, under: string): { callback: string; tap: Tap } | undefined {
    const open = [...this.#taps].findLast(
      ([, tap]) => tap.account === account && tap.under === under && !tap.ended,
    );
    return open && { callback: open[0], tap: open[1] };
  }
}

/** The person has stopped the bot, or never started it. */
export function isBlocked({ status, code }: MaxFault): boolean {
  return (
    (status === 403 && /\bdialog\.suspended\b/.test(code)) ||
    (status === 404 && /\b(chat|dialog)\.not\.found\b/.test(code))
  );
}
