// The bot's text with its marks, as nodes. A list of what may be shown, not of what may not.

import { h } from "./dom.ts";
import type { Mark } from "./protocol.ts";

const tags = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  spoiler: "span",
  blockquote: "blockquote",
} as const;

/** What taps inside a text do: a command is sent, a link of the bot's own starts it. */
export interface Taps {
  command: (text: string) => void;
  link: (url: string) => HTMLElement["onclick"];
}

/** Text nodes and elements for a text whose marks do not cross each other, as Telegram's do not. */
export function marked(text: string, marks: Mark[], taps: Taps): Node[] {
  return range(text, 0, text.length, marks, taps);
}

function range(text: string, from: number, to: number, marks: Mark[], taps: Taps): Node[] {
  const nodes: Node[] = [];
  let at = from;
  for (let index = 0; index < marks.length; index++) {
    const mark = marks[index];
    if (!mark || mark.offset < at) continue; // it is inside one before
    const end = Math.min(to, mark.offset + mark.length);
    nodes.push(...plain(text.slice(at, mark.offset), taps));
    const inner = marks
      .slice(index + 1)
      .filter((one) => one.offset >= mark.offset && one.offset + one.length <= end);
    nodes.push(element(mark, range(text, mark.offset, end, inner, taps), taps));
    at = end;
  }
  nodes.push(...plain(text.slice(at, to), taps));
  return nodes;
}

function element(mark: Mark, inside: Node[], taps: Taps): Node {
  if (mark.type === "text_link") return anchor(mark.url ?? "", inside, taps);
  const tag = Object.hasOwn(tags, mark.type) ? tags[mark.type as keyof typeof tags] : "span";
  return h(tag, mark.type === "spoiler" ? { class: "spoiler" } : {}, ...inside);
}

/** Only addresses of the web become links. */
function anchor(url: string, inside: Node[], taps: Taps): HTMLElement {
  if (!/^https?:\/\//i.test(url)) return h("span", {}, ...inside);
  const link = h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...inside);
  link.onclick = taps.link(url);
  return link;
}

const live =
  /(https?:\/\/[^\s<>"]+[\w/])|((?<=^|\s)\/[a-z]{2,32}\b)|((?<![\d+])(?:\+7|8)[\s\u00a0(-]*(?:\d[\s\u00a0()-]*){9}\d(?!\d))/g;

/** As Telegram does by itself: addresses are links, commands can be tapped, a phone number stays on its line. */
function plain(text: string, taps: Taps): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const found of text.matchAll(live)) {
    nodes.push(document.createTextNode(text.slice(at, found.index)));
    const [whole, url, , phone] = found;
    if (url) nodes.push(anchor(url, [document.createTextNode(url)], taps));
    else if (phone) nodes.push(h("span", { class: "unbroken" }, phone));
    else
      nodes.push(
        h("button", { type: "button", class: "command", onclick: () => taps.command(whole) }, whole),
      );
    at = found.index + whole.length;
  }
  nodes.push(document.createTextNode(text.slice(at)));
  return nodes;
}
