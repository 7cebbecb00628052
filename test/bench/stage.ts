// What every row needs: a PostgreSQL that keeps what it is told, databases, the executable, and running programs.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { migrate } from "../../src/db/migrate.ts";
import { freePort, startPostgres } from "../../src/standins/postgres/postgres.ts";
import { buildExecutable } from "../tools/executable.ts";
import { cpuMs, endAll, memoryMb, noted, onItsCore } from "./machine.ts";

export type Env = Record<string, string>;

export interface Database extends AsyncDisposable {
  url: string;
  sql: postgres.Sql;
}

export interface Stage extends AsyncDisposable {
  say: (line: string) => void;
  /** For files that are gone with the stage. */
  folder: string;
  /** A run of seconds, which neither installs nor builds what it can do without. */
  quick: boolean;
  /** PostgreSQL's version, and what it says of how it keeps what it is told. */
  postgres: string;
  /** Started here, so that it is known where it runs and who else it serves. */
  ownServer: boolean;
  /** A migrated database of a row's own. `await using` drops it. */
  database(): Promise<Database>;
  /** Compiles an entry with the flags of `bun run build`; ours without a name. Once a run. */
  executable(entry?: string): string;
  /** A ledger of so many rows that several rows look at and none changes; filled once. */
  ledger(rows: number, fill: (database: Database) => Promise<void>): Promise<Database>;
  /** Ends all that was started, in the middle of whatever it is, and leaves nothing behind. */
  breakOff(): Promise<void>;
}

export const BRANCH = 123456;
export const SECRET = "bench-telegram-secret";
const TOKEN = "7000000001:AAEbenchbenchbenchbenchbenchbenchben";

/** `await using` ends everything that was started on it. */
export async function openStage({ say, quick }: Pick<Stage, "say" | "quick">): Promise<Stage> {
  await using ends = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "loyalty-bench-"));
  ends.defer(() => rmSync(folder, { recursive: true, force: true }));
  const server = process.env.DATABASE_URL
    ? null
    : await startPostgres({ bin: process.env.PG_BIN, durable: true });
  if (server) ends.defer(() => server.stop());
  const adminUrl = process.env.DATABASE_URL ?? server?.url ?? "";
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  ends.defer(() => admin.end());
  const prefix = `bench_${crypto.randomUUID().slice(0, 8)}`;
  const built = new Map<string, string>();
  const ledgers = new Map<number, Promise<Database>>();
  let count = 0;
  const template = `${prefix}_0`;
  const urlOf = (name: string) => Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  await admin.unsafe(`create database ${template}`);
  ends.defer(async () => void (await admin.unsafe(`drop database ${template} with (force)`)));
  await migrate(urlOf(template));

  async function database(): Promise<Database> {
    const name = `${prefix}_${++count}`;
    await admin.unsafe(`create database ${name} template ${template}`);
    const url = urlOf(name);
    const sql = postgres(url, { max: 4, onnotice: () => undefined });
    const drop = async () => {
      await sql.end({ timeout: 1 });
      await admin.unsafe(`drop database if exists ${name} with (force)`);
    };
    return { url, sql, [Symbol.asyncDispose]: drop };
  }

  const all = ends.move();
  return {
    ...{ say, quick, folder },
    postgres: await described(admin),
    ownServer: server !== null,
    database,
    executable(entry = "src/main.ts") {
      const made = built.get(entry) ?? join(folder, `program-${built.size}`);
      if (!built.has(entry)) buildExecutable(made, [], entry);
      built.set(entry, made);
      return made;
    },
    ledger(rows, fill) {
      const make = async () => {
        const made = all.use(await database());
        await fill(made);
        return made;
      };
      const made = ledgers.get(rows) ?? make();
      ledgers.set(rows, made);
      return made;
    },
    async breakOff() {
      await endAll();
      if (!server) {
        const names = await admin<{ name: string }[]>`
          select datname as name from pg_database where starts_with(datname, ${prefix})`;
        for (const { name } of names) await admin.unsafe(`drop database if exists ${name} with (force)`);
      }
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const kept = ["fsync", "synchronous_commit", "full_page_writes", "shared_buffers"];

async function described(admin: postgres.Sql): Promise<string> {
  const [row] = await admin<{ version: string; settings: string }[]>`
    select current_setting('server_version') as version,
      (select string_agg(name || ' ' || current_setting(name), ', ' order by name)
        from pg_settings where name = any (${kept})) as settings`;
  return `PostgreSQL ${row?.version} (${row?.settings})`;
}

/** The settings of a program on this database and these stand-ins; everything else stays at its default. */
export function settings(
  database: Database,
  { telegram, yclients = "http://127.0.0.1:9" }: { telegram: string; yclients?: string },
): Env {
  return {
    ...{ DATABASE_URL: database.url, TELEGRAM_API_ROOT: telegram, YCLIENTS_API_URL: yclients },
    ...{ FATHERBOT_TOKEN: TOKEN, YCLIENTS_PARTNER_TOKEN: "partner", YCLIENTS_USER_TOKEN: "user" },
    ...{ COMPANY_ID: String(BRANCH), ADMINS_IDS: "901", LEGAL_NAME: "ИП Петрова", HOST: "127.0.0.1" },
  };
}

/** For webhooks, which are not to wait for a pass of their own. */
export const byWebhook: Env = {
  ...{ PUBLIC_URL: "https://bench.example", WEBHOOK_SECRET: SECRET, SYNC_CRON: "0 0 0 1 1 *" },
};

/**
 * A program that is up: any that answers on /healthz, and then /readyz, of the port in its `PORT`, with the milliseconds
 * since its start. `await using` ends it.
 */
export async function running(command: string[], env: Env) {
  const port = freePort();
  const began = performance.now();
  const child = noted(
    Bun.spawn(onItsCore(command), {
      env: { PATH: process.env.PATH ?? "", ...env, PORT: String(port) },
      ...{ cwd: tmpdir(), stdin: "ignore", stdout: "ignore", stderr: "pipe" },
    }),
  );
  const log = child.stderr.text();
  const url = `http://127.0.0.1:${port}`;
  const answers = async (path: string) => {
    while (!(await fetch(`${url}${path}`).catch(() => null))?.ok) {
      if (child.exitCode !== null) throw new Error(`${command[0]} ended: ${await log}`);
      await Bun.sleep(1);
    }
    return performance.now() - began;
  };
  const servedMs = await answers("/healthz");
  const readyMs = await answers("/readyz");
  const { pid } = child;
  return {
    ...{ url, port, pid, servedMs, readyMs },
    cpuMs: () => cpuMs(pid),
    memoryMb: () => memoryMb(pid),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      const limit = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await child.exited;
      clearTimeout(limit);
    },
  };
}

/** Runs a command to its end: what it wrote, how long it took, and the most memory it had. Throws where it failed. */
export async function ran(command: string[], env: Env = {}) {
  const began = performance.now();
  const child = noted(
    Bun.spawn(onItsCore(command), {
      env: { PATH: process.env.PATH ?? "", ...env },
      ...{ cwd: tmpdir(), stdin: "ignore", stdout: "pipe", stderr: "pipe" },
    }),
  );
  let mostMb = 0;
  const look = setInterval(() => {
    mostMb = Math.max(mostMb, memoryMb(child.pid, "VmHWM"));
  }, 25);
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  clearInterval(look);
  if (code !== 0) throw new Error(`${command.slice(0, 2).join(" ")} ended with ${code}: ${out}${err}`);
  return { out, seconds: (performance.now() - began) / 1_000, mostMb };
}
