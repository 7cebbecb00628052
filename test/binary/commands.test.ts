// The executable's commands: what they print, what they return, and what they say of mistakes.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { help } from "../../src/cli/args.ts";
import { BRANCH, program, run, type World, world } from "../helpers/program.ts";
import { sheetsOf } from "../helpers/sheets.ts";

const migrations = [...new Bun.Glob("[0-9]*.sql").scanSync(join(import.meta.dir, "../../sql"))].sort();
let w: World;

beforeAll(async () => {
  program();
  w = await world({ empty: true });
});
afterAll(() => w[Symbol.asyncDispose]());

/** It ends with 1, and this sentence alone. */
async function refuses(ended: ReturnType<typeof run>, sentence: string): Promise<void> {
  expect(await ended).toEqual({ code: 1, out: "", err: `${sentence}\n` });
}

/** What stands before the first colon, or what is given, of each line. */
const starts = (text: string, end = ":") =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => line.slice(0, line.indexOf(end)));

/** A migrated world with two visits read: Anna's, who is linked, and one of a phone that nobody linked. */
async function withLedger() {
  const made = await world();
  await made.anna();
  const first = made.pay(3500);
  const second = made.pay(1000, { id: 32, name: "Борис", phone: "+79007654321" });
  return Object.assign(made, { first, second });
}

test("--help and --version say what they are, with nothing set", async () => {
  for (const args of [["--help"], ["help"], ["sync", "--help"], ["-h"], ["export", "-h"]])
    expect(await run(args)).toEqual({ code: 0, out: help, err: "" });
  for (const option of ["--version", "-v", "-V"])
    expect(await run([option])).toEqual({ code: 0, out: `${manifest.version}\n`, err: "" });
});

test("an unknown command or option is a sentence that names it", async () => {
  for (const name of ["serv", "constructor", "toString", ""]) {
    const { code, out, err } = await run([name]);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toStartWith(`There is no command "${name}". The commands: serve, migrate, `);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  }
  for (const [args, sentence] of [
    ...["", "8", "8:abc", `0:${"0".repeat(64)}`, "8:-"].map((seal): [string[], string] => [
      ["verify", "--seal", seal],
      `--seal takes ROWS:HASH as verify and the owners' digest print it, 64 letters and digits behind the colon: \
${seal === "" ? "nothing" : `"${seal}"`} is no seal.`,
    ]),
    [["sync", "--dry"], "sync: Unknown option '--dry'. See loyalty-bot --help."],
    [["sync", "--dry-run=no"], "sync: Option '--dry-run' does not take an argument. See loyalty-bot --help."],
    [
      ["export", "--from", "2026-01-01", "--from=2026-02-01"],
      "export: it takes --from once. See loyalty-bot --help.",
    ],
    [["sync", "--script"], "sync: it takes no --script. See loyalty-bot --help."],
    [["sync", "-x"], "sync: Unknown option '-x'. See loyalty-bot --help."],
    [["webhook", "info", "set"], 'webhook: it takes no "set". See loyalty-bot --help.'],
    [["sync", "--since"], "sync: Option '--since <value>' argument missing. See loyalty-bot --help."],
    [
      ["sync", "--since", "--dry-run"],
      "sync: Option '--since' argument is ambiguous. See loyalty-bot --help.",
    ],
    [["--port=1"], "serve: Unknown option '--port'. See loyalty-bot --help."],
    [["migrate", "now"], 'migrate: it takes no "now". See loyalty-bot --help.'],
    [["webhook", "set", "https://x"], 'webhook: it takes no "https://x". See loyalty-bot --help.'],
  ] as const)
    await refuses(run([...args]), sentence);
});

test("a reader that goes away early is no success: what was under way may not be done", async () => {
  const line = `{ sleep 0.5; ${program()} check; } | true; echo "\${PIPESTATUS[0]}"`;
  expect(Bun.spawnSync(["bash", "-c", line], { env: { PATH: process.env.PATH } }).stdout.toString()).toBe(
    "141\n",
  );
});

test("a name with a slip in it is said once, and the command goes on; check has a line for it", async () => {
  const slipped = { BONUS_PERCENTS: "5" };
  const words = "BONUS_PERCENTS is set and is no setting, so it is not read: BONUS_PERCENT may be meant";
  const { err } = await w.run(["export"], slipped);
  expect(err.split(words)).toHaveLength(2);
  expect((await w.run(["health"], slipped)).err).not.toContain("BONUS_PERCENTS");
  const { out } = await w.run(["check"], slipped);
  expect(out).toContain(
    "BONUS_PERCENTS        is set and is no setting, so it is not read → call it BONUS_PERCENT where that is meant\n",
  );
});

