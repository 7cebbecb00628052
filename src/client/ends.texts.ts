// Until when points may be spent, in both languages, where a card is shown.

import type { EndingDay } from "../rules/life.ts";
import { bold } from "../texts/html.ts";
import { enWords, ruWords, type Words } from "../texts/words.ts";

/** `120 баллов до 30 июня включительно, …`, years where they are not this one. */
function listed(w: Words, ends: readonly EndingDay[], year: number): string {
  return ends.map(({ day, points }) => `${bold(w.points(points))} ${w.until(day, year)}`).join(", ");
}

/** Each on a line of a picture, in a language: plain text. */
export function endsDrawn(w: Words, ends: readonly EndingDay[], year: number): string[] {
  return ends.map(({ day, points }) => `${w.points(points)} ${w.until(day, year)}`);
}

/** The sentence behind a balance in Russian, on a line of its own; nothing where nothing ends. */
export function endsRu(ends: readonly EndingDay[], year: number): string {
  if (ends.length === 0) return "";
  return `\n⏳ Ближайшие сроки: ${listed(ruWords, ends, year)}.`;
}

/** The same in English. */
export function endsEn(ends: readonly EndingDay[], year: number): string {
  if (ends.length === 0) return "";
  return `\n⏳ To be spent soonest: ${listed(enWords, ends, year)}.`;
}
