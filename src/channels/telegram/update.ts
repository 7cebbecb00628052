// Reads an update of Telegram: what we take for one, field by field, and what it is in the words of the face.

import type { Message, Update, User } from "grammy/types";
import * as v from "valibot";
import { accountOf } from "../../rules/account.ts";
import { shownName } from "../../rules/name.ts";
import type { Incoming, Sender } from "../channel.ts";

/** The kinds of updates the bot wants: to be asked for by the webhook and by polling. */
export const allowedUpdates = [
  "message",
  "edited_message",
  "callback_query",
  "my_chat_member",
] as const satisfies Exclude<keyof Update, "update_id">[];

/** Telegram Bot API: ids have at most 52 bits; the chats of groups and channels are below zero. */
const userId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const chatId = v.pipe(v.number(), v.safeInteger());
const messageId = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What must not cost a person the answer when it is odd: left out then. */
const orNone = <T>(schema: v.GenericSchema<T>) =>
  v.optional(v.fallback(v.union([schema, v.undefined()]), undefined));

const name = v.pipe(v.string(), v.transform(shownName));

const user = v.looseObject({
  id: userId,
  is_bot: v.boolean(),
  first_name: v.fallback(name, ""),
  language_code: orNone(v.pipe(v.string(), v.regex(/^[\w-]{2,35}$/))),
});
const chat = v.looseObject({ id: chatId, type: v.string() });
const entities = orNone(
  v.array(v.looseObject({ type: v.string(), offset: v.pipe(v.number(), v.integer()), length: v.number() })),
);

const fields = v.looseObject({
  message_id: messageId,
  chat,
  from: v.optional(user),
  text: v.optional(v.string()),
  caption: v.optional(v.string()),
  entities,
  media_group_id: orNone(v.string()),
  reply_to_message: orNone(v.looseObject({ message_id: messageId })),
  contact: v.optional(
    v.looseObject({
      ...{ phone_number: v.string(), user_id: v.optional(userId) },
      ...{ first_name: orNone(v.string()), last_name: orNone(v.string()) },
    }),
  ),
});

/** Entities belong to words: commands are cut out of these. */
const message = v.pipe(
  fields,
  v.transform(({ entities, ...rest }) => ({
    ...rest,
    ...(entities && rest.text !== undefined && { entities }),
  })),
);

/** In a private chat there is nobody but its person: the till's screens go by the chat, its rights by who wrote. */
function ownChat(from: { id: number } | undefined, place: { id: number; type: string } | undefined): boolean {
  return place?.type !== "private" || from === undefined || from.id === place.id;
}
const aside = "a private chat is its person's own";
const written = v.pipe(
  message,
  v.check(({ from, chat }) => ownChat(from, chat), aside),
);

/** Kinds that the bot has not asked for are left out. */
const update = v.object({
  update_id: v.pipe(v.number(), v.safeInteger()),
  message: v.optional(written),
  edited_message: v.optional(written),
  callback_query: v.optional(
    v.pipe(
      v.looseObject({
        id: v.string(),
        from: user,
        message: v.optional(message),
        data: v.optional(v.string()),
      }),
      v.check(({ from, message }) => ownChat(from, message?.chat), aside),
    ),
  ),
  my_chat_member: v.optional(
    v.pipe(
      v.looseObject({ chat, from: user, new_chat_member: v.looseObject({ status: v.string() }) }),
      v.check(({ from, chat }) => ownChat(from, chat), aside),
    ),
  ),
});

/** The update, or where it is not what Telegram sends: the names of the fields, without their contents. */
export function readUpdate(raw: object): { update: Update } | { wrong: string } {
  const read = v.safeParse(update, raw);
  if (read.success) return { update: read.output as unknown as Update };
  return { wrong: [...new Set(read.issues.map((issue) => v.getDotPath(issue) ?? "the update"))].join(", ") };
}

