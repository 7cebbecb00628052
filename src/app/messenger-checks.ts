// The checks of the messengers, made of the settings.

import { maxFacts } from "../channels/max/facts.ts";
import { maxWebhookAddress } from "../channels/max/messenger.ts";
import { hangsOnRoot, readTrust } from "../channels/max/trust.ts";
import { updateTypes } from "../channels/max/update.ts";
import { telegramFacts } from "../channels/telegram/facts.ts";
import { webhookAddress } from "../channels/telegram/messenger.ts";
import { allowedUpdates } from "../channels/telegram/update.ts";
import type { StaffIds } from "../chat/staff.ts";
import type { Check } from "../check/check.ts";
import {
  checkMaxBot,
  checkMaxRoot,
  checkMaxStaff,
  checkMaxWebhook,
  type MaxCheckParts,
} from "../check/max.ts";
import { checkBot, checkStaff, checkWebhook, telegramRoot } from "../check/telegram.ts";
import type { Config } from "../config/config.ts";
import { factsPool } from "../db/facts.ts";
import { databaseTrouble } from "../db/trouble.ts";
import { Unreachable } from "../errors.ts";
import type { ChannelName } from "../rules/account.ts";

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
