// The page: takes what changes from the demo's server and hands it to each part.

import { ask } from "./ask.ts";
import { createChat } from "./chat.ts";
import { createDock } from "./dock.ts";
import { createHead } from "./head.ts";
import { createJournal } from "./journal.ts";
import { currentLanguage, setDay, setLanguage, words } from "./language.ts";
import { createLedger } from "./ledger.ts";
import type { Shows } from "./protocol.ts";
import { createTabs } from "./tabs.ts";
import { createTour } from "./tour.ts";

const at = (id: string) => document.getElementById(id) as HTMLElement;
const shows: Partial<Shows> = {};
const tabs = createTabs(at("tabs"), at("main"));
const parts = [
  createHead(at("head"), (next) => {
    setLanguage(next);
    speak(true);
  }),
  createTour(at("tour"), tabs.open),
  createJournal(at("journal")),
  createChat(at("anna"), "anna", tabs),
  createChat(at("max"), "max", tabs),
  createChat(at("admin"), "admin", tabs),
  createChat(at("owner"), "owner", tabs),
  createLedger(at("ledger")),
  createDock(at("dock")),
  tabs,
];

/** Anna's Telegram speaks the page's language, and so the bot does to her; `chosen`: the visitor has just picked it. */
function speak(chosen = false): void {
  document.documentElement.lang = currentLanguage();
  document.title = words().title;
  void ask({ do: "language", language: currentLanguage(), chosen });
  for (const part of parts) part.speak?.();
  draw();
}

/** Before the first word from the server about each there is nothing to show. */
function draw(): void {
  const { journal, anna, admin, owner, max, ledger, world } = shows;
  if (!journal || !anna || !admin || !owner || !max || !ledger || !world) return;
  setDay(world.timeZone, world.today);
  for (const part of parts) part.draw({ journal, anna, admin, owner, max, ledger, world });
}

const events = new EventSource("/events");
for (const name of ["journal", "anna", "admin", "owner", "max", "ledger", "world"] as const) {
  events.addEventListener(name, (event: MessageEvent<string>) => {
    shows[name] = JSON.parse(event.data);
    draw();
  });
}
const gone = (is: boolean) => {
  document.body.classList.toggle("gone", is);
  at("gone").textContent = is ? words().gone : "";
};
events.onerror = () => gone(true);
events.onopen = () => gone(false);
speak();
