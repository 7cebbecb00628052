// Everything that changes points: visits, the till, moves. One transaction each, one writer at a time.

import { brokenRule, type Db, inTransaction, type Tx } from "../db/connect.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { type Plan, plan, type Seen, type VisitEntry } from "../rules/plan.ts";
import type { Terms } from "../rules/visit.ts";
import { addEntries, balanceOf, type Entry, lockLedger } from "../store/bonuslog.ts";
import { handOver } from "../store/cards.ts";
import { leaseHolds } from "../store/jobs.ts";
import { askToLook, believe } from "../store/look-again.ts";
import { announce } from "../store/notices.ts";
import { type KnownVisit, knownVisits, knownVisitsOf, putVisits, touchVisits } from "../store/visits.ts";
import type { Reading, YclientsPerson } from "../yclients/record.ts";
import { type Place, placePeople } from "./cards.ts";
import { type Lease, LeaseLost } from "./jobs.ts";

/** What visits are judged by in one branch. */
export interface Programme {
  companyId: number;
  terms: Terms;
  termsId: number;
  /** The programme's first day, `YYYY-MM-DD`. */
  start: string;
  /** How long a change waits before it is told, in milliseconds. */
  settleMs: number;
}

/** What came of a page, for the log and the progress. */
export interface Outcome {
  records: number;
  awards: number;
  corrections: number;
  doubts: number;
}

interface Judged {
  reading: Reading;
  known: KnownVisit | null;
  plan: Plan;
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
): Promise<Outcome> {
  if (readings.length === 0) return { records: 0, awards: 0, corrections: 0, doubts: 0 };
  return inTransaction(db, async (tx) => {
    await lockLedger(tx);
    if (lease && !(await leaseHolds(tx, lease)))
      throw new LeaseLost(`the job ${lease.name} has gone to another program`);
    const places = await placePeople(tx, peopleOf(readings), (from, to) =>
      mergeCards(tx, programme, from, to),
    );
    const judged = judge(
      programme,
      readings,
      places,
      await knownVisits(
        tx,
        readings.map((one) => one.recordId),
      ),
    );
    const entries = judged.flatMap(({ plan }) => ("entries" in plan ? plan.entries : []));
    await store(tx, programme, judged);
    await postVisitEntries(tx, programme, entries);
    return outcomeOf(judged, entries);
  });
}

/** The decisions, with nothing written: a dry run has no cards, so each client stands for a card of its own. */
export function judge(
  programme: Programme,
  readings: Reading[],
  places: Map<number, Place>,
  stored: KnownVisit[],
): Judged[] {
  const byId = new Map(stored.map((visit) => [visit.recordId, visit]));
  return readings.map((reading) => {
    const known = byId.get(reading.recordId) ?? null;
    const place = reading.client ? places.get(reading.client.id) : undefined;
    const seen: Seen = {
      ...reading,
      clientId: reading.client?.id ?? null,
      hasClient: reading.client !== null,
      card: place?.card ?? null,
      forgotten: place?.forgotten ?? false,
    };
    return { reading, known, plan: plan(seen, known, programme.terms, programme.start) };
  });
}

/** The new states and what is to be looked at again. */
async function store(tx: Tx, programme: Programme, judged: Judged[]): Promise<void> {
  const changed = judged.flatMap(({ reading, known, plan }) =>
    plan.step === "change" ? [visitRow(programme, reading, known, plan)] : [],
  );
  const kept = judged.flatMap(({ reading, plan }) =>
    plan.step === "keep"
      ? [{ recordId: reading.recordId, readAt: reading.readAt, decision: plan.decision.word }]
      : [],
  );
  const doubts = judged.flatMap(({ reading, plan }) =>
    plan.step === "doubt" ? [{ recordId: reading.recordId, reason: plan.doubt, error: null }] : [],
  );
  const unknown = [...changed, ...kept].filter((visit) => visit.decision === "payment_unknown");
  await putVisits(tx, changed);
  await touchVisits(tx, kept);
  await believe(
    tx,
    programme.companyId,
    [...changed, ...kept]
      .filter((visit) => visit.decision !== "payment_unknown")
      .map((visit) => visit.recordId),
  );
  await askToLook(tx, programme.companyId, [
    ...doubts,
    ...unknown.map(({ recordId }) => ({ recordId, reason: "payment_unknown" as const, error: null })),
  ]);
}

function visitRow(
  programme: Programme,
  reading: Reading,
  known: KnownVisit | null,
  made: Extract<Plan, { entries: unknown }>,
) {
  const { decision, card, clientId } = made;
  const first = decision.word === "awarded" ? programme.termsId : null;
  const { client: _, ...state } = reading;
  return {
    ...state,
    companyId: programme.companyId,
    visitId: clientId === null && card !== null ? null : reading.visitId,
    clientId,
    card,
    termsId: known?.termsId ?? first,
    decision: decision.word,
  };
}

