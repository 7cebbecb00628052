// On a narrow screen one part is shown at a time: the row of them at the bottom.

import { h } from "./dom.ts";
import { words } from "./language.ts";
import type { Part } from "./part.ts";
import type { Shows } from "./protocol.ts";

export type Tab = "journal" | "anna" | "admin" | "ledger" | "dock";
const names: readonly Tab[] = ["journal", "anna", "admin", "ledger", "dock"];

/** How much of each part there is: more than when it was last open is marked with a dot. */
const sizes: Record<Tab, (shows: Shows) => number> = {
  journal: () => 0,
  anna: ({ anna }) => anna.messages.filter((one) => one.from === "bot").length,
  admin: ({ admin }) => admin.messages.filter((one) => one.from === "bot").length,
  ledger: ({ ledger }) => ledger.rows.length,
  dock: () => 0,
};

/** `open` shows a part; on a wide screen it is brought into view. */
export function createTabs(place: HTMLElement, main: HTMLElement): Part & { open: (tab: Tab) => void } {
  const seen = new Map<Tab, number>();
  let current: Tab = "journal";
  let shows: Shows | null = null;

  function open(tab: Tab): void {
    current = tab;
    write();
    const part = document.getElementById(tab);
    if (getComputedStyle(place).display === "none") part?.classList.add("look");
    setTimeout(() => part?.classList.remove("look"), 1600);
  }

  function write(): void {
    main.dataset.tab = current;
    for (const tab of names) {
      const size = shows ? sizes[tab](shows) : 0;
      if (tab === current || !seen.has(tab)) seen.set(tab, size);
      const button = place.querySelector<HTMLElement>(`[data-tab="${tab}"]`);
      button?.classList.toggle("more", size > (seen.get(tab) ?? 0));
      if (tab === current) button?.setAttribute("aria-current", "page");
      else button?.removeAttribute("aria-current");
    }
  }

  return {
    open,
    speak() {
      place.setAttribute("aria-label", words().parts);
      place.replaceChildren(
        ...names.map((tab) =>
          h("button", { type: "button", "data-tab": tab, onclick: () => open(tab) }, words().tabs[tab]),
        ),
      );
      write();
    },
    draw(now) {
      shows = now;
      write();
    },
  };
}
