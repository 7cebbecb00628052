// Tells clients what became of their level: each change once, in the hours in which visits are told.

import { messageOf } from "../errors.ts";
import { withLease } from "../jobs/leases.ts";
import { databaseIsAway } from "../jobs/trouble.ts";
import { levelTexts } from "../levels/levels.texts.ts";
import { backOff, dayOf, quietLeft } from "../rules/time.ts";
import type { Reader } from "./begun.store.ts";
import {
  claimLevels,
  type DueLevel,
  finishLevel,
  holdLevel,
  isLevelDue,
  postponeLevel,
  seesLevel,
  type UntoldLevel,
} from "./level-notices.store.ts";
import type { Notify } from "./notify.ts";
import { type Telling, type ToldOrNot, tellOne } from "./telling.ts";

/** How long a claimed change stays out of others' reach, in milliseconds; and the longest that one is left alone. */
const [claimMs, longestWaitMs] = [60_000, 3_600_000];
const batch = 50;

/** Sends what is due of levels and returns how many were told; null when another program is at it. */
export async function notifyLevels(notify: Notify, timeZone: string): Promise<number | null> {
  const { db, tells } = notify;
  if (!(await isLevelDue(db, tells))) return 0;
  return withLease(db, "notify_levels", async (_lease, lost) => {
    const signal = AbortSignal.any([notify.signal, lost]);
    let told = 0;
    while (!signal.aborted) {
      const due = await claimLevels(db, { tells, maxRows: batch, ms: claimMs });
      if (due.length === 0) break;
      for (const one of due) told += (await tellOrPostpone({ ...notify, signal }, one, timeZone)) ? 1 : 0;
    }
    return told;
  });
}

/** One change that cannot be told is put off, and keeps no other waiting. */
async function tellOrPostpone(notify: Notify, due: DueLevel, timeZone: string): Promise<boolean> {
  try {
    return await tellLevel(notify, due, timeZone);
  } catch (error) {
    if (notify.signal.aborted || databaseIsAway(error)) throw error;
    await postponeFailed(notify, due, messageOf(error));
    return false;
  }
}

async function tellLevel(notify: Notify, due: DueLevel, timeZone: string): Promise<boolean> {
  const { db, now, quietHours, log, signal } = notify;
  const { change, card, account, tells } = due;
  const quietMs = quietLeft(now(), timeZone, quietHours);
  if (quietMs > 0 || signal.aborted) {
    await postponeLevel(db, due, quietMs, false);
    return false;
  }
  if (account === null) {
    await finishLevel(db, due);
    return false;
  }
  const year = Number(dayOf(now(), timeZone).slice(0, 4));
  // Who sees less of the card than another of its accounts is told nothing of before, whichever was used last.
  const came = await tellOne(
    { ...notify, tells },
    {
      ...{ of: ofLevel(due), account, isLate: false, over: () => signal.aborted },
      hold: (tx) => holdLevel(tx, due),
      read: async (tx, to) => ((await seesLevel(tx, due, to.account)) ? levelTold(due, to, year) : null),
      lost: (tx) => finishLevel(tx, due),
    },
  );
  if (came.kind !== "sent") {
    await putOff(notify, due, came);
    return false;
  }
  notify.count?.("sent");
  log.info(
    { card, message: came.message, change: due.id, kind: change.kind },
    "a client was told of a level",
  );
  return true;
}

/** What a message of a change is about. */
export function ofLevel({ card, id }: UntoldLevel) {
  return { card, about: "level" as const, subject: id };
}

/** A change in its reader's words, this year. */
export function levelTold(due: UntoldLevel, { language }: Reader, year: number): Telling {
  const html = levelTexts(language).change(due.change, year);
  return { message: { html, buttons: [] }, rows: null, of: {}, told: (tx) => finishLevel(tx, due) };
}

/** It could not be sent: who has blocked the bot may have another messenger, the rest is tried again. */
async function putOff(
  notify: Notify,
  due: DueLevel,
  came: Exclude<ToldOrNot, { kind: "sent" }>,
): Promise<void> {
  const { db } = notify;
  if (came.kind === "failed") await postponeFailed(notify, due, came.why);
  else if (came.kind === "wait") await postponeLevel(db, due, Math.min(came.ms, longestWaitMs), false);
  else if (came.kind === "away" || came.kind === "taken") await postponeLevel(db, due, claimMs, false);
  else if (came.kind !== "nothing") await postponeLevel(db, due, 0, false);
}

async function postponeFailed({ db, log }: Notify, due: DueLevel, why: string): Promise<void> {
  await postponeLevel(db, due, backOff(due.attempts, 5_000, longestWaitMs), true);
  log.warn({ card: due.card, attempts: due.attempts, error: why }, "a client could not be told of a level");
}
