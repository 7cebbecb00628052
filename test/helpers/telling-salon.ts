// A salon with a journal, a ledger and linked clients, for tests of telling: both stand-ins over real HTTP.

import { pino } from "pino";
import { noteAlarm } from "../../src/alarms/alarms.ts";
import { veilOf } from "../../src/cards/veil.ts";
import { telegramApi } from "../../src/channels/telegram/client.ts";
import { Pace } from "../../src/channels/telegram/pace.ts";
import { TelegramChannel } from "../../src/channels/telegram/telegram.ts";
import { connect, type Tx } from "../../src/db/connect.ts";
import { postTill } from "../../src/ledger/ledger.ts";
import { putSpend } from "../../src/ledger/spends.store.ts";
import { type Notify, notifyNewBonuses } from "../../src/notices/notify.ts";
import { startTelegram } from "../../src/standins/telegram/server.ts";
import { Journal } from "../../src/standins/yclients/journal.ts";
import { startYclients } from "../../src/standins/yclients/server.ts";
import { closeScreensOf } from "../../src/till/screens.store.ts";
import type { Sync } from "../../src/visits/branch.ts";
import { syncRecords } from "../../src/visits/sync.ts";
import { yclients } from "../../src/yclients/client.ts";
import { linkTo } from "./accounts.ts";
import { freshDatabase } from "./db.ts";
import { spending } from "./programme.ts";
import { soft } from "./soft.ts";

const TOKEN = "7000000001:telling";
export const BRANCH = 11;
/** 12 March 2026, noon in Moscow: when the visits of these tests are. */
const NOON = new Date("2026-03-12T09:00:00Z");

export type TellingSalon = Awaited<ReturnType<typeof tellingSalon>>;

/** Anna's phone is linked to the account 501. `clock.now` is everybody's, `quiet` the sender's. */
export async function tellingSalon(
  options: {
    settleMs?: number;
    quietHours?: Notify["quietHours"];
    spending?: Partial<Notify["spending"]>;
    levels?: Sync["levels"];
  } = {},
) {
  const database = await freshDatabase();
  const { sql } = database;
  const db = connect(database.url);
  const clock = { now: new Date("2026-03-12T14:00:00Z") };
  const now = () => clock.now;
  const journal = new Journal({ now });
  journal.addCompany({ id: BRANCH, title: "Салон", timeZone: "Europe/Moscow" });
  const api = startYclients({ journal, partnerToken: "p", userToken: "u", now, perMinute: 0, perSecond: 0 });
  const telegram = startTelegram({ token: TOKEN, limits: { perSecond: 1_000 } });
  const channel = new TelegramChannel(telegramApi({ token: TOKEN, apiRoot: telegram.url }));
  const log: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void log.push(line) });
  const signal = new AbortController();
  const sync: Sync = {
    ...{ db, log: logger, now, programStart: "2026-03-10", settleMs: options.settleMs ?? 0 },
    closeScreens: closeScreensOf,
    ...(options.levels && { levels: options.levels }),
    veil: veilOf("secret"),
    terms: { percent: 100, earnOn: "services,goods", earnWhen: "paid", paidBy: "payments" },
    yclients: yclients({
      ...{ url: api.url, partnerToken: "p", userToken: "u", retryMs: 1 },
      // The database's clock stands for "read at": two answers never have the same one.
      budget: { take: async () => new Date(), refused: async () => {} },
    }),
    signal: signal.signal,
    alarm: (about, detail) => noteAlarm(db, about, detail),
  };
  const pace = new Pace();
  const notify: Notify = {
    ...{ db, log: logger, now, signal: signal.signal, supportPhone: "+7 495 000-00-00" },
    ...{ bookUrl: "https://n1.yclients.com/", spending: { ...spending, ...options.spending } },
    quietHours: options.quietHours ?? null,
    send: (id, html, buttons) => channel.say(id, html, buttons),
    turn: (stopping) => pace.turn(stopping),
    tells: ["telegram"],
  };
  async function linked(id: number, phone: string, language: string | null = "ru") {
    const person = telegram.person({ id, firstName: `Клиент ${id}`, phone });
    person.chat.started = true;
    await linkTo(sql, id, phone, language);
    return person;
  }
  /** Booked for Anna at noon, or for another client; roubles. */
  function book(
    roubles: number,
    more: { id?: number; phone?: string; at?: Date; visitId?: number } = {},
  ): number {
    return journal.book({
      companyId: BRANCH,
      client: { id: more.id ?? 31, name: "Анна", phone: more.phone ?? "+79001234567" },
      startsAt: more.at ?? NOON,
      services: [{ title: "Стрижка", cost: roubles * 100 }],
      ...(more.visitId !== undefined && { visitId: more.visitId }),
    });
  }
  /** A minute passes, and the journal is read. */
  async function read(): Promise<void> {
    clock.now = new Date(clock.now.getTime() + 60_000);
    await syncRecords(sync, BRANCH);
  }
  const anna = await linked(501, "+79001234567");

  return {
    ...{ url: database.url, sql, db, clock, journal, api, telegram, log, notify, anna, linked, signal, sync },
    book,
    read,
    /** Booked, paid and read. */
    async paid(...of: Parameters<typeof book>): Promise<number> {
      const visit = book(...of);
      journal.pay(visit);
      await read();
      return visit;
    },
    /** What is due is sent. */
    tell: () => notifyNewBonuses(notify),
    /** All that waits becomes due. */
    wake: () => sql`update notices set due_at = now() - interval '1 second'`,
    /** What the bot said to a person, oldest first, as HTML, its hard spaces made soft. */
    said: (id = 501) => telegram.messages(id).map((one) => soft(one.html ?? one.text)),
    /** Points by hand, in hundredths. */
    async till(
      kind: "credit" | "debit" | "spend",
      points: number,
      more: { reason?: string; bill?: number } = {},
      account = 501,
    ) {
      const [row] = await sql`select id from clients where telegram_id = ${account}`;
      const card = Number(row?.id);
      const key = `op:${crypto.randomUUID().replaceAll("-", "")}`;
      const { bill = 1_000_000 } = more;
      const also = (tx: Tx, id: number) =>
        putSpend(tx, { row: id, card, company: null, day: "2026-03-12", bill });
      const spend = kind === "spend" ? { bill, also } : {};
      await postTill(db, { card, kind, points, actor: "admin:1", key, ...spend, ...more });
    },
    /** Ids of the rows of the ledger that are not told. */
    async untold(): Promise<number[]> {
      const rows = await sql`select id from bonuslog where not is_telegram_notified order by id`;
      return rows.map((row) => Number(row.id));
    },
    [Symbol.asyncDispose]: async () => {
      signal.abort();
      await api.stop();
      await telegram.stop();
      await db.end({ timeout: 1 });
      await database.drop();
    },
  };
}
