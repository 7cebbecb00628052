// A day, or days, as people write them.

import { addDays } from "../rules/time.ts";

const days: Record<string, number> = {
  ...{ позавчера: -2, вчера: -1, сегодня: 0, завтра: 1, послезавтра: 2 },
  ...{ yesterday: -1, today: 0, tomorrow: 1 },
};

/** Whether it is a day in one word (`завтра`), in any case, and nothing else. */
export function isDayWord(text: string): boolean {
  return Object.hasOwn(days, text.trim().toLowerCase());
}

/** A day in words or numbers (`завтра`, `12.03`, `12.03.2026`, `2026-03-12`) as `YYYY-MM-DD`; null for anything else. */
export function askedDay(text: string, today: string): string | null {
  const word = text.trim().toLowerCase();
  const away = Object.hasOwn(days, word) ? days[word] : undefined;
  if (away !== undefined) return addDays(today, away);
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(word);
  if (iso) return realDay(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const [, day, month, year] = /^(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d\d))?\.?$/.exec(word) ?? [];
  if (day === undefined || month === undefined) return null;
  const of = (one: number) => realDay(one, Number(month), Number(day));
  if (year !== undefined) return of(Number(year) + (year.length === 2 ? 2000 : 0));
  // Without a year the nearest is meant: in January 31.12 was the other day.
  const now = Number(today.slice(0, 4));
  const apart = (one: string) => Math.abs(Date.parse(one) - Date.parse(today));
  const near = [now, now - 1, now + 1].map(of).filter((one) => one !== null);
  return near.sort((one, other) => apart(one) - apart(other))[0] ?? null;
}

/** Days from the first to the last, both included; null: from the beginning, or to now. */
interface Days {
  from: string | null;
  to: string | null;
}

/**
 * The days of at most two words, as `askedDay` reads each: `вчера` alone is that day, a date alone is from it on. Null where
 * they are none, or the last is before the first.
 */
export function askedDays(words: readonly string[], today: string): Days | null {
  const days = words.map((word) => askedDay(word, today));
  const [from = null, to = null] = days;
  if (days.length > 2 || days.includes(null) || (from !== null && to !== null && from > to)) return null;
  return { from, to: days.length === 1 && isDayWord(words[0] ?? "") ? from : to };
}

/** A day that the calendar has, of this century. */
function realDay(year: number, month: number, day: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, day));
  const real = at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return real && year >= 2000 && year < 2100 ? at.toISOString().slice(0, 10) : null;
}
