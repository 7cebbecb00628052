// Everything that changes points: visits, the till, moves. One transaction each, one writer at a time.

import { placePeople } from "../cards/assign.ts";
import { handOver } from "../cards/cards.store.ts";
import { brokenRule, type Db, inTransaction, type Tx } from "../db/connect.ts";
import { must } from "../errors.ts";
import { leaseHolds } from "../jobs/leases.store.ts";
import { type Lease, LeaseLost } from "../jobs/leases.ts";
import { announce } from "../notices/notices.store.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { judge, nothing, type Outcome, outcomeOf, type Programme, peopleOf } from "../visits/decide.ts";
import type { VisitEntry } from "../visits/plan.rule.ts";
import { keepStates } from "../visits/states.ts";
import { knownVisits, knownVisitsOf, unreadAwards, unreadAwardsOf } from "../visits/visits.store.ts";
import type { Reading } from "../yclients/record.ts";
import { addEntries, balanceOf, type Entry, lockLedger, lockLedgerForPage } from "./entries.store.ts";
import { handledToday } from "./spends.store.ts";

/** A row that visits have just made. */
export interface NewRow {
  id: number;
  recordId: number;
  entry: VisitEntry;
}

/** What is committed of a page: its sums, and the new rows in order. */
export interface Posted extends Outcome {
  rows: NewRow[];
}

/**
 * Brings the ledger in step with these readings of one branch (each record at most once): states, decisions, rows and
 * notices in one transaction, in a fixed number of statements however many there are. Throws `LeaseLost`, with nothing
 * written, when the lease has gone to another program.
 */
export async function postReadings(
  db: Db,
  programme: Programme,
  readings: Reading[],
  lease: Lease | null,
): Promise<Posted> {
  if (readings.length === 0) return { ...nothing(), rows: [] };
  return inTransaction(db, async (tx) => {
    const rows: NewRow[] = [];
    await lockLedgerForPage(tx);
    if (lease && !(await leaseHolds(tx, lease))) throw new LeaseLost(lease.name);
    const merge = async (from: number, to: number) => {
      rows.push(...(await mergeCards(tx, programme, from, to)));
    };
    const places = await placePeople(tx, peopleOf(readings), merge, programme.veil);
    const records = readings.map((one) => one.recordId);
    const stored = await knownVisits(tx, programme.companyId, records);
    const seen = new Set(stored.map((visit) => visit.recordId));
    const unread = await unreadAwards(
      tx,
      programme.companyId,
      records.filter((id) => !seen.has(id)),
    );
    const judged = judge(programme, readings, places, stored, unread);
    const keys = await keepStates(tx, programme, judged);
    const entries = judged
      .flatMap(({ plan }) => ("entries" in plan ? plan.entries : []))
      .map((entry) =>
        entry.kind === "award" ? { ...entry, key: keys.get(entry.record) ?? entry.key } : entry,
      );
    rows.push(...(await postVisitEntries(tx, programme, entries)));
    return { ...outcomeOf(judged, entries), rows };
  });
}

async function postVisitEntries(tx: Tx, programme: Programme, entries: VisitEntry[]): Promise<NewRow[]> {
  const added = await addEntries(
    tx,
    entries.map((entry) => ({ ...entry, actor: "sync" })),
  );
  const cards = [...new Set(added.map((row) => row.card))];
  await announce(tx, cards, { about: "visits", companyId: programme.companyId, inMs: programme.settleMs });
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  return added.map(({ id, key }) => {
    const entry = must(byKey.get(key), "the entry of an added row");
    return { id, recordId: entry.record, entry };
  });
}

/** A card without a phone has rows of visits, which move by the one rule of all visits, and what was imported beside. */
async function mergeCards(tx: Tx, programme: Programme, from: number, to: number): Promise<NewRow[]> {
  const visits = [...(await knownVisitsOf(tx, from)), ...(await unreadAwardsOf(tx, from))];
  const entries = visits.flatMap((visit) => {
    const sum = visit.posted.get(from) ?? 0;
    if (sum === 0) return [];
    const row = {
      kind: "correction",
      record: visit.recordId,
      recordId: null,
      corrects: visit.awardId,
      paid: null,
      reason: "moved",
    } as const;
    const award = visit.awardKey ?? `visit:${visit.recordId}`;
    const key = (place: number) => `${award}:${visit.rows + place}`;
    return [
      { ...row, card: from, points: -sum, key: key(1) },
      { ...row, card: to, points: sum, key: key(2) },
    ];
  });
  const rows = await postVisitEntries(tx, programme, entries);
  await moveOpening(tx, from, to);
  await handOver(tx, from, to);
  return rows;
}

