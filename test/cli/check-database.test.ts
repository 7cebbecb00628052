// `check` of the database, on a real PostgreSQL: migrations, rights, guards, what it keeps, and what stands in between.
import { expect, test } from "bun:test";
import { checkDatabase } from "../../src/check/database.ts";
import { databaseFacts, factsPool, type ServerFacts } from "../../src/db/facts.ts";
import { migrate } from "../../src/db/migrate.ts";
import { wanted } from "../../src/db/session.ts";
import { linkTo } from "../helpers/accounts.ts";
import { deployment } from "../helpers/checked.ts";
import { testWith, whereIs } from "../helpers/installed.ts";
import { startPgbouncer } from "../helpers/pgbouncer.ts";
import { twoRoles } from "../helpers/two-roles.ts";

const about = "the role may do what the program does";

test("a database that is not migrated yet is said, and is no fault", async () => {
  await using made = await deployment({ migrated: false });
  const { code, out, of } = await made.lines();
  expect(code).toBe(0);
  expect(of("migrations")).toMatch(/^info migrations \d+ pending: serve and migrate apply them$/);
  expect(of("privileges")).toBeUndefined();
  expect(out).toEndWith("check: ok\n");
  expect(await made.sql`select from pg_tables where schemaname = 'public'`).toHaveLength(0);
});

test("a database of another program, or newer than this one, is refused in a sentence", async () => {
  await using made = await deployment({ migrated: false });
  await made.sql`create table bonuslog (id bigint)`;
  const { code, of } = await made.lines();
  expect(code).toBe(1);
  expect(of("migrations")).toStartWith('FAIL migrations This database already has a table "bonuslog"');
  await using other = await deployment();
  await other.sql`insert into migrations (name, checksum) values ('9999_later.sql', 'x')`;
  expect((await other.lines()).of("migrations")).toStartWith(
    "FAIL migrations The database has migration 9999_later.sql, which this program does not know",
  );
});

test("a lesser role: what it lacks, and what it may do and need not, is named; migrate puts both right", async () => {
  await using made = await deployment({ migrated: false });
  await using roles = await twoRoles(made.database);
  const { sql } = made;
  const { env } = roles;
  await migrate(roles.ownerUrl);
  await sql.unsafe(
    `grant select, insert, update, delete on all tables in schema public to "${roles.program}"`,
  );
  await sql.unsafe(`revoke update, insert on bonuslog from "${roles.program}"`);
  const lacking = await made.lines(env);
  expect(lacking.code).toBe(1);
  expect(lacking.of("privileges")).toBe(
    "FAIL privileges the role lacks execute on make_some_lots, execute on say_life, insert on bonuslog, update on bonuslog, usage on clients_id_seq → run loyalty-bot migrate with the owner of the tables in MIGRATE_DATABASE_URL",
  );
  expect(lacking.of("role")).toMatch(
    /^warn role a lesser one, which may do more than it needs: .*delete on bonuslog, delete on clients/,
  );
  await migrate(roles.ownerUrl, () => {}, roles.programUrl);
  const well = await made.lines(env);
  expect(well.code).toBe(0);
  expect(well.of("privileges")).toBe(`ok privileges ${about}`);
  expect(well.of("role")).toStartWith("ok role a lesser one: it can neither change nor remove rows");
  expect(well.of("migrating")).toBe("ok migrating the role may make tables");

  const alone = { DATABASE_URL: roles.programUrl };
  expect((await made.lines(alone)).of("migrating")).toBe(
    "info migrating the role may make no tables: at an upgrade run loyalty-bot migrate as their owner",
  );
  await sql`delete from migrations where name = (select max(name) from migrations)`;
  expect((await made.lines(alone)).of("migrating")).toStartWith(
    "FAIL migrating the role may not make tables → grant create on schema public to ",
  );
  expect((await made.lines()).of("role")).toStartWith("info role owns the tables");
});

test("guards that are off, a row changed behind the program's back, and messages that are stuck are faults", async () => {
  await using made = await deployment();
  const { sql } = made;
  await linkTo(sql, 501, "+79001234567");
  for (const key of ["one", "two"])
    await sql`insert into bonuslog (client_id, kind, points, actor, key) values (1, 'credit', 5, 'admin:1', ${key})`;
  await sql`insert into notices (client_id, about, due_at) values (1, 'till', now() - interval '10 minutes')`;
  const well = await made.lines();
  expect(well.code).toBe(0);
  expect(well.of("ledger guards")).toBe(
    "ok ledger guards tables, constraints, triggers and functions are as the migrations made them",
  );
  expect(well.of("outbox")).toMatch(/^ok outbox 1 due, the oldest for 10 minutes$/);

  await sql`update notices set due_at = now() - interval '3 hours'`;
  await sql`alter table bonuslog disable trigger bonuslog_only_grows`;
  await sql`update bonuslog set points = 50 where id = 1`;
  const { code, of } = await made.lines();
  expect(code).toBe(1);
  expect(of("ledger guards")).toStartWith(
    "FAIL ledger guards table bonuslog: trigger bonuslog_only_grows, which is off → put it back (alter table … enable",
  );
  expect(of("ledger")).toBe(
    "FAIL ledger 1 of its last rows do not follow from the row before → run loyalty-bot verify",
  );
  expect(of("outbox")).toStartWith(
    "FAIL outbox 1 messages are due, the oldest for 3 hours → see that serve runs",
  );
});

