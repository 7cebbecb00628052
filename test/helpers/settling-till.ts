/** A till whose spends settle: Olga and Marina are admins, Irina is the owner; Anna has 340,24 points; the journal is behind HTTP. */
import { pino } from "pino";
import { deskOf } from "../../src/app/listening.ts";
import { veilOf } from "../../src/cards/veil.ts";
import type { Shop } from "../../src/chat/desk.ts";
import { databaseNow } from "../../src/db/connect.ts";
import { must } from "../../src/errors.ts";
import type { EntryId } from "../../src/rules/ids.ts";
import type { Settling } from "../../src/settlements/look.ts";
import { settleDue } from "../../src/settlements/settle.ts";
import { settledWithin } from "../../src/settlements/settlements.ts";
import type { LoyaltyReading } from "../../src/standins/yclients/readings.ts";
import { tellSettled } from "../../src/till/settled.chat.ts";
import { yclients } from "../../src/yclients/client.ts";
import { linkTo } from "./accounts.ts";
import { accountHere, channelHere } from "./both.ts";
import { ANNA, MOSCOW, openLoyalSalon } from "./loyal-salon.ts";
import { passTrial } from "./passed-trial.ts";
import { give, shop as plainShop, salonBot } from "./salon-bot.ts";
import { soft } from "./soft.ts";
import { expectSound } from "./sound.ts";
import { told } from "./till-salon.ts";

export type SettlingTill = Awaited<ReturnType<typeof settlingTill>>;

/** It is 13:00 in Moscow on 10 March. `patience`: for how long a tap waits for the journal, in milliseconds; 0: it asks nothing itself. */
export async function settlingTill(
  changes: Partial<Shop> = {},
  reading: Partial<LoyaltyReading> = {},
  patience = 10_000,
) {
  const loyal = openLoyalSalon(reading);
  const stop = new AbortController();
  const log = pino({ level: "silent" });
  const shop: Shop = {
    ...{ ...plainShop, adminIds: [601, 602].map(accountHere), ownerIds: [accountHere(700)] },
    ...{ companyIds: [MOSCOW], settles: "on", ...changes },
  };
  let settling: Settling | null = null;
  const settle = async (row: EntryId) => {
    if (patience > 0) await settledWithin(must(settling, "what settles"), row, patience);
  };
  const salon = await salonBot(shop, undefined, { settle });
  const { sql, db } = salon;
  salon.clock.now = loyal.clock.now;
  settling = {
    ...{ db, log, now: () => loyal.clock.now, rules: shop, signal: stop.signal },
    yclients: yclients({
      ...{
        url: loyal.yclients.url,
        partnerToken: "partner",
        userToken: "user",
        retryMs: 1,
        timeoutMs: 2_000,
      },
      budget: { take: () => databaseNow(db), refused: async () => {} },
    }),
  };
  await sql`insert into companies (company_id, title, time_zone) values (${MOSCOW}, 'Салон', 'Europe/Moscow')`;
  await give(salon, ANNA.phone, 34_024);
  await sql`update clients set name = 'Анна' where phone = ${ANNA.phone}`;
  await sql`insert into yclients_clients (yclients_client_id, client_id) select ${ANNA.id}, id from clients`;
  await linkTo(sql, 501, ANNA.phone);
  await sql`update bonuslog set is_telegram_notified = true`;
  salon.anna.chat.started = true;
  const person = (id: number, firstName: string) => salon.person({ id, firstName });
  const people = { olga: person(601, "Ольга"), marina: person(602, "Марина"), irina: person(700, "Ирина") };
  const desk = deskOf({
    ...{
      channels: [salon.channel],
      db,
      veil: veilOf("secret"),
      shop,
      log,
      now: () => salon.clock.now,
      settle,
    },
  });
  await passTrial(sql, {
    ...{ company: MOSCOW, cardType: loyal.type.id, chain: loyal.loyalty.id },
    ...{ billFalls: reading.billPrices === "fall", recordPriceFalls: true },
  });
  /** A record of Anna's today, which a pass has read: its number. Roubles. */
  const book = async (roubles: number, at = "2026-03-10T10:00:00Z", visitId?: number) => {
    const { recordId } = loyal.book([{ title: "Стрижка", cost: roubles * 100 }], visitId);
    await sql`
      insert into visits (record_id, company_id, client_id, yclients_client_id, visit_id, starts_at, day, deleted, paid_full,
        attendance, price, services_paid, goods_paid, read_at, decision)
      select ${recordId}, ${MOSCOW}, id, ${ANNA.id}, ${loyal.visitOf(recordId)}, ${at}, '2026-03-10', false, false, 0,
        ${roubles}, 0, 0, now(), 'not_paid' from clients where phone = ${ANNA.phone}`;
    return recordId;
  };
  const rest = async () => {
    for (let turn = 0; turn < 30; turn++) {
      await settleDue(must(settling, "what settles"));
      const [left] = await sql`select from settlements where state = 'under_way' limit 1`;
      if (!left) return;
      await sql`update settlement_writes set sent_at = sent_at - interval '2 minutes',
        missed_at = missed_at - interval '2 minutes' where came is null`;
      await sql`update settlements set due_at = due_at - interval '2 minutes', missing_at = missing_at - interval '2 minutes'`;
    }
    throw new Error("a settlement is still under way");
  };
  const close = salon[Symbol.asyncDispose];
  return Object.assign(salon, {
    ...{ ...people, loyal, shop, desk, book, rest, settling },
    /** All screens say where their spends have come to. */
    tell: () => tellSettled(desk),
    /** What Anna is told by and by; null: nothing. */
    told: async () => (await told(salon)).get(accountHere(501)) ?? null,
    /** What the bill of a record bears, and what the reserved cards hold; kopecks. */
    journal: async (recordId: number) => ({
      applied: (await loyal.rows(recordId)).reduce((sum, one) => sum + Math.round(one * 100), 0),
      cards: loyal.loyalty.cards.map((one) => one.kopecks),
    }),
    ledger: async () => {
      const rows = await sql<{ line: string }[]>`
        select concat_ws(' ', kind, trim_scale(points), actor) as line from bonuslog where id > 1 order by id`;
      return rows.map(({ line }) => line.replaceAll(`${channelHere()}:`, ""));
    },
    /** How many messages the bot has sent to somebody, and what the newest says. */
    chat: (id: number) => {
      const all = salon.messages(id).filter((one) => one.from === "bot");
      return { count: all.length, last: soft(all.at(-1)?.text) };
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await expectSound(db);
      await loyal.yclients.stop();
      await close();
    },
  });
}
