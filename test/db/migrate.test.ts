/** Tests of bringing a database to the schema: once however often it is asked, and never over what is not ours. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../src/db/connect.ts";
import { hindrance, migrate, pendingMigrations } from "../../src/db/migrate.ts";
import { messageOf, OperatorError } from "../../src/errors.ts";
import { emptyDatabase, expectTable, freshDatabase, type TestDatabase } from "../helpers/db.ts";
import { migrateUpTo } from "../helpers/old-database.ts";
import { twoRoles } from "../helpers/two-roles.ts";
import { schemaFile, schemaPage } from "../tools/schema.ts";

const folder = join(import.meta.dir, "../../sql");
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".sql"))
  .sort();
const migrationRow = (name: string) => ({
  name,
  checksum: new Bun.CryptoHasher("sha256").update(readFileSync(join(folder, name), "utf8")).digest("hex"),
});

let database: TestDatabase;
beforeEach(async () => {
  database = await emptyDatabase();
});
afterEach(() => database.drop());

const applied = () =>
  expectTable(database.sql, "select name, checksum from migrations order by name", names.map(migrationRow));

/** What the work gives, or the sentence that refuses it. */
const saidOf = <Made>(work: Promise<Made>): Promise<Made | string> =>
  work.catch((error: unknown) => {
    if (error instanceof OperatorError) return error.message;
    throw error;
  });

/** What `pendingMigrations` says, or the sentence it refuses with. */
async function pending(): Promise<string[] | string> {
  const db = connect(database.url, { max: 1 });
  return saidOf(pendingMigrations(db)).finally(() => db.end({ timeout: 1 }));
}

/** Both are refused by this sentence. */
async function expectRefused(sentence: string): Promise<void> {
  expect(await saidOf(migrate(database.url))).toBe(sentence);
  expect(await pending()).toBe(sentence);
}

test("every file of sql/ is numbered in order, and the program carries all of them", async () => {
  expect(names.length).toBeGreaterThan(0);
  names.forEach((name, index) => {
    expect(name).toMatch(new RegExp(`^${String(index + 1).padStart(4, "0")}_\\w+\\.sql$`));
  });
  const lines: string[] = [];
  expect(await pending()).toEqual(names);
  expect(await migrate(database.url, (line) => lines.push(line))).toEqual(names);
  expect(lines).toEqual(names.map((name) => `applied ${name}`));
  expect(await pending()).toEqual([]);
  await applied();
});

test("a second time there is nothing to do, and what is stored stays", async () => {
  await migrate(database.url);
  await database.sql`insert into companies (company_id, title) values (1, 'Салон')`;
  const before = await database.sql`select * from migrations order by name`;
  expect(await migrate(database.url)).toEqual([]);
  expect<unknown>([...(await database.sql`select * from migrations order by name`)]).toEqual([...before]);
  await expectTable(database.sql, "select company_id, title from companies", [
    { company_id: 1, title: "Салон" },
  ]);
});

test("of twenty at once one applies everything and the others nothing", async () => {
  const done = await Promise.all(Array.from({ length: 20 }, () => migrate(database.url)));
  expect(done.filter((one) => one.length > 0)).toEqual([names]);
  await applied();
});

test("a database that an older program made gets what came since", async () => {
  const last = names.at(-1) ?? "";
  await database.sql`create table migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())`;
  for (const name of names.slice(0, -1)) {
    await database.sql.unsafe(readFileSync(join(folder, name), "utf8"));
    await database.sql`insert into migrations ${database.sql(migrationRow(name))}`;
  }
  expect(await pending()).toEqual([last]);
  expect(await migrate(database.url)).toEqual([last]);
  await applied();
});

test("a released file that was edited is refused by its name, and nothing is touched", async () => {
  await migrate(database.url);
  await database.sql`update migrations set checksum = 'other' where name = ${names[1] ?? ""}`;
  const before = await schemaPage(database.sql);
  const sentence = `Migration ${names[1]} was applied with other contents than this program carries. A released file \
is never edited: put it back as it was and write a new file for the change.`;
  await expectRefused(sentence);
  expect(await schemaPage(database.sql)).toBe(before);
});

test("a database that is newer than the program is refused, and nothing is touched", async () => {
  await migrate(database.url);
  await database.sql`insert into migrations (name, checksum) values ('9999_later.sql', 'x')`;
  const before = await database.sql`select * from migrations order by name`;
  const sentence = `The database has migration 9999_later.sql, which this program does not know: it is older than the \
database. Start the newer program, or restore the backup made before the upgrade.`;
  await expectRefused(sentence);
  expect<unknown>([...(await database.sql`select * from migrations order by name`)]).toEqual([...before]);
});

test.each([
  ["clients", "id serial primary key, phone text"],
  ["bonuslog", "id serial primary key, points float"],
  ["migrations", "id serial primary key, migration text, batch int"],
])("a table %s that another program made is refused, and left as it is", async (table, columns) => {
  await database.sql.unsafe(`create table ${table} (${columns}); insert into ${table} default values`);
  const before = await schemaPage(database.sql);
  const sentence = `This database already has a table "${table}" that this program did not make, perhaps that of the \
earlier Python deployment. Nothing was touched. Give DATABASE_URL an empty database of its own; \
\`loyalty-bot import --from URL\` then takes over what that deployment had.`;
  await expectRefused(sentence);
  expect(await schemaPage(database.sql)).toBe(before);
  await expectTable(database.sql, `select count(*) from ${table}`, [{ count: 1 }]);
});

test("sql/schema.txt is the schema (after a change: bun test/tools/schema.ts --write)", async () => {
  await using fresh = await freshDatabase();
  expect(await schemaPage(fresh.sql)).toBe(readFileSync(schemaFile, "utf8"));
});

test("a role that may make no tables, or whose search_path leads nowhere, is told the remedy, which then helps", async () => {
  await using roles = await twoRoles();
  const { sql } = roles;
  const said = () => migrate(roles.programUrl).then(() => "migrated", messageOf);
  const db = connect(roles.programUrl, { max: 1 });
  const checked = async () => (await hindrance(db))?.remedy;
  await sql`revoke create on schema public from public`; // as PostgreSQL makes it since 15
  const grant = `grant create on schema public to "${roles.program}"`;
  const rest = ", as the schema's owner; or name the role that owns the tables in MIGRATE_DATABASE_URL";
  expect(await said()).toBe(
    `The database cannot be migrated: the role may not make tables: ${grant}${rest}.`,
  );
  expect(await checked()).toBe(grant + rest); // what check says is the same
  const set = `alter role "${roles.program}" set search_path = `;
  await sql.unsafe(`${set}nowhere`);
  await db.end();
  expect(await said()).toBe(
    `The database cannot be migrated: the search_path of the role (nowhere) names no schema that is there: create the schema, or ${set}public.`,
  );
  await sql.unsafe(`${set}public`);
  await sql.unsafe(grant);
  expect(await said()).toBe("migrated");
});

test("work under way that waits for it while it waits for that work ends one of the two, and it comes through all the same", async () => {
  const { sql } = database;
  await migrateUpTo(sql, "0058");
  const waiting = () => sql`
    select from pg_locks join pg_database d on d.oid = database where not granted and datname = current_database()`;
  let done: Promise<string[]> | undefined;
  await sql.begin(async (turn) => {
    await turn`set local deadlock_timeout = '1min'`; // so that it is the migration that finds out
    await turn`select from notices`;
    done = migrate(database.url);
    while ((await waiting()).length === 0) await Bun.sleep(10);
    await turn`select from listening`;
  });
  expect((await done)?.[0]).toStartWith("0059");
  await applied();
});
