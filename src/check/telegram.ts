// What is checked of Telegram: the token, who can be written to, and whether updates come.

import { refusedToken } from "../channels/telegram/client.ts";
import type { TelegramFacts, WebhookFacts } from "../channels/telegram/facts.ts";
import { Refused } from "../errors.ts";
import { type Account, type ChannelName, channelOf, externalIdOf } from "../rules/account.ts";
import { type Check, type CheckLine, clockLine, lineOf, span } from "./check.ts";
import { ownerLines, reachLine } from "./staff.ts";

/** Telegram's own address of the Bot API. */
export const telegramRoot = "https://api.telegram.org";

interface TelegramParts {
  facts: TelegramFacts;
  /** Whether something else than Telegram's own address is asked. */
  relayed: boolean;
  /** The messengers that the program speaks; who is in another one is read of and not reached. */
  spoken: readonly ChannelName[];
  /** Who works here; null: nobody can say. */
  staff: () => Promise<{ adminIds: readonly Account[]; ownerIds: readonly Account[] } | null>;
  /** Where updates should come; null: by polling. */
  webhookUrl: string | null;
  allowedUpdates: readonly string[];
  /** Since when the program that looks is there to be delivered to; null: it is not the one that is. */
  upSince: Date | null;
}

const deliveryAlarm = "delivery";
/** A delivery that failed within so many seconds, with updates waiting, is trouble now. */
const recent = 900;
const many = 100;

/** The token and Telegram's clock. */
export function checkBot({ facts, relayed }: TelegramParts): Check {
  return {
    about: "bot",
    ask: async () => {
      try {
        const { name, date } = await facts.bot();
        return [{ state: "ok", about: "bot", says: name }, clockLine("Telegram", date, new Date())];
      } catch (error) {
        if (!isToken(error)) throw error;
        const { says, remedy } = refusedToken;
        const there = relayed
          ? "; a relay passes on one token alone: write this one's digest into its site"
          : "";
        return [{ state: "FAIL", about: "bot", says, remedy: remedy + there }];
      }
    },
  };
}

/** Each admin and owner: a bot may not write first, and somebody must be the owner and hear of an alarm. */
export function checkStaff({ facts, spoken, staff }: TelegramParts): Check {
  return {
    about: "staff",
    ask: async () => {
      const people = await staff();
      if (people === null) return []; // said of the database
      const { adminIds, ownerIds } = people;
      const lines = ownerLines(ownerIds, spoken);
      for (const account of new Set([...adminIds, ...ownerIds])) {
        const who = ownerIds.includes(account) ? "owner" : "admin";
        const channel = channelOf(account);
        if (!spoken.includes(channel))
          lines.push({ state: "warn", about: `${who} ${account}`, ...elsewhere });
        if (channel !== "telegram") continue;
        const id = externalIdOf(account);
        const reach = await facts.reach(Number(id)).catch(unlessToken);
        if (reach === null) return []; // said of the bot
        lines.push(reachLine(who, account, id, reach));
      }
      return lines;
    },
  };
}

const elsewhere = {
  says: "is in a messenger that this program does not speak",
  remedy: "let them use the bot in Telegram too",
};

/** Whether Telegram delivers where we listen. */
export function checkWebhook(parts: TelegramParts): Check {
  return {
    about: "webhook",
    ask: async () => {
      const facts = await parts.facts.webhook().catch(unlessToken);
      if (facts === null) return [];
      const now = new Date();
      return [
        addressLine(parts, facts),
        ...(facts.url ? [deliveryLine(facts, now, parts.upSince)] : []),
        pendingLine(facts),
      ];
    },
  };
}

function addressLine(
  { webhookUrl, allowedUpdates }: TelegramParts,
  { url, allowed }: WebhookFacts,
): CheckLine {
  const about = "webhook";
  if (webhookUrl === null) {
    if (url === "") return lineOf(about, null, "none: updates are polled", deliveryAlarm);
    const remedy = "serve takes it away at its start and keeps what waits; or set PUBLIC_URL";
    return { state: "warn", about, says: `Telegram delivers to ${url}, and PUBLIC_URL is not set`, remedy };
  }
  if (url === "") {
    const remedy = "serve sets it at its start, or run loyalty-bot webhook set";
    return { state: "warn", about, says: "not set", remedy, alarm: { about: deliveryAlarm, detail: "" } };
  }
  if (url !== webhookUrl) {
    const says = `Telegram delivers to ${url}, not to ${webhookUrl}`;
    const remedy = "see that no other program has this bot's token, then run loyalty-bot webhook set";
    return { state: "FAIL", about, says, remedy, alarm: { about: deliveryAlarm, detail: url } };
  }
  const lacks = allowedUpdates.filter((kind) => allowed !== null && !allowed.includes(kind));
  if (lacks.length === 0) return { state: "ok", about, says: url };
  const says = `Telegram keeps back ${lacks.join(", ")}`;
  return { state: "warn", about, says, remedy: "run loyalty-bot webhook set, or start serve again" };
}

export const lastErrorLine = "last error";

/** What a server in front of the program needs to find it again, in milliseconds. */
const foundAgainMs = 5_000;

/**
 * An error of late after which nothing waits is neither trouble nor its end: deliveries that come and go are said once. Nor is
 * one from before the program was there: at an upgrade what came meanwhile waits, and comes.
 */
function deliveryLine({ lastError, pending }: WebhookFacts, now: Date, upSince: Date | null): CheckLine {
  const about = lastErrorLine;
  if (lastError === null) return lineOf(about, null, "none since the webhook was set", deliveryAlarm);
  const ago = Math.max(0, Math.round((now.getTime() - lastError.at.getTime()) / 1000));
  const says = `${span(ago)} ago: ${lastError.says}`;
  if (ago > recent) return { state: "info", about, says, alarm: { about: deliveryAlarm, detail: null } };
  if (upSince !== null && lastError.at.getTime() < upSince.getTime() + foundAgainMs)
    return { state: "info", about, says };
  const remedy = deliveryRemedy(lastError.says);
  if (pending === 0) return { state: "warn", about, says, remedy };
  return { state: "FAIL", about, says, remedy, alarm: { about: deliveryAlarm, detail: lastError.says } };
}

function pendingLine({ pending }: WebhookFacts): CheckLine {
  if (pending < many) return { state: "ok", about: "waiting updates", says: String(pending) };
  const remedy = "see that serve runs and is reached";
  return { state: "warn", about: "waiting updates", says: String(pending), remedy };
}

/** What to do about the last error of a delivery (Telegram Bot API: WebhookInfo, last_error_message). */
export function deliveryRemedy(says: string): string {
  if (/\b401\b/.test(says)) return "the secret there is another: run loyalty-bot webhook set";
  if (/\b404\b/.test(says)) return "let nginx pass /telegram/webhook through to this program";
  if (/\b50[234]\b/.test(says))
    return "nginx does not reach the program: see that serve runs, and on which port";
  if (/\b500\b/.test(says)) return "the program failed: see its log";
  if (/ssl|certificate/i.test(says)) return "renew the certificate of PUBLIC_URL's host, with its full chain";
  if (/resolve/i.test(says)) return "correct the DNS record of PUBLIC_URL's host";
  return "see that PUBLIC_URL's host is reached from outside on port 443, 80, 88 or 8443";
}

function isToken(error: unknown): boolean {
  return error instanceof Refused && (error.code === 401 || error.code === 404);
}

/** A token that is refused is said once, by the bot's own line. */
function unlessToken(error: unknown): null {
  if (isToken(error)) return null;
  throw error;
}
