// A round of telling at once, where nothing has to settle and the timetable's next one need not come first.

import { wait } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { About } from "../ledger/ledger.ts";
import { isDue, type Notify, notifyNewBonuses } from "../notices/notify.ts";

/** How long a round that is at it elsewhere may take to end, in milliseconds: it may have looked a moment too early. */
const againInMs = 500;

/**
 * `visits` begins a round and waits for none: after a look, where nothing is to settle. `till` the same after a tap: what
 * is done at the till is told at once, whatever NOTIFY_CRON says. `stop` resolves when the last is over, the program's
 * signal aborted before.
 */
export function tellSoon(notify: Notify, settleMs: number) {
  const { db, log, signal } = notify;
  const due = new Set<About>();
  let telling: Promise<void> | null = null;

  function soon(about: About): void {
    due.add(about);
    telling ??= tell();
  }

  async function tell(): Promise<void> {
    try {
      // What is found while a round is ending is in none, so another follows.
      for (let [about] = due; about !== undefined && !signal.aborted; [about] = due) {
        due.delete(about);
        if (!(await isDue(db, about))) continue;
        if ((await notifyNewBonuses(notify, about)) !== null) continue;
        await wait(againInMs, signal);
        if (!signal.aborted) await notifyNewBonuses(notify, about);
      }
    } catch (error) {
      if (!signal.aborted)
        log.warn({ error: messageOf(error) }, "clients are told by the timetable's next round");
    } finally {
      telling = null;
    }
  }

  return {
    visits(): void {
      if (settleMs <= 0) soon("visits");
    },
    till: () => soon("till"),
    stop: async () => void (await telling),
  };
}
