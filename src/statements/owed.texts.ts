// What is owed, in words, in both languages: the paper.

import { decimal } from "../rules/money.ts";
import { csvLine } from "../texts/csv.ts";
import { inLanguage } from "../texts/language.ts";
import { enWords, NBSP, ruWords, type Words } from "../texts/words.ts";
import type { OnCards, OwedThen } from "./owed.ts";
import type { Paper } from "./paper.ts";
import type { OwedPart } from "./statements.store.ts";

const ru = {
  language: "ru" as "ru" | "en",
  title: (at: string) => `Баллы на картах клиентов на ${at}`,
  endOf: (day: string) => `конец дня ${day}`,
  made: (at: string, zone: string) => `Составлено ${at}, время ${zone}`,
  heads: ["Месяц окончания", "Баллы"],
  endless: "Без срока",
  unknown: (cards: string) => `Сроки ещё считаются, карт: ${cards}. Их баллы пока стоят без срока.`,
  owed: "Карты с баллами",
  debts: "Карты ниже нуля",
  sum: "Сумма журнала баллов",
  forgotten: "Из них удалённых клиентов, не потратит никто",
  rouble: `1${NBSP}балл${NBSP}=${NBSP}1${NBSP}₽ на кассе`,
  seal: (seal: string) => `Последняя строка журнала баллов: ${seal}`,
};

const en: typeof ru = {
  language: "en",
  title: (at) => `Points on clients' cards, ${at}`,
  endOf: (day) => `end of ${day}`,
  made: (at, zone) => `Made on ${at}, time of ${zone}`,
  heads: ["Month of their end", "Points"],
  endless: "Without an end",
  unknown: (cards) =>
    `Ends are still being found, cards: ${cards}. Their points stand without one until then.`,
  owed: "Cards with points",
  debts: "Cards below zero",
  sum: "The ledger of points sums to",
  forgotten: "Of these of clients who were removed, nobody can spend them",
  rouble: `1${NBSP}point${NBSP}=${NBSP}1${NBSP}₽ at the till`,
  seal: (seal) => `Last row of the ledger of points: ${seal}`,
};

/** `2026-06` as `июнь 2026`. */
function named(month: string, language: string): string {
  const written = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
  return `${written.format(new Date(`${month}-01T00:00:00Z`))} ${month.slice(0, 4)}`;
}

/** What is written of what is owed, in a language. */
export function owedTexts(language: string | null | undefined) {
  const t = inLanguage(language, ru, en);
  const w: Words = inLanguage(language, ruWords, enWords);
  const line = (label: string, { cards, points }: OnCards): [string, string] => [
    `${label} (${w.count(cards)})`,
    w.points(points),
  ];
  // Nothing of it where nothing ends: then it would be the sum once more.
  const endings = ({ months, owed }: OwedThen): string[][] => {
    if (months.length === 0) return [];
    const ending = months.reduce((sum, { points }) => sum + points, 0);
    return [
      ...months.map(({ month, points }) => [named(month, t.language), w.amount(points)]),
      [t.endless, w.amount(owed.points - ending)],
    ];
  };
  return {
    paper: (of: OwedThen): Paper => {
      const made = `${w.day(of.made.slice(0, 10), null)}, ${of.made.slice(11, 16)}`;
      return {
        language: t.language,
        title: t.title(of.asOf === null ? made : t.endOf(w.day(of.asOf, null))),
        about: [t.made(made, of.timeZone)],
        table: { heads: t.heads, rows: endings(of), numbers: [1] },
        sums: [
          line(t.owed, of.owed),
          ...(of.debts.cards === 0 ? [] : [line(t.debts, of.debts)]),
          ...(of.forgotten.cards === 0 ? [] : [line(t.forgotten, of.forgotten)]),
          [t.sum, w.points(of.sum)],
        ],
        notes: [
          ...(of.endless === 0 ? [] : [t.unknown(w.count(of.endless))]),
          t.rouble,
          t.seal(`${of.seal.rows}:${of.seal.hash}`),
        ],
        proof: null,
      };
    },
    /** The table's first line, and one of a card. */
    heads: () => csvLine(",", ["card", "ends", "points"]),
    row: ({ card, ends, points }: OwedPart) => csvLine(",", [String(card), ends ?? "", decimal(points)]),
  };
}
