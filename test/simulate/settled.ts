// Simulated worlds whose spends settle: what happens in them, made from a seed and played through the programs' own doors.

import type { YclientsFault } from "../../src/standins/yclients/faults.ts";
import { type LoyaltyReading, otherReadings } from "../../src/standins/yclients/readings.ts";
import { passTrial } from "../helpers/settling-salon.ts";
import type { WorldDatabase } from "./databases.ts";
import { mend } from "./faults.ts";
import { buttonIn, say, tap } from "./hands.ts";
import { play } from "./play.ts";
import { Random } from "./random.ts";
import { settledFaults } from "./settled-kept.ts";
import { adminCount, programCount, type Step } from "./steps.ts";
import { BRANCH, BRANCHES, OWNER, type Tally, World } from "./world.ts";

/** What is done by hand in a world: nothing, at visits, or at cards too. */
export type Hands = "none" | "visits" | "cards";

const calls = {
  issue: /^\/loyalty\/cards\/\d+$/,
  move: /\/manual_transaction$/,
  apply: /\/apply_card_withdrawal\//,
  cancel: /\/cancel_card_withdrawal\//,
  record: /^\/record\//,
  cards: /\/client_cards\//,
  rows: /loyalty\/transactions/,
  sale: /\/sale\//,
} as const;
const answers = {
  "429": { status: 429 },
  "500 done": { status: 500, lateMs: 0 },
  "500 late": { status: 500, lateMs: 70_000 },
  "cut done": { cut: true, lateMs: 0 },
  "cut late": { cut: true, lateMs: 20_000 },
  "cut, not done": { cut: true, undone: true },
  "half, not done": { half: true, undone: true },
  page: { html: true, lateMs: 40_000 },
  "403": { status: 403 },
  "422": { status: 422 },
  no: { successFalse: true },
} satisfies Record<string, YclientsFault>;
const clients = 3;

/** A step of such a world; the others' steps happen in it as well. */
export type SettledStep =
  | Step
  /** The first step: how YCLIENTS behaves, what is done by hand, how much of a bill points may pay. */
  | { do: "opens"; reading: Partial<LoyaltyReading>; hands: Hands; percent: string }
  | { do: "spendOn"; admin: number; record: number; taps: number }
  | { do: "settle" | "watch"; program: number }
  | { do: "settles"; on: boolean }
  | { do: "loyalty"; call: keyof typeof calls; answer: keyof typeof answers; times: number }
  | { do: "atCard"; client: number; how: "withdraw" | "cancel" | "credit" | "empty"; record: number }
  | { do: "receipt" | "certificate"; record: number }
  | { do: "lookAgain" };

/** A stream of `length` steps. Half of the worlds are as it hurts most; the others have some of the other readings together. */
export function settledStream(seed: number, length: number): SettledStep[] {
  const random = new Random(seed);
  const names = Object.keys(otherReadings) as (keyof LoyaltyReading)[];
  const chosen = random.once(2) ? [] : Array.from({ length: 1 + random.below(4) }, () => random.one(names));
  const reading: Partial<LoyaltyReading> = Object.assign(
    {},
    ...chosen.map((name) => ({ [name]: random.one(otherReadings[name] as unknown[]) })),
  );
  const hands = random.one<Hands>(["none", "none", "visits", "cards"]);
  const steps: SettledStep[] = [
    { do: "opens", reading, hands, percent: random.one(["100", "50", "7"]) },
    ...Array.from({ length: clients }, (_, client): Step[] => [
      { do: "link", client },
      { do: "credit", admin: 0, client, points: 4_000 + random.below(20_000), taps: 1 },
      { do: "answer", admin: 0, yes: true },
    ]).flat(),
    ...visit(random),
  ];
  while (steps.length < length) steps.push(...next(random, hands));
  return steps;
}

function visit(random: Random): Step[] {
  const price = random.one([100_000, 316_000, 33_333, 250_050, 5_000]);
  const booked = { client: random.below(clients), price, daysAgo: 0, twin: random.once(5) };
  return [
    { do: "book", ...booked },
    { do: "pass", program: random.below(programCount) },
  ];
}

