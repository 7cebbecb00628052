// What every command and the service are made of, built once, in order.

import { noteAlarm } from "../alarms/alarms.ts";
import { veilOf } from "../cards/veil.ts";
import { Channels } from "../channels/channel.ts";
import { maxMessenger } from "../channels/max/messenger.ts";
import type { MaxPace } from "../channels/max/pace.ts";
import type { Messenger } from "../channels/messenger.ts";
import { telegramMessenger } from "../channels/telegram/messenger.ts";
import { textsOf } from "../chat/chat.texts.ts";
import { keysUnderNews } from "../chat/menu.ts";
import { Staff } from "../chat/staff.ts";
import { type Clock, machineClock, wait } from "../clock.ts";
import type { Config } from "../config/config.ts";
import { connect } from "../db/connect.ts";
import { messageOf, must } from "../errors.ts";
import type { Friends } from "../friends/friends.ts";
import { sharedBudget } from "../jobs/budget.ts";
import type { About } from "../ledger/ledger.ts";
import type { Log } from "../log.ts";
import { makeMetrics } from "../metrics/metrics.ts";
import { isDue, type Notify, notifyNewBonuses } from "../notices/notify.ts";
import { Presence } from "../notices/presence.ts";
import type { ChannelName } from "../rules/account.ts";
import type { Settling } from "../settlements/look.ts";
import { closeScreensOf } from "../till/screens.ts";
import type { Sync } from "../visits/branch.ts";
import { type Budget, yclients } from "../yclients/client.ts";
import { makeReadings } from "./readings.ts";

/** The size of the pool: as many as one small PostgreSQL gives several replicas without a thought. */
export const connections = 8;

export type Parts = ReturnType<typeof buildParts>;

/** What every command needs: the database, both APIs, and the flows' own needs, with nothing opened yet. `maxPace` is MAX's own. */
export function buildParts(config: Config, log: Log, clock: Clock = machineClock, maxPace?: MaxPace) {
  const stopping = new AbortController();
  const { now } = clock;
  const db = connect(config.databaseUrl, { max: connections });
  const metrics = makeMetrics(db, config, connections);
  const telegram = telegramMessenger({
    token: config.telegramToken,
    apiRoot: config.telegramApiRoot,
    webhookSecret: config.webhookSecret,
    answered: metrics.answered("telegram"),
  });
  const max = maxOf(config, { db, now, answered: metrics.answered("max"), pace: maxPace });
  const messengers: Messenger[] = max === null ? [telegram] : [telegram, max];
  // What the program says by itself takes its turn in the pace; an answer goes at once, and counts.
  const unasked = new Channels(messengers.map(({ unaskedChannel }) => unaskedChannel));
  const messengerOf = (name: ChannelName) =>
    must(
      messengers.find(({ channel }) => channel.name === name),
      `a messenger called ${name}`,
    );
  const budget = sharedBudget(db, config.yclientsPerMinute, { signal: stopping.signal, wait: clock.wait });
  const journalBy = (turns: Budget) =>
    yclients({
      url: config.yclientsApiUrl,
      partnerToken: config.yclientsPartnerToken,
      userToken: config.yclientsUserToken,
      budget: turns,
      signal: stopping.signal,
      answered: metrics.answered("yclients"),
      clock,
    });
  const journal = journalBy(budget.later);
  // The settings' most lasting secret: the bot's token changes with the bot.
  const veil = veilOf(config.yclientsPartnerToken);
  const giftVeil = veilOf(config.yclientsPartnerToken, "gifts that are given once");
  // Whether the terms of these settings are the ones that hold (another program may have been first with others), and whether they
  // ever did since the start.
  const terms = { ours: true, begun: false };
  const sync: Sync = {
    termsHold: () => terms.ours,
    db,
    yclients: journal,
    log,
    now,
    terms: config,
    levels: config,
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
    wait: clock.wait,
    send: (to, html, buttons) => unasked.say(to, html, buttons),
    keysUnder: (name, language) =>
      messengerOf(name).channel.keysStay ? [] : keysUnderNews(textsOf(language)),
    tells: messengers.filter(({ tellsUnasked }) => tellsUnasked).map(({ channel }) => channel.name),
    turn: (signal, name) => messengerOf(name).turn(signal),
    presence: new Presence(
      (name, signal) => messengerOf(name).learnName(signal),
      now,
      (channel, away) => {
        if (away) log.warn({ channel }, "a messenger is away: who is to be told there waits");
        else log.info({ channel }, "a messenger that was away is back");
      },
    ),
    quietHours: config.quietHours,
    supportPhone: config.supportPhone,
    bookUrl: config.bookUrl,
    spending: config,
    signal: stopping.signal,
    count: metrics.notified,
  };
  const people = new Staff(db, config);
  const friends: Friends = {
    ...{ db, yclients: journal, log, now, companyIds: config.companyIds, paidBy: config.paidBy },
    ...{ friendAMonth: config.friendAMonth, friendAYear: config.friendAYear, signal: stopping.signal },
    staff: async () => Object.values(await people.now()).flat(),
  };
  const watching: Settling = { db, yclients: journal, log, now, rules: config, signal: stopping.signal };
  // A person waits at the till: before all that the program asks by itself.
  const settling: Settling = { ...watching, yclients: journalBy(budget.first) };
  const soon = noticesSoon(notify, config.settleMs);
  return {
    config,
    log,
    clock,
    veil,
    giftVeil,
    db,
    staff: people,
    friends,
    settling,
    watching,
    messengers,
    sync,
    notify,
    soon,
    readings: makeReadings({ companyIds: config.companyIds, log, sync, metrics, soon }),
    terms,
    stopping,
    metrics,
    /** The database is migrated by then; who delivers is listened to a moment later. */
    upSince: new Date(),
  };
}

