// Keeps the reserved cards at zero while nothing is under way on them: what lies there belongs to nobody, and could be spent twice.

import { databaseNow, inTransaction } from "../db/connect.ts";
import { messageOf, Unreachable } from "../errors.ts";
import { type Lease, mustHold, withLease } from "../jobs/leases.ts";
import { decimal, type Kopecks } from "../rules/money.ts";
import { addDays, dayOf } from "../rules/time.ts";
import type { Settling } from "./look.ts";
import { settleDue } from "./settle.ts";
import { lateMs } from "./settlement.rule.ts";
import { findSettlement, type StoredSettlement } from "./settlements.store.ts";
import {
  cardsAtRest,
  chainsInUse,
  isCardAtRest,
  type RestingCard,
  visitsPaidBy,
  watchedOnCard,
} from "./watch.store.ts";
import { watchOne } from "./watch.ts";
import { closeWrite, keepAnswer, openWrite } from "./writes.store.ts";

/**
 * Takes off what lies on the cards that settlements have touched in the last so many days: most likely a movement that came late.
 * How many cards had something. One card after another, each under the lease of all that settles, so that no spend waits for long.
 */
export async function emptyCards(settling: Settling, days: number): Promise<number> {
  let found = 0;
  for (const card of await cardsAtRest(settling.db, days)) {
    if (settling.signal.aborted) break;
    try {
      // A spend that finds the job taken would else wait for the timetable's next round, which may find it taken again.
      await settleDue(settling);
      if (await withLease(settling.db, "settlements", (lease) => emptyOne(settling, lease, card))) found += 1;
    } catch (error) {
      if (settling.signal.aborted) break;
      settling.log.warn(
        { job: "settlement_watch", id: card.id, error: messageOf(error) },
        "a card could not be looked at",
      );
      if (error instanceof Unreachable) break;
    }
  }
  return found;
}

/** Whether something was there and is asked off. What was asked before and may yet be done is waited for. */
async function emptyOne(settling: Settling, lease: Lease, card: RestingCard): Promise<boolean> {
  const { db, yclients } = settling;
  const one = await findSettlement(db, card.id);
  if (one === null || one.state === "under_way" || one.state === "stuck") return false;
  const cards = await yclients.cardsOf(card.client);
  const balance = cards.find(({ id }) => id === card.reservedCard)?.balance ?? null;
  // A right that was taken away shows no card: that is not an empty one.
  if (balance === null) return false;
  if (one.asked !== null) {
    const isDone = balance <= (one.asked.before.balance ?? 0) - one.asked.amount;
    const waited = (await databaseNow(db)).getTime() - one.asked.sentAt.getTime();
    if (isDone || waited >= lateMs)
      await inTransaction(db, async (tx) => {
        await mustHold(tx, lease);
        await closeWrite(tx, one, isDone ? "done" : "undone", one.held);
      });
    return false;
  }
  if (balance <= 0 || (await isOffItsBill(settling, card.reservedCard, balance))) return false;
  return takeOff(settling, lease, { ...one, reservedCard: card.reservedCard }, balance);
}

/** What a hand took off a bill lies there too: it is what proves that, and the round that looks after spends gives it back. */
async function isOffItsBill(settling: Settling, reservedCard: number, balance: Kopecks): Promise<boolean> {
  for (const id of await watchedOnCard(settling.db, reservedCard, balance))
    if (["gone", "given_back"].includes((await watchOne(settling, id)) ?? "")) return true;
  return false;
}

/** Stored, then asked, once: an answer that never comes leaves it open, and nothing else is written on the card till it is known. */
async function takeOff(
  { db, yclients, log }: Settling,
  lease: Lease,
  one: StoredSettlement & { reservedCard: number },
  balance: Kopecks,
): Promise<boolean> {
  const send = await yclients.movePointsByHand(
    one.company,
    one.reservedCard,
    -balance,
    `loyalty-bot ${one.id}`,
  );
  const seen = { balance, applied: 0, left: null, obstacle: null, elsewhere: null };
  const open = await inTransaction(db, async (tx) => {
    await mustHold(tx, lease);
    if (!(await isCardAtRest(tx, one.reservedCard))) return null;
    return openWrite(tx, one, { write: "take", amount: balance }, seen);
  });
  if (open === null) return false;
  log.warn(
    { job: "settlement_watch", id: one.id, points: decimal(balance) },
    "points lay on a reserved card, and are taken off",
  );
  const answer = await send();
  const came = answer.kind === "yes" ? "done" : "undone";
  if (answer.kind === "unknown") await keepAnswer(db, open, null, answer.words);
  else await inTransaction(db, (tx) => closeWrite(tx, { id: one.id, open }, came, one.held));
  return true;
}

/**
 * The visits that reserved cards pay although no settlement is of them, from two weeks ago to tomorrow: somebody's doing by hand,
 * or a backup that was older than a spend. By the chains in which spends settle; a card that none has touched is empty. Null where
 * a chain could not be read: nobody knows.
 */
export async function foreignVisits(settling: Settling): Promise<number[] | null> {
  const foreign = new Set<number>();
  try {
    for (const chain of await chainsInUse(settling.db))
      for (const visit of await foreignIn(settling, chain)) foreign.add(visit);
  } catch (error) {
    if (!settling.signal.aborted)
      settling.log.warn(
        { job: "settlement_watch", error: messageOf(error) },
        "what cards have paid in the chain could not be read",
      );
    return null;
  }
  return [...foreign].sort((one, other) => one - other);
}

async function foreignIn({ db, yclients, now }: Settling, chain: number): Promise<number[]> {
  const today = dayOf(now(), "UTC");
  const rows = await yclients.withdrawals(chain, null, addDays(today, -14), addDays(today, 2));
  const known = new Map(
    (await visitsPaidBy(db, chain)).map((one) => [one.reservedCard, new Set(one.visits)]),
  );
  return rows.flatMap(({ card, visit }) => {
    const ours = card === null ? undefined : known.get(card);
    return ours && visit !== null && !ours.has(visit) ? [visit] : [];
  });
}
