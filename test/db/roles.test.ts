// The program's role, taken over: it adds rows and sets the flag, and whatever else it tries is refused by PostgreSQL.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { connect } from "../../src/db/connect.ts";
import { databaseFacts, factsPool } from "../../src/db/facts.ts";
import { migrate } from "../../src/db/migrate.ts";
import { granted } from "../../src/db/roles.ts";
import { expectTable, refusal } from "../helpers/db.ts";
import { expectSound } from "../helpers/sound.ts";
import { type TwoRoles, twoRoles } from "../helpers/two-roles.ts";

let made: TwoRoles;
/** Whoever has the program's address. */
let taken: postgres.Sql;

beforeAll(async () => {
  made = await twoRoles();
  await migrate(made.ownerUrl, () => {}, made.programUrl);
  taken = postgres(made.programUrl, { max: 1, onnotice: () => undefined });
  await taken`insert into clients (phone) values ('+79000000001'), ('+79000000002')`;
  await taken`insert into companies (company_id) values (1)`;
  await taken`insert into terms (percent, earn_on, earn_when, paid_by) values (1, 'services', 'paid', 'payments')`;
  await add({ kind: "credit", points: "10" });
  await add({ kind: "spend", points: "-4" });
});
afterAll(async () => {
  await taken.end();
  await made[Symbol.asyncDispose]();
});

/** A pool of its own that ends itself, by the program's address or another. */
const opened = (url = made.programUrl) => ending(postgres(url, { max: 1, onnotice: () => undefined }));
const ending = <Pool extends { end(): Promise<void> }>(pool: Pool) =>
  Object.assign(pool, { [Symbol.asyncDispose]: () => pool.end() });

/** What `check` finds of the role's rights. */
async function rightsFound() {
  await using db = ending(factsPool(made.programUrl));
  return (await databaseFacts(db)).rights;
}

let keys = 0;

async function add(row: Record<string, string | number>, sql: postgres.ISql = taken): Promise<void> {
  keys += 1;
  const whole = {
    client_id: 1,
    actor: "admin:9",
    key: `op:${keys}`,
    ...(row.kind === "spend" && { paid: 1_000 }),
    ...row,
  };
  await sql`
    with added as (insert into public.bonuslog ${sql(whole)} returning id, paid)
    insert into public.spends (id, day, bill) select id, '2026-03-01', paid from added where paid is not null`;
}

