// What owners get on asking, in Russian: the figures, the words of their chart, and what goes with the file.

import { wallTime } from "../rules/time.ts";
import { bold, escaped } from "../texts/html.ts";
import { NBSP, ruWords as w } from "../texts/words.ts";
import type { Stats, Sums } from "./stats.ts";

const whole = (count: number) => w.amount(count * 100);

/** The answer to /stats. */
export function statsText(stats: Stats): string {
  const { at, timeZone, counts, today, lately, all, owed, lost, branches } = stats;
  const wall = wallTime(at, timeZone);
  const lines = [
    `<b>Сводка</b> на ${w.day(wall.slice(0, 10), null)}, ${wall.slice(11, 16)}`,
    "",
    `Карт: ${bold(whole(counts.cards))}, с Telegram ${bold(whole(counts.linked))}`,
    `На картах сейчас: ${bold(w.points(owed))}`,
    ...(lost > 0 ? [`Сгорело на удалённых картах: ${w.points(lost)}`] : []),
    ...(lost < 0 ? [`Долг удалённых карт, его никто не закроет: ${w.points(-lost)}`] : []),
    "",
    `Сегодня: ${sumsWords(today)}${newWords(counts.cardsToday, counts.linkedToday)}`,
    `За 30${NBSP}дней: ${sumsWords(lately)}${newWords(counts.cardsLately, counts.linkedLately)}`,
    `За всё время: ${sumsWords(all)}`,
    "",
    ...branchLines(branches, at, timeZone),
    counts.setAside === 0
      ? "Отложенных записей нет."
      : `Отложено записей: ${bold(whole(counts.setAside))}. Их не получается прочитать, баллы по ним пока не меняются.`,
  ];
  return lines.join("\n");
}

function sumsWords({ given, spent }: Sums): string {
  return `начислено ${w.amount(given)}, списано ${w.amount(spent)}`;
}

function newWords(cards: number, linked: number): string {
  const words = [
    ...(cards > 0 ? [`новых карт ${whole(cards)}`] : []),
    ...(linked > 0 ? [`привязано ${whole(linked)}`] : []),
  ];
  return words.length > 0 ? `, ${words.join(", ")}` : "";
}

function branchLines(branches: Stats["branches"], at: Date, timeZone: string): string[] {
  if (branches.length === 0) return ["Журнал YCLIENTS ещё не прочитан."];
  return branches.map((branch) => {
    const of = branches.length === 1 ? "" : ` (${escaped(branch.title ?? `филиал ${branch.company}`)})`;
    const failed =
      branch.failures === 0 ? "" : ` Сейчас не читается, попыток подряд: ${whole(branch.failures)}.`;
    if (branch.lastPass === null) return `Журнал YCLIENTS${of} ещё не прочитан.${failed}`;
    const wall = wallTime(branch.lastPass, timeZone);
    const day = wallTime(at, timeZone).startsWith(wall.slice(0, 10))
      ? ""
      : `${w.day(wall.slice(0, 10), Number(wallTime(at, timeZone).slice(0, 4)))} `;
    return `Журнал YCLIENTS${of} прочитан ${day}в ${wall.slice(11, 16)}, ${agoWords(at.getTime() - branch.lastPass.getTime())}.${failed}`;
  });
}

function agoWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "меньше минуты назад";
  if (minutes < 120) return `${minutes}${NBSP}мин назад`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}${NBSP}ч назад` : `${Math.floor(hours / 24)}${NBSP}дн. назад`;
}

/** The words and bars of the chart of the last 30 days: whole points, for a picture needs no more. */
export function chartContent({ days }: Stats) {
  return {
    title: "Баллы за 30 дней",
    days: days.map(({ day, given, spent }) => ({
      day: `${day.slice(8)}.${day.slice(5, 7)}`,
      given: given / 100,
      spent: spent / 100,
    })),
    legend: { given: "Начислено", spent: "Списано" },
  };
}

/** What stands under the chart. */
export function chartCaption({ lately }: Stats): string {
  return `Баллы за 30${NBSP}дней, по дням: ${sumsWords(lately)}.`;
}

/** What goes with /export. */
export const exportTexts = {
  begun: () => "Собираю файл, пришлю сюда.",
  already: () => "Файл уже собирается, пришлю сюда.",
  noSuchDays: (written: string) =>
    `Не понял, за какие дни: «${escaped([...written].slice(0, 60).join(""))}». Напишите /export или с днями: <code>/export 01.03 31.03</code>`,
  caption: (rows: number, day: string, { from, to }: { from?: string; to?: string } = {}) =>
    `Все изменения баллов ${from === undefined ? `на ${w.day(day, null)}` : `с ${w.day(from, null)} по ${w.day(to ?? day, null)}`}, строк: ${whole(rows)}. Открывается в Excel. Имён и телефонов в файле нет.`,
  tooLarge: () =>
    "Файл слишком велик для Telegram. Его можно выгрузить на сервере: <code>loyalty-bot export &gt; bonuslog.csv</code>",
};
