// What is taken for an update: the types of all that the bot reads, and nothing that Telegram does not send.
import { expect, test } from "bun:test";
import { incomingOf, readUpdate } from "../../../src/channels/telegram/update.ts";

const from = { id: 501, is_bot: false, first_name: "Анна", language_code: "ru" };
const chat = { id: 501, type: "private" };
const entities = [{ type: "bot_command", offset: 0, length: 6 }];
const message = { message_id: 7, date: 1, chat, from, text: "/start", entities };
const tap = { id: "1", from, chat_instance: "2", data: "why", message: { chat, message_id: 7, date: 0 } };

const taken = (raw: object) => {
  const read = readUpdate(raw);
  return "update" in read ? (read.update as object) : read.wrong;
};
const changed = (change: object) => taken({ update_id: 1, message: { ...message, ...change } });

test("what Telegram sends is taken as it is, with what the bot does not read", () => {
  const updates = [
    { message: { ...message, photo: [{ file_id: "1" }], dice: { value: 6 } } },
    { message: { ...message, contact: { phone_number: "79001234567", user_id: 501, first_name: "Анна" } } },
    { edited_message: { ...message, edit_date: 2, reply_to_message: { message_id: 3, date: 1, chat } } },
    { callback_query: tap },
    { callback_query: { id: "1", from, inline_message_id: "AAAA", game_short_name: "x" } },
    { my_chat_member: { chat, from, date: 1, new_chat_member: { status: "kicked", user: from } } },
    { message: { ...message, chat: { id: -100, type: "supergroup", title: "Группа" } } },
  ];
  for (const update of updates)
    expect(taken({ update_id: 1, ...update })).toEqual({ update_id: 1, ...update });
});

test("kinds that the bot has not asked for are left out", () => {
  expect(taken({ update_id: 1, channel_post: 5, business_message: message, poll: null })).toEqual({
    update_id: 1,
  });
});

test("an update whose ids, words or chats are of another type is none, and only the field is named", () => {
  for (const id of [0, -1, 1.5, 2 ** 53, "501", null, [501], { id: 501 }, true]) {
    expect(changed({ from: { ...from, id } })).toBe("message.from.id");
    expect(changed({ contact: { phone_number: "1", user_id: id } })).toBe("message.contact.user_id");
  }
  expect(changed({ chat: { id: "501", type: "private" } })).toBe("message.chat.id");
  expect(changed({ chat: null })).toBe("message.chat");
  expect(changed({ text: ["/start"] })).toBe("message.text");
  expect(changed({ contact: { phone_number: 79001234567 } })).toBe("message.contact.phone_number");
  expect(taken({ update_id: 1, callback_query: { ...tap, data: {} } })).toBe("callback_query.data");
  expect(taken({ update_id: 1, message: "hello" })).toBe("message");
  expect(taken([])).toBe("update_id");
});

test("a private chat is its person's own: what one wrote is never answered in another's", () => {
  const other = { id: 502, type: "private" };
  expect(changed({ chat: other })).toBe("message");
  expect(taken({ update_id: 1, callback_query: { ...tap, message: { chat: other, message_id: 7 } } })).toBe(
    "callback_query",
  );
});

test("an odd field that is no more than a help is left out, and the person is answered", () => {
  expect(changed({ entities: [{ type: 5 }] })).toEqual({
    update_id: 1,
    message: { ...message, entities: undefined },
  });
  expect(changed({ from: { ...from, language_code: { a: 1 } } })).toEqual({
    update_id: 1,
    message: { ...message, from: { ...from, language_code: undefined } },
  });
  // Entities without their words are a command to nobody.
  expect(JSON.stringify(changed({ text: undefined }))).not.toContain("entities");
});

test("a name comes in as one line in its own direction", () => {
  const first_name = "Анна\u0000\n\nНа карте\u202e 100000\u2066";
  expect(changed({ from: { ...from, first_name } })).toMatchObject({
    message: { from: { first_name: "Анна На карте 100000" } },
  });
});

test("a body that names a prototype brings in nothing by it", () => {
  const forged = '{"contact":{"phone_number":"79001234567","user_id":501}}';
  const text = JSON.stringify(message).replace("{", `{"__proto__":${forged},`);
  const read = readUpdate(JSON.parse(`{"update_id":1,"message":${text}}`));
  expect("update" in read && read.update.message?.contact).toBeUndefined();
  expect("update" in read && read.update.message?.text).toBe("/start");
});

test("only what people do in their own chats comes in, in the face's words", () => {
  const heard = (raw: object) => {
    const read = readUpdate({ update_id: 1, ...raw });
    const incoming = "update" in read ? incomingOf(read.update, "salon_bot") : null;
    return incoming && { ...incoming, id: 0, account: "", name: "", language: "" };
  };
  const own = { id: 0, account: "", name: "", language: "", message: 7 };
  const group = { id: -100, type: "supergroup", title: "Группа" };
  const robot = { id: 502, is_bot: true, first_name: "Бот" };
  const elsewhere = [
    { message: { ...message, chat: group } },
    { message: { ...message, chat: { ...chat, id: 502 }, from: robot } },
    { message: { ...message, from: undefined } },
    { message: { ...message, text: undefined, pinned_message: message } },
    { edited_message: { ...message, text: undefined, caption: "x", photo: [] } },
    { my_chat_member: { chat: group, from, new_chat_member: { status: "kicked" } } },
  ];
  expect(elsewhere.map(heard)).toEqual(elsewhere.map(() => null));
  // A tap is answered wherever it is made, and means nothing but in the own chat.
  expect(heard({ callback_query: { ...tap, message: { ...message, chat: group } } })).toMatchObject({
    kind: "tap",
    data: "",
  });
  expect(heard({ callback_query: tap })).toEqual({ ...own, kind: "tap", tap: "1", data: "why", text: false });
  const said = (text: string, length: number) =>
    heard({ message: { ...message, text, entities: [{ type: "bot_command", offset: 0, length }] } });
  expect(said("/start c_1", 6)).toEqual({ ...own, kind: "start", payload: "c_1" });
  const words = { ...own, kind: "text" as const, edited: false, repliesTo: null };
  const text = "/why@Salon_Bot  79001234567";
  expect(said(text, 14)).toEqual({ ...words, text, command: { name: "why", words: "79001234567" } });
  expect(said("/why@other_bot", 14)).toEqual({ ...words, text: "/why@other_bot", command: null });
  expect(
    heard({ message: { ...message, text: undefined, photo: [], caption: "Баланс", media_group_id: "9" } }),
  ).toEqual({ ...own, kind: "other", caption: "Баланс", album: "9" });
});
