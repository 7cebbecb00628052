// The warning that points end soon, in both languages. Numbers and days alone stand in it.

import type { EndingDay } from "../rules/life.ts";
import type { Points } from "../rules/money.ts";
import { bold } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { enWords as en, ruWords as ru } from "../texts/words.ts";

interface Warning {
  /** The nearest first, one at least. */
  ends: EndingDay[];
  balance: Points;
  /** This year, which days leave out. */
  year: number;
}

function sayRu({ ends, balance, year }: Warning): string {
  const [first] = ends;
  const one = ends.length === 1 && first !== undefined;
  const head = one
    ? `⏳ ${bold(ru.points(first.points))}: потратьте до ${ru.day(first.day, year)} включительно, потом они сгорят.`
    : `⏳ Скоро сгорят баллы. Последний день, когда их можно потратить:\n${ends.map(({ day, points }) => `• ${ru.day(day, year)}: ${bold(ru.points(points))}`).join("\n")}`;
  const rest = one && first.points === balance ? "" : `\nВсего на карте ${bold(ru.points(balance))}.`;
  return `${head}${rest}\nСкажите на кассе «спишите баллы».`;
}

function sayEn({ ends, balance, year }: Warning): string {
  const [first] = ends;
  const one = ends.length === 1 && first !== undefined;
  const head = one
    ? `⏳ ${bold(en.points(first.points))}: use them by the end of ${en.day(first.day, year)}, then they expire.`
    : `⏳ Points of yours expire soon. The last day to use them:\n${ends.map(({ day, points }) => `• ${en.day(day, year)}: ${bold(en.points(points))}`).join("\n")}`;
  const rest = one && first.points === balance ? "" : `\nYour card holds ${bold(en.points(balance))} in all.`;
  return `${head}${rest}\nAt the till say “use my points”.`;
}

/** The warning in the person's language. */
export function warningText(language: string | null, warning: Warning): string {
  return inLanguage(language, sayRu, sayEn)(warning);
}
