// What every command and the service are made of, built once, in order.

import type { Config } from "../config.ts";
import { connect } from "../db/connect.ts";
import { noteAlarm } from "../flows/alarms.ts";
import { sharedBudget } from "../flows/budget.ts";
import type { Notify } from "../flows/notify.ts";
import type { Sync } from "../flows/sync.ts";
import type { Log } from "../log.ts";
import { send, telegramApi } from "../telegram/client.ts";
import { yclients } from "../yclients/client.ts";

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
