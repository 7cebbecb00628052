// Many worlds, each from its seed. A world that breaks is made shorter and printed, to be played again.

import { type WorldDatabase, worldDatabases } from "./databases.ts";
import { shrink } from "./shrink.ts";
import type { Tally } from "./world.ts";

/** Whoever waits for a shorter stream that hangs again and again waits no longer than that. */
const shrinkingMs = 60_000;

/** One kind of worlds: what happens in that of a seed, what was wrong with one, and the option that asks for them. */
export interface WorldKind<S> {
  name: string;
  option: string;
  stream(seed: number, length: number): S[];
  run(database: WorldDatabase, steps: readonly S[], tally: Tally): Promise<string[]>;
}

/** What came of many worlds. */
export interface Result<S> {
  seeds: number;
  /** Of each seed that broke: what was wrong, and the shortest stream that still is. */
  broken: { seed: number; faults: string[]; steps: S[] }[];
}

/** Plays `seeds` worlds from `first` on, each of its kind, some of them side by side, on the PostgreSQL at `adminUrl`. */
export async function simulate<S>(
  adminUrl: string,
  kindOf: (seed: number) => WorldKind<S>,
  options: {
    first: number;
    seeds: number;
    length: number;
    beside: number;
    say: (line: string) => void;
    /** Told of each world that is over. */
    ended: (seed: number) => void;
    tally: Tally;
  },
): Promise<Result<S>> {
  const databases = await worldDatabases(adminUrl);
  const result: Result<S> = { seeds: 0, broken: [] };
  let next = options.first;
  const end = options.first + options.seeds;
  async function worker(): Promise<void> {
    for (let seed = next++; seed < end; seed = next++) {
      const kind = kindOf(seed);
      const { name, option } = kind;
      const judge = async (steps: readonly S[], tally: Tally = new Map()) =>
        kind.run(await databases.make(), steps, tally);
      const steps = kind.stream(seed, options.length);
      const faults = await judge(steps, options.tally);
      options.tally.set(`worlds: ${name}`, (options.tally.get(`worlds: ${name}`) ?? 0) + 1);
      result.seeds += 1;
      if (faults.length > 0) {
        options.say(`seed ${seed} broke: ${faults.join("; ")}`);
        options.say(`again: bun run simulate${option} --seed ${seed} --steps ${options.length}`);
        const enough = performance.now() + shrinkingMs;
        const breaks = async (fewer: readonly S[]) =>
          performance.now() < enough && (await judge(fewer)).length > 0;
        const shortest = await shrink(steps, breaks);
        result.broken.push({ seed, faults, steps: shortest });
        options.say(`seed ${seed}, as short as it breaks (in a file, for --play):`);
        for (const step of shortest) options.say(`  ${JSON.stringify(step)}`);
      }
      options.ended(seed);
    }
  }
  try {
    await Promise.all(Array.from({ length: options.beside }, worker));
  } finally {
    await databases.end();
  }
  return result;
}
