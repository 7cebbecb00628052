// Tells whoever came by an invitation, and whoever invited them, that there is no gift: both once, in the hours of visits.

import { friendTexts } from "../friends/friends.texts.ts";
import {
  holdRefusal,
  markRefusalTold,
  refusalsToTell,
  seesRefusal,
  type UntoldRefusal,
} from "../friends/friends.ts";
import { dayOf, quietLeft } from "../rules/time.ts";
import { unknownBranchZone } from "../visits/branch.ts";
import type { Reader } from "./begun.store.ts";
import type { Notify } from "./notify.ts";
import { type Telling, type ToldOrNot, tellOne } from "./telling.ts";

/** How many refusals a round tells of: each message takes its time, and the next round tells the rest. */
const toldAtOnce = 50;

/**
 * Both are told why there is no gift. What came of it is the messenger's: who cannot be written to reads it by /why. A round ends
 * where the messenger takes nothing now.
 */
export async function tellRefusals(
  notify: Pick<Notify, "db" | "now" | "send" | "tells" | "presence" | "turn" | "signal" | "quietHours">,
): Promise<void> {
  const { db, tells, now, signal, quietHours } = notify;
  const over = () => signal.aborted;
  for (const refusal of await refusalsToTell(db, tells, toldAtOnce)) {
    if (over() || quietLeft(now(), refusal.timeZone ?? unknownBranchZone, quietHours) > 0) return;
    // Who sees less of the card than another of its accounts is told nothing of before, whichever was used last.
    const tell = () =>
      tellOne(
        { ...notify, tells: refusal.tells },
        {
          ...{ of: ofRefusal(refusal), account: refusal.account, isLate: false, over },
          hold: (tx) => holdRefusal(tx, refusal),
          read: async (tx, to) =>
            (await seesRefusal(tx, refusal, to.account)) ? refusalTold(refusal, to, now()) : null,
          lost: (tx) => markRefusalTold(tx, refusal),
        },
      );
    let came: ToldOrNot = await tell();
    // They may have another messenger.
    while (came.kind === "blocked") came = await tell();
    if (came.kind === "wait" || (came.kind === "failed" && came.passes)) return;
    if (came.kind === "failed") await markRefusalTold(db, refusal);
  }
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
