// Coming back after a block.

import type { Db } from "../db/connect.ts";
import { holdings, markAllNotified, pendingSums, underLock } from "../ledger/ledger.ts";
import type { Points } from "../rules/money.ts";
import { personByTelegram, unblockPerson } from "./clients.store.ts";

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
export async function welcomeBack(db: Db, telegramId: number): Promise<Back | null> {
  return underLock(db, async (tx) => {
    const card = await personByTelegram(tx, telegramId);
    if (!card?.phone || card.blockedAt === null) return null;
    const news = await pendingSums(tx, card.id);
    const { balance } = await holdings(tx, card.id);
    await unblockPerson(tx, telegramId);
    await markAllNotified(tx, card.id);
    return { phone: card.phone, balance, ...news };
  });
}
