// One message of a chat as its messenger shows it: the bubble, what it carries, and the buttons under it.

import { ask } from "./ask.ts";
import { h } from "./dom.ts";
import { moment, words } from "./language.ts";
import { marked, type Taps } from "./marks.ts";
import type { ButtonView, Message, Who } from "./protocol.ts";
import { confirmContact } from "./share.ts";
import type { Tabs } from "./tabs.ts";

/** A link to the bot itself, in its messenger or by the page that opens either, with what it starts with. */
const ownLink = /^https:\/\/t\.me\/loyalty_demo_bot(?:\?start=([\w-]{1,64}))?$/i;
export const maxLink = /https:\/\/max\.ru\/\w+(?:\?start=([\w-]{1,64}))?/i;
const eitherLink = /^http:\/\/127\.0\.0\.1:\d+\/c(?:\/([\w-]{1,64}))?$/;

/** Whose chat a message stands in, and what the chats that a link leads to are opened by. */
interface Place {
  who: Who;
  phone: string;
  tabs: Tabs;
}

export function messageNode(place: Place, shown: Message): HTMLElement {
  const { who, tabs } = place;
  const t = words();
  const taps: Taps = {
    command: (text) => void ask({ do: "say", who, text }),
    link: (url) => {
      const inMax = maxLink.exec(url);
      const own = inMax ?? ownLink.exec(url) ?? eitherLink.exec(url);
      if (!own) return null;
      const whose = inMax ? "max" : who === "max" && ownLink.test(url) ? "anna" : who;
      return (event) => {
        event.preventDefault();
        if (whose !== who) tabs.open(whose);
        void ask(own[1] ? { do: "link", who: whose, payload: own[1] } : { do: "start", who: whose });
      };
    },
  };
  const text = shown.text && h("div", { class: "text" }, ...marked(shown.text, shown.marks, taps));
  const sign = shown.from === "bot" ? "" : shown.waiting ? "◷" : "✓✓";
  const spoken = shown.from === "bot" ? t.botSays : shown.waiting ? t.youSaidWaiting : t.youSaid;
  const meta = h(
    "span",
    { class: "meta" },
    shown.edited ? `${t.edited} ` : "",
    moment(shown.at),
    sign && h("span", { class: "sign", "aria-hidden": "true" }, ` ${sign}`),
  );
  const bubble = h(
    "div",
    { class: shown.photo ? "bubble pictured" : "bubble" },
    h("span", { class: "hidden" }, spoken),
    shown.photo && h("img", { src: `/file/${shown.photo}`, alt: t.picture, width: 600, height: 360 }),
    shown.file && fileNode(shown.file),
    shown.contact &&
      h("div", { class: "contact" }, h("b", {}, t.contact), h("span", { class: "unbroken" }, shown.contact)),
    shown.sticker && h("div", { class: "sticker" }, shown.sticker),
    text || null,
    meta,
  );
  const russian = /[\u0400-\u04ff]/.test(shown.text);
  return h(
    "li",
    { class: `message ${shown.from}`, lang: shown.text ? (russian ? "ru" : "en") : null },
    bubble,
    inline(place, shown, taps),
  );
}

function fileNode({ id, name, bytes }: NonNullable<Message["file"]>): HTMLElement {
  const size = bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KB`;
  return h(
    "a",
    { class: "file", href: `/file/${id}`, download: name },
    h("span", { class: "file-icon", "aria-hidden": "true" }, "↓"),
    h("span", {}, name, h("small", {}, size)),
  );
}

function inline(place: Place, shown: Message, taps: Taps): HTMLElement | null {
  if (shown.inline.length === 0) return null;
  const rows = shown.inline.map((row) =>
    h("div", { class: "row" }, ...row.map((button) => inlineButton(place, shown, button, taps))),
  );
  return h("div", { class: "inline" }, ...rows);
}

function inlineButton({ who, phone }: Place, shown: Message, button: ButtonView, taps: Taps): HTMLElement {
  const { text, data, url, copy, contact, says } = button;
  if (url !== undefined) {
    const link = h(
      "a",
      {
        href: /^https?:/i.test(url) ? url : null,
        target: "_blank",
        rel: "noopener noreferrer",
        class: "tap",
      },
      text,
      h("i", { "aria-hidden": "true" }, "↗"),
    );
    link.onclick = taps.link(url);
    return link;
  }
  const made = h("button", { type: "button", class: "tap", "data-keep": data ?? text }, text);
  made.onclick = () => {
    if (contact) return confirmContact(who, phone);
    if (says) return void ask({ do: "say", who, text });
    if (copy !== undefined) return void navigator.clipboard?.writeText(copy);
    // A messenger turns a wheel until the tap is answered; what answers it redraws the message or shows a toast.
    made.classList.add("busy");
    setTimeout(() => made.classList.remove("busy"), 4_000);
    void ask({ do: "tap", who, message: shown.id, data: data ?? "" });
  };
  return made;
}
