// Everything that changes points goes through here: one transaction at a time, its rows, and what is to be said of them.

import { brokenRule, type Db, inTransaction, type Tx } from "../db/connect.ts";
import { type Lease, mustHold } from "../jobs/leases.ts";
import type { CardId, EntryId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import {
  type Added,
  addEntries,
  cardBalance,
  type Entry,
  lockLedger,
  lockLedgerForPage,
} from "./entries.store.ts";
import { withEndsGivenBack } from "./lots.ts";
import { type Enqueued, enqueueNotice } from "./outbox.store.ts";
import { handledToday } from "./spends.store.ts";

// What other rooms ask of the ledger's tables stands in one place with what changes them.
export {
  cardBalance,
  type Entry,
  lockedPoints,
  lockLedger,
  lockLedgerForPage,
  type PointsInAll,
  pointsInAll,
} from "./entries.store.ts";
export {
  type About,
  endRowsOfGone,
  enqueueNotice,
  type Holdings,
  holdings,
  holdNotices,
  keepSilent,
  leaveUntoldTo,
  markAllNotified,
  markNotified,
  markSumsNotified,
  pendingSums,
} from "./outbox.store.ts";
export {
  handledToday,
  type PriceKept,
  pricesKept,
  putSpend,
  relinkSpends,
  type Standing,
  spendsToday,
  spentOn,
  spentSince,
} from "./spends.store.ts";

/** One transaction under the ledger's lock: whatever is read in it is what the writer before has written. */
export function underLock<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(db, async (tx) => {
    await lockLedger(tx);
    return work(tx);
  });
}

/** The same for a page of the journal. Throws `LeaseLost`, with nothing written, when the lease has gone to another program. */
export function underLockForPage<T>(db: Db, lease: Lease | null, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(db, async (tx) => {
    await lockLedgerForPage(tx);
    if (lease) await mustHold(tx, lease);
    return work(tx);
  });
}

/** Adds rows, in order, and what their cards are to be told; returns those that were not there already. */
export async function postEntries(tx: Tx, entries: Entry[], notice: Enqueued): Promise<Added[]> {
  const added = await addEntries(tx, await withEndsGivenBack(tx, entries));
  await enqueueNotice(tx, [...new Set(added.map((row) => row.card))], notice);
  // What had ended and is given back before a change of the till is told as all that the programme does.
  const back = notice.about === "till" ? added.filter(({ key }) => key.startsWith("expiry:")) : [];
  await enqueueNotice(tx, [...new Set(back.map((row) => row.card))], { ...notice, about: "visits" });
  return added;
}

/** Adds rows that nobody is to be told of: the earlier program's, with their own days. One that is there is left out. */
export async function postSilently(tx: Tx, entries: Entry[]): Promise<void> {
  await addEntries(
    tx,
    entries.map((entry) => ({ ...entry, notified: true })),
  );
}

/** What a card holds beside its visits (imported, by hand, debts too) goes to another; the sum stays, so nobody is told. */
export async function moveOpening(tx: Tx, from: CardId, to: CardId): Promise<void> {
  const points = await cardBalance(tx, from);
  if (points === 0) return;
  const row = { kind: "opening", actor: "sync" } as const;
  await postSilently(tx, [
    { ...row, card: from, points: -points, key: `opening:${from}:from` },
    { ...row, card: to, points, key: `opening:${from}:to` },
  ]);
}

/** What else is written in the transaction of a row, once it is there; what it throws takes the row back. */
export type Also = (tx: Tx, row: EntryId) => Promise<void>;

/** A change that a person makes at the till. Points are positive; `key` is what the change is for. */
export interface TillEntry {
  card: CardId;
  kind: "credit" | "debit" | "spend" | "move";
  points: Points;
  /** A move's other card, which gets the points. */
  to?: CardId;
  /** A spend's bill. */
  bill?: Kopecks;
  /** What the admin wrote, or a code that texts/reasons.ts says in words. */
  reason?: string;
  /** The row that this one makes good; of a move taken back, its first row. */
  corrects?: EntryId;
  /** `admin:<telegram id>`, and `,owner:<telegram id>` behind it where a second person agreed. */
  actor: string;
  key: string;
  /** What the admin may give and take in a day of this zone. */
  daily?: { limit: Points; timeZone: string } | undefined;
  /** What must hold under the ledger's lock before anything is written; what it throws stops the change. */
  first?: (tx: Tx) => Promise<void>;
  also?: Also;
}

