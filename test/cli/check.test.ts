// `check` line by line: settings, Telegram, the branch and its journal, each made to fail on purpose.
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkWayThere, proxyOn } from "../../src/check/way.ts";
import { Refused, Unreachable } from "../../src/errors.ts";
import { addDays, dayOf } from "../../src/rules/time.ts";
import { selfSigned } from "../helpers/certificate.ts";
import { BRANCH, deployment } from "../helpers/checked.ts";

const daysAgo = (days: number) => addDays(dayOf(new Date(), "Europe/Moscow"), -days);

test("where all is well every line is ok or a fact, nothing is written, and nothing private is printed", async () => {
  await using made = await deployment();
  for (let visit = 0; visit < 6; visit++) made.visit(2, 1000);
  const { code, out } = await made.run();
  expect(code).toBe(0);
  expect(out).toEndWith("check: ok\n");
  expect(out.match(/^(warn|FAIL)/gm)).toBeNull();
  expect(out).not.toMatch(/AAEcheck|-words|\+7900|Анна|Ольга|Петрова|Салон|postgres:/);
  const tables = await made.sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migrations'`;
  for (const { name } of tables) expect(await made.sql`select from ${made.sql(name)}`).toHaveLength(0);
  expect([901, 902].flatMap((id) => made.telegram.messages(id))).toEqual([]);
  // One bounded reading: the tokens, two requests for the branch, one for its zone, one for each of four weeks.
  expect(made.yclients.requests).toHaveLength(8);
});

test("every mistake in the settings is a line, and hides no party whose own settings are right", async () => {
  await using made = await deployment();
  const { code, out, of } = await made.lines({ FATHERBOT_TOKEN: "", BONUS_PERCENT: "0", LEGAL_NAME: "" });
  expect(code).toBe(1);
  expect(of("FATHERBOT_TOKEN")).toStartWith("FAIL FATHERBOT_TOKEN is not set → write the bot's token");
  expect(of("BONUS_PERCENT")).toStartWith('FAIL BONUS_PERCENT is "0" → write a percent');
  expect(of("LEGAL_NAME")).toStartWith("FAIL LEGAL_NAME is not set: clients would consent to nobody");
  expect(of("Telegram")).toBe("info Telegram not asked: its settings come first");
  expect(of("YCLIENTS")).toBe("info YCLIENTS not asked: its settings come first");
  expect(of("database")).toBe("ok database answers, and takes writes");
  expect(out).toMatch(
    /\ncheck: 3 faults\nDo first: FATHERBOT_TOKEN: write the bot's token from BotFather, .*\.\n$/,
  );
});

test("a bad value is shown back in its line, whatever it is made of, and the remedy stays whole", async () => {
  await using made = await deployment();
  const { of } = await made.lines({ BONUS_PERCENT: 'ab": c', QUIET_HOURS: "22 to 9: quiet" });
  expect(of("BONUS_PERCENT")).toStartWith('FAIL BONUS_PERCENT is "ab": c" → write a percent above 0');
  expect(of("QUIET_HOURS")).toStartWith('FAIL QUIET_HOURS is "22 to 9: quiet" → write two different times');
});

test("a database that is away hides neither Telegram nor YCLIENTS", async () => {
  await using made = await deployment();
  const { code, of } = await made.lines({ DATABASE_URL: "postgres://x:y@127.0.0.1:1/z" });
  expect(code).toBe(1);
  expect(of("database")).toBe(
    "FAIL database The database cannot be reached (ECONNREFUSED) → check the host and the port in DATABASE_URL, and that PostgreSQL runs",
  );
  expect(of("bot")).toBe("ok bot @salon_bot");
  expect(of(`branch ${BRANCH}`)).toStartWith(`ok branch ${BRANCH} answers; Europe/Moscow, `);
});

test("the branches of the user are there to compare COMPANY_ID with; those of a chain are counted", async () => {
  await using made = await deployment();
  const add = (id: number) => made.journal.addCompany({ id, title: "Салон", timeZone: "Europe/Moscow" });
  add(4343);
  const { out, of } = await made.lines({ COMPANY_ID: "999" });
  expect(of("YCLIENTS tokens")).toEndWith(`taken; the user works in branches ${BRANCH}, 4343`);
  expect(out).toContain("Do first: branch 999: check COMPANY_ID, and that the user");
  for (let id = 1; id <= 9; id++) add(id);
  expect((await made.lines()).of("YCLIENTS tokens")).toEndWith("taken; the user works in 11 branches");
});

