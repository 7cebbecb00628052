// What we take for an update: every field that the bot reads has the type that Telegram gives it, the rest is passed on.

import type { Update } from "grammy/types";
import * as v from "valibot";
import { shownName } from "../../rules/name.ts";

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
  caption_entities: entities,
  media_group_id: orNone(v.string()),
  reply_to_message: orNone(v.looseObject({ message_id: messageId })),
  contact: v.optional(
    v.looseObject({
      phone_number: v.string(),
      user_id: v.optional(userId),
      first_name: v.fallback(name, ""),
    }),
  ),
});

/** Entities belong to words: commands are cut out of these. */
const message = v.pipe(
  fields,
  v.transform(({ entities, caption_entities, ...rest }) => ({
    ...rest,
    ...(entities && rest.text !== undefined && { entities }),
    ...(caption_entities && rest.caption !== undefined && { caption_entities }),
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