test("a day that is none is a sentence", async () => {
  for (const args of [["--since="], ["--since", "2026-02-30"], ["--since=1.4.2026"]])
    await refuses(w.run(["sync", ...args]), "--since takes a day such as 2026-04-01.");
  await refuses(w.run(["export", "--from", "yesterday"]), "--from takes a day such as 2026-04-01.");
  await refuses(
    w.run(["export", "--from", "2026-04-02", "--to", "2026-04-01"]),
    "--from is 2026-04-02, which is after --to, 2026-04-01: write the earlier day first.",
  );
  const oneDay = await w.run(["export", "--from", "2026-04-01", "--to", "2026-04-01"]);
  expect(oneDay.err).toStartWith("The database is not migrated yet");
});

test("every setting that is missing is named, all together", async () => {
  const { code, out, err } = await run([]);
  expect([code, out]).toEqual([1, ""]);
  const names = [
    "FATHERBOT_TOKEN",
    "YCLIENTS_PARTNER_TOKEN",
    "YCLIENTS_USER_TOKEN",
    "DATABASE_URL",
    "COMPANY_ID",
  ];
  expect(starts(err, ": write ")).toEqual(names.map((name) => `${name} is not set`));
});

test("a wrong LOG_LEVEL hides no other mistake, and check goes on", async () => {
  const wrong = { LOG_LEVEL: "loud", PORT: "x" };
  const says = ['PORT is "x"', 'LOG_LEVEL is "loud"'];
  for (const command of [[], ["sync"], ["notify"]]) {
    const { code, err } = await w.run(command, wrong);
    expect([code, starts(err)]).toEqual([1, says]);
  }
  const { out } = await w.run(["check"], wrong);
  for (const line of [/^FAIL {2}PORT /m, /^FAIL {2}LOG_LEVEL /m, /^ok {4}database /m])
    expect(out).toMatch(line);
  expect((await run(["export"])).err.match(/^\w+ is not set/gm)).toEqual([
    "DATABASE_URL is not set",
    "COMPANY_ID is not set",
  ]);
});