test("every table and view of the schema is in the list of what is granted, once", async () => {
  const names = granted.flatMap(([, tables]) => tables).sort();
  const found = await made.sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p')
    order by relname collate "C"`;
  expect(names).toEqual(found.map((one) => one.name));
});

test("whatever a statement of the program writes to is granted", () => {
  const root = join(import.meta.dir, "../../src");
  const stores = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".store.ts"),
  );
  const may = new Map(granted.flatMap(([privileges, tables]) => tables.map((table) => [table, privileges])));
  const columns = [
    "bonuslog",
    "imported_awards",
    "level_changes",
    "level_terms",
    "settlement_trials",
    "spends",
  ].map((table) => `update ${table}`);
  const writing = /\b(?:(insert) into|(delete) from) (\w+)|\b(update) (\w+)(?: \w+)?\s+set\b/g;
  const written = stores.flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(writing)].map(
      ([, insert, remove, table, update, set]) =>
        [insert ?? remove ?? update ?? "", table ?? set ?? ""] as const,
    ),
  );
  expect(written.length).toBeGreaterThan(60);
  const refused = written.filter(([privilege, table]) => !may.get(table)?.includes(privilege));
  expect([...new Set(refused.map((one) => one.join(" ")))].sort()).toEqual(columns);
});

test("a trial that failed does not pass by an update: what is doubted of it alone is written later", async () => {
  expect(
    await refusal(taken`update settlement_trials set doubted_at = now(), doubt = 'short' where false`),
  ).toBe("taken");
  for (const set of ["passed = true", "protocol = 1", "facts = '{}'"])
    expect(await refusal(taken.unsafe(`update settlement_trials set ${set} where false`))).toBe("42501");
});

test("a spend finds the record that it was for, and nothing else in it changes", async () => {
  expect(await refusal(taken`update spends set record_id = 1, company_id = null where false`)).toBe("taken");
  expect(await refusal(taken`update spends set day = '2026-01-01' where false`)).toBe("42501");
});

test("migrate gives the program's role what it needs, and check finds nothing missing and nothing to spare", async () => {
  expect(await rightsFound()).toEqual({ missing: [], spare: [], owner: false, changed: [] });
});

test("whatever it had or lost since, the next start puts right", async () => {
  const to = `"${made.program}"`;
  await made.sql.unsafe(
    `grant all on all tables in schema public to ${to}; grant create on schema public to ${to}`,
  );
  await made.sql.unsafe(`revoke insert on visits from ${to}; grant create on schema public to public`);
  await made.sql.unsafe(`revoke execute on function make_some_lots from ${to}`);
  expect(await rightsFound()).toMatchObject({
    missing: ["execute on make_some_lots", "insert on visits"],
    spare: expect.arrayContaining(["delete on bonuslog", "truncate on clients", "create in public"]),
  });
  await migrate(made.ownerUrl, () => {}, made.programUrl);
  expect(await rightsFound()).toMatchObject({ missing: [], spare: [] });
});

test("it adds rows and sets the flag", async () => {
  expect(await refusal(add({ kind: "credit", points: "1" }))).toBe("taken");
  expect(await refusal(taken`update bonuslog set is_telegram_notified = true where id = 1`)).toBe("taken");
  expect(await refusal(taken`update bonuslog set is_telegram_notified = false where id = 1`)).toBe(
    "the_ledger_only_grows",
  );
});

/** Run as the program's role; each is refused for want of the right. */
const forbidden = [
  // the ledger
  "update bonuslog set points = 100 where id = 1",
  "update bonuslog set is_telegram_notified = true, client_id = 2",
  "insert into bonuslog select * from bonuslog on conflict (id) do update set points = 5",
  "delete from bonuslog",
  "truncate bonuslog",
  "truncate clients cascade",
  "drop table bonuslog",
  "drop view balances",
  "alter table bonuslog add column x int",
  "alter table bonuslog drop constraint points_are_never_zero",
  "alter table bonuslog rename to other",
  "do $$ begin lock table bonuslog in access exclusive mode; end $$",
  "create index on bonuslog (actor)",
  "create rule r as on insert to bonuslog do instead nothing",
  "create policy p on bonuslog",
  "alter table bonuslog enable row level security",
  "create or replace view balances as select 1::bigint as client_id, 2::numeric as balance",
  // its guards
  "alter table bonuslog disable trigger all",
  "alter table bonuslog disable trigger bonuslog_only_grows",
  "drop trigger bonuslog_chain on bonuslog",
  "create trigger t before insert on bonuslog for each row execute function bonuslog_only_grows()",
  "set session_replication_role = replica",
  "create or replace function bonuslog_chain() returns trigger language plpgsql as 'begin return new; end'",
  "alter function bonuslog_chain() reset all",
  "alter function bonuslog_chain() rename to other",
  "drop function bonuslog_chain() cascade",
  // what explains it
  "update terms set percent = 99",
  "update spends set bill = 1",
  "delete from visits",
  "delete from clients",
  "delete from imported_awards",
  "update imported_lists set points = 9999",
  "delete from imported_lists",
  "update imported_awards set points = 9999",
  "select setval('clients_id_seq', 1)",
  // migrations
  "update migrations set checksum = 'x'",
  "insert into migrations (name, checksum) values ('9999_x.sql', 'x')",
  "delete from migrations",
  // objects of its own
  "create table mine (x int)",
  "create function mine() returns int language sql as 'select 1'",
  "create schema mine",
  "create type mine as (x int)",
  "create extension file_fdw",
  "create publication p for all tables",
  // others' rights and secrets
  "set role OWNER",
  "set session authorization OWNER",
  "create role mine superuser",
  "alter role PROGRAM superuser",
  "alter role OWNER password 'x'",
  "grant OWNER to PROGRAM",
  "select * from pg_authid",
  "select * from pg_statistic",
  "select pg_read_file('pg_hba.conf')",
  "select pg_ls_dir('.')",
  "select lo_import('/etc/passwd')",
  "copy clients to '/tmp/clients'",
  "copy clients from program 'id'",
  "alter system set log_statement = 'all'",
  "create database mine",
  "select pg_terminate_backend(pid) from pg_stat_activity where usename <> current_user",
];

test.each(forbidden)("refused: %s", async (statement) => {
  const before = await made.sql`select * from bonuslog order by id`;
  const text = statement.replaceAll("OWNER", `"${made.owner}"`).replaceAll("PROGRAM", `"${made.program}"`);
  expect(await refusal(taken.unsafe(text))).toBe("42501");
  expect<unknown>([...(await made.sql`select * from bonuslog order by id`)]).toEqual([...before]);
});

test("what others say to the server is not shown to it", async () => {
  await using owner = opened(made.ownerUrl);
  await owner`select 'a secret of the owner'`;
  const seen =
    await taken`select query from pg_stat_activity where query like ${"%a secret of the%"} and pid <> pg_backend_pid()`;
  expect([...seen]).toEqual([]);
});

test("tables of its own that are called like ours do not mislead the ledger's guards", async () => {
  await using hostile = opened();
  await hostile.unsafe(`
    create temp table bonuslog (like public.bonuslog including defaults);
    insert into pg_temp.bonuslog (id, client_id, kind, points, actor, key, hash)
      values (7000, 1, 'credit', 1000000, 'x', 'rich', '\\x00');
    create temp table clients (id bigint, forgotten_at timestamptz);
    create function pg_temp.now() returns timestamptz language sql as $$ select 'epoch'::timestamptz $$;
    create function pg_temp.sha256(bytea) returns bytea language sql as $$ select '\\x00'::bytea $$;
`);
  const spend = { kind: "spend", points: "-500" };
  expect(await refusal(add(spend, hostile))).toBe("spending_never_goes_below_zero");
  await hostile`set search_path = pg_temp, public, pg_catalog`;
  expect(await refusal(add(spend, hostile))).toBe("spending_never_goes_below_zero");
  expect(await refusal(add({ kind: "credit", points: "1" }, hostile))).toBe("taken");
  const gone = hostile`update public.bonuslog set is_telegram_notified = false`;
  expect(await refusal(gone)).toBe("the_ledger_only_grows");
  await whole();
});

test("every guard that asks a table asks ours", async () => {
  const guards = await made.sql<{ name: string }[]>`
    select proname as name from pg_proc
    where pronamespace = 'public'::regnamespace and prorettype = 'trigger'::regtype
      and prosrc ~* '\\m(from|join|into|update)\\s+[a-z_]+\\M' and (proconfig is null or not 'search_path=pg_catalog, public, pg_temp' = any(proconfig))`;
  expect(guards.map(({ name }) => name)).toEqual([]);
});

test("nor do functions and operators, where somebody gave it a schema to make them in", async () => {
  await made.sql.unsafe(`create schema hostile authorization "${made.program}"`);
  try {
    await using hostile = opened();
    await hostile.unsafe(`
      create function hostile.convert_to(text, text) returns bytea language sql as $$ select '\\x00'::bytea $$;
      create function hostile.sha256(bytea) returns bytea language sql as $$ select '\\x00'::bytea $$;
      create function hostile.sum(numeric) returns numeric language sql as $$ select 1000000.0 $$;
      create function hostile.joined(bigint, text) returns text language sql as $$ select 'x' $$;
      create operator hostile.|| (leftarg = bigint, rightarg = text, function = hostile.joined);
      create function hostile.more(numeric, numeric) returns numeric language sql as $$ select 1000000.0 $$;
      create operator hostile.+ (leftarg = numeric, rightarg = numeric, function = hostile.more);
      create function hostile.same(public.bonuslog, public.bonuslog) returns boolean language sql as $$ select true $$;
      create operator hostile.= (leftarg = public.bonuslog, rightarg = public.bonuslog, function = hostile.same);
      set search_path = hostile, pg_catalog, public`);
    expect(await refusal(add({ kind: "spend", points: "-500" }, hostile))).toBe(
      "spending_never_goes_below_zero",
    );
    expect(await refusal(add({ kind: "credit", points: "1" }, hostile))).toBe("taken");
    // Nor do they mislead the proof, whose path begins with them.
    await using misled = ending(connect(made.ownerUrl, { max: 1 }));
    await misled`set search_path = hostile, pg_catalog, public`;
    await expectSound(misled);
    await made.sql.unsafe(`grant update on bonuslog to "${made.program}"`);
    expect(await refusal(hostile`update public.bonuslog set points = 1, is_telegram_notified = true`)).toBe(
      "the_ledger_only_grows",
    );
  } finally {
    await made.sql`drop schema hostile cascade`;
    await migrate(made.ownerUrl, () => {}, made.programUrl);
  }
  await whole();
});

test("an old view of the ledger does not let it spend what is spent already", async () => {
  await add({ client_id: 2, kind: "credit", points: "10" });
  await using other = opened();
  const late = other.begin("isolation level repeatable read", async (tx) => {
    await tx`select sum(points) from bonuslog`;
    await add({ client_id: 2, kind: "spend", points: "-10" });
    await add({ client_id: 2, kind: "spend", points: "-10" }, tx);
  });
  expect(await refusal(late)).not.toBe("taken");
  await expectTable(made.sql, "select balance from balances where client_id = 2", [{ balance: "0.00" }]);
  await whole();
});

test("the ledger's own trigger works on no table of its own", async () => {
  await using hostile = opened();
  await hostile`create temp table forged (like public.bonuslog)`;
  const forged = hostile`
    create trigger forged after insert on forged referencing new table as added for each statement
    execute function public.bonuslog_makes_lots()`;
  expect(await refusal(forged)).toBe("42501");
});

test("whoever else may read the tables ends nobody's points", async () => {
  const reader = `reader_${crypto.randomUUID().slice(0, 8)}`;
  await made.sql.unsafe(
    `create role ${reader} login password 'words'; grant usage on schema public to ${reader}`,
  );
  try {
    await using reads = opened(Object.assign(new URL(made.ownerUrl), { username: reader }).href);
    const ends = reads`select public.say_life('earned', null, 1, '2020-01-01')`;
    expect(await refusal(ends)).toBe("42501");
    expect(await refusal(reads`select public.make_some_lots(1)`)).toBe("42501");
  } finally {
    await made.sql.unsafe(`drop owned by ${reader}; drop role ${reader}`);
  }
  expect(await refusal(taken`select say_life('earned', null, null, now())`)).toBe("taken");
});

/** The chain is whole, and no card is overdrawn, as somebody else sees it. */
async function whole(): Promise<void> {
  await using db = ending(connect(made.ownerUrl, { max: 1 }));
  await expectSound(db);
}
