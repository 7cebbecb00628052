// Brings a database to the schema that this program was built with.

import { messageOf, OperatorError } from "../errors.ts";
import { unpacked } from "../packed.ts";
import { connect, type Db, inTransaction, type Tx } from "./connect.ts";
import { packMigrations } from "./migrations.macro.ts" with { type: "macro" };
import { grantTo, roleOf } from "./roles.ts";

const migrations: { name: string; text: string }[] = JSON.parse(unpacked(packMigrations()));

interface Applied {
  name: string;
  checksum: string;
}

/**
 * Applies what is pending, all in one transaction and under a lock, so that any number of programs may start at once.
 * Returns the names applied. Refuses, touching nothing, a database that is newer than the program, one where a released
 * file was other than it is here, and one that belongs to the earlier Python deployment.
 *
 * `programUrl` is what the program itself connects by: a role that is not the tables' owner is given, in the same
 * transaction, what the program needs.
 */
export async function migrate(
  url: string,
  log: (line: string) => void = () => {},
  programUrl = url,
): Promise<string[]> {
  const role = programUrl === url ? null : await roleBehind(programUrl);
  const db = connect(url, { max: 1, name: "loyalty-bot migrate", unhurried: true });
  try {
    const apply = () =>
      inTransaction(db, async (tx) => {
        const applied = await applyPending(tx);
        if (role !== null) await grantTo(tx, role);
        return applied;
      });
    const done = await besideWork(apply);
    for (const name of done) log(`applied ${name}`);
    return done;
  } catch (error) {
    if (Object(error).code !== "42501") throw error;
    throw new OperatorError(`The role that migrates may not do it (${messageOf(error)}): name the role that owns the tables in \
MIGRATE_DATABASE_URL, or run \`loyalty-bot migrate\` with it.`);
  } finally {
    await db.end({ timeout: 5 });
  }
}

const mostTimes = 10;

/** Programs at work may hold what this waits for while they wait for it: PostgreSQL then ends one side, and this begins anew. */
async function besideWork<T>(apply: () => Promise<T>): Promise<T> {
  for (let times = 1; ; times++) {
    try {
      return await apply();
    } catch (error) {
      if (Object(error).code !== "40P01" || times === mostTimes) throw error; // deadlock_detected
    }
  }
}

/** What keeps a role from making tables, and what to do about it. */
export interface Hindrance {
  says: string;
  remedy: string;
}

/** Null where nothing does. Before PostgreSQL 15 anybody might make tables in the schema public. */
export async function hindrance(sql: Db | Tx): Promise<Hindrance | null> {
  const [row] = await sql<{ schema: string | null; may: boolean; role: string; path: string }[]>`
    select quote_ident(current_schema) as schema, coalesce(has_schema_privilege(current_schema, 'create'), false) as may,
      quote_ident(current_user) as role, current_setting('search_path') as path`;
  if (!row || row.may) return null;
  const { schema, role, path } = row;
  if (schema === null) {
    return {
      says: `the search_path of the role (${path}) names no schema that is there`,
      remedy: `create the schema, or alter role ${role} set search_path = public`,
    };
  }
  return {
    says: "the role may not make tables",
    remedy: `grant create on schema ${schema} to ${role}, as the schema's owner; or name the role that owns the tables in MIGRATE_DATABASE_URL`,
  };
}

async function roleBehind(url: string): Promise<string> {
  const db = connect(url, { max: 1, name: "loyalty-bot migrate" });
  try {
    return await roleOf(db);
  } finally {
    await db.end({ timeout: 5 });
  }
}

/** The migrations that the database lacks; throws as `migrate` does when the two do not fit together. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  await refuseForeign(db);
  return compare((await areCounted(db)) ? await appliedTo(db) : []).map((migration) => migration.name);
}

async function applyPending(tx: Tx): Promise<string[]> {
  await tx`set local lock_timeout = 0`; // twenty programs at once wait for the first one
  await tx`set local statement_timeout = 0`;
  await tx`select pg_advisory_xact_lock(7305, 0)`;
  await refuseForeign(tx);
  // Asked first, for `if not exists` asks for the right to make it either way.
  if (!(await areCounted(tx))) {
    const why = await hindrance(tx);
    if (why) throw new OperatorError(`The database cannot be migrated: ${why.says}: ${why.remedy}.`);
    await tx`
      create table migrations (
        name text primary key, checksum text not null, applied_at timestamptz not null default now())`;
  }
  const applied = await appliedTo(tx);
  const pending = compare(applied);
  if (pending.length > 0) await refuseEncoding(tx, applied.length > 0);
  for (const migration of pending) {
    await tx.unsafe(migration.text);
    await tx`insert into migrations (name, checksum) values (${migration.name}, ${checksum(migration.text)})`;
  }
  return pending.map((migration) => migration.name);
}

/** Whether there is the table of migrations. */
async function areCounted(sql: Db | Tx): Promise<boolean> {
  const [found] = await sql<{ there: boolean }[]>`select to_regclass('migrations') is not null as there`;
  return found?.there ?? false;
}

function appliedTo(sql: Db | Tx): Promise<Applied[]> {
  return sql<Applied[]>`select name, checksum from migrations order by name`;
}

function compare(applied: Applied[]): typeof migrations {
  const known = new Map(migrations.map((migration) => [migration.name, checksum(migration.text)]));
  for (const { name, checksum: recorded } of applied) {
    const ours = known.get(name);
    if (ours === undefined) {
      throw new OperatorError(`The database has migration ${name}, which this program does not know: it is older than the \
database. Start the newer program, or restore the backup made before the upgrade.`);
    }
    if (ours !== recorded) {
      throw new OperatorError(`Migration ${name} was applied with other contents than this program carries. A released file \
is never edited: put it back as it was and write a new file for the change.`);
    }
  }
  const done = new Set(applied.map((row) => row.name));
  return migrations.filter((migration) => !done.has(migration.name));
}

/**
 * A `bonuslog` that we did not make is the earlier Python program's: it is read by `import`, never migrated. A table of
 * migrations without checksums is another tool's.
 */
async function refuseForeign(sql: Db | Tx): Promise<void> {
  const [found] = await sql<{ foreign: string | null }[]>`
    select case
      when to_regclass('migrations') is null
        then coalesce(to_regclass('clients'), to_regclass('bonuslog'))::text
      when not exists (
        select from pg_attribute where attrelid = to_regclass('migrations') and attname = 'checksum')
        then 'migrations' end as foreign`;
  if (found?.foreign) {
    throw new OperatorError(`This database already has a table "${found.foreign}" that this program did not make, perhaps \
that of the earlier Python deployment. Nothing was touched. Give DATABASE_URL an empty database of its own; \
\`loyalty-bot import --from URL\` then takes over what that deployment had.`);
  }
}

/** Nothing is made in it: some migrations know letters that only UTF8 has. One that has them all is said by `check`. */
async function refuseEncoding(tx: Tx, inUse: boolean): Promise<void> {
  const [row] = await tx<{ encoding: string }[]>`select current_setting('server_encoding') as encoding`;
  if (row?.encoding === "UTF8") return;
  throw new OperatorError(`The database is ${row?.encoding}, in which people's names do not fit. Nothing was touched. \
${inUse ? "Restore its backup into one made with" : "Make one with"}: create database … encoding 'UTF8' template template0.`);
}

function checksum(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}
