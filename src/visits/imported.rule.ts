// What the earlier program awarded: its points stand, and the rule runs on what changes since the import.

import type { Points } from "../rules/money.ts";
import type { Decision, VisitState } from "./visit.rule.ts";

/** An award of the earlier program, which may have been of no points at all. */
export interface Imported {
  points: Points;
  /** When it was imported. */
  at: Date;
  /** `points` less what the rule made of the record when it first earned; null until then. */
  base: Points | null;
  /** Whether the record has been read since the import. */
  read: boolean;
}

/**
 * The decision on an imported record. From the first reading that earns on, the rule's points and the difference of that
 * reading (`base`): so the old rounding stays, an edit adds or takes what it changes, and a refund leaves exactly
 * nothing. A record that does not earn keeps its points while nothing has changed; once it falls, all of them go.
 * What a forgotten person's record is left with is not this rule's to say.
 */
export function sinceImport(
  decided: Decision,
  imported: Imported,
  fell: boolean,
): Decision & { base: Points | null } {
  const { points, paid } = decided;
  if (decided.word === "forgotten") return { ...decided, base: imported.base };
  const base = imported.base ?? (points > 0 ? imported.points - points : fell ? 0 : null);
  if (base === null) return { word: "imported", points: imported.points, paid, base };
  if (points === 0) return { ...decided, base };
  const rest = Math.max(0, points + base);
  return { word: rest > 0 ? "awarded" : "imported", points: rest, paid, base };
}

/**
 * Whether an imported record has been cancelled or refunded since the import. Read before, it was sound then and is not
 * now. Read for the first time, its stamp tells: what was refunded while the earlier program still ran stays as it was.
 */
export function fellSince(imported: Imported, before: VisitState, now: VisitState): boolean {
  return lost(now) && (imported.read ? !lost(before) : changedSince(imported, now));
}

/** Whether the record was changed after the import. */
export function changedSince(imported: Imported, { changedAt }: VisitState): boolean {
  return changedAt !== null && changedAt > imported.at;
}

/** What the earlier program would not have paid for, with the no-show that it never asked about. */
function lost({ deleted, paidFull, attendance }: VisitState): boolean {
  return deleted || !paidFull || attendance === -1;
}
