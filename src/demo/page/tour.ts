// The guided tour: a strip above the parts that can be followed, hurried or hidden.

import { ask } from "./ask.ts";
import { h } from "./dom.ts";
import { key } from "./key.ts";
import { words } from "./language.ts";
import type { Part } from "./part.ts";
import type { Shows } from "./protocol.ts";
import { tourSteps } from "./steps.ts";
import type { Tab } from "./tabs.ts";

/** `open` brings a part into view. */
export function createTour(place: HTMLElement, open: (tab: Tab) => void): Part {
  const done = tourSteps.map((items) => items.map(() => false));
  let step = 0;
  let hidden = false;
  let shows: Shows | null = null;
  let sum = "";

  /** An item counts in its turn only: the last step's proof holds all along. */
  function look(now: Shows): void {
    for (const [at, item] of (tourSteps[step] ?? []).entries()) {
      const marks = done[step];
      if (marks && !marks[at] && marks.slice(0, at).every(Boolean)) marks[at] = item.done(now);
    }
  }

  function go(to: number): void {
    step = to;
    if (shows) look(shows);
    write();
  }

  function write(): void {
    const next = JSON.stringify([step, hidden, done[step], words().title, hasAction()]);
    if (sum === next) return;
    sum = next;
    const at = document.activeElement as HTMLElement | null;
    const kept = place.contains(at) ? at?.dataset.keep : undefined;
    place.replaceChildren(...(hidden ? [shower()] : [text(), buttons()]));
    place.classList.toggle("folded", hidden);
    if (kept === undefined || !place.isConnected) return;
    // What was pressed may be gone with what it did: then the step's first key, the way on.
    const stays = place.querySelector<HTMLElement>(`[data-keep="${kept}"]`);
    (stays ?? place.querySelector<HTMLElement>(".keys button"))?.focus();
  }

  const left = () => (done[step] ?? []).indexOf(false);
  const item = () => (tourSteps[step] ?? [])[left()];
  const hasAction = () => shows !== null && (item()?.action(shows) ?? null) !== null;

  function shower(): HTMLElement {
    const show = () => {
      hidden = false;
      write();
    };
    return key(words().showTour, show, { keep: "fold" });
  }

  function progress(): HTMLElement {
    const dots = tourSteps.map((_, at) =>
      h(
        "button",
        {
          type: "button",
          class: done[at]?.every(Boolean) ? "dot past" : "dot",
          "aria-label": words().stepOf(at + 1),
          "aria-current": at === step ? "step" : null,
          "data-keep": `dot${at}`,
          onclick: () => go(at),
        },
        String(at + 1),
      ),
    );
    return h("div", { class: "progress", role: "group", "aria-label": words().tour }, ...dots);
  }

  function text(): HTMLElement {
    const said = words().steps[step];
    const items = (said?.items ?? []).map((label, at) => {
      const is = done[step]?.[at] ? "done" : at === left() ? "now" : "";
      const show = () => open((tourSteps[step] ?? [])[at]?.tab ?? "journal");
      const line = h("button", { type: "button", "data-keep": `item${at}`, onclick: show }, label);
      return h("li", { class: is, "aria-current": is === "now" ? "step" : null }, line);
    });
    return h(
      "div",
      { class: "step" },
      progress(),
      h("h2", { id: "tour-title" }, said?.title ?? ""),
      h("p", {}, step === tourSteps.length - 1 && left() < 0 ? words().finished : (said?.text ?? "")),
      h("ol", { class: "items" }, ...items),
    );
  }

  function buttons(): HTMLElement {
    const t = words();
    const over = left() < 0;
    const last = step === tourSteps.length - 1;
    return h(
      "div",
      { class: "keys" },
      !over && key(t.doIt, hurry, { off: !hasAction() }),
      !last && key(t.next, () => go(step + 1), { main: over }),
      hider(),
    );
  }

  function hider(): HTMLElement {
    const hide = () => {
      hidden = true;
      write();
    };
    const label = words().hide;
    return h(
      "button",
      {
        ...{ type: "button", class: "hide", "aria-label": label, title: label },
        ...{ "data-keep": "fold", onclick: hide },
      },
      "×",
    );
  }

  function hurry(): void {
    const now = item();
    const action = shows && now?.action(shows);
    if (now) open(now.tab);
    if (action) void ask(action);
  }

  return {
    speak() {
      place.setAttribute("aria-label", words().tour);
      write();
    },
    draw(now) {
      const first = shows === null;
      shows = now;
      look(now);
      // Who comes again goes on where they were.
      for (; first && step < tourSteps.length - 1 && left() < 0; look(now)) step += 1;
      write();
    },
  };
}
