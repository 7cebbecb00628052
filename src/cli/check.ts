// `check`: proves every setting and every outside party, a line each, with the remedy beside each fault. Writes nothing.

import {
  branchChecks,
  databaseChecks,
  explain,
  legalCheck,
  logoCheck,
  settlingChecks,
  termsCheck,
} from "../app/checks.ts";
import { maxChecks, spokenBy, telegramChecks } from "../app/messenger-checks.ts";
import { datedTerms } from "../app/terms.ts";
import { telegramFacts } from "../channels/telegram/facts.ts";
import { Staff, type StaffIds } from "../chat/staff.ts";
import { checkTokens } from "../check/branch.ts";
import { type Check, type CheckLine, inTurn, runChecks } from "../check/check.ts";
import { checkJournal } from "../check/journal.ts";
import { checkMaxUnset } from "../check/max.ts";
import { checkWayBack, checkWayThere, proxyOn } from "../check/way.ts";
import { type Config, isSet, readConfig } from "../config/config.ts";
import { nearMisses } from "../config/names.ts";
import { settings } from "../config/settings.ts";
import { factsPool } from "../db/facts.ts";
import { messageOf, OperatorError } from "../errors.ts";
import type { CompanyId } from "../rules/ids.ts";
import { type Company, findCompany } from "../visits/branch.ts";
import type { Shell } from "./commands.ts";
import { askedJournal } from "./journal.ts";

/** Milliseconds: each check's own, and so many more for each branch, which all share one request budget. */
const limitMs = 20_000;
const branchMs = 5_000;

/**
 * All checks that the settings allow, in the order in which whoever installs meets what is missing, and at the end what to
 * do first; 1 when one failed. Warnings are no failures.
 */
export async function check({ env, out }: Shell): Promise<number> {
  const counts = { FAIL: 0, warn: 0, ok: 0, info: 0 };
  let first = "";
  const print = async (line: CheckLine) => {
    counts[line.state] += 1;
    if (line.state === "FAIL" && first === "") first = `Do first: ${line.about}: ${line.remedy}.\n`;
    await out(written(line));
  };
  for (const line of [...settingLines(env), ...nearLines(env)]) await print(line);
  const { checks, branches } = checksOf(env);
  for await (const lines of runChecks(checks, limitMs + branches * branchMs, explain)) {
    for (const line of lines) await print(line);
  }
  const count = (many: number, what: string) => `${many} ${what}${many === 1 ? "" : "s"}`;
  await out(
    `check: ${counts.FAIL ? count(counts.FAIL, "fault") : "ok"}${counts.warn ? `, ${count(counts.warn, "warning")}` : ""}\n${inOneLine(first)}`,
  );
  return counts.FAIL > 0 ? 1 : 0;
}

function written({ state, about, says, remedy }: CheckLine): string {
  const advice = remedy && state !== "ok" ? ` → ${remedy}` : "";
  return inOneLine(`${state.padEnd(4)}  ${about.padEnd(20)}  ${says}${advice}\n`);
}

function inOneLine(text: string): string {
  return text.replace(/[ \t]*[\r\n]+(?=.)/g, " ");
}

/** One line for each setting that is missing or wrong, or one that all is well. */
function settingLines(env: Shell["env"]): CheckLine[] {
  try {
    readConfig(env);
    return [{ state: "ok", about: "settings", says: "all can be read" }];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return messageOf(error)
      .split("\n")
      .map((mistake): CheckLine => {
        const parts = /^(\S+) (is ".*"|.+?): (.+)\.$/.exec(mistake) ?? [];
        const [, about = "settings", says = mistake, remedy = "see docs/reference.md, Settings"] = parts;
        return { state: "FAIL", about, says, remedy };
      });
  }
}

/** A name with a slip in it sets nothing. */
function nearLines(env: Shell["env"]): CheckLine[] {
  return nearMisses(env).map(({ name, meant }) => ({
    ...{ state: "warn", about: name, says: "is set and is no setting, so it is not read" },
    remedy: `call it ${meant} where that is meant`,
  }));
}

