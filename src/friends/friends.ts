// A friend by invitation: the tie, the gifts to both once the first visit has stood for some days, and taking them back.

import { randomBytes } from "node:crypto";
import type { Db } from "../db/connect.ts";
import { eachApart } from "../jobs/apart.ts";
import { type Entry, postEntries, underLock } from "../ledger/ledger.ts";
import type { Account } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import { dayOf, instantOf } from "../rules/time.ts";
import { unknownBranchZone } from "../visits/branch.ts";
import {
  type FriendOffer,
  type HeldVisit,
  hasLapsed,
  isDueFor,
  isGoneForGood,
  limitReached,
  standsSince,
  visitBehind,
} from "./friend.rule.ts";
import {
  addTie,
  areOnes,
  cardOfInvitation,
  codeOfCard,
  givenTo,
  holdTie,
  type InviterRefusal,
  isOneOf,
  markGiven,
  markGone,
  markTakenBack,
  refuseTie,
  rowsOfTie,
  type TieWithVisits,
  tiesIn,
} from "./friends.store.ts";
import { wasHereBefore } from "./newcomer.store.ts";
import { askAboutNewcomers, type Friends } from "./newcomer.ts";

export type { FriendOffer } from "./friend.rule.ts";
export { type SeenTie, tiesOfCard } from "./friends.store.ts";
export type { Friends } from "./newcomer.ts";
export {
  holdRefusal,
  markRefusalTold,
  type RefusalToTell,
  refusalsToTell,
  seesRefusal,
  type UntoldRefusal,
  untoldRefusalsOf,
} from "./refusals.store.ts";

const shape = /^f_([\w-]{16,60})$/;

/** Whether a start parameter is an invitation's. */
export function isInvitation(parameter: string): boolean {
  return shape.test(parameter);
}

/** The start parameter by which the owner of a card invites. */
export async function invitationOf(db: Db, card: CardId): Promise<string> {
  return `f_${await codeOfCard(db, card, randomBytes(16).toString("base64url"))}`;
}

/** The card whose owner invites by this start parameter; null when there is none. */
export async function cardInviting(db: Db, parameter: string): Promise<CardId | null> {
  const code = shape.exec(parameter)?.[1];
  return code === undefined ? null : cardOfInvitation(db, code);
}

/**
 * `own`: it would be oneself. `already`: who sent them was said before, or one of the cards is nobody's any more. Else one of
 * the two works here: nothing is kept that would only be refused.
 */
export type Tied = "tied" | "own" | "already" | "friend_works_here" | "inviter_works_here";

/**
 * Keeps who sent whom, and what both are promised today; whether the friend is new is asked of the journal afterwards. The
 * first to be named stays. `by` is who heard it at the desk, `staff` the accounts of all who work here.
 */
export async function tieFriend(
  db: Db,
  offer: FriendOffer & { friendPoints: NonNullable<FriendOffer["friendPoints"]> },
  of: { friend: CardId; inviter: CardId; by: Account | null; at: Date; staff: readonly Account[] },
): Promise<Tied> {
  const { friend, inviter, by, at, staff } = of;
  if (friend === inviter || (await areOnes(db, friend, inviter))) return "own";
  if (await isOneOf(db, friend, staff)) return "friend_works_here";
  if (await isOneOf(db, inviter, staff)) return "inviter_works_here";
  const tie = {
    ...{ friend, inviter, tiedAt: at },
    ...{ friendPoints: offer.friendPoints.friend, inviterPoints: offer.friendPoints.inviter },
    ...{ afterDays: offer.friendAfterDays, leastBill: offer.friendLeastBill },
  };
  return (await addTie(db, tie, by)) ? "tied" : "already";
}

/** A round: who is new is asked, what is due is given, what nothing bears out any more is taken back. */
export async function settleFriends(friends: Friends): Promise<void> {
  await askAboutNewcomers(friends);
  const { db, paidBy, now } = friends;
  await eachTie(friends, await tiesIn(db, { state: "waits" }, paidBy), async (tie) => {
    const visit = visitBehind(tie.visits, tie);
    if (tie.friendCard === null) await refuseTie(db, tie.friend, "forgotten", now());
    else if (visit && isDueFor(visit, tie, now())) await give(friends, tie.friend);
    else if (!visit && hasLapsed(tie, now())) await refuseTie(db, tie.friend, "too_late", now());
  });
  await eachTie(friends, await tiesIn(db, given(friends), paidBy), async (tie) => {
    const gone = visitBehind(tie.visits, tie) === null;
    if (gone && isGoneForGood(tie.goneSince, now())) await takeBack(friends, tie.friend);
    else if (gone !== (tie.goneSince !== null)) await markGone(db, tie.friend, gone ? now() : null);
  });
}

