// What a proof of this same source broke by a fault of the tests' own is tried once more, alone, when that is mended.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { commitOf, sourceDigest } from "../tools/source.ts";
import type { Proven } from "./proofs.ts";

const root = join(import.meta.dir, "../..");
/** Each is to hold so often, since what comes now and then would pass for mended. */
const times = 3;

/**
 * Plays the worlds that broke once more, where it was a rule of theirs that was wrong and the program is the same: all of them, each
 * several times. Throws where one does not hold, or where there are not as many of this run as broke: which did is not kept, and is
 * the caller's word. `play` says what breaks in a world from a seed.
 */
export async function playedAgain(
  { result, ...proven }: Proven<"worlds">,
  seeds: number[],
  now: Date,
  play: (seed: number) => Promise<string[]> = playOne,
): Promise<Proven<"worlds">> {
  if (result === null || proven.source !== sourceDigest())
    throw new Error("The program is another one since: run bun run report worlds.");
  const isOfThem = (seed: number) => seed >= result.first && seed < result.first + result.seeds;
  if (result.faults.length === 0 || result.broken !== new Set(seeds).size || !seeds.every(isOfThem))
    throw new Error(`${result.broken ?? 0} worlds broke: name the seed of each.`);
  for (const seed of seeds)
    for (let time = 0; time < times; time++) {
      const faults = await play(seed);
      if (faults.length > 0) throw new Error(`seed ${seed} breaks: ${faults.join("; ")}`);
    }
  const again = { seeds, ...stamp(now), faults: result.faults };
  return { ...proven, code: 0, result: { ...result, faults: [], again } };
}

/**
 * Tries the deliberate faults once more that no test had caught, or that could not be tried: all of them, each several times. Throws
 * where one is not caught. `isCaught` tries the one that is called so.
 */
export async function caughtAgain(
  { result, ...proven }: Proven<"mutants">,
  now: Date,
  isCaught: (name: string) => Promise<boolean> = tryOne,
): Promise<Proven<"mutants">> {
  if (result === null || proven.source !== sourceDigest())
    throw new Error("The program is another one since: run bun run report mutants.");
  const names = [...result.escaped, ...result.broken];
  if (names.length === 0) throw new Error("All of them were caught.");
  for (const name of names)
    for (let time = 0; time < times; time++)
      if (!(await isCaught(name))) throw new Error(`${name}: no test catches it`);
  const caught = result.caught + names.length;
  const again = { names, ...stamp(now) };
  return { ...proven, code: 0, result: { ...result, caught, escaped: [], broken: [], again } };
}

const stamp = (now: Date) => ({ commit: commitOf(), day: now.toISOString().slice(0, 10) });

async function playOne(seed: number): Promise<string[]> {
  const file = join(root, `dist/proof/again.${seed}.json`);
  rmSync(file, { force: true });
  const seeds = ["--seeds", "1", "--seed", String(seed)];
  const code = await run("test/simulate/main.ts", "--mixed", ...seeds, "--json", file);
  const { faults }: { faults: string[] } = await Bun.file(file).json();
  return code === 0 || faults.length > 0 ? faults : [`it ended with code ${code}`];
}

const tryOne = async (name: string) => (await run("test/mutants/main.ts", "--only", name)) === 0;

function run(...args: string[]): Promise<number> {
  return Bun.spawn([process.execPath, ...args], { cwd: root, stdout: "ignore", stderr: "inherit" }).exited;
}
