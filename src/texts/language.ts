// Which of two languages a person reads.

/** The English one for an English `language_code` of Telegram, else the Russian one. */
export function inLanguage<T>(language: string | null | undefined, ru: T, en: T): T {
  return language?.toLowerCase().startsWith("en") ? en : ru;
}
