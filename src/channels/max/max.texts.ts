// The word that ends a tap's wait where nothing else does: MAX takes no answer to a tap without one.

import { inLanguage } from "../../texts/language.ts";

/** Over the screen, for a moment, in the language of whoever tapped. */
export function tapDone(language: string | null): string {
  return inLanguage(language, "Готово", "Done");
}