/** The checks of a party: whether we are let in at all, which comes first, and the rest. */
interface Party {
  first: Check[];
  next: Check[];
  last: Check[];
}

/** The checks of each party whose settings can be read; a mistake in one party's settings hides no other. */
function checksOf(env: Shell["env"]): { checks: Check[]; branches: number } {
  const part = <K extends keyof Config>(
    party: string,
    only: readonly K[],
    make: (config: Pick<Config, K>) => Partial<Party>,
  ): Party => {
    const none = { first: [], next: [], last: [] };
    try {
      return { ...none, ...make(readConfig(env, { only })) };
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      return { ...none, first: [unasked(party)] };
    }
  };
  let branches = 0;
  const roots = part("NODE_EXTRA_CA_CERTS", ["extraCaCerts"], ({ extraCaCerts }) => ({
    first: extraCaCerts === null ? [] : [rootsCheck(extraCaCerts, env)],
  }));
  const database = part("database", ["databaseUrl", "migrateDatabaseUrl"], (config) => ({
    first: databaseChecks(config),
  }));
  const terms = part("programme", ["databaseUrl", ...datedTerms], (config) => ({
    first: [termsCheck(config)],
  }));
  const telegram = part(
    "Telegram",
    ["telegramToken", "telegramApiRoot", "adminIds", "ownerIds", "publicUrl"],
    (config) => telegramParty(config, env),
  );
  const max = isSet(env, "maxToken")
    ? part("MAX", maxSettings, (config) => maxParty(config, env))
    : { first: maxUnset(env), next: [] };
  const journal = part("YCLIENTS", journalSettings, (config) => {
    // Where spends settle a branch has some requests more.
    branches = config.companyIds.length * (config.settles === "on" ? 3 : 1);
    return journalParty(config, env);
  });
  const legal = part("LEGAL_NAME", ["legalName"], (config) => ({ first: [legalCheck(config)] }));
  const logo = part("CARD_LOGO", ["cardColor", "cardLogo"], (config) => ({
    first: config.cardLogo === null ? [] : [logoCheck(config)],
  }));
  const checks = [
    ...[...roots.first, ...telegram.first, ...max.first],
    ...[...journal.first, ...database.first, ...terms.first],
    ...[...journal.next, ...telegram.next, ...max.next],
    ...[...legal.first, ...logo.first, ...journal.last],
  ];
  return { checks, branches };
}

/** The way there and the token; then who can be written to, and the way back. */
function telegramParty(
  config: Pick<Config, "telegramToken" | "telegramApiRoot" | "adminIds" | "ownerIds" | "publicUrl">,
  env: Shell["env"],
): Partial<Party> {
  const { telegramToken: token, telegramApiRoot: apiRoot, publicUrl } = config;
  const proxy = proxyOn(apiRoot, env);
  const way = checkWayThere({ facts: (signal) => telegramFacts({ token, apiRoot, signal }), apiRoot, proxy });
  const spoken = spokenBy({ maxToken: isSet(env, "maxToken") ? "" : null });
  const { bot, staff, webhook } = telegramChecks(config, () => staffOf(config, env), spoken);
  const { first, others } = inTurn(way, [bot, staff, checkWayBack({ webhook, publicUrl })]);
  return { first: [first, ...others.slice(0, 1)], next: others.slice(1) };
}

const maxSettings = [
  ...(["maxToken", "maxApiUrl", "maxCa", "maxNotices", "publicUrl", "adminIds", "ownerIds"] as const),
  "databaseUrl",
] as const;

/** A salon without a bot there is told so where it has set anything of it. */
function maxUnset(env: Shell["env"]): Check[] {
  const keys = ["maxNotices", "maxCa", "maxWebhookSecret", "maxApiUrl"] as const;
  const names = keys.filter((key) => isSet(env, key)).map((key) => settings[key].name);
  return names.length > 0 ? [checkMaxUnset(names)] : [];
}

