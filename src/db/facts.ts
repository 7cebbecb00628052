// What PostgreSQL says of itself, of our rights and of what stands between: facts for `check`. Reads only.

import { setTimeout as sleep } from "node:timers/promises";
import { connect, type Db, inTransaction, type Sql } from "./connect.ts";
import { changedGuards } from "./guards.ts";
import { type Hindrance, hindrance, pendingMigrations } from "./migrate.ts";
import { type RoleFacts, roleFacts, roleOf } from "./roles.ts";
import { limits, wanted } from "./session.ts";

export interface ServerFacts {
  /** `150018` is 15.18. */
  version: number;
  versionName: string;
  /** A replica that refuses writes. */
  standby: boolean;
  now: Date;
  /** The machine's clock at that moment: to find out about a pooler may take seconds. */
  ours: Date;
  pooler: "none" | "session" | "transaction";
  encoding: string;
  /** Whether triggers and foreign keys work as always: `origin`. No role may change it for itself. */
  replicationRole: string;
  /** Settings of the session that are not in force as the program needs them, such as `DateStyle is SQL, DMY`. */
  unlike: string[];
  /** The same of limits of time: those that are none, and one that ends statements too early. */
  boundless: string[];
  /** Settings by which a power cut may ruin the database. */
  careless: string[];
  /** Servers that replicate this one, and whether a commit waits for one of them. */
  standbys: number;
  synchronous: boolean;
}

export interface RightsFacts extends RoleFacts {
  /** What of tables and guards is not as the migrations made it, in sentences; null while some are pending. */
  changed: string[] | null;
}

export type Facts = {
  server: ServerFacts;
  /** Names of migrations; a database that is not ours is the error's sentence. */
  pending: string[] | { error: unknown };
  /** Null before the database is migrated. */
  rights: RightsFacts | null;
};

/** A pool to ask by: unprepared, for a pooler between us and the server may make a prepared statement wait for ever. */
export function factsPool(url: string): Db {
  return connect(url, { max: 2, name: "loyalty-bot check", prepare: false });
}

/** All of it. Throws when the database cannot be reached. */
export async function databaseFacts(db: Db): Promise<Facts> {
  const server = await serverFacts(db);
  const pending = await pendingMigrations(db).catch((error: unknown) => ({ error }));
  const rights =
    Array.isArray(pending) && (await hasLedger(db)) ? await rightsFacts(db, pending.length === 0) : null;
  return { server, pending, rights };
}

/** Why the role may make no tables, as `migrate` does, or null; and, where it may not, whether there is nothing to make. */
export async function mayMigrate(db: Db): Promise<{ why: Hindrance | null; done: boolean }> {
  const why = await hindrance(db);
  return { why, done: why === null || (await pendingMigrations(db)).length === 0 };
}

async function serverFacts(db: Db): Promise<ServerFacts> {
  const [row] = await db<Omit<ServerFacts, "pooler" | "ours" | "unlike" | "boundless">[]>`
    select current_setting('server_version_num')::int as version,
      split_part(current_setting('server_version'), ' ', 1) as "versionName", pg_is_in_recovery() as standby,
      clock_timestamp() as now,
      current_setting('server_encoding') as encoding, current_setting('session_replication_role') as "replicationRole",
      array(select name from pg_settings where name in ('fsync', 'full_page_writes') and setting = 'off' order by name)
        as careless,
      (select count(*)::int from pg_stat_replication where application_name is distinct from 'pg_basebackup') as standbys,
      current_setting('synchronous_standby_names') <> ''
        and current_setting('synchronous_commit') not in ('off', 'local') as synchronous`;
  if (!row) throw new Error("PostgreSQL says nothing of itself");
  const ours = new Date();
  return { ...row, ours, ...(await sessionFacts(db)), pooler: await poolerOf(db) };
}

/** What the session has of what `wanted` says; an address may name limits of its own, but each has to be one. */
async function sessionFacts(db: Db): Promise<Pick<ServerFacts, "unlike" | "boundless">> {
  const found = await db<{ name: string; setting: string }[]>`
    select name, setting from pg_settings where name = any(${[...Object.keys(wanted), "transaction_timeout"]}) order by name`;
  const are = (rows: typeof found | undefined) => (rows ?? []).map((one) => `${one.name} is ${one.setting}`);
  const { limit, other } = Object.groupBy(
    found.filter(({ name, setting }) => {
      if (name === "transaction_timeout")
        return setting !== "0" && Number(setting) < limits.statement_timeout;
      return name in limits ? Number(setting) <= 0 : setting !== wanted[name];
    }),
    ({ name }) => (name in limits || name === "transaction_timeout" ? "limit" : "other"),
  ) as { limit?: typeof found; other?: typeof found };
  return { unlike: are(other), boundless: are(limit) };
}

/**
 * A pooler hands out keys of its own, so the process that the connection was told of is not the one that answers. One
 * that lends the process of the one connection to the other, or gives the one another process meanwhile, or has none
 * left for it, pools by transaction (PgBouncer: pool_mode).
 */
async function poolerOf(db: Db): Promise<ServerFacts["pooler"]> {
  const told = await db<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const { pid: key } = Object((told as { state?: unknown }).state) as { pid?: number };
  if (key === undefined || key === told[0]?.pid) return "none";
  const one = await db.reserve();
  try {
    await db`select 1`; // the other connection is open too
    for (let tries = 0; tries < 3; tries++) {
      const first = await processOf(one);
      const stays = await inTransaction(db, async (tx) => {
        if ((await processOf(tx)) === first) return false;
        return (await Promise.race([processOf(one), sleep(1_500)])) === first;
      });
      if (!stays) return "transaction";
    }
    return "session";
  } finally {
    one.release();
  }
}

async function processOf(sql: Sql): Promise<number | undefined> {
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return row?.pid;
}

async function hasLedger(db: Db): Promise<boolean> {
  const [row] = await db<{ there: boolean }[]>`select to_regclass('bonuslog') is not null as there`;
  return row?.there ?? false;
}

async function rightsFacts(db: Db, migrated: boolean): Promise<RightsFacts> {
  const facts = await roleFacts(db, await roleOf(db));
  return { ...facts, changed: migrated ? await changedGuards(db) : null };
}
