// What comes in from MAX: real payloads as the reference has them, what people do in the stand-in, and what is no update.
import { expect, test } from "bun:test";
import type { MessageId } from "../../../src/channels/channel.ts";
import { readMaxUpdate } from "../../../src/channels/max/update.ts";
import { maxBot } from "./bot.ts";

const reader = { token: "t", nick: "id77_bot", now: new Date(1785182044286) };
const user = { user_id: 501, first_name: "Анна", last_name: "", is_bot: false, name: "Анна" };
const bot = { user_id: 277639678, first_name: "b", is_bot: true };
const mid = "mid.000000001c23cb68019fa524407e751a";
const created = (body: object, more: object = {}) => ({
  update_type: "message_created",
  timestamp: 1785182044286,
  user_locale: "ru",
  message: {
    sender: user,
    recipient: { chat_id: 472107880, chat_type: "dialog", user_id: bot.user_id },
    timestamp: 1785182044286,
    body: { mid, seq: 2 ** 60, ...body },
    ...more,
  },
});
const heard = (raw: object) => {
  const read = readMaxUpdate(raw, reader);
  return "heard" in read ? read.heard : read;
};

test("words, a command and an edit, as MAX sends them", () => {
  expect(heard(created({ text: "Тест" }))).toMatchObject({
    ...{ kind: "text", account: "max:501", name: "Анна", language: "ru", chat: 472107880, message: mid },
    ...{ text: "Тест", edited: false, command: null, repliesTo: null },
  });
  expect(heard(created({ text: "/credit 89001234567 100\nза ожидание" }))).toMatchObject({
    command: { name: "credit", words: "89001234567 100\nза ожидание" },
  });
  expect(heard(created({ text: "/balance@id77_bot" }))).toMatchObject({ command: { name: "balance" } });
  expect(heard(created({ text: "/balance@other_bot" }))).toMatchObject({ kind: "text", command: null });
  expect(heard(created({ text: "/баланс" }))).toMatchObject({ kind: "text", command: null });
  expect(heard(created({ text: "/start c_9fX" }))).toMatchObject({ kind: "start", payload: "c_9fX" });
  const edited = { ...created({ text: "3 600" }), update_type: "message_edited", user_locale: undefined };
  expect(heard(edited)).toMatchObject({
    kind: "text",
    message: mid,
    edited: true,
    command: null,
    language: null,
  });
});

test("a reply names the message; forwarded words are words, and no command", () => {
  const link = (type: string, text: string) => ({
    link: { type, message: { mid: "mid.1", text }, sender: "odd" },
  });
  expect(heard(created({ text: "3500" }, link("reply", "Счёт?")))).toMatchObject({
    text: "3500",
    repliesTo: "mid.1",
  });
  expect(heard(created({ text: "" }, link("forward", "/forget")))).toMatchObject({
    ...{ kind: "text", text: "/forget", command: null, repliesTo: null },
  });
});

test("a start with its payload, and both ways to leave", () => {
  const of = (update_type: string, more: object = {}) => ({
    ...{ update_type, timestamp: 1775025604499, chat_id: 182182182, user_locale: "en", user, ...more },
  });
  expect(heard(of("bot_started", { payload: "c_9fX" }))).toMatchObject({
    ...{ kind: "start", payload: "c_9fX", account: "max:501", chat: 182182182, language: "en" },
    message: "started.1775025604499",
  });
  expect(heard(of("bot_started"))).toMatchObject({ kind: "start", payload: "" });
  expect(heard(of("bot_started", { payload: null }))).toMatchObject({ payload: "" });
  expect(heard(of("bot_stopped"))).toMatchObject({ kind: "left", account: "max:501" });
  expect(heard(of("dialog_removed"))).toMatchObject({ kind: "left" });
});

const tapOn = (message: unknown, more: object = {}) => ({
  ...{ update_type: "message_callback", timestamp: 5, user_locale: "ru", message },
  callback: { timestamp: 5, callback_id: "f9LHodD0cOJf4_", payload: "t:1:2:go", user, ...more },
});
const ours = (more: object = {}, body: object = {}) => ({
  sender: bot,
  recipient: { chat_id: 472107880, chat_type: "dialog", user_id: 501 },
  ...{
    timestamp: 5,
    body: { mid, text: "Счёт", attachments: [{ type: "inline_keyboard", payload: {} }], ...body },
  },
  ...more,
});

