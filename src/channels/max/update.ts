// Reads an update of MAX: what we take for one, field by field, and what it is in the words of the face.

import { createHash } from "node:crypto";
import * as v from "valibot";
import { accountOf } from "../../rules/account.ts";
import { shownName } from "../../rules/name.ts";
import type { Incoming, Sender } from "../channel.ts";
import { readContact } from "./contact.ts";

/** The kinds of updates the bot wants: to be asked for by the webhook and by polling. */
export const updateTypes = [
  "message_created",
  "message_edited",
  "message_callback",
  "bot_started",
  "bot_stopped",
  "dialog_removed",
] as const;

/** The same as what came in, with MAX's own names of messages where ours are numbers, and the number of the dialog: `id` is a hash. */
export type Heard = HeardOf<Incoming>;
type HeardOf<T> = T extends unknown
  ? { [K in keyof T]: K extends "message" | "repliesTo" ? string | Extract<T[K], null> : T[K] } & From
  : never;

/** What of the bot is needed to read: its token proves contacts, its name stands behind a command that is meant for it. */
interface Reader {
  token: string;
  nick: string;
  now: Date;
}

/** Ids of people and of dialogs; a dialog's may be below zero. */
const userId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const chatId = v.pipe(v.number(), v.safeInteger());
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Printable, and never looked into: what MAX calls a message or a tap. */
export const maxName = /^[\x21-\x7e]{1,250}$/;
const word = v.pipe(v.string(), v.regex(maxName));

/** What must not cost a person the answer when it is odd: left out then. */
const orNone = <T>(schema: v.GenericSchema<T>) =>
  v.optional(v.fallback(v.nullish(schema) as v.GenericSchema<T | null | undefined>, undefined));

const user = v.looseObject({
  user_id: userId,
  is_bot: v.nullish(v.boolean()),
  first_name: orNone(v.string()),
  last_name: orNone(v.string()),
});
const locale = orNone(v.pipe(v.string(), v.regex(/^[\w-]{2,35}$/)));
const attachment = v.looseObject({ type: v.string(), payload: v.optional(v.unknown()) });
const attachments = v.nullish(v.array(attachment));
const body = v.looseObject({ mid: word, text: v.nullish(v.string()), attachments });
const message = v.looseObject({
  sender: v.nullish(user),
  recipient: v.looseObject({ chat_id: v.nullish(chatId), chat_type: v.string(), user_id: v.nullish(userId) }),
  timestamp: time,
  body: v.nullish(body),
  // One that is not as we know it is still one: what it hangs on was not made just now.
  link: v.nullish(
    v.fallback(
      v.looseObject({
        type: v.string(),
        message: orNone(v.looseObject({ mid: orNone(word), text: orNone(v.string()), attachments })),
      }),
      { type: "unknown", message: undefined },
    ),
  ),
});
const contact = v.looseObject({
  // A real one has some hundred signs.
  vcf_info: v.nullish(v.pipe(v.string(), v.maxLength(20_000))),
  hash: v.nullish(v.string()),
  max_info: orNone(user),
});

const written = v.looseObject({ timestamp: time, user_locale: locale, message });
const ofPerson = v.looseObject({ timestamp: time, user_locale: locale, chat_id: chatId, user });
const kinds = {
  message_created: written,
  message_edited: written,
  message_callback: v.looseObject({
    user_locale: locale,
    callback: v.looseObject({ timestamp: time, callback_id: word, payload: v.nullish(v.string()), user }),
    message: v.nullish(message),
  }),
  bot_started: v.looseObject({ ...ofPerson.entries, payload: orNone(v.string()) }),
  bot_stopped: ofPerson,
  dialog_removed: ofPerson,
} satisfies Record<(typeof updateTypes)[number], v.GenericSchema>;

type Read<K extends keyof typeof kinds> = v.InferOutput<(typeof kinds)[K]>;
type Message = v.InferOutput<typeof message>;
type User = v.InferOutput<typeof user>;

/** Whether it is an update at the first look. */
export function isMaxUpdate(raw: unknown): boolean {
  return typeof Object(raw).update_type === "string";
}

/**
 * What a person did with it; null when it is nothing that we hear. Where it is not what MAX sends: the names of the fields,
 * without their contents.
 */
export function readMaxUpdate(raw: object, reader: Reader): { heard: Heard | null } | { wrong: string } {
  const type = (raw as { update_type?: unknown }).update_type;
  const kind = updateTypes.find((one) => one === type);
  if (kind === undefined) return isMaxUpdate(raw) ? { heard: null } : { wrong: "update_type" };
  const read = v.safeParse(kinds[kind], raw);
  if (!read.success) {
    const fields = read.issues.map((issue) => v.getDotPath(issue as never) ?? "the update");
    return { wrong: [...new Set(fields)].join(", ") };
  }
  return { heard: heardOf(kind, read.output, reader) };
}

function heardOf(kind: keyof typeof kinds, update: unknown, reader: Reader): Heard | null {
  switch (kind) {
    case "message_created":
      return createdOf(update as Read<typeof kind>, reader);
    case "message_edited":
      return editedOf(update as Read<typeof kind>);
    case "message_callback":
      return tapOf(update as Read<typeof kind>);
    case "bot_started":
      return startedOf(update as Read<typeof kind>);
    default:
      return leftOf(update as Read<typeof kind>);
  }
}

/** Whose order an update keeps: its person's, else one for all. */
export function whoseUpdate(raw: object): unknown {
  const { user, callback, message } = raw as Record<string, Record<string, Record<string, unknown>>>;
  return callback?.user?.user_id ?? user?.user_id ?? message?.sender?.user_id ?? null;
}

