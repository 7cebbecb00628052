// Telegram's HTML: text and entities out of what a bot sends.
import type { MessageEntity } from "grammy/types";
import { bad } from "./faults.ts";

const TAGS: Record<string, MessageEntity["type"]> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  code: "code",
  pre: "pre",
  a: "text_link",
  "tg-spoiler": "spoiler",
  blockquote: "blockquote",
};
const ESCAPES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"' };
const TOKEN = /<(\/?)([a-z][a-z0-9-]*)?([^<>]*)>|&(?:(lt|gt|amp|quot|#\d+|#x[0-9a-f]+);)?|<|[^<&]+/gi;

function decoded(name: string): string {
  if (!name.startsWith("#")) return ESCAPES[name.toLowerCase()] ?? "";
  return String.fromCodePoint(Number(name[1]?.toLowerCase() === "x" ? `0${name.slice(1)}` : name.slice(1)));
}

/**
 * Turns Telegram's HTML into text and entities (offsets in UTF-16 units), or refuses it as Telegram does.
 * Telegram Bot API: formatting options, HTML style. A bare & is refused because the documentation forbids it;
 * the real server lets it pass.
 */
export function readHtml(html: string): { text: string; entities: MessageEntity[] } {
  const entities: MessageEntity[] = [];
  const open: { name: string; offset: number; url?: string | undefined }[] = [];
  let text = "";
  for (const found of html.matchAll(TOKEN)) {
    const [token, slash, tag, attributes, code] = found;
    const at = `at byte offset ${Buffer.byteLength(html.slice(0, found.index))}`;
    const name = (tag ?? "").toLowerCase();
    const refuse = (why: string) => bad(`can't parse entities: ${why}`);
    if (token.startsWith("&")) {
      if (!code) throw refuse(`Unescaped "&" ${at}`);
      text += decoded(code);
    } else if (!token.startsWith("<")) {
      text += token;
    } else if (slash) {
      const last = open.pop();
      if (!last) throw refuse(`Unexpected end tag ${at}`);
      if (name !== last.name)
        throw refuse(`Unmatched end tag ${at}, expected "</${last.name}>", found "${token}"`);
      const span = {
        offset: last.offset,
        length: text.length - last.offset,
        ...(last.url && { url: last.url }),
      };
      const shown = span.length > 0 && (name !== "a" || last.url);
      if (shown) entities.push({ type: TAGS[name], ...span } as MessageEntity);
    } else {
      if (!Object.hasOwn(TAGS, name)) throw refuse(`Unsupported start tag "${name}" ${at}`);
      const href = attributes?.match(/\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/i);
      const url = (href?.[1] ?? href?.[2])?.replaceAll("&amp;", "&");
      open.push({ name, offset: text.length, url });
    }
  }
  const left = open.pop();
  if (left) throw bad(`can't parse entities: Can't find end tag corresponding to start tag "${left.name}"`);
  return { text, entities: entities.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}