function next(random: Random, hands: Hands): SettledStep[] {
  const [admin, program] = [random.below(adminCount), random.below(programCount)];
  const record = random.below(20);
  const spend = (): SettledStep => ({
    do: "spendOn",
    admin,
    record: -1 - random.below(4),
    taps: random.one([1, 1, 2]),
  });
  const one = (step: SettledStep) => () => [step];
  return random.weighed<() => SettledStep[]>([
    [6, () => [...visit(random), spend()]],
    [8, () => [spend()]],
    [5, one({ do: "undo", admin })],
    [8, one({ do: "settle", program })],
    [2, () => [0, 1].map((each): SettledStep => ({ do: "settle", program: each }))],
    [3, one({ do: "watch", program })],
    [8, one({ do: "wait", ms: random.one([5_000, 16_000, 31_000, 61_000, 91_000, 600_000]) })],
    [3, one({ do: "pass", program })],
    [3, one({ do: "tell", program })],
    [8, () => [fault(random)]],
    [
      3,
      one({
        do: "kill",
        program,
        death: { message: 1 + random.below(60), when: random.one(["before", "after"]) },
      }),
    ],
    [2, one({ do: "postgres", fault: random.one(["killed", "slow"]) })],
    [2, one({ do: "mend" })],
    [1, one({ do: "settles", on: !random.once(3) })],
    [1, one({ do: "lookAgain" })],
    [hands === "none" ? 0 : 5, () => [atVisit(random, record)]],
    [hands === "cards" ? 5 : 0, () => [atCard(random, record)]],
  ])();
}

const keys = <T extends object>(of: T) => Object.keys(of) as (keyof T)[];

function fault(random: Random): SettledStep {
  return {
    do: "loyalty",
    call: random.one(keys(calls)),
    answer: random.one(keys(answers)),
    times: random.one([1, 1, 2, 4]),
  };
}

function atVisit(random: Random, record: number): SettledStep {
  const silent = random.once(3);
  return random.one<SettledStep>([
    { do: "pay", record, sum: null, goods: 0, silent },
    { do: "pay", record, sum: 10_000, goods: 0, silent },
    { do: "price", record, sum: random.one([100, 20_000, 200_000]) },
    { do: "refund", record },
    { do: "remove", record, silent },
    { do: "restore", record, silent },
    { do: "noShow", record, silent },
    { do: "attend", record, silent },
    { do: "receipt", record },
    { do: "certificate", record },
  ]);
}

function atCard(random: Random, record: number): SettledStep {
  const how = random.one(["withdraw", "cancel", "credit", "empty"] as const);
  return { do: "atCard", client: random.below(clients), how, record };
}

/** The faults of a world in which this happened, or none. What it went through is added to the tally. */
export async function runSettled(
  database: WorldDatabase,
  steps: readonly SettledStep[],
  tally: Tally,
): Promise<string[]> {
  const world = await World.open(database, tally, {});
  const kept = { hands: "none" as Hands, given: 0 };
  try {
    for (const step of steps) await one(world, step, kept);
    await rest(world);
    return await settledFaults(world, kept);
  } catch (error) {
    return [`the world broke: ${error instanceof Error ? error.stack : error}`];
  } finally {
    await world.close();
  }
}

async function one(world: World, step: SettledStep, kept: { hands: Hands; given: number }): Promise<void> {
  const admin = "admin" in step ? world.admins[step.admin] : undefined;
  switch (step.do) {
    case "opens":
      kept.hands = step.hands;
      return settlesFrom(world, step.reading, step.percent);
    case "spendOn":
      return admin && spendOn(world, admin, step);
    case "settle":
    case "watch":
      world.count(step.do);
      return world.program(step.program)[step.do]();
    case "settles":
      return play(world, { do: "terms", set: { SPEND_SETTLES: step.on ? "on" : "off" } });
    case "loyalty":
      world.count(`${step.call}: ${step.answer}`);
      return world.yclients.faults.next({
        path: calls[step.call],
        times: step.times,
        ...answers[step.answer],
      });
    case "lookAgain":
      return lookAgain(world);
    case "atCard":
    case "receipt":
    case "certificate":
      world.count(step.do);
      kept.given += byHand(world, step);
      return;
    case "undo":
      return admin && tap(world, admin, /:(undo|give)$/, 1);
    default:
      return play(world, step);
  }
}

