// One replica of the program in a simulated world: its real parts, HTTP door and bot, on wires that can be cut.

import { startBot, webhookOf } from "../../src/app/listening.ts";
import { buildParts } from "../../src/app/parts.ts";
import { listenToYclients } from "../../src/app/readings.ts";
import {
  endAllPoints,
  friendsRound,
  giveGifts,
  noteLevels,
  reviewAllLevels,
  sendAllNotices,
  sweepAll,
  syncAll,
  tellWhereSpendsAre,
  watchAll,
} from "../../src/app/rounds.ts";
import { MaxPace } from "../../src/channels/max/pace.ts";
import { wait } from "../../src/clock.ts";
import { readConfig } from "../../src/config/config.ts";
import { createHttp } from "../../src/http/http.ts";
import { keepLives } from "../../src/ledger/ends.ts";
import { adoptLevels } from "../../src/levels/terms.ts";
import { makeLog } from "../../src/log.ts";
import { sendDigest } from "../../src/owners/digest.ts";
import { settleDue } from "../../src/settlements/settle.ts";
import { rehearse } from "../../src/visits/dry-run.ts";
import type { WorldClock } from "./clock.ts";
import { Wires } from "./wires.ts";

/** Where the outside parties are: addresses of their own, before any wire. */
export interface Outside {
  database: string;
  telegram: string;
  /** Null: the salon has no MAX. `polls`: updates do not come by themselves. */
  max: { url: string; polls: boolean } | null;
  yclients: string;
  env: Record<string, string>;
  clock: WorldClock;
  /** Each line of the log, as the program writes it. */
  log: (line: string) => void;
}

/** What the log says of a round that threw. */
export const ROUND_FAILED = "a round failed";
/** MAX takes two calls a second in a dialog; here seconds are so many times shorter. */
export const hurry = 10;
const hintSecret = "simulated-hints-of-yclients";

/** MAX's own pace in short seconds, and what it let go. */
export class Turns extends MaxPace {
  /** In whose dialog, and when, in milliseconds of short seconds. */
  readonly taken: { whose: string | null; at: number }[] = [];

  /** The moment by which the last turn was given: whoever takes it may be woken later. */
  readonly #given: { at: number };

  constructor() {
    const given = { at: 0 };
    super(
      () => {
        given.at = performance.now() * hurry;
        return given.at;
      },
      (ms, signal) => wait(ms / hurry, signal),
    );
    this.#given = given;
  }

