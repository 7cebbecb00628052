// The bad days of a simulated world: what goes wrong with YCLIENTS, Telegram, PostgreSQL and the program's machine.

import type { MaxMishap } from "../../src/standins/max/faults.ts";
import type { Max } from "../../src/standins/max/server.ts";
import type { TelegramFault } from "../../src/standins/telegram/faults.ts";
import type { YclientsFault } from "../../src/standins/yclients/faults.ts";
import type { Where } from "./messengers.ts";
import type { MaxTrouble, Outage, Step } from "./steps.ts";
import { BRANCH, type World } from "./world.ts";

/** Sets a fault, if the step is one. */
export async function playFault(world: World, step: Step): Promise<boolean> {
  switch (step.do) {
    case "yclients":
      setYclients(world, step.fault);
      break;
    case "telegram":
      setTelegram(world, step.fault);
      break;
    case "max":
      if (world.max) setMax(world, world.max, step.fault);
      break;
    case "away":
      setAway(world, step.which, step.how);
      world.count(`${step.which} is away: ${step.how}`);
      return true;
    case "postgres":
      await setPostgres(world, step.fault);
      break;
    case "hints": {
      const program = world.programs.find(({ wires }) => wires.alive);
      world.yclients.webhook(step.times > 0 && program ? program.hints : null, { times: step.times });
      return true;
    }
    case "mend":
      return mend(world).then(() => true);
    case "kill": {
      const { wires } = world.program(step.program);
      if (!wires.alive) return world.restart().then(() => true);
      wires.dieAt(step.death);
      break;
    }
    default:
      return false;
  }
  world.count("fault" in step ? `${step.do}: ${step.fault}` : "a kill was set");
  return true;
}

/** Everything works again, and whoever is dead is started. */
export async function mend(world: World): Promise<void> {
  world.yclients.faults.clear();
  world.spoilt.mend();
  world.yclients.maxCount = 300;
  world.reachable();
  world.telegram.webhook.deliverTwice = false;
  if (world.max) world.max.webhook.deliverTwice = false;
  await world.restart();
  for (const { wires } of world.programs) {
    wires.dieAt(null);
    wires.refusesDatabase = false;
    wires.delayMs = 0;
  }
}

type Named<D extends Step["do"]> = Extract<Step, { do: D; fault: string }>["fault"];

const yclientsFaults: Record<Exclude<Named<"yclients">, "noMoney" | "shift">, YclientsFault> = {
  "401": { status: 401, times: 2 },
  "403": { status: 403, times: 1 },
  "429": { status: 429, times: 2 },
  "500": { status: 500, times: 1 },
  slow: { delayMs: 60, times: 3 },
  cut: { cut: true },
  half: { half: true },
  html: { html: true },
};

function setYclients(world: World, fault: Named<"yclients">): void {
  const { faults } = world.yclients;
  if (fault === "noMoney") faults.withoutFinance = true;
  else if (fault === "shift") shiftWhileRead(world);
  else faults.next(yclientsFaults[fault]);
}

/** Pages of two records, and a record that comes while the first page is on its way. */
function shiftWhileRead(world: World): void {
  world.yclients.maxCount = 2;
  world.yclients.faults.next({ path: /records/, page: 1, delayMs: 15 });
  const { requests } = world.yclients;
  const before = requests.length;
  const timer = setInterval(() => {
    if (requests.length === before) return;
    clearInterval(timer);
    const startsAt = world.clock.now();
    const services = [{ title: "Стрижка", cost: 50_000 }];
    const client = world.guest(0).in(0);
    const { journal } = world;
    world.records.push({
      journal,
      branch: 0,
      id: journal.book({ companyId: BRANCH, client, startsAt, services }),
    });
  }, 2);
  timer.unref();
}

const telegramFaults: Record<Exclude<Named<"telegram">, "day" | "twice">, TelegramFault> = {
  "403": { method: "sendMessage", status: 403 },
  "429": { status: 429, retryAfter: 3, times: 2 },
  "500": { status: 500, times: 2 },
  cut: { cut: true },
  slow: { method: "sendMessage", delayMs: 40, times: 6 },
  lost: { method: "sendMessage", cut: true, afterSend: true },
};

/** Such answers leave it open whether a message has arrived. */
const isUnsure = (fault: string) => ["cut", "500", "html", "lost", "day"].includes(fault);

function setTelegram(world: World, fault: Named<"telegram">): void {
  if (isUnsure(fault)) world.known.unsure.add("telegram");
  if (fault === "lost") world.cutShort += 1;
  if (fault === "403")
    for (const { accounts } of world.guests) for (const one of accounts) world.known.untold.add(one);
  if (fault === "twice") world.telegram.webhook.deliverTwice = true;
  else if (fault === "day") world.telegram.faults.always({ cut: true });
  else world.telegram.faults.next(telegramFaults[fault]);
}

const maxFaults: Record<Exclude<MaxTrouble, "twice">, MaxMishap> = {
  "403": { route: "POST /messages", status: 403 },
  "429": { status: 429, times: 2 },
  "500": { status: 500, times: 2 },
  cut: { cut: true },
  lost: { route: "POST /messages", cut: true, afterSend: true },
  html: { html: true, times: 2 },
  no: { route: "PUT /messages", successFalse: "errors.edit.message.not.found" },
  slow: { route: "POST /messages", delayMs: 40, times: 6 },
};

function setMax(world: World, max: Max, fault: MaxTrouble): void {
  if (isUnsure(fault)) world.known.unsure.add("max");
  if (fault === "lost") world.cutShort += 1;
  if (fault === "403")
    for (const { accounts } of world.guests) for (const one of accounts) world.known.untold.add(one);
  if (fault === "twice") max.webhook.deliverTwice = true;
  else max.faults.next(maxFaults[fault]);
}

/** Nobody is there, or nobody answers, what was asked done or not. */
function setAway(world: World, which: Where, how: Outage): void {
  if (isUnsure(how)) world.known.unsure.add(which);
  if (how === "lost") world.cutShort = Number.POSITIVE_INFINITY;
  if (how === "refused") world.refuse(which, true);
  else if (which === "telegram") world.telegram.faults.always(outages.telegram[how]);
  else world.max?.faults.always(outages.max[how]);
}

const lost = { cut: true, afterSend: true } as const;
const outages = {
  telegram: {
    cut: { cut: true },
    lost: { ...lost, method: "sendMessage" },
    "500": { status: 500 },
    html: { status: 502 },
  },
  max: {
    cut: { cut: true },
    lost: { ...lost, route: "POST /messages" },
    "500": { status: 500 },
    html: { html: true },
  },
} satisfies {
  telegram: Record<Exclude<Outage, "refused">, TelegramFault>;
  max: Record<Exclude<Outage, "refused">, MaxMishap>;
};

async function setPostgres(world: World, fault: Named<"postgres">): Promise<void> {
  for (const { wires } of world.programs) {
    if (fault === "full") wires.refusesDatabase = true;
    if (fault === "slow") wires.delayMs = 3;
  }
  if (fault === "slow") return;
  // Without connections it is so at every message until all is well again.
  world.cutShort += fault === "full" ? Number.POSITIVE_INFINITY : 1;
  await world.database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = ${world.database.name} and application_name like 'loyalty-bot%'`;
}
