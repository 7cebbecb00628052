// Warns the owners of cards of points that end soon: once a month before and once a week before, one message for all of them.

import { type Db, inTransaction, type Tx } from "../db/connect.ts";
import { enqueueNotice } from "../ledger/ledger.ts";
import { dayOf } from "../rules/time.ts";
import { unknownBranchZone } from "../visits/branch.ts";
import type { Reader } from "./begun.store.ts";
import { cardsToWarn, keepWarned, pendingWarning } from "./ends.store.ts";
import { warningText } from "./ends.texts.ts";
import { noticeButtons } from "./notice.texts.ts";
import type { Notice } from "./notices.store.ts";
import type { Telling } from "./telling.ts";

/** Has owners of cards told of what ends soon, by the clock of the branch that each was at last. */
export async function enqueueWarnings(db: Db, today: string): Promise<void> {
  const byBranch = Map.groupBy(await cardsToWarn(db, today), ({ company }) => company);
  for (const [companyId, cards] of byBranch) {
    const ids = cards.map(({ card }) => card);
    await inTransaction(db, (tx) => enqueueNotice(tx, ids, { about: "ends", companyId, inMs: 0 }));
  }
}

/** What a card's warning says now; null when there is nothing to warn of any more. */
export async function warningOf(
  { now }: { now: () => Date },
  tx: Tx,
  { card, timeZone }: Pick<Notice, "card" | "timeZone">,
  { language }: Reader,
): Promise<Telling | null> {
  const today = dayOf(now(), timeZone ?? unknownBranchZone);
  const pending = await pendingWarning(tx, card, today);
  if (pending === null) return null;
  const html = warningText(language, { ...pending, year: Number(today.slice(0, 4)) });
  const buttons = [[{ text: noticeButtons(language).card, data: "card" }]];
  const days = pending.ends.map(({ day }) => day);
  return {
    message: { html, buttons },
    rows: null,
    of: { ends: days },
    told: (end) => keepWarned(end, card, days, today),
  };
}

/** Whoever may have been warned at an account that is gone is not warned of the same at another. */
export async function countAsWarned(
  { now }: { now: () => Date },
  tx: Tx,
  { card, timeZone }: Pick<Notice, "card" | "timeZone">,
): Promise<void> {
  const today = dayOf(now(), timeZone ?? unknownBranchZone);
  const days = (await pendingWarning(tx, card, today))?.ends.map(({ day }) => day) ?? [];
  await keepWarned(tx, card, days, today);
}
