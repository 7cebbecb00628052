// `bun run chain`: a day of a chain of 1 000 branches in an hour, in real time, with two replicas and a kill. `--help` says what
// there is to ask for. The result goes to standard output. Exit 1 when anything was lost, 2 when it was asked wrongly.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { openStage } from "../bench/stage.ts";
import { rehearse } from "./rehearsal.ts";
import { type Wanted, yclientsLimits } from "./setting.ts";
import { words } from "./words.ts";

/** The numbers that may be given, and what they are in the whole rehearsal. */
const numbers = {
  branches: [1_000, "branches, one in ten of them busy, half of them with webhooks"],
  visits: [100, "visits of a branch in the whole of its day, in the mean"],
  minutes: [60, "minutes; fewer have as many visits a minute"],
  linked: [20, "of a hundred clients have linked their card"],
  perMinute: [150, "YCLIENTS_REQUESTS_PER_MINUTE"],
  settle: [30, "SETTLE_SECONDS"],
  patience: [60, "minutes after the traffic, until all must be quiet"],
  seed: [1, "another one makes another day"],
} as const;
type Name = keyof typeof numbers;
const names = Object.keys(numbers) as Name[];

const say = (line: string) => void process.stdout.write(`${line}\n`);
const usage = [
  "bun run chain [options]: a day of a chain in real time, with two replicas of the executable.",
  "",
  ...names.map((name) => `${`  --${name} N`.padEnd(20)}${numbers[name][1]} (${numbers[name][0]})`),
  "  --cron PATTERN    SYNC_CRON (0 * * * * *)",
  "  --no-kill         neither replica is killed on the way",
  "  --json FILE       keeps the result there",
  "",
].join("\n");

const asked = wantedOf(process.argv.slice(2));
await using stage = await openStage({ say, quick: false });
let isBrokenOff = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, async () => {
    isBrokenOff = true;
    await stage.breakOff();
    process.exit(130);
  });
await using database = await stage.database();
const { url, sql } = database;
const ground = { url, sql, program: stage.executable(), folder: stage.folder, say };
const result = await rehearse(asked.wanted, ground).catch((error) => {
  if (isBrokenOff) return new Promise<never>(() => {}); // everything is taken away from under it
  throw error;
});
say(words(result));
if (asked.json) writeFileSync(asked.json, JSON.stringify(result, null, 2));
process.exitCode = result.faults.length > 0 ? 1 : 0;

function wantedOf(args: string[]): { wanted: Wanted; json: string | null } {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      args,
      allowNegative: true,
      options: {
        ...(Object.fromEntries(names.map((name) => [name, text])) as Record<Name, typeof text>),
        ...{ cron: text, json: text, kill: { type: "boolean" }, help: { type: "boolean", short: "h" } },
      },
    });
    if (values.help) {
      say(usage);
      process.exit(0);
    }
    const given = names.map((name) => {
      const value = Number(values[name] ?? numbers[name][0]);
      if (!(value > 0)) throw new Error(`--${name} is to be a number above 0, not ${values[name]}.`);
      return [name, value];
    });
    const sizes = Object.fromEntries(given) as Record<Name, number>;
    const { cron: syncCron = "0 * * * * *", kill = true, json = null } = values;
    return { wanted: { ...sizes, syncCron, kill, limits: yclientsLimits }, json };
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}
