// All that people read of the bot, in the language of each.

import { inLanguage } from "../texts/language.ts";
import { enTexts } from "./en.texts.ts";
import { ruTexts } from "./ru.texts.ts";

/** Every sentence in one language. */
export type Texts = typeof ruTexts;

/** All of them: for recognising a key of the reply keyboard, whichever language it was shown in. */
export const allTexts: readonly Texts[] = [ruTexts, enTexts];

/** The texts for the language of a person's messenger. */
export function textsOf(language: string | null): Texts {
  return inLanguage(language, ruTexts, enTexts);
}
