// How what is new on a card begins, where its person may not be told of it before they write.

import { bold } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";

const ru = { title: "Новое на карте" };
const en: typeof ru = { title: "New on your card" };

/** The line above what is new. */
export function newsTitle(language: string | null): string {
  return bold(inLanguage(language, ru, en).title);
}