/** The owner has made the kind of card, tried it, and switched it on. */
export async function settlesFrom(
  world: World,
  reading: Partial<LoyaltyReading>,
  percent: string,
): Promise<void> {
  Object.assign(world.loyalty.reading, reading);
  const type = world.loyalty.addType({ companies: [BRANCH] });
  await world.program(0).pass();
  const { sql } = world.database;
  await passTrial(sql, {
    ...{ company: BRANCH, cardType: type.id, chain: world.loyalty.id },
    ...{ billFalls: reading.billPrices === "fall", recordPriceFalls: reading.recordPrices !== "stay" },
  });
  await play(world, { do: "terms", set: { SPEND_SETTLES: "on", SPEND_MAX_PERCENT: percent } });
}

/** The record of the day's list is opened, which names its visit, and what the screen offers is tapped. */
async function spendOn(
  world: World,
  admin: World["owner"],
  { record, taps }: Extract<SettledStep, { do: "spendOn" }>,
): Promise<void> {
  const entry = world.records.at(record % world.records.length);
  if (!entry) return;
  await say(world, admin, "/today");
  await tap(world, admin, new RegExp(`^today:record:${entry.id}:${BRANCHES[entry.branch]}$`), 1);
  await tap(world, admin, /:go(:\d+)?$/, taps);
}

/** The owner looks again at what waits for a person, whatever was said since. */
async function lookAgain(world: World): Promise<void> {
  const data = /^settlement:again:/;
  const shown = world.telegram.messages(OWNER).findLast((one) => buttonIn(one, data));
  return shown && tap(world, world.owner, data, 1, shown);
}

/** What somebody does in the journal beyond what the others' worlds have; how many points they made. */
function byHand(
  world: World,
  step: Extract<SettledStep, { do: "atCard" | "receipt" | "certificate" }>,
): number {
  const entry = world.records.at(step.record % world.records.length);
  if (!entry) return 0;
  const at = { companyId: BRANCHES[entry.branch] ?? 0, recordId: entry.id };
  const { loyalty } = world;
  try {
    if (step.do === "receipt") loyalty.printReceipt(at, loyalty.receiptOf(world.record(entry)) === 3 ? 5 : 3);
    else if (step.do === "certificate") loyalty.payOtherwise(at, "certificate", 10_000);
    else if (step.do === "atCard") {
      const [card] = loyalty.cardsOf([world.guest(step.client).phone.slice(1)]);
      if (!card) return 0;
      if (step.how === "cancel") loyalty.cancel({ cardId: card.id, ...at });
      if (step.how === "withdraw" && card.kopecks > 0)
        loyalty.withdraw({ cardId: card.id, kopecks: card.kopecks, ...at });
      if (step.how === "empty" && card.kopecks > 0) loyalty.moveByHand(card.id, -card.kopecks);
      if (step.how === "credit") loyalty.moveByHand(card.id, 700);
      return step.how === "credit" ? 700 : 0;
    }
  } catch {} // the journal refuses it: nobody did anything
  return 0;
}

/** All is well again and stays so for a day: whatever was owed to anybody is done by then. */
async function rest(world: World): Promise<void> {
  await mend(world);
  await world.settled();
  for (const ms of [
    5_000, 91_000, 91_000, 91_000, 91_000, 300_000, 300_000, 600_000, 43_200_000, 43_200_000,
  ]) {
    await world.wait(ms);
    await world.restart();
    await world.program(0).pass();
    if (ms > 3_600_000) await world.program(1).sweep();
    for (const program of world.programs) {
      await program.settle();
      await program.watch();
      await program.tell();
    }
  }
  await world.settled();
}
