// Many worlds, each from its seed. A world that breaks is made shorter and printed, to be played again.

import { worldDatabases } from "./databases.ts";
import { run } from "./run.ts";
import { shrink } from "./shrink.ts";
import type { Step } from "./steps.ts";
import { stream } from "./stream.ts";
import type { Tally } from "./world.ts";

/** Whoever waits for a shorter stream that hangs again and again waits no longer than that. */
const shrinkingMs = 60_000;

/** What came of many worlds. */
export interface Result {
  seeds: number;
  /** Of each seed that broke: what was wrong, and the shortest stream that still is. */
  broken: { seed: number; faults: string[]; steps: Step[] }[];
}

/** Plays `seeds` worlds from `first` on, some of them side by side, on the PostgreSQL at `adminUrl`. */
export async function simulate(
  adminUrl: string,
  options: {
    first: number;
    seeds: number;
    length: number;
    beside: number;
    say: (line: string) => void;
    tally: Tally;
  },
): Promise<Result> {
  const databases = await worldDatabases(adminUrl);
  const result: Result = { seeds: 0, broken: [] };
  let next = options.first;
  const end = options.first + options.seeds;
  const judge = async (steps: readonly Step[], tally: Tally = new Map()) =>
    run(await databases.make(), steps, tally);
  async function worker(): Promise<void> {
    for (let seed = next++; seed < end; seed = next++) {
      const steps = stream(seed, options.length);
      const faults = await judge(steps, options.tally);
      result.seeds += 1;
      if (faults.length > 0) {
        options.say(`seed ${seed} broke: ${faults.join("; ")}`);
        options.say(`again: bun run simulate --seed ${seed} --steps ${options.length}`);
        const enough = performance.now() + shrinkingMs;
        const breaks = async (fewer: readonly Step[]) =>
          performance.now() < enough && (await judge(fewer)).length > 0;
        const shortest = await shrink(steps, breaks);
        result.broken.push({ seed, faults, steps: shortest });
        options.say(`seed ${seed}, as short as it breaks (in a file, for --play):`);
        for (const step of shortest) options.say(`  ${JSON.stringify(step)}`);
      } else if (result.seeds % 50 === 0) options.say(`${result.seeds} worlds held`);
    }
  }
  try {
    await Promise.all(Array.from({ length: options.beside }, worker));
  } finally {
    await databases.end();
  }
  return result;
}
