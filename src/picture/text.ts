// Makes any text safe to draw, and fits it into a width: what the font lacks never reaches the picture.

import type { Font } from "./font.ts";

/** A line of text with the size it is to be set in. */
export interface Line {
  text: string;
  size: number;
  /** In pixels, without kerning: a little more than what is drawn. */
  width: number;
}

// A title or a name beyond this could not be read in a picture anyway, and a huge one would cost time.
const longest = 300;

/**
 * One line of what the font can draw. Letters in disguise (`𝓐𝓷𝓷𝓪`, `Ａ`, `ǎ`) become plain ones; emoji, other scripts,
 * control and direction characters, and heaps of accents are left out.
 */
function drawable(text: string, font: Font): string {
  const has = (char: string) => font.advance(char.codePointAt(0) ?? 0) !== undefined;
  const letters = Array.from(text.slice(0, longest * 4).normalize("NFC"), (char) => {
    if (/\s/u.test(char)) return " ";
    if (/[\p{C}\p{M}]/u.test(char)) return "";
    if (has(char)) return char;
    return Array.from(char.normalize("NFKD"))
      .filter((part) => !/[\p{C}\p{M}]/u.test(part) && has(part))
      .join("");
  });
  return Array.from(letters.join("").replace(/ +/g, " ").trim()).slice(0, longest).join("");
}

/** How wide a cleaned text is in this font and size. */
export function widthOf(text: string, font: Font, size: number): number {
  let sum = 0;
  for (const char of text) sum += font.advance(char.codePointAt(0) ?? 0) ?? 0;
  return sum * size;
}

/** Cleans a text and fits it: first it shrinks from `largest` to `smallest`, then it is cut with an ellipsis. */
export function fit(text: string, font: Font, width: number, largest: number, smallest: number): Line {
  const whole = drawable(text, font);
  const full = widthOf(whole, font, 1);
  const size = Math.max(smallest, Math.min(largest, Math.floor(width / Math.max(full, 0.01))));
  if (full * size <= width) return { text: whole, size, width: full * size };
  const chars = Array.from(whole);
  let cut = whole;
  while (chars.length > 0 && widthOf(cut, font, size) > width) {
    chars.pop();
    // No space or open punctuation hangs before the ellipsis.
    cut = `${chars.join("").replace(/[\s,.:;(«„"–—-]+$/u, "")}…`;
  }
  return { text: cut, size, width: widthOf(cut, font, size) };
}

/**
 * As `fit`, but a text that would have to be cut may go on in a second line, broken between words: as late as it can be, or
 * `even`, which looks better where lines stand in the middle.
 */
export function fitInTwo(
  text: string,
  font: Font,
  width: number,
  largest: number,
  smallest: number,
  even = false,
): Line[] {
  const words = drawable(text, font).split(" ");
  const long = (from: number, to?: number) => widthOf(words.slice(from, to).join(" "), font, smallest);
  let count = words.length;
  while (count > 0 && long(0, count) > width) count--;
  // All of it fits, or not even its first word does: one line.
  if (count === 0 || count === words.length) return [fit(text, font, width, largest, smallest)];
  while (even && count > 1 && long(count - 1) <= long(0, count - 1)) count--;
  return [words.slice(0, count), words.slice(count)].map((part) =>
    fit(part.join(" "), font, width, smallest, smallest),
  );
}

/** A text as it may stand in XML. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
