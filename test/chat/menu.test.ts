// The command menus by scope and language, as Telegram keeps them.
import { expect, test } from "bun:test";
import { Api } from "grammy";
import { TelegramChannel } from "../../src/channels/telegram/telegram.ts";
import { setMenus } from "../../src/chat/menu.ts";
import { staffTexts } from "../../src/chat/staff.texts.ts";
import { startTelegram } from "../../src/standins/telegram/server.ts";
import { salonBot, shop } from "../helpers/salon-bot.ts";

const TOKEN = "7000000001:demo";
const clients = ["balance", "card", "history", "why", "book", "contacts", "help", "mydata"];
const till = ["today", "credit", "debit", "move", "why", "cancel"];

type Kept = { commands?: { command: string; description: string }[] };

/** Which commands stand where, by scope and language. */
const menus = (settings: Map<string, unknown>) =>
  Object.fromEntries(
    [...settings].map(([place, kept]) => [place, (kept as Kept).commands?.map((one) => one.command)]),
  );
const chat = (id: number) => `commands ${JSON.stringify({ type: "chat", chat_id: id })}`;

test("clients, admins and owners have their own, in both languages; who never started is left out (Telegram alone: its menus are its own)", async () => {
  const telegram = startTelegram({ token: TOKEN });
  const api = new Api(TOKEN, { apiRoot: telegram.url });
  await setMenus(new TelegramChannel(api), {
    ...shop,
    adminIds: ["telegram:1", "telegram:2"],
    ownerIds: ["telegram:2", "telegram:3"],
  });
  const staff = [...till, ...clients.filter((one) => one !== "why")];
  const owner = [...till, "stats", "export", "poster", "staff", ...clients.filter((one) => one !== "why")];
  expect(menus(telegram.settings)).toEqual({
    commands: clients,
    "commands en": clients,
    [chat(1)]: staff,
    [`${chat(1)} en`]: staff,
    [chat(2)]: owner,
    [`${chat(2)} en`]: owner,
    [chat(3)]: owner,
    [`${chat(3)} en`]: owner,
  });
  const words = (place: string) => JSON.stringify(telegram.settings.get(place));
  expect(words("commands")).toContain("История баллов");
  expect(words("commands en")).toContain("History of points");
  await telegram.stop();
});

test("owners are offered /programme once anything of it is chosen (Telegram alone: its menus are its own)", async () => {
  const telegram = startTelegram({ token: TOKEN });
  const api = new Api(TOKEN, { apiRoot: telegram.url });
  const staff = { adminIds: ["telegram:1"], ownerIds: ["telegram:2"] } as const;
  const offered = async (chosen: object) => {
    await setMenus(new TelegramChannel(api), { ...shop, ...staff, ...chosen });
    const kept = menus(telegram.settings);
    return [1, 2].map((id) => kept[chat(id)]?.includes("programme"));
  };
  expect(await offered({})).toEqual([false, false]);
  expect(await offered({ pointsLive: { months: 12 } })).toEqual([false, true]);
  expect(await offered({ friendPoints: { inviter: 30_000, friend: 0 } })).toEqual([false, true]);
  expect(JSON.stringify([...telegram.settings])).not.toContain('"level"');
  expect(await offered({ levels: [{ from: 0, percent: 100 }] })).toEqual([false, true]);
  expect(menus(telegram.settings)[chat(2)]).toContain("level");
  await telegram.stop();
});

test("an owner's menu says that /statement takes a client's phone, once and where statements are offered at all (Telegram alone: its menus are its own)", async () => {
  const telegram = startTelegram({ token: TOKEN });
  const staff = { adminIds: ["telegram:1"], ownerIds: ["telegram:2"] } as const;
  const offered = async (statements: "off" | "on") => {
    await setMenus(new TelegramChannel(new Api(TOKEN, { apiRoot: telegram.url })), {
      ...shop,
      ...staff,
      statements,
    });
    return [1, 2].map((id) =>
      JSON.stringify(telegram.settings.get(chat(id))).match(/"statement","description":"([^"]*)"/g),
    );
  };
  expect(await offered("off")).toEqual([null, null]);
  expect(await offered("on")).toEqual([
    ['"statement","description":"Выписка по карте"'],
    ['"statement","description":"Выписка: своя, или телефон клиента"'],
  ]);
  await telegram.stop();
});

test("what the menu offers those who work here stands in their /help too, with everything chosen (Telegram alone: its menus are its own)", async () => {
  const telegram = startTelegram({ token: TOKEN });
  const chosen = {
    ...{ pointsLive: { months: 12 }, levels: [{ from: 0, percent: 100 }], statements: "on" },
    ...{ friendPoints: { inviter: 30_000, friend: 0 }, birthdayPoints: 50_000 },
  };
  const staff = { adminIds: ["telegram:1"], ownerIds: ["telegram:2"] };
  await setMenus(new TelegramChannel(new Api(TOKEN, { apiRoot: telegram.url })), {
    ...shop,
    ...(chosen as object),
    ...(staff as object),
  });
  const brought = { friend: true, level: true, programme: true, statement: true, settles: true };
  // Of a client's own commands it names those of the card.
  const clientsOwn = ["book", "contacts", "help", "birthday"];
  for (const [id, isOwner] of [
    [1, false],
    [2, true],
  ] as const) {
    const offered = menus(telegram.settings)[chat(id)]?.filter((one) => !clientsOwn.includes(one)) ?? [];
    const help = staffTexts.help(isOwner, brought);
    expect(offered.length).toBeGreaterThan(10);
    // An admin's statement is of the own card too.
    expect(offered.filter((one) => !help.includes(`/${one}`))).toEqual(isOwner ? [] : ["statement"]);
  }
  await telegram.stop();
});

test("a chat that was never started fails alone; what has no setting is not offered", async () => {
  const telegram = startTelegram({ token: TOKEN });
  const api = new Api(TOKEN, { apiRoot: telegram.url });
  api.config.use(async (prev, method, payload, signal) => {
    const nobody = JSON.stringify(payload).includes('"chat_id":1');
    if (nobody) return { ok: false, error_code: 400, description: "Bad Request: chat not found" } as never;
    return prev(method, payload, signal);
  });
  const bare = { bookUrl: null, mapUrl: null, supportPhone: null };
  await setMenus(new TelegramChannel(api), {
    ...shop,
    ...bare,
    adminIds: ["telegram:1", "telegram:2"],
    ownerIds: [],
  });
  expect(Object.keys(menus(telegram.settings))).toEqual([
    "commands",
    "commands en",
    chat(2),
    `${chat(2)} en`,
  ]);
  expect(menus(telegram.settings).commands).toEqual(["balance", "card", "history", "why", "help", "mydata"]);
  await telegram.stop();
});

test("an admin who presses Start later has the menu from then on; a client's Start sets none (Telegram alone: its menus are its own)", async () => {
  await using salon = await salonBot({ adminIds: ["telegram:777"] });
  await salon.anna.start();
  expect(salon.telegram.settings.size).toBe(0);
  await salon.person({ id: 777, firstName: "Ольга" }).start();
  expect(Object.keys(menus(salon.telegram.settings))).toEqual([chat(777), `${chat(777)} en`]);
});
