// What a row of the table is: how it is measured, and the lines that come of it.

import type { Stage } from "./stage.ts";

/** How much of everything a run takes. `quick` is for tests: the same steps in seconds. */
export interface Sizes {
  /** How often each of those compared has its turn, and how long a turn is. */
  rounds: number;
  seconds: number;
  /** Linked cards behind the webhook. */
  cards: number;
  /** Records of a pass that is compared, and of the short and the long one whose memory is. */
  records: number;
  fewRecords: number;
  manyRecords: number;
  /** Rows of the large ledger and of the small one beside it, and how many questions each kind is asked in a turn. */
  ledger: number;
  smallLedger: number;
  questions: number;
  /** Updates of the memory's long run, and those after which it counts as warm. */
  updates: number;
  warmUpdates: number;
  /** Messages due, visits that are paid one by one, lines of a list, and seconds of rest. */
  messages: number;
  visits: number;
  lines: number;
  restSeconds: number;
}

export const full: Sizes = {
  ...{ rounds: 3, seconds: 4, cards: 50_000, records: 20_000 },
  ...{ fewRecords: 10_000, manyRecords: 1_000_000 },
  ...{
    ledger: 5_000_000,
    smallLedger: 10_000,
    questions: 1_800,
    updates: 1_000_000,
    warmUpdates: 50_000,
    messages: 10_000,
  },
  ...{ visits: 20, lines: 100_000, restSeconds: 60 },
};

export const quick: Sizes = {
  ...{ rounds: 1, seconds: 0.4, cards: 500, records: 500 },
  ...{ fewRecords: 200, manyRecords: 1_000 },
  ...{ ledger: 2_000, smallLedger: 1_000, questions: 20, updates: 800, warmUpdates: 200, messages: 30 },
  ...{ visits: 2, lines: 500, restSeconds: 2 },
};

/** One line of the table. `met` is null where there is no aim, or where it could not be measured. */
export interface Line {
  what: string;
  ours: string;
  beside: string;
  ratio: number | null;
  /** `shown`: there is none. */
  aim: string;
  met: boolean | null;
  /** Measured a single time, with nothing in turn with it. */
  once?: boolean;
  /** What stands in the way where the aim is not met, from profiles: said below the table. */
  why?: string;
  /** What the paper part works from. */
  figures?: Record<string, number>;
}

export interface Row {
  name: string;
  /** About how long it takes at its full size. */
  minutes: number;
  measure(stage: Stage, sizes: Sizes): Promise<Line[]>;
}

/** The middle one: a round in which something else happened does not move it. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

type Turn = (() => Promise<number>) | null;

/**
 * Each of them has its turn in every round, so that what changes on the machine changes for all; medians. Null has none:
 * what it takes is not on this machine.
 */
export async function rounds<Turns extends Record<string, Turn>>(
  times: number,
  turns: Turns,
): Promise<{ [Name in keyof Turns]: number | Extract<Turns[Name], null> }> {
  const found = new Map<string, number[]>();
  for (let round = 0; round < times; round++)
    for (const [name, turn] of Object.entries<Turn>(turns))
      if (turn) found.set(name, [...(found.get(name) ?? []), await turn()]);
  const medians = Object.keys(turns).map((name) => {
    const values = found.get(name);
    return [name, values ? median(values) : null];
  });
  return Object.fromEntries(medians);
}

/** `12 300/s`, `0.52 ms`: three digits that count, thousands apart. */
export function shown(value: number, unit = ""): string {
  const digits = Number.isInteger(value) ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const rounded = digits === 0 && Math.abs(value) >= 1_000 ? Number(value.toPrecision(3)) : value;
  const [whole = "", part] = rounded.toFixed(Math.min(digits, 3)).split(".");
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, " ");
  return `${apart}${part === undefined ? "" : `.${part}`}${unit}`;
}
