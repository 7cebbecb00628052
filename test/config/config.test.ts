/** Settings: where they come from, what each one takes, and what is said when one cannot be used. */
import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { type Config, readConfig } from "../../src/config/config.ts";
import { nearMisses } from "../../src/config/names.ts";
import { settingNames } from "../../src/config/settings.ts";
import { connect } from "../../src/db/connect.ts";
import { OperatorError } from "../../src/errors.ts";

type Env = Record<string, string | undefined>;

const folder = mkdtempSync(join(tmpdir(), "config-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const needed = {
  FATHERBOT_TOKEN: "123456789:AAbot_secret-1",
  YCLIENTS_PARTNER_TOKEN: "partnersecret",
  YCLIENTS_USER_TOKEN: "usersecret",
  DATABASE_URL: "postgresql+asyncpg://loyalty:dbsecret@db:5432/loyalty",
  COMPANY_ID: "123456",
};

const nowhere = join(folder, "nowhere");
const read = (env: Env, secretsFolder = nowhere): Config =>
  readConfig({ ...needed, ...env }, { secretsFolder });

/** A new folder with these files. */
function files(contents: Record<string, string>): string {
  const place = mkdtempSync(join(folder, "files-"));
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(place, name), text);
  return place;
}

/** The lines of the mistake that reading ends with; none when it does not. */
function mistakes(run: () => unknown): string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return error.message.split("\n");
  }
}

test("the required settings are enough, and the defaults are the contract's", () => {
  expect(read({})).toEqual({
    telegramToken: needed.FATHERBOT_TOKEN,
    yclientsPartnerToken: "partnersecret",
    yclientsUserToken: "usersecret",
    databaseUrl: needed.DATABASE_URL,
    migrateDatabaseUrl: needed.DATABASE_URL,
    companyIds: [123456],
    adminIds: [],
    ownerIds: [],
    bookUrl: null,
    mapUrl: null,
    supportPhone: null,
    legalName: null,
    policyUrl: null,
    rulesUrl: null,
    ...{ cardColor: null, cardLogo: null },
    publicUrl: null,
    webhookSecret: new Bun.CryptoHasher("sha256", needed.FATHERBOT_TOKEN)
      .update("Telegram webhook")
      .digest("hex"),
    ...{ maxToken: null, maxNotices: "asked", maxCa: null, maxWebhookSecret: null },
    maxApiUrl: "https://platform-api2.max.ru",
    yclientsWebhookSecret: null,
    ...{ percent: 100, earnOn: "services,goods", earnWhen: "paid", paidBy: "payments" },
    programStart: null,
    ...{ levels: null, levelsOver: null, pointsLive: null },
    ...{ welcomePoints: null, welcomeLive: null, birthdayPoints: null, birthdayLive: null },
    ...{ friendPoints: null, friendAfterDays: 3, friendLeastBill: null, friendAMonth: 5, friendAYear: 30 },
    spendMaxPercent: 100,
    ...{ spendStep: null, spendLeastBill: null, spendOn: "services,goods", cardDailyActs: null },
    adminDailyLimit: null,
    secondAdminAbove: null,
    syncCron: "0 * * * * *",
    notifyCron: "*/5 * * * * *",
    sweepCron: "0 30 1 * * *",
    settleMs: 30_000,
    quietHours: { from: 22 * 60, to: 9 * 60 },
    digestAt: 21 * 60,
    statements: "off",
    settles: "off",
    settleCardType: null,
    yclientsPerMinute: 150,
    telegramApiRoot: "https://api.telegram.org",
    yclientsApiUrl: "https://api.yclients.ru/api/v1",
    extraCaCerts: null,
    host: "0.0.0.0",
    port: 8000,
    metricsToken: null,
    logLevel: "info",
  });
});

