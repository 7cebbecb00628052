// Every setting by its name: what to write, what it means when it is not written, and how it is read.

import * as v from "valibot";
import {
  ids,
  matched,
  oneOf,
  orOff,
  readApiUrl,
  readCron,
  readDatabaseUrl,
  readDay,
  readHours,
  readMinute,
  readPage,
  readPercent,
  readPoints,
  readPublicUrl,
  readRoot,
  type Text,
  text,
  value,
  whole,
} from "./values.ts";

/** The one schema of all settings: written text in, values out. Each entry's description says what to write. */
export const settings = v.object({
  FATHERBOT_TOKEN: required(
    "the bot's token from BotFather, for example 123456789:AAExampleExampleExampleExampleExample",
    text(/^\d+:[\w-]+$/),
  ),
  YCLIENTS_PARTNER_TOKEN: required(
    "the partner's token alone, without `Bearer`, for example abcd1234efgh5678ijkl",
    text(/^[\x21-\x7e]+$/),
  ),
  YCLIENTS_USER_TOKEN: required(
    "the user's token alone, without `User`, for example 0123456789abcdef0123456789abcdef",
    text(/^[\x21-\x7e]+$/),
  ),
  DATABASE_URL: required(databaseHint("address of the database"), value(readDatabaseUrl)),
  MIGRATE_DATABASE_URL: orNone(
    databaseHint("address of the same database for the role that owns the tables"),
    value(readDatabaseUrl),
  ),
  COMPANY_ID: required("the branch's id in YCLIENTS, or several with commas, for example 123456", ids()),
  ADMINS_IDS: required(
    "the Telegram ids of the admins with commas (the bot's /id tells yours), for example 123456789,987654321",
    ids(),
  ),
  OWNER_IDS: orNone("the Telegram ids of the owners with commas, for example 123456789", ids()),
  YCLIENTS_BOOK_URL: orNone("the booking page, for example https://n123456.yclients.com", value(readPage)),
  COMPANY_YMAPS_LINK: orNone(
    "the page on the map, for example https://yandex.ru/maps/org/123456789",
    value(readPage),
  ),
  SUPPORT_PHONE: orNone(
    "a phone in one line, for example +7 999 123-45-67",
    text(/^(?=.{3,40}$)(\D*\d){3}.*$/),
  ),
  LEGAL_NAME: orNone(
    "who processes personal data in at most 1000 characters, for example ИП Иванова А. А., ИНН 770000000000, Москва, ул. Мира, 1, salon@example.com",
    v.pipe(v.string(), v.maxLength(1000)),
  ),
  POLICY_URL: orNone("the privacy policy's page, for example https://example.com/policy", value(readPage)),
  RULES_URL: orNone(
    "the page with the programme's rules, for example https://example.com/rules",
    value(readPage),
  ),
  PUBLIC_URL: orNone(
    "the address of this service over https, for example https://bot.example.com",
    value(readPublicUrl),
  ),
  WEBHOOK_SECRET: orNone(
    "1 to 256 of the characters A-Z a-z 0-9 _ -, for example the output of `openssl rand -hex 32`",
    text(/^[\w-]{1,256}$/),
  ),
  YCLIENTS_WEBHOOK_SECRET: orNone(
    "16 to 256 of the characters A-Z a-z 0-9 _ - . ~, for example the output of `openssl rand -hex 32`",
    value(orOff((secret) => matched(secret, /^[\w.~-]{16,256}$/))),
  ),
  BONUS_PERCENT: or(
    "1",
    "a percent above 0 and up to 100 with at most two decimals, for example 1.5",
    value(readPercent),
  ),
  EARN_ON: or("services,goods", "`services,goods` or `services`", oneOf(["services,goods", "services"])),
  EARN_WHEN: or("paid", "`paid` or `arrived`", oneOf(["paid", "arrived"])),
  PAID_BY: or("payments", "`payments` or `prices`", oneOf(["payments", "prices"])),
  PROGRAM_START: orNone("a day of this century as YYYY-MM-DD, for example 2026-09-01", value(readDay)),
  SPEND_MAX_PERCENT: or("100", "a whole number from 1 to 100, for example 50", whole(1, 100)),
  ADMIN_DAILY_LIMIT: orNone(
    "points above 0 and up to 1000000, for example 5000, or `off`",
    value(orOff((points) => readPoints(points) || undefined)),
  ),
  SECOND_ADMIN_ABOVE: orNone(
    "points from 0 to 1000000, for example 1000, or `off`",
    value(orOff(readPoints)),
  ),
  SYNC_CRON: or("0 * * * * *", cronHint("0 * * * * *", "every minute"), value(readCron)),
  NOTIFY_CRON: or("*/5 * * * * *", cronHint("*/5 * * * * *", "every five seconds"), value(readCron)),
  SWEEP_CRON: or("0 30 1 * * *", cronHint("0 30 1 * * *", "at 01:30"), value(readCron)),
  SETTLE_SECONDS: or("30", "a whole number of seconds from 0 to 3600, for example 30", whole(0, 3600)),
  QUIET_HOURS: or(
    "22:00-09:00",
    "two different times of the day, for example 22:00-09:00, or `off`",
    value(orOff(readHours)),
  ),
  DIGEST_AT: or("21:00", "a time of the day, for example 21:00, or `off`", value(orOff(readMinute))),
  YCLIENTS_REQUESTS_PER_MINUTE: or(
    "150",
    "a whole number from 1 to 100000, for example 150",
    whole(1, 100_000),
  ),
  TELEGRAM_API_ROOT: or(
    "https://api.telegram.org",
    "the Bot API's address without a token, for example https://api.telegram.org",
    value(readRoot),
  ),
  YCLIENTS_API_URL: or(
    "https://api.yclients.ru/api/v1",
    "the API's address, for example https://api.yclients.ru/api/v1",
    value(readApiUrl),
  ),
  NODE_EXTRA_CA_CERTS: orNone(
    "the path of a file of root certificates, for example /certs/russian-root.pem",
    text(/^.{1,300}$/),
  ),
  HOST: or("0.0.0.0", "an address or a name of this machine, for example 0.0.0.0", text(/^[\w.:-]{1,253}$/)),
  PORT: or("8000", "a whole number from 0 to 65535, for example 8000", whole(0, 65_535)),
  METRICS_TOKEN: orNone(
    "a token without spaces, for example the output of `openssl rand -hex 32`",
    value(orOff((secret) => matched(secret, /^[\x21-\x7e]+$/))),
  ),
  LOG_LEVEL: or(
    "info",
    "`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`",
    oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"]),
  ),
});

