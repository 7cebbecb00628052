// Texts longer than a message may be.

const limit = 3_900;

/**
 * Blocks of HTML put together, a line each, into messages under 4000 characters; a block is never cut. One that begins
 * with a new line starts a paragraph.
 */
export function inMessages(blocks: string[]): string[] {
  const messages: string[] = [];
  let message = "";
  for (const block of blocks) {
    const joined = message === "" ? block.trimStart() : `${message}\n${block}`;
    if (joined.length > limit && message !== "") {
      messages.push(message);
      message = block.trimStart();
    } else message = joined;
  }
  return message === "" ? messages : [...messages, message];
}

/** The same words without HTML, for a file. */
export function asPlain(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