async function postVisitEntries(tx: Tx, programme: Programme, entries: VisitEntry[]): Promise<void> {
  const added = await addEntries(
    tx,
    entries.map((entry) => ({ ...entry, actor: "sync" })),
  );
  const cards = [...new Set(added.map((row) => row.card))];
  await announce(tx, cards, { about: "visits", companyId: programme.companyId, inMs: programme.settleMs });
}

/** A card without a phone has rows of visits only, so its visits move by the same rule as any other. */
async function mergeCards(tx: Tx, programme: Programme, from: number, to: number): Promise<void> {
  const visits = await knownVisitsOf(tx, from);
  const entries = visits.flatMap((visit) => {
    const sum = visit.posted.get(from) ?? 0;
    if (sum === 0) return [];
    const row = {
      kind: "correction",
      recordId: null,
      corrects: visit.awardId,
      paid: null,
      reason: "moved",
    } as const;
    const key = (place: number) => `visit:${visit.recordId}:${visit.rows + place}`;
    return [
      { ...row, card: from, points: -sum, key: key(1) },
      { ...row, card: to, points: sum, key: key(2) },
    ];
  });
  await postVisitEntries(tx, programme, entries);
  await handOver(tx, from, to);
}

function peopleOf(readings: Reading[]): YclientsPerson[] {
  const latest = new Map<number, YclientsPerson>();
  for (const { client } of readings) if (client) latest.set(client.id, client);
  return [...latest.values()];
}

function outcomeOf(judged: Judged[], entries: VisitEntry[]): Outcome {
  const awards = entries.filter((entry) => entry.kind === "award").length;
  const doubts = judged.filter(
    ({ plan }) => plan.step === "doubt" || ("decision" in plan && plan.decision.word === "payment_unknown"),
  ).length;
  return { records: judged.length, awards, corrections: entries.length - awards, doubts };
}

/** A change that a person makes at the till. Points are positive; `key` is what the change is for. */
export interface TillEntry {
  card: number;
  kind: "credit" | "debit" | "spend";
  points: Points;
  /** A spend's bill. */
  bill?: Kopecks;
  reason?: string;
  /** `admin:<telegram id>`. */
  actor: string;
  key: string;
}

/** `done` once; `already` for the same key; `short` when the card holds less, with what it holds. */
export type TillResult =
  | { result: "done" | "already"; balance: Points }
  | { result: "short"; balance: Points };

/** Adds or takes points by hand, with author, reason and key; told at once. Never takes a card below zero. */
export async function postTill(db: Db, entry: TillEntry): Promise<TillResult> {
  const points = entry.kind === "credit" ? entry.points : -entry.points;
  return shortOr(db, entry.card, () =>
    inTransaction(db, async (tx) => {
      await lockLedger(tx);
      return announceTill(tx, { ...entry, points, paid: entry.bill ?? null }, [entry.card]);
    }),
  );
}

/** Takes back a row of the till by a new one, once. The undo of a credit that is spent already is `short`. */
export async function undo(
  db: Db,
  row: { id: number; card: number; points: Points },
  actor: string,
): Promise<TillResult> {
  const entry: Entry = {
    card: row.card,
    kind: "undo",
    corrects: row.id,
    points: -row.points,
    actor,
    key: `undo:${row.id}`,
  };
  return shortOr(db, row.card, () =>
    inTransaction(db, async (tx) => {
      await lockLedger(tx);
      return announceTill(tx, entry, [row.card]);
    }),
  );
}

/** Points from one card to another as one pair of rows; false when it was done before. Never below zero. */
export async function movePoints(
  tx: Tx,
  move: { from: number; to: number; points: Points; actor: string; key: string; reason?: string },
): Promise<boolean> {
  const row = { kind: "move", actor: move.actor, reason: move.reason ?? null } as const;
  const added = await addEntries(tx, [
    { ...row, card: move.from, points: -move.points, key: `${move.key}:from` },
    { ...row, card: move.to, points: move.points, key: `${move.key}:to` },
  ]);
  await announce(tx, [move.from, move.to], { about: "till", companyId: null, inMs: 0 });
  return added.length > 0;
}

async function announceTill(tx: Tx, entry: Entry, cards: number[]): Promise<TillResult> {
  const added = await addEntries(tx, [entry]);
  if (added.length > 0) await announce(tx, cards, { about: "till", companyId: null, inMs: 0 });
  return { result: added.length > 0 ? "done" : "already", balance: await balanceOf(tx, entry.card) };
}

async function shortOr(db: Db, card: number, work: () => Promise<TillResult>): Promise<TillResult> {
  try {
    return await work();
  } catch (error) {
    if (brokenRule(error) !== "spending_never_goes_below_zero") throw error;
    return { result: "short", balance: await balanceOf(db, card) };
  }
}
