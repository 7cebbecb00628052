/** The program as an earlier release was, from this repository's history: run from its source, beside the one of now. */
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEnd } from "./preload.ts";

const root = join(import.meta.dir, "../..");

/** The last one that knew nothing of lots, and of all that the programme does by itself. */
export const beforeLots = "71bcdb2";

/**
 * What a salon may be running: the last program of each state from which upgrades are promised. `beside`: it may work on while, and
 * after, its database is upgraded; the others are stopped first (CHANGELOG.md).
 */
export const releases = [
  { name: "0.1.0, its first tables", commit: "f867012", beside: false },
  { name: "0.1.0", commit: "d68adf6", beside: false },
  { name: "0.2.0 before accounts", commit: "c5658f0", beside: false },
  { name: "0.2.0 before lots", commit: beforeLots, beside: true },
  { name: "0.2.0 with levels and friends", commit: "2b4f627", beside: true },
  { name: "0.2.0 before settlements", commit: "2e67c79", beside: true },
  { name: "0.2.0 before MAX", commit: "9c96589", beside: true },
  { name: "0.2.0 before two accounts of a card", commit: "5b5e656", beside: true },
];

/** The commit where it is at hand: a shallow clone has none of before. */
export function inHistory(commit: string): string | null {
  const asked = Bun.spawnSync(["git", "cat-file", "-e", `${commit}^{tree}`], { cwd: root, stderr: "ignore" });
  return asked.success ? commit : null;
}

/** A command that runs the program of that commit; its folder goes at the end of the run. */
export function programOf(commit: string): string {
  const folder = mkdtempSync(join(tmpdir(), "loyalty-earlier-"));
  atEnd.push(async () => rmSync(folder, { recursive: true, force: true }));
  const tree = Bun.spawnSync(["git", "archive", commit, "src", "sql", "package.json", "tsconfig.json"], {
    cwd: root,
  });
  const laid = Bun.spawnSync(["tar", "-x", "-C", folder], { stdin: tree.stdout });
  if (!tree.success || !laid.success)
    throw new Error(`${commit} cannot be laid out: ${tree.stderr}${laid.stderr}`);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const command = join(folder, "loyalty-bot");
  writeFileSync(command, `#!/bin/sh\nexec ${process.execPath} ${join(folder, "src/main.ts")} "$@"\n`);
  chmodSync(command, 0o755);
  return command;
}
