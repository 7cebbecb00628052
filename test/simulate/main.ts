// `bun run simulate`: worlds from seeds (`--seeds N --seed FIRST --steps N`), streams that were printed (`--play FILE`, more
// than once), worlds whose spends settle (`--settled`), or whose salon has MAX beside Telegram (`--max`), a third of each kind
// (`--mixed`), every crash point (`--crashes`), one in N (`--every N`, from one that `--seed` chooses) or those of some deeds (`--deed WORDS`), a year of a busy
// salon (`--year`, smaller by `--days N --visits N --every N`, without the programme by `--plain`). Results go to standard output;
// `--json FILE` keeps them for the fault report, and `--keep FOLDER` worlds and crash points as they go, so that a run that was broken
// off goes on. Exit 1 when anything did not hold, 2 when it was asked wrongly.

import { writeFileSync } from "node:fs";
import { startPostgres } from "../../src/standins/postgres/postgres.ts";
import { keptIn } from "../tools/kept.ts";
import { endedLine, inBatches } from "./batches.ts";
import { crash } from "./crashes.ts";
import { worldDatabases } from "./databases.ts";
import { deeds } from "./deeds.ts";
import { run } from "./run.ts";
import { runSettled } from "./settled.ts";
import { type SettledStep, settledStream } from "./settled-stream.ts";
import { simulate, type WorldKind } from "./simulate.ts";
import { maxStream, stream } from "./stream-both.ts";
import { wantedOf } from "./wanted.ts";
import type { Tally } from "./world.ts";
import { year } from "./year.ts";
import { allOn } from "./year-terms.ts";

const wanted = wantedOf(process.argv.slice(2));
const say = (line: string) => void process.stdout.write(`${line}\n`);
const tally: Tally = new Map();
const faults: string[] = [];

// What nobody caught would be a line in the program's log and no more; here it is a fault.
for (const event of ["uncaughtException", "unhandledRejection"] as const)
  process.on(event, (error: Error) => void faults.push(`${event}: ${error?.stack ?? error}`));

const server = process.env.DATABASE_URL ? null : await startPostgres({ bin: process.env.PG_BIN });
const adminUrl = process.env.DATABASE_URL ?? server?.url ?? "";
const result = await { worlds, crashes, year: aYear, play }[wanted.what]().catch((error: Error) => {
  faults.push(`it broke off: ${error?.stack ?? error}`);
  return {};
});
await server?.stop();
if (wanted.json)
  writeFileSync(wanted.json, JSON.stringify({ ...result, tally: Object.fromEntries(tally), faults }));
// Whoever started this process for a batch says them all.
if (!wanted.batch) for (const fault of faults) say(fault);
process.exit(faults.length > 0 ? 1 : 0);

/** The kind of a seed's world. */
function kindOf(seed: number): WorldKind<SettledStep> {
  const usual = { name: "usual", option: "", stream, run };
  const settled = { name: "settled", option: " --settled", stream: settledStream, run: runSettled };
  const max = { name: "max", option: " --max", stream: maxStream, run };
  const mixed = [usual, settled, max][seed % 3] ?? usual;
  return wanted.mixed ? mixed : wanted.settled ? settled : wanted.max ? max : usual;
}

async function worlds() {
  const { seeds: asked, length, beside } = wanted;
  const kept = keptIn(wanted.keep);
  const first = await kept.once("the first seed", async () => wanted.first);
  if (wanted.batch) {
    const ended = (seed: number) => say(endedLine(seed));
    const of = { first, seeds: asked, length, beside, say, ended, tally };
    const { seeds, broken } = await simulate(adminUrl, kindOf, of);
    faults.push(...broken.flatMap((one) => one.faults));
    return { seeds, first, broken: broken.length };
  }
  const which = (["mixed", "settled", "max"] as const).filter((name) => wanted[name]);
  const command = (batch: { first: number; seeds: number; beside: number }, file: string) => ({
    args: [
      ...[import.meta.path, "--batch", "--json", file, "--steps", String(length)],
      ...["--seed", String(batch.first), "--seeds", String(batch.seeds), "--beside", String(batch.beside)],
      ...which.map((name) => `--${name}`),
    ],
    env: { DATABASE_URL: adminUrl },
  });
  const played = await inBatches({ first, seeds: asked, beside }, command, { say, tally, kept });
  for (const [what, times] of [...tally].sort()) say(`${String(times).padStart(8)} ${what}`);
  faults.push(...played.faults);
  say(`${played.seeds} worlds from seed ${first}, ${played.broken} broken`);
  kept.over();
  return { seeds: played.seeds, first, broken: played.broken, secondsBefore: played.secondsBefore };
}

async function play() {
  const databases = await worldDatabases(adminUrl);
  const plays: { faults: string[]; tally: Record<string, number> }[] = [];
  for (const steps of wanted.streams) {
    const own: Tally = new Map();
    const play = wanted.settled ? runSettled : run;
    const found = [...(await play(await databases.make(), steps, own)), ...faults.splice(0)];
    say(`${steps.length} steps, ${found.length} faults`);
    plays.push({ faults: found, tally: Object.fromEntries(own) });
  }
  await databases.end();
  faults.push(...plays.flatMap((one) => one.faults));
  return { plays };
}

async function crashes() {
  const databases = await worldDatabases(adminUrl);
  const kept = keptIn(wanted.keep);
  const { every, beside } = wanted;
  const first = await kept.once("the first point", async () => wanted.first);
  let kills = 0;
  for (const [name, deed] of Object.entries(deeds)) {
    if (!name.includes(wanted.deed)) continue;
    const { counts, ...found } = await kept.once(name, async () => {
      const own: Tally = new Map();
      const came = await crash(databases.make, deed, own, { every, first, beside });
      return { ...came, counts: Object.fromEntries(own) };
    });
    for (const [what, times] of Object.entries(counts)) tally.set(what, (tally.get(what) ?? 0) + times);
    say(
      `${name}: killed ${found.kills} times, ${found.faults.length === 0 ? "all held" : found.faults.join("; ")}`,
    );
    kills += found.kills;
    faults.push(...found.faults.map((fault) => `${name}: ${fault}`));
  }
  await databases.end();
  say(`${kills} kills, ${faults.length} faults`);
  kept.over();
  return { kills, every, first, secondsBefore: kept.secondsBefore(1) };
}

async function aYear() {
  const databases = await worldDatabases(adminUrl);
  const { first: seed, days, visitsADay, every, plain } = wanted;
  say(`a year from seed ${seed}`);
  const of = { seed, days, visitsADay, every, choices: plain ? [] : allOn };
  const made = await year(await databases.make(true), { ...of, say, tally });
  await databases.end();
  faults.push(...made.faults);
  for (const [kind, rows] of Object.entries(made.kinds).sort()) say(`${String(rows).padStart(8)} ${kind}`);
  const [first, last] = made.memory;
  say(
    `${made.visits} visits, ${made.rows} rows, ${made.spends} of them spends, ${made.told} messages, ${first} to ${last} MiB, ${faults.length} faults`,
  );
  return made;
}
