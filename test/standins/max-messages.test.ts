// Proves what messages on the stand-in MAX may be: how bodies are judged, what is seen of them, edits, and answers to taps.
import { expect, test } from "bun:test";
import { readMaxHtml } from "../../src/standins/max/html.ts";
import { unlikelyReading } from "../../src/standins/max/readings.ts";
import { callback, keyboard, type MaxReply, maxes } from "../helpers/max-api.ts";

const { withVera } = maxes();
const link = { type: "link", text: "x", url: "https://x.ru" };
const many = <One>(count: number, one: One): One[] => Array.from({ length: count }, () => one);
const status = ({ status, body }: MaxReply) => `${status} ${body.code ?? body.success}`;

test("judges a body, and says which field it is", async () => {
  const { say } = await withVera();
  const cases: [body: object, words: string][] = [
    [{ text: "я".repeat(4001) }, "text: 4001 characters"],
    [{ text: "" }, "text: nothing visible"],
    [{ text: "<b></b>", format: "html" }, "text: nothing visible"],
    [{ text: "<br>", format: "html" }, "text: nothing visible"],
    [{ attachments: [keyboard([callback("Да")])] }, "text: nothing visible"],
    [{ text: 5 }, "text: a string"],
    [{ text: "x", format: "xml" }, "format: unknown"],
    [{ text: "x", format: "markdown" }, "format: the stand-in reads no markdown"],
    [{ text: "x", notify: "no" }, "notify"],
    [{ text: "x", user_id: 501 }, "Unknown recipient"],
    [{ text: "x", attachments: {} }, "attachments: a list"],
    [{ text: "x", attachments: [{ type: "reply_keyboard" }] }, "is not a type that can be sent"],
    [{ text: "x", attachments: [{ type: "image", payload: { token: "of another bot" } }] }, "image token"],
    [{ text: "x", link: { type: "reply", mid: "mid.0" } }, "link.mid: no such message"],
    [{ text: "x", link: { type: "quote", mid: "mid.0" } }, "link.type"],
  ];
  for (const [body, words] of cases)
    expect(await say(body)).toMatchObject({
      status: 400,
      body: { code: "proto.payload", message: expect.stringContaining(words) },
    });
  expect((await say("я".repeat(4000))).status).toBe(200);
});

test("judges a keyboard: rows, wide rows, types, lengths", async () => {
  const { say } = await withVera();
  const cases: [rows: object[][], words: string][] = [
    [many(31, [callback("x")]), "errors.maxRows"],
    [[many(8, callback("x"))], "errors.maxRowSize, 8 of 7"],
    [[[link, ...many(3, callback("x"))]], "errors.maxRowSize, 4 of 3"],
    [[[{ type: "request_contact", text: "x" }, ...many(3, callback("x"))]], "errors.maxRowSize, 4 of 3"],
    [[[{ type: "pay", text: "x" }]], "unknown type"],
    [[[{ type: "callback", text: "x" }]], "payload is required"],
    [[[callback("")]], "text of 1 to 128"],
    [[[callback("я".repeat(129))]], "text of 1 to 128"],
    [[[callback("x", "я".repeat(1025))]], "payload of at most 1024"],
    [[[{ type: "link", text: "x" }]], "url is required"],
    [[[{ ...link, url: `https://x.ru/${"x".repeat(2048)}` }]], "url of at most 2048"],
    [[], "at least one row"],
    [[[]], "at least one button"],
  ];
  for (const [rows, words] of cases) {
    const { status, body } = await say({ text: "x", attachments: [keyboard(...rows)] });
    expect([status, body.message]).toEqual([400, expect.stringContaining(words)]);
  }
  const both = [keyboard([callback("x")]), keyboard([callback("x")])];
  expect((await say({ text: "x", attachments: both })).body.message).toContain("one keyboard");
  const full = [
    ...many(29, many(7, callback("я".repeat(128), "я".repeat(1024)))),
    [link, { type: "message", text: "x" }, { type: "request_contact", text: "x" }],
  ];
  expect((await say({ text: "x", attachments: [keyboard(...full)] })).status).toBe(200);
});

test("counts a text as it was sent, or as it is seen", async () => {
  const { max, say } = await withVera();
  const body = { text: `<b>${"я".repeat(4000)}</b>`, format: "html" };
  expect((await say(body)).status).toBe(400);
  max.readings.textLength = unlikelyReading.textLength;
  expect((await say(body)).status).toBe(200);
});

