// Builds every part once, in order; starts and stops them.

import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "grammy";
import type { Update } from "grammy/types";
import { allowedUpdates, createBot } from "./bot/bot.ts";
import { setMenus } from "./bot/menu.ts";
import type { Config } from "./config.ts";
import { timetable } from "./cron/cron.ts";
import { connect } from "./db/connect.ts";
import { migrate, pendingMigrations } from "./db/migrate.ts";
import { Mistake, messageOf } from "./errors.ts";
import { noteAlarm, noteSetAside, tellOwners } from "./flows/alarms.ts";
import { sharedBudget } from "./flows/budget.ts";
import { sendDigest } from "./flows/digest.ts";
import { withLease } from "./flows/jobs.ts";
import { type Notify, notifyNewBonuses, type Told } from "./flows/notify.ts";
import { offerRefunds } from "./flows/refunds.ts";
import { type Sync, sweepRecords, syncRecords } from "./flows/sync.ts";
import { createHttp } from "./http/http.ts";
import type { Log } from "./log.ts";
import { cardPicture } from "./picture/card.ts";
import { statsPicture } from "./picture/stats.ts";
import { findCompany } from "./store/companies.ts";
import { clientOptions, send, telegramApi } from "./telegram/client.ts";
import { poll } from "./telegram/polling.ts";
import { yclients } from "./yclients/client.ts";

export type Parts = ReturnType<typeof buildParts>;

/** What every command needs: the database, both APIs, and the flows' own needs, with nothing opened yet. */
export function buildParts(config: Config, log: Log) {
  const stopping = new AbortController();
  const now = () => new Date();
  const db = connect(config.databaseUrl, { max: 8 });
  const api = telegramApi({ token: config.telegramToken, apiRoot: config.telegramApiRoot });
  const journal = yclients({
    url: config.yclientsApiUrl,
    partnerToken: config.yclientsPartnerToken,
    userToken: config.yclientsUserToken,
    budget: sharedBudget(db, config.yclientsPerMinute, stopping.signal),
    signal: stopping.signal,
  });
  const sync: Sync = {
    db,
    yclients: journal,
    log,
    now,
    terms: config.terms,
    programStart: config.programStart,
    settleMs: config.settleMs,
    signal: stopping.signal,
    alarm: (about, detail) => noteAlarm(db, about, detail),
  };
  const notify: Notify = {
    db,
    log,
    now,
    send: (telegramId, html) => send(api, telegramId, html),
    quietHours: config.quietHours,
    supportPhone: config.supportPhone,
    signal: stopping.signal,
  };
  return { config, log, db, api, sync, notify, stopping };
}

/** Every branch one after another would let a slow one hold the rest: each has its own lease, so all at once. */
export async function syncAll({ config, log, db, sync }: Parts, work = syncRecords): Promise<void> {
  const passes = config.companyIds.map(async (company) => {
    try {
      const outcome = await work(sync, company);
      const changed = outcome && outcome.awards + outcome.corrections + outcome.doubts > 0;
      if (changed) log.info({ job: "sync_records", company, ...outcome }, "the journal was read");
    } catch (error) {
      if (sync.signal.aborted) return;
      log.error({ job: "sync_records", company, error: messageOf(error) }, "the journal could not be read");
    }
  });
  await Promise.all(passes);
  if (!sync.signal.aborted) await noteSetAside(db);
}

/** Sends what is due to clients, and to owners what they must know. */
export async function tellAll({ config, log, db, api, notify }: Parts): Promise<Told | null> {
  const told = await notifyNewBonuses(notify);
  if (told && told.sent + told.blocked + told.failed > 0) {
    log.info({ job: "notify_new_bonuses", ...told }, "clients were told");
  }
  if (told === null) return null; // another program is at it
  await tellOwners(db, async (html) => {
    const sent = await Promise.all(config.ownerIds.map((owner) => send(api, owner, html)));
    return sent.some((one) => "ok" in one) || sent.every((one) => "blocked" in one);
  });
  await offerRefunds(
    db,
    config.ownerIds,
    (owner, html, extra) => send(api, owner, html, extra),
    notify.now(),
  );
  return told;
}