test("of several hosts the one that takes writes is used", async () => {
  await using made = await deployment();
  const two = made.env.DATABASE_URL?.replace(/@([^/]+)\//, "@$1,$1/") ?? "";
  expect((await made.lines()).of("hosts")).toBeUndefined();
  expect((await made.lines({ DATABASE_URL: two })).of("hosts")).toBe(
    "ok hosts 2; the one that takes writes is used",
  );
});

test("version, standby, limits and replication, as the server says them", async () => {
  await using made = await deployment();
  const lineOf = async (about: string, changes: Partial<ServerFacts>) => {
    const check = checkDatabase({
      ...{ open: () => factsPool(made.database.url), hosts: 1, prepare: true },
      facts: async (db) => {
        const facts = await databaseFacts(db);
        return { ...facts, server: { ...facts.server, ...changes } };
      },
    });
    const line = (await check.ask(new AbortController().signal)).find((one) => one.about === about);
    return line && [line.state, line.says];
  };
  const stuck = "one stuck program could stop the till";
  const names = "names and texts do not fit in";
  const loses = "not synchronous: a failover may lose the last acknowledged points";
  const at = new Date(Date.now() - 10_000); // to ask for the rest took so long
  const cases: [about: string, changes: Partial<ServerFacts>, ...stateAndWords: string[]][] = [
    ["PostgreSQL", { version: 130_012, versionName: "13.12" }, "FAIL", "13.12 is too old"],
    ["database", { standby: true }, "FAIL", "this server is a standby and refuses writes"],
    ["limits", { boundless: ["lock_timeout is 0"] }, "warn", `lock_timeout is 0: ${stuck}`],
    ["encoding", { encoding: "SQL_ASCII" }, "FAIL", `the database is SQL_ASCII: ${names}`],
    ["triggers", { replicationRole: "replica" }, "FAIL"],
    ["durability", { careless: ["fsync"] }, "info"],
    ["replication", {}, "info"],
    ["replication", { standbys: 1 }, "warn", `1 standby, ${loses}`],
    ["replication", { standbys: 2, synchronous: true }, "ok", "synchronous, 2 standbys"],
    ["replication", { standbys: 0, synchronous: true }, "FAIL"],
    ["clock of database", { now: at, ours: at }, "ok", "the same as here"],
  ];
  for (const [about, changes, ...said] of cases)
    expect((await lineOf(about, changes))?.slice(0, said.length)).toEqual(said);
});

const testPooled = testWith({ pgbouncer: whereIs("pgbouncer") });

testPooled("PgBouncer is found out, its way of pooling too, and what to write is said", async () => {
  await using made = await deployment();
  const ignored = Object.keys(wanted).join(", ");
  const ignores = { "max_client_conn = 200": `ignore_startup_parameters = ${ignored}` };
  const through = async (changes: Record<string, string>, prepare: boolean) => {
    await using bouncer = await startPgbouncer(made.database.url, changes);
    const url = prepare ? bouncer.url.replace("?prepare=false", "") : bouncer.url;
    const { code, of } = await made.lines({ DATABASE_URL: url });
    return { code, of };
  };
  const strict = await through({}, true);
  expect(strict.code).toBe(1);
  expect(strict.of("database")).toMatch(
    /^FAIL database PgBouncer refuses the connection \(unsupported startup/,
  );
  expect(strict.of("database")).toEndWith("→ add ?prepare=false to DATABASE_URL");

  const prepared = await through(ignores, true);
  expect(prepared.code).toBe(1);
  expect(prepared.of("pooler")).toBe(
    "FAIL pooler PgBouncer pools by transaction, where prepared statements get lost and the program would hang → add ?prepare=false to DATABASE_URL",
  );
  const well = await through({}, false);
  expect(well.code).toBe(0);
  expect(well.of("pooler")).toBe("ok pooler PgBouncer, by transaction, prepare is off");
  expect(well.of("limits")).toBe("ok limits set in each transaction");

  const narrow = await through({ ...ignores, "default_pool_size = 2": "default_pool_size = 1" }, true);
  expect(narrow.of("pooler")).toStartWith("FAIL");
  const session = await through({ ...ignores, "pool_mode = transaction": "pool_mode = session" }, true);
  expect(session.of("pooler")).toBe("ok pooler PgBouncer, by session");
  expect(session.of("limits")).toStartWith(
    "warn limits idle_in_transaction_session_timeout is 0, lock_timeout is 0, statement_timeout is 0",
  );
});