test("judges the body first, then whether the person has started, then whether they have stopped", async () => {
  const { max, api, say, vera } = await withVera();
  expect(status(await say("", 777))).toBe("400 proto.payload");
  expect(status(await say("x", 777))).toBe("404 chat.not.found");
  max.person({ id: 777, firstName: "Нина" });
  expect(status(await say("x", 777))).toBe("404 chat.not.found");
  max.readings.notFound = unlikelyReading.notFound;
  const other = await say("x", 777);
  expect([other.status, String(other.body.code), other.body.message]).toEqual([
    404,
    "not.found",
    expect.stringContaining("dialog.not.found"),
  ]);
  for (const query of ["", "?user_id=501&chat_id=1", "?user_id=Вера"])
    expect((await api(`POST /messages${query}`, { text: "x" })).body.message).toBe("Unknown recipient");
  expect((await api("POST /messages?user_id=501&disable_link_preview=1", { text: "x" })).status).toBe(400);
  expect((await api("POST /messages?user_id=501&disable_link_preview=true", { text: "x" })).status).toBe(200);
  expect((await api(`POST /messages?chat_id=${vera.chat.chatId}`, { text: "x" })).status).toBe(200);
  // A dialog's id is not the person's.
  expect((await api("POST /messages?chat_id=501", { text: "x" })).status).toBe(404);
  await vera.block();
  expect((await say("x")).body).toEqual({
    code: "chat.denied",
    message: `Key: error.dialog.suspended, args: [${vera.chat.chatId},].`,
  });
  expect((await say("")).status).toBe(400);
  const group = vera.inGroup(-71);
  const denied = await api(`POST /messages?chat_id=${group.chat.chatId}`, { text: "x" });
  expect([denied.status, denied.body.message]).toEqual([403, expect.not.stringContaining("suspended")]);
});

test("a message is seen without its markup, and is written as the API writes it", async () => {
  const { max, say, vera } = await withVera();
  const text =
    'Баллы: <b>340</b>\n<a href="https://x.ru/?a=1&amp;b=2">сайт</a> <blockquote>да &lt;3</blockquote>';
  const attachments = [keyboard([callback("Списать", "s:1")])];
  const { body } = await say({ text, format: "html", notify: false, attachments });
  const seen = {
    text: "Баллы: 340\nсайт да <3",
    markup: [
      { type: "strong", from: 7, length: 3 },
      { type: "link", from: 11, length: 4, url: "https://x.ru/?a=1&b=2" },
    ],
  };
  expect(vera.lastMessage()).toMatchObject({
    ...{ ...seen, html: text, silent: true, edited: false, inline: [[callback("Списать", "s:1")]] },
  });
  expect(body.message).toMatchObject({
    sender: { user_id: max.me.user_id, is_bot: true },
    recipient: { chat_id: vera.chat.chatId, chat_type: "dialog", user_id: 501 },
    body: { ...seen, mid: vera.lastMessage()?.mid, attachments: [{ type: "inline_keyboard" }] },
  });
  const mid = String(vera.lastMessage()?.mid);
  await say({ text: "это", link: { type: "reply", mid } });
  expect(vera.lastMessage()?.link).toMatchObject({ type: "reply", mid, text: seen.text });
});

test("HTML is never refused: what is unknown or unfinished is stripped", () => {
  expect(readMaxHtml("<i>a<u>b</i>c <x>d</x> < & &nbsp; &amp;&quot;&#39;").text).toBe(
    "abc d < & &nbsp; &\"'",
  );
  expect(readMaxHtml("<i>a<u>b</i>c").markup).toEqual([{ type: "emphasized", from: 0, length: 2 }]);
  expect(readMaxHtml("<code></code><a>x</a>").markup).toEqual([]);
});

/** A message with a key, and a way to change it. */
async function withMessage(options = {}) {
  const salon = await withVera(options);
  await salon.say({ text: "340", attachments: [keyboard([callback("Списать", "s")])] });
  const mid = String(salon.vera.lastMessage()?.mid);
  const put = (body: object) => salon.api(`PUT /messages?message_id=${mid}`, body);
  return { ...salon, mid, put };
}

test("an edit keeps what it does not name; an empty list takes everything off", async () => {
  const { put, vera } = await withMessage();
  const more = keyboard([callback("Списать", "s"), callback("Назад", "b")]);
  expect((await put({ attachments: [more] })).body).toEqual({ success: true });
  // New buttons alone do not mark a message as edited.
  expect(vera.lastMessage()).toMatchObject({ edited: false, inline: [[{ payload: "s" }, { payload: "b" }]] });
  expect((await put({ text: "<b>375</b>", format: "html" })).body).toEqual({ success: true });
  expect(vera.lastMessage()).toMatchObject({
    text: "375",
    edited: true,
    inline: [[{ payload: "s" }, { payload: "b" }]],
  });
  expect((await put({ attachments: [] })).body).toEqual({ success: true });
  expect(vera.lastMessage()).toMatchObject({ text: "375", inline: [] });
  expect(await put({ text: "" })).toMatchObject({ status: 400 });
});

test("an edit that changes nothing is taken, or refused with 200", async () => {
  const { max, put, vera } = await withMessage();
  const same = { text: "340", attachments: [keyboard([callback("Списать", "s")])] };
  expect((await put(same)).body.success).toBe(true);
  max.readings.editSame = unlikelyReading.editSame;
  expect(await put(same)).toMatchObject({ status: 200, body: { success: false } });
  expect(vera.lastMessage()?.edited).toBe(false);
});

