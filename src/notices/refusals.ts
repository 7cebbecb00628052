// Tells whoever came by an invitation, and whoever invited them, that there is no gift: both once, in the hours of visits.

import { friendTexts } from "../friends/friends.texts.ts";
import {
  holdRefusal,
  markRefusalTold,
  type RefusalToTell,
  refusalsToTell,
  seesRefusal,
  type UntoldRefusal,
} from "../friends/friends.ts";
import { eachApart } from "../jobs/apart.ts";
import { dayOf, quietLeft } from "../rules/time.ts";
import { unknownBranchZone } from "../visits/branch.ts";
import type { Reader } from "./begun.store.ts";
import type { Notify } from "./notify.ts";
import { type Telling, type ToldOrNot, tellOne } from "./telling.ts";

/** How many refusals a round tells of: each message takes its time, and the next round tells the rest. */
const toldAtOnce = 50;

type Teller = Pick<
  Notify,
  "db" | "log" | "now" | "send" | "tells" | "presence" | "turn" | "signal" | "quietHours"
>;

/**
 * Both are told why there is no gift. What came of it is the messenger's: who cannot be written to reads it by /why. A round ends
 * where the messenger takes nothing now; one that fails stops no other, and is tried again by the next round.
 */
export async function tellRefusals(notify: Teller): Promise<void> {
  const { db, log, tells, now, quietHours } = notify;
  const ended = new AbortController();
  const signal = AbortSignal.any([notify.signal, ended.signal]);
  const odd = ({ friend, side }: UntoldRefusal, error: string) =>
    log.error(
      { job: "friends", card: friend, side, error },
      "nobody could be told what became of an invitation",
    );
  await eachApart(await refusalsToTell(db, tells, toldAtOnce), { signal, odd }, async ([refusal]) => {
    if (!refusal) return;
    const isQuiet = quietLeft(now(), refusal.timeZone ?? unknownBranchZone, quietHours) > 0;
    if (isQuiet || !(await tellRefusal(notify, refusal))) ended.abort();
  });
}

/** False where the messenger takes nothing now. */
async function tellRefusal(notify: Teller, refusal: RefusalToTell): Promise<boolean> {
  const { db, now, signal } = notify;
  // Who sees less of the card than another of its accounts is told nothing of before, whichever was used last.
  const outlets = { ...notify, tells: refusal.tells };
  const tell = () =>
    tellOne(outlets, {
      ...{ of: ofRefusal(refusal), account: refusal.account, isLate: false, over: () => signal.aborted },
      hold: (tx) => holdRefusal(tx, refusal),
      read: async (tx, to) =>
        (await seesRefusal(tx, refusal, to.account)) ? refusalTold(refusal, to, now()) : null,
      lost: (tx) => markRefusalTold(tx, refusal),
    });
  let came: ToldOrNot = await tell();
  // They may have another messenger.
  while (came.kind === "blocked") came = await tell();
  if (came.kind === "wait" || (came.kind === "failed" && came.passes)) return false;
  if (came.kind === "failed") await markRefusalTold(db, refusal);
  return true;
}

/** What a message of a refusal is about. */
export function ofRefusal({ card, side, friend }: UntoldRefusal) {
  return { card, about: side, subject: friend };
}

/** Why there is no gift, in the reader's words. */
export function refusalTold(refusal: UntoldRefusal, { language }: Reader, now: Date): Telling {
  const { side, why, tiedAt } = refusal;
  const zone = refusal.timeZone ?? unknownBranchZone;
  const year = Number(dayOf(now, zone).slice(0, 4));
  const html = friendTexts(language).refused(side, why, dayOf(tiedAt, zone), year);
  return {
    message: { html, buttons: [] },
    rows: null,
    of: {},
    told: (tx) => markRefusalTold(tx, refusal),
  };
}
