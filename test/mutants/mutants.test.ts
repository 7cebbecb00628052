/** That the mutants of `bun run mutants` are still what they say. */
import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mutants } from "./list.ts";
import { spoilt } from "./mutant.ts";

const root = join(import.meta.dir, "../..");

test("the place of every mutant is in its file exactly once", () => {
  const rotten = mutants.flatMap((mutant) => {
    try {
      spoilt(readFileSync(join(root, mutant.file), "utf8"), mutant);
      return mutant.find === mutant.put ? [`"${mutant.fault}" changes nothing`] : [];
    } catch (error) {
      return [String(error)];
    }
  });
  expect(rotten).toEqual([]);
});

test("every mutant has a name of its own and tests that exist", () => {
  const names = mutants.map(({ fault }) => fault);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  const tests = new Set(mutants.flatMap((mutant) => mutant.tests));
  expect([...tests].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("words that no mutant has are one sentence, and run nothing", () => {
  const asked = [process.execPath, "test/mutants/main.ts", "--only", "nosuchwords"];
  const { exitCode, stdout, stderr } = Bun.spawnSync(asked, { cwd: root });
  expect([exitCode, stdout.toString(), stderr.toString()]).toEqual([
    2,
    "",
    'No fault and no file is called "nosuchwords": their names are in test/mutants.\n',
  ]);
});
