// A server, a database or a role may be set oddly: the program says itself what it relies on, or it does not matter.
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { connect, type Db, inTransaction } from "../../src/db/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import { wanted } from "../../src/db/session.ts";
import { takeTurn } from "../../src/jobs/budget.store.ts";
import { postTill } from "../../src/ledger/ledger.ts";
import { holdings } from "../../src/ledger/outbox.store.ts";
import { ledgerRows } from "../../src/ledger/proofs.store.ts";
import { putSpend } from "../../src/ledger/spends.store.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { notifyNewBonuses } from "../../src/notices/notify.ts";
import { recordFaults } from "../../src/visits/proof.ts";
import { requestRechecks } from "../../src/visits/recheck.store.ts";
import { sweepRecords, syncRecords } from "../../src/visits/sync.ts";
import { linkTo } from "../helpers/accounts.ts";
import { emptyDatabase, expectTable, type TestDatabase } from "../helpers/db.ts";
import { testWith, whereIs } from "../helpers/installed.ts";
import { setOddly } from "../helpers/odd-settings.ts";
import { migrateUpTo } from "../helpers/old-database.ts";
import { startPgbouncer } from "../helpers/pgbouncer.ts";
import { spending } from "../helpers/programme.ts";
import { ANNA, openSalon, type Salon } from "../helpers/salon.ts";
import { soft } from "../helpers/soft.ts";
import { schemaFile, schemaPage } from "../tools/schema.ts";

/** Everything that an evening at a salon does, by this address, with nothing going wrong. */
async function evening(salon: Salon, url: string): Promise<void> {
  const db = connect(url, { max: 8 });
  const { branch, sync } = salon;
  const own = { ...sync, db, settleMs: 0 };
  try {
    for (let card = 0; card < 8; card++) {
      const phone = `+7900000000${card}`;
      await db`insert into clients (phone) values (${phone})`;
      await postTill(db, { ...credit, card: card + 1, key: `op:${card}` });
    }
    // Eight at once, on eight cards: under another isolation most of them would be refused.
    const spent = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        postTill(db, {
          ...credit,
          kind: "spend",
          card: at + 1,
          points: 500,
          bill: 50_000,
          key: `op:1:${at}`,
          also: (tx, row) =>
            putSpend(tx, { row, card: at + 1, company: null, day: "2026-03-09", bill: 50_000 }),
        }),
      ),
    );
    expect(spent.map((one) => [one.result, one.balance])).toEqual(Array(8).fill(["done", 500]));
    // And statements that stand alone, on one row.
    const turns = await Promise.all(Array.from({ length: 20 }, () => takeTurn(db, "yclients", 150)));
    const longest = Math.max(...turns.map((one) => one.wait));
    expect(longest).toBeWithin(1_000, 5_001);
    expect(longest % 100).not.toBe(0); // all its digits

    const record = salon.paid(ANNA, "2026-03-09T12:00:00Z", 100_000);
    salon.later(180);
    expect(await syncRecords(own, branch)).toMatchObject({ records: 1, awards: 1, doubts: 0 });
    salon.later(180);
    expect(await syncRecords(own, branch)).toMatchObject({ awards: 0, corrections: 0 });
    await sweepRecords(own, branch);
    await requestRechecks(db, branch, [
      { recordId: record, reason: "hint", error: null },
      { recordId: record + 1, reason: "unreadable", error: "null" },
    ]);
    const [look] = await db<
      { error: string | null }[]
    >`select error from look_again where record_id = ${record}`;
    expect(look?.error).toBeNull(); // not the word
    await linkTo(db, 501, ANNA.phone);
    const [anna] = await db<{ id: number; day: string }[]>`select client_id as id, day from visits`;
    expect(anna?.day).toBe("2026-03-09");
    expect(await holdings(db, anna?.id ?? 0, "telegram:501")).toEqual({
      ...{ balance: 1_000, waiting: 1_000, locked: 0, visits: 1, since: "2026-03-01" },
    });

    await db`insert into notices (client_id, about, due_at) values (${anna?.id ?? 0}, 'visits', now())`;
    const said: string[] = [];
    const told = await notifyNewBonuses({
      ...{ db, log: sync.log, now: sync.now, turn: async () => {}, quietHours: null, supportPhone: null },
      ...{ bookUrl: null, spending, tells: ["telegram"] },
      send: async (_, html) => ({ kind: "sent", message: said.push(html) }),
      signal: sync.signal,
    });
    expect(told).toMatchObject({ sent: 1, failed: 0 });
    expect(soft(said[0])).toContain("за 9 марта (оплачено 1 000 ₽)");

    const proof = await verifyLedger(db, recordFaults);
    expect(proof.faults).toEqual([]);
    expect(proof.seal).toMatchObject({ rows: 17, owed: 5_000 });
    const last = await inTransaction(db, async (tx) =>
      (await Array.fromAsync(ledgerRows(tx, null, null))).flat().at(-1),
    );
    expect(last?.awardedAt).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
  } finally {
    await db.end({ timeout: 5 });
  }
}

const credit = { kind: "credit", points: 1_000, actor: "admin:9" } as const;

test("a database and a role with everything set oddly: an evening of the salon goes as always", async () => {
  await using salon = await openSalon();
  expect(await setOddly(salon.database)).toBeGreaterThan(30);
  await evening(salon, salon.database.url);
});