/** The root and the token; then who can be written to, and where MAX delivers. */
function maxParty(config: Pick<Config, (typeof maxSettings)[number]>, env: Shell["env"]): Partial<Party> {
  const checks = maxChecks(config, () => staffOf(config, env));
  if (checks === null) return {};
  const { first, others } = inTurn(checks.bot, [checks.staff, checks.webhook]);
  return { first: [checks.root, first], next: others };
}

/** Bun takes the file from the environment alone, at its start, and says nothing of one that it cannot read. */
function rootsCheck(path: string, env: Shell["env"]): Check {
  const about = "NODE_EXTRA_CA_CERTS";
  return {
    about,
    ask: async () => {
      const remedy = "write the path of a PEM file that this user may read, in the environment itself";
      if (!env[about]?.trim()) return [{ state: "FAIL", about, says: "stands in a file, not read", remedy }];
      const text = await Bun.file(path)
        .text()
        .catch(() => null);
      if (text === null) return [{ state: "FAIL", about, says: "names a file that cannot be read", remedy }];
      const count = text.match(/-----BEGIN (TRUSTED )?CERTIFICATE-----/g)?.length ?? 0;
      const says = `${count} root certificate${count === 1 ? "" : "s"} trusted beside the usual ones`;
      return [count > 0 ? { state: "ok", about, says } : { state: "FAIL", about, says, remedy }];
    },
  };
}

function unasked(party: string): Check {
  return {
    about: party,
    ask: async () => [{ state: "info", about: party, says: "not asked: its settings come first" }],
  };
}

const journalSettings = [
  "yclientsApiUrl",
  "yclientsPartnerToken",
  "yclientsUserToken",
  "yclientsPerMinute",
  "companyIds",
  "percent",
  "earnOn",
  "earnWhen",
  "paidBy",
  "programStart",
  "quietHours",
  "settles",
  "settleCardType",
] as const;

/** The tokens; then each branch with what the user token may see there; and last what its journal shows. */
function journalParty(
  config: Pick<Config, (typeof journalSettings)[number]>,
  env: Shell["env"],
): Partial<Party> {
  const { yclientsApiUrl: url, yclientsPartnerToken: partnerToken, yclientsUserToken: userToken } = config;
  const journal = askedJournal({ url, partnerToken, userToken }, config.yclientsPerMinute);
  const { paidBy, programStart, quietHours, companyIds } = config;
  const firstStart = async (id: CompanyId) => (await branchIn(env, id))?.programStart ?? null;
  const zoneBefore = async (id: CompanyId) => (await branchIn(env, id))?.timeZone ?? null;
  const branches = branchChecks({ yclients: journal, quietHours, paidBy, zoneBefore }, config);
  const journals = companyIds.map((id) =>
    checkJournal({ yclients: journal, terms: config, programStart, firstStart }, id),
  );
  const open = () => factsPool(readConfig(env, { only: ["databaseUrl"] }).databaseUrl);
  const settling = settlingChecks(config, { yclients: journal, db: open, whole: true });
  const next = [...branches, ...settling];
  const { first, others } = inTurn(checkTokens(journal), [...next, ...journals]);
  return { first: [first], next: others.slice(0, next.length), last: others.slice(next.length) };
}

/** Who works here; null where the database cannot say, which is its own line. One without tables has nobody. */
async function staffOf(settings: StaffIds, env: Shell["env"]): Promise<StaffIds | null> {
  try {
    const db = factsPool(readConfig(env, { only: ["databaseUrl"] }).databaseUrl);
    try {
      return await new Staff(db, settings).now();
    } finally {
      await db.end({ timeout: 1 });
    }
  } catch (error) {
    return Object(error).code === "42P01" ? settings : null;
  }
}

/** The branch as the database has it; null where it cannot say, which is the database's own line. */
async function branchIn(env: Shell["env"], companyId: CompanyId): Promise<Company | null> {
  try {
    const db = factsPool(readConfig(env, { only: ["databaseUrl"] }).databaseUrl);
    try {
      return await findCompany(db, companyId);
    } finally {
      await db.end({ timeout: 1 });
    }
  } catch {
    return null;
  }
}
