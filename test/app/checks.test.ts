// What serve checks by itself: faults in the log with their remedy, owners told once, and once when it is well again.
import { afterEach, expect, test } from "bun:test";
import { pino } from "pino";
import { branchesOfRound, selfCheck, settlingChecks } from "../../src/app/checks.ts";
import { buildParts } from "../../src/app/parts.ts";
import { sendAllNotices, syncAll } from "../../src/app/rounds.ts";
import { serve } from "../../src/app/service.ts";
import { readConfig } from "../../src/config/config.ts";
import { factsPool } from "../../src/db/facts.ts";
import { linkTo } from "../helpers/accounts.ts";
import { BRANCH, deployment, type Env } from "../helpers/checked.ts";
import { freePort, until } from "../helpers/program.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function salon(changes: Env = {}) {
  const made = await deployment();
  closing.push(() => made[Symbol.asyncDispose]());
  const lines: { level: number; about?: string; remedy?: string; msg: string }[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const env = { ...made.env, HOST: "127.0.0.1", PORT: String(freePort()), ...changes };
  const config = readConfig(env, { secretsFolder: "/dev/null" });
  const parts = { ...buildParts(config, log), upSince: new Date(Date.now() - 3_600_000) };
  closing.push(() => parts.db.end({ timeout: 1 }));
  return {
    ...{ made, lines, config, log, parts, port: env.PORT },
    /** What a round says in the log, and then to the owner 902. */
    async round(): Promise<string[]> {
      lines.length = 0;
      await selfCheck(parts, true);
      await made.sql`update alarms set due_at = now()`;
      await sendAllNotices(parts);
      return lines
        .filter(({ about }) => about)
        .map(({ about, msg, remedy }) => `${about} ${msg} → ${remedy}`);
    },
    told: (id = 902) => made.telegram.messages(id).map(({ text }) => text),
  };
}

test("where all is well nothing is said, to the log or to owners", async () => {
  const { round, told, made } = await salon();
  expect(await round()).toEqual([]);
  expect(told()).toEqual([]);
  expect(await made.sql`select from alarms`).toHaveLength(0);
});

test("each fault is logged with its remedy at every round, and told to owners once and once more when over", async () => {
  const { round, told, made } = await salon();
  made.telegram.person({ id: 901, firstName: "Ольга" }).chat.started = false;
  made.yclients.permissions.timetable_phones_access = false;
  await made.sql`alter table bonuslog disable trigger bonuslog_is_not_cut`;
  for (let time = 0; time < 2; time++)
    expect((await round()).map((line) => line.replace(/ → .*/, ""))).toEqual([
      "ledger guards table bonuslog: trigger bonuslog_is_not_cut, which is off",
      "admin 901 has not pressed Start",
      `phones ${BRANCH} the user token does not see clients' phones, so nobody can link a card`,
    ]);
  const wrong = told();
  expect(wrong.map((text) => text.slice(0, 39)).sort()).toEqual([
    "⚠️ Бот не может написать сотруднику 901",
    "⚠️ В базе отключена или изменена защита",
    "⚠️ Токен YCLIENTS не видит телефоны кли",
  ]);
  made.telegram.person({ id: 901, firstName: "Ольга" }).chat.started = true;
  made.yclients.permissions.timetable_phones_access = true;
  await made.sql`alter table bonuslog enable trigger all`;
  for (let time = 0; time < 2; time++) expect(await round()).toEqual([]);
  expect(told().slice(wrong.length).sort()).toEqual([
    "✅ Защита журнала баллов снова на месте.",
    "✅ Сотруднику 901 снова можно написать.",
    `✅ Токен YCLIENTS снова видит телефоны (филиал ${BRANCH}).`,
  ]);
  expect(told(901)).toEqual([]); // an admin is no owner
});

test("what Telegram could not deliver while the program was away, as at an upgrade, is no trouble; what it cannot since is", async () => {
  const { round, told, made, parts } = await salon({ PUBLIC_URL: "https://127.0.0.1:1" });
  parts.upSince = new Date();
  const { webhook } = made.telegram;
  webhook.set("https://127.0.0.1:1/telegram/webhook", {});
  webhook.paused = true;
  void made.telegram.push({ update_id: 1 });
  const failed = (seconds: number) => {
    const message = "Wrong response from the webhook: 502 Bad Gateway";
    webhook.lastError = { date: Math.floor(Date.now() / 1000) + seconds, message };
  };
  failed(-1);
  expect(await round()).toEqual([]);
  expect(told()).toEqual([]);
  failed(30);
  expect((await round()).map((line) => line.replace(/ .*/, ""))).toEqual(["last"]);
  expect(told()).toEqual([expect.stringContaining("Telegram не может передать боту сообщения")]);
});

