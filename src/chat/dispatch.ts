// Takes what comes in to the parts of the bot, in order, and says what becomes of a failure.

import { type Channel, type Incoming, NotSent } from "../channels/channel.ts";
import { RetryUpdate } from "../errors.ts";
import { databaseIsAway } from "../jobs/trouble.ts";
import { backOff } from "../rules/time.ts";
import type { Desk } from "./desk.ts";
import { FloodGate, tellTooOften, wordless } from "./gates.ts";
import { isStaff } from "./staff.ts";
import { type BotPart, Turn } from "./turn.ts";
import { typedStart } from "./ways.ts";

/**
 * Answers what has come in. A part's failure is logged and said. Throws while the database is away, and a `RetryUpdate` a
 * few times when the messenger has not taken the answer: it is to be handed in again, so a part may run twice. `waits` is called
 * once all is done but a wait for the journal: nobody else has to wait with it.
 */
export type Take = (channel: Channel, incoming: Incoming, waits?: () => void) => Promise<void>;

/** `onTap` is called after each tap, whatever became of it: nothing but a tap changes points. */
export function dispatcher(desk: Desk, parts: readonly BotPart[], onTap: () => void = () => {}): Take {
  const retries = new PendingRetries();
  const gate = new FloodGate();

  async function answer(turn: Turn, waits: () => void): Promise<void> {
    const { kind } = turn.incoming;
    const people = await desk.staff.atTurnOf(turn.account, desk.now());
    const here = { ...desk, settle: saying(waits, desk.settle), shop: { ...desk.shop, ...people } };
    const staff = isStaff(people, turn.account);
    const heard = kind === "left" || kind === "returned" || staff;
    const verdict = heard ? "in" : gate.verdict(turn.account, kind === "tap" ? "tap" : "message", desk.now());
    if (verdict === "out") return;
    if (verdict === "told") return tellTooOften(turn);
    try {
      // Only those who work here are told something over a button: nobody else's waits for what it does.
      if (!staff && turn.channel.silentTaps) await turn.answerTap();
      for (const part of [wordless, ...parts]) if (await part(here, turn)) break;
    } finally {
      // Every tap is answered, whatever becomes of it.
      await turn.answerTap();
      if (kind === "tap") onTap();
    }
  }

  return async (channel, incoming, waits = () => {}) => {
    const key = [channel.name, incoming.id].join(" ");
    const left = retries.waitLeft(key);
    if (left > 0) throw new RetryUpdate(left);
    const turn = new Turn(channel, startOf(desk, incoming), desk.log);
    try {
      await answer(turn, waits);
      retries.forget(key);
    } catch (error) {
      if (databaseIsAway(error)) throw error;
      const asked = waitAfter(error);
      if (asked !== null) {
        const wait = retries.again(key, asked);
        if (wait !== null) throw new RetryUpdate(wait, { cause: error });
        return turn.log.error({ err: error }, "the messenger has not taken an answer, which is given up");
      }
      if (error instanceof NotSent && error.outcome.kind === "blocked")
        return turn.log.info({ err: error }, "the person has blocked the bot");
      turn.log.error({ err: error }, "an update could not be handled");
      await turn.say(turn.t.sorry()).catch((err) => turn.log.warn({ err }, "nor could the apology be sent"));
    }
  };
}

/** A link's code that was typed is what the link would have brought. */
function startOf(desk: Desk, incoming: Incoming): Incoming {
  if (incoming.kind !== "text" || incoming.edited) return incoming;
  const payload = typedStart(desk, incoming.text);
  if (payload === null) return incoming;
  const { id, account, name, language, message } = incoming;
  return { id, account, name, language, kind: "start", message, payload };
}

/** The turn says that it waits before it does. */
function saying(waits: () => void, settle: Desk["settle"]): Desk["settle"] {
  return (
    settle &&
    ((row) => {
      waits();
      return settle(row);
    })
  );
}

/** The wait in milliseconds after something was not sent and may be later, or null. */
function waitAfter(error: unknown): number | null {
  if (!(error instanceof NotSent)) return null;
  const { outcome } = error;
  if (outcome.kind === "wait") return outcome.ms;
  return outcome.kind === "failed" && outcome.passes ? 0 : null;
}

/** About a minute in all. Polling, which holds up other chats meanwhile, gives up sooner. */
const maxTries = 10;
const firstWaitMs = 1_000;
const longestWaitMs = 8_000;
/** Whom the messenger itself makes wait longer has asked again by then, or has gone. */
const longestAskedMs = 60_000;
/** Updates remembered at once; the oldest is forgotten first. */
const maxRemembered = 1_000;

/**
 * The updates whose answers were not taken yet. Kept in memory: another replica, or this one after a restart, counts anew.
 */
class PendingRetries {
  readonly #tries = new Map<string, { count: number; notBefore: number }>();

  /** Milliseconds that the messenger still wants to be left alone with this update; 0: it may be handled. */
  waitLeft(update: string): number {
    return Math.max(0, (this.#tries.get(update)?.notBefore ?? 0) - performance.now());
  }

  /** How long an update that failed is to wait before it comes again, no less than `askedMs`; null: it is given up. */
  again(update: string, askedMs: number): number | null {
    const count = (this.#tries.get(update)?.count ?? 0) + 1;
    this.#tries.delete(update);
    if (count >= maxTries || askedMs > longestAskedMs) return null;
    const wait = Math.max(askedMs, backOff(count, firstWaitMs, longestWaitMs));
    this.#tries.set(update, { count, notBefore: performance.now() + wait });
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > maxRemembered && oldest !== undefined) this.#tries.delete(oldest);
    return wait;
  }

  /** It was handled. */
  forget(update: string): void {
    this.#tries.delete(update);
  }
}
