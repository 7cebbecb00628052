// What the program is told to be: settings found in their three places, checked together, and handed on as one object.

import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { Mistake } from "../errors.ts";
import type { QuietHours } from "../rules/time.ts";
import type { Terms } from "../visits/visit.rule.ts";
import { type NearMiss, nearMisses } from "./near.ts";
import { hintOf, type SettingName, type Settings, secretNames, settingNames, settings } from "./settings.ts";

export { nearMisses } from "./near.ts";
export { describeSettings } from "./settings.ts";

/** Addresses have no trailing slash; points and percents are hundredths; null is what is switched off or not there. */
export interface Config {
  telegramToken: string;
  yclientsPartnerToken: string;
  yclientsUserToken: string;
  /** As written; `connect` takes every form of it. */
  databaseUrl: string;
  migrateDatabaseUrl: string;
  companyIds: number[];
  adminIds: number[];
  ownerIds: number[];
  bookUrl: string | null;
  mapUrl: string | null;
  supportPhone: string | null;
  legalName: string | null;
  policyUrl: string | null;
  rulesUrl: string | null;
  /** Null means long polling. */
  publicUrl: string | null;
  webhookSecret: string;
  yclientsWebhookSecret: string | null;
  terms: Terms;
  /** `YYYY-MM-DD`; null means the day of the first start. */
  programStart: string | null;
  /** Whole percent, unlike the terms'. */
  spendMaxPercent: number;
  adminDailyLimit: number | null;
  secondAdminAbove: number | null;
  syncCron: string;
  notifyCron: string;
  sweepCron: string;
  settleMs: number;
  quietHours: QuietHours | null;
  /** Minutes from midnight in the branch's zone. */
  digestAt: number | null;
  yclientsPerMinute: number;
  telegramApiRoot: string;
  yclientsApiUrl: string;
  /** A path. Bun itself reads the file as it starts; here it is for `check`. */
  extraCaCerts: string | null;
  host: string;
  port: number;
  metricsToken: string | null;
  logLevel: string;
}

/** What a part of the config is made of. */
interface Part<T> {
  names: readonly SettingName[];
  make: (settings: Settings) => T;
}

const parts: { [K in keyof Config]: Part<Config[K]> } = {
  telegramToken: as("FATHERBOT_TOKEN"),
  yclientsPartnerToken: as("YCLIENTS_PARTNER_TOKEN"),
  yclientsUserToken: as("YCLIENTS_USER_TOKEN"),
  databaseUrl: as("DATABASE_URL"),
  migrateDatabaseUrl: of(
    ["MIGRATE_DATABASE_URL", "DATABASE_URL"],
    (s) => s.MIGRATE_DATABASE_URL ?? s.DATABASE_URL,
  ),
  companyIds: as("COMPANY_ID"),
  adminIds: as("ADMINS_IDS"),
  ownerIds: of(["OWNER_IDS", "ADMINS_IDS"], (s) => s.OWNER_IDS ?? s.ADMINS_IDS),
  bookUrl: as("YCLIENTS_BOOK_URL"),
  mapUrl: as("COMPANY_YMAPS_LINK"),
  supportPhone: as("SUPPORT_PHONE"),
  legalName: as("LEGAL_NAME"),
  policyUrl: as("POLICY_URL"),
  rulesUrl: as("RULES_URL"),
  publicUrl: as("PUBLIC_URL"),
  webhookSecret: of(
    ["WEBHOOK_SECRET", "FATHERBOT_TOKEN"],
    (s) => s.WEBHOOK_SECRET ?? derivedSecret(s.FATHERBOT_TOKEN),
  ),
  yclientsWebhookSecret: as("YCLIENTS_WEBHOOK_SECRET"),
  terms: of(["BONUS_PERCENT", "EARN_ON", "EARN_WHEN", "PAID_BY"], (s) => ({
    percent: s.BONUS_PERCENT,
    earnOn: s.EARN_ON,
    earnWhen: s.EARN_WHEN,
    paidBy: s.PAID_BY,
  })),
  programStart: as("PROGRAM_START"),
  spendMaxPercent: as("SPEND_MAX_PERCENT"),
  adminDailyLimit: as("ADMIN_DAILY_LIMIT"),
  secondAdminAbove: as("SECOND_ADMIN_ABOVE"),
  syncCron: as("SYNC_CRON"),
  notifyCron: as("NOTIFY_CRON"),
  sweepCron: as("SWEEP_CRON"),
  settleMs: of(["SETTLE_SECONDS"], (s) => s.SETTLE_SECONDS * 1000),
  quietHours: as("QUIET_HOURS"),
  digestAt: as("DIGEST_AT"),
  yclientsPerMinute: as("YCLIENTS_REQUESTS_PER_MINUTE"),
  telegramApiRoot: as("TELEGRAM_API_ROOT"),
  yclientsApiUrl: as("YCLIENTS_API_URL"),
  extraCaCerts: as("NODE_EXTRA_CA_CERTS"),
  host: as("HOST"),
  port: as("PORT"),
  metricsToken: as("METRICS_TOKEN"),
  logLevel: as("LOG_LEVEL"),
};

