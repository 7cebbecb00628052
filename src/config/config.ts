// What the program is told to be: settings found in their three places, checked together, and handed on as one object.

import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "../errors.ts";
import { type NearMiss, nearMisses } from "./names.ts";
import { type SettingKey, type SettingName, settingKeys, settings, type Written } from "./settings.ts";

/** Which other setting one follows where it is not written. */
const follows = {
  ownerIds: "adminIds",
  migrateDatabaseUrl: "databaseUrl",
  webhookSecret: "telegramToken",
  maxWebhookSecret: "maxToken",
} as const satisfies Partial<Record<SettingKey, SettingKey>>;
type Follower = keyof typeof follows;

/** Null only where the one that it follows may be. */
export type Config = Omit<Written, Follower> & {
  [K in Follower]: NonNullable<Written[K]> | Extract<Written[(typeof follows)[K]], null>;
};

/**
 * The config, read from `env`, from the files that `env` names, and from `secretsFolder` (`/run/secrets`). With `only`,
 * just those parts: other settings may be missing or wrong.
 *
 * Throws an `OperatorError` with a line for each setting that is missing or cannot be used. It repeats a value only where neither
 * the setting nor the value is like a secret: each of them may have been put in the wrong place.
 */
export function readConfig<K extends keyof Config = keyof Config>(
  env: Record<string, string | undefined>,
  options: { secretsFolder?: string; only?: readonly K[] } = {},
): Pick<Config, K> {
  const wanted: readonly SettingKey[] = options.only ?? settingKeys;
  const needed = new Set(wanted.flatMap((key) => [key, isFollower(key) ? follows[key] : key]));
  const folder = options.secretsFolder ?? "/run/secrets";
  const found = settingKeys.filter((key) => needed.has(key)).map((key) => find(key, env, folder));
  const near = once(() => nearMisses(env, folder));
  const secrets = once(() =>
    settingKeys.filter(isSecret).flatMap((key) => find(key, env, folder).text ?? []),
  );
  const values = valuesOf(found, near, secrets);
  const config = wanted.map((key) => [key, values[key] ?? (isFollower(key) ? followed(key, values) : null)]);
  return Object.fromEntries(config) as Pick<Config, K>;
}

/** What is only asked of a mistake, and then of each. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Whether anything is written for a setting, wherever it may stand; what cannot be read counts. */
export function isSet(env: Record<string, string | undefined>, key: SettingKey): boolean {
  const { text, mistake } = find(key, env, "/run/secrets");
  return text !== undefined || mistake !== undefined;
}

function isFollower(key: SettingKey): key is Follower {
  return key in follows;
}

function followed(key: Follower, values: Written): unknown {
  const value = values[follows[key]];
  const messenger = key === "webhookSecret" ? "Telegram" : key === "maxWebhookSecret" ? "MAX" : null;
  if (messenger === null || value === null) return value;
  // Nobody can guess it without the bot's token, and every replica comes to the same one.
  return createHmac("sha256", String(value)).update(`${messenger} webhook`).digest("hex");
}

interface Found {
  key: SettingKey;
  text?: string;
  /** Why the place that should hold it could not be read: a whole sentence. */
  mistake?: string;
}

/** The first of the three places that holds more than white space. */
function find(key: SettingKey, env: Record<string, string | undefined>, folder: string): Found {
  const { name } = settings[key];
  const written = env[name]?.trim();
  if (written) return { key, text: written };
  const named = env[`${name}_FILE`]?.trim();
  const fromNamed = named ? read(named) : {};
  if (fromNamed.error) {
    const advice = `write the path of a file that holds ${name}, for example /run/secrets/${name}`;
    return {
      key,
      mistake: `${name}_FILE names a file that cannot be read (${fromNamed.error}): ${advice}.`,
    };
  }
  if (fromNamed.text) return { key, text: fromNamed.text };
  const secret = read(join(folder, name));
  if (secret.text) return { key, text: secret.text };
  if (!secret.error || isAbsent(secret.error)) return { key };
  const advice = "make it a file that the program's user may read, or take it away";
  return { key, mistake: `${name} is a secret that cannot be read (${secret.error}): ${advice}.` };
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

/** What was found as values, the defaults among them. Settings that were not looked for are not in the answer. */
function valuesOf(found: readonly Found[], near: () => NearMiss[], secrets: () => string[]): Written {
  const mistakes: string[] = [];
  const values = found.map((one) => {
    const setting = settings[one.key];
    const text = one.text ?? (setting.kind === "default" ? setting.fallback : undefined);
    const value = text === undefined ? undefined : setting.read(text);
    if (one.mistake) mistakes.push(one.mistake);
    else if (text !== undefined && value === undefined)
      mistakes.push(`${setting.name} ${fault(one.key, text, secrets())}: write ${setting.write}.`);
    else if (text === undefined && setting.kind === "required")
      mistakes.push(`${setting.name} is not set: write ${setting.write}.${meant(setting.name, near())}`);
    return [one.key, value ?? (setting.kind === "list" ? [] : null)];
  });
  const { statements, digestAt } = Object.fromEntries(values) as Partial<Written>;
  // Its number goes with that message, and nowhere else.
  if (statements === "proof" && digestAt === null)
    mistakes.push(
      'STATEMENTS is "proof" and DIGEST_AT is "off": write a time of the day there, or `on` here.',
    );
  if (mistakes.length > 0) throw new OperatorError(mistakes.join("\n"));
  return Object.fromEntries(values) as Written;
}

function meant(setting: SettingName, near: readonly NearMiss[]): string {
  const one = near.find(({ meant }) => meant.replace(/_FILE$/, "") === setting);
  return one ? ` ${one.name} is set: ${one.meant} may be meant.` : "";
}

/** Nobody is shown its value, not even whoever wrote it. */
function isSecret(key: SettingKey): boolean {
  return /TOKEN|SECRET|DATABASE/.test(settings[key].name);
}

/** A secret's own place is asked first: a pipe that it came by gives nothing when it is read again for the list. */
function fault(key: SettingKey, text: string, secrets: readonly string[]): string {
  const told = isSecret(key) ? null : shown(text, secrets);
  return told === null ? "cannot be used as it is" : `is "${told}"`;
}

/** So many characters of a value are shown. */
const maxShown = 40;

/** What was written, so that it is found, in one short line; null where it is a secret or may be one in the wrong place. */
function shown(text: string, secrets: readonly string[]): string | null {
  // A login in an address, and what no person makes up: a long run with letters and digits in it.
  const likeSecret = /\/\/[^/]*@/.test(text) || /(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{16}|\d{6,}:/i.test(text);
  const holds = (secret: string) => text === secret || (secret.length > 5 && text.includes(secret));
  if (likeSecret || secrets.some(holds)) return null;
  const letters = [...text];
  const told = letters.length > maxShown ? [...letters.slice(0, maxShown), "…"] : letters;
  return told.map((one) => (/[\p{C}\p{Zl}\p{Zp}]/u.test(one) ? visible(one) : one)).join("");
}

/** A character that could end the line, turn it round or command the terminal, as its number. */
function visible(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
