// The methods of the Bot API that the program calls.
import type { BotCommand, User } from "grammy/types";
import { type Chats, type Payload, readContent, type Shown, type Upload } from "./chats.ts";
import type { Deliveries } from "./deliveries.ts";
import { bad, type Meter } from "./faults.ts";

export type Method = (payload: Payload, signal: AbortSignal) => unknown;

/** The bot's commands and descriptions as last set, by scope and language. */
export type BotSettings = Map<string, Payload>;

const place = ({ scope, language_code }: Payload) =>
  ["commands", scope && JSON.stringify(scope), language_code].filter(Boolean).join(" ");

/** The menu a person sees: their chat's own, else everybody's. Telegram Bot API: determining list of commands. */
export function commandsFor(settings: BotSettings, { id, language_code }: User): BotCommand[] {
  const scope = { type: "chat", chat_id: id };
  const places = [{ scope, language_code }, { scope }, { language_code }, {}];
  const found = places.map((one) => settings.get(place(one))?.commands);
  return (found.find((one) => one !== undefined) ?? []) as BotCommand[];
}

export function settingMethods(settings: BotSettings): Record<string, Method> {
  return {
    setMyCommands: (payload) => {
      checkCommands(payload);
      settings.set(place(payload), payload);
      return true;
    },
    deleteMyCommands: (payload) => {
      settings.delete(place(payload));
      return true;
    },
  };
}

/** Telegram Bot API, setMyDescription: at most 512 characters; setMyShortDescription: at most 120. Empty takes it away. */
export function profileMethods(settings: BotSettings): Record<string, Method> {
  const methods = (name: string, field: string, most: number): Record<string, Method> => {
    const key = ({ language_code }: Payload) => [field, language_code].filter(Boolean).join(" ");
    return {
      [`getMy${name}`]: (payload) => ({ [field]: String(settings.get(key(payload))?.[field] ?? "") }),
      [`setMy${name}`]: (payload) => {
        if (String(payload[field] ?? "").length > most) throw bad(`${field} is too long`);
        return Boolean(settings.set(key(payload), payload));
      },
    };
  };
  return {
    ...methods("Description", "description", 512),
    ...methods("ShortDescription", "short_description", 120),
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
    editMessageReplyMarkup: (payload) => chats.edit(payload, () => ({})),
  };
}

export function chatMethods(chats: Chats): Record<string, Method> {
  return {
    getMe: () => ({
      ...chats.bot,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    }),
    sendChatAction: (payload) => chats.reach(payload) && true,
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
