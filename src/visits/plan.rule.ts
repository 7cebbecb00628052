// From an answer about a record to what has to be written: its new state, the decision, the rows of the ledger.

import type { CardId, EntryId, Percent, RecordId, YclientsClientId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import {
  changedSince,
  type Decision,
  type Doubt,
  decide,
  doubt,
  fellSince,
  type Imported,
  type Posted,
  rowsDue,
  sinceImport,
  type Terms,
  type VisitState,
} from "./visit.rule.ts";

/** An answer about a record, as far as this rule needs it. `card` is where its client's new visits go. */
export interface Seen extends VisitState {
  recordId: RecordId;
  yclientsClientId: YclientsClientId | null;
  card: CardId | null;
  startsAt: Date;
  /** The client had asked to be forgotten, and has linked again. */
  returned?: boolean;
  readAt: Date;
}

/** What is stored of the record. `terms` are those of its first award; null when it was never awarded. */
export interface Known extends VisitState {
  yclientsClientId: YclientsClientId | null;
  card: CardId | null;
  startsAt: Date;
  readAt: Date;
  terms: Terms | null;
  awardId: EntryId | null;
  posted: Posted;
  /** The key of its award; missing before its first state is stored. */
  awardKey?: string;
  /** How many rows of the ledger it has. */
  rows: number;
  /** What the earlier program had awarded it; null or missing when it had not. */
  imported?: Imported | null;
}

/** A row of the ledger to be written for a record. */
export interface VisitEntry {
  card: CardId;
  kind: "award" | "correction";
  /** The record it is about; `recordId` names it on an award alone. */
  record: RecordId;
  recordId: RecordId | null;
  corrects: EntryId | null;
  points: Points;
  paid: Kopecks | null;
  reason: string;
  key: string;
}

export type Plan =
  | { step: "stale" | "stands" }
  | { step: "doubt"; doubt: Doubt }
  | {
      step: "keep" | "change";
      decision: Decision;
      card: CardId | null;
      yclientsClientId: YclientsClientId | null;
      entries: VisitEntry[];
      /** Of an imported award, to be stored with the visit. */
      base: Points | null;
      /** Of its client's level, where it is awarded by one now: to be stored with the visit. */
      percent: Percent | null;
    };

/**
 * What an answer changes. `stale`: a newer one is stored. `stands`: it says nothing of an imported award. `doubt`: it is
 * checked again before it counts. `keep`: the time of reading alone. `change`: the record's state, card and rows. `levelOf`:
 * what a card's next visit earns, where there are levels; what was awarded once keeps its own.
 */
export function plan(
  seen: Seen,
  known: Known | null,
  terms: Terms,
  start: string,
  levelOf: ((card: CardId) => Percent) | null = null,
): Plan {
  if (known && known.readAt >= seen.readAt) return { step: "stale" };
  const imported = known?.imported ?? null;
  const awarded = known !== null && (known.awardId !== null || imported !== null);
  const { card, yclientsClientId, forgotten } = belongs(seen, known);
  const first = known?.terms == null && !awarded && card !== null;
  const percent = first && levelOf !== null ? levelOf(card) : null;
  const present = percent === null ? terms : { ...terms, percent };
  const rule = known?.terms ?? present;
  const unsure = awarded ? doubt(known, seen, rule) : null;
  const untouched = imported !== null && !imported.read && !changedSince(imported, seen);
  if (untouched && (unsure || (seen.yclientsClientId === null && !seen.deleted))) return { step: "stands" };
  if (unsure) return { step: "doubt", doubt: unsure };
  const hasClient = awarded ? card !== null || forgotten : seen.hasClient;
  const decided = decide({ ...seen, hasClient, forgotten }, rule, awarded ? null : start);
  const { base, ...decision } =
    known && imported
      ? sinceImport(decided, imported, fellSince(imported, known, seen))
      : { ...decided, base: null };
  const entries = entriesFor(seen, known, decision, card);
  const based = imported === null || (imported.read && imported.base === base);
  const same =
    known !== null && based && entries.length === 0 && unchanged(known, seen, card, yclientsClientId);
  return { step: same ? "keep" : "change", decision, card, yclientsClientId, entries, base, percent };
}

/**
 * Whose the record is. Until its first row: whoever's card its client has now. From then on its card changes only with its
 * client. A client who is missing changes nothing. A forgotten person's awarded records stay on the card without a name, all
 * others have no card; who comes back gets nothing for what was paid while they were forgotten.
 */
function belongs(
  seen: Seen,
  known: Known | null,
): { card: CardId | null; yclientsClientId: YclientsClientId | null; forgotten: boolean } {
  const fixed =
    known !== null && (known.awardId !== null || (seen.deleted && seen.yclientsClientId === null));
  if (!fixed || known.card === null) {
    const { card, yclientsClientId } = seen;
    const forgotten = seen.forgotten || (known !== null && paidWhileForgotten(seen, known));
    return {
      card: forgotten ? null : card,
      yclientsClientId: forgotten ? null : yclientsClientId,
      forgotten,
    };
  }
  const moves =
    known.yclientsClientId !== null &&
    seen.yclientsClientId !== null &&
    seen.yclientsClientId !== known.yclientsClientId;
  if (seen.forgotten && moves) return { card: null, yclientsClientId: null, forgotten: true };
  if (moves) return { card: seen.card, yclientsClientId: seen.yclientsClientId, forgotten: false };
  return {
    card: known.card,
    yclientsClientId: seen.forgotten ? null : known.yclientsClientId,
    forgotten: false,
  };
}

function paidWhileForgotten(seen: Seen, known: Known): boolean {
  return (
    seen.returned === true && known.forgotten && known.awardId === null && known.paidFull && seen.paidFull
  );
}

function entriesFor(seen: Seen, known: Known | null, decision: Decision, card: CardId | null): VisitEntry[] {
  let rows = known?.rows ?? 0;
  const award = known?.awardKey ?? `visit:${seen.recordId}`;
  return rowsDue(known?.posted ?? new Map(), card, decision.points).map((difference) => {
    rows += 1;
    const first = rows === 1;
    return {
      ...difference,
      kind: first ? "award" : "correction",
      record: seen.recordId,
      recordId: first ? seen.recordId : null,
      corrects: first ? null : (known?.awardId ?? null),
      paid: decision.paid,
      reason: first ? "paid" : cause(known, decision, card),
      key: first ? award : `${award}:${rows}`,
    };
  });
}

/** Why a correction was made, in one word. */
function cause(known: Known | null, decision: Decision, card: CardId | null): string {
  if (known && known.card !== card && known.card !== null) return "moved";
  if (decision.word !== "awarded" && decision.word !== "imported") return decision.word;
  return [...(known?.posted.values() ?? [])].every((sum) => sum === 0) ? "paid_again" : "edited";
}

function unchanged(
  known: Known,
  seen: Seen,
  card: CardId | null,
  yclientsClientId: YclientsClientId | null,
): boolean {
  return (
    known.card === card &&
    known.yclientsClientId === yclientsClientId &&
    known.day === seen.day &&
    known.startsAt.getTime() === seen.startsAt.getTime() &&
    known.deleted === seen.deleted &&
    known.paidFull === seen.paidFull &&
    known.attendance === seen.attendance &&
    known.price === seen.price &&
    known.servicesPaid === seen.servicesPaid &&
    known.goodsPaid === seen.goodsPaid &&
    known.changedAt?.getTime() === seen.changedAt?.getTime()
  );
}
