// The bot on a stand-in of the walk's messenger and a database of its own, by webhook, for tests.

import { expect } from "bun:test";
import type { Update } from "grammy/types";
import { pino } from "pino";
import { type BotParts, createBot } from "../../src/app/listening.ts";
import { veilOf } from "../../src/cards/veil.ts";
import type { Channel } from "../../src/channels/channel.ts";
import { maxMessenger } from "../../src/channels/max/messenger.ts";
import { MaxPace } from "../../src/channels/max/pace.ts";
import { telegramApi } from "../../src/channels/telegram/client.ts";
import type { Pace } from "../../src/channels/telegram/pace.ts";
import { TelegramChannel } from "../../src/channels/telegram/telegram.ts";
import { incomingOf, readUpdate } from "../../src/channels/telegram/update.ts";
import type { Shop } from "../../src/chat/desk.ts";
import { connect } from "../../src/db/connect.ts";
import { type Account, channelOf, externalIdOf } from "../../src/rules/account.ts";
import { startMax } from "../../src/standins/max/server.ts";
import type { Profile } from "../../src/standins/telegram/chats.ts";
import { startTelegram } from "../../src/standins/telegram/server.ts";
import { type Anyone, type Deed, InMax, type Seen } from "./anyone.ts";
import { accountHere, channelHere } from "./both.ts";
import { freshDatabase } from "./db.ts";
import { judged } from "./limits.ts";
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
 * A salon in the messenger of the walk. `reroute` changes the bot's way to its database, `parts` are handed to the bot, its
 * `channels` beside that messenger; `log` collects the lines, `clock.now` is what the bot takes for now. Whom the settings name
 * by their numbers in Telegram are those of the same numbers in the messenger of the walk. `await using` ends everything.
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
  const whole = { ...shop, ...changes };
  const ofBot = {
    db,
    veil: veilOf("secret"),
    shop:
      channelHere() === "telegram"
        ? whole
        : { ...whole, adminIds: whole.adminIds.map(walked), ownerIds: whole.ownerIds.map(walked) },
    log: pino({ level: "debug" }, { write: (line: string) => void log.push(line) }),
    now: () => clock.now,
    ...more,
  };
  const bot = await (channelHere() === "max"
    ? startMaxBotOn(ofBot)
    : startBotOn(TOKEN, ofBot, pace && { pace }));
  const { channel, take, handle, person, messages, idle, redeliver } = bot;
  const anna = person({ id: 501, firstName: "Анна", phone: "+79001234567" });
  const boris = person({ id: 502, firstName: "Борис <b>", phone: "79007654321" });
  return {
    ...{ channel, take, handle, person, messages, idle, redeliver },
    ...{ db, sql: database.sql, url: database.url, clock, log, anna, boris },
    /** Telegram itself. A walk that needs it is played there alone. */
    get telegram() {
      if ("telegram" in bot) return bot.telegram;
      throw new Error("this walk asks for Telegram: it is played there alone, and its name says why");
    },
    /** What the bot said in a chat, oldest first, from a place on; its hard spaces made soft. */
    said: (id: number, from = 0) =>
      messages(id)
        .filter((one) => one.from === "bot")
        .map((one) => soft(one.text))
        .slice(from),
    [Symbol.asyncDispose]: async () => {
      await bot.stop();
      await db.end({ timeout: 1 });
      await database.drop();
    },
  };
}

/** An account of Telegram as the same number in the messenger of the walk; any other as it is. */
function walked(account: Account): Account {
  return channelOf(account) === "telegram" ? accountHere(Number(externalIdOf(account))) : account;
}

type OfBot = Omit<BotParts, "channels"> & Partial<BotParts>;

/** The door of a bot: a failure is a 500, and the messenger comes again. */
function doorOf(handle: (raw: object) => Promise<void>) {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const status = await handle(Object(await request.json())).then(
        () => 200,
        () => 500,
      );
      return new Response("", { status });
    },
  });
}

/**
 * A bot with a Telegram of its own, which numbers its messages from one, or with the one that is named; on a database that may
 * be another bot's too.
 */
export async function startBotOn(
  token: string,
  parts: OfBot,
  { pace, telegram: given }: { pace?: Pace; telegram?: ReturnType<typeof startTelegram> } = {},
) {
  const telegram = given ?? startTelegram({ token });
  const refused: string[] = [];
  const channel = judged(new TelegramChannel(telegramApi({ token, apiRoot: telegram.url }), pace), refused);
  await channel.learnName();
  const take = createBot({ ...parts, channels: [channel, ...(parts.channels ?? [])] });
  const handle = async (raw: object, waits?: () => void): Promise<void> => {
    const read = readUpdate(raw);
    const incoming = "update" in read ? incomingOf(read.update, channel.me?.username ?? "") : null;
    if (incoming) await take(channel, incoming, waits);
  };
  const door = doorOf(handle);
  telegram.webhook.set(door.url.href, { secret_token: "s3cret" });
  telegram.webhook.backoffMs = 20;
  return {
    ...{ telegram, channel: channel as Channel, take, handle },
    person: (profile: Profile): Anyone => telegram.person(profile),
    messages: (id: number): readonly Seen[] => telegram.messages(id),
    idle: () => telegram.idle(),
    redeliver: (deed: Deed) => telegram.redeliver(deed as Update),
    stop: async () => {
      await door.stop(true);
      if (telegram !== given) await telegram.stop();
      expect(refused).toEqual([]);
    },
  };
}

/** The same with a MAX of its own, which counts no calls: how fast they may go is its own tests' matter. */
async function startMaxBotOn(parts: OfBot) {
  const token = "f9LHodD0cOKdemo";
  const max = startMax({ token, limits: { perSecond: 1e9, perChatPerSecond: 1e9 } });
  max.files.notReady = 0;
  max.webhook.backoffMs = 20;
  let ms = 0;
  const { db } = parts;
  const messenger = maxMessenger(
    { token, apiRoot: max.url, webhookSecret: "s3cret", ca: null, tellsUnasked: true },
    { db, now: () => new Date(), pace: new MaxPace(() => (ms += 10_000)) },
  );
  await messenger.learnName(new AbortController().signal);
  const refused: string[] = [];
  const channel = judged(messenger.channel, refused);
  const take = createBot({ ...parts, channels: [channel, ...(parts.channels ?? [])] });
  const handle = async (raw: object, waits?: () => void): Promise<void> => {
    const read = await messenger.read(raw);
    if ("wrong" in read || read.incoming === null) return;
    await take(channel, read.incoming, waits);
    await read.handled?.();
  };
  const door = doorOf(handle);
  max.webhook.set(door.url.href, { secret: "s3cret" });
  const people = new InMax(max);
  return {
    ...{ channel, take, handle },
    person: (profile: Profile) => people.person(profile),
    messages: (id: number) => people.messages(id),
    idle: () => max.idle(),
    redeliver: (deed: Deed) => people.redeliver(deed),
    stop: async () => {
      await door.stop(true);
      await max.stop();
      expect(refused).toEqual([]);
    },
  };
}

/** John (503), whose phone speaks English, has agreed and has a card. */
export async function english({ person }: SalonBot) {
  const john = person({ id: 503, firstName: "John", languageCode: "en", phone: "447700900123" });
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
