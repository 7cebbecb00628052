// One message of a chat as Telegram shows it: the bubble, what it carries, and the buttons under it.

import { ask } from "./ask.ts";
import { h } from "./dom.ts";
import { moment, words } from "./language.ts";
import { marked, type Taps } from "./marks.ts";
import type { ButtonView, Message, Who } from "./protocol.ts";

/** A link to the bot itself, with what it starts with. */
const ownLink = /^https:\/\/t\.me\/loyalty_demo_bot(?:\?start=([\w-]{1,64}))?$/i;

export function messageNode(who: Who, shown: Message): HTMLElement {
  const t = words();
  const taps: Taps = {
    command: (text) => void ask({ do: "say", who, text }),
    link: (url) => {
      const own = ownLink.exec(url);
      if (!own) return null;
      return (event) => {
        event.preventDefault();
        void ask(own[1] ? { do: "link", who, payload: own[1] } : { do: "start", who });
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
    inline(who, shown, taps),
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

function inline(who: Who, shown: Message, taps: Taps): HTMLElement | null {
  if (shown.inline.length === 0) return null;
  const rows = shown.inline.map((row) =>
    h("div", { class: "row" }, ...row.map((button) => inlineButton(who, shown, button, taps))),
  );
  return h("div", { class: "inline" }, ...rows);
}

function inlineButton(who: Who, shown: Message, button: ButtonView, taps: Taps): HTMLElement {
  const { text, data, url, copy } = button;
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
    if (copy !== undefined) return void navigator.clipboard?.writeText(copy);
    // Telegram turns a wheel until the tap is answered; what answers it redraws the message or shows a toast.
    made.classList.add("busy");
    setTimeout(() => made.classList.remove("busy"), 4_000);
    void ask({ do: "tap", who, message: shown.id, data: data ?? "" });
  };
  return made;
}
