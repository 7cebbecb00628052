// Leaving: unlinking a card, and forgetting a person for good.

import { type Db, inTransaction, type Tx } from "../db/connect.ts";
import type { Points } from "../rules/money.ts";
import { balanceOf, lockLedger } from "../store/bonuslog.ts";
import { personByTelegram, unlinkPerson } from "../store/clients.ts";
import {
  blankCard,
  cardsLeftFor,
  forgetChat,
  forgetClients,
  forgetQuestions,
  forgetScreens,
  forgetVisits,
  isForgotten,
} from "../store/people.ts";
import { markTold } from "../store/waiting.ts";

/**
 * The account lets go of the card it was asked about; the card keeps its phone, and its points wait on it. Null when
 * the account has no such card any more. Rows not told yet are told as waiting, at the next linking.
 */
export async function unlink(
  db: Db,
  telegramId: number,
  card: number,
): Promise<{ phone: string; balance: Points } | null> {
  return inTransaction(db, async (tx) => {
    await lockLedger(tx);
    const mine = await personByTelegram(tx, telegramId);
    if (mine?.id !== card || mine.phone === null) return null;
    await unlinkPerson(tx, card);
    await markTold(tx, card);
    return { phone: mine.phone, balance: await balanceOf(tx, card) };
  });
}

/**
 * Removes a person for good: name, phone, Telegram account, consents and what led from visits to them. The sums in the
 * ledger stay, on a card that is nobody's, and YCLIENTS's numbers of the client stay as "forgotten", so that the next
 * pass does not bring the person back. `card` is the one they were asked about, null for an account without one; null
 * when the account has another by now, and nothing is done. Asked twice, it is done once.
 *
 * The cards that the person left for this one go too, unless visits or points have come onto them since: those may be
 * somebody else's. They are `kept`, by their phones.
 */
export async function forget(
  db: Db,
  telegramId: number,
  card: number | null,
  now: Date,
): Promise<{ kept: string[] } | null> {
  return inTransaction(db, async (tx) => {
    // The sync's writing and any linking wait here: neither may put back what is being taken away.
    await lockLedger(tx);
    const mine = await personByTelegram(tx, telegramId);
    if ((mine?.id ?? null) !== card) {
      const done = mine === null && card !== null && (await isForgotten(tx, card));
      return done ? { kept: (await cardsLeftFor(tx, card)).map((one) => one.phone) } : null;
    }
    const left = mine ? await cardsLeftFor(tx, mine.id) : [];
    for (const one of left) if (!one.used) await forgetCard(tx, one.id, one.phone, now);
    if (mine) await forgetCard(tx, mine.id, mine.phone, now);
    await forgetChat(tx, telegramId);
    return { kept: left.filter((one) => one.used).map((one) => one.phone) };
  });
}

async function forgetCard(tx: Tx, card: number, phone: string | null, now: Date): Promise<void> {
  await forgetVisits(tx, card);
  await forgetClients(tx, card, now);
  await forgetScreens(tx, card, phone);
  await forgetQuestions(tx, phone);
  await blankCard(tx, card, now);
}
