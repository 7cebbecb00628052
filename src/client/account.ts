// What may be asked about a card, and what Telegram tells about their chat.

import { blockAccount, type Holding, holdingOf } from "../cards/link.ts";
import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import { type CardSums, cardSums } from "./card-sums.store.ts";

export type { CardSums } from "./card-sums.store.ts";

/** The account's card and what it holds (hundredths), both of one moment; null when no card is linked. */
export async function balanceOf(db: Sql, account: Account): Promise<Holding | null> {
  return holdingOf(db, account);
}

/** What a card's rows sum to, by where they came from: for whoever is to explain the balance. */
export function sumsOf(db: Sql, card: number): Promise<CardSums> {
  return cardSums(db, card);
}

/** The person has blocked the bot: nothing is sent until they return (see `welcomeBack`). */
export async function chatBlocked(db: Sql, account: Account, now: Date): Promise<void> {
  await blockAccount(db, account, now);
}
