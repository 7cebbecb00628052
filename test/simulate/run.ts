// One simulated world from its first step to its end: played, brought to rest, and judged.

import { isAcceptance } from "./at-owners.ts";
import type { WorldDatabase } from "./databases.ts";
import { lastOf } from "./faces.ts";
import { mend } from "./faults.ts";
import { forged } from "./forge.ts";
import { bothForged, bothForgeries } from "./forge-both.ts";
import { say } from "./hands.ts";
import { faultsOf } from "./invariants.ts";
import { play } from "./play.ts";
import type { Step } from "./steps.ts";
import { type Tally, World } from "./world.ts";

const hour = 3_600_000;
/** A step that takes longer in real time waits for something that never comes; a day of several takes so much more. */
const longestMs = 120_000;
const dayMs = 10_000;
/** Two days of rest, with all that is told and asked then. */
const restDays = 20;

/** The faults of a world in which this happened, or none. What it went through is added to the tally. */
export async function run(database: WorldDatabase, steps: readonly Step[], tally: Tally): Promise<string[]> {
  const world = await World.open(database, tally, {
    branches: branchesIn(steps),
    ...startIn(steps),
    beside: besideIn(steps),
  });
  try {
    for (const step of steps)
      await soon(JSON.stringify(step), play(world, step), step.do === "days" ? step.days : 0);
    await soon("rest", rest(world), restDays);
    const before = await seal(world);
    await repeatEverything(world);
    const after = await seal(world);
    await countRows(world);
    const twice = before === after ? [] : [`all that happened, delivered again, changed the ledger`];
    const faults = [...(await faultsOf(world)), ...twice];
    return faults.length > 0 ? faults : await forgedAtLast(world);
  } catch (error) {
    return [`the world broke: ${error instanceof Error ? error.stack : error}`];
  } finally {
    await world.close();
  }
}

/** Each world ends with a ledger that somebody has forged, and one with both messengers with what was said there: what was sound before must be named then. */
async function forgedAtLast(world: World): Promise<string[]> {
  const last = world.forgeries.at(-1);
  if (!last) return [];
  const names = Object.keys(bothForgeries);
  const how = last.how in bothForgeries ? last.how : names[last.at % names.length];
  return [...(await bothForged(world, how ?? "")), ...(await forged(world, last.how, last.at))];
}

/** A second branch is asked for by booking in it. */
const branchesIn = (steps: readonly Step[]) =>
  steps.some((step) => step.do === "book" && step.branch) ? 2 : 1;

const startIn = (steps: readonly Step[]) =>
  steps.flatMap((step) => (step.do === "begin" ? [{ start: new Date(step.at) }] : []))[0];

/** What the salon has beside Telegram. */
const besideIn = (steps: readonly Step[]) => steps.find((step) => step.do === "messengers") ?? null;

/** The work, or an error that names it when it does not end: nothing here may hang. */
async function soon(name: string, work: Promise<void>, days = 0): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${name} does not end`)), longestMs + days * dayMs);
  await Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

/** All is well again and stays so for two days: whatever was owed to anybody is done by then. */
async function rest(world: World): Promise<void> {
  await mend(world);
  await world.settled();
  for (const { faces } of world.guests) for (const face of faces) if (!face.blocked) void face.start();
  await world.settled();
  for (const hours of [0.1, 1, 7, 7, 12, 12, 1]) {
    await world.wait(hours * hour);
    for (const program of world.programs) program.state.skew = 0;
    await world.restart();
    await world.program(0).pass();
    await world.program(1).sweep();
    for (let time = 0; time < 2; time++) {
      await world.wait(90_000);
      await world.program(0).tell();
    }
    world.calm.push(world.clock.now().getTime());
  }
  // Clients are not told at night, and gifts come and go by day: rest ends at noon.
  const untilNoon = (33 - new Date(world.clock.now()).getUTCHours()) % 24;
  await world.wait(untilNoon * hour);
  await world.program(0).pass();
  await world.program(0).ofTheDay();
  await world.program(0).tell();
  world.calm.push(world.clock.now().getTime());
  await world.settled();
  if (world.max) await everybodyAsks(world);
}

/** What could not be told before is said now; and each reads what their card holds. */
async function everybodyAsks(world: World): Promise<void> {
  world.began.push(world.clock.now().getTime());
  for (const face of [...world.guests.flatMap(({ faces }) => faces), ...world.heirs]) {
    if (face.blocked || !world.isHere(face)) continue;
    await say(world, face, "/balance");
    world.known.read.set(face.account, lastOf(face)?.text ?? "");
  }
}

/** What admins and owners did is delivered once more, and the whole journal is read once more. */
async function repeatEverything(world: World): Promise<void> {
  const staff = new Set([...world.admins, world.owner].map(({ account }) => account));
  for (const done of world.done) {
    const tapped = done.data !== undefined && staff.has(done.face.account);
    // What an owner accepted once may wait again by now, and a tap that comes so late would accept it.
    if (tapped && world.isHere(done.face) && !isAcceptance(done)) void done.again();
  }
  await world.settled();
  await world.program(1).pass();
  await world.program(0).sweep();
}

/** What came of the steps: rows made, by kind. */
async function countRows(world: World): Promise<void> {
  const rows = await world.database.sql<{ kind: string }[]>`select kind from bonuslog`;
  for (const { kind } of rows) world.count(`made: ${kind}`);
}

async function seal(world: World): Promise<string> {
  const [row] = await world.database.sql<{ seal: string | null }[]>`
    select id || ' ' || encode(hash, 'hex') as seal from bonuslog order by id desc limit 1`;
  return row?.seal ?? "empty";
}