// What each setting takes: as written, and as it is read.
const long = "s".repeat(256);
const good: [string, keyof Config, string, unknown][] = [
  ["FATHERBOT_TOKEN", "telegramToken", "1:a", "1:a"],
  ["DATABASE_URL", "databaseUrl", "postgres://db/x", "postgres://db/x"],
  ["MIGRATE_DATABASE_URL", "migrateDatabaseUrl", "postgresql://owner@db/x", "postgresql://owner@db/x"],
  ["COMPANY_ID", "companyIds", "1, 2,2,3,", [1, 2, 3]],
  ["ADMINS_IDS", "adminIds", "9007199254740991", ["telegram:9007199254740991"]],
  ["ADMINS_IDS", "adminIds", "telegram:11, 22,telegram:22", ["telegram:11", "telegram:22"]],
  ["ADMINS_IDS", "adminIds", "max:11,11", ["max:11", "telegram:11"]],
  ["OWNER_IDS", "ownerIds", "33", ["telegram:33"]],
  ["YCLIENTS_BOOK_URL", "bookUrl", "https://n1.yclients.com/?a=1#b", "https://n1.yclients.com/?a=1#b"],
  ["COMPANY_YMAPS_LINK", "mapUrl", "https://yandex.ru/maps/1", "https://yandex.ru/maps/1"],
  ["SUPPORT_PHONE", "supportPhone", "+7 (999) 123-45-67", "+7 (999) 123-45-67"],
  ["LEGAL_NAME", "legalName", "ИП Иванова", "ИП Иванова"],
  ["POLICY_URL", "policyUrl", "http://example.com/p", "http://example.com/p"],
  ["RULES_URL", "rulesUrl", "https://example.com/r", "https://example.com/r"],
  ["PUBLIC_URL", "publicUrl", "https://Bot.Example.com/", "https://bot.example.com"],
  ["PUBLIC_URL", "publicUrl", "https://example.com:8443/bot//", "https://example.com:8443/bot"],
  ["PUBLIC_URL", "publicUrl", "http://localhost:8000", "http://localhost:8000"],
  ["PUBLIC_URL", "publicUrl", "http://127.0.0.1/", "http://127.0.0.1"],
  ["WEBHOOK_SECRET", "webhookSecret", long, long],
  ["MAX_BOT_TOKEN", "maxToken", "f9LHodD0cOJ-_4fdKe+/=.~", "f9LHodD0cOJ-_4fdKe+/=.~"],
  ["MAX_WEBHOOK_SECRET", "maxWebhookSecret", "a_b-5", "a_b-5"],
  ["MAX_API_URL", "maxApiUrl", "http://max:8082/", "http://max:8082"],
  ["MAX_NOTICES", "maxNotices", "At_once", "at_once"],
  ["MAX_CA", "maxCa", "/certs/Корень.pem", "/certs/Корень.pem"],
  ["YCLIENTS_WEBHOOK_SECRET", "yclientsWebhookSecret", "0123456789abc.~-", "0123456789abc.~-"],
  ["YCLIENTS_WEBHOOK_SECRET", "yclientsWebhookSecret", "off", null],
  ["CARD_COLOR", "cardColor", "#0B3d2E", "#0b3d2e"],
  ["CARD_COLOR", "cardColor", "0b3d2e", "#0b3d2e"],
  ["CARD_LOGO", "cardLogo", "/etc/Наш логотип.png", "/etc/Наш логотип.png"],
  ["PROGRAM_START", "programStart", "2028-02-29", "2028-02-29"],
  [
    "LEVELS",
    "levels",
    "0:1, 50000:3 ,150000.50:5.5%",
    [
      { from: 0, percent: 100 },
      { from: 50_000_00, percent: 300 },
      { from: 150_000_50, percent: 550 },
    ],
  ],
  ["LEVELS", "levels", "Off", null],
  ["LEVELS_OVER", "levelsOver", "12 months", 12],
  ["LEVELS_OVER", "levelsOver", "1 month", 1],
  ["LEVELS_OVER", "levelsOver", "ALL", null],
  ["POINTS_LIVE", "pointsLive", "12 months", { months: 12 }],
  ["POINTS_LIVE", "pointsLive", "1 Month", { months: 1 }],
  ["POINTS_LIVE", "pointsLive", "off", null],
  ["WELCOME_POINTS", "welcomePoints", "300", 300_00],
  ["WELCOME_LIVE", "welcomeLive", "30 days", { days: 30 }],
  ["BIRTHDAY_POINTS", "birthdayPoints", "0,5", 50],
  ["BIRTHDAY_LIVE", "birthdayLive", "3650days", { days: 3650 }],
  ["BIRTHDAY_LIVE", "birthdayLive", "120 months", { months: 120 }],
  ["FRIEND_POINTS", "friendPoints", "300:200", { inviter: 300_00, friend: 200_00 }],
  ["FRIEND_POINTS", "friendPoints", "500 : 0", { inviter: 500_00, friend: 0 }],
  ["FRIEND_POINTS", "friendPoints", "off", null],
  ["FRIEND_AFTER", "friendAfterDays", "1 day", 1],
  ["FRIEND_AFTER", "friendAfterDays", "60 days", 60],
  ["FRIEND_LEAST_BILL", "friendLeastBill", "1000", 1000_00],
  ["FRIEND_A_MONTH", "friendAMonth", "1", 1],
  ["FRIEND_A_YEAR", "friendAYear", "10000", 10_000],
  ["SPEND_MAX_PERCENT", "spendMaxPercent", "1", 1],
  ["SPEND_STEP", "spendStep", "100", 100_00],
  ["SPEND_STEP", "spendStep", "off", null],
  ["SPEND_LEAST_BILL", "spendLeastBill", "999,50", 999_50],
  ["SPEND_ON", "spendOn", "Services", "services"],
  ["CARD_DAILY_ACTS", "cardDailyActs", "2", 2],
  ["ADMIN_DAILY_LIMIT", "adminDailyLimit", "5000", 500_000],
  ["ADMIN_DAILY_LIMIT", "adminDailyLimit", "off", null],
  ["SECOND_ADMIN_ABOVE", "secondAdminAbove", "12,5", 1250],
  ["SECOND_ADMIN_ABOVE", "secondAdminAbove", "0", 0],
  ["SECOND_ADMIN_ABOVE", "secondAdminAbove", "OFF", null],
  ["SYNC_CRON", "syncCron", "0 */2 * * * *", "0 */2 * * * *"],
  ["NOTIFY_CRON", "notifyCron", "1,2,10-20/5 * * * * *", "1,2,10-20/5 * * * * *"],
  ["SWEEP_CRON", "sweepCron", "0 0 3 L JAN-mar,12 mon,fri-sun", "0 0 3 L JAN-mar,12 mon,fri-sun"],
  ["SETTLE_SECONDS", "settleMs", "0", 0],
  ["SETTLE_SECONDS", "settleMs", "3600", 3_600_000],
  ["QUIET_HOURS", "quietHours", "9:05 – 23:59", { from: 545, to: 1439 }],
  ["QUIET_HOURS", "quietHours", "off", null],
  ["DIGEST_AT", "digestAt", "00:00", 0],
  ["DIGEST_AT", "digestAt", "off", null],
  ["STATEMENTS", "statements", "proof", "proof"],
  ["SPEND_SETTLES", "settles", "on", "on"],
  ["SPEND_SETTLES", "settles", "mirror", "mirror"],
  ["SETTLE_CARD_TYPE", "settleCardType", "555", 555],
  ["YCLIENTS_REQUESTS_PER_MINUTE", "yclientsPerMinute", "100000", 100_000],
  ["TELEGRAM_API_ROOT", "telegramApiRoot", "http://telegram:8081/", "http://telegram:8081"],
  ["YCLIENTS_API_URL", "yclientsApiUrl", "https://api.alteg.io", "https://api.alteg.io/api/v1"],
  ["YCLIENTS_API_URL", "yclientsApiUrl", "http://localhost:1/", "http://localhost:1/api/v1"],
  ["YCLIENTS_API_URL", "yclientsApiUrl", "https://proxy.example/y/", "https://proxy.example/y"],
  ["HOST", "host", "::1", "::1"],
  ["PORT", "port", "0", 0],
  ["PORT", "port", "65535", 65_535],
  ["METRICS_TOKEN", "metricsToken", "m/+=", "m/+="],
  ["METRICS_TOKEN", "metricsToken", "off", null],
  ["LOG_LEVEL", "logLevel", "DEBUG", "debug"],
];

