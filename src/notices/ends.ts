// Warns the owners of cards of points that end soon: once a month before and once a week before, one message for all of them.

import { type Db, inTransaction } from "../db/connect.ts";
import { enqueueNotice } from "../ledger/ledger.ts";
import { dayOf } from "../rules/time.ts";
import { unknownBranchZone } from "../visits/branch.ts";
import { cardsToWarn, keepWarned, pendingWarning } from "./ends.store.ts";
import { warningText } from "./ends.texts.ts";
import { noticeButtons } from "./notice.texts.ts";
import type { Notice } from "./notices.store.ts";

/** Has owners of cards told of what ends soon, by the clock of the branch that each was at last. */
export async function enqueueWarnings(db: Db, today: string): Promise<void> {
  const byBranch = Map.groupBy(await cardsToWarn(db, today), ({ company }) => company);
  for (const [companyId, cards] of byBranch) {
    const ids = cards.map(({ card }) => card);
    await inTransaction(db, (tx) => enqueueNotice(tx, ids, { about: "ends", companyId, inMs: 0 }));
  }
}

/** What a card's warning says now; null when there is nothing to warn of any more. */
export async function warningOf({ db, now }: { db: Db; now: () => Date }, { card, timeZone }: Notice) {
  const at = now();
  const today = dayOf(at, timeZone ?? unknownBranchZone);
  const pending = await pendingWarning(db, card, today);
  if (pending === null) return null;
  const { account, language, ...what } = pending;
  const html = warningText(language, { ...what, year: Number(today.slice(0, 4)) });
  const buttons = [[{ text: noticeButtons(language).card, data: "card" }]];
  const days = what.ends.map(({ day }) => day);
  return {
    account,
    message: { html, buttons },
    of: { ends: days },
    told: () => keepWarned(db, card, days, today),
  };
}