test("a tap has its data only under a message of ours in the person's own dialog", () => {
  expect(heard(tapOn(ours()))).toMatchObject({
    ...{ kind: "tap", tap: "f9LHodD0cOJf4_", data: "t:1:2:go", message: mid, text: true },
  });
  const picture = ours({}, { attachments: [{ type: "image" }, { type: "inline_keyboard" }] });
  expect(heard(tapOn(picture))).toMatchObject({ data: "t:1:2:go", text: false });
  for (const message of [
    null,
    ours({ sender: user }),
    ours({ recipient: { chat_id: 1, chat_type: "chat", user_id: 501 } }),
    ours({ recipient: { chat_id: 1, chat_type: "dialog", user_id: 502 } }),
  ])
    expect(heard(tapOn(message))).toMatchObject({ kind: "tap", data: "", message: null });
});

test("groups, channels and other bots are never heard, nor what we have not asked for", () => {
  const group = (chat_type: string) => ({ recipient: { chat_id: -9, chat_type, user_id: null } });
  expect(heard(created({ text: "x" }, group("chat")))).toBeNull();
  expect(heard(created({ text: "x" }, group("channel")))).toBeNull();
  expect(heard(created({ text: "x" }, { sender: bot }))).toBeNull();
  expect(heard(created({ text: "x" }, { sender: null }))).toBeNull();
  expect(heard(created({ text: "" }))).toBeNull();
  expect(heard({ update_type: "chat_title_changed", title: 1 })).toBeNull();
});

test("what is not as MAX sends it is told by its fields, without what they hold", () => {
  expect(readMaxUpdate({ update_type: 1 }, reader)).toEqual({ wrong: "update_type" });
  expect(readMaxUpdate({ update_type: "bot_started", timestamp: "Анна", user }, reader)).toEqual({
    wrong: "timestamp, chat_id",
  });
  const odd = created({ mid: "mid with spaces\n", text: ["Анна"] });
  expect(readMaxUpdate(odd, reader)).toEqual({ wrong: "message.body.mid, message.body.text" });
  for (const user_id of [0, -1, 1.5, "501", 2 ** 60, null])
    expect(readMaxUpdate(created({ text: "x" }, { sender: { ...user, user_id } }), reader)).toHaveProperty(
      "wrong",
    );
});

test("an odd name or language costs nobody the answer", () => {
  const odd = { ...created({ text: "x" }, { sender: { ...user, first_name: ["a"] } }), user_locale: "<b>" };
  expect(heard(odd)).toMatchObject({ text: "x", name: null, language: null });
});

test("each update has one key, another deed another, and no key says whose", () => {
  const id = (raw: object) => (heard(raw) as { id: string }).id;
  expect(id(created({ text: "a" }))).toBe(id(created({ text: "a" })));
  const taps = [
    tapOn(ours()),
    tapOn(ours(), { timestamp: 6 }),
    tapOn(ours(), { payload: "t:1:2:no" }),
    tapOn(ours(), { user: { ...user, user_id: 502 } }),
    tapOn(ours(), { callback_id: "other" }),
  ];
  const ids = [
    created({ text: "a" }),
    { ...created({ text: "a" }), update_type: "message_edited" },
    ...taps,
  ].map(id);
  expect(new Set(ids).size).toBe(7);
  for (const one of ids) expect(one).toMatch(/^[0-9a-f]{32}$/);
});