test.each(good)("%s gives %s from %p", (name, key, text, value) => {
  expect(read({ [name]: text })[key] as unknown).toEqual(value);
});

test.each([
  ["1", 100],
  ["1.5", 150],
  ["1,5", 150],
  ["0.01", 1],
  ["2.25", 225],
  ["100", 10_000],
  ["100.00", 10_000],
])("%s percent is %d hundredths", (text, percent) => {
  expect(read({ BONUS_PERCENT: text }).percent).toBe(percent);
});

test("the other terms are read from their words", () => {
  const env = { EARN_ON: "Services", EARN_WHEN: "arrived", PAID_BY: "prices" };
  expect(read(env)).toMatchObject({ earnOn: "services", earnWhen: "arrived", paidBy: "prices" });
  expect(read({ EARN_ON: "services, goods" }).earnOn).toBe("services,goods");
});

// What each setting refuses.
const bad: Record<string, string[]> = {
  FATHERBOT_TOKEN: ["abc", "bot1:a", "1:", "1:a b", '"1:a"'],
  YCLIENTS_PARTNER_TOKEN: ["Bearer abc", "токен"],
  YCLIENTS_USER_TOKEN: ["User abc"],
  DATABASE_URL: [
    "mysql://db/x",
    "db",
    "postgres://u:a%zz@db/x",
    "postgres://u:a/b@db/x",
    "postgres://u:a#b@db/x",
  ],
  MIGRATE_DATABASE_URL: [
    "https://db",
    "postgres://db:99999/x",
    "postgres://db:x/x",
    "postgres://u:p@ss@a,b/x",
    "postgres://u:p@/x",
    "postgres://u:p@/x?host=",
    "postgres://u:p@/x?somehost=a",
  ],
  COMPANY_ID: [",", "0", "-1", "1.5", "1;2", "9007199254740992", "1e3"],
  ADMINS_IDS: ["@admin", "11 22", "viber:11", "11,MAX:22", "max:", "telegram:,11", "telegram:max:1", ","],
  OWNER_IDS: ["-100123"],
  YCLIENTS_BOOK_URL: ["n1.yclients.com", "javascript:alert(1)", "https://", "https://u:p@example.com"],
  COMPANY_YMAPS_LINK: ["tg://resolve"],
  SUPPORT_PHONE: ["phone", "1".repeat(41), "123\n456"],
  LEGAL_NAME: ["x".repeat(1001)],
  POLICY_URL: ["policy"],
  RULES_URL: ["/rules"],
  PUBLIC_URL: [
    "http://example.com",
    "http://localhost.example.com",
    "bot.example.com",
    "https://e.com/?a",
    "https://e.com/#",
  ],
  WEBHOOK_SECRET: ["a b", "тайна", "a".repeat(257), "a.b"],
  MAX_BOT_TOKEN: ["Bearer f9LHodD0cOJ-_4fdKe", "short", "токен-токен-токен"],
  MAX_WEBHOOK_SECRET: ["a b", "1234", "a".repeat(257), "a.bcd"],
  MAX_API_URL: ["platform-api2.max.ru", "ftp://x", "https://x/?a=1"],
  MAX_NOTICES: ["on", "off", "at once, please"],
  MAX_CA: ["root.pem\nother.pem"],
  YCLIENTS_WEBHOOK_SECRET: ["short", "0123456789abcde/", "0123456789abcde"],
  BONUS_PERCENT: ["0", "0.00", "100.01", "1.555", "1.500", "-1", "1%", "1e1", "one"],
  EARN_ON: ["goods", "services,", "all"],
  EARN_WHEN: ["always"],
  PAID_BY: ["cash"],
  CARD_COLOR: ["#fff", "green", "#0b3d2e80", "rgb(1,2,3)", "##0b3d2e", "#0b3d2g"],
  CARD_LOGO: ["logo.png\nother.png"],
  PROGRAM_START: ["2026-02-29", "2026-13-01", "2026-9-1", "01.09.2026", "1026-09-01", "2026-09-01T00:00"],
  LEVELS: [
    ...["0:1", "1:1,2:2", "0:1,50000:3,50000:5", "0:1,50000:3,40000:5", "0:3,50000:1", "0:1,50000:1"],
    ...["0:0,30000:5", "0:1,50000:101", "0:1,50000", "0:1;50000:3", "0:1,,50000:3", "0:1,50 000:3", "3,5"],
    ...["0:1,50000:3,", "0:1,1e5:3", "0:1,-5:3", "0:1,50000:1.005"],
    Array.from({ length: 11 }, (_, at) => `${at}:${at + 1}`).join(","),
  ],
  LEVELS_OVER: ["off", "0 months", "121 months", "12", "a year", "30 days", "1.5 months"],
  POINTS_LIVE: ["0 months", "121 months", "0 days", "3651 days", "12", "a year", "-1 months", "1.5 months"],
  WELCOME_LIVE: ["30", "2 weeks", "12 months 3 days"],
  BIRTHDAY_LIVE: ["days", "all", "monthss"],
  WELCOME_POINTS: ["0", "1000000.01", "1,000", "-5", "on"],
  BIRTHDAY_POINTS: ["0.00", "5%", "none"],
  FRIEND_POINTS: ["300", "0:0", "300:200:100", "300:", ":", "300:-1", "300:1000001", "300;200", "1,000:5"],
  FRIEND_AFTER: ["0 days", "61 days", "3", "off", "1 week", "1.5 days"],
  FRIEND_LEAST_BILL: ["0", "1000001", "1,000", "1000 roubles"],
  FRIEND_A_MONTH: ["0", "1001", "off", "2.5"],
  FRIEND_A_YEAR: ["0", "10001", "all"],
  SPEND_STEP: ["0", "1000001", "12.5", "100 points"],
  SPEND_LEAST_BILL: ["0", "1000000.01", "-1", "1,000"],
  SPEND_ON: ["goods", "all", "off"],
  CARD_DAILY_ACTS: ["0", "101", "1.5", "twice"],
  SPEND_MAX_PERCENT: ["0", "101", "50.5", "50%"],
  ADMIN_DAILY_LIMIT: ["0", "1000000.01", "1,000", "-5", "none"],
  SECOND_ADMIN_ABOVE: ["1000001", "1.005"],
  SYNC_CRON: ["* * * * *", "60 * * * * *", "* * * * * * *", "@daily", "* * 24 * * *", "* * * * * 8"],
  NOTIFY_CRON: ["*/0 * * * * *", "*/61 * * * * *", "5/10 * * * * *", "5-1 * * * * *", "? * * * * *"],
  SWEEP_CRON: [
    "0 0 0 0 * *",
    "0 0 0 * foo *",
    "0 0 0 * 13 *",
    "0 0 0 * * jan",
    "0 0 L * * *",
    "0 0 0 *-5 * *",
    "0 0 0 5/10 * *",
    "0 0 0 30 2 *",
    "0 0 0 * * L",
    "* * , * * *",
  ],
  SETTLE_SECONDS: ["-1", "3601", "1.5", "30s"],
  QUIET_HOURS: [
    "22:00",
    "24:00-09:00",
    "22-9",
    "10:00-10:00",
    "22:00-09:00-10:00",
    "22:00-09:00-x",
    "22:60-09:00",
  ],
  DIGEST_AT: ["21", "9pm", "24:00"],
  STATEMENTS: ["yes", "on,proof"],
  SPEND_SETTLES: ["yes", "off,on"],
  SETTLE_CARD_TYPE: ["0", "VIP", "1.5"],
  YCLIENTS_REQUESTS_PER_MINUTE: ["0", "100001"],
  TELEGRAM_API_ROOT: ["api.telegram.org", "ftp://x", "https://x/?a=1"],
  YCLIENTS_API_URL: ["api", "https://x/#y"],
  NODE_EXTRA_CA_CERTS: ["roots.pem\nmore.pem"],
  HOST: ["http://x", "a b"],
  PORT: ["65536", "-1", "http", "80.5", "0x50"],
  METRICS_TOKEN: ["a b"],
  LOG_LEVEL: ["verbose"],
};