/** What a message may be that is not words. */
const wordless = [
  ...["photo", "animation", "audio", "document", "video", "video_note", "voice", "sticker"],
  ...["location", "poll", "dice", "story"],
];

/**
 * What a message has that was not made by its sender's button just now: forwarded, in Telegram's words of today and in
 * those that older Bot API servers still use; written by a bot, a channel or a business in their name.
 */
const secondHand = [
  ...["forward_origin", "forward_from", "forward_from_chat", "forward_sender_name", "forward_date"],
  ...["forward_from_message_id", "forward_signature", "is_automatic_forward", "external_reply", "quote"],
  ...["via_bot", "sender_chat", "sender_business_bot", "business_connection_id"],
];

/** What a person did with it, or null when it is nothing that we hear. `botName` is the bot's own, without its `@`. */
export function incomingOf(update: Update, botName: string): Incoming | null {
  const { message, edited_message, callback_query: tap, my_chat_member: member } = update;
  const written = message ?? edited_message;
  if (written) {
    if (written.chat.type !== "private" || written.from === undefined || written.from.is_bot) return null;
    const what = message ? messageOf(message, written.from, botName) : editedOf(written);
    return what && { ...senderOf(update, written.from), ...what };
  }
  if (tap) {
    const under = tap.message;
    const ours = under?.chat.type === "private" && !tap.from.is_bot;
    return {
      ...senderOf(update, tap.from),
      ...{ kind: "tap", tap: tap.id, data: (ours && tap.data) || "" },
      ...{ message: under?.message_id ?? null, text: under !== undefined && "text" in under },
    };
  }
  if (member?.chat.type !== "private") return null;
  const kind = member.new_chat_member.status === "kicked" ? "left" : "returned";
  return { ...senderOf(update, member.from), kind };
}

function senderOf({ update_id: id }: Update, { id: user, first_name, language_code }: User): Sender {
  const account = accountOf("telegram", user);
  return { id, account, name: first_name || null, language: language_code ?? null };
}

type What<T> = T extends Sender ? Omit<T, keyof Sender> : never;

function messageOf(message: Message, from: User, botName: string): What<Incoming> | null {
  const { message_id: id, text, contact } = message;
  if (text !== undefined) {
    const command = commandOf(message, botName);
    if (command?.name === "start") return { kind: "start", message: id, payload: command.words };
    const repliesTo = message.reply_to_message?.message_id ?? null;
    return { kind: "text", message: id, text, edited: false, command, repliesTo };
  }
  if (contact) {
    const own = contact.user_id === from.id;
    const proven = own && !secondHand.some((field) => field in message);
    const whose = proven ? "proven" : own ? "own" : contact.user_id === undefined ? "book" : "account";
    const of = contact.user_id === undefined ? null : accountOf("telegram", contact.user_id);
    const called = shownName(`${contact.first_name ?? ""} ${contact.last_name ?? ""}`) || null;
    return { kind: "contact", message: id, phone: contact.phone_number, whose, of, called };
  }
  if (!wordless.some((field) => field in message)) return null;
  return {
    kind: "other",
    message: id,
    caption: message.caption ?? null,
    album: message.media_group_id ?? null,
  };
}

function editedOf({ message_id: message, text }: Message): What<Incoming> | null {
  return text === undefined
    ? null
    : { kind: "text", message, text, edited: true, command: null, repliesTo: null };
}

/** A command as Telegram marks it at the beginning of a text; one that names another bot is none. */
function commandOf(
  { text = "", entities = [] }: Message,
  botName: string,
): { name: string; words: string } | null {
  const mark = entities.find((one) => one.type === "bot_command" && one.offset === 0);
  if (mark === undefined) return null;
  const [name = "", to] = text.slice(1, mark.length).split("@");
  if (to !== undefined && to.toLowerCase() !== botName.toLowerCase()) return null;
  return { name, words: text.slice(mark.length).trimStart() };
}
