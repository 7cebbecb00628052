// Long polling: asks MAX for updates from a mark on, which is kept once all before it was dealt with.

import { wait } from "../../clock.ts";
import type { Db } from "../../db/connect.ts";
import { messageOf } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { backOff } from "../../rules/time.ts";
import { batches } from "../batches.ts";
import type { Handle } from "../messenger.ts";
import type { MaxBot } from "./bot.ts";
import { MaxFault } from "./client.ts";
import { hasMessages, keepMark, markOfUpdates } from "./numbers.store.ts";
import { dropSubscriptions } from "./subscription.ts";
import { updateTypes, whoseUpdate } from "./update.ts";

interface MaxPolling {
  bot: MaxBot;
  db: Db;
  handle: Handle;
  log: Log;
  signal: AbortSignal;
  /** The wait after a first failure; it doubles up to 30 s. Shorter in tests. */
  firstWaitMs?: number | undefined;
  /** How often somebody else's subscription is looked for. Shorter in tests. */
  lookMs?: number;
}

/** The most that MAX gives at once, and the longest that it waits for something to give, in seconds (May 2026). */
const atOnce = 100;
const longestSeconds = 30;
/** MAX takes two questions a second. */
const apartMs = 550;
/** How often somebody else's subscription is looked for: while it stands MAX may say nothing at all, and no error either. */
const longestLookMs = 180_000;
const longestWaitMs = 30_000;
/** An answer that brings nothing new is not asked for again at once. */
const idleMs = 1_000;

/**
 * Polls until the signal. An update whose handler keeps throwing is given up after three tries, with a line in the log, and
 * never holds up other people. A batch of which the signal left something comes once more: what of it was dealt with is known
 * by its key. Does not throw.
 */
export async function pollMax(polling: MaxPolling): Promise<void> {
  const { bot, log, signal, firstWaitMs = 1_000, lookMs = longestLookMs } = polling;
  const batch = batchesOf(polling);
  let lookedAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  while (!signal.aborted) {
    try {
      if (performance.now() - lookedAt > lookMs) {
        await dropSubscriptions(bot, signal);
        lookedAt = performance.now();
      }
      const { moved } = await takeBatch(polling, batch, longestSeconds);
      failures = 0;
      await wait(moved ? apartMs : idleMs, signal);
    } catch (error) {
      if (signal.aborted) break;
      failures += 1;
      lookedAt = Number.NEGATIVE_INFINITY;
      log.warn({ error: messageOf(error), failures }, "polling MAX failed");
      await wait(backOff(failures, firstWaitMs, longestWaitMs) * (0.5 + Math.random() / 2), signal);
    }
  }
  await batch.over();
}

/**
 * Deals with what waits at MAX's before it delivers by itself, for nobody says that it delivers that too; and leaves a mark to
 * go on from. Nothing else is subscribed. Throws a `MaxFault`.
 */
export async function takeWaiting(polling: MaxPolling): Promise<void> {
  const batch = batchesOf(polling);
  for (let more = true; more && !polling.signal.aborted; ) {
    const { moved, full } = await takeBatch(polling, batch, 0);
    more = moved && full;
    if (more) await wait(apartMs, polling.signal);
  }
  await batch.over();
}

type Batch = ReturnType<typeof batchesOf>;

function batchesOf({ handle, log, signal, firstWaitMs }: MaxPolling) {
  const named = (update: object) => ({ update_type: Object(update).update_type });
  return batches<object>({ handle, chatOf: whoseUpdate, named, log, signal, firstWaitMs });
}

/**
 * Whether the mark has moved, and whether more may wait behind these. Without a mark MAX gives the last update alone, so it is
 * left out by a bot that nobody has ever written to and by no other: one that only knew the webhook asks from the beginning of
 * what MAX still has, of which it knows what was dealt with.
 */
async function takeBatch(
  { bot, db, signal }: MaxPolling,
  batch: Batch,
  seconds: number,
): Promise<{ moved: boolean; full: boolean }> {
  const mark = (await markOfUpdates(db, bot.id)) ?? ((await hasMessages(db, bot.id)) ? 0 : null);
  await bot.pace.call(null, true, signal);
  const { body } = await bot.client.call("GET", "/updates", {
    query: { limit: atOnce, timeout: seconds, marker: mark ?? undefined, types: updateTypes.join() },
    signal,
  });
  const given: unknown[] = Array.isArray(body.updates) ? body.updates : [];
  const updates = given.filter((one): one is object => typeof one === "object" && one !== null);
  const full = given.length >= atOnce;
  const left = await batch.take(updates);
  const { marker } = body;
  if (left.length > 0 || typeof marker !== "number" || marker === mark) return { moved: false, full };
  if (!Number.isSafeInteger(marker) || marker < 0)
    throw new MaxFault(200, "", "the mark that was given is none", false);
  await keepMark(db, bot.id, marker);
  return { moved: true, full };
}
