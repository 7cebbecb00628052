// Does a visit earn, and how much? The one rule that every change of a record goes through, whoever awarded it first.

import type { CardId, Percent } from "../rules/ids.ts";
import { earned, type Kopecks, type Points } from "../rules/money.ts";

/** The programme's terms; a record keeps those of its first award. `percent` is in hundredths: 1 % is 100. */
export interface Terms {
  percent: Percent;
  earnOn: "services,goods" | "services";
  earnWhen: "paid" | "arrived";
  paidBy: "payments" | "prices";
}

/** What was read of a record. Money in kopecks; `servicesPaid` and `goodsPaid` are null when YCLIENTS did not say. */
export interface VisitState {
  day: string;
  deleted: boolean;
  paidFull: boolean;
  attendance: number;
  hasClient: boolean;
  forgotten: boolean;
  price: Kopecks;
  servicesPaid: Kopecks | null;
  goodsPaid: Kopecks | null;
  changedAt: Date | null;
}

export type Word =
  | "awarded"
  | "deleted"
  | "no_client"
  | "forgotten"
  | "before_start"
  | "no_show"
  | "not_paid"
  | "paid_in_part"
  | "not_arrived"
  | "payment_unknown"
  | "nothing_paid"
  | "too_little"
  | "imported";

export interface Decision {
  word: Word;
  /** What the record's rows on its card must sum to, in hundredths of a point. */
  points: Points;
  /** The paid sum it was worked out from, in kopecks; null when it is not known. */
  paid: Kopecks | null;
}

/** The sum that counts as paid under these terms, in kopecks; null when YCLIENTS did not say, which is not zero. */
export function paidSum(visit: VisitState, terms: Terms): Kopecks | null {
  if (terms.paidBy === "prices") return visit.price;
  if (visit.servicesPaid === null || visit.goodsPaid === null) return null;
  return visit.servicesPaid + (terms.earnOn === "services" ? 0 : visit.goodsPaid);
}

/**
 * The decision on a record in this state. `start` is the programme's first day (`YYYY-MM-DD`), or null for a record that
 * has been awarded before: the start decides first awards only.
 */
export function decide(visit: VisitState, terms: Terms, start: string | null): Decision {
  const paid = paidSum(visit, terms);
  const no = whyNot(visit, terms, start, paid);
  if (no !== null) return { word: no, points: 0, paid };
  const points = earned(paid ?? 0, terms.percent);
  return { word: points === 0 ? "too_little" : "awarded", points, paid };
}

/** What holds whoever the client is comes first: a deleted or refunded record gives back even if its client is gone. */
function whyNot(visit: VisitState, terms: Terms, start: string | null, paid: Kopecks | null): Word | null {
  if (visit.deleted) return "deleted";
  if (visit.attendance === -1) return "no_show";
  if (!visit.hasClient) return "no_client";
  if (visit.forgotten) return "forgotten";
  if (start !== null && visit.day < start) return "before_start";
  if (!visit.paidFull) return (visit.servicesPaid ?? 0) > 0 ? "paid_in_part" : "not_paid";
  if (terms.earnWhen === "arrived" && visit.attendance !== 1) return "not_arrived";
  if (paid === null) return "payment_unknown";
  return paid <= 0 ? "nothing_paid" : null;
}

/** Why a record is to be read again. */
export type RecheckReason = "hint" | "unreadable" | Doubt | "client_vanished" | "record_vanished";

export type Doubt = "payment_unknown" | "payment_fell";

/**
 * Why an answer about an awarded record must be checked again, or null. Unknown is not zero: payments that are missing, or
 * fall while record and stamp stand still, look like a refund where the right to see them has ended.
 */
export function doubt(before: VisitState, now: VisitState, terms: Terms): Doubt | null {
  const word = whyNot({ ...now, hasClient: true, forgotten: false }, terms, null, paidSum(now, terms));
  if (word === "payment_unknown") return "payment_unknown";
  if (word !== null && word !== "nothing_paid") return null;
  const [was, is] = [paidSum(before, terms), paidSum(now, terms)];
  const stood = before.changedAt?.getTime() === now.changedAt?.getTime();
  return before.paidFull && stood && was !== null && is !== null && is < was ? "payment_fell" : null;
}

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
 * The decision on an imported record: the rule's points and `base`, the difference at the first reading that earned. So the
 * old rounding stays, an edit makes its difference, and a refund leaves nothing. One that does not earn keeps its points
 * until it falls.
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

/** Points by card: what a record's rows sum to. */
export type Posted = ReadonlyMap<CardId, Points>;

/** The rows that bring a record from what is posted to `points` on `card`: the minus on the one comes before the plus. */
export function rowsDue(
  posted: Posted,
  card: CardId | null,
  points: Points,
): { card: CardId; points: Points }[] {
  const rows: { card: CardId; points: Points }[] = [];
  for (const [other, sum] of posted)
    if (other !== card && sum !== 0) rows.push({ card: other, points: -sum });
  if (card === null) return rows;
  const rest = points - (posted.get(card) ?? 0);
  if (rest !== 0) rows.push({ card, points: rest });
  return rows;
}

/** Why a visit's points were changed, as it is told: where prices count, nothing paid is a price of nothing and no refund. */
export function shownCause(reason: string | null, paidBy: Terms["paidBy"] | null): string | null {
  return reason === "nothing_paid" && paidBy === "prices" ? "no_price" : reason;
}