test("every setting has something it refuses", () => {
  expect(Object.keys(bad).sort()).toEqual([...settingNames].sort());
});

test.each(Object.entries(bad).flatMap(([name, texts]) => texts.map((text) => [name, text] as const)))(
  "%s refuses %p in one sentence",
  (name, text) => {
    const lines = mistakes(() => read({ [name]: text })).join("\n");
    const isSecret = /TOKEN|SECRET|DATABASE/.test(name);
    if (isSecret || text.includes("u:p@"))
      expect(lines).toStartWith(`${name} cannot be used as it is: write `);
    else expect(lines).toStartWith(`${name} is "${text.slice(0, 3)}`);
    expect(lines).toContain(": write ");
    expect(lines).toMatch(/^[^\n]+\.$/);
  },
);

test.each([
  "postgres://u:p@db/x",
  "postgresql://u:p%40%2F@db:5432/x?sslmode=require",
  "postgresql+asyncpg://u:p@db:5432/x?prepared_statement_cache_size=0",
  "postgres://u:p@ss@db/x",
  "postgres://u:p@a:5432,b:5433/x?target_session_attrs=read-write",
  "postgres://u:p@%2Ftmp%2Fsocket:5432/x",
  "postgres://u@[::1]:5432/x",
  "postgres://u@127.0.0.1",
  "postgres://u:p@/x?host=/cloudsql/project:region:name",
  "postgres://u:p@/x?sslmode=require&hostaddr=127.0.0.1",
])("%s is kept as written, and can be connected to", async (url) => {
  expect(read({ DATABASE_URL: url }).databaseUrl).toBe(url);
  await connect(url).end();
});

