// Makes any text safe inside Telegram's HTML.

/** The text with `&`, `<`, `>` and `"` escaped: good between tags and inside an attribute in double quotes. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** A link; the words and the address are escaped here. */
export function anchor(words: string, url: string): string {
  return `<a href="${escaped(url)}">${escaped(words)}</a>`;
}

/** Bold; the words are escaped here. */
export function bold(words: string): string {
  return `<b>${escaped(words)}</b>`;
}
