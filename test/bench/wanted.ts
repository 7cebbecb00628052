// What a run of the benchmark is to measure, from its arguments. A wrong one is a sentence.

import { parseArgs } from "node:util";
import { full, quick, type Row, type Sizes } from "./row.ts";

export interface Wanted {
  rows: Row[];
  sizes: Sizes;
  quick: boolean;
  /** Every row at its full size: only such a run is kept as RESULTS.md. */
  whole: boolean;
  out: string | null;
}

/** The sizes that may be given, by their options. */
const given = {
  rounds: ["rounds", "how often each of those compared has its turn"],
  records: ["manyRecords", "records of the long first pass"],
  updates: ["updates", "updates whose memory is watched"],
  messages: ["messages", "people told"],
  ledger: ["ledger", "rows of the large ledger"],
} as const satisfies Record<string, readonly [keyof Sizes, string]>;
type Option = keyof typeof given;
const options = Object.keys(given) as Option[];

/** What there is to ask for. */
export function usage(rows: Row[]): string {
  return [
    "bun run bench [ROW…] [options]: measures the executable beside what one would take instead.",
    "",
    `All rows take about ${rows.reduce((sum, { minutes }) => sum + minutes, 0)} minutes, on a machine that does nothing else, and make test/bench/RESULTS.md:`,
    ...rows.map(({ name, minutes }) => `  ${name.padEnd(12)} about ${minutes} min`),
    "",
    "  --quick       every step in small, a minute in all: that it works, not how fast it is",
    "  --out FILE    writes the results there, whichever rows they are of",
    ...options.map((name) => `  ${`--${name} N`.padEnd(13)} ${given[name][1]} (${full[given[name][0]]})`),
    "",
  ].join("\n");
}

/** Throws an Error whose message is for whoever asked; null where they asked for help. */
export function wantedOf(args: string[], rows: Row[]): Wanted | null {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ help: { type: "boolean", short: "h" }, quick: { type: "boolean" }, out: text },
      ...{ rounds: text, records: text, updates: text, messages: text, ledger: text },
    },
  });
  if (values.help) return null;
  const names = rows.map(({ name }) => name);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no row ${unknown.join(", ")}: there are ${names.join(", ")}.`);
  const sizes = { ...(values.quick ? quick : full) };
  for (const name of options) {
    const value = values[name];
    if (value === undefined) continue;
    if (!/^[1-9]\d{0,8}$/.test(value))
      throw new Error(`--${name} is to be a whole number from 1 on, not ${JSON.stringify(value)}.`);
    sizes[given[name][0]] = Number(value);
  }
  const asIs = options.every((name) => values[name] === undefined);
  return {
    rows: positionals.length === 0 ? rows : rows.filter(({ name }) => positionals.includes(name)),
    sizes,
    quick: values.quick ?? false,
    whole: positionals.length === 0 && !values.quick && asIs,
    out: values.out ?? null,
  };
}
