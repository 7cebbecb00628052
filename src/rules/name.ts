// A person's name as it can be shown: people write it themselves, in Telegram and in YCLIENTS's booking form.

/**
 * One line in its own direction, at most 100 characters; empty when nothing is left. A line break could forge the till's
 * next line, a mark of direction could turn a sum round, and PostgreSQL takes no zero byte.
 */
export function shownName(written: string): string {
  return (
    written
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
      .replace(/[\s\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, " ")
      .trim()
      .slice(0, 100)
  );
}
