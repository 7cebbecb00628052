// The caption of the card's picture, and what a scanned code answers, in both languages.

import type { Points } from "../rules/money.ts";
import { lastDigits } from "../rules/phone.ts";
import { bold, escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { lockedEn, lockedRu, waitingEn, waitingRu } from "../texts/waiting.ts";
import { enWords, ruWords } from "../texts/words.ts";

interface Shown {
  phone: string;
  balance: Points;
  waiting: Points;
  locked?: Points;
}

const digits = (phone: string) => `…${escaped(lastDigits(phone))}`;

const ru = {
  caption: ({ phone, balance, waiting, locked = 0 }: Shown) =>
    `Карта ${digits(phone)}, на ней ${bold(ruWords.points(balance))}.${waitingRu(waiting)}${lockedRu(locked, balance)} Покажите её на кассе или назовите телефон.`,
  withoutPicture: ({ phone, balance, waiting, locked = 0 }: Shown) =>
    `Карта ${digits(phone)}, на ней ${bold(ruWords.points(balance))}.${waitingRu(waiting)}${lockedRu(locked, balance)} Картинка сейчас не получилась: назовите телефон на кассе.`,
  asOf: (day: string, time: string) => `на ${ruWords.day(day, null)}, ${time}`,
  oldCode: () =>
    "Этот код больше не действует: попросите клиента нажать «Карта» ещё раз или назвать телефон.",
};

const en: typeof ru = {
  caption: ({ phone, balance, waiting, locked = 0 }) =>
    `Card ${digits(phone)} holds ${bold(enWords.points(balance))}.${waitingEn(waiting)}${lockedEn(locked, balance)} Show it at the till, or give your phone.`,
  withoutPicture: ({ phone, balance, waiting, locked = 0 }) =>
    `Card ${digits(phone)} holds ${bold(enWords.points(balance))}.${waitingEn(waiting)}${lockedEn(locked, balance)} The picture did not work out just now: give your phone at the till.`,
  asOf: (day, time) => `as of ${enWords.day(day, null)}, ${time}`,
  oldCode: () => "This code is not valid any more: ask the client to press “Card” again, or for the phone.",
};

/** What is said with a card in a person's language. */
export function showCardTexts(language: string | null | undefined) {
  return inLanguage(language, ru, en);
}

/** The number on the card and the word that fits it. */
export function amountOnCard(language: string | null | undefined, balance: Points) {
  const words = inLanguage(language, ruWords, enWords);
  return { balance: words.amount(balance), unit: words.pointsWord(balance) };
}
