// `webhook info | set | delete`: the Telegram webhook by hand. `serve` sets it, or takes it away, by itself.

import { refusedToken, telegramApi } from "../channels/telegram/client.ts";
import { telegramFacts, type WebhookFacts } from "../channels/telegram/facts.ts";
import { setWebhook, webhookAddress } from "../channels/telegram/messenger.ts";
import { span } from "../check/check.ts";
import { deliveryRemedy } from "../check/telegram.ts";
import { readConfig } from "../config/config.ts";
import { OperatorError } from "../errors.ts";
import type { Flags } from "./args.ts";
import type { Shell } from "./commands.ts";

const verbs: Record<string, (shell: Shell) => Promise<string>> = { info, set, delete: remove };

/** Reads no other settings than the verb needs; waiting updates are kept whatever is done. */
export async function webhook(shell: Shell, _flags: Flags, [verb = ""]: string[]): Promise<number> {
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!run)
    throw new OperatorError("Say what to do with the webhook: webhook info, webhook set or webhook delete.");
  await shell.out(`${await run(shell).catch(explained)}\n`);
  return 0;
}

/** A token that is refused is the setting's fault. */
function explained(error: unknown): never {
  const code = Number(Object(error).code ?? Object(error).error_code);
  if (code === 401 || code === 404) throw new OperatorError(`${refusedToken.says}: ${refusedToken.remedy}.`);
  throw error;
}

async function info({ env }: Shell): Promise<string> {
  const { telegramToken, telegramApiRoot } = readConfig(env, { only: ["telegramToken", "telegramApiRoot"] });
  return described(await telegramFacts({ token: telegramToken, apiRoot: telegramApiRoot }).webhook());
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

async function set({ env }: Shell): Promise<string> {
  const only = ["telegramToken", "telegramApiRoot", "publicUrl", "webhookSecret"] as const;
  const { telegramToken, telegramApiRoot, publicUrl, webhookSecret } = readConfig(env, { only });
  if (!publicUrl)
    throw new OperatorError("PUBLIC_URL is not set: write the https:// address of this service in it.");
  const address = webhookAddress(publicUrl);
  await setWebhook(telegramApi({ token: telegramToken, apiRoot: telegramApiRoot }), address, webhookSecret);
  return `set: ${address}`;
}

async function remove({ env }: Shell): Promise<string> {
  const { telegramToken, telegramApiRoot } = readConfig(env, { only: ["telegramToken", "telegramApiRoot"] });
  await telegramApi({ token: telegramToken, apiRoot: telegramApiRoot }).deleteWebhook({
    drop_pending_updates: false,
  });
  return "deleted: Telegram keeps the waiting updates; serve sets it again at its next start if PUBLIC_URL is set";
}
