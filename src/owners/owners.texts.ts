// What owners get on asking, in Russian: the figures, the words of their chart, and what goes with the file.

import { roublesFor } from "../rules/money.ts";
import { wallTime } from "../rules/time.ts";
import { bold, escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { enWords, NBSP, ruWords as w } from "../texts/words.ts";
import type { Compared, Owed, Return } from "./figures.ts";
import type { Returns, Stats } from "./stats.ts";

/** The answer to /stats. */
export function statsText(stats: Stats): string {
  const { at, timeZone, counts, today, lately, all, owed, lost, branches, returns } = stats;
  const day = wallTime(at, timeZone).slice(0, 10);
  const lines = [
    `<b>Сводка</b> на ${w.day(day, null)}, ${wallTime(at, timeZone).slice(11, 16)}`,
    "",
    periodTitle(stats, day),
    visitsLine(lately),
    `Клиентов с картой: ${beside(lately.now.clients, lately.before?.clients, w.count)}${inMessenger(lately)}`,
    ...pointLines(lately),
    ...returns.map((one) => returnLine(one, Number(day.slice(0, 4)))),
    owedLine(owed) +
      (owed.before === null ? "" : `, 30${NBSP}дней назад ${w.money(roublesFor(owed.before.owed))}`),
    ...(owed.debts > 0
      ? [`На картах ниже нуля: ${w.points(owed.debts)}, закроются следующими визитами`]
      : []),
    ...(lost > 0 ? [`Сгорело на удалённых картах: ${w.points(lost)}`] : []),
    ...(lost < 0 ? [`Долг удалённых карт, его никто не закроет: ${w.points(-lost)}`] : []),
    "",
    `<b>Сегодня</b>: визитов ${w.count(paidIn(today))}, ${sumsWords(today)}${newWords(counts.cardsToday, counts.linkedToday)}`,
    `<b>За всё время</b>: ${sumsWords(all)}`,
    `<b>Карт</b>: ${w.count(counts.cards)}, в мессенджере ${w.count(counts.linked)}${newWords(counts.cardsLately, counts.linkedLately, ` за 30${NBSP}дней`)}`,
    "",
    ...branchLines(branches, at, timeZone),
    ...(counts.setAside === 0
      ? []
      : [
          `Отложено записей: ${bold(w.count(counts.setAside))}. Их не получается прочитать, баллы по ним пока не меняются.`,
        ]),
  ];
  return lines.join("\n");
}

/** What the figures below it are of, and what stands in brackets; why nothing does where there is nothing to compare. */
function periodTitle({ since, lately }: Stats, today: string): string {
  const head = `<b>За 30${NBSP}дней</b>`;
  if (lately.before !== null) return `${head}, в скобках — за 30${NBSP}дней до них`;
  const why = since === null ? "журнал ещё читается" : `считаем с ${w.day(since, Number(today.slice(0, 4)))}`;
  return `${head}. Сравнивать пока не с чем: ${why}.`;
}

/** `**128** (110)`; the first alone where there is no second. */
function beside(value: number, before: number | undefined, words: (value: number) => string): string {
  return `${bold(words(value))}${before === undefined ? "" : ` (${words(before)})`}`;
}

/** All paid visits, whoever has their points. */
export const paidIn = (one: Compared["now"]) => one.withCard + one.withoutCard;

/** The paid visits, and those of them that nobody has the points of: the record has no client. */
function visitsLine({ now, before }: Compared): string {
  const without =
    now.withoutCard === 0 && (before?.withoutCard ?? 0) === 0
      ? ""
      : `, без карты ${w.count(now.withoutCard)}${before === null ? "" : ` (${w.count(before.withoutCard)})`}`;
  return `Оплаченных визитов: ${beside(paidIn(now), before ? paidIn(before) : undefined, w.count)}${without}`;
}

/** A period in lines: paid visits, points given, and points spent with the bills that they paid a part of. */
export function earnedLines(period: Compared): string[] {
  return [visitsLine(period), ...pointLines(period)];
}

/** One point is one rouble of somebody's bill to come. */
export function owedLine({ owed }: Owed): string {
  return `Вы должны клиентам: ${bold(w.money(roublesFor(owed)))}`;
}

function inMessenger({ now, before }: Compared): string {
  if (now.clients === 0) return "";
  const past = before === null || before.clients === 0 ? "" : ` (${share(before.linked, before.clients)})`;
  return `, в мессенджере ${share(now.linked, now.clients)}${past}`;
}

/** In whole percents; who asks knows that there is a whole. */
const share = (part: number, of: number) => `${Math.round((100 * part) / of)}${NBSP}%`;

function pointLines({ now, before }: Compared): string[] {
  const bills = now.bills === 0 && (before?.bills ?? 0) === 0;
  return [
    `Начислено: ${beside(now.given, before?.given, w.amount)}`,
    `Списано: ${beside(now.spent, before?.spent, w.amount)}${bills ? "" : `, счета на ${beside(now.bills, before?.bills, w.money)}`}`,
    ...(now.expired === 0 && (before?.expired ?? 0) === 0
      ? []
      : [`Сгорело: ${beside(now.expired, before?.expired, w.amount)}`]),
  ];
}

function returnLine({ within, now, before, from }: Returns, year: number): string {
  const head = `Вернулись за ${within}${NBSP}дней`;
  if (now === null) return `${head}: ${from === null ? "пока рано" : `узнаем ${w.day(from, year)}`}`;
  if (now.clients === 0) return `${head}: не о ком сказать`;
  const of = ({ back, clients }: Return) => `${w.count(back)} из ${w.count(clients)}`;
  const past = before === null || before.clients === 0 ? "" : ` (${share(before.back, before.clients)})`;
  return `${head}: ${bold(share(now.back, now.clients))}${past}, ${of(now)}`;
}

function sumsWords({
  given,
  spent,
  expired = 0,
}: {
  given: number;
  spent: number;
  expired?: number;
}): string {
  return `начислено ${w.amount(given)}, списано ${w.amount(spent)}${expired === 0 ? "" : `, сгорело ${w.amount(expired)}`}`;
}

function newWords(cards: number, linked: number, when = ""): string {
  const words = [
    ...(cards > 0 ? [`новых карт ${w.count(cards)}`] : []),
    ...(linked > 0 ? [`привязано ${w.count(linked)}`] : []),
  ];
  return words.length > 0 ? `,${when} ${words.join(", ")}` : "";
}

function branchLines(branches: Stats["branches"], at: Date, timeZone: string): string[] {
  if (branches.length === 0) return ["Журнал YCLIENTS ещё не прочитан."];
  return branches.map((branch) => {
    const of = branches.length === 1 ? "" : ` (${escaped(branch.title ?? `филиал ${branch.company}`)})`;
    const failed =
      branch.failures === 0 ? "" : ` Сейчас не читается, попыток подряд: ${w.count(branch.failures)}.`;
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

/** The words and bars of the chart, by day of visit: whole points, for a picture needs no more. Null where it is empty. */
export function chartContent({ days }: Stats) {
  if (days.every(({ given, spent }) => given === 0 && spent === 0)) return null;
  return {
    title: "Баллы по дням визитов",
    days: days.map(({ day, given, spent }) => ({
      day: `${day.slice(8)}.${day.slice(5, 7)}`,
      given: given / 100,
      spent: spent / 100,
    })),
    legend: { given: "Начислено", spent: "Списано" },
  };
}

/** What stands under the chart. */
export function chartCaption({ days }: Stats): string {
  const sum = (of: "given" | "spent") => days.reduce((all, one) => all + one[of], 0);
  const [from = "", to = ""] = [days[0]?.day, days.at(-1)?.day];
  const year = Number(to.slice(0, 4));
  return `Баллы по дням визитов, с ${w.day(from, year)} по ${w.day(to, year)}: ${sumsWords({ given: sum("given"), spent: sum("spent") })}.`;
}

function daysInEnglish(day: string, { from, to }: Days): string {
  if (from === undefined) return `as of ${enWords.day(day, null)}`;
  if (from === to) return `of ${enWords.day(from, null)}`;
  return `from ${enWords.day(from, null)} to ${enWords.day(to ?? day, null)}`;
}

/** What goes with /export. */
export const exportTexts = {
  begun: () => "Собираю файлы, пришлю сюда.",
  already: () => "Файлы уже собираются, пришлю сюда.",
  noSuchDays: (written: string) =>
    `Не понял, за какие дни: «${escaped([...written].slice(0, 60).join(""))}». Напишите /export или с днями: <code>/export 01.03 31.03</code>`,
  /** In the language of the workbook's own words. */
  workbook: (
    { changes, cards }: { changes: number; cards: number },
    { day, days = {}, language }: { day: string; days?: Days; language: string | null },
  ) =>
    inLanguage(
      language,
      `Изменения баллов ${daysWords(day, days)}, строк: ${w.count(changes)}. Остатки на ${w.day(days.to ?? day, null)}, карт: ${w.count(cards)}. Открывается в Excel. Внутри имена клиентов: пересылайте только своим.`,
      `Changes of points ${daysInEnglish(day, days)}, rows: ${enWords.count(changes)}. Balances as of ${enWords.day(days.to ?? day, null)}, cards: ${enWords.count(cards)}. Opens in Excel. It holds clients' names: send it on with care.`,
    ),
  caption: (rows: number, day: string, days: Days = {}) =>
    `Все изменения баллов ${daysWords(day, days)}, строк: ${w.count(rows)}. Для бухгалтера и для сверки. Имён и телефонов в файле нет.`,
  tooLarge: (file: string, messenger: string) =>
    `Файл слишком велик для ${messenger}. Возьмите меньше дней: <code>/export 01.03 31.03</code>. Или выгрузите его на сервере: <code>loyalty-bot export${file.endsWith(".xlsx") ? " --xlsx" : ""} &gt; ${file}</code>`,
};

type Days = { from?: string; to?: string };

function daysWords(day: string, { from, to }: Days): string {
  if (from !== undefined && from === to) return `за ${w.day(from, null)}`;
  return from === undefined
    ? `на ${w.day(day, null)}`
    : `с ${w.day(from, null)} по ${w.day(to ?? day, null)}`;
}