test("a branch's zone that was corrected is taken over, and said once", async () => {
  const { round, made } = await salon();
  await made.sql`insert into companies (company_id, time_zone) values (${BRANCH}, 'Asia/Vladivostok')`;
  const said = await round();
  expect(said.map((line) => line.replace(/answers; .* there now/, ""))).toEqual([
    `branch ${BRANCH} , and the program went by Asia/Vladivostok → if the new one is right, nothing: serve takes it over and reads the branch's visits again`,
  ]);
  expect([...(await made.sql`select time_zone from companies`)]).toEqual([{ time_zone: "Europe/Moscow" }]);
  expect(await round()).toEqual([]);
});

test("an owner who cannot be reached is told of to the others, and never of themselves", async () => {
  const { round, told, made } = await salon({ OWNER_IDS: "902,903" });
  await round();
  expect(told()).toEqual([expect.stringContaining("сотруднику 903")]);
  made.telegram.person({ id: 903, firstName: "Пётр" }).chat.started = true;
  await made.sql`update alarms set due_at = now()`;
  await round();
  expect([told().length, told(903)]).toEqual([2, []]);
});

test("LEGAL_NAME that is not set, deliveries that fail, and messages that are stuck are told in Russian", async () => {
  const { round, told, made } = await salon({ LEGAL_NAME: "", PUBLIC_URL: "https://bot.example.com" });
  const { webhook } = made.telegram;
  webhook.set("https://bot.example.com/telegram/webhook", {});
  webhook.paused = true;
  void made.telegram.push({ update_id: 1 });
  webhook.lastError = {
    date: Math.floor(Date.now() / 1000),
    message: "Wrong response from the webhook: 502",
  };
  await linkTo(made.sql, 501, "+79001234567");
  await made.sql`insert into notices (client_id, about, due_at) values (1, 'till', now() - interval '1 hour')`;
  await round();
  expect(
    told()
      .map((text) => text.split(/[.:]/)[0])
      .sort(),
  ).toEqual([
    "⚠️ Telegram не может передать боту сообщения клиентов",
    "⚠️ В согласии на обработку данных не указано, кто их обрабатывает",
    "⚠️ Сообщения клиентам не уходят, ждут",
  ]);
});

test("deliveries that fail and come through by turns are said once, and once when none has failed for a while", async () => {
  const PUBLIC_URL = "https://bot.example.com";
  const { parts, made } = await salon({ PUBLIC_URL });
  const { webhook } = made.telegram;
  webhook.set(`${PUBLIC_URL}/telegram/webhook`, {});
  webhook.paused = true;
  const alarm = async (minutesAgo: number) => {
    webhook.lastError = { date: Math.floor(Date.now() / 1000) - minutesAgo * 60, message: "502" };
    await selfCheck(parts, false);
    await made.sql`update alarms set told = '{telegram:902}'`;
    return (await made.sql`select over_at is not null as over from alarms`).map((row) => row.over);
  };
  expect(await alarm(1)).toEqual([]); // nothing waits
  void made.telegram.push({ update_id: 1 });
  expect(await alarm(1)).toEqual([false]);
  webhook.set(`${PUBLIC_URL}/telegram/webhook`, { drop_pending_updates: true });
  expect(await alarm(1)).toEqual([false]);
  expect(await alarm(20)).toEqual([true]);
});

test("owners by the chat alone hear of trouble, and who was let go is trouble and hears no more", async () => {
  const { round, told, made } = await salon({ ADMINS_IDS: "", OWNER_IDS: "" });
  const change = (account: string, role: string | null) => made.sql`
    insert into staff_changes (account, role, made_by, made_at) values (${account}, ${role}, 'telegram:902', now())`;
  await change("telegram:902", "owner");
  await change("telegram:903", "owner");
  await change("telegram:901", "admin");
  made.telegram.person({ id: 903, firstName: "Пётр" }).chat.started = true;
  made.telegram.person({ id: 901, firstName: "Ольга" }).chat.started = false;
  await round();
  const trouble = expect.stringContaining("Бот не может написать сотруднику 901");
  expect(told()).toEqual([
    expect.stringMatching(/id.903: теперь владелец/),
    expect.stringMatching(/id.901: теперь/),
    trouble,
  ]);
  expect(told(903)).toEqual([expect.stringMatching(/id.901: теперь администратор/), trouble]);
  await change("telegram:901", null);
  await change("telegram:903", null);
  await round();
  expect(told().slice(3)).toEqual([
    expect.stringMatching(/id.901: больше не администратор/),
    expect.stringMatching(/id.903: больше не владелец/),
    expect.stringContaining("901"),
  ]);
  expect(told(903)).toHaveLength(2);
});

test("what cannot be asked now neither raises an alarm nor ends one", async () => {
  const { round, told, made } = await salon({ OWNER_IDS: "902,903" });
  await round();
  expect(told()).toHaveLength(1);
  made.telegram.faults.always({ method: /sendChatAction|getWebhookInfo|getMe/, status: 502 });
  made.yclients.faults.always({ status: 401 });
  const said = await round();
  expect(said.filter((line) => line.includes("Telegram answered 502"))).toHaveLength(3);
  expect(said.find((line) => line.startsWith("branch"))).toContain("YCLIENTS answered 401");
  expect(told()).toHaveLength(1);
});