test("a token that Telegram refuses is one line with its setting's name", async () => {
  await using made = await deployment();
  const { code, out, of } = await made.lines({ FATHERBOT_TOKEN: "7000000001:AAEcheckOther" });
  expect(code).toBe(1);
  const remedy =
    "copy the token again from BotFather (/mybots, API Token); a relay passes on one token alone: write this one's digest into its site";
  expect(of("bot")).toBe(`FAIL bot Telegram refuses FATHERBOT_TOKEN → ${remedy}`);
  expect(out).toEndWith(`check: 1 fault\nDo first: bot: ${remedy}.\n`);
});

test("lines come in the order in which whoever installs meets what is missing, and what to do first stands last", async () => {
  await using made = await deployment();
  made.telegram.person({ id: 902, firstName: "Павел" }).chat.blocked = true;
  made.yclients.permissions.timetable_access = false;
  made.yclients.permissions.finances_transactions_access = false;
  const wrong = { BONUS_PERCENT: "x", LEGAL_NAME: "" };
  const { out } = await made.run({ ...wrong, BONUS_PERCNT: "1" });
  const abouts = out.split("\n").map((line) => line.slice(6, 26).trim());
  const at = (about: string) => abouts.indexOf(about);
  const order = [
    "BONUS_PERCENT",
    "way to Telegram",
    "bot",
    "database",
    "admin 901",
    "owner 902",
    "way back",
    "LEGAL_NAME",
  ];
  expect(order.map(at)).toEqual(order.map(at).toSorted((one, two) => one - two));
  expect(order.map(at)).not.toContain(-1);
  const { out: journal } = await made.run({ ...wrong, BONUS_PERCENT: "" });
  const lines = journal.split("\n").map((line) => line.replace(/ {2,}/g, " "));
  const first = (start: string) => lines.findIndex((line) => line.startsWith(start));
  const met = [
    ...[
      "ok settings",
      "ok way to Telegram",
      `ok YCLIENTS tokens taken; the user works in branch ${BRANCH}`,
      "ok database",
    ],
    ...[
      `ok branch ${BRANCH}`,
      `FAIL records ${BRANCH} the user token may not open the journal`,
      `FAIL payments ${BRANCH}`,
    ],
    ...["FAIL owner 902", "ok webhook", "FAIL LEGAL_NAME", `info PROGRAM_START ${BRANCH}`, "check: 4 faults"],
  ];
  expect(met.map(first)).toEqual(met.map(first).toSorted((one, two) => one - two));
  expect(met.map(first)).not.toContain(-1);
  expect(lines.at(-2)).toStartWith(
    `Do first: records ${BRANCH}: let the user of YCLIENTS_USER_TOKEN open the journal`,
  );
  for (const line of lines.filter((one) => one.startsWith("FAIL"))) expect(line).toMatch(/ → \S/);
});

test("what keeps us from Telegram is named, as the way there, with its remedy; nothing else is said of it", async () => {
  await using made = await deployment();
  const answer = (body: string, status: number) => {
    const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(body, { status }) });
    return { url: `http://127.0.0.1:${server.port}`, [Symbol.dispose]: () => void server.stop(true) };
  };
  const no = (code: number) => JSON.stringify({ ok: false, error_code: code, description: "Bad Gateway" });
  using page = answer("<html>hello</html>", 200);
  using gateway = answer(no(502), 502);
  using closed = answer(no(403), 403);
  const cases: [root: string, words: string, remedy: string][] = [
    ["http://127.0.0.1:1", "nothing takes the connection there (ECONNREFUSED)", "see that its nginx runs"],
    [
      "https://relay.invalid",
      "its name is not known here (ENOTFOUND)",
      "correct the name, or its DNS record",
    ],
    [page.url, "what answers there is no Bot API", "see that it forwards to api.telegram.org"],
    [gateway.url, "it answers and does not reach Telegram itself (502)", "see its own network, DNS"],
    [closed.url, "it does not let this machine in (403)", "allow this machine's address there"],
  ];
  for (const [root, words, remedy] of cases) {
    const { code, out, of } = await made.lines({ TELEGRAM_API_ROOT: root });
    expect(code).toBe(1);
    expect(of("way to Telegram")).toStartWith(
      `FAIL way to Telegram broken, through ${new URL(root).host}: ${words} → ${remedy}`,
    );
    expect(of("way to Telegram")).toEndWith(
      "it is what TELEGRAM_API_ROOT names (docs/operate.md, Telegram out of reach)",
    );
    for (const about of ["bot", "webhook", "admin 901", "way back"]) expect(of(about)).toBeUndefined();
    expect(out).toContain("check: 1 fault\nDo first: way to Telegram: ");
    expect(out).not.toContain("AAEcheck");
  }
});

