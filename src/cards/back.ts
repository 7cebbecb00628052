// Coming back after a block.

import type { Db } from "../db/connect.ts";
import { holdings, markAllNotified, pendingSums, underLock } from "../ledger/ledger.ts";
import type { Account } from "../rules/account.ts";
import type { Points } from "../rules/money.ts";
import { cardOfAccount, unblockAccount } from "./clients.store.ts";

/** What a person who had blocked the bot missed, in hundredths. `spent` is positive; `rows` is how many changes. */
export interface Back {
  phone: string;
  balance: Points;
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
    const news = await pendingSums(tx, card.id);
    const { balance } = await holdings(tx, card.id);
    await unblockAccount(tx, account);
    await markAllNotified(tx, card.id);
    return { phone: card.phone, balance, ...news };
  });
}
