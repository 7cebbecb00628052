// What clients are told of levels, in both languages: how they stand, and each change of it.

import { bold } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { enWords, NBSP, ruWords } from "../texts/words.ts";
import type { LevelChange, LevelShown } from "./standing.rule.ts";

interface Said {
  line(of: LevelShown, year: number): string;
  change(of: LevelChange, year: number): string;
}

const ruMonths = new Intl.PluralRules("ru");
/** `за последние 12 месяцев`; nothing where all visits count. */
const ruOver = (months: number | null) => {
  if (months === null) return "";
  if (months === 1) return " за последний месяц";
  const word = { one: "месяц", few: "месяца" }[ruMonths.select(months) as "one" | "few"] ?? "месяцев";
  return ` за последние ${months}${NBSP}${word}`;
};
const enOver = (months: number | null) =>
  months === null ? "" : months === 1 ? " over the last month" : ` over the last ${months}${NBSP}months`;

const ru: Said = {
  line: ({ place, places, percent, next, fall, byHandUntil, months }, year) => {
    const lines = [
      `Уровень ${place}${NBSP}из${NBSP}${places}: ${bold(ruWords.percent(percent))} с каждой оплаты.`,
    ];
    if (byHandUntil !== null) lines.push(`Его установил салон ${ruWords.until(byHandUntil, year)}.`);
    if (next !== null)
      lines.push(
        `До ${ruWords.percent(next.percent)} осталось ${ruWords.money(next.left)}${months === null ? "" : `, считаем${ruOver(months)}`}.`,
      );
    if (fall !== null)
      lines.push(
        `Уровень ваш ${ruWords.until(fall.until, year)}. Чтобы он остался и потом, оплатите до конца этого дня визиты ещё на ${ruWords.money(fall.missing)}.`,
      );
    return lines.join(" ");
  },
  change: (of, year) => {
    const [now, was] = [bold(ruWords.percent(of.percent)), ruWords.percent(of.was)];
    if (of.kind === "up")
      return `Новый уровень! Со следующего визита возвращаем баллами ${now} вместо ${was}.`;
    if (of.kind === "hand")
      return `Салон установил вам уровень: ${now} баллами ${ruWords.until(of.until, year)} (было ${was}).`;
    if (of.kind === "undone") return `Уровень, который установил салон, отменён: возвращаем баллами ${now}.`;
    if (of.kind === "terms")
      return `С${NBSP}${ruWords.day(of.until, year)} меняются условия уровней: у вас будет ${now} баллами вместо ${was}. До этого дня всё по-прежнему.`;
    if (of.kind === "warned")
      return `Ваш уровень (${was} баллами) действует ${ruWords.until(of.until, year)}. Чтобы он остался, до конца этого дня оплатите визиты ещё на ${bold(ruWords.money(of.missing))}. Иначе со следующего дня будет ${ruWords.percent(of.percent)}.`;
    return `Теперь возвращаем баллами ${now} вместо ${was}: оплаченного${ruOver(of.months)} для прежнего уровня не хватило. Наберёте снова — уровень вернётся. Баллы на карте остались.`;
  },
};

const en: Said = {
  line: ({ place, places, percent, next, fall, byHandUntil, months }, year) => {
    const lines = [`Level ${place} of ${places}: ${bold(enWords.percent(percent))} of every payment.`];
    if (byHandUntil !== null) lines.push(`The salon set it ${enWords.until(byHandUntil, year)}.`);
    if (next !== null)
      lines.push(
        `${enWords.money(next.left)} more for ${enWords.percent(next.percent)}${months === null ? "" : `, counted${enOver(months)}`}.`,
      );
    if (fall !== null)
      lines.push(
        `It is yours ${enWords.until(fall.until, year)}. To keep it, pay ${enWords.money(fall.missing)} more for visits by then.`,
      );
    return lines.join(" ");
  },
  change: (of, year) => {
    const [now, was] = [bold(enWords.percent(of.percent)), enWords.percent(of.was)];
    if (of.kind === "up")
      return `A new level! From your next visit on ${now} comes back in points instead of ${was}.`;
    if (of.kind === "hand")
      return `The salon has set your level: ${now} in points ${enWords.until(of.until, year)} (${was} before).`;
    if (of.kind === "undone")
      return `The level that the salon had set is taken back: ${now} comes back in points.`;
    if (of.kind === "terms")
      return `The levels change on ${enWords.day(of.until, year)}: you will get ${now} in points instead of ${was}. Until then nothing changes.`;
    if (of.kind === "warned")
      return `Your level, ${was} in points, holds ${enWords.until(of.until, year)}. To keep it, pay ${bold(enWords.money(of.missing))} more for visits by then. Else it is ${enWords.percent(of.percent)} from the next day on.`;
    return `From now on ${now} comes back in points instead of ${was}: what was paid${enOver(of.months)} was not enough for the level before. Reach it again and it is back. The points on your card stay.`;
  },
};

/** What is said of levels in a person's language. */
export function levelTexts(language: string | null | undefined): Said {
  return inLanguage(language, ru, en);
}
