// What waits for an account that was away: it had blocked the bot, or has lost its card and was not told.

import type { Db } from "../db/connect.ts";
import { holdings, holdNotices, markSumsNotified, pendingSums, underLock } from "../ledger/ledger.ts";
import type { Account } from "../rules/account.ts";
import type { Points } from "../rules/money.ts";
import { cardOfAccount, unblockAccount } from "./clients.store.ts";
import { forgetDialog, recallDialog, rememberDialog } from "./dialogs.store.ts";

/** How long an account that lost its card to another is still to be told so, where it may not be told unasked. */
const movedMs = 30 * 86_400_000;
const MOVED_AWAY = "moved_away";

/** The account is to hear at its next turn that another one has its card. */
export async function keepMovedAway(db: Db, account: Account, now: Date): Promise<void> {
  await rememberDialog(db, account, MOVED_AWAY, {}, new Date(now.getTime() + movedMs));
}

/** Whether it is to hear that, and has no card again. */
export async function isMovedAway(db: Db, account: Account, now: Date): Promise<boolean> {
  const kept = await recallDialog(db, account, MOVED_AWAY, now);
  return kept !== null && (await cardOfAccount(db, account)) === null;
}

/** It has heard it. */
export async function forgetMovedAway(db: Db, account: Account): Promise<void> {
  await forgetDialog(db, account, MOVED_AWAY);
}

/** What a person who had blocked the bot missed, in hundredths. `spent` is positive; `rows` is how many changes. */
export interface Back {
  phone: string;
  balance: Points;
  /** What of the balance is told by another message. */
  waiting: Points;
  gained: Points;
  spent: Points;
  visits: number;
  rows: number;
}

/** The person is back after a block: says once what was waiting and marks it as told. Null when they were not away. */
export async function welcomeBack(db: Db, account: Account): Promise<Back | null> {
  return underLock(db, async (tx) => {
    const card = await cardOfAccount(tx, account);
    if (!card?.blockedAt) return null;
    // What another account of the card is being told now is none of it.
    await holdNotices(tx, card.id);
    const news = await pendingSums(tx, card.id, account);
    await unblockAccount(tx, account);
    await markSumsNotified(tx, card.id, account);
    const { balance, waiting } = await holdings(tx, card.id, account);
    return { phone: card.phone, balance, waiting, ...news };
  });
}
