/** Figures are known by the source that they are of, and a release has none of an earlier one. */
import { afterAll, beforeEach, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { commitOf, earlier, isOf, isReleased, sourceDigest, sourceLine } from "./source.ts";

const root = join(import.meta.dir, "../..");
const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
const old = earlier().map(({ path }) => path);
if (old.length > 0 && !isReleased(changelog))
  process.stdout.write(`figures of an earlier source, until the release: ${old.join(", ")}\n`);

test("the figures of a released tree are of its own source", () => {
  expect(isReleased(changelog) ? earlier() : []).toEqual([]);
});

const folder = mkdtempSync(join(tmpdir(), "loyalty-source-"));
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  rmSync(folder, { recursive: true });
  for (const path of ["src/a.ts", "src/b/c.ts", "sql/0001.sql", "package.json", "bun.lock"])
    write(path, path);
  for (const path of ["Dockerfile", "bunfig.toml", "tsconfig.json"]) write(path, path);
  for (const path of ["test/REPORT.md", "test/bench/RESULTS.md"])
    write(path, sourceLine(sourceDigest(folder)));
});

test("a tree that is copied elsewhere without git is the same source", () => {
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true });
  try {
    expect(sourceDigest(copy)).toBe(sourceDigest(folder));
    expect(commitOf(copy)).toBe("no commit");
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test.each([
  "src/a.ts",
  "src/b/c.ts",
  "sql/0001.sql",
  "package.json",
  "bun.lock",
  "Dockerfile",
  "bunfig.toml",
  "tsconfig.json",
])("another %s is another source, and the papers are of an earlier one", (path) => {
  expect(earlier(folder)).toEqual([]);
  write(path, "another");
  expect(earlier(folder)).toEqual([
    { path: "test/REPORT.md", command: "bun run report" },
    { path: "test/bench/RESULTS.md", command: "bun run bench" },
  ]);
});

test("a file that comes, goes or has another name is another source; tests, papers and leftovers are none of it", () => {
  const before = sourceDigest(folder);
  write("test/a.test.ts", "a");
  write("src/.a.ts.swp", "left");
  write("src/a.js.map", "left");
  expect(sourceDigest(folder)).toBe(before);
  write("src/d.ts", "");
  const added = sourceDigest(folder);
  rmSync(join(folder, "src/d.ts"));
  write("src/e.ts", "");
  expect(new Set([before, added, sourceDigest(folder)]).size).toBe(3);
});

test("a paper that does not say its source is of an earlier one", () => {
  write("test/REPORT.md", "# Fault report\n\n**Everything held.**\n");
  expect(earlier(folder).map(({ path }) => path)).toEqual(["test/REPORT.md"]);
  expect(isOf(`at abc1234\n${sourceLine("ab")}\n`, "ab")).toBe(true);
});

test.each([
  ["# Changelog\n\n## 0.2.0, not released yet\n\n## 0.1.0\n", false],
  ["# Changelog\n\n## 0.2.0, 2026-12-01\n\n## 0.1.0, not released yet\n", true],
  ["# Changelog\n", false],
])("whether the newest section is a release's: %j is %p", (text, released) => {
  expect(isReleased(text)).toBe(released);
});
