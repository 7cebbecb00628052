// Proves what people do on the stand-in MAX: the updates they make, their buttons, their contacts and the forged ones.
import { expect, test } from "bun:test";
import { type ContactForgery, type MaxContact, vcardHash } from "../../src/standins/max/contacts.ts";
import { unlikelyReading } from "../../src/standins/max/readings.ts";
import { callback, keyboard, MAX_TOKEN, type MaxPost, maxes, VERA } from "../helpers/max-api.ts";

const { start, listen, withVera } = maxes();

test("people make the updates that MAX makes", async () => {
  const { max, vera, posts, say } = await withVera();
  const about = { chat_id: vera.chat.chatId, user_locale: "ru", user: { user_id: 501, name: "Вера" } };
  const said = (await vera.say("Тест")).message?.body.mid ?? "";
  await say("Сколько?");
  const asked = String(vera.lastMessage()?.mid);
  await vera.reply(asked, "340");
  await vera.edit(said, "/help");
  await vera.forward(asked);
  await vera.sendSticker();
  await vera.sendPhotos([new Uint8Array([1]), new Uint8Array([2])], "две");
  await vera.sendFile();
  await vera.sendAudio("привет");
  await vera.sendLink("см. x.ru", "https://x.ru");
  await vera.inGroup(-70).say("всем");
  await vera.channelPost("пост");
  await vera.mute();
  await vera.unmute();
  await vera.block();
  await expect(vera.say("x")).rejects.toThrow("has stopped the bot");
  await vera.start("c_9");
  await vera.block();
  await vera.unblock();
  const sender = { user_id: 501, first_name: "Вера", last_name: "", is_bot: false };
  const recipient = { chat_id: vera.chat.chatId, chat_type: "dialog", user_id: max.me.user_id };
  const one = (body: object, more: object = {}) => ({
    ...{ update_type: "message_created", user_locale: "ru", message: { sender, recipient, body, ...more } },
  });
  const attached = (...types: string[]) => one({ attachments: types.map((type) => ({ type })) });
  const linked = { mid: asked, text: "Сколько?" };
  expect(posts.map(({ body }) => body)).toMatchObject([
    one({ mid: said, text: "Тест" }),
    one({ text: "340" }, { link: { type: "reply", message: linked, sender: { is_bot: true } } }),
    { update_type: "message_edited", message: { body: { mid: said, text: "/help" } } },
    one({}, { link: { type: "forward", message: linked, chat_id: vera.chat.chatId } }),
    attached("sticker"),
    attached("image", "image"),
    attached("file"),
    attached("audio"),
    attached("share"),
    { message: { sender, recipient: { chat_type: "chat", chat_id: -70 } } },
    { message: { recipient: { chat_type: "channel" }, body: { text: "пост" } } },
    { update_type: "dialog_muted", muted_until: expect.any(Number), ...about },
    { update_type: "dialog_unmuted", ...about },
    { update_type: "bot_stopped", ...about },
    { update_type: "bot_started", payload: "c_9", ...about },
    { update_type: "bot_stopped" },
    { update_type: "bot_started" },
  ]);
  max.readings.linkSender = unlikelyReading.linkSender;
  await vera.start();
  await vera.reply(asked, "375");
  expect(posts.splice(-2)[1]?.body).toMatchObject({ message: { link: { sender: max.me.name } } });
  expect(posts[2]?.body).not.toHaveProperty("user_locale");
  expect(posts[3]?.body.message).not.toHaveProperty("body.text");
  expect(posts[9]?.body).not.toHaveProperty("user_locale");
  expect(posts[10]?.body.message).not.toHaveProperty("sender");
  expect(posts[0]?.body.message).not.toHaveProperty("sender.username");
  expect(posts[0]?.body.message).not.toHaveProperty("body.attachments");
  expect(posts[16]?.body).not.toHaveProperty("payload");
  expect(new Set(posts.map(({ secret }) => secret))).toEqual(new Set(["s3cret"]));
});

test("a person, their dialog and the bot have three numbers, and every third dialog lies below zero", async () => {
  const { max } = start();
  const chats = [501, 502, 503].map((id) => max.person({ id, firstName: "x" }).chat.chatId);
  expect(new Set([501, 502, 503, max.me.user_id, ...chats]).size).toBe(7);
  expect(chats.map(Math.sign)).toEqual([-1, 1, 1]);
});

test("a mid is made of the dialog and of seq, which no number of JSON can hold", async () => {
  const { vera, posts } = await withVera({ now: () => 1_785_182_044_286 });
  const mids = [await vera.say("раз"), await vera.say("два")].map((one) => one.message?.body.mid ?? "");
  const chat = BigInt.asUintN(64, BigInt(vera.chat.chatId)).toString(16).padStart(16, "0");
  for (const [at, mid] of mids.entries()) {
    const seq = String(BigInt(`0x${mid.slice(20)}`));
    expect(mid).toStartWith(`mid.${chat}`);
    expect(BigInt(seq) >> 16n).toBe(1_785_182_044_286n);
    expect(posts[at]?.text).toContain(`"seq":${seq}`);
    expect(Number.isSafeInteger(Number(seq))).toBe(false);
  }
  expect(mids[1]?.localeCompare(mids[0] ?? "")).toBe(1);
});