test("keys follow an edit, or stick", async () => {
  const { max, put, vera } = await withMessage();
  max.readings.keys = unlikelyReading.keys;
  await put({ text: "375", attachments: [] });
  expect(vera.lastMessage()).toMatchObject({ text: "375", inline: [[{ payload: "s" }]] });
  max.readings.keys = "follow";
  await put({ attachments: [] });
  expect(vera.lastMessage()?.inline).toEqual([]);
});

test("what cannot be edited is said with 200; without keys a message can be for a week", async () => {
  let now = Date.UTC(2026, 2, 12);
  const { api, put, say, vera } = await withMessage({ now: () => now });
  const own = (await vera.say("моё")).message?.body.mid;
  const refused = { status: 200, body: { success: false } };
  expect(await api(`PUT /messages?message_id=${own}`, { text: "x" })).toMatchObject(refused);
  expect(await api("PUT /messages?message_id=mid.0", { text: "x" })).toMatchObject(refused);
  expect((await api("PUT /messages", { text: "x" })).status).toBe(400);
  await say("без клавиш");
  const bare = `PUT /messages?message_id=${vera.lastMessage()?.mid}`;
  now += 8 * 24 * 3_600_000;
  expect(await api(bare, { text: "x" })).toMatchObject(refused);
  expect((await put({ text: "x" })).body.success).toBe(true);
  await vera.block();
  expect(status(await put({ text: "y" }))).toBe("403 chat.denied");
});

test("deletes own messages alone", async () => {
  const { api, mid, vera } = await withMessage();
  const own = (await vera.say("моё")).message?.body.mid;
  expect((await api(`DELETE /messages?message_id=${own}`)).body.success).toBe(false);
  expect((await api(`DELETE /messages?message_id=${mid}`)).body.success).toBe(true);
  expect(vera.lastMessage()).toBeUndefined();
});

test("one answer to a tap changes its message and shows words", async () => {
  const { api, vera, say } = await withMessage();
  const id = (await vera.tap("Списать"))?.callback?.callback_id;
  await say("новее");
  expect(vera.unanswered).toEqual(["s"]);
  expect(vera.oldKeys.map(({ text }) => text)).toEqual(["340"]);
  const body = { message: { text: "Списано", attachments: [] }, notification: "Готово" };
  expect((await api(`POST /answers?callback_id=${id}`, body)).body).toEqual({ success: true });
  expect(vera.chat.messages.find(({ text }) => text === "Списано")).toMatchObject({
    inline: [],
    edited: true,
  });
  expect(vera.answeredCallbacks).toEqual([{ id: String(id), text: "Готово", edited: true }]);
  expect([vera.unanswered, vera.oldKeys]).toEqual([[], []]);
  await api(`POST /answers?callback_id=${id}`, { notification: "Ещё раз" });
  expect(vera.answeredCallbacks.at(-1)).toMatchObject({ text: "Ещё раз", edited: false });
  expect((await api("POST /answers?callback_id=none", { notification: "x" })).status).toBe(400);
  expect((await api(`POST /answers?callback_id=${id}`, { notification: 5 })).status).toBe(400);
  await vera.block();
  expect(status(await api(`POST /answers?callback_id=${id}`, { notification: "x" }))).toBe("403 chat.denied");
});

test("an empty answer is refused, or taken", async () => {
  const { max, api, vera } = await withMessage();
  const empty = `POST /answers?callback_id=${(await vera.tap("Списать"))?.callback?.callback_id}`;
  expect((await api(empty, {})).body.message).toBe("`message` or `notification` required");
  max.readings.emptyAnswer = unlikelyReading.emptyAnswer;
  expect((await api(empty, {})).body).toEqual({ success: true });
  expect(vera.answeredCallbacks).toMatchObject([{ edited: false }]);
});

test("a late answer is taken, or refused", async () => {
  let now = Date.UTC(2026, 2, 12);
  const { max, api, vera } = await withMessage({ now: () => now });
  const answer = `POST /answers?callback_id=${(await vera.tap("Списать"))?.callback?.callback_id}`;
  now += 61_000;
  expect((await api(answer, { notification: "x".repeat(200) })).status).toBe(200);
  expect((await api(answer, { notification: "x".repeat(201) })).status).toBe(400);
  max.readings.lateAnswer = unlikelyReading.lateAnswer;
  expect((await api(answer, { notification: "x" })).body.message).toBe("callback_id has expired");
});

test("a tap has an id of its own, or the one of its message", async () => {
  const { max, vera } = await withMessage();
  const ids = async () =>
    [await vera.tap("Списать"), await vera.tapAgain()].map((one) => one?.callback?.callback_id);
  expect(new Set(await ids()).size).toBe(2);
  max.readings.callbackId = unlikelyReading.callbackId;
  expect(new Set(await ids()).size).toBe(1);
});
