// When a birthday is kept, whose word it goes by and when its gift may come: the rules written a second time, by themselves.

import { day } from "./friends.ts";

/** A gift may come from so many days before the day to so many after it, and the day was known so many before it. */
const before = 3;
const after = 14;
export const knownBefore = 30;

/** The birthday, month and day, that is so many days ahead. */
export function birthdayIn(inDays: number | "02-29", at: number): string {
  return inDays === "02-29" ? inDays : new Date(at + inDays * day).toISOString().slice(5, 10);
}

/** The day of a year on which it is kept: on 28 February where there is no 29th. */
export function keptIn(birthday: string, year: number): string {
  const [month = 0, date = 0] = birthday.split("-").map(Number);
  const kept = new Date(Date.UTC(year, month - 1, date)).toISOString().slice(0, 10);
  return kept === `${year}-${birthday}` ? kept : `${year}-02-28`;
}

/** A day in whole days since 1970. */
export const numberOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / day;

/** The days on which it is kept and whose gift may come on that day. */
export function keptAround(birthday: string, today: string): string[] {
  const year = Number(today.slice(0, 4));
  return [year - 1, year, year + 1]
    .map((one) => keptIn(birthday, one))
    .filter((kept) => {
      const since = numberOf(today) - numberOf(kept);
      return since >= -before && since <= after;
    });
}

/** What somebody said at some time. */
export interface Saying {
  day: string;
  at: number;
}

/** What a person's word is by that moment, and since when: the first one, and of what comes after it one change a year. */
export function wordOf(said: readonly Saying[], at: number): Saying | null {
  let word: Saying | null = null;
  let changedAt: number | null = null;
  for (const one of said.filter((each) => each.at <= at)) {
    if (word === null) word = one;
    else if (one.day !== word.day && (changedAt === null || isYearAfter(one.at, changedAt))) {
      word = one;
      changedAt = one.at;
    }
  }
  return word;
}

function isYearAfter(at: number, since: number): boolean {
  const year = new Date(since);
  year.setUTCFullYear(year.getUTCFullYear() + 1);
  return at >= year.getTime();
}
