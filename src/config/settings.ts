// Every setting, declared once: the config's type, what `check` says, .env.example and the table of the papers follow from it.

import { networkSettings } from "./network-settings.ts";
import { programmeSettings } from "./programme-settings.ts";
import * as v from "./values.ts";

/** Addresses have no trailing slash; points and percents are hundredths; null is what is switched off or not there. */
export const settings = {
  telegramToken: v.required(
    "FATHERBOT_TOKEN",
    v.readText(/^\d+:[\w-]+$/),
    "the bot's token from BotFather",
    "the bot's token from BotFather, for example 123456789:AAExampleExampleExampleExampleExample",
  ),
  yclientsPartnerToken: v.required(
    "YCLIENTS_PARTNER_TOKEN",
    v.readText(/^[\x21-\x7e]+$/),
    "the partner's token of the YCLIENTS API, without `Bearer`",
    "the partner's token alone, without `Bearer`, as the developer's account at https://yclients.com/appstore/developers shows it, for example abcd1234efgh5678ijkl",
  ),
  yclientsUserToken: v.required(
    "YCLIENTS_USER_TOKEN",
    v.readText(/^[\x21-\x7e]+$/),
    "the user's token of the YCLIENTS API, without `User`",
    "the user's token alone, without `User`, as `loyalty-bot token` prints it, for example 0123456789abcdef0123456789abcdef",
  ),
  databaseUrl: v.required(
    "DATABASE_URL",
    v.readDatabaseUrl,
    "PostgreSQL 14 or newer, `postgresql://user:password@host:5432/database`",
    v.databaseHint("address of the database"),
  ),
  companyIds: v.required(
    "COMPANY_ID",
    v.readIds,
    "the branch's id in YCLIENTS; several with commas for a chain",
    "the branch's id in YCLIENTS, or several with commas, for example 123456",
  ),
  adminIds: v.list(
    "ADMINS_IDS",
    v.readAccounts,
    "who is an admin at the till whatever is done in the chat: Telegram ids with commas, as the bot's /id tells them (`501`, `telegram:501`), and those of MAX (`max:501`)",
    "the ids of the admins with commas, as the bot's /id tells them, for example 123456789,max:987654321",
    "those whom owners take on by /staff",
  ),
  ownerIds: v.optional(
    "OWNER_IDS",
    v.readAccounts,
    "who is an owner whatever is done in the chat: alarms, digest, statistics, export, second confirmations, /staff",
    "the ids of the owners with commas, as the bot's /id tells them, for example 123456789,max:987654321",
    "`ADMINS_IDS`; where that is not set either, whoever opens the link that `serve` prints",
  ),
  legalName: v.optional(
    "LEGAL_NAME",
    v.readText(/^.{1,1000}$/s),
    "who processes personal data, for the consent: name, INN, address, e-mail. `check` fails without it",
    "who processes personal data in at most 1000 characters, for example ИП Иванова А. А., ИНН 770000000000, Москва, ул. Мира, 1, salon@example.com",
  ),
  policyUrl: v.optional(
    "POLICY_URL",
    v.readPage,
    "the privacy policy's page",
    "the privacy policy's page, for example https://example.com/policy",
  ),
  rulesUrl: v.optional(
    "RULES_URL",
    v.readPage,
    "the page with the programme's rules",
    "the page with the programme's rules, for example https://example.com/rules",
  ),
  bookUrl: v.optional(
    "YCLIENTS_BOOK_URL",
    v.readPage,
    "the booking page, for the bot's button",
    "the booking page, for example https://n123456.yclients.com",
  ),
  mapUrl: v.optional(
    "COMPANY_YMAPS_LINK",
    v.readPage,
    "the page on the map, for the bot's button",
    "the page on the map, for example https://yandex.ru/maps/org/123456789",
  ),
  supportPhone: v.optional(
    "SUPPORT_PHONE",
    v.readText(/^(?=.{3,40}$)(\D*\d){3}.*$/),
    "the phone that clients may call",
    "a phone in one line, for example +7 999 123-45-67",
  ),
  /** `#rrggbb`. */
  cardColor: v.optional(
    "CARD_COLOR",
    v.readColour,
    'the colour of the card, the code at the desk and the poster: `"#RRGGBB"`, in quotes or without `#`, which begins a comment in `.env`; writing on it is light or dark as it is read better',
    'a colour as "#RRGGBB", in quotes or without the #, for example 0b3d2e',
    "our own",
  ),
  /** A path. Read when the program starts, by `picture/logo.ts`. */
  cardLogo: v.optional(
    "CARD_LOGO",
    v.readText(/^.{1,300}$/),
    'the path of the salon\'s logo for the same pictures: PNG, JPEG or SVG, at most 1 MB and 2000 pixels a side; what would not be seen on the colour stands on a plate. In a container mount the file too, for example `volumes: ["./logo.png:/logo.png:ro"]`',
    "the path of a PNG, JPEG or SVG, for example /logo.png",
  ),
  programStart: v.optional(
    "PROGRAM_START",
    v.readDay,
    "visits before this day (`YYYY-MM-DD`) earn nothing",
    "a day of this century as YYYY-MM-DD, for example 2026-09-01",
    "the day of the first start",
  ),
  ...programmeSettings,
  settleMs: v.or(
    "SETTLE_SECONDS",
    v.readWhole(0, 3600, 1_000),
    "a change by a visit waits this long before it is told, so that a burst is one message",
    "a whole number of seconds from 0 to 3600, for example 30",
    "30",
  ),
  quietHours: v.or(
    "QUIET_HOURS",
    v.off(v.readHours),
    "when changes by visits are not told, in the branch's zone, or `off`; the till is always told at once",
    "two different times of the day, for example 22:00-09:00, or `off`",
    "22:00-09:00",
  ),
  /** Minutes from midnight in the branch's zone. */
  digestAt: v.or(
    "DIGEST_AT",
    v.off(v.readMinute),
    "the evening message to owners, in the branch's zone, or `off`",
    "a time of the day, for example 21:00, or `off`",
    "21:00",
  ),
  /** `on` offers it; `proof` gives it a path to the day's root too. */
  statements: v.or(
    "STATEMENTS",
    v.readWord(["off", "on", "proof"]),
    "whether clients are offered a statement of their card: `off` (whoever writes /statement has one all the same), `on` (in the menu and under the history), or `proof`: each statement then carries a proof that can be checked on any phone against a number in the evening message (`DIGEST_AT`)",
    "`off`, `on` or `proof`",
    "off",
  ),
  /** `mirror` is known, and refused with its reason. */
  settles: v.or(
    "SPEND_SETTLES",
    v.readWord(["off", "on", "mirror"]),
    "whether spent points pay a part of their visit in the journal: `off`, or `on`, in each branch whose trial has passed (`loyalty-bot settle try`, docs/settling.md)",
    "`off` or `on`",
    "off",
  ),
  /** Null: a branch has one kind. */
  settleCardType: v.optional(
    "SETTLE_CARD_TYPE",
    v.readWhole(1, 2_147_483_647),
    "the number of the kind of card that is kept for `SPEND_SETTLES` in YCLIENTS, where a branch has several kinds",
    "a whole number, as `loyalty-bot settle try` lists them, for example 555",
    "the branch's only kind",
  ),
  syncCron: v.or(
    "SYNC_CRON",
    v.readCron,
    "when changed records are read; six fields, seconds first, in UTC",
    v.cronHint("0 * * * * *", "every minute"),
    "0 * * * * *",
  ),
  notifyCron: v.or(
    "NOTIFY_CRON",
    v.readCron,
    "when messages that are due are sent; what is done at the till goes at once",
    v.cronHint("*/5 * * * * *", "every five seconds"),
    "*/5 * * * * *",
  ),
  sweepCron: v.or(
    "SWEEP_CRON",
    v.readCron,
    "when the last fourteen days are read again, in UTC",
    v.cronHint("0 30 1 * * *", "at 01:30"),
    "0 30 1 * * *",
  ),
  yclientsPerMinute: v.or(
    "YCLIENTS_REQUESTS_PER_MINUTE",
    v.readWhole(1, 100_000),
    "request budget of the whole deployment towards YCLIENTS",
    "a whole number from 1 to 100000, for example 150",
    "150",
  ),
  ...networkSettings,
  migrateDatabaseUrl: v.optional(
    "MIGRATE_DATABASE_URL",
    v.readDatabaseUrl,
    "the role that owns the tables, when the program itself runs on a lesser one",
    v.databaseHint("address of the same database for the role that owns the tables"),
    "`DATABASE_URL`",
  ),
  logLevel: v.or(
    "LOG_LEVEL",
    v.readWord(["trace", "debug", "info", "warn", "error", "fatal", "silent"]),
    "`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`",
    "`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`",
    "info",
  ),
};

type Declared = typeof settings;
type ValueOf<S> = S extends { read: v.Read<infer T>; kind: infer Kind }
  ? T | (Kind extends "optional" ? null : never)
  : never;

export type SettingKey = keyof Declared;
export type SettingName = Declared[SettingKey]["name"];
/** The settings as they are written, each by its own. */
export type Written = { [K in SettingKey]: ValueOf<Declared[K]> };

export const settingKeys = Object.keys(settings) as SettingKey[];
export const settingNames = settingKeys.map((key) => settings[key].name);
