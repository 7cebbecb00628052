// The long proofs of the fault report: how each is run, and what it leaves behind.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { commitOf, sourceDigest } from "../tools/source.ts";

const root = join(import.meta.dir, "../..");
const test = (file: string) => ["test", "--timeout", "60000", file];

/** Arguments for Bun, and settings beside the machine's own. FILE is where the result is to be, KEEP a folder for what is done so far. */
export interface Proof {
  args: string[];
  env?: Record<string, string>;
  /** It waits more than it computes, and has a server of its own: the others are run meanwhile. */
  beside?: true;
  /** Run where it is asked for, by its name or by `--long`: it is more of what another one proves. */
  long?: true;
}

const play = (...args: string[]) => ["test/simulate/main.ts", ...args, "--json", "FILE", "--keep", "KEEP"];

export const proofs: Record<keyof Results, Proof> = {
  // An hour of the executable; what is asked of it is one core's small part.
  soak: {
    args: test("test/ops/soak.test.ts"),
    env: { SOAK_MINUTES: "60", SOAK_JSON: "FILE", DATABASE_URL: "" },
    beside: true,
  },
  // A third of each kind: usual ones, those whose spends settle, and those with both messengers.
  worlds: { args: play("--mixed", "--seeds", "2000", "--beside", "8") },
  // From a point that the run's own seed chooses: others each time, and `bun run simulate --crashes` takes all.
  crashes: { args: play("--crashes", "--every", "3", "--beside", "6") },
  year: { args: play("--year") },
  bodies: { args: test("test/fuzz/bodies.test.ts"), env: { FUZZ_BODIES: "100000", FUZZ_JSON: "FILE" } },
  mutants: { args: ["test/mutants/main.ts", "--json", "FILE", "--keep", "KEEP"] },
  // Half of them are of the careful reading, more or less: so many that there are a thousand of each kind.
  settled: { args: play("--settled", "--seeds", "2200", "--beside", "8"), long: true },
  // Each has both messengers.
  max: { args: play("--max", "--seeds", "1000", "--beside", "8"), long: true },
};

interface Simulated {
  /** What happened, by name, and how often. */
  tally: Record<string, number>;
  faults: string[];
  /** How many worlds broke, and those of them that held once a rule of theirs was put right that was not the program's. */
  broken?: number;
  again?: Again;
}

/** Worlds that were played once more, from these seeds, at this commit; `faults` is what had broken. */
export interface Again {
  seeds: number[];
  commit: string;
  day: string;
  faults: string[];
}

/** Deliberate faults that no test had caught, or that could not be tried, and that were once the tests were better. */
export interface CaughtAgain {
  names: string[];
  commit: string;
  day: string;
}

export interface Results {
  worlds: Simulated & { seeds: number; first: number };
  settled: Simulated & { seeds: number; first: number };
  max: Simulated & { seeds: number; first: number };
  /** Of the messages of each deed every so manieth, from one that `first` chooses. */
  crashes: Simulated & { kills: number; every: number; first: number };
  year: {
    days: number;
    spends: number;
    visits: number;
    rows: number;
    told: number;
    kinds: Record<string, number>;
    memory: [number, number];
    faults: string[];
  };
  bodies: {
    bodies: number;
    refused: number;
    byKind: Record<string, number>;
    byStatus: Record<string, number>;
    faults: number;
    seed: number;
  };
  mutants: { mutants: number; caught: number; escaped: string[]; broken: string[]; again?: CaughtAgain };
  /** Memory in MiB. */
  soak: { minutes: number; updates: number; visits: number; rows: number; first: number; last: number };
}

/** One proof's result, and of which program it is. */
export interface Proven<N extends keyof Results> {
  commit: string;
  /** The source's digest; null when it has changed while the proof ran. */
  source: string | null;
  /** ISO day. */
  day: string;
  seconds: number;
  /** Exit code: 0 when all held. */
  code: number;
  /** Null: it ended before it could say anything. */
  result: Results[N] | null;
}

type Long = "settled" | "max";
/** Those that every report has, and of the long ones those that were asked for. */
export type AllProven = { [N in Exclude<keyof Results, Long>]: Proven<N> } & { [N in Long]?: Proven<N> };

/**
 * Which proofs are to run: those that are `asked` for by name, and those that never ran; without a name those that have not run on
 * this `source`. The long ones by name or with `long` alone. `ran`: the source on which each ran.
 */
export function toRun(
  asked: readonly string[],
  long: boolean,
  source: string,
  ran: ReadonlyMap<string, string | null>,
): (keyof Results)[] {
  const isDue = (name: keyof Results) => {
    if (asked.includes(name)) return true;
    if (proofs[name].long && !long) return false;
    return asked.length > 0 ? !ran.has(name) : ran.get(name) !== source;
  };
  return (Object.keys(proofs) as (keyof Results)[]).filter(isDue);
}

/**
 * Runs a proof, its words on the terminal; what it left in `file` is its result. Of one that was broken off on the same source it
 * runs the rest, where it can. `proof` is another one in tests.
 */
export async function prove<N extends keyof Results>(
  name: N,
  file: string,
  now: Date,
  { args, env = {} }: Proof = proofs[name],
): Promise<Proven<N>> {
  rmSync(file, { force: true }); // what an earlier run left would pass for this one's
  const [commit, before, started] = [commitOf(), sourceDigest(), performance.now()];
  const places: Record<string, string> = { FILE: file, KEEP: `${file}.${before.slice(0, 12)}` };
  const filled = (text: string) => places[text] ?? text;
  const child = Bun.spawn([process.execPath, ...args.map(filled)], {
    cwd: root,
    env: { ...process.env, ...Object.fromEntries(Object.entries(env).map(([k, v]) => [k, filled(v)])) },
    ...{ stdin: "ignore", stdout: "inherit", stderr: "inherit" },
  });
  const code = await child.exited;
  const result: Results[N] | null = await Bun.file(file)
    .json()
    .catch(() => null);
  const { secondsBefore = 0 }: { secondsBefore?: number } = Object(result);
  const seconds = Math.round((performance.now() - started) / 1_000) + secondsBefore;
  const source = sourceDigest() === before ? before : null;
  return { commit, source, day: now.toISOString().slice(0, 10), seconds, code, result };
}
