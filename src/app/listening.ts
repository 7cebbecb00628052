// How updates reach the bot: by the webhook, or by one program of all that polls.

import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "grammy";
import type { Update } from "grammy/types";
import { allowedUpdates, createBot } from "../bot/bot.ts";
import { setMenus } from "../bot/menu.ts";
import { messageOf } from "../errors.ts";
import { withLease } from "../flows/jobs.ts";
import { cardPicture } from "../picture/card.ts";
import { statsPicture } from "../picture/stats.ts";
import { findCompany } from "../store/companies.ts";
import { clientOptions } from "../telegram/client.ts";
import { poll } from "../telegram/polling.ts";
import type { Parts } from "./parts.ts";
import { untilDone, within } from "./patience.ts";

/**
 * The bot as a function that takes an update and gives the call to put in the webhook's answer, or null. Throws when the
 * bot has not learnt its own name yet (Telegram is away) or the database is away: Telegram delivers again.
 */
export function startBot({ config, db, log, stopping, metrics }: Parts) {
  let name: string | null = null; // the first pass may bring it only now
  const bot = createBot({
    token: config.telegramToken,
    client: clientOptions(config.telegramToken, config.telegramApiRoot, metrics.answered("telegram")),
    db,
    log,
    shop: { ...config, title: () => name ?? "", percent: config.terms.percent },
    picture: cardPicture,
    chart: statsPicture,
  });
  // Telegram may be away when we start: what comes in waits for the bot to learn its own name.
  // Not `bot.init`, which tries for ever without a word in the log.
  const learnName = async () => {
    try {
      bot.botInfo = await bot.api.getMe(stopping.signal as never);
    } catch (error) {
      if (![401, 404].includes(Object(error).error_code)) throw error;
      throw new Error("Telegram refuses FATHERBOT_TOKEN: copy it again from BotFather");
    }
  };
  const initialised = untilDone(learnName, "Telegram", log, stopping.signal);
  const handle = async (update: object) => {
    // Telegram delivers again what is not answered in time.
    await within(8_000, initialised);
    if (name === null) name = (await findCompany(db, config.companyIds[0] ?? 0))?.title ?? null;
    let reply: object | null = null;
    const send = async (payload: string) => {
      reply = JSON.parse(payload) as object;
    };
    // Only a webhook's answer can carry a call: what was polled has no answer, and every call is made.
    await bot.handleUpdate(update as Update, config.publicUrl ? { send } : undefined);
    return reply;
  };
  return { handle, initialised };
}

/** Short, for people wait when a program that polled is gone; two that poll for a moment only get a 409. */
const pollingLeaseMs = 6_000;

/** The webhook is told to Telegram, or one program of all polls. */
export async function listenToTelegram(
  { config, db, api, log, stopping }: Parts,
  handle: (update: object) => Promise<unknown>,
  initialised: Promise<void>,
): Promise<void> {
  const { signal } = stopping;
  await initialised;
  void untilDone(() => setMenus(api, config), "the bot's menus", log, signal);
  if (config.publicUrl) {
    const { publicUrl, webhookSecret } = config;
    return untilDone(() => setWebhook(api, publicUrl, webhookSecret), "the webhook", log, signal);
  }
  while (!signal.aborted) {
    await withLease(
      db,
      "telegram_polling",
      (_lease, lost) => poll({ api, handle, log, signal: AbortSignal.any([signal, lost]), allowedUpdates }),
      pollingLeaseMs,
    ).catch((error) => log.error({ error: messageOf(error) }, "polling Telegram failed"));
    await sleep(1_000, undefined, { signal }).catch(() => {});
  }
}

/** Tells Telegram where updates go. What waits there is kept. */
export async function setWebhook(api: Api, publicUrl: string, secret: string): Promise<void> {
  await api.setWebhook(`${publicUrl}/telegram/webhook`, {
    secret_token: secret,
    allowed_updates: [...allowedUpdates],
    max_connections: 40,
  });
}