/** What was given stands for good after a year, and is looked at no more. */
const given = ({ now }: Friends) => ({ state: "given", since: standsSince(now()) }) as const;

/** One that fails stops no other: it is tried again by the next round. */
function eachTie(
  { log, signal }: Friends,
  ties: TieWithVisits[],
  work: (tie: TieWithVisits) => Promise<void>,
): Promise<void> {
  const odd = ({ friend }: TieWithVisits, error: string) =>
    log.error({ job: "friends", card: friend, error }, "an invitation could not be settled");
  return eachApart(ties, { signal, odd }, async ([tie]) => tie && work(tie));
}

/** Everything is read anew under the ledger's lock: a refund may have come, or another program been quicker. */
async function give(friends: Friends, friend: CardId): Promise<void> {
  const { db, now, paidBy, log } = friends;
  await underLock(db, async (tx) => {
    if (!(await holdTie(tx, friend, "waits"))) return;
    const [tie] = await tiesIn(tx, { state: "waits", friend }, paidBy);
    const visit = tie ? visitBehind(tie.visits, tie) : null;
    if (!tie || tie.friendCard === null || !visit || !isDueFor(visit, tie, now())) return;
    if (await wasHereBefore(tx, friend)) return refuseTie(tx, friend, "known", now());
    const inviterWhy = await inviterRefused(friends, tx, tie, visit);
    await markGiven(tx, friend, visit, inviterWhy, now());
    const gift = (side: "friend" | "inviter", card: CardId | null, points: Points): Entry[] =>
      card === null || points === 0
        ? []
        : [{ card, kind: "friend", points, actor: "programme", key: `friend:${friend}:${side}` }];
    const rows = [
      ...gift("inviter", inviterWhy === null ? tie.inviterCard : null, tie.inviterPoints),
      ...gift("friend", tie.friendCard, tie.friendPoints),
    ];
    const added = await postEntries(tx, rows, { about: "visits", companyId: visit.companyId, inMs: 0 });
    const { companyId: company, recordId: record } = visit;
    const ids = added.map((row) => row.id);
    log.info({ job: "friends", company, record, rows: ids, inviterWhy }, "an invitation made a gift");
  });
}

async function inviterRefused(
  { now, friendAMonth, friendAYear }: Friends,
  tx: Parameters<typeof givenTo>[0],
  tie: TieWithVisits,
  visit: HeldVisit & { timeZone: string | null },
): Promise<InviterRefusal | null> {
  if (tie.inviterCard === null) return "forgotten";
  const zone = visit.timeZone ?? unknownBranchZone;
  const today = dayOf(now(), zone);
  const since = (day: string) => instantOf(`${day}T00:00:00`, zone);
  const given = await givenTo(
    tx,
    tie.inviterCard,
    since(`${today.slice(0, 7)}-01`),
    since(`${today.slice(0, 4)}-01-01`),
  );
  return limitReached(given, { aMonth: friendAMonth, aYear: friendAYear });
}

/** Whoever has spent the points owes them to the card, as with any visit that is refunded. */
async function takeBack(friends: Friends, friend: CardId): Promise<void> {
  const { db, now, paidBy, log } = friends;
  await underLock(db, async (tx) => {
    if (!(await holdTie(tx, friend, "given"))) return;
    const [tie] = await tiesIn(tx, { ...given(friends), friend }, paidBy);
    if (!tie || visitBehind(tie.visits, tie) || !isGoneForGood(tie.goneSince, now())) return;
    const rows = (await rowsOfTie(tx, friend)).map(
      ({ id, key, points, card }): Entry => ({
        ...{ card, kind: "friend", points: -points, corrects: id },
        ...{ reason: "friend_gone", actor: "programme", key: `${key}:back` },
      }),
    );
    await markTakenBack(tx, friend, now());
    const added = await postEntries(tx, rows, { about: "visits", companyId: null, inMs: 0 });
    log.info({ job: "friends", rows: added.map((row) => row.id) }, "a gift for an invitation was taken back");
  });
}
