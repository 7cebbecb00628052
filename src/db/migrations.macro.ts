// Runs while the program is being built: puts the files of sql/ into it. A compiled program cannot list a folder.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packed } from "../packed.ts";

const folder = join(import.meta.dir, "../../sql");

/** All migrations in order, `{ name, text }`, as JSON that is packed. */
export function packMigrations(): string {
  const files = readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
  return packed(JSON.stringify(files));
}

/** The page of what they make, for a database to be held against, packed. */
export function packSchema(): string {
  return packed(readFileSync(join(folder, "schema.txt"), "utf8"));
}
