/** The schema on one page, from the catalog: `bun test/tools/schema.ts --write` puts it into sql/schema.txt. */
import { join } from "node:path";
import type postgres from "postgres";
import type { Sql } from "../../src/db/connect.ts";
import { schemaPage as pageOf } from "../../src/db/schema.ts";

/** Where the page is kept. */
export const schemaFile = join(import.meta.dir, "../../sql/schema.txt");

/** The page of a database that a test is connected to. */
export function schemaPage(sql: postgres.Sql): Promise<string> {
  return pageOf(sql as unknown as Sql); // which takes and gives nothing but words
}

if (import.meta.main) {
  if (process.argv[2] !== "--write") {
    process.stderr.write("Say what to do: bun test/tools/schema.ts --write\n");
    process.exit(1);
  }
  // Loaded late: only this program starts a server of its own.
  const [{ startPostgres }, { migrate }, { default: connect }] = await Promise.all([
    import("../../src/standins/postgres/postgres.ts"),
    import("../../src/db/migrate.ts"),
    import("postgres"),
  ]);
  const server = await startPostgres({ bin: process.env.PG_BIN });
  try {
    await migrate(server.url);
    const sql = connect(server.url, { max: 1, onnotice: () => undefined });
    await Bun.write(schemaFile, await schemaPage(sql));
    await sql.end();
    process.stdout.write(`wrote ${schemaFile}\n`);
  } finally {
    await server.stop();
  }
}
