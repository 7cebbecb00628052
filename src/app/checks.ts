// The checks of this deployment, made of its settings: for `check`, and for `serve` to go through by itself.

import { noteAlarm } from "../alarms/alarms.ts";
import { type BranchParts, checkBranch } from "../check/branch.ts";
import { type Check, type Explain, lineOf, runChecks } from "../check/check.ts";
import { checkDatabase } from "../check/database.ts";
import { checkSettling } from "../check/settling.ts";
import type { Config } from "../config/config.ts";
import { wayOf } from "../db/address.ts";
import type { Db } from "../db/connect.ts";
import { databaseFacts, factsPool, mayMigrate } from "../db/facts.ts";
import { databaseTrouble } from "../db/trouble.ts";
import { messageOf, Refused, Unreachable } from "../errors.ts";
import { agreedOtherwise, unagreed } from "../jobs/agreement.ts";
import { LogoRefused } from "../picture/logo.ts";
import { readLook } from "../picture/look.ts";
import { isTimeZone } from "../rules/time.ts";
import { takeOver } from "../visits/branch.ts";
import type { Yclients } from "../yclients/client.ts";
import { maxChecks, spokenBy, telegramChecks } from "./messenger-checks.ts";
import type { Parts } from "./parts.ts";
import { type DatedTerms, termsOf } from "./terms.ts";

/** Milliseconds that each check of `serve` has, and so many more for each branch: they share the budget of requests with the passes. */
const limitMs = 20_000;
const branchMs = 5_000;

/** So many branches are looked at in a round of so many milliseconds: a chain's would take the whole budget from its passes. */
const branchesARound = 10;
const roundMs = 600_000;
/** The whole rounds take turns of their own: what they alone say is said of every branch. */
const wholeRoundMs = 3_600_000;

const again = "wait a minute and run check again; where it stays so, the log of serve may say more";

/** The setting with a party's address. */
const addresses: Record<string, string> = { Telegram: "TELEGRAM_API_ROOT", MAX: "MAX_API_URL" };

/** What a failure means and what to do about it. */
export const explain: Explain = (error) => {
  // A messenger's or the journal's network fails by the same codes as the database's.
  const outside = error instanceof Refused || error instanceof Unreachable;
  const trouble = outside ? null : databaseTrouble(error);
  if (trouble) return trouble;
  if (error instanceof Refused) {
    const says = `${error.party} answered ${error.code}: ${error.detail}`;
    return { says, remedy: error.remedy ?? again };
  }
  const says = messageOf(error).replace(/\.$/, "");
  if (!(error instanceof Unreachable)) return { says, remedy: again };
  if (error.remedy) return { says, remedy: error.remedy.advice };
  const setting = addresses[error.party] ?? "YCLIENTS_API_URL";
  return { says, remedy: `see that this machine reaches it (a firewall, a proxy: ${setting})` };
};

/** Without it a consent names nobody (Federal Law 152-FZ, article 9). */
export function legalCheck({ legalName }: Pick<Config, "legalName">): Check {
  const wrong = {
    says: "is not set: clients would consent to nobody in particular",
    remedy: "write in it who processes personal data: name, INN, address, e-mail",
    detail: "LEGAL_NAME",
  };
  return {
    about: "LEGAL_NAME",
    ask: async () => [lineOf("LEGAL_NAME", legalName ? null : wrong, "is set", "legal")],
  };
}

/** The salon's logo, read and drawn as when the program starts. */
export function logoCheck(settings: Pick<Config, "cardColor" | "cardLogo">): Check {
  const about = "CARD_LOGO";
  return {
    about,
    ask: async () => {
      try {
        const { logo } = await readLook(settings);
        return [{ state: "ok", about, says: logo?.plate ? "is drawn, on a plate" : "is drawn" }];
      } catch (error) {
        if (!(error instanceof LogoRefused)) throw error;
        return [{ state: "FAIL", about, says: error.says, remedy: error.remedy }];
      }
    },
  };
}

/** The database, and the role that migrates it. */
export function databaseChecks({
  databaseUrl,
  migrateDatabaseUrl,
}: Pick<Config, "databaseUrl" | "migrateDatabaseUrl">): Check[] {
  const database = checkDatabase({
    open: () => factsPool(databaseUrl),
    facts: databaseFacts,
    ...wayOf(databaseUrl),
  });
  const migrating: Check = {
    about: "migrating",
    ask: async () => {
      const db = factsPool(migrateDatabaseUrl);
      const found = await mayMigrate(db)
        .catch((error) => {
          if (migrateDatabaseUrl === databaseUrl) return null; // the database's own check says it
          throw error;
        })
        .finally(() => db.end({ timeout: 5 }));
      if (found === null) return [];
      const about = "migrating";
      const wise = "at an upgrade run loyalty-bot migrate as their owner";
      if (found.why && found.done)
        return [{ state: "info", about, says: `the role may make no tables: ${wise}` }];
      return [lineOf(about, found.why, "the role may make tables")];
    },
  };
  return [database, migrating];
}

