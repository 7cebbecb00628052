// What every command and the service are made of, built once, in order.

import { noteAlarm } from "../alarms/alarms.ts";
import { veilOf } from "../cards/veil.ts";
import { Channels } from "../channels/channel.ts";
import { telegramApi } from "../channels/telegram/client.ts";
import { Pace } from "../channels/telegram/pace.ts";
import { TelegramChannel } from "../channels/telegram/telegram.ts";
import { type Clock, machineClock } from "../clock.ts";
import type { Config } from "../config/config.ts";
import { connect } from "../db/connect.ts";
import { sharedBudget } from "../jobs/budget.ts";
import type { Log } from "../log.ts";
import { makeMetrics } from "../metrics/metrics.ts";
import type { Notify } from "../notices/notify.ts";
import { closeScreensOf } from "../till/screens.ts";
import type { Sync } from "../visits/branch.ts";
import { yclients } from "../yclients/client.ts";
import { tellSoon } from "./tell-soon.ts";

/** The size of the pool: as many as one small PostgreSQL gives several replicas without a thought. */
export const connections = 8;

export type Parts = ReturnType<typeof buildParts>;

/** What every command needs: the database, both APIs, and the flows' own needs, with nothing opened yet. */
export function buildParts(config: Config, log: Log, clock: Clock = machineClock) {
  const stopping = new AbortController();
  const { now, wait } = clock;
  const db = connect(config.databaseUrl, { max: connections });
  const metrics = makeMetrics(db, config, connections);
  const telegramOf = (pace?: Pace) =>
    new TelegramChannel(
      telegramApi({
        token: config.telegramToken,
        apiRoot: config.telegramApiRoot,
        answered: metrics.answered("telegram"),
      }),
      pace,
    );
  const pace = new Pace();
  // What the program says by itself takes its turn in the pace; an answer goes at once, and counts.
  const channels = new Channels([telegramOf()]);
  const journal = yclients({
    url: config.yclientsApiUrl,
    partnerToken: config.yclientsPartnerToken,
    userToken: config.yclientsUserToken,
    budget: sharedBudget(db, config.yclientsPerMinute, { signal: stopping.signal, wait }),
    signal: stopping.signal,
    answered: metrics.answered("yclients"),
    clock,
  });
  // The settings' most lasting secret: the bot's token changes with the bot.
  const veil = veilOf(config.yclientsPartnerToken);
  const sync: Sync = {
    db,
    yclients: journal,
    log,
    now,
    terms: config,
    programStart: config.programStart,
    settleMs: config.settleMs,
    veil,
    closeScreens: closeScreensOf,
    signal: stopping.signal,
    alarm: (about, detail) => noteAlarm(db, about, detail),
    count: metrics.posted,
  };
  const notify: Notify = {
    db,
    log,
    now,
    wait,
    send: (to, html, buttons) => channels.say(to, html, buttons),
    turn: (signal) => pace.turn(signal),
    quietHours: config.quietHours,
    supportPhone: config.supportPhone,
    signal: stopping.signal,
    count: metrics.told,
  };
  const telling = tellSoon(notify, config.settleMs);
  return {
    config,
    log,
    clock,
    veil,
    db,
    telegram: telegramOf(pace),
    sync,
    notify,
    telling,
    stopping,
    metrics,
  };
}
