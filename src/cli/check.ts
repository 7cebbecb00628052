// `check`: proves every setting and every outside party, a line each, with the remedy beside each fault. Writes nothing.

import {
  branchChecks,
  databaseChecks,
  explain,
  legalCheck,
  logoCheck,
  telegramChecks,
} from "../app/checks.ts";
import { Staff, type StaffIds } from "../chat/staff.ts";
import { type Check, type CheckLine, runChecks } from "../check/check.ts";
import { checkJournal } from "../check/journal.ts";
import { type Config, readConfig } from "../config/config.ts";
import { nearMisses } from "../config/names.ts";
import { factsPool } from "../db/facts.ts";
import { messageOf, OperatorError } from "../errors.ts";
import type { CompanyId } from "../rules/ids.ts";
import { type Company, findCompany } from "../visits/branch.ts";
import type { Shell } from "./commands.ts";
import { askedJournal } from "./journal.ts";

/** Milliseconds: each check's own, and so many more for each branch, which all share one request budget. */
const limitMs = 20_000;
const branchMs = 5_000;

/** All checks that the settings allow; 1 when one failed. Warnings are no failures. */
export async function check({ env, out }: Shell): Promise<number> {
  const counts = { FAIL: 0, warn: 0, ok: 0, info: 0 };
  const print = async (line: CheckLine) => {
    counts[line.state] += 1;
    await out(written(line));
  };
  for (const line of [...settingLines(env), ...nearLines(env)]) await print(line);
  const { checks, branches } = checksOf(env);
  for await (const lines of runChecks(checks, limitMs + branches * branchMs, explain)) {
    for (const line of lines) await print(line);
  }
  const count = (many: number, what: string) => `${many} ${what}${many === 1 ? "" : "s"}`;
  await out(
    `check: ${counts.FAIL ? count(counts.FAIL, "fault") : "ok"}${counts.warn ? `, ${count(counts.warn, "warning")}` : ""}\n`,
  );
  return counts.FAIL > 0 ? 1 : 0;
}

function written({ state, about, says, remedy }: CheckLine): string {
  const advice = remedy && state !== "ok" ? ` → ${remedy}` : "";
  return `${state.padEnd(4)}  ${about.padEnd(20)}  ${says}${advice}\n`.replace(/[ \t]*[\r\n]+(?=.)/g, " ");
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
      .map((mistake) => {
        const [, about = "settings", says = mistake, remedy] =
          /^(\S+) (is ".*"|.+?): (.+)\.$/.exec(mistake) ?? [];
        return { state: "FAIL", about, says, ...(remedy !== undefined && { remedy }) };
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

/** The checks of each party whose settings can be read; a mistake in one party's settings hides no other. */
function checksOf(env: Shell["env"]): { checks: Check[]; branches: number } {
  const part = <K extends keyof Config>(
    party: string,
    only: readonly K[],
    make: (config: Pick<Config, K>) => Check[],
  ) => {
    try {
      return make(readConfig(env, { only }));
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      return [unasked(party)];
    }
  };
  let branches = 0;
  const checks = [
    ...part("LEGAL_NAME", ["legalName"], (config) => [legalCheck(config)]),
    ...part("CARD_LOGO", ["cardColor", "cardLogo"], (config) =>
      config.cardLogo === null ? [] : [logoCheck(config)],
    ),
    ...part("NODE_EXTRA_CA_CERTS", ["extraCaCerts"], (config) =>
      config.extraCaCerts === null ? [] : [rootsCheck(config.extraCaCerts, env)],
    ),
    ...part("database", ["databaseUrl", "migrateDatabaseUrl"], databaseChecks),
    ...part(
      "Telegram",
      ["telegramToken", "telegramApiRoot", "adminIds", "ownerIds", "publicUrl"],
      (config) => {
        const { bot, staff, webhook } = telegramChecks(config, () => staffOf(config, env));
        return [bot, staff, webhook, ...(config.publicUrl ? [addressCheck(config.publicUrl)] : [])];
      },
    ),
    ...part("YCLIENTS", journalSettings, (config) => {
      branches = config.companyIds.length;
      return yclientsChecks(config, env);
    }),
  ];
  return { checks, branches };
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
] as const;

function yclientsChecks(config: Pick<Config, (typeof journalSettings)[number]>, env: Shell["env"]): Check[] {
  const { yclientsApiUrl: url, yclientsPartnerToken: partnerToken, yclientsUserToken: userToken } = config;
  const journal = askedJournal({ url, partnerToken, userToken }, config.yclientsPerMinute);
  const { paidBy, programStart, quietHours, companyIds } = config;
  const firstStart = async (id: CompanyId) => (await branchIn(env, id))?.programStart ?? null;
  const zoneBefore = async (id: CompanyId) => (await branchIn(env, id))?.timeZone ?? null;
  return [
    ...branchChecks({ yclients: journal, quietHours, paidBy, zoneBefore }, config),
    ...companyIds.map((id) =>
      checkJournal({ yclients: journal, terms: config, programStart, firstStart }, id),
    ),
  ];
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

/** Asks the service by its public address, as Telegram would. A network may hide it from itself, so it only warns. */
function addressCheck(publicUrl: string): Check {
  const about = "PUBLIC_URL";
  return {
    about,
    ask: async (signal) => {
      try {
        const { status } = await fetch(`${publicUrl}/healthz`, { signal, redirect: "manual" });
        const says = `answers ${status} to /healthz`;
        if (status === 200) return [{ state: "ok", about, says: "answers" }];
        return [
          { state: "warn", about, says, remedy: "see that serve runs, and that nginx lets /healthz through" },
        ];
      } catch (error) {
        const code = String(Object(error).code ?? messageOf(error));
        if (/CERT|SSL|TLS/i.test(code)) {
          const remedy = "renew the certificate of its host, with the full chain (certbot renew)";
          return [{ state: "FAIL", about, says: `its certificate is refused (${code})`, remedy }];
        }
        const remedy =
          "see DNS, nginx and that serve runs; from inside its own network it may not be reached";
        return [{ state: "warn", about, says: `does not answer from here (${code})`, remedy }];
      }
    },
  };
}
