// Keeps the reserved cards at zero while nothing is under way on them: what lies there belongs to nobody, and could be spent twice.

import { databaseNow, inTransaction, type Tx } from "../db/connect.ts";
import { messageOf } from "../errors.ts";
import { type Lease, mustHold, withLease } from "../jobs/leases.ts";
import { decimal, type Kopecks } from "../rules/money.ts";
import { addDays, dayOf } from "../rules/time.ts";
import type { Settling } from "./look.ts";
import { lateMs } from "./settlement.rule.ts";
import { closeWrite, dropWrite, findSettlement, keepAnswer, openWrite } from "./settlements.store.ts";
import { cardsAtRest, chainsInUse, isCardAtRest, type RestingCard, visitsPaidBy } from "./watch.store.ts";

/**
 * Takes off what lies on the cards that settlements have touched in the last so many days: most likely a movement that came late.
 * How many cards had something. One card after another, each under the lease of all that settles, so that no spend waits for long.
 */
export async function emptyCards(settling: Settling, days: number): Promise<number> {
  let found = 0;
  for (const card of await cardsAtRest(settling.db, days)) {
    if (settling.signal.aborted) break;
    try {
      if (await withLease(settling.db, "settlements", (lease) => emptyOne(settling, lease, card))) found += 1;
    } catch (error) {
      if (settling.signal.aborted) break;
      settling.log.warn(
        { job: "settlement_watch", id: card.id, error: messageOf(error) },
        "a card could not be looked at",
      );
    }
  }
  return found;
}

/** Whether something was there and is asked off. What was asked before and may yet be done is waited for. */
async function emptyOne(settling: Settling, lease: Lease, card: RestingCard): Promise<boolean> {
  const { db, yclients } = settling;
  const held = async () => {
    const cards = await yclients.cardsOf(card.client);
    return cards.find((one) => one.id === card.reservedCard)?.balance ?? 0;
  };
  const one = await findSettlement(db, card.id);
  if (one === null) return false;
  const balance = await held();
  const write = (work: (tx: Tx) => Promise<boolean>) =>
    inTransaction(db, async (tx) => {
      await mustHold(tx, lease);
      return (await isCardAtRest(tx, card.reservedCard)) && work(tx);
    });
  if (one.asked !== null) {
    const was = one.asked.before.balance ?? 0;
    const isDone = balance <= was - one.asked.amount;
    const isOver = (await databaseNow(db)).getTime() - one.asked.sentAt.getTime() >= lateMs;
    if (isDone || isOver)
      await write(async (tx) => {
        await closeWrite(tx, one, isDone ? "done" : "undone", one.held);
        return true;
      });
    return false;
  }
  if (balance <= 0) return false;
  return takeOff(settling, { one, balance, card: card.reservedCard }, write);
}

/** Stored, then asked, once: an answer that never comes leaves it open, and nothing else is written on the card till it is known. */
async function takeOff(
  { db, yclients, log }: Settling,
  of: { one: NonNullable<Awaited<ReturnType<typeof findSettlement>>>; balance: Kopecks; card: number },
  write: (work: (tx: Tx) => Promise<boolean>) => Promise<boolean>,
): Promise<boolean> {
  const { one, balance, card } = of;
  const send = await yclients.movePointsByHand(one.company, card, -balance, `loyalty-bot ${one.id}`);
  let open = 0;
  const seen = { balance, applied: 0, left: null, obstacle: null, elsewhere: null };
  const isOurs = await write(async (tx) => {
    open = await openWrite(tx, { ...one, reservedCard: card }, { write: "take", amount: balance }, seen);
    return true;
  });
  if (!isOurs) return false;
  log.warn(
    { job: "settlement_watch", id: one.id, points: decimal(balance) },
    "points lay on a reserved card, and are taken off",
  );
  const answer = await send();
  const closed = { id: one.id, open };
  if (answer.kind === "unknown") await keepAnswer(db, open, null, answer.words);
  else
    await inTransaction(db, async (tx) => {
      if (answer.kind === "busy") return dropWrite(tx, open);
      await closeWrite(tx, closed, answer.kind === "yes" ? "done" : "undone", one.held);
    });
  return true;
}

/**
 * The visits that reserved cards pay although no settlement is of them, from two weeks ago to tomorrow: somebody's doing by hand,
 * or a backup that was older than a spend. By the chains in which spends settle; a card that none has touched is empty.
 */
export async function foreignVisits({ db, yclients, now }: Settling): Promise<number[]> {
  const today = dayOf(now(), "UTC");
  const foreign = new Set<number>();
  for (const chain of await chainsInUse(db)) {
    const rows = await yclients.withdrawals(chain, null, addDays(today, -14), addDays(today, 2));
    const known = Map.groupBy(await visitsPaidBy(db, chain), (one) => one.reservedCard);
    for (const { card, visit } of rows) {
      const ours = card === null ? undefined : known.get(card);
      if (ours && visit !== null && !ours.some((one) => one.visit === visit)) foreign.add(visit);
    }
  }
  return [...foreign].sort((one, other) => one - other);
}
