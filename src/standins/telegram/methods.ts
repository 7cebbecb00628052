// The methods of the stand-in Bot API.
import type { BotCommand, User } from "grammy/types";
import {
  type ChatState,
  type Chats,
  type Content,
  type Payload,
  readContent,
  type Shown,
  type Upload,
} from "./chats.ts";
import type { Deliveries } from "./deliveries.ts";
import { bad, type Meter } from "./faults.ts";

export type Method = (payload: Payload, signal: AbortSignal) => unknown;

/** The bot's own settings as last set, by method, scope and language: commands, menu button, name, descriptions. */
export type BotSettings = Map<string, Payload>;

const place = (what: string, { scope, language_code, chat_id }: Payload) =>
  [what, scope && JSON.stringify(scope), language_code, chat_id].filter(Boolean).join(" ");

/** The menu a person sees: their chat's own, else everybody's. Telegram Bot API: determining list of commands. */
export function commandsFor(settings: BotSettings, { id, language_code }: User): BotCommand[] {
  const scope = { type: "chat", chat_id: id };
  const places = [{ scope, language_code }, { scope }, { language_code }, {}];
  const found = places.map((one) => settings.get(place("commands", one))?.commands);
  return (found.find((one) => one !== undefined) ?? []) as BotCommand[];
}

export function settingMethods(settings: BotSettings): Record<string, Method> {
  const keep = (what: string) => (payload: Payload) => settings.set(place(what, payload), payload) && true;
  const keepCommands = keep("commands");
  return {
    setMyCommands: (payload) => {
      checkCommands(payload);
      return keepCommands(payload);
    },
    deleteMyCommands: (payload) => settings.delete(place("commands", payload)) || true,
    getMyCommands: (payload) => settings.get(place("commands", payload))?.commands ?? [],
    setChatMenuButton: keep("menu"),
    setMyDescription: keep("description"),
    setMyShortDescription: keep("short description"),
    setMyName: keep("name"),
  };
}

/** Telegram Bot API, BotCommand: 1 to 32 of a-z, 0-9 and _; a description of 1 to 256; at most 100 of them. */
function checkCommands(payload: Payload): void {
  const commands = (payload.commands ?? []) as { command?: string; description?: string }[];
  if (commands.length > 100) throw bad("BOT_COMMANDS_TOO_MUCH");
  for (const { command = "", description = "" } of commands) {
    if (!/^\/?[a-z0-9_]{1,32}$/.test(command)) throw bad("BOT_COMMAND_INVALID");
    if (description.length < 1 || description.length > 256) throw bad("BOT_COMMAND_DESCRIPTION_INVALID");
  }
}

export function webhookMethods(deliveries: Deliveries): Record<string, Method> {
  return {
    getUpdates: (payload, signal) => deliveries.poll(payload, signal),
    setWebhook: (payload) => deliveries.set(String(payload.url ?? ""), payload) ?? true,
    deleteWebhook: ({ drop_pending_updates }) => deliveries.set("", { drop_pending_updates }) ?? true,
    getWebhookInfo: () => ({
      url: deliveries.url,
      has_custom_certificate: false,
      pending_update_count: deliveries.pending.length,
      max_connections: deliveries.maxConnections,
      ...(deliveries.allowed.length > 0 && { allowed_updates: deliveries.allowed }),
      ...(deliveries.lastError && {
        last_error_date: deliveries.lastError.date,
        last_error_message: deliveries.lastError.message,
      }),
    }),
  };
}

/** Finds the bytes a call means: a part of the same multipart body, or a file_id from before. */
function fileReader(files: Map<string, Upload>) {
  return (payload: Payload, value: unknown): Upload => {
    const part = typeof value === "string" ? payload[value.replace("attach://", "")] : value;
    const found = (part as Upload | undefined)?.bytes ? (part as Upload) : files.get(String(value));
    if (!found) throw bad("wrong remote file identifier specified: Wrong string length");
    if (found.bytes.length === 0) throw bad("file must be non-empty");
    files.set(found.id, found);
    return found;
  };
}

export function messageMethods(chats: Chats, meter: Meter): Record<string, Method> {
  const file = fileReader(new Map());
  const media = (payload: Payload): Content & Partial<Shown> => {
    const given = (payload.media ?? {}) as Payload;
    const bytes = file(payload, given.media);
    const change = given.type === "photo" ? { photo: bytes } : { document: bytes };
    return { ...readContent(given, "caption"), ...change };
  };
  const send = (content: (payload: Payload) => Partial<Shown>): Method => {
    return (payload) => {
      chats.reach(payload);
      const said = content(payload);
      meter.count(payload.chat_id);
      return chats.post(payload, said);
    };
  };
  const caption = (payload: Payload) => readContent(payload, "caption");
  return {
    sendMessage: send((payload) => readContent(payload, "text")),
    sendPhoto: send((payload) => ({ ...caption(payload), photo: file(payload, payload.photo) })),
    sendDocument: send((payload) => ({ ...caption(payload), document: file(payload, payload.document) })),
    editMessageText: (payload) =>
      chats.edit(payload, (shown) => {
        if (shown.photo || shown.document) throw bad("there is no text in the message to edit");
        return readContent(payload, "text");
      }),
    editMessageCaption: (payload) =>
      chats.edit(payload, (shown) => {
        if (!shown.photo && !shown.document) throw bad("there is no caption in the message to edit");
        return caption(payload);
      }),
    editMessageMedia: (payload) => {
      const change = media(payload);
      return chats.edit(payload, () => change);
    },
    editMessageReplyMarkup: (payload) => chats.edit(payload, () => ({})),
  };
}

export function chatMethods(chats: Chats): Record<string, Method> {
  const find = (chat: ChatState, payload: Payload, why: string): Shown => {
    const shown = chat.messages.find((one) => one.message_id === payload.message_id);
    if (!shown) throw bad(why);
    return shown;
  };
  return {
    getMe: () => ({
      ...chats.bot,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    }),
    getChat: (payload) => chats.reach(payload).info,
    sendChatAction: (payload) => chats.reach(payload) && true,
    deleteMessage: (payload) => {
      const chat = chats.reach(payload);
      const shown = find(chat, payload, "message to delete not found");
      // Telegram Bot API: a message can only be deleted if it was sent less than 48 hours ago.
      if (chats.seconds() - shown.date >= 48 * 3600) throw bad("message can't be deleted for everyone");
      chat.messages.splice(chat.messages.indexOf(shown), 1);
      chats.changed(chat);
      return true;
    },
    setMessageReaction: (payload) => {
      const chat = chats.reach(payload);
      const reactions = (payload.reaction ?? []) as { emoji?: string }[];
      find(chat, payload, "message to react not found").reactions = reactions.map((one) => one.emoji ?? "");
      chats.changed(chat);
      return true;
    },
    pinChatMessage: (payload) => {
      const chat = chats.reach(payload);
      chat.pinned.push(find(chat, payload, "message to pin not found").message_id);
      chats.changed(chat);
      return true;
    },
    answerCallbackQuery: ({ callback_query_id, text, show_alert, url }) => {
      const id = String(callback_query_id);
      const person = chats.callbacks.get(id);
      if (!person) throw bad("query is too old and response timeout expired or query ID is invalid");
      if (String(text ?? "").length > 200) throw bad("MESSAGE_TOO_LONG");
      person.answeredCallbacks.push({
        id,
        ...(text !== undefined && { text: String(text) }),
        ...(show_alert === true && { show_alert }),
        ...(url !== undefined && { url: String(url) }),
      });
      chats.changed(person.chat);
      return true;
    },
  };
}
