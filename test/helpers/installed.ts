/** What other programs this machine has, and tests that say so when one of them is missing. */
import { test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findBinaries } from "../../src/demo/binaries.ts";

/** The place of a program: on PATH, or where Debian keeps servers, which is not on everybody's PATH. */
export function whereIs(name: string): string | null {
  const folders = [
    ...(process.env.PATH ?? "").split(":"),
    "/usr/sbin",
    "/usr/local/sbin",
    "/opt/homebrew/bin",
  ];
  return folders.map((folder) => join(folder, name)).find(existsSync) ?? null;
}

/** The machine's own PostgreSQL with the tools for a standby; the one that comes as a package has none. */
export function standbyTools(): string | null {
  try {
    const { bin } = findBinaries(process.env.PG_BIN, "machine");
    return existsSync(join(bin, "pg_basebackup")) ? bin : null;
  } catch {
    return null;
  }
}

/** `test`, or a test that is skipped by a name that says what is not there: "…, skipped: no nginx". */
export function testWith(needed: Record<string, string | null>) {
  const missing = Object.keys(needed).find((name) => needed[name] === null);
  return (name: string, work: () => Promise<void>, ms: number): void => {
    if (missing) test.skip(`${name}, skipped: no ${missing}`, work, ms);
    else test(name, work, ms);
  };
}
