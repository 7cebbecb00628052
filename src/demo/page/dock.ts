// Under the parts: the faults to play with, and the way onto a phone.

import { ask } from "./ask.ts";
import { h } from "./dom.ts";
import { openPhone } from "./ending.ts";
import { key } from "./key.ts";
import { words } from "./language.ts";
import type { Part } from "./part.ts";
import type { World } from "./protocol.ts";

const names = [
  "telegramDown",
  "telegram429",
  "yclientsDown",
  "yclients429",
  "yclientsDies",
  "twice",
] as const;

export function createDock(place: HTMLElement): Part {
  let world: World | null = null;
  return {
    speak() {
      const t = words();
      const toggles = names.map((name) =>
        h(
          "button",
          { type: "button", class: "fault", "data-fault": name, "aria-pressed": "false", onclick: toggle },
          t.faults[name],
        ),
      );
      const kill = h(
        "button",
        { type: "button", class: "fault kill", onclick: () => void ask({ do: "kill" }) },
        t.kill,
      );
      place.setAttribute("aria-labelledby", "dock-title");
      place.replaceChildren(
        h("h2", { id: "dock-title" }, t.breakIt),
        h("p", {}, t.breakNote),
        h("div", { class: "faults" }, ...toggles, kill),
        key(t.phone.short, () => world && openPhone(world)),
      );
    },
    draw(shows) {
      world = shows.world;
      for (const name of names) {
        const button = place.querySelector<HTMLElement>(`[data-fault="${name}"]`);
        // Where spends settle nothing there is no withdrawal in whose middle it could die.
        if (button) button.hidden = name === "yclientsDies" && !shows.world.settles;
        button?.setAttribute("aria-pressed", String(shows.world.faults[name] === true));
      }
    },
  };
}

function toggle(event: MouseEvent): void {
  const button = event.currentTarget as HTMLElement;
  const on = button.getAttribute("aria-pressed") !== "true";
  void ask({ do: "fault", name: button.dataset.fault ?? "", on });
}