/** Whether the programme's terms are those of what runs already; of a database that cannot be asked its own check tells. */
export function termsCheck(config: DatedTerms & Pick<Config, "databaseUrl">): Check {
  const about = "programme";
  return {
    about,
    ask: async () => {
      const db = factsPool(config.databaseUrl);
      const others = await agreedOtherwise(db, termsOf(config))
        .catch(() => [])
        .finally(() => db.end({ timeout: 5 }));
      if (others.length === 0) return [];
      return [{ state: "warn", about, says: unagreed.says(others), remedy: unagreed.remedy }];
    },
  };
}

export function branchChecks(parts: BranchParts, { companyIds }: Pick<Config, "companyIds">): Check[] {
  return companyIds.map((companyId) => checkBranch(parts, companyId));
}

/** Those whose turn it is: all of them in so many rounds, whichever program's round it is and whenever it was started. */
export function branchesOfRound(
  companyIds: Config["companyIds"],
  now: Date,
  whole: boolean,
): Config["companyIds"] {
  const rounds = Math.ceil(companyIds.length / branchesARound);
  const from = (Math.floor(now.getTime() / (whole ? wholeRoundMs : roundMs)) % rounds) * branchesARound;
  return companyIds.slice(from, from + branchesARound);
}

type SettlingConfig = Pick<Config, "settles" | "settleCardType" | "paidBy" | "companyIds">;

/** Spends that settle; nothing of it is asked while that is off. `db`: opened for this alone, and ended. */
export function settlingChecks(
  { settles, settleCardType, paidBy, companyIds }: SettlingConfig,
  { yclients, db, whole }: { yclients: Yclients; db: () => Db; whole: boolean },
): Check[] {
  // One for the branches that are asked about at once: a pool for each would be all that the server has.
  let open: { pool: Db; users: number } | null = null;
  const known: Parameters<typeof checkSettling>[0]["known"] = async (work) => {
    open ??= { pool: db(), users: 0 };
    const mine = open;
    mine.users += 1;
    return work(mine.pool)
      .catch(() => null)
      .finally(async () => {
        mine.users -= 1;
        if (mine.users > 0) return;
        open = null;
        await mine.pool.end({ timeout: 1 });
      });
  };
  return checkSettling({ settles, settleCardType, paidBy, yclients, known, whole }, companyIds);
}

/** What `serve` looks at; whether staff can be written to, which shows for a moment in their chats, only now and then. */
function serviceChecks(
  { config, sync, staff, stopping, upSince }: Parts,
  companyIds: Config["companyIds"],
  whole: boolean,
): Check[] {
  const people = () => staff.now();
  const telegram = telegramChecks(config, people, spokenBy(config), { signal: stopping.signal, upSince });
  const max = maxChecks(config, people, stopping.signal);
  const zoneBefore: BranchParts["zoneBefore"] = async (companyId, named) =>
    named.timeZone !== null && isTimeZone(named.timeZone) ? takeOver(sync, companyId, named) : null;
  const { yclients } = sync;
  const branch = { yclients, quietHours: config.quietHours, paidBy: config.paidBy, zoneBefore };
  return [
    legalCheck(config),
    ...databaseChecks(config),
    termsCheck(config),
    telegram.bot,
    telegram.webhook,
    ...(max ? [max.root, max.bot, max.webhook] : []),
    ...(whole ? [telegram.staff, ...(max ? [max.staff] : [])] : []),
    ...branchChecks(branch, { companyIds }),
    // Cards and visits it looks at by the hour and by night.
    ...settlingChecks(
      { ...config, companyIds },
      { yclients, db: () => factsPool(config.databaseUrl), whole: false },
    ),
  ];
}

/**
 * Logs each fault with its remedy, and notes what owners must act on, who are told once, and once when it is well again.
 * The whole round, at the start and by the hour, looks at staff too and logs warnings.
 */
export async function selfCheck(parts: Parts, whole: boolean): Promise<void> {
  const { log, db } = parts;
  const { signal } = parts.stopping;
  const branches = branchesOfRound(parts.config.companyIds, parts.clock.now(), whole);
  const checks = serviceChecks(parts, branches, whole);
  for await (const lines of runChecks(checks, limitMs + branches.length * branchMs, explain)) {
    if (signal.aborted) continue; // what was under way ends, and proves nothing
    for (const { state, about, says, remedy } of lines) {
      if (state === "FAIL") log.error({ job: "self_check", about, remedy }, says);
      if (state === "warn" && whole) log.warn({ job: "self_check", about, remedy }, says);
    }
    // Several lines may speak of one alarm: it is over when none of them says otherwise.
    for (const [about, said] of Map.groupBy(
      lines.flatMap(({ alarm }) => alarm ?? []),
      (alarm) => alarm.about,
    )) {
      await noteAlarm(db, about, said.find(({ detail }) => detail !== null)?.detail ?? null);
    }
  }
}