test("what people do: words, pictures, voices, stickers and links", async () => {
  await using made = await maxBot();
  const { handle, heard, max } = made;
  await made.messenger.learnName(new AbortController().signal);
  const anna = made.anna();
  const took = async (update: unknown) => {
    await handle(
      JSON.parse(JSON.stringify(update, (_, one) => (typeof one === "bigint" ? Number(one) : one))),
    );
    return heard.at(-1);
  };
  const said = anna.say("/balance");
  const stood = await Promise.race([said, Bun.sleep(50).then(() => max.webhook.pending.at(-1))]);
  expect(await took(stood)).toMatchObject({ kind: "text", command: { name: "balance" } });
  const newest = async (deed: Promise<unknown>) => {
    void deed.catch(() => {});
    await Bun.sleep(5);
    return took(max.webhook.pending.at(-1));
  };
  expect(await newest(anna.sendPhoto(undefined, "вот"))).toMatchObject({
    kind: "other",
    caption: "вот",
    album: null,
  });
  expect(
    await newest(anna.sendPhotos([new Uint8Array([0xff, 0xd8, 0xff]), new Uint8Array([0xff, 0xd8, 0xff])])),
  ).toMatchObject({ kind: "other" });
  expect(await newest(anna.sendAudio("слова"))).toMatchObject({ kind: "other", caption: null });
  expect(await newest(anna.sendSticker())).toMatchObject({ kind: "other" });
  expect(await newest(anna.sendFile())).toMatchObject({ kind: "other" });
  expect(await newest(anna.sendLink("смотрите https://x.ru", "https://x.ru"))).toMatchObject({
    ...{ kind: "text", text: "смотрите https://x.ru" },
  });
  expect(await newest(anna.shareContact())).toMatchObject({
    ...{ kind: "contact", whose: "proven", phone: "79001234567", of: "max:501", called: "Анна" },
  });
  expect(
    await newest(anna.forwardContact({ phone: "+79160000000", userId: 502, firstName: "Вера" })),
  ).toMatchObject({
    ...{ whose: "account", of: "max:502", called: "Вера" },
  });
  expect(await newest(anna.forwardContact({ phone: "+79160000000", firstName: "Вера" }))).toMatchObject({
    ...{ whose: "book", of: null, called: "Вера" },
  });
  expect(await newest(anna.forward({ author: anna.user, contact: anna.ownContact() }))).toMatchObject({
    ...{ kind: "contact", whose: "own" },
  });
  const beside = [{ type: "contact", payload: anna.ownContact() }, { type: "sticker" }];
  await handle(created({ text: "", attachments: beside }, { timestamp: Date.now() }));
  expect(heard.at(-1)).toMatchObject({ kind: "contact", whose: "own" });
  const vera = max.person({ id: 502, firstName: "Вера", phone: "+79160000000" });
  vera.chat.started = true;
  expect(await newest(vera.sendContact(anna.ownContact()))).toMatchObject({
    whose: "account",
    of: "max:501",
  });
});

test("every forged contact of the stand-in proves nothing; base64 of the right digest is the right one", async () => {
  await using made = await maxBot();
  await made.messenger.learnName(new AbortController().signal);
  const anna = made.anna();
  const proofs: Record<string, string> = {};
  for (const kind of [
    ...([
      "no hash",
      "hash by another token",
      "hash of LF lines",
      "hash in capitals",
      "hash in base64",
    ] as const),
    ...([
      "max_info of another",
      "no max_info",
      "two numbers",
      "number in the name",
      "masked number",
    ] as const),
  ]) {
    void anna.forgeContact(kind).catch(() => {});
    await Bun.sleep(5);
    await made.handle(
      JSON.parse(
        JSON.stringify(made.max.webhook.pending.at(-1), (_, one) => (typeof one === "bigint" ? 1 : one)),
      ),
    );
    const last = made.heard.at(-1);
    proofs[kind] = last?.kind === "contact" ? last.whose : "not heard";
  }
  expect(proofs).toEqual({
    ...{
      "no hash": "own",
      "hash by another token": "own",
      "hash of LF lines": "own",
      "hash in capitals": "own",
    },
    ...{ "hash in base64": "proven", "max_info of another": "account", "no max_info": "book" },
    ...{ "two numbers": "own", "number in the name": "own", "masked number": "own" },
  });
});

test("a message has the same number each time, in whoever's chat, and another in another's", async () => {
  await using made = await maxBot();
  await made.messenger.learnName(new AbortController().signal);
  const numberOf = async (raw: object): Promise<MessageId | null> => {
    const read = await made.messenger.read(raw);
    const incoming = "incoming" in read ? read.incoming : null;
    return incoming && "message" in incoming ? incoming.message : null;
  };
  const first = await numberOf(created({ text: "a" }));
  expect(first).toBeGreaterThan(0);
  expect(await numberOf(created({ text: "a" }))).toBe(first);
  expect(await numberOf({ ...created({ text: "b" }), update_type: "message_edited" })).toBe(first);
  expect(await numberOf(tapOn(ours()))).toBe(first);
  expect(await numberOf(created({ text: "a", mid: "mid.2" }))).not.toBe(first);
  const vera = { ...user, user_id: 502 };
  expect(await numberOf(created({ text: "a" }, { sender: vera }))).not.toBe(first);
});

test("a card without end is no card, and is read in a moment", () => {
  const card = `BEGIN:VCARD\r\n${"FN;\r\n".repeat(100_000)}`;
  const began = performance.now();
  const contact = { type: "contact", payload: { vcf_info: card, max_info: user, hash: "0".repeat(64) } };
  expect(heard(created({ attachments: [contact] }))).toMatchObject({ kind: "contact", phone: "" });
  expect(performance.now() - began).toBeLessThan(1_000);
});