test("a proxy is said to be on the way where Bun asks it, and nowhere else", () => {
  const env = { HTTPS_PROXY: "http://p", NO_PROXY: "a.example, .b.example,*.c.example" };
  const on = (host: string, changes = {}) => proxyOn(`https://${host}`, { ...env, ...changes });
  expect(on("api.telegram.org")).toBe("HTTPS_PROXY");
  for (const host of [
    "a.example",
    "x.a.example",
    "x.b.example",
    "c.example",
    "localhost",
    "127.0.0.1:80",
    "[::1]:80",
  ])
    expect([host, on(host)]).toEqual([host, null]);
  expect(on("xa.example")).toBe("HTTPS_PROXY");
  expect(on("a.example", { no_proxy: "z" })).toBe("HTTPS_PROXY"); // a small one goes first
  expect(on("api.telegram.org", { NO_PROXY: "*" })).toBeNull();
  expect(proxyOn("http://api.telegram.org", env)).toBeNull();
  expect(proxyOn("http://api.telegram.org", { ...env, ALL_PROXY: "http://p" })).toBe("ALL_PROXY");
  expect(proxyOn("https://api.telegram.org", {})).toBeNull();
});

test("Telegram itself out of reach asks for a relay or a proxy; with a proxy on the way, it is named", async () => {
  const refused = new Unreachable("Telegram", "…", undefined, "TimeoutError");
  const line = async (proxy: string | null, took = 0) => {
    let calls = 0;
    const bot = async () => {
      calls++;
      if (took === 0) throw refused;
      await Bun.sleep(calls === 2 ? 0 : took);
      return { name: "@bot", date: null };
    };
    const check = checkWayThere({ facts: () => ({ bot }), apiRoot: "https://api.telegram.org", proxy });
    return (await check.ask(new AbortController().signal))[0];
  };
  expect(await line(null)).toMatchObject({
    state: "FAIL",
    says: "broken, directly: no answer in time (TimeoutError)",
    remedy: expect.stringMatching(
      /put a relay abroad into TELEGRAM_API_ROOT .*, or a proxy into HTTPS_PROXY$/,
    ),
  });
  expect(await line("HTTPS_PROXY")).toMatchObject({
    says: "broken, through the proxy of HTTPS_PROXY: no answer in time (TimeoutError)",
    remedy: "see that the proxy in HTTPS_PROXY runs and lets api.telegram.org through",
  });
  // A certificate of nobody known: who stands in between is to be trusted, or is no friend.
  const advice = "name a file with the root certificate";
  const untrusted = new Unreachable(
    "Telegram",
    "…",
    { kind: "untrusted", advice },
    "SELF_SIGNED_CERT_IN_CHAIN",
  );
  for (const [apiRoot, after] of [
    ["https://api.telegram.org", ""],
    [
      "https://relay.example",
      "; it is what TELEGRAM_API_ROOT names (docs/operate.md, Telegram out of reach)",
    ],
  ] as const) {
    const bot = async () => Promise.reject(untrusted);
    const check = checkWayThere({ facts: () => ({ bot }), apiRoot, proxy: null });
    expect((await check.ask(new AbortController().signal))[0]).toMatchObject({
      says: expect.stringContaining("its certificate is refused (SELF_SIGNED_CERT_IN_CHAIN)"),
      remedy: advice + after,
    });
  }
  // A gateway on the way, without a relay of ours, is Telegram's own trouble.
  const gateway = async () => Promise.reject(new Refused("Telegram", 502, "Bad Gateway"));
  const own = checkWayThere({
    facts: () => ({ bot: gateway }),
    apiRoot: "https://api.telegram.org",
    proxy: null,
  });
  expect((await own.ask(new AbortController().signal))[0]).toMatchObject({
    ...{ state: "FAIL", says: "Telegram answers 502, directly", remedy: "wait a minute and run check again" },
  });
  // The middle one of three is told: neither the first, which finds its way, nor one that was lucky.
  expect((await line(null, 40))?.says).toMatch(/^answers in (4\d|[5-9]\d|\d{3}) ms, directly$/);
});

