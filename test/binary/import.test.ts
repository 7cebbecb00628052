// The executable takes over the earlier Python program: what it prints, what it refuses, what a full sync adds after it.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeServer } from "../helpers/compose-server.ts";
import { whyNoDump } from "../helpers/installed.ts";
import { type OldDatabase, oldDatabase } from "../helpers/old-program.ts";
import { adminUrl } from "../helpers/preload.ts";
import { BRANCH, program, run, type World, world } from "../helpers/program.ts";
import { schemaPage } from "../tools/schema.ts";

let w: World;
let old: OldDatabase;

beforeEach(async () => {
  program();
  [w, old] = await Promise.all([world({ empty: true }), oldDatabase(BRANCH)]);
});
afterEach(async () => {
  await old.drop();
  await w[Symbol.asyncDispose]();
});

test("import brings all over and ends with the seal; a full sync after it adds nothing and tells nobody", async () => {
  const record = w.pay(3550);
  const client = await old.client({ yclients: 31, phone: "8 900 123-45-67", points: 12, telegram: 501 });
  await old.award(client, record, 35);
  await old.client({ yclients: 40, phone: "нет", points: 5 });
  const totals = [
    "clients row 2: its phone cannot be read: its points go to a card without a phone until the journal says one",
    `branch ${BRANCH}, last read by the earlier program 2026-03-09T09:00:00.000Z`,
    "clients: 2, on 2 cards, 1 of them claimed by a Telegram account, which sees nothing of it before it has confirmed the number",
    "awards: 1 with 35.00 points, 0 records without",
    "openings: 2 cards, 17.00 points",
    "points owed: 52.00 by the earlier program, 52.00 here",
  ];
  const start = "visits of 2026-03-08 and later that it did not award are awarded once; earlier ones are not";
  const args = ["import", "--from", old.url.replace("postgres:", "postgresql+asyncpg:")];
  const unset = { PROGRAM_START: "" };

  expect(await w.run([...args, "--dry-run"], unset)).toEqual({
    code: 0,
    out: `${[...totals, start, "nothing was written"].join("\n")}\n`,
    err: "",
  });
  expect([...(await w.database.sql`select from pg_class where relname = 'bonuslog'`)]).toEqual([]);

  const done = await w.run(args, unset);
  expect(done.code).toBe(0);
  expect(done.out).toMatch(
    new RegExp(
      `^${[...totals, start].join("\n").replaceAll("+", "\\+")}\nnext: loyalty-bot sync --since 2026-02-26, then serve\n` +
        `seal: 3 rows, 52\\.00 points owed, last hash ([0-9a-f]{64}); keep it as 3:\\1\nverify: ok\n$`,
    ),
  );
  expect(done.out + done.err).not.toContain("9001234567");

  const before = await w.ledger();
  expect((await w.run(["sync", "--since", "2026-02-26"], unset)).out).toBe(
    `branch ${BRANCH}: 1 records read, 0 awards, 0 corrections, 0 set aside\n`,
  );
  expect((await w.run(["sync"], unset)).out).toContain("0 awards, 0 corrections");
  expect(await w.ledger()).toEqual(before);
  expect((await w.run(["notify"])).out).toBe("0 told, 0 put off, 0 blocked, 0 failed\n");
});

test("migrate and serve refuse that database with a sentence that names the import, and touch nothing", async () => {
  await old.client({ yclients: 31, phone: "+79001234567", points: 12 });
  const before = await schemaPage(old.sql);
  for (const command of ["migrate", "serve"]) {
    const { code, out, err } = await w.run([command], { DATABASE_URL: old.url });
    expect([code, out]).toEqual([1, ""]);
    expect(err).toEndWith("`loyalty-bot import --from URL` then takes over what that deployment had.\n");
  }
  expect(await schemaPage(old.sql)).toBe(before);
});