test("a logo is drawn by the executable alone; one that cannot be is named before anything is done", async () => {
  const folder = mkdtempSync(join(tmpdir(), "loyalty-logo-"));
  const logo = join(folder, "logo");
  writeFileSync(
    logo,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>`,
  );
  const colour = { CARD_COLOR: "#0b3d2e", CARD_LOGO: logo };
  expect((await w.run(["check"], colour)).out).toMatch(/^ok {4}CARD_LOGO {13}is drawn, on a plate$/m);
  writeFileSync(logo, "<svg><script/></svg>");
  const says = "names a file that is an SVG that does not say how large it is";
  const remedy = "save it as PNG, or as a plain SVG with text as outlines";
  await refuses(w.run(["serve"], colour), `CARD_LOGO ${says}: ${remedy}.`);
  expect((await w.run(["check"], colour)).out).toContain(`FAIL  CARD_LOGO             ${says} → ${remedy}\n`);
  rmSync(folder, { recursive: true });
});

test("a setting may come from the file that NAME_FILE names", async () => {
  const file = join(tmpdir(), `loyalty-database-${process.pid}`);
  writeFileSync(file, `  ${w.env.DATABASE_URL}\n`);
  const { code } = await run(["migrate"], { DATABASE_URL_FILE: file });
  expect(code).toBe(0);
  await refuses(
    run(["migrate"], { DATABASE_URL_FILE: "/nowhere" }),
    "DATABASE_URL_FILE names a file that cannot be read (ENOENT): write the path of a file that holds DATABASE_URL, for example /run/secrets/DATABASE_URL.",
  );
});

test("a database that cannot be reached, or refuses, is a sentence with the remedy", async () => {
  const away = await w.run(["serve"], { DATABASE_URL: "postgres://a:secret-words@127.0.0.1:1/x" });
  expect([away.code, away.err.trim().split("\n").at(-1)]).toEqual([
    1,
    "The database cannot be reached (ECONNREFUSED): check the host and the port in DATABASE_URL, and that PostgreSQL runs.",
  ]);
  const url = new URL(w.env.DATABASE_URL ?? "");
  url.username = "nobody_here";
  url.password = "secret-words";
  for (const command of ["migrate", "verify", "serve"]) {
    const refused = await w.run([command], { DATABASE_URL: url.href });
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(
      /^The database refuses DATABASE_URL \(.*nobody_here.*\): check the user, the password and the database's name\.\n$/,
    );
  }
  url.href = w.env.DATABASE_URL ?? "";
  url.pathname = "/no_such_database";
  expect((await w.run(["migrate"], { DATABASE_URL: url.href })).err).toStartWith(
    'The database refuses DATABASE_URL (database "no_such_database" does not exist): ',
  );
});

test("migrate says a line for each migration, then that there are none; others say to migrate first", async () => {
  await using empty = await world({ empty: true });
  for (const command of ["verify", "export", "notify"])
    await refuses(empty.run([command]), "The database is not migrated yet: run `loyalty-bot migrate` first.");
  const lines = migrations.map((name) => `applied ${name}\n`).join("");
  expect(await empty.run(["migrate"])).toEqual({ code: 0, out: lines, err: "" });
  expect(await empty.run(["migrate"])).toEqual({
    code: 0,
    out: "nothing to apply: the database is up to date\n",
    err: "",
  });
});

test("sync --dry-run says what it would award and writes nothing, on an empty database too", async () => {
  await using made = await world({ empty: true });
  const id = made.pay(3500);
  const day = new Date(made.startsAt.getTime() + 3 * 3_600_000).toISOString().slice(0, 10);
  const line = `record ${id} of ${day}, paid 3500.00: awarded 35.00 points (+35.00)\n`;
  const total = `branch ${BRANCH}: 1 of 1 records would hold an award; 35.00 points would be added; nothing was written\n`;
  expect(await made.run(["sync", "--dry-run"])).toEqual({ code: 0, out: line + total, err: "" });
  expect(await made.sql`select from pg_tables where schemaname = 'public'`).toHaveLength(0);
  await made.run(["migrate"]);
  expect(await made.run(["sync", "--dry-run"])).toMatchObject({ code: 0, out: line + total });
  for (const table of ["bonuslog", "clients", "companies", "visits", "terms", "jobs", "request_budget"])
    expect(await made.sql`select from ${made.sql(table)}`).toHaveLength(0);
});

test("sync, sync --since, notify, verify and export, in turn", async () => {
  await using made = await withLedger();
  const synced = (awards: number) =>
    `branch ${BRANCH}: 2 records read, ${awards} awards, 0 corrections, 0 set aside\n`;
  expect(await made.run(["sync"])).toMatchObject({ code: 0, out: synced(2) });
  expect(await made.run(["sync", "--since", made.env.PROGRAM_START ?? ""])).toMatchObject({
    code: 0,
    out: synced(0),
  });

  const told = (count: number) => `${count} told, 0 put off, 0 blocked, 0 failed\n`;
  expect(await made.run(["notify"])).toMatchObject({ code: 0, out: told(1) });
  expect(await made.run(["notify"])).toMatchObject({ code: 0, out: told(0) });
  expect(made.telegram.messages(501)).toHaveLength(1);
  const flags =
    await made.sql`select record_id, is_telegram_notified as told from bonuslog order by record_id`;
  expect(flags.map((row) => [Number(row.record_id), row.told])).toEqual([
    [made.first, true],
    [made.second, false],
  ]);

  const [last] = await made.sql`select encode(hash, 'hex') as hash from bonuslog order by id desc limit 1`;
  const seal = `seal: 2 rows, 45.00 points owed, last hash ${last?.hash}; keep it as 2:${last?.hash}\nverify: ok\n`;
  expect(await made.run(["verify"])).toEqual({ code: 0, out: seal, err: "" });
  const seals = ["--seal", `2:${last?.hash}`, "--seal=0:-"];
  const held = `the ledger contains the seal 2:${last?.hash}\nthe ledger contains the seal 0:-\n${seal}`;
  expect(await made.run(["verify", ...seals])).toEqual({ code: 0, out: held, err: "" });
  const lost = await made.run(["verify", `--seal=3:${last?.hash}`, ...seals]);
  expect(lost).toMatchObject({
    code: 1,
    out: `fault: Seal 3:${last?.hash}: the ledger does not contain it, there is no row 3.\n${held.replace("ok", "1 faults")}`,
  });

  await made.sql`alter table bonuslog drop constraint points_are_never_zero`;
  expect(await made.run(["verify"])).toMatchObject({
    code: 1,
    out: `fault: table bonuslog: constraint points_are_never_zero is missing.\n${seal.replace("ok", "1 faults")}`,
  });
  await made.sql`alter table bonuslog add constraint points_are_never_zero check (points <> 0)`;

  await made.sql`delete from accounts`;
  await made.sql`
    update clients set phone = null, name = null, last_account = null, had_from = null, unlinked_at = null,
      forgotten_at = now()
    where id = (select client_id from bonuslog where record_id = ${made.first})`;
  const burnt = "of these 35.00 are on cards of people who asked to be forgotten: nobody can spend them\n";
  expect(await made.run(["verify"])).toEqual({
    ...{ code: 0, err: "" },
    out: seal.replace("verify:", `${burnt}verify:`),
  });

  const csv = await made.run(["export"]);
  const [head, ...rows] = csv.out.split("\r\n");
  expect(head).toBe(
    "id,awarded_at,kind,client_id,record_id,corrects,points,paid,reason,actor,key,is_telegram_notified,hash",
  );
  expect(rows.map((row) => row.split(",").slice(2, 12).join())).toEqual([
    ...(
      await made.sql`select client_id, record_id, points, paid, is_telegram_notified as told from bonuslog order by id`
    ).map(
      (row) =>
        `award,${row.client_id},${row.record_id},,${row.points},${row.paid},paid,sync,visit:${row.record_id},${row.told}`,
    ),
    "",
  ]);
  expect(await made.run(["export", "--to", "2020-01-01"])).toEqual({ code: 0, out: `${head}\r\n`, err: "" });
});

test("export --xlsx is a workbook with names, as the executable makes it", async () => {
  await using made = await withLedger();
  await made.run(["sync"]);
  const env = { ...made.env, LOG_LEVEL: "info" };
  const child = Bun.spawn([program(), "export", "--xlsx"], {
    env,
    cwd: tmpdir(),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [bytes, err, code] = await Promise.all([child.stdout.bytes(), child.stderr.text(), child.exited]);
  expect([code, err]).toEqual([0, ""]);
  const { Изменения = [], Остатки = [] } = await sheetsOf(bytes);
  expect(Изменения.slice(1).map((row) => row.slice(2, 6))).toEqual([
    ["Анна …4567", 35, "визит", 3500],
    ["Борис …4321", 10, "визит", 1000],
  ]);
  expect(Остатки.slice(1).map((row) => row.slice(0, 2))).toEqual([
    ["Анна …4567", 35],
    ["Борис …4321", 10],
  ]);
});

test("verify names what was tampered with, and fails", async () => {
  await using made = await withLedger();
  await made.run(["sync"]);
  await made.sql`alter table bonuslog disable trigger all`;
  await made.sql`update bonuslog set points = 3000 where id = 1`;
  await made.sql`alter table bonuslog enable trigger all`;
  const { code, out } = await made.run(["verify"]);
  expect(code).toBe(1);
  expect(out).toStartWith(
    "fault: Row 1: the hash of row 1 does not fit its contents and the row before it.\n",
  );
  expect(out).toMatch(/\nverify: [23] faults\n$/);
});

test("sync with tokens that YCLIENTS refuses ends with a sentence, dry run or not", async () => {
  await using made = await world();
  const refused = `branch ${BRANCH}: YCLIENTS answered 401: Необходима авторизация (check YCLIENTS_PARTNER_TOKEN and YCLIENTS_USER_TOKEN; a changed password ends the user's token, and loyalty-bot token prints a new one)`;
  const wrong = { YCLIENTS_USER_TOKEN: "other-secret-words" };
  await refuses(made.run(["sync"], { ...wrong, LOG_LEVEL: "error" }), refused);
  await refuses(made.run(["sync", "--dry-run"], wrong), refused);
});

test("health asks the program: 0 when it is ready, 1 with the reason when not, or when nothing answers", async () => {
  let status = 200;
  const asked: string[] = [];
  const other = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      asked.push(new URL(request.url).pathname);
      return new Response("", { status });
    },
  });
  const env = { PORT: String(other.port), LOG_LEVEL: "error" };
  expect(await run(["health"], env)).toEqual({ code: 0, out: "", err: "" });
  status = 503;
  const unready = await run(["health"], env);
  expect([unready.code, JSON.parse(unready.err).msg]).toEqual([1, "the program answers 503: see its log"]);
  await other.stop(true);
  const away = await run(["health"], env);
  expect([away.code, JSON.parse(away.err).msg]).toEqual([
    1,
    `nothing answers on port ${env.PORT}: is the program running?`,
  ]);
  expect(asked).toEqual(["/readyz", "/readyz"]);
});

