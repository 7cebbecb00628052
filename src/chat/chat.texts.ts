// All that people read of the bot, in the language of each.

import { inLanguage } from "../texts/language.ts";
import { en } from "./en.texts.ts";
import { ru } from "./ru.texts.ts";

/** Every sentence in one language. */
export type Texts = typeof ru;

/** All of them: for recognising a key of the reply keyboard, whichever language it was shown in. */
export const allTexts: readonly Texts[] = [ru, en];

/** The texts for the language of a person's messenger. */
export function textsOf(language: string | null): Texts {
  return inLanguage(language, ru, en);
}
