// A round of telling at once, where nothing has to settle and the timetable's next one need not come first.

import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../errors.ts";
import { notifyNewBonuses } from "../flows/notify.ts";
import type { Parts } from "./parts.ts";

/** How long a round that is at it elsewhere may take to end, in milliseconds: it may have looked a moment too early. */
const againInMs = 500;

/** `soon` begins a round and waits for none; `stop` resolves when the last is over, the program's signal aborted before. */
export function tellSoon({ log, sync, notify, stopping: { signal } }: Parts) {
  let due = false;
  let telling: Promise<void> | null = null;

  async function tell(): Promise<void> {
    try {
      // What is found while a round is ending is in none, so another follows.
      while (due && !signal.aborted) {
        due = false;
        if ((await notifyNewBonuses(notify)) !== null) continue;
        await sleep(againInMs, undefined, { signal });
        await notifyNewBonuses(notify);
      }
    } catch (error) {
      if (!signal.aborted)
        log.warn({ error: messageOf(error) }, "clients are told by the timetable's next round");
    } finally {
      telling = null;
    }
  }

  return {
    soon(): void {
      if (sync.settleMs > 0) return;
      due = true;
      telling ??= tell();
    },
    stop: async () => void (await telling),
  };
}
