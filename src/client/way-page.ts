// The page that opens the bot in any messenger: what a card's code, a poster and an invitation lead to where there are several.

import { createHash } from "node:crypto";
import type { Channel } from "../channels/channel.ts";
import { escaped } from "../texts/html.ts";
import { messengerName } from "../texts/messenger.ts";
import { type WayWords, wayWords } from "./way-page.texts.ts";

const style = `
body {
  margin: 0 auto;
  max-width: 26rem;
  padding: 2rem 1.25rem;
  font: 1.05rem/1.5 system-ui, sans-serif;
  color: #1c1c1e;
  background: #fff;
}
h1 { font-size: 1.5rem; margin: 0 0 0.25rem; }
section { margin-top: 2rem; }
a {
  display: block;
  margin: 0.75rem 0;
  padding: 0.9rem 1rem;
  border-radius: 0.8rem;
  background: #1c1c1e;
  color: #fff;
  text-align: center;
  text-decoration: none;
  font-weight: 600;
}
code {
  display: block;
  padding: 0.75rem;
  border-radius: 0.6rem;
  background: #f2f2f4;
  overflow-wrap: anywhere;
  -webkit-user-select: all;
  user-select: all;
}
.small { color: #55555a; font-size: 0.9rem; }
`;

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** What a browser is told with it: no script, nothing else is asked for, no copy is kept, and nobody learns where one came from. */
export const wayPageHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex, nofollow",
  "cache-control": "no-store",
};

/**
 * The page, in both languages. `start` is the payload of its links, empty for none: letters, digits, `_` and `-`. Nobody looks
 * it up, so a code that is nobody's has the same page, which says of a card nothing that does not stand in its own address.
 */
export function wayPage(title: string, channels: readonly Channel[], start: string): string {
  const heading = escaped(title || wayWords.ru.title);
  const links = channels.map((one) => ({
    messenger: messengerName(one.name),
    link: start === "" ? one.link() : one.link(start),
  }));
  const section = ([language, words]: [string, WayWords]) =>
    [
      `<section lang="${language}"><p>${words.open}</p>`,
      ...links.map(
        ({ messenger, link }) =>
          `<a rel="noreferrer" href="${escaped(link)}">${escaped(words.in(messenger))}</a>`,
      ),
      start === "" ? "" : `<p class="small">${words.code}</p><code>${escaped(start)}</code>`,
      start.startsWith("c_") ? `<p class="small">${words.till}</p>` : "",
      "</section>",
    ].join("");
  const titles = Object.values(wayWords).map((words) => words.title);
  return [
    '<!doctype html><html lang="ru"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${heading}</title><style>${style}</style></head>`,
    `<body><h1>${heading}</h1><p class="small">${titles.join(" · ")}</p>`,
    ...Object.entries(wayWords).map(section),
    "</body></html>",
  ].join("");
}
