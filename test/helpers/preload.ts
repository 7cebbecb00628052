/** Gives a run of `bun test` its one PostgreSQL server: DATABASE_URL, or a throw-away one started here. */
import { afterAll, setDefaultTimeout } from "bun:test";
import { startPostgres } from "../../src/standins/postgres/postgres.ts";

const given = process.env.DATABASE_URL;
const server = given ? undefined : await startPostgres({ bin: process.env.PG_BIN });

/** Address of a database whose role may create databases. */
export const adminUrl: string = given || (server?.url ?? "");

/** What to do once all tests have run, before the server stops. */
export const atEnd: (() => Promise<void>)[] = [];

// For what hangs, on a busy machine too. Without --isolate it holds for the first file; Bun 1.4.5 has no setting for it.
setDefaultTimeout(120_000);

// Runs once, after the last test of the last file. Bun 1.4.5 does not wait for it when a file fails to load,
// and skips it when a signal or process.exit() ends the run: our own server then ends by its watcher.
afterAll(async () => {
  for (const finish of atEnd) await finish();
  await server?.stop();
});
