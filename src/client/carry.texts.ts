// Carrying a card into another messenger: the button, and the link with its code, in both languages.

import { escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";

const ru = {
  button: (there: string) => `Перенести карту в ${there}`,
  /** Under the code, for the person's own phone or another one of theirs. */
  link: (there: string, link: string) =>
    `Откройте ссылку там, где у вас ${there}, или наведите на код камеру другого телефона:\n${escaped(link)}\n\n` +
    `В ${there} подтвердите свой номер: баллы и вся история карты будут и здесь, и там. Ссылка сработает один раз, в течение ` +
    "суток. Никому её не передавайте.",
  /** On the picture. */
  scan: "Наведите камеру телефона",
  /** These three to a button of before. */
  there: (there: string) => `Карта уже есть в ${there}.`,
  none: () => "Карты здесь сейчас нет, переносить нечего. Открыть её — /start",
  off: (there: string) => `В ${there} карту сейчас не перенести: бот там выключен.`,
};

const en: typeof ru = {
  button: (there) => `Take the card to ${there}`,
  link: (there, link) =>
    `Open the link where you have ${there}, or point another phone's camera at the code:\n${escaped(link)}\n\n` +
    `Confirm your number in ${there}: points and all of the card's history will be both here and there. The link works once, ` +
    "within a day. Give it to nobody.",
  scan: "Point a phone's camera here",
  there: (there) => `The card is in ${there} already.`,
  none: () => "There is no card here to take along. To open it: /start",
  off: (there) => `The card can't be taken to ${there} now: the bot is off there.`,
};

/** What is said of it in a person's language. */
export function carryTexts(language: string | null) {
  return inLanguage(language, ru, en);
}
