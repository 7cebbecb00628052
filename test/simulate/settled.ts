// Simulated worlds whose spends settle: each step of one, played through the programs' own doors.

import type { LoyaltyReading } from "../../src/standins/yclients/readings.ts";
import { passTrial } from "../helpers/passed-trial.ts";
import type { WorldDatabase } from "./databases.ts";
import { lastOf } from "./faces.ts";
import { mend } from "./faults.ts";
import { buttonIn, say, tap } from "./hands.ts";
import { play } from "./play.ts";
import { settledForged } from "./settled-forge.ts";
import { settledFaults } from "./settled-kept.ts";
import { type Hands, loyaltyAnswers, loyaltyCalls, type SettledStep } from "./settled-stream.ts";
import { BRANCH, BRANCHES, type Tally, World } from "./world.ts";

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
    const faults = await settledFaults(world, kept);
    const last = steps.findLast((step) => step.do === "forge");
    return faults.length > 0 || !last ? faults : await settledForged(world, last.how, kept);
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
      world.count(`hands: ${step.hands}`);
      world.count(`reading: ${Object.keys(step.reading).length === 0 ? "careful" : "other"}`);
      for (const [name, value] of Object.entries(step.reading)) world.count(`reading: ${name} ${value}`);
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
        path: loyaltyCalls[step.call],
        times: step.times,
        ...loyaltyAnswers[step.answer],
      });
    case "forge":
      return; // that is for its end
    case "lookAgain":
      return lookAgain(world, "newest");
    case "atCard":
    case "receipt":
    case "certificate":
      world.count(step.do);
      kept.given += byHand(world, step);
      return;
    case "undo":
      return admin && undo(world, admin);
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

/** The record's client is opened from the list of the day, and what the screen offers for its visit is tapped. */
async function spendOn(
  world: World,
  admin: World["owner"],
  { record, taps, plain }: Extract<SettledStep, { do: "spendOn" }>,
): Promise<void> {
  const entry = world.records.at(record % world.records.length);
  if (!entry) return;
  const { client } = world.record(entry);
  const theirs = world.records.filter((one) => world.record(one).client?.id === client?.id);
  await say(world, admin, "/today");
  const ids = theirs.map(({ id }) => id).join("|");
  const branch = BRANCHES[entry.branch];
  await tap(world, admin, new RegExp(`^today:(record|client):(${ids}):${branch}$`), 1);
  await tap(world, admin, new RegExp(`^today:record:${entry.id}:${branch}$`), 1); // of several that they have
  const itself = plain ? /:plain$/ : new RegExp(`:go:${entry.id}$`);
  await tap(world, admin, buttonIn(lastOf(admin), itself) ? itself : /:go(:\d+)?$/, taps);
}

/** The newest spend that can be is taken back. */
async function undo(world: World, admin: World["owner"]): Promise<void> {
  const back = /:(undo|give)$/;
  const shown = admin.messages().findLast((one) => buttonIn(one, back));
  return shown && tap(world, admin, back, 1, shown);
}

/** The owner looks again at what waits for a person, whatever was said since: at the newest, or at all of it. */
async function lookAgain(world: World, which: "newest" | "all"): Promise<void> {
  const data = /^settlement:again:/;
  const shown = world.owner.messages().filter((one) => buttonIn(one, data));
  for (const one of which === "all" ? shown : shown.slice(-1)) await tap(world, world.owner, data, 1, one);
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

/** A client's second spend begins once the first has ended, and where nothing that is asked comes to anything that takes its time. */
const restMs = [
  ...[5_000, 91_000, 91_000, 91_000, 91_000, 300_000, 300_000, 300_000, 300_000, 300_000],
  ...[600_000, 300_000, 300_000, 43_200_000, 43_200_000],
];

/** Where several spends of one client come to nothing, one after another, each takes most of an hour: so many rounds more. */
const mostMore = 30;

/** All is well again and stays so for a day, and owners have looked again: whatever was owed to anybody is done by then. */
async function rest(world: World): Promise<void> {
  const { sql } = world.database;
  await mend(world);
  await world.settled();
  for (const ms of restMs) await round(world, ms);
  for (let more = 0; more < mostMore; more++) {
    const [left] = await sql`select from settlements where state = 'under_way' limit 1`;
    if (!left) break;
    world.count("a round more until nothing is under way");
    await round(world, 300_000);
  }
  await world.settled();
}

async function round(world: World, ms: number): Promise<void> {
  await world.wait(ms);
  await world.restart();
  await world.program(0).pass();
  if (ms === 600_000) await lookAgain(world, "all");
  if (ms > 3_600_000) await world.program(1).sweep();
  for (const program of world.programs) {
    await program.settle();
    await program.watch();
    await program.tell();
  }
}
