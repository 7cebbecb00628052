// Makes any text safe inside a message's HTML.

import { apart } from "../rules/name.ts";

/** Somebody's words between our own: with `&`, `<`, `>` and `"` escaped, and apart from the line they stand in. */
export function escaped(text: string): string {
  return quoted(apart(text));
}

/** Good inside an attribute in double quotes. */
function quoted(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** A link; the words and the address are escaped here. */
export function anchor(words: string, url: string): string {
  return `<a href="${quoted(url)}">${escaped(words)}</a>`;
}

/** Bold; the words are escaped here. */
export function bold(words: string): string {
  return `<b>${escaped(words)}</b>`;
}