test("whatever database address is taken, connecting to it throws nothing", async () => {
  const part = fc.string({ unit: fc.constantFrom(..."ab1:@/?#%[],=&+. ") });
  await fc.assert(
    fc.asyncProperty(part, async (rest) => {
      const url = `postgres://${rest}`;
      if (
        mistakes(() => readConfig({ DATABASE_URL: url }, { secretsFolder: nowhere, only: ["databaseUrl"] }))
          .length
      )
        return;
      await connect(url.trim(), { max: 1 }).end();
    }),
    { numRuns: 2000 },
  );
});

test("an environment variable comes before its file, and that before the secret", () => {
  const secrets = files({ HOST: " secret\n", PORT: "1" });
  const file = join(files({ host: "\uFEFFfile\r\n" }), "host");
  expect(read({}, secrets).host).toBe("secret");
  expect(read({ HOST_FILE: file }, secrets).host).toBe("file");
  expect(read({ HOST: " env\t", HOST_FILE: file }, secrets).host).toBe("env");
  expect(read({ PORT: "2" }, secrets).port).toBe(2);
});

test("an empty value is not set, wherever it is", () => {
  const place = files({ HOST: "secret", empty: " \n" });
  expect(read({ HOST: " ", HOST_FILE: "" }, place).host).toBe("secret");
  expect(read({ HOST: "", HOST_FILE: join(place, "empty") }, place).host).toBe("secret");
  expect(read({ PORT: "" }, files({ PORT: "" })).port).toBe(8000);
  expect(mistakes(() => read({ COMPANY_ID: " " }))).toEqual([
    expect.stringMatching(/^COMPANY_ID is not set: /),
  ]);
});

