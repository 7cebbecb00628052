// Proves the stand-in Telegram: its refusals, its deliveries, its faults, and a real grammY bot living on it.
import { afterEach, expect, test } from "bun:test";
import { Bot, InlineKeyboard, InputFile, Keyboard, webhookCallback } from "grammy";
import { readHtml } from "../../src/standins/telegram/html.ts";
import { startTelegram, type Telegram, type TelegramOptions } from "../../src/standins/telegram/server.ts";
import { until } from "../helpers/program.ts";

const TOKEN = "7000000001:demo";
const ANNA = { id: 501, firstName: "Анна", phone: "+79001234567" };
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function start(options: Partial<TelegramOptions> = {}): Telegram {
  const telegram = startTelegram({ token: TOKEN, ...options });
  closing.push(() => telegram.stop());
  return telegram;
}

type Reply = {
  ok: boolean;
  result?: unknown;
  description?: string;
  error_code?: number;
  parameters?: { retry_after: number };
};

/** One call over HTTP; the answer's body. */
async function api(telegram: Telegram, method: string, payload: object = {}, token = TOKEN): Promise<Reply> {
  const answer = await fetch(`${telegram.url}/bot${token}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(payload),
  });
  const body = (await answer.json()) as Reply;
  expect(answer.status).toBe(body.error_code ?? 200);
  return body;
}

/** Anna, who pressed Start, on a Telegram whose webhook answers 200 to everything. */
async function withAnna(options: Partial<TelegramOptions> = {}) {
  const telegram = start(options);
  const posts = listen(telegram, () => new Response("ok"));
  const anna = telegram.person(ANNA);
  await anna.start();
  return { telegram, anna, posts };
}

type Post = { body: Record<string, unknown>; secret: string | null };

/** A webhook of our own: set directly, every post noted. */
function listen(telegram: Telegram, answer: (post: Post) => Response | Promise<Response>): Post[] {
  const posts: Post[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token");
      const post = { body: (await request.json()) as Record<string, unknown>, secret };
      posts.push(post);
      return answer(post);
    },
  });
  closing.push(() => server.stop(true));
  telegram.webhook.set(server.url.href, { secret_token: "s3cret" });
  return posts;
}

test("refuses what Telegram refuses, in Telegram's words", async () => {
  const { telegram } = await withAnna();
  telegram.person({ id: 502, firstName: "Борис" });
  const say = (text: string, more: object = {}) => ({ chat_id: 501, text, ...more });
  const data = (callback_data: string) => ({
    reply_markup: { inline_keyboard: [[{ text: "x", callback_data }]] },
  });
  const html = { parse_mode: "HTML" };
  const refusals: [string, object, number, string][] = [
    ["sendMessage", say(" "), 400, "Bad Request: message text is empty"],
    ["sendMessage", say("<b> </b>", html), 400, "Bad Request: message text is empty"],
    ["sendMessage", say("я".repeat(4097)), 400, "Bad Request: message is too long"],
    ["sendMessage", say("<b>x", html), 400, "Bad Request: can't parse entities: Can't find end tag"],
    [
      "sendMessage",
      say("<b><i>x</b></i>", html),
      400,
      "Bad Request: can't parse entities: Unmatched end tag",
    ],
    ["sendMessage", say("1 < 2", html), 400, "Bad Request: can't parse entities: Unsupported start tag"],
    ["sendMessage", say("<p>x</p>", html), 400, "Bad Request: can't parse entities: Unsupported start tag"],
    ["sendMessage", say("кофе & чай", html), 400, "Bad Request: can't parse entities: Unescaped"],
    ["sendMessage", say("x", data("я".repeat(33))), 400, "Bad Request: BUTTON_DATA_INVALID"],
    ["sendMessage", { chat_id: 502, text: "x" }, 400, "Bad Request: chat not found"],
    ["sendMessage", { chat_id: 999, text: "x" }, 400, "Bad Request: chat not found"],
    ["editMessageText", say("x", { message_id: 77 }), 400, "Bad Request: message to edit not found"],
    ["editMessageText", say("x", { message_id: 1 }), 400, "Bad Request: message can't be edited"],
    ["sendDocument", { chat_id: 501, document: "nope" }, 400, "Bad Request: wrong remote file identifier"],
    ["answerCallbackQuery", { callback_query_id: "1" }, 400, "Bad Request: query is too old"],
    [
      "setMyCommands",
      { commands: [{ command: "Баланс", description: "x" }] },
      400,
      "Bad Request: BOT_COMMAND",
    ],
    ["setMyDescription", { description: "я".repeat(513) }, 400, "Bad Request: description is too long"],
    [
      "setMyShortDescription",
      { short_description: "я".repeat(121) },
      400,
      "Bad Request: short_description is too long",
    ],
    ["getUpdates", {}, 409, "Conflict: can't use getUpdates method while webhook is active"],
    ["setWebhook", { url: "http://salon.example/" }, 400, "Bad Request: bad webhook: An HTTPS URL"],
    ["sendPigeon", {}, 404, "Not Found: method not found"],
  ];
  for (const [method, payload, code, words] of refusals) {
    const answer = await api(telegram, method, payload);
    expect([method, answer.error_code, answer.description?.slice(0, words.length)]).toEqual([
      method,
      code,
      words,
    ]);
  }
  expect(await api(telegram, "getMe", {}, "1:wrong")).toEqual({
    ok: false,
    error_code: 401,
    description: "Unauthorized",
  });
  expect((await api(telegram, "sendMessage", say("я".repeat(4096)))).ok).toBe(true);
  expect((await api(telegram, "sendMessage", say("x", data("я".repeat(32))))).ok).toBe(true);
});

test("reads HTML into text and entities with UTF-16 offsets", () => {
  const read = readHtml('😀 <b>Анна <i>&lt;3</i></b> &amp; <a href="https://x.ru/?a=1&amp;b=2">да</a>');
  expect(read).toEqual({
    text: "😀 Анна <3 & да",
    entities: [
      { type: "bold", offset: 3, length: 7 },
      { type: "italic", offset: 8, length: 2 },
      { type: "text_link", offset: 13, length: 2, url: "https://x.ru/?a=1&b=2" },
    ],
  });
});

test("takes JSON, urlencoded and multipart, and keeps a document's bytes", async () => {
  const { telegram } = await withAnna();
  const url = `${telegram.url}/bot${TOKEN}`;
  const keys = JSON.stringify({ keyboard: [["Баланс"]] });
  const words = new URLSearchParams({ chat_id: "501", text: "форма", reply_markup: keys });
  expect((await fetch(`${url}/sendMessage`, { method: "POST", body: words })).status).toBe(200);
  const form = new FormData();
  form.set("chat_id", "501");
  form.set("caption", "<b>выгрузка</b>");
  form.set("parse_mode", "HTML");
  form.set("document", "attach://part");
  form.set("part", new File(["a;b\n"], "bonus.csv", { type: "text/csv" }));
  expect((await fetch(`${url}/sendDocument`, { method: "POST", body: form })).status).toBe(200);
  const [, text, document] = telegram.messages(501);
  expect(text?.text).toBe("форма");
  expect(telegram.chat(501)?.keyboard).toEqual([[{ text: "Баланс" }]]);
  expect(document).toMatchObject({
    text: "выгрузка",
    html: "<b>выгрузка</b>",
    document: { name: "bonus.csv" },
  });
  expect(new TextDecoder().decode(document?.document?.bytes)).toBe("a;b\n");
  expect(telegram.calls.map((call) => [call.method, call.payload.chat_id])).toEqual([
    ["sendMessage", 501],
    ["sendDocument", 501],
  ]);
});

test("edits, and the chat shows it", async () => {
  const { telegram } = await withAnna();
  const reply_markup = { inline_keyboard: [[{ text: "Да", callback_data: "yes" }]] };
  await api(telegram, "sendMessage", { chat_id: 501, text: "340", reply_markup });
  const at = { chat_id: 501, message_id: 2 };
  expect(
    (await api(telegram, "editMessageText", { ...at, text: "340", reply_markup })).description,
  ).toStartWith("Bad Request: message is not modified: ");
  expect((await api(telegram, "editMessageReplyMarkup", at)).ok).toBe(true);
  expect(telegram.messages(501)[1]).toMatchObject({ edited: false, inline: [] });
  expect((await api(telegram, "editMessageText", { ...at, text: "<i>375</i>", parse_mode: "HTML" })).ok).toBe(
    true,
  );
  expect(telegram.messages(501)[1]).toMatchObject({ edited: true, text: "375", html: "<i>375</i>" });
});

test("keeps commands by scope and language", async () => {
  const telegram = start();
  const commands = [{ command: "today", description: "Сегодня" }];
  const scope = { type: "chat", chat_id: 501 };
  await api(telegram, "setMyCommands", { commands, scope });
  const others = [{ command: "balance", description: "Balance" }];
  await api(telegram, "setMyCommands", { commands: others, language_code: "en" });
  const menu = (id: number, languageCode: "ru" | "en") =>
    telegram.commandsFor(telegram.person({ id, firstName: "x", languageCode }));
  expect([menu(501, "en"), menu(502, "en"), menu(503, "ru")]).toEqual([commands, others, []]);
});

test("people make the updates that Telegram makes", async () => {
  const { telegram, anna, posts } = await withAnna();
  await anna.start("card");
  await anna.shareContact();
  await anna.forwardContact({ phone: "+79005550000", firstName: "Вера" });
  const { message_id } = telegram.messages(501)[0] ?? { message_id: 0 };
  await anna.edit(message_id, "/help");
  await anna.sendSticker();
  await anna.sendPhoto();
  await anna.inGroup(-100).say("/balance@salon_bot всем");
  await anna.channelPost("пост");
  await anna.block();
  expect((await api(telegram, "sendMessage", { chat_id: 501, text: "x" })).description).toBe(
    "Forbidden: bot was blocked by the user",
  );
  await expect(anna.say("x")).rejects.toThrow("blocked");
  await anna.start();
  const from = { id: 501, first_name: "Анна", is_bot: false };
  const own = { phone_number: "+79001234567", user_id: 501 };
  const expected: object[] = [
    { message: { text: "/start", entities: [{ type: "bot_command", offset: 0, length: 6 }], from } },
    { message: { text: "/start card", chat: { id: 501, type: "private" } } },
    { message: { contact: own } },
    { message: { contact: { phone_number: "+79005550000", first_name: "Вера" } } },
    { edited_message: { message_id, text: "/help", edit_date: expect.any(Number) } },
    { message: { sticker: { emoji: "👍" } } },
    { message: { photo: [{ file_size: 3 }] } },
    { message: { chat: { id: -100, type: "supergroup" }, entities: [{ type: "bot_command", length: 18 }] } },
    { channel_post: { text: "пост", sender_chat: { type: "channel" } } },
    { my_chat_member: { from, new_chat_member: { status: "kicked" } } },
    { my_chat_member: { from, new_chat_member: { status: "member" } } },
    { message: { text: "/start" } },
  ];
  expect(posts.map((post) => post.body)).toMatchObject(expected);
  expect(posts[3]?.body.message).not.toHaveProperty("contact.user_id");
  expect(new Set(posts.map((post) => post.secret))).toEqual(new Set(["s3cret"]));
  const ids = posts.map((post) => Number(post.body.update_id));
  expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index));
});

test("retries a failed post in order, and other chats do not wait", async () => {
  const telegram = start();
  telegram.webhook.backoffMs = 20;
  let sick = 2;
  const seen: unknown[] = [];
  listen(telegram, ({ body }) => {
    const message = body.message as { chat: { id: number }; text: string };
    if (message.chat.id === 501 && sick-- > 0) return new Response("", { status: 500 });
    seen.push(message.text);
    return new Response("");
  });
  const [anna, boris] = [telegram.person(ANNA), telegram.person({ id: 502, firstName: "Борис" })];
  const first = anna.say("один");
  const second = anna.say("два");
  await boris.say("мимо");
  const info = await api(telegram, "getWebhookInfo");
  expect(info.result).toMatchObject({ pending_update_count: 2, max_connections: 40 });
  await Promise.all([first, second]);
  expect(seen).toEqual(["мимо", "один", "два"]);
  expect((await api(telegram, "getWebhookInfo")).result).toMatchObject({
    pending_update_count: 0,
    last_error_message: "Wrong response from the webhook: 500 Internal Server Error",
  });
});

test("delivers twice, holds while paused, redelivers, passes junk, drops pending", async () => {
  const { telegram, anna, posts } = await withAnna();
  telegram.webhook.deliverTwice = true;
  const update = await anna.say("раз");
  telegram.webhook.deliverTwice = false;
  await telegram.redeliver(update);
  expect(posts.slice(1).map((post) => post.body.update_id)).toEqual(Array(3).fill(update.update_id));
  await telegram.push({ junk: [null, { chat: 1 }] });
  await telegram.push("вздор");
  expect(posts.slice(4).map((post) => post.body as unknown)).toEqual([
    { junk: [null, { chat: 1 }] },
    "вздор",
  ]);
  telegram.webhook.paused = true;
  const held = anna.say("два");
  await Bun.sleep(20);
  expect([posts.length, telegram.webhook.pending.length]).toEqual([6, 1]);
  telegram.webhook.paused = false;
  await held;
  await telegram.idle();
  telegram.webhook.paused = true;
  const dropped = anna.say("три");
  await api(telegram, "deleteWebhook", { drop_pending_updates: true });
  await dropped;
  expect([posts.length, telegram.webhook.pending.length]).toEqual([7, 0]);
});

test("goes wrong on demand", async () => {
  const { telegram } = await withAnna();
  const send = (text: string) => api(telegram, "sendMessage", { chat_id: 501, text });
  telegram.faults.next({ status: 429, retryAfter: 7 });
  expect(await send("a")).toMatchObject({
    description: "Too Many Requests: retry after 7",
    parameters: { retry_after: 7 },
  });
  telegram.faults.next({ method: /^edit/, status: 500, times: 2 });
  expect((await send("b")).ok).toBe(true);
  telegram.faults.clear();
  telegram.faults.next({ method: "sendMessage", cut: true });
  await expect(send("c")).rejects.toThrow();
  await telegram.idle();
  telegram.faults.next({ status: 200, afterSend: true });
  await expect(send("d")).rejects.toThrow();
  await telegram.idle();
  telegram.faults.always({ status: 502 });
  expect([(await send("e")).error_code, (await send("f")).error_code]).toEqual([502, 502]);
  telegram.faults.clear();
  telegram.faults.next({ delayMs: 60 });
  const from = performance.now();
  expect((await send("g")).ok).toBe(true);
  expect(performance.now() - from).toBeGreaterThan(50);
  expect(telegram.messages(501).map((one) => one.text)).toEqual(["/start", "b", "d", "g"]);
});

test("is as slow as one likes, for some chats alone", async () => {
  const telegram = start();
  for (const person of [telegram.person(ANNA), telegram.person({ id: 502, firstName: "Белла" })])
    void person.start();
  const { promise, resolve } = Promise.withResolvers<void>();
  telegram.faults.always({ method: "sendMessage", chats: new Set([ANNA.id]), until: promise });
  const said: number[] = [];
  const say = async (chat_id: number) => {
    await api(telegram, "sendMessage", { chat_id, text: "Здравствуйте" });
    said.push(chat_id);
  };
  const slow = say(ANNA.id);
  await say(502);
  expect(said).toEqual([502]);
  resolve();
  await slow;
  expect(said).toEqual([502, ANNA.id]);
});

test("holds the limits of messages a second", async () => {
  const { telegram, anna } = await withAnna({ limits: { perSecond: 5 } });
  const send = () => api(telegram, "sendMessage", { chat_id: 501, text: "x" });
  const codes = await Promise.all(Array.from({ length: 6 }, send));
  expect(codes.filter((one) => one.ok).length).toBe(5);
  expect(codes.find((one) => !one.ok)).toMatchObject({ error_code: 429, parameters: { retry_after: 1 } });
  await Bun.sleep(1010);
  Object.assign(telegram.limits, { perSecond: 30, perChatPerSecond: 1 });
  expect([(await send()).ok, (await send()).ok]).toEqual([true, false]);
  expect(anna.lastMessage()?.text).toBe("x");
});

/** A small till: a menu, a button that edits, a photo, and a document. */
function grammyBot(telegram: Telegram): Bot {
  const bot = new Bot(TOKEN, { client: { apiRoot: telegram.url } });
  const keys = new Keyboard().text("Баланс").requestContact("Согласен, отправить мой номер").resized();
  bot.command("start", (ctx) => ctx.reply(`Здравствуйте! ${ctx.match}`, { reply_markup: keys }));
  bot.hears("Баланс", (ctx) =>
    ctx.reply("<b>340</b>", {
      parse_mode: "HTML",
      reply_markup: new InlineKeyboard().text("Списать 340", "spend:340"),
    }),
  );
  bot.on("message:contact", (ctx) =>
    ctx.reply(ctx.message.contact.user_id === ctx.from.id ? "Готово" : "Это чужой номер"),
  );
  bot.callbackQuery(/^spend:/, async (ctx) => {
    // A second tap changes nothing, which Telegram refuses.
    await ctx.editMessageText("Списано 340").catch(() => {});
    await ctx.answerCallbackQuery({ text: "Готово", show_alert: true });
    await ctx.answerCallbackQuery();
  });
  bot.command("qr", (ctx) =>
    ctx.replyWithPhoto(new InputFile(new Uint8Array([1, 2, 3]), "qr.png"), { caption: "QR" }),
  );
  return bot;
}

/** The same day for both ways of getting updates. */
async function aDay(telegram: Telegram): Promise<void> {
  const anna = telegram.person(ANNA);
  await anna.start("card");
  expect((await anna.waitForMessage("Здравствуйте")).text).toBe("Здравствуйте! card");
  await anna.tap("Согласен");
  await anna.waitForMessage("Готово");
  await anna.forwardContact({ phone: "+79005550000", userId: 7, firstName: "Вера" });
  await anna.waitForMessage(/чужой/);
  await anna.tap("Баланс");
  const balance = await anna.waitForMessage((one) => one.text === "340");
  expect(balance.entities).toEqual([{ type: "bold", offset: 0, length: 3 }]);
  await anna.tap("Списать");
  await anna.waitForMessage("Списано 340");
  await anna.say("/qr");
  const photo = await anna.waitForMessage("QR");
  expect(photo.photo?.bytes).toEqual(new Uint8Array([1, 2, 3]));
  await telegram.idle();
  expect(anna.answeredCallbacks).toMatchObject([{ text: "Готово", show_alert: true }, {}]);
  await expect(anna.tap("Начислить")).rejects.toThrow('sees no "Начислить" to tap');
}

test("a grammY bot lives on it by webhook", async () => {
  const telegram = start();
  const bot = grammyBot(telegram);
  const handle = webhookCallback(bot, "std/http", { secretToken: "s3cret" });
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => handle(request) });
  closing.push(() => server.stop(true));
  telegram.webhook.reroute = () => server.url.href;
  const changes: number[] = [];
  telegram.onChange((chatId) => changes.push(chatId));
  await bot.api.setWebhook("https://salon.example/telegram/webhook", { secret_token: "s3cret" });
  expect(await bot.api.getWebhookInfo()).toMatchObject({ url: "https://salon.example/telegram/webhook" });
  await aDay(telegram);
  expect(bot.botInfo.username).toBe("salon_bot");
  expect(new Set(changes)).toEqual(new Set([501]));
  const again = await telegram.person(ANNA).tapAgain();
  expect(again.callback_query?.data).toBe("spend:340");
  const forged = telegram.person(ANNA).tap({ data: "admin:all" });
  expect((await forged).callback_query?.data).toBe("admin:all");
});

test("a grammY bot lives on it by long polling", async () => {
  const telegram = start();
  const bot = grammyBot(telegram);
  bot.catch(() => {});
  const { promise: ready, resolve: onStart } = Promise.withResolvers<unknown>();
  const running = bot.start({ onStart, allowed_updates: ["message", "callback_query"] });
  await ready;
  await aDay(telegram);
  const anna = telegram.person(ANNA);
  const said = await anna.say("Баланс");
  await telegram.idle();
  await telegram.redeliver(said);
  await telegram.idle();
  expect(telegram.messages(501).filter((one) => one.text === "340").length).toBe(2);
  await anna.block();
  expect(telegram.webhook.pending).toEqual([]);
  await bot.stop();
  await running;
});

test("a second poller ends the first with 409", async () => {
  const telegram = start();
  const first = api(telegram, "getUpdates", { timeout: 5 });
  await until(() => telegram.calls.length === 1);
  const second = api(telegram, "getUpdates", { timeout: 5 });
  expect(await first).toMatchObject({ error_code: 409 });
  const said = telegram.person(ANNA).say("привет");
  const batch = (await second).result as { update_id: number }[];
  await said;
  expect(batch.length).toBe(1);
  expect(((await api(telegram, "getUpdates")).result as unknown[]).length).toBe(1);
  const offset = (batch[0]?.update_id ?? 0) + 1;
  expect((await api(telegram, "getUpdates", { offset })).result).toEqual([]);
  await telegram.idle();
});
