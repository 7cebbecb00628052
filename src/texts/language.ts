// Which of two languages a person reads, and what a language is called.

/** The English one for an English language as a messenger writes it (`en-GB`), else the Russian one. */
export function inLanguage<T>(language: string | null | undefined, ru: T, en: T): T {
  return language?.toLowerCase().startsWith("en") ? en : ru;
}

/** A messenger's `ru` as `русский`, in one of the two; a code that is none stays as it is. */
export function languageName(code: string, language: "ru" | "en"): string {
  if (!/^[a-z]{2,3}(-[a-z]{2,4})?$/i.test(code)) return code;
  const name = new Intl.DisplayNames([language], { type: "language" }).of(code) ?? code;
  // Russian writes languages with a small letter.
  return language === "ru" ? name.toLocaleLowerCase("ru") : name;
}