  override async call(whose: string | null, asked: boolean, signal?: AbortSignal): Promise<void> {
    await super.call(whose, asked, signal);
    if (!signal?.aborted) this.taken.push({ whose, at: this.#given.at });
  }
}

/** One replica, as a world holds it. */
export type Program = Awaited<ReturnType<typeof startProgram>>;

/** A program that runs nothing by itself: its rounds are asked for, its webhook listens at `address`. */
export async function startProgram(outside: Outside, died: () => void) {
  /** How far its clock is off, in milliseconds, and how many updates that it asked for it is dealing with. */
  const state = { skew: 0, atUpdates: 0 };
  const turns = new Turns();
  const wires = new Wires(() => {
    stop();
    died();
  });
  const wired = (address: string, database = false) => {
    const url = new URL(address);
    const port = wires.to(url.hostname, Number(url.port || 5432), database);
    return Object.assign(url, { hostname: "127.0.0.1", port: String(port) }).href.replace(/\/$/, "");
  };
  const addresses = {
    telegram: wired(outside.telegram),
    ...(outside.max && { max: wired(outside.max.url) }),
  };
  const config = readConfig(
    {
      ...outside.env,
      DATABASE_URL: wired(outside.database, true),
      TELEGRAM_API_ROOT: addresses.telegram,
      ...(addresses.max && { MAX_API_URL: addresses.max }),
      YCLIENTS_API_URL: wired(outside.yclients),
    },
    { secretsFolder: "/nowhere" },
  );
  // The dead say nothing, whatever still runs of them in this process.
  const write = (line: string) => void (wires.alive && outside.log(line));
  const log = makeLog("debug", false, { write });
  const parts = buildParts(
    config,
    log,
    outside.clock.of(() => state.skew),
    turns,
  );
  await keepLives(parts.db, config, parts.clock.now());
  await noteLevels(parts.db, config, parts.clock.now());
  await adoptLevels(parts.db, config, parts.clock.now(), true);
  const { inboxes, desk } = startBot(parts);
  const hints = listenToYclients(parts, hintSecret);
  const http = createHttp({
    messengers: inboxes.map(webhookOf),
    yclients: hints,
    metrics: null,
    answered: parts.metrics.webhook,
    ready: async () => true,
    log,
  });
  // Elysia has the process keep every server that ever listened, for its end: with it a whole world, long after its own end.
  const atEnd = new Set(process.listeners("beforeExit"));
  http.listen({ hostname: "127.0.0.1", port: 0 });
  const kept = process.listeners("beforeExit").filter((one) => !atEnd.has(one));
  const own = `http://127.0.0.1:${http.server?.port}`;
  const webhooks = Object.fromEntries(
    inboxes.map(({ messenger: { channel, webhook } }) => [
      channel.name,
      { url: `${own}${webhook.path}`, secret: webhook.secret },
    ]),
  );
  const polled = outside.max?.polls
    ? inboxes.filter(({ messenger }) => messenger.channel.name === "max")
    : [];
  for (const { messenger, handle: own, initialised } of polled) {
    const { db, stopping } = parts;
    const handle: typeof own = (update, waits) => {
      state.atUpdates += 1;
      return own(update, waits).finally(() => {
        state.atUpdates -= 1;
      });
    };
    const listening = { db, log, publicUrl: null, handle, begun: () => {}, signal: stopping.signal };
    void initialised.then(() => messenger.listen(listening));
  }

  function stop(): void {
    parts.stopping.abort(new Error("killed"));
    void parts.readings.stop();
    void http.server?.stop(true);
    for (const one of kept) process.off("beforeExit", one);
    void parts.db.end({ timeout: 0 }).catch(() => {});
  }

  // As the timetable does it: what a round throws is said in the log, where the invariants read it.
  const logged = (work: () => Promise<unknown>) => async (): Promise<void> => {
    if (!wires.alive) return;
    await work().catch((err: unknown) => log.error({ err }, ROUND_FAILED));
  };
  const ofTheDay = async () => {
    await endAllPoints(parts);
    await reviewAllLevels(parts);
    await giveGifts(parts);
    await friendsRound(parts);
  };
  return {
    wires,
    state,
    /** When its calls of MAX might go. */
    turns,
    /** Where updates of each messenger come in. */
    webhooks,
    /** Of its wires to the messengers. */
    ports: Object.fromEntries(
      Object.entries(addresses).map(([name, address]) => [name, Number(new URL(address).port)]),
    ),
    hints: `${own}/yclients/webhook/${hintSecret}`,
    initialised: Promise.all(inboxes.map(({ initialised }) => initialised)),
    pass: logged(() => syncAll(parts)),
    sweep: logged(async () => {
      await sweepAll(parts);
      await ofTheDay();
    }),
    /** What the programme does by itself, each day. */
    ofTheDay: logged(ofTheDay),
    tell: logged(() => sendAllNotices(parts)),
    /** What spends ask of the journal, and what their screens then say. */
    settle: logged(async () => {
      await settleDue(parts.settling);
      await tellWhereSpendsAre(parts, desk);
    }),
    /** What stands on bills is looked after. */
    watch: logged(() => watchAll(parts, "changed")),
    /** Resolves when what taps began to tell is told. */
    told: () => parts.soon.stop(),
    /** Resolves when what webhooks hinted at is read. */
    reread: () => parts.readings.stop(),
    digest: logged(() => sendDigest({ ...config, ...parts.notify, spoken: ["telegram"] })),
    /** What a dry run says of every record of all branches. */
    rehearse: async () => {
      const { sync } = parts;
      const all = config.companyIds.map((company) => Array.fromAsync(rehearse(sync, company, null)));
      return (await Promise.all(all)).flat();
    },
    /** SIGKILL: nothing more leaves it or comes in. */
    kill(): void {
      wires.cut();
      stop();
    },
  };
}
