// Tells open pages what has changed: the stand-ins as soon as they do, the database twice a second.

import type { Db } from "../db/connect.ts";
import { dayOf } from "../rules/time.ts";
import type { Stage } from "./actions.ts";
import { faultNames } from "./faults.ts";
import { maxChatView } from "./max.ts";
import type { Shows, World } from "./page/protocol.ts";
import { people } from "./salon.ts";
import { chatView, journalView, ledgerView } from "./views.ts";

type Sink = ReadableStreamDefaultController<Uint8Array>;

const everyMs = 500;
const encoder = new TextEncoder();

/** `open` is a page's stream of events; each begins with all there is. Nothing is read while no page is open. */
export function createFeed(stage: Stage, db: Db) {
  const { journal, telegram, max } = stage;
  const pages = new Set<Sink>();
  const last = new Map<keyof Shows, string>();
  const anyChange = () => void showStandIns();
  const forget = [journal.onChange(anyChange), telegram.onChange(anyChange), max.onChange(anyChange)];
  let reading: Promise<void> | undefined;
  const timer = setInterval(() => void refresh(), everyMs);

  function show<Name extends keyof Shows>(name: Name, what: Shows[Name]): void {
    const data = JSON.stringify(what);
    if (last.get(name) === data) return;
    last.set(name, data);
    for (const page of pages) page.enqueue(event(name, data));
  }

  function showStandIns(): void {
    if (pages.size === 0) return;
    show("journal", journalView(stage, stage.clock.now()));
    for (const who of Object.keys(people) as (keyof typeof people)[])
      show(who, chatView(telegram.person(people[who]), telegram));
    show("max", maxChatView(max));
    show("world", worldView(stage));
  }

  async function showLedger(): Promise<void> {
    try {
      const at = { now: stage.clock.now(), timeZone: stage.company.timeZone };
      show("ledger", await ledgerView(db, at));
    } catch {
      // The tables are not there yet, or not any more: the next look is soon.
    }
  }

  async function refresh(): Promise<void> {
    if (pages.size === 0) return;
    showStandIns();
    reading ??= showLedger().finally(() => {
      reading = undefined;
    });
    await reading;
  }

  function open(): Response {
    let mine: Sink | undefined;
    const stream = new ReadableStream<Uint8Array>({
      start(page) {
        mine = page;
        pages.add(page);
        page.enqueue(encoder.encode("retry: 1000\n\n"));
        for (const [name, data] of last) page.enqueue(event(name, data));
        void refresh();
      },
      cancel() {
        if (mine) pages.delete(mine);
      },
    });
    const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };
    return new Response(stream, { headers });
  }

  return {
    open,
    refresh,
    async stop(): Promise<void> {
      clearInterval(timer);
      for (const end of forget) end();
      for (const page of pages) page.close();
      pages.clear();
      await reading;
    },
  };
}

function worldView(stage: Stage): World {
  const { telegram, max, program, faults, company, place, clock, trial, chosen } = stage;
  return {
    ...place,
    timeZone: company.timeZone,
    faults: Object.fromEntries(faultNames.map((name) => [name, faults.on(name)])),
    program: program.state,
    deaths: program.deaths,
    today: dayOf(clock.now(), company.timeZone),
    passed: clock.days,
    minutes: clock.minutes,
    undelivered: telegram.webhook.pending.length,
    trial: { state: trial.state, ...trial.printed },
    settles: chosen.has("settling"),
    max: chosen.has("max") ? { atOnce: chosen.has("atOnce"), undelivered: max.webhook.pending.length } : null,
  };
}

function event(name: string, data: string): Uint8Array {
  return encoder.encode(`event: ${name}\ndata: ${data}\n\n`);
}
