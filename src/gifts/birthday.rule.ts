// When a birthday is kept, when its gift may be given, and how often a person may change the day. Pure.

import type { Account } from "../rules/account.ts";
import { addDays } from "../rules/time.ts";

/** From so many days before the day its gift may come, and no later than so many days after it. */
const daysBefore = 3;
const daysAfter = 14;

/** A gift is for a day that was known so many days before it: nobody has a birthday whenever they like. */
export const knownForDays = 30;

/** Whoever was born on 29 February keeps it on the 28th where the year has no other. */
export function keptOn(day: string, year: number): string {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return `${String(year).padStart(4, "0")}-${day === "02-29" && !leap ? "02-28" : day}`;
}

/** The birthdays (`MM-DD`) whose gift may be given today, each with the day on which it is kept this time. */
export function birthdaysAround(today: string): { day: string; on: string }[] {
  return Array.from({ length: daysBefore + daysAfter + 1 }, (_, place) =>
    addDays(today, place - daysAfter),
  ).flatMap((on) => {
    const days = on.endsWith("-02-28") ? ["02-28", "02-29"] : [on.slice(5)];
    return days.flatMap((day) => (keptOn(day, Number(on.slice(0, 4))) === on ? [{ day, on }] : []));
  });
}

/** What is stored of a day that a person has said, in one of their messengers. */
export interface SaidDay {
  account: Account;
  /** `MM-DD`; null once it was taken away. */
  day: string | null;
  changedAt: Date | null;
}

/** From when a person may change the day that they said; null: now. Said for the first time, it is no change. */
export function changesFrom(said: Omit<SaidDay, "account"> | null, now: Date): Date | null {
  if (!said?.changedAt) return null;
  const from = new Date(said.changedAt);
  from.setUTCFullYear(from.getUTCFullYear() + 1);
  // A clock that was put back since must not lock it for longer.
  return from > now && said.changedAt <= now ? from : null;
}
