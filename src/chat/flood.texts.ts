// What a chat hears that writes too often, in both languages.

import { inLanguage } from "../texts/language.ts";

/** Said once; what follows within those seconds is not heard. */
export function tooOften(language: string | null | undefined): string {
  return inLanguage(
    language,
    "Слишком часто. Подождите несколько секунд и повторите.",
    "That is too fast. Wait a few seconds and try again.",
  );
}
