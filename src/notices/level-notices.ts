// Tells clients what became of their level: each change once, in the hours in which visits are told.

import { blockAccount } from "../cards/link.ts";
import type { Unsent } from "../channels/channel.ts";
import { withLease } from "../jobs/leases.ts";
import { levelTexts } from "../levels/levels.texts.ts";
import type { Account } from "../rules/account.ts";
import { backOff, dayOf, quietLeft } from "../rules/time.ts";
import { claimLevels, type DueLevel, finishLevel, isLevelDue, postponeLevel } from "./level-notices.store.ts";
import type { Notify } from "./notify.ts";

/** How long a claimed change stays out of others' reach, in milliseconds; and the longest that one is left alone. */
const [claimMs, longestWaitMs] = [60_000, 3_600_000];
const batch = 50;

/** Sends what is due of levels and returns how many were told; null when another program is at it. */
export async function notifyLevels(notify: Notify, timeZone: string): Promise<number | null> {
  if (!(await isLevelDue(notify.db))) return 0;
  return withLease(notify.db, "notify_levels", async (_lease, lost) => {
    const signal = AbortSignal.any([notify.signal, lost]);
    let told = 0;
    while (!signal.aborted) {
      const due = await claimLevels(notify.db, batch, claimMs);
      if (due.length === 0) break;
      for (const one of due) told += (await tellLevel({ ...notify, signal }, one, timeZone)) ? 1 : 0;
    }
    return told;
  });
}

async function tellLevel(notify: Notify, due: DueLevel, timeZone: string): Promise<boolean> {
  const { db, now, quietHours, log } = notify;
  const { account, language, change, card } = due;
  const quietMs = quietLeft(now(), timeZone, quietHours);
  if (quietMs > 0 || notify.signal.aborted) {
    await postponeLevel(db, due, quietMs, false);
    return false;
  }
  if (account === null) {
    await finishLevel(db, due);
    return false;
  }
  await notify.turn(notify.signal);
  const year = Number(dayOf(now(), timeZone).slice(0, 4));
  const sent = await notify.send(account, levelTexts(language).change(change, year));
  if (sent.kind !== "sent") {
    await putOff(notify, due, account, sent);
    return false;
  }
  await finishLevel(db, due);
  notify.count?.("sent");
  log.info(
    { card, message: sent.message, change: due.id, kind: change.kind },
    "a client was told of a level",
  );
  return true;
}

/** It could not be sent: who has blocked the bot may have another messenger, the rest is tried again. */
async function putOff(
  { db, now, log }: Notify,
  due: DueLevel,
  account: Account,
  sent: Unsent,
): Promise<void> {
  if (sent.kind === "blocked") {
    await blockAccount(db, account, now());
    await postponeLevel(db, due, 0, false);
  } else if (sent.kind === "wait") {
    await postponeLevel(db, due, Math.min(sent.ms, longestWaitMs), false);
  } else {
    await postponeLevel(db, due, backOff(due.attempts, 5_000, longestWaitMs), true);
    log.warn(
      { card: due.card, attempts: due.attempts, error: sent.why },
      "a client could not be told of a level",
    );
  }
}