testWith({ pgbouncer: whereIs("pgbouncer") })(
  "the same through PgBouncer in transaction mode, where no connection can ask for anything",
  async () => {
    await using salon = await openSalon();
    await setOddly(salon.database);
    await using bouncer = await startPgbouncer(salon.database.url, {
      "default_pool_size = 2": "default_pool_size = 8",
    });
    await evening(salon, bouncer.url);
  },
);

/** Migrates by this way, and the schema is the one that is printed. */
async function migrates(database: TestDatabase, url: string): Promise<void> {
  await setOddly(database);
  expect(await migrate(url)).not.toEqual([]);
  expect(await schemaPage(database.sql)).toBe(readFileSync(schemaFile, "utf8"));
}

test("migrate makes the same schema there, directly and through PgBouncer", async () => {
  await using database = await emptyDatabase();
  await database.sql`select 1`; // a session from before
  await migrates(database, database.url);
  if (whereIs("pgbouncer") === null) return;
  await using other = await emptyDatabase();
  await other.sql`select 1`;
  await using bouncer = await startPgbouncer(other.url);
  await migrates(other, bouncer.url);
});

test("a schema that lost its backslashes to such a setting gets them back, and only such a one is touched", async () => {
  const folder = join(import.meta.dir, "../../sql");
  const file = readdirSync(folder).find((name) => name.endsWith("_rules_with_backslashes.sql")) ?? "";
  const text = readFileSync(join(folder, file), "utf8");
  await using database = await emptyDatabase();
  await migrate(database.url);
  const { sql } = database;
  const oids = async () => (await sql`select oid from pg_constraint where conname = 'phone_is_e164'`)[0]?.oid;
  const before = await oids();
  await sql.unsafe(text);
  expect(await oids()).toBe(before);
  await sql.unsafe(`alter table clients drop constraint phone_is_e164, add constraint phone_is_e164
    check (phone ~ '^+[1-9][0-9]{7,14}$')`);
  await sql.unsafe(`alter table bonuslog drop constraint key_and_actor_are_one_word, drop constraint reason_has_no_phone,
    add constraint key_and_actor_are_one_word check (key ~ '^S+$' and char_length(key) <= 200 and actor ~ '^S+$'
      and char_length(actor) <= 64),
    add constraint reason_has_no_phone check (reason !~ '(d[s()+-]*){7}' and reason !~ '(d[s().+-]*){10}')`);
  await sql.unsafe(text);
  expect(await schemaPage(sql)).toBe(readFileSync(schemaFile, "utf8"));
});

test("an address's own options do not change what the program relies on", async () => {
  await using database = await emptyDatabase();
  const db = connect(
    `${database.url}?options=-c%20DateStyle%3DSQL%20-c%20default_transaction_read_only%3Don`,
  );
  expect(await shown(db)).toEqual(wanted);
  expect(wanted.jit).toBe("off"); // on, it is only slower, which no other test sees
  await db.end();
});

/** What the session has of what the program says. */
async function shown(db: Db): Promise<Record<string, string>> {
  const rows = await db<{ name: string; setting: string }[]>`
    select name, setting from pg_settings where name = any(${Object.keys(wanted)})`;
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

test("what is acknowledged outlives a crash, also where the role need not wait for the disk", async () => {
  await using database = await emptyDatabase();
  await migrate(database.url);
  const waits = async (set: string) => {
    const db = connect(`${database.url}?synchronous_commit=${set}`, { max: 1 });
    await db`insert into clients (phone) values ('+79001234567') on conflict do nothing`;
    const seen: unknown[] = [];
    const first = async (tx: Db | Parameters<Parameters<typeof inTransaction>[1]>[0]) => {
      seen.push((await tx`show synchronous_commit`)[0]?.synchronous_commit);
    };
    await postTill(db, { ...credit, card: 1, key: `op:${set}`, first });
    await db.end();
    return seen;
  };
  expect(await waits("off")).toEqual(["on"]);
  expect(await waits("remote_apply")).toEqual(["remote_apply"]);
});

describe("a database in another encoding", () => {
  async function inAnother(work: (url: string, sql: postgres.Sql) => Promise<void>): Promise<void> {
    await using database = await emptyDatabase();
    const name = `${new URL(database.url).pathname.slice(1)}_ascii`;
    await database.sql.unsafe(
      `create database ${name} encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0`,
    );
    const url = Object.assign(new URL(database.url), { pathname: `/${name}` }).href;
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    try {
      await work(url, sql);
    } finally {
      await sql.end();
      await database.sql.unsafe(`drop database ${name} with (force)`);
    }
  }

  test("is refused before anything is made in it, with what to write", () =>
    inAnother(async (url, sql) => {
      await expect(migrate(url)).rejects.toThrow(
        "The database is SQL_ASCII, in which people's names do not fit. Nothing was touched. Make one with: create database … encoding 'UTF8' template template0.",
      );
      expect(await sql`select from pg_tables where schemaname = 'public'`).toHaveLength(0);
    }));

  test("that an earlier release has worked in is left as it was, with the way out", () =>
    inAnother(async (url, sql) => {
      await migrateUpTo(sql, "0035");
      await expect(migrate(url)).rejects.toThrow(
        "The database is SQL_ASCII, in which people's names do not fit. Nothing was touched. Restore its backup into one made with: create database … encoding 'UTF8' template template0.",
      );
      await expectTable(sql, "select max(name) as last from migrations", [["0035_accounts.sql"]]);
    }));
});