test("admins and owners: who has not pressed Start, and who has blocked the bot", async () => {
  await using made = await deployment();
  made.telegram.person({ id: 901, firstName: "Ольга" }).chat.started = false;
  made.telegram.person({ id: 902, firstName: "Павел" }).chat.blocked = true;
  const remedy =
    "ask them to open the bot and press Start, or let them go: by /staff, or out of the settings";
  const { code, of } = await made.lines();
  expect(code).toBe(1);
  expect(of("admin 901")).toBe(`FAIL admin 901 has not pressed Start → ${remedy}`);
  expect(of("owner 902")).toBe(`FAIL owner 902 has blocked the bot → ${remedy}`);
});

test("who works here by the database is asked after too; without an owner it is said what comes next", async () => {
  await using made = await deployment();
  const nobody = { ADMINS_IDS: "", OWNER_IDS: "" };
  const { code, of } = await made.lines(nobody);
  expect([code, of("owner")]).toEqual([
    0,
    "warn owner nobody yet → open the link that serve prints at each start, within an hour (docker compose logs bot, or journalctl --unit loyalty-bot); or set OWNER_IDS",
  ]);
  await made.sql`
    insert into staff_changes (account, role, made_by, made_at)
    values ('telegram:901', 'owner', 'telegram:1', now()), ('telegram:902', 'admin', 'telegram:901', now())`;
  made.telegram.person({ id: 902, firstName: "Павел" }).chat.blocked = true;
  const later = await made.lines(nobody);
  expect(later.of("owner 901")).toBe("ok owner 901 can be written to");
  expect(later.of("admin 902")).toStartWith("FAIL admin 902 has blocked the bot");
  expect((await made.lines({ OWNER_IDS: "901,max:5" })).of("owner max:5")).toBe(
    "warn owner max:5 is in a messenger that this program does not speak → let them use the bot in Telegram too",
  );
});

test("the webhook: not set, another's, keeping kinds back, in the way of polling", async () => {
  await using made = await deployment();
  const { webhook } = made.telegram;
  const PUBLIC_URL = "https://127.0.0.1:1";
  const here = `${PUBLIC_URL}/telegram/webhook`;
  const line = async (changes = {}) => (await made.lines(changes)).of("webhook");
  expect(await line()).toBe("ok webhook none: updates are polled");
  expect(await line({ PUBLIC_URL })).toStartWith("warn webhook not set → serve sets it");
  webhook.set("https://other.example.com/hook", {});
  expect(await line({ PUBLIC_URL })).toStartWith(
    `FAIL webhook Telegram delivers to https://other.example.com/hook, not to ${here} → see that no other`,
  );
  expect(await line()).toStartWith(
    "warn webhook Telegram delivers to https://other.example.com/hook, and PUBLIC_URL",
  );
  webhook.set(here, { allowed_updates: ["message", "edited_message"] });
  expect(await line({ PUBLIC_URL })).toStartWith(
    "warn webhook Telegram keeps back callback_query, my_chat_member →",
  );
  webhook.set(here, { allowed_updates: ["message", "edited_message", "callback_query", "my_chat_member"] });
  expect(await line({ PUBLIC_URL })).toBe(`ok webhook ${here}`);
});

test("the address of an earlier program that carries the token is shown without it", async () => {
  await using made = await deployment();
  const secret = made.env.FATHERBOT_TOKEN?.split(":")[1] ?? "";
  for (const path of [made.env.FATHERBOT_TOKEN, `bot${secret}`, encodeURIComponent(`1:${secret}`)]) {
    made.telegram.webhook.set(`https://old.example.com/${path}`, {});
    const { out, of } = await made.lines();
    expect(of("webhook")).toContain("https://old.example.com/");
    expect(out).not.toContain(secret);
  }
});