function as<N extends SettingName>(name: N): Part<Settings[N]> {
  return of([name], (settings) => settings[name]);
}

/** `make` sees the settings that it names and no others, so that `only` can leave the rest unread. */
function of<N extends SettingName, T>(
  names: readonly N[],
  make: (settings: Pick<Settings, N>) => T,
): Part<T> {
  return { names, make };
}

/** Nobody can guess it without the bot's token, and every replica comes to the same one. */
function derivedSecret(token: string): string {
  return createHmac("sha256", token).update("Telegram webhook").digest("hex");
}

/**
 * The config, read from `env`, from the files that `env` names, and from `secretsFolder` (`/run/secrets`). With `only`,
 * just those parts: settings of other parts may be missing or wrong.
 *
 * Throws a `Mistake` with a line for each setting that is missing or cannot be used. It repeats a value only where neither
 * the setting nor the value is like a secret: any of them may have been put in the wrong place.
 */
export function readConfig<K extends keyof Config = keyof Config>(
  env: Record<string, string | undefined>,
  options: { secretsFolder?: string; only?: readonly K[] } = {},
): Pick<Config, K> {
  const wanted = options.only ?? (Object.keys(parts) as K[]);
  const needed = new Set(wanted.flatMap((key) => parts[key].names));
  const folder = options.secretsFolder ?? "/run/secrets";
  const found = settingNames.filter((name) => needed.has(name)).map((name) => find(name, env, folder));
  const values = check(found, nearMisses(env));
  return Object.fromEntries(wanted.map((key) => [key, parts[key].make(values)])) as Pick<Config, K>;
}

interface Found {
  name: SettingName;
  text?: string;
  /** Why the place that should hold it could not be read: a whole sentence. */
  mistake?: string;
}

/** The first of the three places that holds more than white space. */
function find(name: SettingName, env: Record<string, string | undefined>, folder: string): Found {
  const written = env[name]?.trim();
  if (written) return { name, text: written };
  const named = env[`${name}_FILE`]?.trim();
  const fromNamed = named ? read(named) : {};
  if (fromNamed.error) {
    const advice = `write the path of a file that holds ${name}, for example /run/secrets/${name}`;
    return {
      name,
      mistake: `${name}_FILE names a file that cannot be read (${fromNamed.error}): ${advice}.`,
    };
  }
  if (fromNamed.text) return { name, text: fromNamed.text };
  const secret = read(join(folder, name));
  if (secret.text) return { name, text: secret.text };
  if (!secret.error || isAbsent(secret.error)) return { name };
  const advice = "make it a file that the program's user may read, or take it away";
  return { name, mistake: `${name} is a secret that cannot be read (${secret.error}): ${advice}.` };
}

function isAbsent(error: string): boolean {
  return error === "ENOENT" || error === "ENOTDIR";
}

function read(path: string): { text?: string; error?: string } {
  try {
    return { text: readFileSync(path, "utf8").trim() };
  } catch (error) {
    return { error: error instanceof Error && "code" in error ? String(error.code) : "not a path" };
  }
}

/** Puts what was found through the schema. Settings that were not looked for are not in the answer. */
function check(found: readonly Found[], near: readonly NearMiss[]): Settings {
  const entries = Object.fromEntries(found.map(({ name }) => [name, settings.entries[name]]));
  const texts = Object.fromEntries(found.map(({ name, text }) => [name, text]));
  const result = v.safeParse(v.object(entries), texts);
  const wrong = new Set(result.issues?.map((issue) => issue.path?.[0].key));
  const mistakes = found.flatMap(({ name, text, mistake }) => {
    if (mistake) return [mistake];
    if (!wrong.has(name)) return [];
    const hint = `write ${hintOf(name)}.`;
    if (text) return [`${name} cannot be used as it is: ${hint}${shown(text, found)}`];
    const meant = near.find((one) => one.meant.replace(/_FILE$/, "") === name);
    return [
      `${name} is not set: ${hint}${meant ? ` ${meant.name} is set: ${meant.meant} may be meant.` : ""}`,
    ];
  });
  if (mistakes.length > 0) throw new Mistake(mistakes.join("\n"));
  return result.output as Settings;
}

/** What was written, so that it is found; nothing where it is a secret or may be one in the wrong place. */
function shown(text: string, found: readonly Found[]): string {
  const secrets = found.flatMap((one) => (secretNames.has(one.name) && one.text ? [one.text] : []));
  const short = /^[\p{L}\p{N}\p{P}\p{S} ]{1,40}$/u.test(text);
  // A login in an address, and what no person makes up: a long run with letters and digits in it.
  const likeSecret = /\/\/[^/]*@/.test(text) || /(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{16}|\d{6,}:/i.test(text);
  if (!short || likeSecret || secrets.includes(text)) return "";
  return ` It is "${text}".`;
}
