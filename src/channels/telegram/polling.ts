// Long polling: asks Telegram for updates and hands them on, of one chat in order, of different chats side by side.

import { type Api, GrammyError } from "grammy";
import type { Update } from "grammy/types";
import { wait } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { askedWait, backOff } from "../../rules/time.ts";
import { batches } from "../batches.ts";
import { faultText } from "./client.ts";

/**
 * What polling needs. `api` is a `telegramApi` whose seconds let a getUpdates wait. A handler calls `waits` once it has
 * done its work and only waits for somebody else: nobody's next update waits with it.
 */
interface Polling {
  api: Api;
  handle: (update: Update, waits: () => void) => Promise<unknown>;
  log: Log;
  signal: AbortSignal;
  allowedUpdates: readonly Exclude<keyof Update, "update_id">[];
  /** The wait after a first failure; it doubles up to 30 s. Shorter in tests. */
  firstWaitMs?: number;
}

const longestWaitMs = 30_000;
const conflictWaitMs = 10_000;
const hastyMs = 100;

/**
 * Polls until the signal, then confirms what was handled and returns. An update whose handler keeps throwing is given up
 * after three tries, with a line in the log, and never holds up other chats. Does not throw.
 */
export async function poll(polling: Polling): Promise<void> {
  const { api, log, signal } = polling;
  let offset = 0;
  let failures = 0;
  let webhookGone = false;
  const { take, over } = batches<Update>({
    ...polling,
    chatOf,
    named: ({ update_id }) => ({ update_id }),
  });
  while (!signal.aborted) {
    try {
      // What it cannot say it need not: a webhook that stays is told by getUpdates itself.
      if (!webhookGone) {
        await api.deleteWebhook({ drop_pending_updates: false }, grammySignal(signal)).catch(unlessAway);
      }
      webhookGone = true;
      const askedAt = performance.now();
      const asked = { offset, timeout: 25, allowed_updates: polling.allowedUpdates };
      const updates = await api.getUpdates(asked, grammySignal(signal));
      const ours = updates.filter(isUpdate);
      const next = offsetAfter(ours, await take(ours), offset);
      failures = 0;
      // What has no number cannot be confirmed and would come again at once; and a server between us and Telegram may
      // answer "nothing" without waiting.
      const atOnce = updates.length === 0 && performance.now() - askedAt < hastyMs;
      if (atOnce || (updates.length > 0 && next === offset)) await wait(firstWait(polling), signal);
      offset = next;
    } catch (error) {
      if (signal.aborted) break;
      failures += 1;
      if (isConflict(error) && /webhook/.test(messageOf(error))) webhookGone = false;
      log.warn({ error: faultText(error, api.token), failures }, "polling Telegram failed");
      await wait(waitAfter(error, failures, polling), signal);
    }
  }
  await over();
  if (offset > 0) await confirm(api, offset, log);
}

/**
 * The offset that confirms a batch, or as much of it as was handled. It goes by the batch's own numbers, be they below the
 * offset: after a week of silence Telegram numbers anew, gives what it has whatever the offset, and an offset of before
 * confirms none of it.
 */
function offsetAfter(batch: Update[], left: Update[], offset: number): number {
  const ids = (updates: Update[]) => updates.map((update) => update.update_id);
  if (batch.length === 0) return offset;
  return left.length > 0 ? Math.min(...ids(left)) : Math.max(...ids(batch)) + 1;
}

/** What is not confirmed comes again after the start, which does no harm but shows twice: so it is only tried. */
async function confirm(api: Api, offset: number, log: Log): Promise<void> {
  try {
    await api.getUpdates({ offset, limit: 1, timeout: 0 }, grammySignal(AbortSignal.timeout(3000)));
  } catch (error) {
    log.warn({ error: faultText(error, api.token) }, "the last updates could not be confirmed");
  }
}

/** grammY's types name the signal of an npm package; what runs is the platform's own. */
function grammySignal(signal: AbortSignal): NonNullable<Parameters<Api["deleteWebhook"]>[1]> {
  return signal as unknown as NonNullable<Parameters<Api["deleteWebhook"]>[1]>;
}

function isConflict(error: unknown): boolean {
  return error instanceof GrammyError && error.error_code === 409;
}

function firstWait({ firstWaitMs = 1000 }: Polling): number {
  return firstWaitMs;
}

/** Jitter, so that replicas that failed together do not come back together. */
function waitAfter(error: unknown, failures: number, polling: Polling): number {
  const asked = error instanceof GrammyError ? error.parameters.retry_after : undefined;
  const first = firstWait(polling);
  // Whatever is asked: a bot that does not ask hears nobody.
  if (asked !== undefined) return Math.min(askedWait(asked), first * 100);
  if (isConflict(error)) return Math.min(conflictWaitMs, first * 10);
  return backOff(failures, first, longestWaitMs) * (0.5 + Math.random() / 2);
}

function isUpdate(update: unknown): update is Update {
  return (
    typeof update === "object" &&
    update !== null &&
    "update_id" in update &&
    Number.isSafeInteger(update.update_id) &&
    // An offset below zero would drop what waits.
    Number(update.update_id) >= 0
  );
}

/** Whose order an update keeps: its chat's, else its sender's, else one for all. */
function chatOf(update: Update): number {
  const { message, callback_query: tap, my_chat_member: member } = update;
  return message?.chat?.id ?? tap?.message?.chat?.id ?? tap?.from?.id ?? member?.chat?.id ?? 0;
}

/** Telegram's own "no" is let pass; not reaching it is a failure. */
function unlessAway(error: unknown): void {
  if (!(error instanceof GrammyError)) throw error;
}
