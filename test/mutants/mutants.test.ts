/** That the mutants of `bun run mutants` are still what they say. */
import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mutants } from "./list.ts";
import { type Mutant, spoilt } from "./mutant.ts";

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

/** The function, constraint or index that a fault of a migration is in, where a later migration makes it anew or drops it. */
function replaced({ file, find, put }: Mutant): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const same = [...find].findIndex((letter, at) => letter !== put[at]);
  const before = text.slice(0, text.indexOf(find) + Math.max(0, same));
  const [, what, name] =
    [...before.matchAll(/\b(function|constraint|index|trigger) (?!language)(\w+)/g)].at(-1) ?? [];
  const anew = new RegExp(`(?:replace|drop) ${what} (?:if exists )?${name}\\b`);
  return readdirSync(join(root, "sql"))
    .filter((later) => later.endsWith(".sql") && later > file.slice("sql/".length))
    .filter((later) => anew.test(readFileSync(join(root, "sql", later), "utf8")))
    .map((later) => `${name} of ${file} is no more since ${later}`);
}

test("no mutant of a migration is in what a later one replaces: it would spoil nothing that runs", () => {
  const dead = mutants.filter(({ file }) => file.startsWith("sql/")).flatMap(replaced);
  expect([...new Set(dead)]).toEqual([]);
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
