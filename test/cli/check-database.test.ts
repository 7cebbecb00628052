// `check` of the database, on a real PostgreSQL: migrations, rights, guards, what it keeps, and what stands in between.
import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { databaseFacts, factsPool, type ServerFacts } from "../../src/db/facts.ts";
import { checkDatabase } from "../../src/flows/check-database.ts";
import { deployment } from "../helpers/checked.ts";
import { adminUrl } from "../helpers/preload.ts";
import { freePort, until } from "../helpers/program.ts";

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

test("a lesser role: what it lacks is named, and what it cannot do is said", async () => {
  await using made = await deployment();
  const { sql } = made;
  const role = `lesser_${crypto.randomUUID().slice(0, 8)}`;
  await sql.unsafe(`create role ${role} login password 'pass'`);
  try {
    const url = new URL(made.database.url);
    [url.username, url.password] = [role, "pass"];
    const env = { DATABASE_URL: url.href, MIGRATE_DATABASE_URL: made.database.url };
    await sql.unsafe(`grant select, insert, update, delete on all tables in schema public to ${role}`);
    await sql.unsafe(`revoke update, delete on bonuslog from ${role}`);
    const lacking = await made.lines(env);
    expect(lacking.code).toBe(1);
    expect(lacking.of("privileges")).toBe(
      "FAIL privileges the role lacks update on bonuslog → grant them as the owner of the tables",
    );
    await sql.unsafe(`grant update (is_telegram_notified) on bonuslog to ${role}`);
    const well = await made.lines(env);
    expect(well.code).toBe(0);
    expect(well.of("privileges")).toBe(`ok privileges ${about}`);
    expect(well.of("role")).toStartWith("ok role a lesser one: it can neither change nor remove rows");
    const alone = await made.lines({ DATABASE_URL: url.href });
    await sql.unsafe(`revoke create on schema public from public`);
    expect(
      alone.of("migrating") && (await made.lines({ DATABASE_URL: url.href })).of("migrating"),
    ).toStartWith("FAIL migrating the role may not make tables, so serve and migrate would fail → ");
    expect((await made.lines()).of("role")).toStartWith("info role owns the tables");
  } finally {
    await sql.unsafe(`drop owned by ${role}; drop role ${role}`);
  }
});

test("guards that are off, a row changed behind the program's back, and messages that are stuck are faults", async () => {
  await using made = await deployment();
  const { sql } = made;
  await sql`insert into clients (phone, telegram_id, linked_at) values ('+79001234567', 501, now())`;
  for (const key of ["one", "two"])
    await sql`insert into bonuslog (client_id, kind, points, actor, key) values (1, 'credit', 5, 'admin:1', ${key})`;
  await sql`insert into notices (client_id, about, due_at) values (1, 'till', now() - interval '10 minutes')`;
  const well = await made.lines();
  expect(well.code).toBe(0);
  expect(well.of("ledger guards")).toBe("ok ledger guards on");
  expect(well.of("outbox")).toMatch(/^ok outbox 1 due, the oldest for 10 minutes$/);

  await sql`update notices set due_at = now() - interval '3 hours'`;
  await sql`alter table bonuslog disable trigger bonuslog_only_grows`;
  await sql`update bonuslog set points = 50 where id = 1`;
  const { code, of } = await made.lines();
  expect(code).toBe(1);
  expect(of("ledger guards")).toStartWith(
    "FAIL ledger guards triggers of bonuslog are missing or off: bonuslog_only_grows → alter table bonuslog enable",
  );
  expect(of("ledger")).toBe(
    "FAIL ledger 1 of its last rows do not follow from the row before → run loyalty-bot verify",
  );
  expect(of("outbox")).toStartWith(
    "FAIL outbox 1 messages are due, the oldest for 3 hours → see that serve runs",
  );
});

