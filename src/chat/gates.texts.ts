// What is said before any part of the bot answers: that it is too fast, and of words behind a command that takes none.

import { escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { NBSP } from "../texts/words.ts";

const cut = (written: string) => escaped([...written].slice(0, 60).join(""));

const ru = {
  takesNone: (command: string, written: string) =>
    `/${command} пишется без слов: что значит «${cut(written)}», не${NBSP}понимаем. Нажмите /${command}`,
  ofAClient: () =>
    "Карту клиента открывает его телефон, без команды. Визиты клиента: <code>/why 89001234567</code>",
};

const en = {
  takesNone: (command: string, written: string) =>
    `/${command} takes no words, and “${cut(written)}” means nothing to us here. Tap /${command}`,
  ofAClient: ru.ofAClient,
};

/** The words in a person's language; those for who works here have one language. */
export function wordlessTexts(language: string | null) {
  return inLanguage(language, ru, en);
}

/** Said once; what follows within those seconds is not heard. */
export function tooOften(language: string | null | undefined): string {
  return inLanguage(
    language,
    "Слишком часто. Подождите несколько секунд и повторите.",
    "That is too fast. Wait a few seconds and try again.",
  );
}
