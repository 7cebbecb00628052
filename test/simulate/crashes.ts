// Crash points: each deed of the program is done again and again, and the program killed one message later each time,
// before the message leaves it or as the answer comes, until the deed goes through undisturbed. Then it starts again.

import type { WorldDatabase } from "./databases.ts";
import { faultsOf } from "./invariants.ts";
import { play } from "./play.ts";
import type { Step } from "./steps.ts";
import { type Tally, World } from "./world.ts";

/** What happens before the deed, the deed that is cut short, and what must be true of the ledger afterwards. */
interface Deed {
  before: Step[];
  deed: Step[];
  /** Rows that all rounds together must have made, by kind, each round once. */
  rows: Record<string, number>;
}

const pass: Step = { do: "pass", program: 0 };
const tell: Step = { do: "tell", program: 0 };
const minute: Step = { do: "wait", ms: 61_000 };
const newest = (more: Partial<Step>) => ({ record: -1, ...more }) as Step;
const booked: Step = { do: "book", client: 0, price: 300_000, daysAgo: 1, twin: false };
const paid = newest({ do: "pay", sum: null, goods: 0, silent: false } as Partial<Step>);
const credit: Step = { do: "credit", admin: 0, client: 0, points: 500, taps: 1 };

/** What the program does, each to be cut short at every message. */
export const deeds: Record<string, Deed> = {
  award: { before: [booked, paid], deed: [pass], rows: { award: 1 } },
  correction: {
    before: [booked, paid, pass, newest({ do: "refund" } as Partial<Step>), minute],
    deed: [pass],
    rows: { award: 1, correction: 1 },
  },
  notify: { before: [booked, paid, pass, minute], deed: [tell], rows: { award: 1 } },
  credit: { before: [], deed: [credit], rows: { credit: 1 } },
  spend: {
    before: [credit],
    deed: [{ do: "spend", admin: 0, client: 0, bill: 400, taps: 1 }],
    rows: { credit: 1, spend: 1 },
  },
  undo: { before: [credit], deed: [{ do: "undo", admin: 0 }], rows: { credit: 1, undo: 1 } },
  move: {
    before: [credit],
    deed: [{ do: "move", admin: 0, client: 0, to: 1, points: 3 }],
    rows: { credit: 1, move: 2 },
  },
  link: {
    before: [booked, paid, pass, { do: "unlink", client: 0 }],
    deed: [{ do: "link", client: 0 }],
    rows: { award: 1 },
  },
};

/** Faults found, and how many kills it took, at each `every`-th message. Kills are counted in the tally too. */
export async function crash(
  database: WorldDatabase,
  { before, deed, rows }: Deed,
  tally: Tally,
  every: number,
) {
  const world = await World.open(database, tally, { programs: 1 });
  const faults: string[] = [];
  let kills = 0;
  try {
    for (const step of [
      { do: "link", client: 0 },
      { do: "link", client: 1 },
    ] as Step[])
      await play(world, step);
    let rounds = 0;
    for (const when of ["before", "after"] as const) {
      for (let message = 1, died = true; died; message += every) {
        died = false;
        for (const step of before) await play(world, step);
        const { wires } = world.program(0);
        wires.dieAt({ message, when });
        // The till asks before a second spend on the same bill of the same day.
        for (const step of deed)
          await play(world, step.do === "spend" ? { ...step, bill: step.bill + rounds } : step);
        wires.dieAt(null);
        // What a tap began goes on behind its answer: the program may die of its last message only while the day goes on.
        do {
          died ||= !wires.alive;
          await world.restart();
          for (const step of [minute, pass, minute, tell]) await play(world, step);
        } while (!died && !wires.alive);
        kills += died ? 1 : 0;
        rounds += 1;
        const wrong = [...(await faultsOf(world)), ...(await missing(world, rows, rounds))];
        faults.push(...wrong.map((fault) => `killed ${when} message ${message}: ${fault}`));
        if (wrong.length > 0) return { kills, faults };
      }
    }
    return { kills, faults };
  } finally {
    await world.close();
  }
}

async function missing(world: World, rows: Record<string, number>, rounds: number): Promise<string[]> {
  const found = await world.database.sql<{ kind: string; times: number }[]>`
    select kind, count(*)::int as times from bonuslog group by kind`;
  const times = new Map(found.map((row) => [row.kind, row.times]));
  return Object.entries(rows)
    .filter(([kind, each]) => times.get(kind) !== each * rounds)
    .map(
      ([kind, each]) =>
        `${times.get(kind) ?? 0} rows of ${kind} after ${rounds} rounds, not ${each * rounds}`,
    );
}
