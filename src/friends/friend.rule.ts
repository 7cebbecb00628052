// When a friend is new, which visit makes the gift due and when, and for how many friends one client gets points.

import type { RecordOfBranch } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";

/** A session of somebody with the friend's phone, as the journal of a branch has it. */
export interface Session {
  startsAt: Date;
  deleted: boolean;
  attendance: number;
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** How long the first visit may have begun when the friend says who sent them: they are asked at the desk, as they come. */
const graceMs = hourMs;
/** A tie that is older waits for no first visit any more, and a gift that is older stands. */
const longestTieMs = 365 * dayMs;

/**
 * Whether somebody had been here before they said who sent them. What was cancelled or marked as a no-show is no visit; a
 * session that nobody has marked yet is one.
 */
export function hadBeenHere(sessions: readonly Session[], tiedAt: Date): boolean {
  return sessions.some(
    (one) => !one.deleted && one.attendance !== -1 && one.startsAt.getTime() < tiedAt.getTime() - graceMs,
  );
}

/** A visit that was attended and is paid in full; `paid` is what was paid for all of its records, in kopecks. */
export interface HeldVisit extends RecordOfBranch {
  startsAt: Date;
  paid: Kopecks;
}

/** What both were promised on the day of the tie. `leastBill` is in kopecks, null for any sum. */
export interface GiftTerms {
  tiedAt: Date;
  afterDays: number;
  leastBill: Kopecks | null;
}

/** The first visit since the tie for which enough was paid; null while there is none. */
export function visitBehind<V extends HeldVisit>(visits: readonly V[], of: GiftTerms): V | null {
  const since = of.tiedAt.getTime() - graceMs;
  const counted = visits.filter(
    ({ startsAt, paid }) => startsAt.getTime() >= since && paid > 0 && paid >= (of.leastBill ?? 0),
  );
  return counted.sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime())[0] ?? null;
}

/** Whether the gift for this visit is due: so many days are over since it began. */
export function isDueFor(visit: HeldVisit, { afterDays }: GiftTerms, now: Date): boolean {
  return now.getTime() >= visit.startsAt.getTime() + afterDays * dayMs;
}

/** Whether a tie has waited for a first visit for a year. */
export function hasLapsed({ tiedAt }: GiftTerms, now: Date): boolean {
  return now.getTime() > tiedAt.getTime() + longestTieMs;
}

/** Whether a visit that is gone stays so: payments are taken off and put back within minutes when a bill is mended. */
export function isGoneForGood(goneSince: Date | null, now: Date): boolean {
  return goneSince !== null && now.getTime() >= goneSince.getTime() + dayMs;
}

/** What was given before this moment stands for good, whatever becomes of its visit. */
export function standsSince(now: Date): Date {
  return new Date(now.getTime() - longestTieMs);
}

/** For how many friends a client gets points. */
export interface FriendLimits {
  aMonth: number;
  aYear: number;
}

/** Which limit is reached by whoever has got points for so many friends this month and this year; null: none. */
export function limitReached(given: FriendLimits, limits: FriendLimits): "month" | "year" | null {
  if (given.aMonth >= limits.aMonth) return "month";
  return given.aYear >= limits.aYear ? "year" : null;
}

/** What a client and who comes by them are promised, as the settings have it. */
export interface FriendOffer {
  /** Null: nobody is invited. */
  friendPoints: { inviter: Points; friend: Points } | null;
  friendAfterDays: number;
  /** Kopecks; null: whatever the sum. */
  friendLeastBill: Kopecks | null;
  /** For how many friends one client gets points in a calendar month, and in a calendar year. */
  friendAMonth: number;
  friendAYear: number;
}