test("deliveries: the last error with its age and remedy, a fault while updates wait for it", async () => {
  await using made = await deployment();
  const { webhook } = made.telegram;
  const PUBLIC_URL = "https://127.0.0.1:1";
  webhook.set(`${PUBLIC_URL}/telegram/webhook`, {});
  const ago = (seconds: number, message: string) => {
    webhook.lastError = { date: Math.floor(Date.now() / 1000) - seconds, message };
  };
  const line = async () => (await made.lines({ PUBLIC_URL })).of("last error");
  const remedyOf = (words = "") => words.split(" → ")[1];
  expect(await line()).toBe("ok last error none since the webhook was set");
  ago(300, "Wrong response from the webhook: 401 Unauthorized");
  expect(await line()).toBe(
    "warn last error 5 minutes ago: Wrong response from the webhook: 401 Unauthorized → the secret there is another: run loyalty-bot webhook set",
  );
  webhook.paused = true;
  for (let update = 0; update < 100; update++) void made.telegram.push({ update_id: update });
  ago(300, "SSL error {error:0A000086:SSL routines::certificate verify failed}");
  const { code, of } = await made.lines({ PUBLIC_URL });
  expect(code).toBe(1);
  // A fault is told once, as the way back.
  expect(of("last error")).toBeUndefined();
  expect(of("way back")).toMatch(
    /^FAIL way back broken: PUBLIC_URL does not answer from here \(ECONNREFUSED\), and Telegram does not get through \(5 minutes ago: SSL /,
  );
  expect(remedyOf(of("way back"))).toMatch(
    /^renew the certificate .*; or take PUBLIC_URL out: then updates are fetched/,
  );
  expect(of("waiting updates")).toBe("warn waiting updates 100 → see that serve runs and is reached");
  ago(3_600 * 5, "Connection timed out");
  expect(await line()).toBe("info last error 5 hours ago: Connection timed out");
});

test("the public address is asked as Telegram would, and what does not answer only warns", async () => {
  await using made = await deployment();
  let status = 200;
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("", { status }) });
  const PUBLIC_URL = `http://127.0.0.1:${server.port}`;
  const line = async () => (await made.lines({ PUBLIC_URL })).of("way back");
  expect((await made.lines()).of("way back")).toBe("ok way back none is needed: updates are fetched");
  expect(await line()).toMatch(/^ok way back PUBLIC_URL answers here in \d+ ms$/);
  status = 502;
  expect(await line()).toStartWith("warn way back PUBLIC_URL answers 502 to /healthz → see that serve runs");
  status = 200;
  made.telegram.webhook.set(`${PUBLIC_URL}/telegram/webhook`, {});
  made.telegram.webhook.paused = true;
  void made.telegram.push({ update_id: 1 });
  made.telegram.webhook.lastError = {
    date: Math.floor(Date.now() / 1000) - 180,
    message: "Connection timed out",
  };
  expect(await line()).toMatch(
    /^FAIL way back broken: PUBLIC_URL answers here in \d+ ms, and Telegram does not get through \(3 minutes ago: Connection timed out\) → see that PUBLIC_URL's host is reached from outside/,
  );
  made.telegram.webhook.lastError = undefined;
  await server.stop(true);
  expect(await line()).toStartWith("warn way back PUBLIC_URL does not answer from here (ECONNREFUSED) → ");
});

test("YCLIENTS refuses: the settings are named, each branch by itself", async () => {
  await using made = await deployment();
  const of401 = (await made.lines({ YCLIENTS_USER_TOKEN: "others" })).of;
  expect(of401(`branch ${BRANCH}`)).toBeUndefined(); // said once
  expect(of401("YCLIENTS tokens")).toStartWith(
    `FAIL YCLIENTS tokens YCLIENTS answered 401: Необходима авторизация → check YCLIENTS_PARTNER_TOKEN and YCLIENTS_USER_TOKEN`,
  );
  const { code, out, of } = await made.lines({ COMPANY_ID: `${BRANCH},77` });
  expect(code).toBe(1);
  expect(of(`branch ${BRANCH}`)).toStartWith("ok ");
  expect(of("branch 77")).toStartWith(
    "FAIL branch 77 YCLIENTS answered 404: no explanation → check COMPANY_ID",
  );
  expect(out).toMatch(/\ncheck: 1 fault\nDo first: branch 77: check COMPANY_ID.*\n$/);
  made.yclients.faults.always({ path: /^\/companies/, status: 403 });
  expect((await made.lines()).of("YCLIENTS tokens")).toStartWith(
    "info YCLIENTS tokens taken; YCLIENTS does not say",
  );
  made.yclients.faults.clear();
  made.yclients.faults.always({ status: 429 });
  expect((await made.lines()).of("YCLIENTS tokens")).toBe(
    `FAIL YCLIENTS tokens YCLIENTS answered 429: the request budget is used up → wait a minute and run it again`,
  );
});

