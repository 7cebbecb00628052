// Runs pgbench with a script of one's own: what PostgreSQL gives with nothing before it.

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { noted, onItsCore } from "./machine.ts";

const debian = "/usr/lib/postgresql";
const places = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, "bin")) : [];

/** A client program of PostgreSQL, or null where the machine has none. */
export function tool(name: "pgbench" | "psql"): string | null {
  const folders = [process.env.PG_BIN ?? "", ...places.toReversed()];
  return Bun.which(name) ?? folders.map((folder) => join(folder, name)).find(existsSync) ?? null;
}

/** Transactions a second. `script` may set variables as pgbench does; `clients` connections, prepared statements. */
export async function pgbench(
  url: string,
  {
    folder,
    script,
    clients,
    ...length
  }: { folder: string; script: string; clients: number } & ({ seconds: number } | { each: number }),
): Promise<number> {
  const file = join(folder, `${crypto.randomUUID()}.sql`);
  writeFileSync(file, script);
  const long = "each" in length ? ["-t", length.each] : ["-T", Math.max(1, Math.round(length.seconds))];
  const words = ["-n", "-M", "prepared", "-c", clients, "-j", 1, ...long, "-f", file, url];
  const child = noted(
    Bun.spawn(onItsCore([tool("pgbench") ?? "pgbench", ...words.map(String)]), {
      ...{ stdout: "pipe", stderr: "pipe" },
    }),
  );
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  const [, tps] = /^tps = ([\d.]+)/m.exec(out) ?? [];
  if (tps === undefined) throw new Error(`pgbench failed: ${out}${err}`);
  return Number(tps);
}
