// The strip above the parts: the day and the chapters behind it. Each is a beginning, steps that can be played, followed, hurried or hidden, an end.

import { ask } from "./ask.ts";
import { h, icon } from "./dom.ts";
import { openInstall, openPhone } from "./ending.ts";
import { key } from "./key.ts";
import { words } from "./language.ts";
import { maxSteps } from "./max.ts";
import { monthSteps } from "./month.ts";
import type { Part } from "./part.ts";
import { createPlayer } from "./player.ts";
import type { Shows } from "./protocol.ts";
import { settlingSteps } from "./settling.ts";
import { tourSteps } from "./steps.ts";
import type { Tab } from "./tabs.ts";

const chapters = [tourSteps, monthSteps, settlingSteps, maxSteps];
/** What the chapters behind the day say. */
const later = [() => words().month, () => words().settling, () => words().max];

/** `open` brings a part into view. */
export function createTour(place: HTMLElement, open: (tab: Tab) => void): Part {
  /** The step that is open: 0 is the beginning, and what comes after the last is the end. */
  let now: Kept = {
    chapter: 0,
    step: 0,
    hidden: false,
    began: false,
    done: chapters.map((steps) => steps.map((items) => items.map(() => false))),
  };
  let shows: Shows | null = null;
  let sum = "";
  /** What the player does, for who does not see it. */
  const said = h("p", { class: "hidden", role: "status" });
  place.after(said);

  const steps = () => chapters[now.chapter] ?? [];
  const isOver = () => now.step > steps().length;
  const told = () => later[now.chapter - 1]?.() ?? words();
  const items = () => steps()[now.step - 1] ?? [];
  const marks = () => now.done[now.chapter]?.[now.step - 1] ?? [];
  const left = () => marks().indexOf(false);
  const item = () => items()[left()];
  const action = () => (shows && item()?.action(shows)) ?? null;
  const label = (at: number) => told().steps[now.step - 1]?.items[at] ?? "";
  /** The item that the player comes to next: what follows from another by itself is shown in its turn too. */
  let turn = 0;
  const fromHere = () => {
    turn = left() < 0 ? items().length : left();
  };

  const player = createPlayer({
    item() {
      const [at, place] = [marks(), turn];
      const one = items()[place];
      if (!one) return null;
      turn += 1;
      return {
        isDone: () => at[place] === true,
        action: () => (shows ? one.action(shows) : null),
        show: () => {
          open(one.tab);
          said.textContent = words().doing(label(place));
        },
      };
    },
    next() {
      go(now.step + 1);
      return !isOver();
    },
    changed: () => write(),
  });

  /** An item counts in its turn only: the last step's proof holds all along. */
  function look(shown: Shows): void {
    const done = marks();
    for (const [at, one] of items().entries())
      if (!done[at] && done.slice(0, at).every(Boolean)) done[at] = one.done(shown);
  }

  function go(to: number): void {
    now.step = to;
    if (shows) look(shows);
    fromHere();
    write();
  }

  function write(): void {
    if (shows) keepTour(shows.world.id, now);
    const { playing, stuck } = player;
    const next = JSON.stringify([now, playing, stuck, words().title, action() !== null]);
    if (sum === next) return;
    sum = next;
    const at = document.activeElement as HTMLElement | null;
    const kept = place.contains(at) ? at?.dataset.keep : undefined;
    place.className = `tour ${now.hidden ? "folded" : now.step === 0 || isOver() ? "edge" : ""}`;
    place.replaceChildren(
      ...(now.hidden ? [shower()] : [text(), h("div", { class: "keys" }, ...keys(), hider())]),
    );
    if (kept === undefined || !place.isConnected) return;
    // What was pressed may be gone with what it did: then the step's first key, the way on.
    const stays = place.querySelector<HTMLElement>(`[data-keep="${kept}"]`);
    (stays ?? place.querySelector<HTMLElement>(".keys button"))?.focus();
  }

  function text(): HTMLElement {
    const { begin, end, steps } = told();
    const { title, text } = now.step === 0 ? begin : isOver() ? end : (steps[now.step - 1] ?? end);
    return h(
      "div",
      { class: "step" },
      now.step > 0 && progress(),
      h("h2", { id: "tour-title" }, title),
      h("p", {}, player.stuck ? words().stuck : text),
      list(),
    );
  }

  function progress(): HTMLElement {
    const dots = steps().map((_, at) =>
      h(
        "button",
        {
          type: "button",
          class: now.done[now.chapter]?.[at]?.every(Boolean) ? "dot past" : "dot",
          "aria-label": words().stepOf(at + 1, steps().length),
          "aria-current": at === now.step - 1 ? "step" : null,
          "data-keep": `dot${at}`,
          onclick: () => go(at + 1),
        },
        String(at + 1),
      ),
    );
    return h("div", { class: "progress", role: "group", "aria-label": told().tour }, ...dots);
  }

  function list(): HTMLElement | null {
    if (items().length === 0) return null;
    const labels = told().steps[now.step - 1]?.items ?? [];
    return h(
      "ol",
      { class: "items" },
      ...labels.map((label, at) => {
        const is = marks()[at] ? "done" : at === left() ? "now" : "";
        const show = () => open(items()[at]?.tab ?? "journal");
        const line = h("button", { type: "button", "data-keep": `item${at}`, onclick: show }, label);
        return h("li", { class: is, "aria-current": is === "now" ? "step" : null }, line);
      }),
    );
  }

  function keys(): HTMLElement[] {
    const t = words();
    if (isOver())
      return [
        install(true),
        ...later.flatMap((told, at) =>
          at === now.chapter - 1 ? [] : [key(told().open, () => openChapter(at + 1))],
        ),
        key(t.phone.title, () => shows && openPhone(shows.world)),
      ];
    if (player.playing) return [playKey()];
    if (now.step === 0)
      return [playKey(), key(t.begin.self, () => go(1)), ...(now.chapter === 0 ? [install(false)] : [])];
    const over = left() < 0;
    const hurried = over ? [] : [key(t.doIt, hurry, { off: action() === null })];
    return [...hurried, key(t.next, () => go(now.step + 1), { main: over }), playKey()];
  }

  function playKey(): HTMLElement {
    const t = words();
    const start = () => {
      now.began = true;
      fromHere();
      player.start();
    };
    const made = player.playing
      ? key(t.pause, player.stop, { main: true, keep: "play", sign: icon("M8 5v14M16 5v14") })
      : key(now.began ? t.resume : told().play, start, {
          main: now.step === 0,
          keep: "play",
          sign: icon("M7 4l13 8-13 8z"),
        });
    made.setAttribute("data-player", "");
    return made;
  }

  function openChapter(chapter: number): void {
    now = { ...now, chapter, began: false };
    go(0);
  }

  function install(main: boolean): HTMLElement {
    return key(words().install.title, openInstall, { main });
  }

  const fold = (hidden: boolean) => () => {
    now.hidden = hidden;
    write();
  };

  function shower(): HTMLElement {
    return key(words().showTour, fold(false), { keep: "fold" });
  }

  function hider(): HTMLElement {
    const label = words().hide;
    const look = { type: "button", class: "hide", "aria-label": label, title: label, "data-keep": "fold" };
    return h("button", { ...look, onclick: fold(true) }, "×");
  }

  function hurry(): void {
    const asked = action();
    const tab = item()?.tab;
    if (tab) open(tab);
    if (asked) void ask(asked);
  }

  return {
    speak() {
      place.setAttribute("aria-label", words().tour);
      write();
    },
    draw(shown) {
      const first = shows === null;
      shows = shown;
      if (first) now = keptOf(shown.world.id, now) ?? now;
      look(shown);
      write();
    },
  };
}

/**
 * Where the visitor is, remembered by the browser while this demo runs. `chapter`: 0 is the day; `done` are the items of each one's steps that were seen done; `began`: it was played, so that it can be gone on with.
 */
interface Kept {
  chapter: number;
  step: number;
  hidden: boolean;
  began: boolean;
  done: boolean[][][];
}

/** The name under which the browser keeps it. */
const kept = "tour";

/** What was kept of this demo; null when it is another's, or somebody's own. */
function keptOf(demo: string, like: Kept): Kept | null {
  try {
    const { id, ...had } = JSON.parse(localStorage.getItem(kept) ?? "") as Kept & { id: string };
    const shape = ({ done }: Kept) => JSON.stringify(done.map((steps) => steps.map((items) => items.length)));
    const mostSteps = had.done[had.chapter]?.length ?? -1;
    return id === demo && shape(had) === shape(like) && had.step >= 0 && had.step <= mostSteps + 1
      ? had
      : null;
  } catch {
    return null;
  }
}

function keepTour(demo: string, now: Kept): void {
  localStorage.setItem(kept, JSON.stringify({ id: demo, ...now }));
}