test("a file that cannot be read is a mistake, and one that is not needed is not looked at", () => {
  const place = files({});
  mkdirSync(join(place, "PORT"));
  const env = { HOST_FILE: join(place, "missing"), DATABASE_URL: "", DATABASE_URL_FILE: "a\0b" };
  expect(mistakes(() => read(env, place))).toEqual([
    expect.stringMatching(
      /^DATABASE_URL_FILE names a file that cannot be read \(\w+\): write the path .*\.$/,
    ),
    expect.stringMatching(/^HOST_FILE names a file that cannot be read \(ENOENT\): write the path .*\.$/),
    expect.stringMatching(/^PORT is a secret that cannot be read \(EISDIR\): make it a file .*\.$/),
  ]);
  expect(read({ ...env, HOST: "h", DATABASE_URL: needed.DATABASE_URL, PORT: "1" }, place).host).toBe("h");
});

test("a secrets folder that is not there, or is a file, holds nothing", () => {
  expect(read({}, join(files({ x: "" }), "x"))).toEqual(read({}));
});

test("all mistakes are told together, a line each, in the contract's order", () => {
  const env = {
    ...needed,
    YCLIENTS_USER_TOKEN: undefined,
    COMPANY_ID: "a,b,c",
    PORT: "x",
    LOG_LEVEL: "loud",
  };
  expect(
    mistakes(() => readConfig(env, { secretsFolder: nowhere })).map((line) => line.split(":")[0]),
  ).toEqual([
    "YCLIENTS_USER_TOKEN is not set",
    'COMPANY_ID is "a,b,c"',
    'PORT is "x"',
    'LOG_LEVEL is "loud"',
  ]);
});

test("a proof whose number nobody would be sent is a mistake", () => {
  const both = { ...needed, STATEMENTS: "proof", DIGEST_AT: "off" };
  expect(() => readConfig(both, { secretsFolder: nowhere })).toThrow(
    'STATEMENTS is "proof" and DIGEST_AT is "off": write a time of the day there, or `on` here.',
  );
  expect(readConfig({ ...both, DIGEST_AT: "21:00" }, { secretsFolder: nowhere }).statements).toBe("proof");
  expect(readConfig(both, { only: ["statements"], secretsFolder: nowhere }).statements).toBe("proof");
});

test("with nothing set, the required settings are named and nothing else", () => {
  const lines = mistakes(() => readConfig({}, { secretsFolder: nowhere }));
  expect(lines.map((line) => line.split(" ")[0])).toEqual(Object.keys(needed));
  for (const line of lines) expect(line).toMatch(/ is not set: write .*for example .*\.$/);
});

test("no secret is repeated, and no path that may be one", () => {
  const secret = "Tr0ub4dor & <3";
  for (const name of settingNames.filter((one) => /TOKEN|SECRET|DATABASE/.test(one)))
    expect(mistakes(() => read({ [name]: `\n${secret.repeat(80)}` })).join()).not.toContain("Tr0ub4dor");
  for (const name of settingNames) {
    const told = mistakes(() => read({ [name]: "", [`${name}_FILE`]: secret }));
    expect([told.length, told.join().includes("Tr0ub4dor")]).toEqual([1, false]);
  }
});

test("what is shown back is short and one line, and commands no terminal", () => {
  const told = (text: string) => mistakes(() => read({ EARN_WHEN: text })).join("\n");
  expect(told("paid\nPORT is not set: write 1")).toStartWith(
    'EARN_WHEN is "paid\\u{a}PORT is not set: write 1": write',
  );
  expect(told("\u001b[2J\u202epaid\u0007")).toStartWith(
    'EARN_WHEN is "\\u{1b}[2J\\u{202e}paid\\u{7}": write ',
  );
  expect(told("оплачен ".repeat(500))).toBe(
    `EARN_WHEN is "${"оплачен ".repeat(5)}…": write \`paid\` or \`arrived\`.`,
  );
  expect(told("💈".repeat(99))).toContain(`"${"💈".repeat(40)}…"`);
});

