// The page's head: the name, how the program is, and the language.

import { h, icon } from "./dom.ts";
import { currentLanguage, day, type Language, words } from "./language.ts";
import type { Part } from "./part.ts";
import { drawWaits } from "./waits.ts";

/** `choose` is called with the language that was picked. */
export function createHead(place: HTMLElement, choose: (language: Language) => void): Part {
  const waits = h("div", { class: "waits", role: "status" });
  const state = h("span", { class: "state", role: "status" });
  const about = h("p", {});
  let program = "starting";
  let [today, passed] = ["", 0];

  function write(): void {
    about.textContent = passed === 0 ? words().subtitle : words().month.today(day(today), passed);
    state.className = `state ${program}`;
    state.textContent = words().program[program as keyof ReturnType<typeof words>["program"]];
  }

  function speak(): void {
    const languages = (["ru", "en"] as const).map((one) =>
      h(
        "button",
        {
          type: "button",
          "aria-pressed": String(one === currentLanguage()),
          lang: one,
          onclick: () => choose(one),
        },
        one === "ru" ? "Рус" : "Eng",
      ),
    );
    const chosen = place.querySelector(".languages")?.contains(document.activeElement);
    const mark = h("span", { class: "mark" }, icon("M6 12.5l4.500 4.500L18.500 7.500"));
    place.replaceChildren(
      h("div", { class: "brand" }, mark, h("h1", {}, "Loyalty Bot"), about),
      waits,
      state,
      h("div", { class: "languages", role: "group", "aria-label": words().language }, ...languages),
    );
    if (chosen) place.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
    write();
  }

  return {
    speak,
    draw(shows) {
      ({ program, today, passed } = shows.world);
      write();
      drawWaits(waits, shows);
    },
  };
}
