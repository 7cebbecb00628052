// A chat with the bot, as its person sees it: messages, the field to write in, the keyboard under it.

import { ask } from "./ask.ts";
import { h, icon, keep } from "./dom.ts";
import { mood, words } from "./language.ts";
import { messageNode } from "./message.ts";
import type { Part } from "./part.ts";
import type { Chat, Who } from "./protocol.ts";
import { confirmContact } from "./share.ts";
import type { Tabs } from "./tabs.ts";
import { toast } from "./toast.ts";

const near = 80;

/** `tabs` has the switch between the chats that stand in one place, and opens the one in MAX where a link leads there. */
export function createChat(place: HTMLElement, who: Who, tabs: Tabs): Part {
  const list = h("ol", { class: "messages" });
  const scroll = h("div", { class: "scroll wall", tabindex: 0, role: "log" }, list);
  const bottom = h("div", { class: "bottom" });
  const field = h("input", { class: "say", autocomplete: "off", maxlength: 4096, enterkeyhint: "send" });
  const menu = h("ul", { class: "menu", id: `${who}-menu`, hidden: true });
  let chat: Chat | null = null;
  let drawn = false;
  let lower = "";
  let atEnd = true;
  let newest: number | undefined;
  let lastToast: string | null = null;

  // What was at its end stays there when a picture has loaded, the keyboard has grown or the tab is opened.
  const toEnd = () => {
    if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  };
  const watcher = new ResizeObserver(toEnd);
  watcher.observe(scroll);
  watcher.observe(list);
  scroll.addEventListener("scroll", () => {
    if (scroll.clientHeight > 0) atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < near;
  });

  const say = (text: string) => void ask({ do: "say", who, text });

  function draw(): void {
    if (!chat) return;
    const now = chat;
    const last = now.messages.at(-1)?.id;
    keep(
      list,
      now.messages.map((shown) => ({
        key: String(shown.id),
        sum: JSON.stringify([shown, mood()]),
        make: () => messageNode({ who, phone: now.phone, tabs }, shown),
      })),
      { first: !drawn },
    );
    place.classList.toggle("fresh", !now.started);
    drawBottom(now);
    if (last !== newest) atEnd = true;
    newest = last;
    toEnd();
    showToast(now);
    drawn = true;
  }

  /** Drawn again only when it changed: nobody's typing is disturbed. */
  function drawBottom(now: Chat): void {
    const sum = JSON.stringify([now.started, now.keyboard, now.commands, words().title]);
    if (sum === lower) return;
    lower = sum;
    const t = words();
    scroll.querySelector(".welcome")?.remove();
    if (!now.started) {
      const start = () => void ask({ do: "start", who });
      scroll.append(h("p", { class: "welcome" }, t.emptyChat));
      bottom.replaceChildren(h("button", { type: "button", class: "start", onclick: start }, t.start));
      return;
    }
    menu.replaceChildren(
      ...now.commands.map(({ command, description }) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", onclick: () => pick(`/${command}`) },
            h("b", {}, `/${command}`),
            description,
          ),
        ),
      ),
    );
    // Who pressed a key that is gone, or was writing, goes on in the field.
    const within = bottom.contains(document.activeElement);
    bottom.replaceChildren(menu, composer(), ...keyboard(now));
    if (within) field.focus();
  }

  function pick(command: string): void {
    field.focus();
    showMenu(false);
    // These want more than their name.
    if (/^\/(credit|debit|move)$/.test(command)) field.value = `${command} `;
    else say(command);
  }

  function showMenu(shown: boolean): void {
    menu.hidden = !shown;
    bottom.querySelector(".slash")?.setAttribute("aria-expanded", String(shown));
  }

  bottom.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || menu.hidden) return;
    showMenu(false);
    bottom.querySelector<HTMLElement>(".slash")?.focus();
  });

  function composer(): HTMLElement {
    const t = words();
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      const text = field.value.trim();
      if (text) say(text);
      field.value = "";
    };
    const toggle = h(
      "button",
      {
        type: "button",
        class: "slash",
        "aria-controls": menu.id,
        "aria-expanded": String(!menu.hidden),
        "aria-label": t.commands,
        onclick: () => showMenu(menu.hidden !== false),
      },
      "/",
    );
    const send = h("button", { class: "send", "aria-label": t.send }, icon("M4 12l16-7-6 16-3-7z"));
    field.placeholder = t.message;
    field.setAttribute("aria-label", t.messageTo(place.dataset.person ?? ""));
    return h("form", { class: "composer", onsubmit: submit }, toggle, field, send);
  }

  function keyboard({ keyboard, phone }: Chat): HTMLElement[] {
    if (keyboard.length === 0) return [];
    const key = ({ text, contact }: Chat["keyboard"][number][number]) => {
      const tap = () => (contact ? confirmContact(who, phone) : say(text));
      return h("button", { type: "button", onclick: tap }, text);
    };
    return [
      h("div", { class: "keyboard" }, ...keyboard.map((row) => h("div", { class: "row" }, ...row.map(key)))),
    ];
  }

  /** An answer from before the page was opened is not shown again. */
  function showToast(now: Chat): void {
    if (now.toast && now.toast.id !== lastToast && drawn) toast(now.toast.text, now.toast.alert);
    lastToast = now.toast?.id ?? null;
    if (now.toast) for (const busy of list.querySelectorAll(".busy")) busy.classList.remove("busy");
  }

  return {
    speak() {
      const t = words();
      const person = t.people[who];
      const there = who === "max" ? t.max.there : "";
      place.dataset.person = `${person.name}${there}`;
      place.setAttribute("aria-labelledby", `${who}-title`);
      scroll.setAttribute("aria-label", t.chatOf(place.dataset.person));
      const avatar = h("span", { class: "avatar", "aria-hidden": "true" }, person.letter);
      place.replaceChildren(
        h(
          "div",
          { class: "panel-head chat-head" },
          avatar,
          h(
            "div",
            {},
            h("h2", { id: `${who}-title` }, person.name, there && h("span", { class: "hidden" }, there)),
            h("p", {}, person.note),
          ),
          who !== "anna" && tabs.staffSwitch(),
        ),
        scroll,
        bottom,
      );
    },
    draw(shows) {
      chat = shows[who];
      draw();
    },
  };
}