test("a value that cannot be used is shown back, and whatever may be a secret is not, wherever it was put", () => {
  const told = (env: Env) => mistakes(() => read(env)).join("\n");
  expect(told({ BONUS_PERCENT: "abc" })).toBe(
    'BONUS_PERCENT is "abc": write a percent above 0 and up to 100 with at most two decimals, for example 1.5.',
  );
  expect(told({ PORT: "80000" })).toStartWith('PORT is "80000": write ');
  expect(told({ EARN_WHEN: "оплачен" })).toStartWith('EARN_WHEN is "оплачен": ');
  expect(told({ COMPANY_ID: "198823; 198824" })).toStartWith('COMPANY_ID is "198823; 198824": ');
  expect(told({ POLICY_URL: "example.com/policy" })).toStartWith('POLICY_URL is "example.com/policy": ');
  const login = "http://owner:hunter2@db/x";
  const secrets = [
    "123456789:AAExampleExampleExampleExampleExampl",
    ...[login, "0123456789abcdef0123456789abcdef", "sk-live-4eC39HqLyjWDarjt", "abcd1234efgh5678"],
  ];
  for (const name of settingNames)
    for (const secret of secrets) {
      // Some are right where they are tried: what is said of others says nothing of them.
      expect([name, mistakes(() => read({ [name]: secret })).join()]).toEqual([
        name,
        expect.not.stringContaining(secret),
      ]);
    }
  for (const [name, text] of [
    ["FATHERBOT_TOKEN", "short"],
    ["YCLIENTS_USER_TOKEN", "zwei Wörter"],
    ["DATABASE_URL", "mysql"],
    ["WEBHOOK_SECRET", "my secret"],
    ["YCLIENTS_WEBHOOK_SECRET", "short"],
    ["METRICS_TOKEN", "my secret"],
  ] as const)
    expect(told({ [name]: text })).not.toContain(text);
  // The token of YCLIENTS, put in the place of the branch, also by whoever reads that place alone.
  expect(told({ COMPANY_ID: needed.YCLIENTS_USER_TOKEN })).not.toContain(needed.YCLIENTS_USER_TOKEN);
  const env = { ...needed, LOG_LEVEL: `User ${needed.YCLIENTS_USER_TOKEN}` };
  expect(mistakes(() => readConfig(env, { secretsFolder: nowhere, only: ["logLevel"] })).join()).toStartWith(
    "LOG_LEVEL cannot be used as it is: write",
  );
});

test("a name with a slip in it is told beside the setting that it leaves unset", () => {
  const { FATHERBOT_TOKEN: token, ...rest } = needed;
  const told = (env: Env) => mistakes(() => readConfig(env, { secretsFolder: nowhere })).join("\n");
  expect(told({ ...rest, FATHERBOT_TOKN: token })).toEndWith(
    " FATHERBOT_TOKN is set: FATHERBOT_TOKEN may be meant.",
  );
  expect(told({ ...rest, FATHERBOT_TOKN_FILE: "/x" })).toEndWith(
    " FATHERBOT_TOKN_FILE is set: FATHERBOT_TOKEN_FILE may be meant.",
  );
  expect(told(rest)).not.toContain("may be meant");
});

test("names near ours are known for what they are meant to be; the rest of the environment is let alone", () => {
  const near = (...names: string[]) =>
    nearMisses(Object.fromEntries(names.map((name) => [name, "x"])), nowhere).map(
      ({ name, meant }) => `${name} ${meant}`,
    );
  for (const [name, meant] of [
    ["FATHERBOT_TOKN", "FATHERBOT_TOKEN"],
    ["fatherbot_token", "FATHERBOT_TOKEN"],
    ["FATHERBOT-TOKEN", "FATHERBOT_TOKEN"],
    ["FATHERBTO_TOKEN", "FATHERBOT_TOKEN"],
    ["COMPANY_IDS", "COMPANY_ID"],
    ["ADMIN_IDS", "ADMINS_IDS"],
    ["OWNER_ID", "OWNER_IDS"],
    ["BONUS_PERCENTS_FILE", "BONUS_PERCENT_FILE"],
    ["DATABSE_URL_FILE", "DATABASE_URL_FILE"],
    ["BONUS_PERCNT", "BONUS_PERCENT"],
    ["CARD_COLOUR", "CARD_COLOR"],
    // Further off, but nobody else's: it begins as ours do.
    ["BONUS_PERCENTAGE", "BONUS_PERCENT"],
    ["YCLIENTS_TOKEN", "YCLIENTS_USER_TOKEN"],
    ["YCLIENTS_PARTNER", "YCLIENTS_PARTNER_TOKEN"],
    ["YCLIENTS_SECRET_FILE", "YCLIENTS_WEBHOOK_SECRET_FILE"],
    ["ADMIN_LIMIT", "ADMIN_DAILY_LIMIT"],
    ["FATHERBOT_TOKEN\u001b", "FATHERBOT_TOKEN"],
  ] as const)
    expect(near(name)).toEqual([`${name.replace("\u001b", "?")} ${meant}`]);
  expect(
    near(
      ...[
        "PATH",
        "HOME",
        "HOSTNAME",
        "PORTS",
        "POST",
        "PGHOST",
        "LANG",
        "USER",
        "BUN_INSTALL",
        "DB_URL",
        "TOKEN",
      ],
      ...["DATABASE_URL", "DATABASE_URL_FILE", "PGPASSFILE", "HTTP_PROXY", "TZ", "SSL_CERT_FILE", "PWD", "_"],
      ...[
        "TELEGRAM_API_ID",
        "TELEGRAM_API_HASH",
        "TELEGRAM_TOKEN",
        "DATABASE_USER",
        "DATABASE_HOST",
        "LOG_FILE",
      ],
      ...[
        "NODE_ENV",
        "NODE_OPTIONS",
        "ADMIN_PASSWORD",
        "WEBHOOK_URL",
        "PUBLIC_HOST",
        "COMPANY_NAME",
        "YCLIENTS_",
      ],
      ...[
        "LOYALTY_IMAGE",
        "POSTGRES_PASSWORD",
        "METRICS_PORT",
        "SUPPORT_EMAIL",
        "BONUS",
        "YCLIENTS",
        "FILE",
        "_FILE",
      ],
    ),
  ).toEqual([]);
  // Not meant: the setting is there under its own name.
  expect(near("LOGLEVEL", "LOG_LEVEL")).toEqual([]);
  expect(near("LOGLEVEL", "LOG_LEVEL_FILE")).toEqual([]);
  expect(nearMisses({ COMPANY_IDS: " " }, nowhere)).toEqual([]);
});