test("a wrong address is a sentence that names --from and shows no password", async () => {
  const hint = "--from takes the address of the earlier deployment's database";
  for (const args of [
    ["import", "--from="],
    ["import", "--from", "http://x"],
  ]) {
    const { code, out, err } = await w.run(args);
    expect([code, out, err.startsWith(hint), err.trimEnd().split("\n").length]).toEqual([1, "", true, 1]);
  }
  const whence = await w.run(["import", "--dry-run"]);
  expect([whence.code, whence.err]).toEqual([
    1,
    "import takes a list of balances (--csv FILE, or --take-back LIST), or the earlier Python deployment (--from URL). See loyalty-bot --help.\n",
  ]);
  expect(await w.run(["import", "--from"])).toEqual({
    ...{ code: 1, out: "" },
    err: "import: Option '--from <value>' argument missing. See loyalty-bot --help.\n",
  });
  const nobody = await w.run(["import", "--from", "postgres://old:hidden-word@127.0.0.1:1/loyalty"]);
  expect(nobody).toEqual({
    code: 1,
    out: "",
    err: "The database cannot be reached (ECONNREFUSED): check the host and the port in --from, and that PostgreSQL runs.\n",
  });
  const url = new URL(old.url);
  url.pathname = "/no_such_database";
  expect((await w.run(["import", "--from", url.href])).err).toStartWith("The database refuses --from (");
  expect((await w.run(["import", "--from", w.database.url])).err).toStartWith(
    "--from and DATABASE_URL are one and the same database.",
  );
  expect((await run(["import", "--from", old.url])).err).toStartWith("DATABASE_URL is not set: write ");
});

test("the address may stand in a file, where no list of processes shows it", async () => {
  await old.client({ yclients: 31, phone: "+79001234567", points: 12 });
  const folder = mkdtempSync(join(tmpdir(), "loyalty-import-"));
  try {
    const file = join(folder, "old_database_url");
    writeFileSync(file, `${old.url}\n`, { mode: 0o600 });
    const { code, out } = await w.run(["import", "--from", file, "--dry-run"]);
    expect([code, out]).toEqual([
      0,
      expect.stringContaining("points owed: 12.00 by the earlier program, 12.00 here"),
    ]);
    writeFileSync(file, "");
    const empty = await w.run(["import", "--from", file]);
    expect([empty.code, empty.err]).toEqual([
      1,
      expect.stringMatching(/^--from takes .* file that holds it\.\n$/),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("PROGRAM_START wins, and one that is too early or too late is warned of", async () => {
  await old.client({ yclients: 31, phone: "+79001234567", points: 12 });
  const saidOf = async (day: string) => {
    const { out } = await w.run(["import", "--from", old.url, "--dry-run"], { PROGRAM_START: day });
    return out.split("\n").slice(5, -2);
  };
  const set = (day: string) =>
    `PROGRAM_START says that visits of ${day} and later are awarded, if the earlier program did not`;
  expect(await saidOf("2026-03-08")).toEqual([set("2026-03-08")]);
  expect(await saidOf("2025-07-15")).toEqual([
    set("2025-07-15"),
    "warning: leave PROGRAM_START out, or what it passed over since 2025-07-15 is awarded now",
  ]);
  expect(await saidOf("2026-04-01")).toEqual([
    set("2026-04-01"),
    "warning: leave PROGRAM_START out, or what was paid from 2026-03-08 on, when it stopped, is not awarded",
  ]);
});

const noDump = await whyNoDump(adminUrl);
if (noDump) process.stdout.write(`skipped: the move by docs/from-python.md (${noDump})\n`);

test.skipIf(noDump !== null)(
  "the move by the blocks of docs/from-python.md: dumped, restored beside, checked, imported, read, and the copy dropped",
  async () => {
    const moving = "docs/from-python.md";
    const record = w.pay(3550);
    await old.award(await old.client({ yclients: 31, phone: "8 900 123-45-67", points: 12 }), record, 35);
    w.telegram.person({ id: 901, firstName: "Ольга" }).chat.started = true;
    await using server = await composeServer({ ...w.env, PROGRAM_START: "" });
    await server.execute('mkdir secrets && printf %s "$POSTGRES_PASSWORD" > secrets/POSTGRES_PASSWORD');
    await server.block(moving, "stop web", { "--username=USER": "", DB: old.url });
    const said = await server.block(moving, "createdb", { "@db:5432": `@${new URL(server.url).host}` });
    expect(said).toContain("check: ok\n");
    expect(said.split("points owed: 47.00 by the earlier program, 47.00 here\n")).toHaveLength(3);
    const [, day = ""] = /^next: loyalty-bot sync --since (\S+), then serve$/m.exec(said) ?? [];
    const read = await server.block(moving, "dropdb", { DAY: day });
    expect(read).toStartWith(`branch ${BRANCH}: 1 records read, 0 awards, 0 corrections, 0 set aside\n`);
    const databases = "select datname from pg_database where not datistemplate order by 1";
    expect(
      await server.execute(
        `psql --no-psqlrc --tuples-only --no-align --username=postgres --command="${databases}"`,
      ),
    ).toBe("loyalty\npostgres\n");
  },
);
