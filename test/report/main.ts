// `bun run report [PROOF…]`: makes test/REPORT.md. The proofs that are named run anew, and those that never ran; the others
// keep what they said (dist/proof). Some three hours for all of them, an hour of it the soak. Exit 1 when anything did not hold.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AllProven, type Proven, proofs, prove, type Results } from "./proofs.ts";
import { report } from "./write.ts";

const root = join(import.meta.dir, "../..");
const folder = join(root, "dist/proof");
const names = Object.keys(proofs) as (keyof Results)[];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name as keyof Results));
if (unknown.length > 0) {
  process.stderr.write(`There is no proof ${unknown.join(", ")}: there are ${names.join(", ")}.\n`);
  process.exit(2);
}

mkdirSync(folder, { recursive: true });
const all: Partial<Record<keyof Results, Proven<keyof Results>>> = {};
for (const name of names) {
  const kept = Bun.file(join(folder, `${name}.json`));
  if (asked.includes(name) || !(await kept.exists())) {
    process.stdout.write(`\n=== ${name}\n`);
    const proven = await prove(name, join(folder, `${name}.result.json`), new Date());
    await Bun.write(kept, `${JSON.stringify(proven)}\n`);
  }
  all[name] = await kept.json();
}
const { text, held } = report(all as AllProven);
writeFileSync(join(root, "test/REPORT.md"), text);
process.stdout.write(`\ntest/REPORT.md is written: ${held ? "all held" : "not everything held"}\n`);
process.exitCode = held ? 0 : 1;
