// Texts with the spaces that never break made plain, so that a test can write them as they are read.

/** The same text; nothing where there is none. */
export function soft(text = ""): string {
  return text.replaceAll("\u00a0", " ");
}
