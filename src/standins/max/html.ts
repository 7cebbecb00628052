// MAX's HTML: what a person sees of it. Tags are not checked: an unknown or an unfinished one is stripped.

/** A span of a text in UTF-16 units, as `body.markup` writes it. */
export type MaxMarkup = { type: string; from: number; length: number; url?: string };

/** Types of markup by tag. A quote is not understood by the clients, and so is text like any other. */
const TAGS: Record<string, string> = {
  ...{ b: "strong", strong: "strong", i: "emphasized", em: "emphasized", u: "underline", ins: "underline" },
  ...{ s: "strikethrough", del: "strikethrough", code: "monospaced", pre: "monospaced", a: "link" },
  ...{ mark: "highlighted", h1: "heading" },
};
const ESCAPES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'" };
const TOKEN = /<(\/?)([a-z][a-z0-9-]*)([^<>]*)>|&(lt|gt|amp|quot|#39);|[^<&]+|[<&]/gi;

/** The text without its markup, and the markup. Nothing is refused. */
export function readMaxHtml(html: string): { text: string; markup: MaxMarkup[] } {
  const markup: MaxMarkup[] = [];
  const open: { tag: string; from: number; url: string | undefined }[] = [];
  let text = "";
  for (const [token, slash, name, attributes, code] of html.matchAll(TOKEN)) {
    const tag = name?.toLowerCase();
    if (code) text += ESCAPES[code.toLowerCase()] ?? "";
    else if (tag === undefined) text += token;
    else if (slash) {
      const at = open.findLastIndex((one) => one.tag === tag);
      const [begun] = at < 0 ? [] : open.splice(at, 1);
      const type = TAGS[tag];
      const length = text.length - (begun?.from ?? 0);
      if (!begun || !type || length === 0 || (tag === "a" && !begun.url)) continue;
      markup.push({ type, from: begun.from, length, ...(begun.url && { url: begun.url }) });
    } else {
      const href = attributes?.match(/\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/i);
      const url = (href?.[1] ?? href?.[2])?.replaceAll("&amp;", "&");
      open.push({ tag, from: text.length, url });
    }
  }
  return { text, markup: markup.sort((a, b) => a.from - b.from || b.length - a.length) };
}
