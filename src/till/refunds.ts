// Points spent on a visit that was refunded afterwards: offered to owners, given back by the tap of one. Never by itself.

import type { Speaker } from "../channels/channel.ts";
import { staffNames } from "../chat/staff.ts";
import { type Db, inTransaction, type Tx } from "../db/connect.ts";
import { withLease } from "../jobs/leases.ts";
import { postTill } from "../ledger/ledger.ts";
import type { Account } from "../rules/account.ts";
import { authorOf, calledOf } from "../rules/author.ts";
import type { BotId, EntryId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import { settlementOf, takeOffTheBill } from "../settlements/settlements.ts";
import { ownerWords, postWords } from "../texts/person.ts";
import {
  dueOffers,
  findOffer,
  findRefunds,
  offerTold,
  openOffer,
  postponeOffer,
  type RefundOffer,
  stillRefunded,
  takeOffer,
} from "./refunds.store.ts";
import { refundButton, refundText } from "./refunds.texts.ts";
import { saveScreen, screenOfRow } from "./screens.store.ts";
import { type Till, untilOf } from "./screens.ts";
import { balanceAtTill } from "./till.store.ts";

/** Who never pressed Start may do it any day; other failures pass sooner. Milliseconds. */
const blockedMs = 6 * 3_600_000;
const failedMs = 5 * 60_000;

/**
 * Offers each owner, once a bot, to give back what was spent on visits that have fallen through since. One program at a
 * time; a crash between a message and its mark may offer it twice and never loses it, and the points still come back once.
 */
export async function offerRefunds(
  { db, bot }: { db: Db; bot: BotId },
  owners: readonly Account[],
  send: Speaker["say"],
  now: Date,
): Promise<void> {
  await withLease(db, "refund_offers", async (_lease, lost) => {
    await findRefunds(db, bot);
    for (const spend of await dueOffers(db, bot, owners)) {
      if (lost.aborted) return;
      await tellOwners({ db, bot }, spend, owners, send, now);
    }
  });
}

async function tellOwners(
  { db, bot }: { db: Db; bot: BotId },
  spend: EntryId,
  owners: readonly Account[],
  send: Speaker["say"],
  now: Date,
): Promise<void> {
  const waits: number[] = [];
  for (const owner of owners) {
    // For each anew: while the one before was written to, the client may have asked to be forgotten.
    const offer = await openOffer(db, bot, spend);
    if (offer === null) return;
    if (offer.told.includes(owner)) continue;
    const button = { text: refundButton(offer.points), data: `refund:${spend}` };
    const html = refundText({ ...offer, year: now.getUTCFullYear() });
    const sent = await send(owner, html, [[button]]);
    if (sent.kind === "sent") await offerTold(db, spend, bot, owner);
    else waits.push(sent.kind === "wait" ? sent.ms : sent.kind === "blocked" ? blockedMs : failedMs);
  }
  if (waits.length > 0) await postponeOffer(db, spend, Math.min(...waits));
}

/**
 * What came of an owner's tap. `asked`: the points come back once they pay nothing in the journal any more. `by` and `at` say who
 * gave the points back and when; null: it was done at the till.
 */
type Refunded =
  | { kind: "given"; offer: RefundOffer; balance: Points }
  | { kind: "already"; offer: RefundOffer; by: string | null; at: Date | null }
  | { kind: "paid_again"; offer: RefundOffer }
  | { kind: "asked"; offer: RefundOffer }
  | { kind: "gone" };

/** Thrown in the ledger's transaction to take the row back: the visit is paid again. */
class PaidAgain extends Error {}

/**
 * Gives the points of a spend back as a credit that names it. Its key is the one of the spend's undo: whoever taps, and
 * whatever is tapped at the till, the points come back once.
 */
export async function giveBack(till: Till, spend: EntryId, owner: Account): Promise<Refunded> {
  const offer = await findOffer(till.db, spend);
  if (offer === null) return { kind: "gone" };
  const take = async (tx: Tx) => {
    if (!(await stillRefunded(tx, spend))) throw new PaidAgain();
    await takeOffer(tx, spend, owner, till.now);
  };
  const also = async (tx: Tx) => {
    await take(tx);
    await closeScreen(tx, till, spend, owner);
  };
  try {
    const off = await inTransaction(till.db, async (tx) => {
      const one = await settlementOf(tx, spend);
      const isOver = one === null || one.state === "returned";
      // What is on its way back is no question any more.
      if (!isOver && !(one.goal === "return" && one.state === "under_way")) await take(tx);
      return takeOffTheBill(tx, spend, owner);
    });
    if (off === "asked") return { kind: "asked", offer };
    if (off === "returned") return alreadyGiven(till, offer);
    const { result, balance } = await postTill(till.db, {
      card: offer.card,
      kind: "credit",
      points: offer.points,
      corrects: spend,
      reason: "back_refund",
      actor: authorOf(owner),
      key: `undo:${spend}`,
      also,
    });
    if (result === "forgotten") return { kind: "gone" };
    if (result === "merged") return giveBack(till, spend, owner); // the offer's card is read anew
    return result === "done" ? { kind: "given", offer, balance } : alreadyGiven(till, offer);
  } catch (error) {
    if (error instanceof PaidAgain) return { kind: "paid_again", offer };
    throw error;
  }
}

/** What an owner asked for has come back meanwhile: the same answer as if it had at once. */
export async function givenSince(till: Till, spend: EntryId, owner: Account): Promise<Refunded> {
  const now = await giveBack(till, spend, owner);
  if (now.kind !== "already") return now;
  return { kind: "given", offer: now.offer, balance: (await balanceAtTill(till.db, now.offer.card)) ?? 0 };
}

/** The till's message of this spend says from now on who took it back. */
async function closeScreen(tx: Tx, till: Till, spend: EntryId, owner: Account): Promise<void> {
  const screen = await screenOfRow(tx, spend);
  if (screen === null) return;
  const undone = { ...screen, step: "undone" as const, undoneBy: owner, undoneAt: till.now };
  await saveScreen(tx, undone, untilOf(till, true));
}

async function alreadyGiven(till: Till, before: RefundOffer): Promise<Refunded> {
  const offer = (await findOffer(till.db, before.spend)) ?? before;
  const screen = await screenOfRow(till.db, offer.spend);
  const id = offer.takenBy ?? screen?.undoneBy ?? null;
  const at = offer.takenAt ?? screen?.undoneAt ?? null;
  if (id === null) return { kind: "already", offer, by: null, at: null };
  const names = await staffNames(till.db, [id]);
  return {
    kind: "already",
    offer,
    by: offer.takenBy === null ? postWords(id, names, till.rules.ownerIds) : ownerWords(calledOf(names, id)),
    at,
  };
}
