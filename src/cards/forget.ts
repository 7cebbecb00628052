// Leaving: unlinking a card, and forgetting a person for good.

import type { Db } from "../db/connect.ts";
import { cardBalance, markAllNotified, underLock } from "../ledger/ledger.ts";
import type { Account } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import {
  type AccountBeside,
  accountsBeside,
  cardOfAccount,
  keepLeftTogether,
  unlinkAccount,
  unlinkBeside,
} from "./clients.store.ts";
import {
  belongingsOf,
  blankCard,
  cardsLeftFor,
  forgetChats,
  forgetClients,
  forgetNames,
  forgetPhones,
  forgetQuestions,
  forgetScreens,
  forgetVisits,
  isForgotten,
} from "./people.store.ts";
import { accountsOfPerson } from "./together.ts";
import type { Veil } from "./veil.ts";

export { belongingsOf, forgetMessages, type OtherCard } from "./people.store.ts";
export { type StoredCard, storedCard, storedChat, storedWork } from "./stored.store.ts";

/**
 * The account lets go of the card it was asked about, and with `everywhere` all others that have it; the card keeps its
 * phone, and its points wait on it. Null when the account has no such card any more. Rows not told yet are told as waiting, at
 * the next linking, once nobody has it. `beside` are the others, who still have it or have it no more.
 */
export async function unlink(
  db: Db,
  account: Account,
  card: CardId,
  everywhere = false,
): Promise<{ phone: string; balance: Points; beside: AccountBeside[] } | null> {
  return underLock(db, async (tx) => {
    const mine = await cardOfAccount(tx, account);
    if (mine?.id !== card) return null;
    const beside = await accountsBeside(tx, account);
    // The one that asked is the last who had it, and comes back to what it has seen; so does who is known to be the same person.
    if (everywhere) await unlinkBeside(tx, account);
    const same = beside.filter((one) => one.same).map((one) => one.account);
    if (everywhere) await keepLeftTogether(tx, card, same);
    const held = await unlinkAccount(tx, account);
    if (!held) await markAllNotified(tx, card);
    return { phone: mine.phone, balance: await cardBalance(tx, card), beside };
  });
}

/**
 * Removes a person for good: name, phone, accounts, consents and what led from visits to them, on all that belongs to them
 * (see `belongingsOf`). The ledger's sums stay, on cards that are nobody's; YCLIENTS's numbers and a hash of each phone stay,
 * so that no pass brings the person back. `card` is the one they were asked about; null when the account has another by now,
 * and nothing is done. `kept`: phones of cards that may be somebody else's by now, and stay. `beside`: the other accounts of
 * that card, of which nothing is left either; what one of them had alone goes only where it is known to be the same person's.
 */
export async function forget(
  db: Db,
  account: Account,
  card: CardId | null,
  { now, veil }: { now: Date; veil: Veil },
): Promise<{ kept: string[]; beside: AccountBeside[] } | null> {
  // The sync's writing and any linking wait here: neither may put back what is being taken away.
  return underLock(db, async (tx) => {
    const mine = await cardOfAccount(tx, account);
    if ((mine?.id ?? null) !== card) {
      const done = mine === null && card !== null && (await isForgotten(tx, card));
      return done ? { kept: (await cardsLeftFor(tx, card)).map((one) => one.phone), beside: [] } : null;
    }
    const beside = await accountsBeside(tx, account);
    const { cards: others, people, allCards } = await belongingsOf(tx, await accountsOfPerson(tx, account));
    const theirs = [...(mine ? [mine] : []), ...others.filter((one) => !one.kept)];
    const numbers = people.map((one) => one.number);
    const cards = theirs.map((one) => one.id);
    await forgetVisits(tx, { cards, people: numbers, others: allCards });
    await forgetNames(tx, allCards, numbers);
    await forgetClients(tx, numbers, now);
    const phones = theirs.flatMap((one) => one.phone ?? []);
    for (const { id, phone } of theirs) {
      await forgetScreens(tx, id, phone);
      await forgetQuestions(tx, phone);
      await blankCard(tx, id, now);
    }
    await forgetPhones(tx, phones.map(veil), now);
    await forgetChats(tx, [account, ...beside.map((one) => one.account)]);
    return { kept: others.flatMap((one) => (one.kept && one.phone ? [one.phone] : [])), beside };
  });
}