test("a secret whose file has a slip in its name is said by its path; other secrets are nobody's business", () => {
  const secrets = files({ BONUS_PERCNT: "5", POSTGRES_PASSWORD: "x", MIGRATE_DATABSE_URL: "y", PORT: "1" });
  expect(nearMisses({}, secrets)).toEqual([
    { name: join(secrets, "BONUS_PERCNT"), meant: "BONUS_PERCENT" },
    { name: join(secrets, "MIGRATE_DATABSE_URL"), meant: "MIGRATE_DATABASE_URL" },
  ]);
  // Not meant: the setting itself is there, in the environment or as a secret.
  expect(
    nearMisses({ BONUS_PERCENT: "1", COMPANY_IDS: "2" }, files({ BONUS_PERCNT: "5", COMPANY_ID: "2" })),
  ).toEqual([]);
  expect(mistakes(() => readConfig({}, { secretsFolder: files({ FATHERBOT_TOKN: "1:a" }) }))[0]).toEndWith(
    "FATHERBOT_TOKN is set: FATHERBOT_TOKEN may be meant.",
  );
});

test("a part that needs little asks for little", () => {
  const env = { DATABASE_URL: needed.DATABASE_URL, PORT: "wrong", HOST_FILE: "/no/such/file" };
  const only = ["databaseUrl", "migrateDatabaseUrl", "logLevel"] as const;
  expect(readConfig(env, { secretsFolder: nowhere, only })).toEqual({
    databaseUrl: needed.DATABASE_URL,
    migrateDatabaseUrl: needed.DATABASE_URL,
    logLevel: "info",
  });
  expect(mistakes(() => readConfig({}, { secretsFolder: nowhere, only }))).toHaveLength(1);
  const { ownerIds } = readConfig({ ADMINS_IDS: "11, 22" }, { secretsFolder: nowhere, only: ["ownerIds"] });
  expect(ownerIds).toEqual(["telegram:11", "telegram:22"]);
});

test("the derived webhook secret is what Telegram takes, and follows the token", () => {
  expect(read({}).webhookSecret).toMatch(/^[\w-]{1,256}$/);
  expect(read({}).webhookSecret).toBe(read({ PORT: "1" }).webhookSecret);
  expect(read({}).webhookSecret).not.toBe(read({ FATHERBOT_TOKEN: "1:a" }).webhookSecret);
});

test("without a bot in MAX there is no secret of its webhook; with one it is what MAX takes, and follows the token", () => {
  const [one, two] = ["f9LHodD0cOJ-one-of-them", "f9LHodD0cOJ-the-other-one"];
  const { maxWebhookSecret } = read({ MAX_BOT_TOKEN: one });
  expect(maxWebhookSecret).toMatch(/^[\w-]{5,256}$/);
  expect(maxWebhookSecret).not.toBe(one); // nobody who sees the one may speak as the bot
  expect(read({ MAX_BOT_TOKEN: one }).maxWebhookSecret).toBe(maxWebhookSecret);
  expect(read({ MAX_BOT_TOKEN: two }).maxWebhookSecret).not.toBe(maxWebhookSecret);
  expect(read({ MAX_BOT_TOKEN: one, MAX_WEBHOOK_SECRET: "written" }).maxWebhookSecret).toBe("written");
});

test("junk ends in an OperatorError or in a config, never in anything else", () => {
  const names = settingNames.flatMap((name) => [name, `${name}_FILE`]);
  const hint = fc.constantFrom(
    "off",
    "__proto__",
    "constructor",
    "postgres://",
    "https://",
    "http://[",
    "%",
    "::",
  );
  const junk = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    hint,
    fc.tuple(hint, fc.string()).map((s) => s.join("")),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), junk), (env) => {
      for (const line of mistakes(() => read(env))) expect(line).toMatch(/^[A-Z_]+ .+\.$/);
    }),
    { numRuns: 1000 },
  );
});