test("zone and quiet hours by the branch's clock", async () => {
  await using made = await deployment();
  made.journal.addCompany({ id: 77, title: "Филиал", timeZone: "Asia/Yekaterinburg" });
  const { of } = await made.lines({ COMPANY_ID: `${BRANCH},77`, QUIET_HOURS: "21:30-08:05" });
  expect(of("branch 77")).toMatch(/^ok branch 77 answers; Asia\/Yekaterinburg, \d\d:\d\d there now$/);
  expect(of("quiet hours 77")).toMatch(
    /^ok quiet hours 77 21:30 to 08:05 by the branch's clock, (not )?quiet now$/,
  );
  expect((await made.lines({ QUIET_HOURS: "off" })).of(`quiet hours ${BRANCH}`)).toStartWith("info ");
  made.yclients.faults.always({
    path: /^\/company/,
    body: { success: true, data: { title: "x" }, meta: [] },
  });
  expect((await made.lines()).of(`branch ${BRANCH}`)).toStartWith(
    `FAIL branch ${BRANCH} YCLIENTS names no time zone that is known here → `,
  );
});

test("the user token's rights: phones, payments, how many days back", async () => {
  await using made = await deployment();
  const { permissions, faults } = made.yclients;
  const line = async (about: string, changes = {}) => (await made.lines(changes)).of(`${about} ${BRANCH}`);
  permissions.timetable_phones_access = false;
  expect(await line("phones")).toStartWith(
    `FAIL phones ${BRANCH} the user token does not see clients' phones`,
  );
  permissions.timetable_phones_access = true;
  permissions.finances_transactions_access = false;
  expect(await line("payments")).toStartWith(
    `FAIL payments ${BRANCH} the user token sees no finance operations`,
  );
  expect(await line("payments", { PAID_BY: "prices" })).toStartWith("ok ");
  permissions.finances_transactions_access = true;
  permissions.finances_last_days_count = 7;
  expect(await line("payments")).toStartWith(`FAIL payments ${BRANCH} the user token sees 7 days back`);
  permissions.finances_last_days_count = 30;
  expect(await line("payments")).toStartWith(`warn payments ${BRANCH} the user token sees 30 days back`);
  faults.always({ path: /permissions/, status: 403 });
  expect(await line("payments")).toStartWith("info ");
});

test("clients whose phones are all masked in the journal are a fault, whatever the rights say", async () => {
  await using made = await deployment();
  for (let client = 0; client < 6; client++)
    made.visit(2, 1000, { client: 40 + client, phone: `+7900123450${client}` });
  expect((await made.lines()).of(`phones seen ${BRANCH}`)).toBe(
    `ok phones seen ${BRANCH} 6 of 6 clients of late have one`,
  );
  made.yclients.faults.maskPhones = true;
  const { code, of } = await made.lines();
  expect(code).toBe(1);
  expect(of(`phones seen ${BRANCH}`)).toStartWith(
    `FAIL phones seen ${BRANCH} 0 of 6 clients of late have one → `,
  );
});

test("records paid in full that show no payment advise PAID_BY=prices; without operations at all it is the right", async () => {
  await using made = await deployment();
  const line = async (changes = {}) => (await made.lines(changes)).of(`paid visits ${BRANCH}`);
  expect(await line()).toBe(`info paid visits ${BRANCH} none of late`);
  for (let visit = 0; visit < 5; visit++) {
    const id = made.visit(2, 1000, { pay: false });
    made.journal.record(id).paid_full = 1;
  }
  const advice = "if the salon keeps no cash desk in YCLIENTS, set PAID_BY=prices";
  expect(await line()).toBe(
    `warn paid visits ${BRANCH} 5 of 5 of late show no payment, so they earn nothing → ${advice}`,
  );
  expect(await line({ PAID_BY: "prices" })).toBe(
    `ok paid visits ${BRANCH} 5 of late, earning by their prices`,
  );
  for (let visit = 0; visit < 6; visit++) made.visit(3, 1000);
  expect(await line()).toBe(`ok paid visits ${BRANCH} 5 of 11 of late show no payment`);
  made.yclients.faults.withoutFinance = true;
  expect(await line()).toStartWith(
    `FAIL paid visits ${BRANCH} 11 of 11 of late come without finance operations`,
  );
});

