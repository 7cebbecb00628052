// `webhook info | set | delete`: the messengers' webhooks by hand. `serve` sets them, or takes them away, by itself.

import { maxFacts } from "../channels/max/facts.ts";
import { maxWebhookAddress, refusedMaxToken } from "../channels/max/messenger.ts";
import { readTrust } from "../channels/max/trust.ts";
import { refusedToken, telegramApi } from "../channels/telegram/client.ts";
import { telegramFacts, type WebhookFacts } from "../channels/telegram/facts.ts";
import { setWebhook, webhookAddress } from "../channels/telegram/messenger.ts";
import { span } from "../check/check.ts";
import { deliveryRemedy } from "../check/telegram.ts";
import { isSet, readConfig } from "../config/config.ts";
import { messageOf, OperatorError } from "../errors.ts";
import type { Flags } from "./args.ts";
import type { Shell } from "./commands.ts";

type Verb = "info" | "set" | "delete";
type Done = (shell: Shell) => Promise<string>;

/** Reads no other settings than the verb needs; waiting updates are kept whatever is done. */
export async function webhook(shell: Shell, _flags: Flags, [verb = ""]: string[]): Promise<number> {
  if (!Object.hasOwn(inTelegram, verb))
    throw new OperatorError("Say what to do with the webhook: webhook info, webhook set or webhook delete.");
  const asked = verb as Verb;
  if (!isSet(shell.env, "maxToken")) {
    await shell.out(`${await inTelegram[asked](shell).catch(explained)}\n`);
    return 0;
  }
  // Neither waits for the other, nor hides it.
  const failed: string[] = [];
  for (const [title, done] of [
    ["Telegram", inTelegram[asked]],
    ["MAX", inMax[asked]],
  ] as const) {
    const said = await done(shell)
      .catch(explained)
      .catch((error: unknown) => void failed.push(`${title}: ${messageOf(error)}`));
    if (said) await shell.out(`${title}\n${said}\n`);
  }
  if (failed.length > 0) throw new OperatorError(failed.join("\n"));
  return 0;
}

/** A token that is refused is the setting's fault. */
function explained(error: unknown): never {
  const code = Number(Object(error).code ?? Object(error).error_code);
  const { says, remedy } = Object(error).party === "MAX" ? refusedMaxToken : refusedToken;
  if (code === 401 || code === 404) throw new OperatorError(`${says}: ${remedy}.`);
  throw error;
}

const inTelegram: Record<Verb, Done> = {
  async info({ env }) {
    const { telegramToken, telegramApiRoot } = readConfig(env, {
      only: ["telegramToken", "telegramApiRoot"],
    });
    return described(await telegramFacts({ token: telegramToken, apiRoot: telegramApiRoot }).webhook());
  },

  async set({ env }) {
    const only = ["telegramToken", "telegramApiRoot", "publicUrl", "webhookSecret"] as const;
    const { telegramToken, telegramApiRoot, publicUrl, webhookSecret } = readConfig(env, { only });
    const address = webhookAddress(needed(publicUrl));
    await setWebhook(telegramApi({ token: telegramToken, apiRoot: telegramApiRoot }), address, webhookSecret);
    return `set: ${address}`;
  },

  async delete({ env }) {
    const { telegramToken, telegramApiRoot } = readConfig(env, {
      only: ["telegramToken", "telegramApiRoot"],
    });
    await telegramApi({ token: telegramToken, apiRoot: telegramApiRoot }).deleteWebhook({
      drop_pending_updates: false,
    });
    return "deleted: Telegram keeps the waiting updates; serve sets it again at its next start if PUBLIC_URL is set";
  },
};

const inMax: Record<Verb, Done> = {
  async info({ env }) {
    const found = await maxOf(env).subscriptions();
    if (found.length === 0) return "address: none (long polling)";
    const kinds = ({ types }: (typeof found)[number]) => types && `updates asked for: ${types.join(", ")}`;
    return found.flatMap((one) => [`address: ${one.url}`, kinds(one) ?? []].flat()).join("\n");
  },

  async set({ env }) {
    const { publicUrl, maxWebhookSecret } = readConfig(env, {
      only: ["publicUrl", "maxWebhookSecret"],
    });
    const address = maxWebhookAddress(needed(publicUrl));
    await maxOf(env).subscribe(address, maxWebhookSecret ?? "");
    return `set: ${address}`;
  },

  async delete({ env }) {
    await maxOf(env).unsubscribe();
    return "deleted: MAX keeps what waits for a day; serve sets it again within minutes if PUBLIC_URL is set";
  },
};

function maxOf(env: Shell["env"]) {
  const { maxToken, maxApiUrl, maxCa } = readConfig(env, { only: ["maxToken", "maxApiUrl", "maxCa"] });
  const trust = maxCa === null ? null : readTrust(maxCa);
  return maxFacts({ token: maxToken ?? "", apiRoot: maxApiUrl, trust });
}

function needed(publicUrl: string | null): string {
  if (publicUrl) return publicUrl;
  throw new OperatorError("PUBLIC_URL is not set: write the https:// address of this service in it.");
}

function described({ url, pending, lastError, maxConnections, ip, allowed }: WebhookFacts): string {
  const ago = lastError && Math.max(0, Math.round((Date.now() - lastError.at.getTime()) / 1000));
  return [
    `address: ${url || "none (long polling)"}`,
    `waiting updates: ${pending}`,
    url &&
      `last error: ${lastError ? `${span(ago ?? 0)} ago: ${lastError.says} → ${deliveryRemedy(lastError.says)}` : "none since it was set"}`,
    url && ip && `ip address: ${ip}`,
    url && maxConnections !== null && `connections: at most ${maxConnections}`,
    allowed && `updates asked for: ${allowed.join(", ")}`,
  ]
    .filter(Boolean)
    .join("\n");
}