test("Start is no message, and is pressed once; a link in a dialog that stands brings an event, or nothing", async () => {
  const started = start();
  const posts = listen(started);
  const vera = started.max.person({ ...VERA, locale: "en" });
  const kinds = () => posts.splice(0).map(({ body }) => [body.update_type, body.payload]);
  await vera.start("c_1");
  await vera.start("c_2");
  await vera.start();
  expect(posts[0]?.body.user_locale).toBe("en");
  expect(kinds()).toEqual([
    ["bot_started", "c_1"],
    ["bot_started", "c_2"],
    ["message_created", undefined],
  ]);
  started.max.readings.startAgain = unlikelyReading.startAgain;
  expect(await vera.start("c_3")).toBeUndefined();
  await vera.block();
  await vera.start("x".repeat(129));
  expect(kinds()).toEqual([
    ["bot_stopped", undefined],
    ["bot_started", undefined],
  ]);
});

test("a dialog that is deleted brings two events, and nothing of it is left; an emptied one stays", async () => {
  const { vera, posts, say } = await withVera();
  await vera.clearDialog();
  expect((await say("x")).status).toBe(200);
  await vera.removeDialog();
  expect(posts.map(({ body }) => body.update_type)).toEqual([
    "dialog_cleared",
    "dialog_removed",
    "bot_stopped",
  ]);
  expect([vera.chat.messages, (await say("x")).status]).toEqual([[], 403]);
});

test("a button does what its type says", async () => {
  const { max, vera, posts, say } = await withVera();
  const rows = [
    [callback("Списать 340", "s:340"), { type: "message", text: "Баланс" }],
    [{ type: "request_contact", text: "Отправить мой номер" }],
    [{ type: "link", text: "Записаться", url: "https://x.ru" }],
    [{ type: "request_geo_location", text: "Где я" }],
    [{ type: "clipboard", text: "Скопировать", payload: "x" }],
  ];
  await say({ text: "Что делаем?", attachments: [keyboard(...rows)] });
  const mid = String(vera.lastMessage()?.mid);
  await say({ text: "и ещё", attachments: [keyboard([callback("Списать всё", "s:all")])] });
  posts.length = 0;
  await vera.tap("Списать");
  await vera.tap("Списать", { message: mid });
  await vera.tap({ data: "s:340" });
  await vera.tap("Баланс");
  await vera.tap("мой номер");
  await vera.tap("Где я");
  expect([await vera.tap("Записаться"), await vera.tap("Скопировать")]).toEqual([undefined, undefined]);
  await vera.tap({ data: "admin:all" });
  await vera.tapAgain();
  await expect(vera.tap("Начислить")).rejects.toThrow('sees no "Начислить" to tap');
  const tapped = (payload: string) => ({
    ...{ update_type: "message_callback", user_locale: "ru" },
    callback: {
      payload,
      user: { user_id: 501 },
      callback_id: expect.any(String),
      timestamp: expect.any(Number),
    },
  });
  expect(posts.map(({ body }) => body)).toMatchObject([
    tapped("s:all"),
    tapped("s:340"),
    tapped("s:340"),
    { message: { body: { text: "Баланс" } } },
    { message: { body: { attachments: [{ type: "contact" }] } } },
    { message: { body: { attachments: [{ type: "location" }] } } },
    tapped("admin:all"),
    tapped("admin:all"),
  ]);
  const { callback: about, message } = posts[1]?.body ?? {};
  expect(message).toMatchObject({
    sender: { user_id: max.me.user_id },
    recipient: { user_id: 501 },
    body: {
      mid,
      text: "Что делаем?",
      attachments: [{ callback_id: (about as { callback_id: string }).callback_id }],
    },
  });
  expect(vera.opened).toEqual(["https://x.ru"]);
  await vera.removeMessage(mid);
  expect(posts.at(-1)?.body).toMatchObject({ update_type: "message_removed", message_id: mid });
  await expect(vera.tap("Баланс")).rejects.toThrow("sees no");
  await vera.tap({ data: "s:340" }, { message: mid });
  expect(posts.at(-1)?.body).toMatchObject({ update_type: "message_callback", message: null });
});

/** What the contact of a post's message carries. */
function contactOf(post: MaxPost | undefined): MaxContact | undefined {
  const { body } = Object(post?.body.message) as { body?: { attachments?: { payload: MaxContact }[] } };
  return body?.attachments?.[0]?.payload;
}

