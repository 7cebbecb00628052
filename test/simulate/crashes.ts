// Crash points: each deed of the program is done again and again, each time in a world of its own, and the program killed one
// message later each time, before the message leaves it or as the answer comes, until the deed goes through undisturbed. Then it starts again.

import type { WorldDatabase } from "./databases.ts";
import { type Act, type Deed, settle } from "./deeds.ts";
import { faultsOf } from "./invariants.ts";
import { play } from "./play.ts";
import { messagesTo } from "./said.ts";
import { settlementFaults } from "./settled-kept.ts";
import type { Step } from "./steps.ts";
import type { Death } from "./wires.ts";
import { type Tally, World } from "./world.ts";

const pass: Step = { do: "pass", program: 0 };
const minute: Step = { do: "wait", ms: 61_000 };
/** The salon was open before. */
const opening: Step[] = [pass, minute];
/** What a day does once the program is back: all that was under way comes to its end. */
const recovery: Act[] = [
  ...[minute, settle, pass, { do: "daily", program: 0 } as const, minute, settle],
  ...[minute, settle, { do: "tell", program: 0 } as const, { do: "digest", program: 0 } as const],
];

const doAct = (world: World, act: Act) => (typeof act === "function" ? act(world) : play(world, act));

/** What came of one round: whether it came to the kill, and how many messages left the program meanwhile. */
interface Round {
  died: boolean;
  messages: number;
  faults: string[];
}

/**
 * Faults found, and how many kills it took: before and after each message, or at each `every`-th of these points from one on that
 * `first` chooses, so many rounds `beside` each other.
 */
export async function crash(
  make: () => Promise<WorldDatabase>,
  deed: Deed,
  tally: Tally,
  { every, first, beside }: { every: number; first: number; beside: number },
) {
  const undisturbed = await round(null, await make(), deed, tally);
  const faults = undisturbed.faults.map((fault) => `undisturbed: ${fault}`);
  const all = Array.from({ length: undisturbed.messages }, (_, at) => at + 1).flatMap((message): Death[] => [
    { message, when: "before" },
    { message, when: "after" },
  ]);
  const from = first % Math.min(every, all.length);
  const points = all.filter((_, at) => at % every === from);
  let kills = 0;
  const worker = async () => {
    for (let death = points.shift(); death && faults.length === 0; death = points.shift()) {
      const came = await round(death, await make(), deed, tally);
      kills += came.died ? 1 : 0;
      faults.push(...came.faults.map((fault) => `killed ${death?.when} message ${death?.message}: ${fault}`));
    }
  };
  await Promise.all(Array.from({ length: beside }, worker));
  return { kills, faults };
}

async function round(death: Death | null, database: WorldDatabase, of: Deed, tally: Tally): Promise<Round> {
  const world = await World.open(database, tally, { programs: 1 });
  try {
    for (const act of [...opening, ...of.before]) await doAct(world, act);
    const { wires } = world.program(0);
    const sent = wires.sent;
    wires.dieAt(death);
    for (const act of of.deed) await doAct(world, act);
    await world.wait(0); // what a tap began goes on behind its answer
    wires.dieAt(null);
    const messages = wires.sent - sent;
    let died = false;
    // The program may die of its last message only while the day goes on.
    do {
      died ||= !wires.alive;
      await world.restart();
      for (const act of recovery) await doAct(world, act);
    } while (!died && !wires.alive);
    const bills = await settlementFaults(world, { hands: "none", given: 0 });
    const faults = [
      ...(await faultsOf(world)),
      ...bills,
      ...(await missing(world, of)),
      ...untold(world, of),
    ];
    return { died, messages, faults };
  } finally {
    await world.close();
  }
}

/** Rows of the ledger, and what is kept beside it, that are not there as often as they ought. */
async function missing({ database: { sql } }: World, { rows, kept = {} }: Deed): Promise<string[]> {
  const found = await sql<{ kind: string; times: number }[]>`
    select kind, count(*)::int as times from bonuslog group by kind`;
  const made = new Map(found.map(({ kind, times }) => [kind, times]));
  const ought = new Map(Object.entries(rows));
  for (const [from, times] of Object.entries(kept)) {
    const [row] = await sql.unsafe<{ times: number }[]>(`select count(*)::int as times from ${from}`);
    made.set(from, row?.times ?? 0);
    ought.set(from, times);
  }
  return [...new Set([...made.keys(), ...ought.keys()])]
    .filter((what) => (made.get(what) ?? 0) !== (ought.get(what) ?? 0))
    .map((what) => `${made.get(what) ?? 0} of ${what}, not ${ought.get(what) ?? 0}`);
}

/** Who was not told, or told twice though no telling was cut short. */
function untold(world: World, { told = [] }: Deed): string[] {
  return told.flatMap(({ to, words }) => {
    const times = messagesTo(world, `telegram:${to}`).filter((text) => words.test(text)).length;
    return times >= 1 && times <= 1 + world.cutShort ? [] : [`${to} was told ${words} ${times} times`];
  });
}
