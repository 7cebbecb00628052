// All that is stored of a person, for their own eyes.

import type { Sql } from "../db/connect.ts";
import { dayOf } from "../rules/time.ts";
import { balanceOf } from "../store/bonuslog.ts";
import { visitsSeen } from "../store/history.ts";
import { storedCard, storedChat } from "../store/people.ts";
import type { StoredData } from "../texts/data.ts";
import { unknownBranchZone } from "./branch-zone.ts";
import { wholeHistory } from "./history.ts";

const all = Number.MAX_SAFE_INTEGER;
/** Visits to come are stored too. */
const forEver = new Date("9999-12-31T00:00:00Z");

/** Everything stored of an account and of the card that is linked to it, if one is. */
export async function dataOf(sql: Sql, telegramId: number): Promise<StoredData> {
  const card = await storedCard(sql, telegramId);
  const zone = card?.timeZone ?? unknownBranchZone;
  const chat = await storedChat(sql, telegramId);
  return {
    telegramId,
    consents: chat.consents.map(({ at }) => ({ day: dayOf(at, zone) })),
    questions: chat.questions.map((until) => dayOf(until, zone)),
    card: card && {
      ...card,
      created: dayOf(card.createdAt, zone),
      linked: dayOf(card.linkedAt, zone),
      balance: await balanceOf(sql, card.id),
      visits: await visitsSeen(sql, card.id, forEver, all),
      history: await wholeHistory(sql, card.id),
    },
  };
}