test("the own contact proves its number by the bot's token", async () => {
  const known =
    "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:ez-vcard 0.10.3\r\nTEL;TYPE=cell:79990000000\r\nFN:Ivan Ivanov\r\nEND:VCARD\r\n";
  const { max, posts } = await withVera();
  const ivan = max.person({ id: 67890, firstName: "Ivan", lastName: "Ivanov", phone: "+79990000000" });
  await ivan.shareContact();
  expect(posts.at(-1)?.body.message).toMatchObject({
    body: {
      attachments: [
        {
          type: "contact",
          payload: {
            vcf_info: known,
            hash: "5e1fb6ce7f8a565e0b92ce26cbba394f80bb15c6961a7733055c9cbfde69e3fa",
            max_info: { user_id: 67890, first_name: "Ivan" },
          },
        },
      ],
    },
  });
  max.renewToken("another");
  expect(ivan.ownContact().hash).toBe(vcardHash("another", known));
  await expect(max.person({ id: 1, firstName: "x" }).shareContact()).rejects.toThrow("no phone");
});

test("a contact out of the address book proves nothing, hashed or bare", async () => {
  const { max, vera, posts } = await withVera();
  const nina = { phone: "+79005550000", firstName: "Нина" };
  const last = () => contactOf(posts.at(-1));
  await vera.forwardContact(nina);
  expect(Object.keys(last() ?? {})).toEqual(["vcf_info"]);
  await vera.forwardContact({ ...nina, userId: 502 });
  expect([last()?.hash, last()?.max_info?.user_id]).toEqual([undefined, 502]);
  max.readings.addressBook = unlikelyReading.addressBook;
  await vera.forwardContact({ ...nina, userId: 502 });
  expect(last()?.hash).toBe(vcardHash(MAX_TOKEN, last()?.vcf_info ?? ""));
});

test("contacts are forged, replied with, handed on, and sent by others", async () => {
  const { max, vera, posts, say } = await withVera();
  const sound = vera.ownContact();
  const forged = async (kind: ContactForgery) => {
    await vera.forgeContact(kind);
    const { vcf_info = "", hash, max_info } = contactOf(posts.at(-1)) ?? {};
    return {
      isHashed: hash === vcardHash(MAX_TOKEN, vcf_info),
      isWhole: vcf_info === sound.vcf_info,
      numbers: vcf_info.match(/^TEL/gm)?.length,
      whose: max_info?.user_id,
      hash,
    };
  };
  const own = { isHashed: false, isWhole: true, numbers: 1, whose: 501 };
  expect(await forged("no hash")).toEqual({ ...own, hash: undefined });
  expect(await forged("hash by another token")).toMatchObject(own);
  expect(await forged("hash of LF lines")).toMatchObject(own);
  expect(await forged("hash in capitals")).toMatchObject({ ...own, hash: sound.hash?.toUpperCase() });
  expect(await forged("hash in base64")).toMatchObject({
    ...{ ...own, hash: Buffer.from(sound.hash ?? "", "hex").toString("base64") },
  });
  const letters = Buffer.from(sound.hash ?? "", "hex").toString("base64url");
  expect(await forged("hash in base64url")).toMatchObject({ ...own, hash: letters });
  expect(await forged("lines escaped")).toMatchObject({ isWhole: false, hash: sound.hash });
  expect(await forged("max_info of another")).toMatchObject({ ...own, isHashed: true, whose: 502 });
  expect(await forged("no max_info")).toMatchObject({ ...own, isHashed: true, whose: undefined });
  const odd = { isHashed: true, isWhole: false };
  expect(await forged("two numbers")).toMatchObject({ ...odd, numbers: 2 });
  expect(await forged("number in the name")).toMatchObject({ ...odd, numbers: 2 });
  expect(await forged("masked number")).toMatchObject({ ...odd, numbers: 1 });
  await say("Чей это номер?");
  await vera.sendContact(sound, vera.lastMessage()?.mid);
  expect(posts.at(-1)?.body.message).toMatchObject({ link: { type: "reply" } });
  const mid = (await vera.shareContact()).message?.body.mid ?? "";
  await vera.forward(mid);
  const link = { type: "forward", message: { attachments: [{ type: "contact", payload: sound }] } };
  expect(posts.at(-1)?.body.message).toMatchObject({ link, body: {} });
  await max.person({ id: 504, firstName: "Зоя" }).sendContact(sound);
  expect(posts.at(-1)?.body.message).toMatchObject({ sender: { user_id: 504 } });
  expect(contactOf(posts.at(-1))).toEqual(sound);
  await vera.forward({ text: "чужие слова", author: max.me, contact: sound });
  expect(posts.at(-1)?.body.message).toMatchObject({ link: { ...link, message: { text: "чужие слова" } } });
});

test("a message is waited for, and a change of a dialog is told", async () => {
  const { max, vera, say } = await withVera();
  const changes: number[] = [];
  const forget = max.onChange((id) => changes.push(id));
  const waiting = vera.waitForMessage(/^Баланс/);
  await say("Баланс: 3\u00a0400");
  const { mid } = await waiting;
  expect((await vera.waitForMessage("3 400")).mid).toBe(mid);
  await expect(vera.waitForMessage("3 400", { ms: 5, after: mid })).rejects.toThrow("got no 3 400 in 5 ms");
  forget();
  await say("ещё");
  expect(changes).toEqual([501]);
  expect(max.messages(501).map(({ text }) => text)).toEqual(["Баланс: 3\u00a0400", "ещё"]);
  expect(max.chat(777)).toBeUndefined();
});
