// The checks of this deployment, made of its settings: for `check`, and for `serve` to go through by itself.

import { noteAlarm } from "../alarms/alarms.ts";
import { maxFacts } from "../channels/max/facts.ts";
import { maxWebhookAddress } from "../channels/max/messenger.ts";
import { hangsOnRoot, readTrust } from "../channels/max/trust.ts";
import { updateTypes } from "../channels/max/update.ts";
import { telegramFacts } from "../channels/telegram/facts.ts";
import { webhookAddress } from "../channels/telegram/messenger.ts";
import { allowedUpdates } from "../channels/telegram/update.ts";
import type { StaffIds } from "../chat/staff.ts";
import { type BranchParts, checkBranch } from "../check/branch.ts";
import { type Check, type Explain, lineOf, runChecks } from "../check/check.ts";
import { checkDatabase } from "../check/database.ts";
import {
  checkMaxBot,
  checkMaxRoot,
  checkMaxStaff,
  checkMaxWebhook,
  type MaxCheckParts,
} from "../check/max.ts";
import { checkSettling } from "../check/settling.ts";
import { checkBot, checkStaff, checkWebhook, telegramRoot } from "../check/telegram.ts";
import type { Config } from "../config/config.ts";
import { wayOf } from "../db/address.ts";
import type { Db } from "../db/connect.ts";
import { databaseFacts, factsPool, mayMigrate } from "../db/facts.ts";
import { databaseTrouble } from "../db/trouble.ts";
import { messageOf, Refused, Unreachable } from "../errors.ts";
import { agreedOtherwise, unagreed } from "../jobs/agreement.ts";
import { LogoRefused } from "../picture/logo.ts";
import { readLook } from "../picture/look.ts";
import type { ChannelName } from "../rules/account.ts";
import { isTimeZone } from "../rules/time.ts";
import { takeOver } from "../visits/branch.ts";
import type { Yclients } from "../yclients/client.ts";
import type { Parts } from "./parts.ts";
import { type DatedTerms, termsOf } from "./terms.ts";

/** Milliseconds that each check of `serve` has. */
const limitMs = 20_000;

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

type TelegramConfig = Pick<Config, "telegramToken" | "telegramApiRoot" | "publicUrl">;

/**
 * The bot and its webhook, and who can be written to. `spoken`: who is in any other messenger is reached by nobody; `upSince`: since
 * when this program takes deliveries, where it is the one that does.
 */
export function telegramChecks(
  config: TelegramConfig,
  staff: () => Promise<StaffIds | null>,
  spoken: readonly ChannelName[],
  { signal, upSince = null }: { signal?: AbortSignal; upSince?: Date | null } = {},
): { bot: Check; webhook: Check; staff: Check } {
  const { telegramToken: token, telegramApiRoot: apiRoot, publicUrl } = config;
  const facts = telegramFacts({ token, apiRoot, signal });
  const webhookUrl = publicUrl && webhookAddress(publicUrl);
  const relayed = apiRoot !== telegramRoot;
  const parts = { facts, relayed, spoken, staff, webhookUrl, allowedUpdates, upSince };
  return { bot: checkBot(parts), webhook: checkWebhook(parts), staff: checkStaff(parts) };
}

export type MaxConfig = Pick<
  Config,
  "maxToken" | "maxApiUrl" | "maxCa" | "maxNotices" | "publicUrl" | "databaseUrl"
>;

/** The same of MAX, with the root that it hangs on; nothing where there is no bot there. */
export function maxChecks(
  { maxToken: token, maxApiUrl: apiRoot, maxCa, maxNotices, publicUrl, databaseUrl }: MaxConfig,
  staff: () => Promise<StaffIds | null>,
  signal?: AbortSignal,
): { root: Check; bot: Check; webhook: Check; staff: Check } | null {
  if (token === null) return null;
  const trusted = () => (maxCa === null ? null : readTrust(maxCa));
  const facts = maxFacts({ token, apiRoot, trust: unlessWrong(trusted), signal });
  const reach: MaxCheckParts["reach"] = async (account) => {
    const db = factsPool(databaseUrl);
    return facts
      .reach(db, account)
      .catch((error) => {
        if (!(error instanceof Unreachable) && databaseTrouble(error)) return null;
        throw error;
      })
      .finally(() => db.end({ timeout: 1 }));
  };
  const parts: MaxCheckParts = {
    ...{ facts, reach, staff, updateTypes, own: hangsOnRoot(apiRoot) },
    rootEnds: () => trusted()?.ends ?? null,
    webhookUrl: publicUrl && maxWebhookAddress(publicUrl),
    tellsUnasked: maxNotices === "at_once",
  };
  return {
    root: checkMaxRoot(parts),
    bot: checkMaxBot(parts),
    webhook: checkMaxWebhook(parts),
    staff: checkMaxStaff(parts),
  };
}

/** The root's own check says what is wrong with its file. */
function unlessWrong<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** The messengers that are spoken. */
export function spokenBy({ maxToken }: { maxToken: string | null }): ChannelName[] {
  return maxToken === null ? ["telegram"] : ["telegram", "max"];
}

export function branchChecks(parts: BranchParts, { companyIds }: Pick<Config, "companyIds">): Check[] {
  return companyIds.map((companyId) => checkBranch(parts, companyId));
}

type SettlingConfig = Pick<Config, "settles" | "settleCardType" | "paidBy" | "companyIds">;

/** Spends that settle; nothing of it is asked while that is off. `db`: opened for this alone, and ended. */
export function settlingChecks(
  { settles, settleCardType, paidBy, companyIds }: SettlingConfig,
  { yclients, db, whole }: { yclients: Yclients; db: () => Db; whole: boolean },
): Check[] {
  const known: Parameters<typeof checkSettling>[0]["known"] = async (work) => {
    const pool = db();
    return work(pool)
      .catch(() => null)
      .finally(() => pool.end({ timeout: 1 }));
  };
  return checkSettling({ settles, settleCardType, paidBy, yclients, known, whole }, companyIds);
}

/** What `serve` looks at; whether staff can be written to, which shows for a moment in their chats, only now and then. */
function serviceChecks({ config, sync, staff, stopping, upSince }: Parts, whole: boolean): Check[] {
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
    ...branchChecks(branch, config),
    // Cards and visits it looks at by the hour and by night.
    ...settlingChecks(config, { yclients, db: () => factsPool(config.databaseUrl), whole: false }),
  ];
}

/**
 * Logs each fault with its remedy, and notes what owners must act on, who are told once, and once when it is well again.
 * The whole round, at the start and by the hour, looks at staff too and logs warnings.
 */
export async function selfCheck(parts: Parts, whole: boolean): Promise<void> {
  const { log, db } = parts;
  const { signal } = parts.stopping;
  const checks = serviceChecks(parts, whole);
  for await (const lines of runChecks(checks, limitMs, explain)) {
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