test("health asks where the program listens, be it one address of the machine", async () => {
  for (const hostname of ["127.0.0.1", "localhost", "::1"]) {
    const other = Bun.serve({ hostname, port: 0, fetch: () => new Response("") });
    expect([hostname, (await run(["health"], { HOST: hostname, PORT: String(other.port) })).code]).toEqual([
      hostname,
      0,
    ]);
    await other.stop(true);
  }
});

test("webhook set, info and delete; a word that is none of them, and no PUBLIC_URL, are sentences", async () => {
  const { telegram, env } = w;
  // Nothing but what the verb needs has to be set.
  const needed = { FATHERBOT_TOKEN: env.FATHERBOT_TOKEN ?? "", TELEGRAM_API_ROOT: telegram.url };
  const PUBLIC_URL = "https://bot.example.com";
  const address = `${PUBLIC_URL}/telegram/webhook`;
  const info = async () => (await run(["webhook", "info"], needed)).out.trimEnd().split("\n");
  expect(await info()).toEqual(["address: none (long polling)", "waiting updates: 0"]);
  expect(await run(["webhook", "set"], { ...needed, PUBLIC_URL })).toEqual({
    ...{ code: 0, err: "", out: `set: ${address}\n` },
  });
  expect(telegram.webhook).toMatchObject({
    url: address,
    secret: expect.stringMatching(/^[0-9a-f]{64}$/),
    allowed: ["message", "edited_message", "callback_query", "my_chat_member"],
  });
  telegram.webhook.lastError = {
    date: Math.floor(Date.now() / 1000) - 600,
    message: "Wrong response from the webhook: 502 Bad Gateway",
  };
  expect(await info()).toEqual([
    `address: ${address}`,
    "waiting updates: 0",
    "last error: 10 minutes ago: Wrong response from the webhook: 502 Bad Gateway → nginx does not reach the program: see that serve runs, and on which port",
    "connections: at most 40",
    "updates asked for: message, edited_message, callback_query, my_chat_member",
  ]);
  expect(await run(["webhook", "delete"], needed)).toMatchObject({ code: 0 });
  expect(telegram.webhook.url).toBe("");
  expect(await run(["webhook", "set"], needed)).toMatchObject({
    code: 1,
    err: "PUBLIC_URL is not set: write the https:// address of this service in it.\n",
  });
  for (const words of [[], ["drop"]])
    expect(await run(["webhook", ...words])).toMatchObject({
      code: 1,
      err: "Say what to do with the webhook: webhook info, webhook set or webhook delete.\n",
    });
});

