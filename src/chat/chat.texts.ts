// Picks the language of a person.

import { en } from "./en.texts.ts";
import { ru } from "./ru.texts.ts";

/** Every sentence in one language. */
export type Texts = typeof ru;

/** All of them: for recognising a key of the reply keyboard, whichever language it was shown in. */
export const allTexts: readonly Texts[] = [ru, en];

/** The texts for a Telegram `language_code`; Russian unless it is English. */
export function texts(language: string | undefined): Texts {
  return language?.toLowerCase().startsWith("en") ? en : ru;
}
