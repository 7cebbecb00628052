// `bun run report [PROOF…]`: makes test/REPORT.md. Without a name the proofs run that never ran on this source, and with `--long`
// those which are more of the same; with names these run anew, and those that never ran. The others keep what they said, in
// test/report/kept, which is committed: with a machine that is taken away only what was under way is lost (dist/proof). The soak runs beside the others, one after another. Exit 1 when anything did not hold.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sourceDigest } from "../tools/source.ts";
import { caughtAgain, playedAgain } from "./again.ts";
import { type AllProven, type Proven, proofs, prove, type Results, toRun } from "./proofs.ts";
import { report } from "./write.ts";

const root = join(import.meta.dir, "../..");
const folder = join(root, "dist/proof");
const names = Object.keys(proofs) as (keyof Results)[];
/** `--again SEED…`: the worlds that broke, once a rule of theirs is put right. `--again mutants`: those that escaped, once the tests are. */
const isAgain = process.argv[2] === "--again";
const asked = isAgain ? [] : process.argv.slice(2).filter((name) => name !== "--long");
const long = process.argv.includes("--long");
const unknown = asked.filter((name) => !names.includes(name as keyof Results));
if (unknown.length > 0) {
  process.stderr.write(`There is no proof ${unknown.join(", ")}: there are ${names.join(", ")}.\n`);
  process.exit(2);
}

mkdirSync(folder, { recursive: true });
const source = sourceDigest();
const kept = (name: keyof Results) => Bun.file(join(import.meta.dir, "kept", `${name}.json`));
const read = async (name: keyof Results): Promise<Proven<keyof Results> | null> =>
  (await kept(name).exists()) ? await kept(name).json() : null;

async function ranBefore<N extends keyof Results>(name: N): Promise<Proven<N>> {
  const before = await read(name);
  if (before === null) throw new Error(`There is no proof of the ${name} yet: run bun run report.`);
  return before as Proven<N>;
}

async function run(name: keyof Results): Promise<void> {
  process.stdout.write(`\n=== ${name}\n`);
  const proven = await prove(name, join(folder, `${name}.result.json`), new Date());
  await Bun.write(kept(name), `${JSON.stringify(proven)}\n`);
}

if (isAgain) {
  const [what, ...more] = process.argv.slice(3);
  const now = new Date();
  const [name, again] =
    what === "mutants"
      ? (["mutants", caughtAgain(await ranBefore("mutants"), now)] as const)
      : (["worlds", playedAgain(await ranBefore("worlds"), [what, ...more].map(Number), now)] as const);
  await Bun.write(kept(name), `${JSON.stringify(await again)}\n`);
  process.stdout.write(`what had broken of the ${name} held\n`);
  process.exit(0);
}

const ran = new Map<string, string | null>();
for (const name of names) {
  const before = await read(name);
  if (before) ran.set(name, before.source ?? null); // one that an older program kept has none
}
const wanted = toRun(asked, long, source, ran);
const beside = wanted.filter((name) => proofs[name].beside).map(run);
for (const name of wanted.filter((one) => !proofs[one].beside)) await run(name);
await Promise.all(beside);

const all: Partial<Record<keyof Results, Proven<keyof Results>>> = {};
for (const name of names) {
  const proven = await read(name);
  // What is more of the same is left out where it is of an earlier source.
  if (proven && (!proofs[name].long || proven.source === source)) all[name] = proven;
}
const { text, held } = report(all as AllProven);
writeFileSync(join(root, "test/REPORT.md"), text);
process.stdout.write(`\ntest/REPORT.md is written: ${held ? "all held" : "not everything held"}\n`);
process.exitCode = held ? 0 : 1;