export type Settings = v.InferOutput<typeof settings>;
export type SettingName = keyof Settings;
export const settingNames = Object.keys(settings.entries) as SettingName[];

/** The settings that nobody is shown, not even whoever wrote them. */
export const secretNames: ReadonlySet<SettingName> = new Set([
  ...(["FATHERBOT_TOKEN", "YCLIENTS_PARTNER_TOKEN", "YCLIENTS_USER_TOKEN", "METRICS_TOKEN"] as const),
  ...(["DATABASE_URL", "MIGRATE_DATABASE_URL", "WEBHOOK_SECRET", "YCLIENTS_WEBHOOK_SECRET"] as const),
]);

/** What to write for a setting, with an example. It ends without a full stop. */
export function hintOf(name: SettingName): string {
  return v.getDescription(settings.entries[name]) ?? "";
}

/** All settings in the order of the contract. `fallback` is the default as it would be written, null without one. */
export function describeSettings(): {
  name: SettingName;
  required: boolean;
  fallback: string | null;
  hint: string;
}[] {
  return settingNames.map((name) => ({
    name,
    required: !v.is(settings.entries[name], undefined),
    fallback: v.getDefault(settings.entries[name]) ?? null,
    hint: hintOf(name),
  }));
}

function required<S extends Text>(hint: string, schema: S) {
  return v.pipe(schema, v.description(hint));
}

function orNone<S extends Text>(hint: string, schema: S) {
  return v.pipe(v.nullish(schema, null), v.description(hint));
}

/** The default is written as the operator would write it, and read the same way. */
function or<T>(fallback: string, hint: string, schema: Text<T>) {
  return v.pipe(v.optional(schema, fallback), v.description(hint));
}

function databaseHint(whose: string): string {
  return `the ${whose}, with %40, %2F, %23 and %25 for @ / # % in the password, for example postgresql://loyalty:password@db:5432/loyalty`;
}

function cronHint(example: string, meaning: string): string {
  return `six fields for croner, seconds first, for example ${example} (${meaning})`;
}