test("several hosts follow a failover only with target_session_attrs=read-write", async () => {
  await using made = await deployment();
  const two = made.env.DATABASE_URL?.replace(/@([^/]+)\//, "@$1,$1/") ?? "";
  expect((await made.lines()).of("hosts")).toBeUndefined();
  expect((await made.lines({ DATABASE_URL: two })).of("hosts")).toStartWith(
    "warn hosts DATABASE_URL names 2 and would take a standby too → add target_session_attrs=read-write",
  );
  expect((await made.lines({ DATABASE_URL: `${two}?target_session_attrs=read-write` })).of("hosts")).toBe(
    "ok hosts 2; the one that takes writes is used",
  );
});

test("version, standby, limits and replication, as the server says them", async () => {
  await using made = await deployment();
  const lines = async (changes: Partial<ServerFacts>) => {
    const check = checkDatabase({
      ...{ open: () => factsPool(made.database.url), hosts: 1, readWrite: false, prepare: true },
      facts: async (db) => {
        const facts = await databaseFacts(db);
        return { ...facts, server: { ...facts.server, ...changes } };
      },
    });
    const found = await check.ask(new AbortController().signal);
    return (name: string) => {
      const line = found.find((one) => one.about === name);
      return line && [line.state, line.says];
    };
  };
  expect((await lines({ version: 130_012, versionName: "13.12" }))("PostgreSQL")).toEqual([
    "FAIL",
    "13.12 is too old",
  ]);
  const standby = await lines({ standby: true });
  expect(standby("database")).toEqual(["FAIL", "this server is a standby and refuses writes"]);
  expect((await lines({ lockTimeout: 0 }))("limits")?.[0]).toBe("warn");
  expect((await lines({}))("replication")?.[0]).toBe("info");
  expect((await lines({ standbys: 1 }))("replication")).toEqual([
    "warn",
    "1 standby, not synchronous: a failover may lose the last acknowledged points",
  ]);
  expect((await lines({ standbys: 2, synchronous: true }))("replication")).toEqual([
    "ok",
    "synchronous, 2 standbys",
  ]);
  expect((await lines({ standbys: 0, synchronous: true }))("replication")?.[0]).toBe("FAIL");
});

const pgbouncer = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].find((path) => existsSync(path));

/** A real PgBouncer in front of the tests' server; gives the address of a database through it. */
async function bouncer(settings: string[]) {
  const { hostname, port, username, password } = new URL(adminUrl);
  const folder = mkdtempSync(join(tmpdir(), "pgbouncer-"));
  const file = join(folder, "pgbouncer.ini");
  const listen = freePort();
  const login = `user=${decodeURIComponent(username)} password=${decodeURIComponent(password)}`;
  const lines = ["[databases]", `* = host=${hostname} port=${port || 5432} ${login}`, "[pgbouncer]"];
  lines.push(
    "listen_addr = 127.0.0.1",
    `listen_port = ${listen}`,
    "auth_type = any",
    "unix_socket_dir =",
    ...settings,
  );
  writeFileSync(file, lines.join("\n"));
  Bun.spawnSync(["chmod", "-R", "a+rX", folder]);
  const as = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const child = Bun.spawn([pgbouncer ?? "", ...as, file], { stdout: "ignore", stderr: "ignore" });
  await until(async () => {
    const socket = await Bun.connect({ hostname: "127.0.0.1", port: listen, socket: { data() {} } }).catch(
      () => null,
    );
    socket?.end();
    return socket !== null;
  });
  return {
    through: (url: string) => `postgres://any:any@127.0.0.1:${listen}${new URL(url).pathname}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.exited;
      rmSync(folder, { recursive: true });
    },
  };
}

const passed =
  "ignore_startup_parameters = extra_float_digits, idle_in_transaction_session_timeout, lock_timeout, statement_timeout";

test.skipIf(!pgbouncer)(
  "PgBouncer is found out, its way of pooling too, and what to write is said",
  async () => {
    await using made = await deployment();
    {
      await using strict = await bouncer(["pool_mode = transaction"]);
      const { code, of } = await made.lines({ DATABASE_URL: strict.through(made.database.url) });
      expect(code).toBe(1);
      expect(of("database")).toMatch(/^FAIL database PgBouncer refuses the connection \(unsupported startup/);
      expect(of("database")).toEndWith(`→ write in pgbouncer.ini: ${passed}`);
    }
    {
      await using transaction = await bouncer(["pool_mode = transaction", passed]);
      const url = transaction.through(made.database.url);
      const prepared = await made.lines({ DATABASE_URL: url });
      expect(prepared.code).toBe(1);
      expect(prepared.of("pooler")).toBe(
        "FAIL pooler PgBouncer pools by transaction, where prepared statements get lost and the program would hang → add ?prepare=false to DATABASE_URL",
      );
      const well = await made.lines({ DATABASE_URL: `${url}?prepare=false` });
      expect(well.code).toBe(0);
      expect(well.of("pooler")).toBe("ok pooler PgBouncer, by transaction, prepare is off");
      expect(well.of("limits")).toStartWith(
        "warn limits lock_timeout 0 ms, idle_in_transaction_session_timeout 0 ms",
      );
    }
    {
      await using narrow = await bouncer(["pool_mode = transaction", "default_pool_size = 1", passed]);
      expect(
        (await made.lines({ DATABASE_URL: narrow.through(made.database.url) })).of("pooler"),
      ).toStartWith("FAIL");
    }
    await using session = await bouncer(["pool_mode = session", passed]);
    expect((await made.lines({ DATABASE_URL: session.through(made.database.url) })).of("pooler")).toBe(
      "ok pooler PgBouncer, by session",
    );
  },
);