test("a bot's token that Telegram refuses is a sentence without the token", async () => {
  for (const verb of ["info", "delete"])
    await refuses(
      w.run(["webhook", verb], { FATHERBOT_TOKEN: "7000000002:AAEprogram" }),
      "Telegram refuses FATHERBOT_TOKEN: copy the token again from BotFather (/mybots, API Token).",
    );
});

test("check: 1 with the remedy beside the fault, 0 once it is well, and settings that are missing all together", async () => {
  await using made = await world({ empty: true });
  const owner = made.telegram.person({ id: 901, firstName: "Ольга" });
  const failed = await made.run(["check"]);
  expect([failed.code, failed.err]).toEqual([1, ""]);
  expect(failed.out).toMatch(/^FAIL {2}owner 901 {13}has not pressed Start → ask them to open the bot/m);
  expect(failed.out).toMatch(
    /\ncheck: 1 fault\nDo first: owner 901: ask them to open the bot and press Start.*\n$/,
  );
  owner.chat.started = true;
  const well = await made.run(["check"]);
  expect([well.code, well.err]).toEqual([0, ""]);
  expect(well.out).toMatch(/^ok {4}settings {14}all can be read\n/);
  expect(well.out).toMatch(/^info {2}migrations {12}\d+ pending/m);
  expect(well.out).toEndWith("check: ok\n");
  expect(await made.sql`select from pg_tables where schemaname = 'public'`).toHaveLength(0);

  const unset = await run(["check"]);
  expect([unset.code, unset.err]).toEqual([1, ""]);
  expect(unset.out.match(/^FAIL {2}\w+ +is not set/gm)).toHaveLength(6);
});
