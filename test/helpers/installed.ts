/** What other programs this machine has, and tests that say so when one of them is missing. */
import { test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { findBinaries } from "../../src/standins/postgres/binaries.ts";

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

/** Why there can be no dump of this server, or null: pg_dump reads servers of its own version and older ones. */
export async function whyNoDump(serverUrl: string): Promise<string | null> {
  if (!Bun.which("pg_dump") || !Bun.which("pg_restore")) return "no pg_dump and pg_restore";
  const own = /\d+/.exec(Bun.spawnSync(["pg_dump", "--version"]).stdout.toString())?.[0];
  const sql = postgres(serverUrl, { max: 1 });
  const [row] = await sql<
    { version: number }[]
  >`select current_setting('server_version_num')::int / 10000 as version`;
  await sql.end();
  return Number(own) < (row?.version ?? 0) ? `pg_dump ${own} cannot read PostgreSQL ${row?.version}` : null;
}

/** Also what takes long is run, as `.ci/run` does. */
export const everything = process.env.LOYALTY_TEST_ALL === "1";

/** `test`, or a test that is skipped by a name that says what is not there: "…, skipped: no nginx". */
export function testWith(needed: Record<string, string | null>) {
  const missing = Object.keys(needed).find((name) => needed[name] === null);
  return (name: string, work: () => Promise<void>, ms?: number): void => {
    const says = missing ? `${name}, skipped: no ${missing}` : name;
    test.skipIf(missing !== undefined)(says, work, ms);
  };
}

/** `test` of what takes long: skipped, by a name that says so, where not everything is run. */
export const longTest = testWith({ "LOYALTY_TEST_ALL=1": everything ? "" : null });
