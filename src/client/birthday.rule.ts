// A birthday as people write it: day and month, in figures or in words. A year is read past.

import { isDay } from "../rules/time.ts";

const months = [
  ...["янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
  ...["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
];

/** `14.03`, `14.3.1990`, `1990-03-14`, `14 марта`, `March 14`: as `MM-DD`; null for what is no day of any year. */
export function readBirthday(text: string): string | null {
  const said = text.normalize("NFKC").trim().toLowerCase();
  const [, isoMonth, isoDay] = /^\d{4}-(\d{1,2})-(\d{1,2})$/.exec(said) ?? [];
  if (isoMonth !== undefined) return dayOfYear(Number(isoDay), Number(isoMonth));
  const [, day, month] =
    /^(\d{1,2})\s*[./\s-]\s*(\d{1,2})(?:\s*[./\s-]\s*(?:\d{2}|\d{4}))?\.?$/.exec(said) ?? [];
  if (day !== undefined) return dayOfYear(Number(day), Number(month));
  const year = String.raw`(?:[\s,]+\d{4})?(?:\s*(?:г|года|год)\.?)?\.?`;
  const [, before, word] =
    new RegExp(String.raw`^(\d{1,2})(?:st|nd|rd|th)?[\s.]*(\p{L}{3,9})${year}$`, "u").exec(said) ?? [];
  if (word !== undefined) return dayOfYear(Number(before), monthOf(word));
  const [, first, after] =
    new RegExp(String.raw`^(\p{L}{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?${year}$`, "u").exec(said) ?? [];
  return first === undefined ? null : dayOfYear(Number(after), monthOf(first));
}

/** 0 for a word that is no month. `ма` is May in all its forms, once March was asked. */
function monthOf(word: string): number {
  const place = months.findIndex((month) =>
    month.length === 2 ? /^ма[йея]$/.test(word) : word.startsWith(month),
  );
  return place < 0 ? 0 : (place % 12) + 1;
}

function dayOfYear(day: number, month: number): string | null {
  const written = [month, day].map((value) => String(value).padStart(2, "0")).join("-");
  return isDay(`2000-${written}`) ? written : null;
}