/** What a card holds beside its visits (imported, by hand, debts too) goes to another; the sum stays, so nobody is told. */
async function moveOpening(tx: Tx, from: number, to: number): Promise<void> {
  const points = await balanceOf(tx, from);
  if (points === 0) return;
  const row = { kind: "opening", actor: "sync", told: true } as const;
  await addEntries(tx, [
    { ...row, card: from, points: -points, key: `opening:${from}:from` },
    { ...row, card: to, points, key: `opening:${from}:to` },
  ]);
}

/**
 * The earlier program's rows, inside its import's transaction, which holds the ledger's lock: with their own days, told
 * already. One that is there is left out.
 */
export async function postImported(tx: Tx, entries: Entry[]): Promise<void> {
  await addEntries(
    tx,
    entries.map((entry) => ({ ...entry, told: true })),
  );
}

/** What else is written in the transaction of a row, once it is there; what it throws takes the row back. */
export type Also = (tx: Tx, row: number) => Promise<void>;

/** A change that a person makes at the till. Points are positive; `key` is what the change is for. */
export interface TillEntry {
  card: number;
  kind: "credit" | "debit" | "spend" | "move";
  points: Points;
  /** A move's other card, which gets the points. */
  to?: number;
  /** A spend's bill. */
  bill?: Kopecks;
  /** What the admin wrote, or a code that texts/reasons.ts says in words. */
  reason?: string;
  /** The row that this one makes good; of a move taken back, its first row. */
  corrects?: number;
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
    const done = await announceTill(tx, rowsOf(entry), entry.also);
    if (done.result === "done" && entry.daily) await keepLimit(tx, entry, entry.daily);
    return done;
  });
}

function rowsOf(entry: TillEntry): [Entry, ...Entry[]] {
  const { card, kind, points, to, bill, reason, corrects, actor, key } = entry;
  if (to !== undefined) return pairOf({ from: card, to, points, reason, corrects, actor, key });
  const row = {
    card,
    kind,
    corrects: corrects ?? null,
    reason: reason ?? null,
    paid: bill ?? null,
    actor,
    key,
  };
  return [{ ...row, points: kind === "credit" ? points : -points }];
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
  row: { id: number; card: number; points: Points },
  actor: string,
  also?: Also,
): Promise<TillResult> {
  const { id, card, points } = row;
  const entry: Entry = { card, kind: "undo", corrects: id, points: -points, actor, key: `undo:${id}` };
  return byHand(db, card, (tx) => announceTill(tx, [entry], also));
}

interface Move {
  from: number;
  to: number;
  points: Points;
  actor: string;
  key: string;
  reason?: string | undefined;
  corrects?: number | undefined;
}

/** Points from one card to another as one pair of rows; false when it was done before. Never below zero. */
export async function movePoints(tx: Tx, move: Move): Promise<boolean> {
  return (await announceTill(tx, pairOf(move))).result === "done";
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

async function announceTill(tx: Tx, entries: [Entry, ...Entry[]], also?: Also): Promise<TillResult> {
  const [added] = await addEntries(tx, entries);
  if (added) {
    await also?.(tx, added.id);
    const cards = entries.map((entry) => entry.card);
    await announce(tx, cards, { about: "till", companyId: null, inMs: 0 });
  }
  return { result: added ? "done" : "already", balance: await balanceOf(tx, entries[0].card) };
}

/** One transaction under the ledger's lock; what its guards refuse is a result. */
async function byHand(db: Db, card: number, work: (tx: Tx) => Promise<TillResult>): Promise<TillResult> {
  try {
    return await inTransaction(db, async (tx) => {
      await lockLedger(tx);
      return work(tx);
    });
  } catch (error) {
    const balance = () => balanceOf(db, card);
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
