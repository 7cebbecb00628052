// The bot on a Telegram stand-in and a database of its own, by webhook, for tests.
import { pino } from "pino";
import { type BotParts, createBot } from "../../src/app/listening.ts";
import { veilOf } from "../../src/cards/veil.ts";
import { telegramApi } from "../../src/channels/telegram/client.ts";
import type { Pace } from "../../src/channels/telegram/pace.ts";
import { TelegramChannel } from "../../src/channels/telegram/telegram.ts";
import { incomingOf, readUpdate } from "../../src/channels/telegram/update.ts";
import type { Shop } from "../../src/chat/desk.ts";
import { connect } from "../../src/db/connect.ts";
import { startTelegram } from "../../src/standins/telegram/server.ts";
import { freshDatabase } from "./db.ts";
import { programme } from "./programme.ts";
import { soft } from "./soft.ts";

const TOKEN = "7000000001:demo";

export const shop: Shop = {
  title: () => "Салон <Красота>",
  legalName: "ИП Петрова & Ко",
  policyUrl: "https://salon.example/policy?a=1&b=2",
  rulesUrl: "https://salon.example/rules",
  supportPhone: "+7 495 000-00-00",
  bookUrl: "https://n1.yclients.com/",
  statements: "off",
  publicUrl: null,
  mapUrl: "https://yandex.ru/maps/1",
  ...programme,
  adminIds: [],
  ownerIds: [],
  companyIds: [1],
  ...{ friendPoints: null, friendAfterDays: 3, friendLeastBill: null, friendAMonth: 5, friendAYear: 30 },
  ...{ settles: "off", settleCardType: null },
  adminDailyLimit: null,
  secondAdminAbove: null,
};

export type SalonBot = Awaited<ReturnType<typeof salonBot>>;

/**
 * `reroute` changes the bot's way to its database, `parts` are handed to the bot, its `channels` beside Telegram; `log` collects the lines, `clock.now`
 * is what the bot takes for now. `await using` ends everything.
 */
export async function salonBot(
  changes: Partial<Shop> = {},
  reroute = (url: string) => url,
  parts: Partial<BotParts> & { pace?: Pace } = {},
) {
  const database = await freshDatabase();
  const db = connect(reroute(database.url));
  const clock = { now: new Date("2026-03-12T12:00:00Z") };
  const log: string[] = [];
  const { pace, ...more } = parts;
  const { telegram, channel, take, handle, stop } = await startBotOn(
    TOKEN,
    {
      db,
      veil: veilOf("secret"),
      shop: { ...shop, ...changes },
      log: pino({ level: "debug" }, { write: (line: string) => void log.push(line) }),
      now: () => clock.now,
      ...more,
    },
    pace && { pace },
  );
  const anna = telegram.person({ id: 501, firstName: "Анна", phone: "+79001234567" });
  const boris = telegram.person({ id: 502, firstName: "Борис <b>", phone: "79007654321" });
  return {
    ...{ telegram, channel, take, handle, db, sql: database.sql, url: database.url, clock, log, anna, boris },
    /** What the bot said in a chat, oldest first, from a place on; its hard spaces made soft. */
    said: (id: number, from = 0) =>
      telegram
        .messages(id)
        .filter((one) => one.from === "bot")
        .map((one) => soft(one.text))
        .slice(from),
    [Symbol.asyncDispose]: async () => {
      await stop();
      await db.end({ timeout: 1 });
      await database.drop();
    },
  };
}

/**
 * A bot with a Telegram of its own, which numbers its messages from one, or with the one that is named; on a database that may
 * be another bot's too.
 */
export async function startBotOn(
  token: string,
  parts: Omit<BotParts, "channels"> & Partial<BotParts>,
  { pace, telegram: given }: { pace?: Pace; telegram?: ReturnType<typeof startTelegram> } = {},
) {
  const telegram = given ?? startTelegram({ token });
  const channel = new TelegramChannel(telegramApi({ token, apiRoot: telegram.url }), pace);
  await channel.learnName();
  const take = createBot({ ...parts, channels: [channel, ...(parts.channels ?? [])] });
  const handle = async (raw: object, waits?: () => void): Promise<void> => {
    const read = readUpdate(raw);
    const incoming = "update" in read ? incomingOf(read.update, channel.me?.username ?? "") : null;
    if (incoming) await take(channel, incoming, waits);
  };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    // As the real door does: a failure is a 500, and Telegram comes again.
    fetch: async (request) => {
      const status = await handle(Object(await request.json())).then(
        () => 200,
        () => 500,
      );
      return new Response("", { status });
    },
  });
  telegram.webhook.set(server.url.href, { secret_token: "s3cret" });
  telegram.webhook.backoffMs = 20;
  return {
    telegram,
    channel,
    take,
    handle,
    stop: async () => {
      await server.stop(true);
      if (telegram !== given) await telegram.stop();
    },
  };
}

/** John (503), whose phone speaks English, has agreed and has a card. */
export async function english({ telegram }: SalonBot) {
  const john = telegram.person({ id: 503, firstName: "John", languageCode: "en", phone: "447700900123" });
  await john.start();
  await john.tap("I agree, send my number");
  return john;
}

/** Rows on the card of a phone, in hundredths: what came before its owner did. */
export async function give(salon: SalonBot, phone: string, ...points: number[]): Promise<void> {
  const { sql } = salon;
  await sql`insert into clients (phone) values (${phone}) on conflict do nothing`;
  for (const one of points) {
    await sql`
      with added as (
        insert into bonuslog (client_id, kind, points, paid, actor, key)
        select id, ${one > 0 ? "credit" : "spend"}, ${one / 100}, ${one > 0 ? null : 1_000_000}, 'admin:1', ${`op:${crypto.randomUUID().replaceAll("-", "")}`}
        from clients where phone = ${phone} returning id, paid)
      insert into spends (id, day, bill) select id, '2026-03-01', paid from added where paid is not null`;
  }
}