/** What tells an update from all others, for MAX gives it no number. A hash, for it stands in the log. */
function keyOf(...words: unknown[]): string {
  return createHash("sha256").update(JSON.stringify(words)).digest("hex").slice(0, 32);
}

type From = Sender & { id: string; chat: number | null };

function from(id: string, user: User, chat: number | null, language: string | null | undefined): From {
  const name = shownName(user.first_name ?? "") || null;
  return { id, account: accountOf("max", user.user_id), name, language: language ?? null, chat };
}

/** A person's own message in their dialog with the bot. */
function ownDialog({ sender, recipient }: Message): User | null {
  const isOwn = recipient.chat_type === "dialog" && sender && sender.is_bot !== true;
  return isOwn ? sender : null;
}

function createdOf({ message, user_locale }: Read<"message_created">, reader: Reader): Heard | null {
  const sender = ownDialog(message);
  const own = message.body;
  if (sender === null || !own) return null;
  const { mid } = own;
  const chat = message.recipient.chat_id ?? null;
  const who = from(keyOf("created", mid), sender, chat, user_locale);
  const { link } = message;
  // Of what is forwarded the words stand behind it, and its own are empty.
  const forwarded = link?.type === "forward" ? link.message : undefined;
  const text = own.text || forwarded?.text || "";
  const attached = (own.attachments?.length ? own.attachments : forwarded?.attachments) ?? [];
  const shared = attached.find((one) => one.type === "contact");
  if (shared) {
    const around = { alone: !link && attached.length === 1, ageMs: reader.now.getTime() - message.timestamp };
    return { ...who, ...contactOf(shared.payload, sender, around, reader.token), message: mid };
  }
  // A link in a text makes an attachment of its own.
  if (text !== "" && attached.every((one) => one.type === "share")) {
    const command = link?.type === "forward" ? null : commandOf(text, reader.nick);
    if (command?.name === "start") return { ...who, kind: "start", message: mid, payload: command.words };
    const repliesTo = (link?.type === "reply" && link.message?.mid) || null;
    return { ...who, kind: "text", message: mid, text, edited: false, command, repliesTo };
  }
  if (attached.length === 0) return null;
  return { ...who, kind: "other", message: mid, caption: text || null, album: null };
}

function contactOf(
  payload: unknown,
  { user_id: sender }: User,
  around: { alone: boolean; ageMs: number },
  token: string,
) {
  const read = v.safeParse(contact, payload);
  const { vcf_info, hash, max_info } = read.success ? read.output : {};
  const { phone, whose } = readContact(
    { vcf_info: vcf_info ?? undefined, hash: hash ?? undefined, max_info: max_info ?? undefined },
    { sender, ...around },
    token,
  );
  const of = max_info ? accountOf("max", max_info.user_id) : null;
  const written = /^FN(?:;[^:\r\n]*)?:(.*)$/im.exec(vcf_info ?? "")?.[1];
  const called = shownName(`${max_info?.first_name ?? ""} ${max_info?.last_name ?? ""}`);
  return { kind: "contact", phone, whose, of, called: called || shownName(written ?? "") || null } as const;
}

/** Edited words come with the same name as before, and without a language. */
function editedOf({ message, timestamp }: Read<"message_edited">): Heard | null {
  const sender = ownDialog(message);
  const text = message.body?.text;
  if (sender === null || !message.body || !text) return null;
  const { mid } = message.body;
  const who = from(keyOf("edited", mid, timestamp), sender, message.recipient.chat_id ?? null, null);
  return { ...who, kind: "text", message: mid, text, edited: true, command: null, repliesTo: null };
}

/** What stands under a message of ours in the person's own dialog; anything else has no data. */
function tapOf({ callback, message, user_locale }: Read<"message_callback">): Heard | null {
  const { user, callback_id: tap, payload, timestamp } = callback;
  if (user.is_bot === true) return null;
  const id = keyOf("tap", user.user_id, tap, payload, timestamp);
  const under = message?.body ?? null;
  const { recipient } = message ?? {};
  const ours =
    recipient?.chat_type === "dialog" &&
    message?.sender?.is_bot === true &&
    [user.user_id, null, undefined].includes(recipient.user_id);
  return {
    ...from(id, user, (ours && recipient.chat_id) || null, user_locale),
    ...{ kind: "tap", tap, data: (ours && payload) || "", message: ours && under ? under.mid : null },
    text:
      ours &&
      under !== null &&
      (under.attachments ?? []).every((one) => /^(inline_keyboard|share)$/.test(one.type)),
  };
}

/** No message stands for it: it is one of its own. */
function startedOf({ user, chat_id, payload, timestamp, user_locale }: Read<"bot_started">): Heard | null {
  if (user.is_bot === true) return null;
  const id = keyOf("started", user.user_id, timestamp);
  return {
    ...from(id, user, chat_id, user_locale),
    ...{ kind: "start", message: `started.${timestamp}`, payload: payload ?? "" },
  };
}

function leftOf({ user, chat_id, timestamp, user_locale }: Read<"bot_stopped">): Heard | null {
  const id = keyOf("stopped", user.user_id, timestamp);
  return user.is_bot === true ? null : { ...from(id, user, chat_id, user_locale), kind: "left" };
}

/** A command is a text that begins like one: MAX marks none. One that names another bot is none. */
function commandOf(text: string, nick: string): { name: string; words: string } | null {
  const [, name, to, words = ""] = /^\/(\w{1,64})(?:@(\S+))?(?:\s+([\s\S]*))?$/.exec(text) ?? [];
  if (name === undefined || (to !== undefined && to.toLowerCase() !== nick.toLowerCase())) return null;
  return { name, words };
}
