// Runs while the program is being built: puts the files of sql/ into it. A compiled program cannot list a folder.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** All migrations in order, `{ name, text }`. */
export function readMigrations(): { name: string; text: string }[] {
  const folder = join(import.meta.dir, "../../sql");
  return readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
}

/** The page of what they make, for a database to be held against. */
export function readSchema(): string {
  return readFileSync(join(import.meta.dir, "../../sql/schema.txt"), "utf8");
}
