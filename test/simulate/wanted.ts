// What `bun run simulate` was asked for. Whatever cannot be read is refused in a sentence, with exit 2: a seed that is taken
// for another would prove another world.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Step } from "./steps.ts";

/** How many steps a stream has when nobody says. */
const usualLength = 60;

/** What is to be played; the numbers are those of worlds from seeds, the streams those of files. */
export interface Wanted {
  what: "worlds" | "crashes" | "year" | "play";
  first: number;
  seeds: number;
  length: number;
  beside: number;
  /** Of the messages that a deed may be cut short at, each how manieth is. */
  every: number;
  /** Of a year: its days and visits a day, and whether nothing of the programme is chosen in it. */
  days: number;
  visitsADay: number;
  plain: boolean;
  /** Worlds whose spends settle. */
  settled: boolean;
  /** Worlds of which each has both messengers. */
  max: boolean;
  /** Worlds of every kind, as the seed says. */
  mixed: boolean;
  /** A process of its own for some worlds of many: what came of them goes to `json`. */
  batch: boolean;
  /** Which deeds are cut short: those whose name holds this. */
  deed: string;
  streams: Step[][];
  json: string | undefined;
  /** The folder where a run keeps what it has done, to go on when it was broken off. */
  keep: string | null;
}

/** Reads the command line, or ends the process. */
export function wantedOf(args: string[]): Wanted {
  try {
    return read(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(2);
  }
}

function read(args: string[]): Wanted {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const { values } = parseArgs({
    args,
    options: {
      ...{
        seeds: text,
        seed: text,
        steps: text,
        beside: text,
        every: text,
        deed: text,
        json: text,
        keep: text,
      },
      ...{
        days: text,
        visits: text,
        plain: flag,
        settled: flag,
        max: flag,
        mixed: flag,
        batch: flag,
        crashes: flag,
        year: flag,
        play: { ...text, multiple: true },
      },
    },
  });
  return {
    what: values.crashes ? "crashes" : values.year ? "year" : values.play ? "play" : "worlds",
    first: whole("seed", values.seed, Math.floor(Math.random() * 2 ** 31), 0),
    seeds: whole("seeds", values.seeds, 1),
    length: whole("steps", values.steps, usualLength),
    beside: whole("beside", values.beside, 3),
    every: whole("every", values.every, 1),
    days: whole("days", values.days, 365),
    visitsADay: whole("visits", values.visits, 137),
    plain: values.plain ?? false,
    settled: values.settled ?? false,
    max: values.max ?? false,
    mixed: values.mixed ?? false,
    batch: values.batch ?? false,
    deed: values.deed ?? "",
    streams: values.play?.map(stepsIn) ?? [],
    json: values.json,
    keep: values.keep ?? null,
  };
}

function whole(name: string, value: string | undefined, usual: number, least = 1): number {
  const number = value === undefined ? usual : /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least) return number;
  throw new Error(`--${name} is to be a whole number from ${least} on, not ${JSON.stringify(value)}.`);
}

/** Steps as a failing seed prints them, one a line; what is not JSON between them is left out. */
function stepsIn(file: string): Step[] {
  const lines = readFileSync(file, "utf8").split("\n");
  const steps = lines.filter((line) => line.trim().startsWith("{")).map((line) => JSON.parse(line) as Step);
  if (steps.length === 0)
    throw new Error(`${file} has no steps: each is a line of JSON, as a failing seed prints them.`);
  return steps;
}