/**
 * `done` once; `already` for the same key; `short` when the card holds less, with what it holds; `forgotten` when the
 * card's owner has asked to be; `merged` when the card has gone into another meanwhile; `over_limit` when the admin has
 * given and taken too much today, with what is left.
 */
export type TillResult =
  | { result: "done" | "already" | "short" | "forgotten" | "merged"; balance: Points }
  | { result: "over_limit"; balance: Points; left: Points };

/** Adds, takes or moves points by hand, with author, reason and key; told at once. Never takes a card below zero. */
export async function postTill(db: Db, entry: TillEntry): Promise<TillResult> {
  return byHand(db, entry.card, async (tx) => {
    await entry.first?.(tx);
    const done = await postByHand(tx, rowsOf(entry), entry.also);
    if (done.result === "done" && entry.daily) await keepLimit(tx, entry, entry.daily);
    return done;
  });
}

function rowsOf(entry: TillEntry): [Entry, ...Entry[]] {
  const { card, kind, points, to, bill, reason, corrects, actor, key } = entry;
  if (to !== undefined) return pairOf({ from: card, to, points, reason, corrects, actor, key });
  const told = { corrects: corrects ?? null, reason: reason ?? null, paid: bill ?? null };
  return [{ card, kind, ...told, points: kind === "credit" ? points : -points, actor, key }];
}

/** Thrown to take the row back: the sum that the limit is held against has it in already. */
class OverLimit extends Error {
  constructor(readonly left: Points) {
    super("the admin's limit of the day is used up");
  }
}

async function keepLimit(
  tx: Tx,
  { actor, points }: TillEntry,
  { limit, timeZone }: { limit: Points; timeZone: string },
): Promise<void> {
  const author = actor.split(",")[0] ?? actor;
  const handled = await handledToday(tx, author, timeZone);
  if (handled > limit) throw new OverLimit(Math.max(0, limit - (handled - points)));
}

/** Takes back a row of the till by a new one, once. The undo of a credit that is spent already is `short`. */
export async function undo(
  db: Db,
  row: { id: EntryId; card: CardId; points: Points },
  actor: string,
  { first, also, reason }: Pick<TillEntry, "first" | "also" | "reason"> = {},
): Promise<TillResult> {
  const { id, card, points } = row;
  const told = { corrects: id, reason: reason ?? null };
  const entry: Entry = { card, kind: "undo", ...told, points: -points, actor, key: `undo:${id}` };
  return byHand(db, card, async (tx) => {
    await first?.(tx);
    return postByHand(tx, [entry], also);
  });
}

interface Move {
  from: CardId;
  to: CardId;
  points: Points;
  actor: string;
  key: string;
  reason?: string | undefined;
  corrects?: EntryId | undefined;
}

/** Points from one card to another as one pair of rows; false when it was done before. Never below zero. */
export async function movePoints(tx: Tx, move: Move): Promise<boolean> {
  return (await postByHand(tx, pairOf(move))).result === "done";
}

/** A pair is written in one statement under the lock: the second row of the move taken back is the next one. */
function pairOf({ from, to, points, actor, key, reason, corrects }: Move): [Entry, Entry] {
  const row = { kind: "move", actor, reason: reason ?? null } as const;
  const second = corrects === undefined ? null : corrects + 1;
  return [
    { ...row, card: from, points: -points, corrects: second, key: `${key}:from` },
    { ...row, card: to, points, corrects: corrects ?? null, key: `${key}:to` },
  ];
}

async function postByHand(tx: Tx, entries: [Entry, ...Entry[]], also?: Also): Promise<TillResult> {
  const all = await postEntries(tx, entries, { about: "till", companyId: null, inMs: 0 });
  const added = all.find((row) => row.key === entries[0].key); // what has ended may be given back before it
  if (added) await also?.(tx, added.id);
  return { result: added ? "done" : "already", balance: await cardBalance(tx, entries[0].card) };
}

/** One transaction under the ledger's lock; what its guards refuse is a result. */
async function byHand(db: Db, card: CardId, work: (tx: Tx) => Promise<TillResult>): Promise<TillResult> {
  try {
    return await underLock(db, work);
  } catch (error) {
    const balance = () => cardBalance(db, card);
    if (error instanceof OverLimit)
      return { result: "over_limit", left: error.left, balance: await balance() };
    const rule = brokenRule(error);
    if (rule === "forgotten_cards_change_by_visits_alone")
      return { result: "forgotten", balance: await balance() };
    if (rule === "cards_that_went_into_another_get_no_rows")
      return { result: "merged", balance: await balance() };
    if (rule !== "spending_never_goes_below_zero") throw error;
    return { result: "short", balance: await balance() };
  }
}