/** The bot in MAX, where there is one. */
function maxOf(
  { maxToken, maxWebhookSecret, maxApiUrl, maxCa, maxNotices }: Config,
  deps: Parameters<typeof maxMessenger>[1],
): Messenger | null {
  if (maxToken === null || maxWebhookSecret === null) return null;
  const settings = { token: maxToken, apiRoot: maxApiUrl, webhookSecret: maxWebhookSecret, ca: maxCa };
  return maxMessenger({ ...settings, tellsUnasked: maxNotices === "at_once" }, deps);
}

/** How long a round that is at it elsewhere may take to end, in milliseconds: it may have looked a moment too early. */
const againInMs = 500;

/**
 * `visits` begins a round and waits for none: after a look, where nothing is to settle. `till` the same after a tap: what
 * is done at the till is told at once, whatever NOTIFY_CRON says. `stop` resolves when the last is over, the program's
 * signal aborted before.
 */
function noticesSoon(notify: Notify, settleMs: number) {
  const { db, log, signal } = notify;
  const due = new Set<About>();
  let round: Promise<void> | null = null;

  function soon(about: About): void {
    due.add(about);
    round ??= send();
  }

  async function send(): Promise<void> {
    try {
      // What is found while a round is ending is in none, so another follows.
      for (let [about] = due; about !== undefined && !signal.aborted; [about] = due) {
        due.delete(about);
        if (!(await isDue(db, about))) continue;
        if ((await notifyNewBonuses(notify, about)) !== null) continue;
        await wait(againInMs, signal);
        if (!signal.aborted) await notifyNewBonuses(notify, about);
      }
    } catch (error) {
      if (!signal.aborted)
        log.warn({ error: messageOf(error) }, "clients are told by the timetable's next round");
    } finally {
      round = null;
    }
  }

  return {
    visits(): void {
      if (settleMs <= 0) soon("visits");
    },
    till: () => soon("till"),
    stop: async () => void (await round),
  };
}