test("under EARN_WHEN=arrived, paid visits that nobody marks as held are a warning", async () => {
  await using made = await deployment();
  for (let visit = 0; visit < 6; visit++) made.visit(2, 1000);
  const about = `visits held ${BRANCH}`;
  expect((await made.lines()).of(about)).toBeUndefined();
  const { code, of } = await made.lines({ EARN_WHEN: "arrived" });
  expect(code).toBe(0);
  expect(of(about)).toStartWith(
    `warn ${about} 6 of 6 paid visits of late are not marked as held, so they earn nothing →`,
  );
  for (const record of made.journal.records(BRANCH)) record.attendance = 1;
  expect((await made.lines({ EARN_WHEN: "arrived" })).of(about)).toStartWith("ok ");
});

test("PROGRAM_START, and what an earlier day would cost, from one reading", async () => {
  await using made = await deployment();
  for (const days of [1, 5, 9, 20]) made.visit(days, 1000);
  made.visit(9, 500, { pay: false });
  const line = async (changes = {}) => (await made.lines(changes)).of(`PROGRAM_START ${BRANCH}`);
  const today = daysAgo(0);
  const instead = (visits: number, points: string) =>
    `; beginning on ${daysAgo(27)} instead would add ${visits} paid visits, ${points} points`;
  const about = `info PROGRAM_START ${BRANCH}`;
  expect(await line()).toBe(`${about} ${today} (not set: the day of the first start)${instead(4, "40.00")}`);
  expect(await line({ PROGRAM_START: daysAgo(7) })).toBe(`${about} ${daysAgo(7)}${instead(2, "20.00")}`);
  expect(await line({ PROGRAM_START: daysAgo(60) })).toStartWith(
    `${about} ${daysAgo(60)}; an earlier day's cost: `,
  );
  await made.sql`insert into companies (company_id, program_start) values (${BRANCH}, ${daysAgo(3)})`;
  expect(await line()).toBe(`${about} ${daysAgo(3)} (the day of the first start)${instead(3, "30.00")}`);
});

test("a clock that differs is a warning, by minutes a fault", async () => {
  await using made = await deployment();
  const line = async () => (await made.lines()).of("clock of YCLIENTS");
  made.clock.aheadMs = 20_000;
  expect(await line()).toMatch(
    /^warn clock of YCLIENTS (19|20|21) seconds ahead of ours → set this machine's clock/,
  );
  made.clock.aheadMs = -600_000;
  expect(await line()).toMatch(/^FAIL clock of YCLIENTS 10 minutes behind ours → /);
});

test("a file of root certificates is counted, or said to be of no use", async () => {
  await using made = await deployment();
  const folder = mkdtempSync(join(tmpdir(), "loyalty-roots-"));
  try {
    selfSigned(folder);
    const line = async (file: string) =>
      (await made.lines({ NODE_EXTRA_CA_CERTS: join(folder, file) })).of("NODE_EXTRA_CA_CERTS");
    expect(await line("server.crt")).toBe(
      "ok NODE_EXTRA_CA_CERTS 1 root certificate trusted beside the usual ones",
    );
    expect(await line("server.key")).toStartWith("FAIL NODE_EXTRA_CA_CERTS 0 root certificates");
    expect(await line("nowhere")).toStartWith(
      "FAIL NODE_EXTRA_CA_CERTS names a file that cannot be read → write",
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a branch's zone that is another than the one the program goes by is named, and nothing is written", async () => {
  await using made = await deployment();
  await made.sql`insert into companies (company_id, time_zone) values (${BRANCH}, 'Asia/Vladivostok')`;
  const line = (await made.lines()).of(`branch ${BRANCH}`);
  expect(line).toMatch(
    /^warn branch \d+ answers; Europe\/Moscow, \d\d:\d\d there now, and the program went by Asia\/Vladivostok → /,
  );
  expect([...(await made.sql`select time_zone from companies`)]).toEqual([{ time_zone: "Asia/Vladivostok" }]);
});
