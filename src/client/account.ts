// What may be asked about a card, and what Telegram tells about their chat.

import { balanceByTelegram, blockPerson, type Holding } from "../cards/clients.store.ts";
import type { Sql } from "../db/connect.ts";
import { type CardSums, cardSums } from "./card-sums.store.ts";

export type { CardSums } from "./card-sums.store.ts";

/** The account's card and what it holds (hundredths), both of one moment; null when no card is linked. */
export async function balanceOf(db: Sql, telegramId: number): Promise<Holding | null> {
  return balanceByTelegram(db, telegramId);
}

/** What a card's rows sum to, by where they came from: for whoever is to explain the balance. */
export function sumsOf(db: Sql, card: number): Promise<CardSums> {
  return cardSums(db, card);
}

/** The person has blocked the bot: nothing is sent until they return (see `welcomeBack`). */
export async function chatBlocked(db: Sql, telegramId: number, now: Date): Promise<void> {
  await blockPerson(db, telegramId, now);
}