test("what was not looked at, though its party answers, is not said to be well again", async () => {
  const { round, told, made } = await salon();
  await made.sql`alter table bonuslog disable trigger bonuslog_is_not_cut`;
  await round();
  expect(told()).toHaveLength(1);
  await made.sql`insert into migrations (name, checksum) values ('9999_of_a_newer_program.sql', 'x')`;
  expect((await round()).map((line) => line.split(" which")[0])).toEqual([
    "migrations The database has migration 9999_of_a_newer_program.sql,",
  ]);
  expect(told()).toHaveLength(1);
});

test("a user token that sees no payments is told to owners, and a pass does not take it back", async () => {
  const { round, told, made, parts } = await salon();
  made.yclients.permissions.finances_transactions_access = false;
  await round();
  await syncAll(parts);
  await round();
  expect(told()).toEqual([expect.stringMatching(/^⚠️ Токен YCLIENTS не видит оплат/)]);
  made.yclients.permissions.finances_transactions_access = true;
  await round();
  expect(told().slice(1)).toEqual([`✅ Токен YCLIENTS снова видит оплаты (Салон).`]);
});

test("serve checks at its start without waiting for it, and says of a refused token again and again", async () => {
  const { lines, config, log, port, made } = await salon({ FATHERBOT_TOKEN: "7000000001:AAEcheckOther" });
  const service = await serve(config, log);
  closing.push(() => service.stop());
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  const said = () =>
    lines.filter(({ msg, level }) => level === 50 && msg.startsWith("Telegram refuses FATHERBOT_TOKEN"));
  await until(() => said().length >= 2);
  await until(() => said().some(({ about }) => about === "bot"));
  expect(JSON.stringify(lines)).not.toContain("AAEcheck");
  expect(await made.sql`select from alarms`).toHaveLength(0);
});

test("where spends settle each branch without a trial that holds is a fault in the log, and mirror is refused with its reason", async () => {
  const on = await salon({ SPEND_SETTLES: "on" });
  expect(await on.round()).toEqual([
    `settling ${BRANCH} nobody has tried it here, so spends do not settle → run loyalty-bot settle try --company ${BRANCH} --record ID --points 3 on a visit of your own, see docs/settling.md`,
  ]);
  const mirror = await salon({ SPEND_SETTLES: "mirror" });
  expect((await mirror.round())[0]).toMatch(
    /^SPEND_SETTLES mirror is not offered, and does as off: .* nobody has yet seen .* → write on or off$/,
  );
});

test("of a chain each round looks at a few branches, all in turn, whichever program asks", () => {
  const chain = Array.from({ length: 95 }, (_, n) => n + 1);
  for (const [whole, everyMs] of [
    [false, 600_000],
    [true, 3_600_000],
  ] as const) {
    const rounds = Array.from({ length: 10 }, (_, n) =>
      branchesOfRound(chain, new Date(Date.parse("2026-03-10T09:00:30Z") + n * everyMs), whole),
    );
    expect(Math.max(...rounds.map((ids) => ids.length))).toBe(10);
    expect(rounds.flat().sort((one, other) => one - other)).toEqual(chain);
    const few = chain.slice(0, 10);
    expect(branchesOfRound(few, new Date(), whole)).toEqual(few);
  }
});

test("many branches' settling is asked about on one pool, and each round opens its own", async () => {
  const { parts } = await salon();
  const companyIds = Array.from({ length: 40 }, (_, n) => BRANCH + n);
  let pools = 0;
  const db = () => {
    pools += 1;
    return factsPool(parts.config.databaseUrl);
  };
  const { yclients } = parts.sync;
  const checks = settlingChecks(
    { ...parts.config, settles: "on", companyIds },
    { yclients, db, whole: false },
  );
  for (const round of [1, 2]) {
    const lines = (await Promise.all(checks.map(({ ask }) => ask(parts.stopping.signal)))).flat();
    expect([lines.length, pools]).toEqual([40, round]);
  }
});

test("owners are told of branches that nobody has come to read for long, and of the end of it", async () => {
  const { round, told, made, parts } = await salon({ COMPANY_ID: `${BRANCH},777` });
  await syncAll(parts);
  await made.sql`update companies set last_pass_at = now() - interval '31 minutes', failures = 0`;
  const late = (lastsMs: number) =>
    syncAll({ ...parts, readings: { ...parts.readings, passAll: async () => lastsMs } });
  const heard = async () => {
    await round();
    return told().filter((text) => text.includes("опоздани"));
  };
  await late(1_700_000); // the readings had a rest not long ago: these are only the first of many
  expect(await heard()).toEqual([]);
  await late(1_900_000);
  expect(await heard()).toEqual([
    expect.stringMatching(
      /^⚠️ Журнал YCLIENTS читается с.опозданием: .* за полчаса, — 2\. Баллы придут позже/,
    ),
  ]);
  await made.sql`update companies set last_pass_at = now()`;
  await late(1_900_000);
  expect((await heard()).at(-1)).toMatch(/^✅ До всех филиалов очередь доходит вовремя/);
});
