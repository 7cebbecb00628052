// Which part is looked at: on a narrow screen one at a time, and on any screen one of the chats that stand in one place.

import { h } from "./dom.ts";
import { words } from "./language.ts";
import type { Part } from "./part.ts";
import type { Shows } from "./protocol.ts";

type Worker = "admin" | "owner";
const staff: readonly Worker[] = ["admin", "owner"];
/** Where those who work in the salon have their chats, the client's in MAX stands beside the one in Telegram. */
const turns = [...staff, "max"] as const;
type Turn = (typeof turns)[number];
const names = ["journal", "anna", "max", "admin", "ledger", "dock"] as const;
export type Tab = (typeof names)[number] | Worker;
export type Tabs = ReturnType<typeof createTabs>;

/** How much of each part there is: more than when it was last open is marked with a dot. */
const sizes: Record<Tab, (shows: Shows) => number> = {
  journal: () => 0,
  anna: ({ anna }) => anna.messages.filter((one) => one.from === "bot").length,
  admin: ({ admin }) => admin.messages.filter((one) => one.from === "bot").length,
  owner: ({ owner }) => owner.messages.filter((one) => one.from === "bot").length,
  max: ({ max }) => max.messages.filter((one) => one.from === "bot").length,
  ledger: ({ ledger }) => ledger.rows.length,
  dock: () => 0,
};

/** `open` shows a part; on a wide screen it is brought into view. */
export function createTabs(place: HTMLElement, main: HTMLElement) {
  const seen = new Map<Tab, number>();
  let current: Tab = "journal";
  let working: Worker = "admin";
  let shown: Turn = "admin";
  let shows: Shows | null = null;

  function open(tab: Tab): void {
    current = tab;
    if (tab === "admin" || tab === "owner") working = tab;
    if (tab === "max" || tab === working) shown = tab;
    write();
    const part = document.getElementById(tab);
    if (getComputedStyle(place).display === "none") part?.classList.add("look");
    setTimeout(() => part?.classList.remove("look"), 1600);
  }

  function write(): void {
    const narrow = getComputedStyle(place).display !== "none";
    const at = staff.includes(current as Worker) ? "staff" : current;
    main.dataset.tab = at;
    main.dataset.staff = shown;
    const more = (tab: Tab) => {
      const size = shows ? sizes[tab](shows) : 0;
      const looked = !narrow && turns.some((one) => one === tab) ? tab === shown : tab === current;
      if (shows && (looked || !seen.has(tab))) seen.set(tab, size);
      return size > (seen.get(tab) ?? size);
    };
    const news = { admin: more("admin"), owner: more("owner"), max: more("max") };
    const inMax = shows !== null && shows.world.max !== null;
    for (const one of turns)
      for (const button of main.querySelectorAll<HTMLElement>(`[data-staff="${one}"]`)) {
        button.classList.toggle("more", news[one]);
        button.setAttribute("aria-pressed", String(one === shown));
        button.hidden = one === "max" && !inMax;
      }
    for (const tab of names) {
      const button = place.querySelector<HTMLElement>(`[data-tab="${tab}"]`);
      const isAt = tab === current || (tab === "admin" && at === "staff");
      if (button) button.hidden = tab === "max" && !inMax;
      button?.classList.toggle("more", tab === "admin" ? news.admin || news.owner : more(tab));
      if (isAt) button?.setAttribute("aria-current", "page");
      else button?.removeAttribute("aria-current");
    }
  }

  /** The switch between them, for the head of each one's chat. */
  function staffSwitch(): HTMLElement {
    const t = words();
    const keys = turns.map((one) => {
      const go = () => {
        open(one);
        main.querySelector<HTMLElement>(`#${one} [data-staff="${one}"]`)?.focus();
      };
      return h(
        "button",
        { type: "button", "data-staff": one, "aria-pressed": "false", hidden: one === "max", onclick: go },
        t.staff[one],
      );
    });
    return h("div", { class: "languages staff", role: "group", "aria-label": t.tabs.admin }, ...keys);
  }

  return {
    open,
    staffSwitch,
    speak() {
      place.setAttribute("aria-label", words().parts);
      place.replaceChildren(
        ...names.map((tab) =>
          h(
            "button",
            { type: "button", "data-tab": tab, onclick: () => open(tab === "admin" ? working : tab) },
            words().tabs[tab],
          ),
        ),
      );
      write();
    },
    draw(now) {
      shows = now;
      write();
    },
  } satisfies Part & Record<string, unknown>;
}
