// All that is stored of a person, for their own eyes: a card whose number they never proved is said to be there, no more.

import { belongingsOf, type OtherCard, storedCard, storedChat } from "../cards/forget.ts";
import type { Sql } from "../db/connect.ts";
import { cardBalance } from "../ledger/ledger.ts";
import { type Account, externalIdOf } from "../rules/account.ts";
import { dayOf } from "../rules/time.ts";
import { messengerOf } from "../texts/messenger.ts";
import { unknownBranchZone } from "../visits/branch.ts";
import { visitsSeen } from "./history.store.ts";
import { wholeHistory } from "./history.ts";
import type { StoredData } from "./mydata.texts.ts";

const all = Number.MAX_SAFE_INTEGER;
/** Visits to come are stored too. */
const forEver = new Date("9999-12-31T00:00:00Z");

/** Everything stored of an account, of the card that is linked to it, if one is, and of all else that belongs to them. */
export async function dataOf(sql: Sql, account: Account): Promise<StoredData> {
  const card = await storedCard(sql, account);
  const zone = card?.timeZone ?? unknownBranchZone;
  const chat = await storedChat(sql, account);
  const { cards, people } = await belongingsOf(sql, account);
  // Whoever had the number before is no business of whoever has it now.
  const journal = people.map(({ name, unproved }) => ({ name: card?.taken || unproved ? null : name }));
  const others = cards.filter((one) => !one.kept);
  return {
    messenger: messengerOf(account),
    externalId: externalIdOf(account),
    consents: chat.consents.map(({ at }) => ({ day: dayOf(at, zone) })),
    questions: chat.questions.map((until) => dayOf(until, zone)),
    journal,
    card: card && {
      ...card,
      created: dayOf(card.createdAt, zone),
      linked: dayOf(card.linkedAt, zone),
      balance: await cardBalance(sql, card.id),
      ...(await pastOf(sql, card.id)),
    },
    others: await Promise.all(
      others.flatMap((one) =>
        one.proved ? [pastOf(sql, one.id).then((past) => ({ ...one, ...past }))] : [],
      ),
    ),
    unproved: others.filter((one) => !one.proved).length,
  };
}

async function pastOf(sql: Sql, card: number) {
  return { visits: await visitsSeen(sql, card, forEver, all), history: await wholeHistory(sql, card) };
}

/** The cards that would be forgotten beside the linked one. */
export async function othersOf(sql: Sql, account: Account): Promise<OtherCard[]> {
  return (await belongingsOf(sql, account)).cards.filter((one) => !one.kept);
}
