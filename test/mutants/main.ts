// `bun run mutants`: puts one deliberate fault after another into a copy of the program and runs the tests that must
// notice. `--only WORDS` (as often as wanted) takes the faults or files whose name holds these; `--json FILE` keeps the sums for the fault
// report, `--keep FOLDER` each verdict, so that a run that was broken off goes on. Exit 1 when a fault escaped, 2 when none is called so.

import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import postgres from "postgres";
import { migrate } from "../../src/db/migrate.ts";
import { startPostgres } from "../../src/standins/postgres/postgres.ts";
import { keptIn } from "../tools/kept.ts";
import { mutants } from "./list.ts";
import { copyOfTree, type Verdict } from "./trial.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [""] },
    json: { type: "string" },
    keep: { type: "string" },
  },
});
const say = (line: string) => void process.stdout.write(`${line}\n`);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const chosen = mutants.filter(({ fault, file }) =>
  values.only.some((words) => `${fault} ${file}`.includes(words)),
);
if (chosen.length === 0) {
  const words = values.only.map((one) => `"${one}"`).join(" or ");
  process.stderr.write(`No fault and no file is called ${words}: their names are in test/mutants.\n`);
  process.exit(2);
}
const server = process.env.DATABASE_URL ? null : await startPostgres({ bin: process.env.PG_BIN });
const databaseUrl = process.env.DATABASE_URL ?? server?.url ?? "";
const template = `mutants_${crypto.randomUUID().slice(0, 8)}`;
const kept = keptIn(values.keep ?? null);
const beside = Math.min(2 * availableParallelism(), 8);
const escaped: string[] = [];
const broken: string[] = [];
const admin = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
try {
  await admin.unsafe(`create database ${template}`);
  await migrate(Object.assign(new URL(databaseUrl), { pathname: `/${template}` }).href);
  // Tests that fail by themselves would catch anything.
  await kept.once("without any fault all tests pass", async () => void (await soundTreePasses()));
  const queue = [...chosen];
  await side((copy) => worker(copy, queue));
} finally {
  await admin.unsafe(`drop database if exists ${template} with (force)`).catch(() => {});
  await admin.end();
  await server?.stop();
}
const caught = chosen.length - escaped.length - broken.length;
say(`${chosen.length} mutants, ${caught} caught, ${escaped.length} escaped, ${broken.length} broken`);
if (values.json)
  writeFileSync(
    values.json,
    JSON.stringify({
      ...{ mutants: chosen.length, caught, escaped, broken },
      secondsBefore: kept.secondsBefore(beside),
    }),
  );
kept.over();
process.exitCode = caught === chosen.length ? 0 : 1;

/** Some files at a time: all of them take longer than the tests of one mutant may. */
async function soundTreePasses(): Promise<void> {
  const started = performance.now();
  const tests = [...new Set(chosen.flatMap(({ tests }) => tests))];
  const few = () => tests.splice(0, 3);
  await side(async (copy) => {
    for (let some = few(); some.length > 0; some = few()) {
      const { by, broken } = await copy.run(some);
      if (by !== null || broken !== null)
        throw new Error(`without any fault the tests fail: ${some.join(" ")}: ${by ?? broken}`);
    }
  });
  const seconds = (performance.now() - started) / 1000;
  say(`without any fault all tests pass, ${seconds.toFixed(0)} s`);
}

/** The work in several copies side by side: tests wait more than they compute, so it is two for each core. */
async function side(work: (copy: ReturnType<typeof copyOfTree>) => Promise<void>): Promise<void> {
  await Promise.all(
    Array.from({ length: beside }, async () => {
      using copy = copyOfTree(databaseUrl, template);
      await work(copy);
    }),
  );
}

async function worker(copy: ReturnType<typeof copyOfTree>, queue: typeof chosen): Promise<void> {
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const verdict = await kept.once(`${mutant.file}: ${mutant.fault}`, () => copy.try(mutant));
    if (verdict.broken !== null) broken.push(mutant.fault);
    else if (verdict.by === null) escaped.push(mutant.fault);
    say(`${word(verdict)}  ${mutant.file}: ${mutant.fault}`);
    say(
      `         ${verdict.seconds.toFixed(1)} s, ${verdict.by ?? verdict.broken ?? mutant.tests.join(" ")}`,
    );
  }
}

function word({ by, broken }: Verdict): string {
  if (broken !== null) return "BROKEN ";
  return by === null ? "ESCAPED" : "caught ";
}
