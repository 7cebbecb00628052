// A person's name as it can be shown: people write it themselves, in Telegram and in YCLIENTS's booking form.

/** Spaces of every kind, what ends a line, and letters that are drawn as nothing. */
const blanks = /[\s\p{Z}\p{Cc}\u115f\u1160\u2800\u3164\uffa0]+/gu;
/** Marks that turn a line round or are not seen, and halves of characters; the joiners of emoji and of Persian stay. */
const marks = /(?![\u200c\u200d])[\p{Cf}\p{Cs}]/gu;
const seen = /[^\p{Z}\p{C}\p{M}\p{Default_Ignorable_Code_Point}]/u;
/** Letters and digits that run from right to left. */
const leftward = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * Somebody's words in one line, in their own direction; empty when nothing of them would be seen. A line break could forge
 * the till's next line, a mark of direction could turn a sum round, and PostgreSQL takes no zero byte.
 */
export function oneLine(written: string): string {
  const line = written.replace(marks, "").replace(blanks, " ").trim();
  return seen.test(line) ? line : "";
}

/** A name in one line, at most 100 characters; empty when it is a name of nothing. */
export function shownName(written: string): string {
  return oneLine([...oneLine(written)].slice(0, 100).join(""));
}

/**
 * Somebody's words as they can stand in a line of ours: their direction ends where they do (first strong isolate). Without
 * that, one Hebrew letter in a name swaps the digits of the phone with the points behind it. What runs as our lines do,
 * or stands apart already, stays as it is.
 */
export function apart(words: string): string {
  return leftward.test(words.replace(/\u2068[^\u2069]*\u2069/g, "")) ? `\u2068${words}\u2069` : words;
}
