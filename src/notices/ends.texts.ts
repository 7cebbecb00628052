// The warning that points end soon, in both languages. Numbers and days alone stand in it.

import type { EndingDay } from "../rules/life.ts";
import type { Points } from "../rules/money.ts";
import { bold } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { lockedEn, lockedRu } from "../texts/waiting.ts";
import { enWords as en, ruWords as ru } from "../texts/words.ts";

interface Warning {
  /** The nearest first, one at least. */
  ends: EndingDay[];
  /** What of them waits for the next paid visit. */
  locked: Points;
  balance: Points;
  /** This year, which days leave out. */
  year: number;
}

const sumOf = (ends: readonly EndingDay[]) => ends.reduce((sum, { points }) => sum + points, 0);

function sayRu({ ends, locked, balance, year }: Warning): string {
  const [first] = ends;
  const one = ends.length === 1 && first !== undefined;
  // Nobody is sent to spend what is not to be spent yet.
  if (one && locked >= first.points)
    return `⏳ Подарок сгорит после ${ru.day(first.day, year)}: ${bold(ru.points(first.points))}. Потратить его можно после следующего оплаченного визита.${first.points === balance ? "" : `\nВсего на карте ${bold(ru.points(balance))}.`}`;
  const head = one
    ? `⏳ ${bold(ru.points(first.points))}: потратьте ${ru.until(first.day, year)}, потом они сгорят.`
    : `⏳ Скоро сгорят баллы. Последний день, когда их можно потратить:\n${ends.map(({ day, points }) => `• ${ru.day(day, year)}: ${bold(ru.points(points))}`).join("\n")}`;
  const rest = one && first.points === balance ? "" : `\nВсего на карте ${bold(ru.points(balance))}.`;
  const gift = lockedRu(locked, sumOf(ends)).replace(/^ /, one ? " " : "\n");
  const how = locked < sumOf(ends) ? "\nСкажите на кассе «спишите баллы»." : "";
  return `${head}${gift}${rest}${how}`;
}

function sayEn({ ends, locked, balance, year }: Warning): string {
  const [first] = ends;
  const one = ends.length === 1 && first !== undefined;
  if (one && locked >= first.points)
    return `⏳ A gift expires after ${en.day(first.day, year)}: ${bold(en.points(first.points))}. It may be used after your next paid visit.${first.points === balance ? "" : `\nYour card holds ${bold(en.points(balance))} in all.`}`;
  const head = one
    ? `⏳ ${bold(en.points(first.points))}: they may be used ${en.until(first.day, year)}, then they expire.`
    : `⏳ Points of yours expire soon. The last day to use them:\n${ends.map(({ day, points }) => `• ${en.day(day, year)}: ${bold(en.points(points))}`).join("\n")}`;
  const rest = one && first.points === balance ? "" : `\nYour card holds ${bold(en.points(balance))} in all.`;
  const gift = lockedEn(locked, sumOf(ends)).replace(/^ /, one ? " " : "\n");
  const how = locked < sumOf(ends) ? "\nAt the till say “use my points”." : "";
  return `${head}${gift}${rest}${how}`;
}

/** The warning in the person's language. */
export function warningText(language: string | null, warning: Warning): string {
  return inLanguage(language, sayRu, sayEn)(warning);
}