/** The running service. `address` is where it listens; `stop` ends it in order, in-flight work finished. */
export interface Service {
  address: string;
  stop(): Promise<void>;
}

/** Migrates, then serves HTTP, the bot and the jobs. Throws a `Mistake` when it cannot. */
export async function serve(config: Config, log: Log): Promise<Service> {
  await migrate(config.migrateDatabaseUrl, (line) => log.info(line));
  const parts = buildParts(config, log);
  const { db, stopping } = parts;
  const { handle, initialised } = await startBot(parts);
  const http = createHttp({
    telegram: config.publicUrl ? { secret: config.webhookSecret, handle } : null,
    ready: async () => (await within(2_000, pendingMigrations(db))).length === 0,
    log,
  });
  try {
    listen(http, config);
  } catch (error) {
    stopping.abort();
    await db.end({ timeout: 1 });
    throw error;
  }
  const jobs = timetable(
    [
      { name: "sync_records", pattern: config.syncCron, run: () => syncAll(parts) },
      { name: "sweep_records", pattern: config.sweepCron, run: () => syncAll(parts, sweepRecords) },
      { name: "notify_new_bonuses", pattern: config.notifyCron, run: () => tellAll(parts) },
      {
        name: "owners_digest",
        pattern: "0 * * * * *",
        run: () => sendDigest({ ...config, ...parts.notify }),
      },
    ],
    log,
  );
  http.use(jobs.plugin);
  const address = `http://${config.host}:${http.server?.port ?? config.port}`;
  const listening = listenToTelegram(parts, handle, initialised);
  log.info({ address, bot: config.publicUrl ? "webhook" : "polling" }, "serving");

  return {
    address,
    async stop() {
      log.info("stopping: no new work");
      stopping.abort(new Error("the program is stopping"));
      await Promise.all([
        phase(log, "jobs", jobs.stop()),
        phase(log, "telegram", listening),
        phase(log, "http", Promise.resolve(http.server?.stop())),
      ]);
      await phase(log, "database", db.end({ timeout: 2 }));
      log.info("stopped");
    },
  };

  async function startBot({ config, db, log }: Parts) {
    const title = await findCompany(db, config.companyIds[0] ?? 0).catch(() => null);
    let name = title?.title ?? null;
    const bot = createBot({
      token: config.telegramToken,
      client: clientOptions(config.telegramToken, config.telegramApiRoot),
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
}

/** Short, for people wait when a program that polled is gone; two that poll for a moment only get a 409. */
const pollingLeaseMs = 6_000;

/** The webhook is told to Telegram, or one program of all polls. */
async function listenToTelegram(
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

/** Tries until it works or the program stops, ever more rarely. */
async function untilDone(
  work: () => Promise<unknown>,
  what: string,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  for (let wait = 1_000; !signal.aborted; wait = Math.min(60_000, wait * 2)) {
    try {
      await work();
      return;
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ error: messageOf(error), againInMs: wait }, `${what} cannot be reached`);
      await sleep(wait, undefined, { signal }).catch(() => {});
    }
  }
}

function listen(
  http: { listen(options: { hostname: string; port: number }): unknown },
  { host, port }: Config,
): void {
  try {
    http.listen({ hostname: host, port });
  } catch (error) {
    const taken = Object(error).code === "EADDRINUSE";
    const advice = taken
      ? "something else listens there: stop it, or set PORT to a free port"
      : messageOf(error);
    throw new Mistake(`Cannot listen on ${host}:${port}: ${advice}.`);
  }
}

/** One step of stopping; one that hangs does not hold the next ones. */
async function phase(log: Log, name: string, work: Promise<unknown>): Promise<void> {
  try {
    await within(4_000, work);
  } catch (error) {
    log.warn({ phase: name, error: messageOf(error) }, "stopping went on without it");
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const limit = new AbortController();
  try {
    const late = sleep(ms, undefined, { signal: limit.signal }).then(() => {
      throw new Error(`not done within ${ms} ms`);
    });
    return await Promise.race([work, late]);
  } finally {
    limit.abort();
  }
}
