// When an invitation makes a gift: the rules of friends, written a second time, by themselves.

import type { Session } from "./histories.ts";

export const hour = 3_600_000;
export const day = 24 * hour;

/** What both were promised, by the settings of the moment. Points are hundredths, the bill is kopecks; 0: any sum. */
export interface Promised {
  inviter: number;
  friend: number;
  afterDays: number;
  leastBill: number;
}

/** What the settings promise; null: nobody is invited. */
export function promiseOf(setting: (name: string) => string | undefined): Promised | null {
  const points = setting("FRIEND_POINTS") ?? "off";
  if (points === "off") return null;
  const [inviter = 0, friend = 0] = points.split(":").map((one) => Math.round(Number(one) * 100));
  const least = setting("FRIEND_LEAST_BILL") ?? "off";
  return {
    ...{ inviter, friend, afterDays: Number.parseInt(setting("FRIEND_AFTER") ?? "3 days", 10) },
    leastBill: least === "off" ? 0 : Math.round(Number(least) * 100),
  };
}

/** Somebody had been here before they said who sent them: it is said before the first visit, or within its first hour. */
export function wasHere(sessions: readonly Session[], tiedAt: number): boolean {
  return sessions.some(({ gone, startsAt }) => !gone && startsAt < tiedAt - hour);
}

/** When the visit began on which the gift stands: the first that was held, paid in full and with enough, all its records as one. */
export function visitBehindGift(
  sessions: readonly Session[],
  tiedAt: number,
  leastBill: number,
): number | null {
  const since = sessions.filter(({ gone, startsAt }) => !gone && startsAt >= tiedAt - hour);
  const begun = [...Map.groupBy(since, ({ visit }) => visit).values()].flatMap((records) => {
    const paid = records.reduce((sum, one) => sum + one.paid, 0);
    const counts = records.some(({ held }) => held) && records.every(({ paidInFull }) => paidInFull);
    return counts && paid > 0 && paid >= leastBill ? [Math.min(...records.map((one) => one.startsAt))] : [];
  });
  return begun.length > 0 ? Math.min(...begun) : null;
}
