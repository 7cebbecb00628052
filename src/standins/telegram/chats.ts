// The stand-in Telegram's chats: what stands in each of them, as people see it and as the Bot API writes it.
import type {
  Chat,
  Contact,
  InlineKeyboardButton,
  KeyboardButton,
  Message,
  MessageEntity,
  Update,
  User,
} from "grammy/types";
import { ApiError, bad } from "./faults.ts";
import { readHtml } from "./html.ts";

/** The parameters of one Bot API call, numbers and JSON fields already read. */
export type Payload = Record<string, unknown>;
/** A file as it was sent: its name, media type and bytes; `id` is its file_id. */
export type Upload = { id: string; name: string; type: string; bytes: Uint8Array };
/** What answerCallbackQuery showed to the person who tapped. */
export type TapAnswer = { id: string; text?: string; show_alert?: boolean; url?: string };
/** Who a person is in Telegram; `phone` is the account's own number. */
export type Profile = {
  id: number;
  firstName: string;
  lastName?: string;
  username?: string;
  languageCode?: "ru" | "en";
  phone?: string;
};
/** What a message says. `text` is the caption of a photo or document; `html` is as sent, if sent as HTML. */
export type Content = { text: string; html?: string | undefined; entities: MessageEntity[] };
/** A message as a person sees it now. `date` is in Unix seconds. */
export type Shown = Content & {
  message_id: number;
  date: number;
  from: "bot" | "person";
  author?: User;
  inline: InlineKeyboardButton[][];
  photo?: Upload;
  document?: Upload;
  contact?: Contact;
  sticker?: string;
  edited: boolean;
};
/** A chat: its messages, the reply keyboard in force (empty: none), and whether the bot can write to it. */
export type ChatState = {
  info: Chat;
  messages: Shown[];
  keyboard: KeyboardButton[][];
  oneTime: boolean;
  started: boolean;
  blocked: boolean;
};
type Markup = {
  inline_keyboard?: InlineKeyboardButton[][];
  keyboard?: (KeyboardButton | string)[][];
  one_time_keyboard?: boolean;
  remove_keyboard?: boolean;
};

/** What a call says in `text` (1 to 4096) or `caption` (0 to 1024 characters), counted after the HTML is read. */
export function readContent(payload: Payload, field: "text" | "caption"): Content {
  const raw = String(payload[field] ?? "");
  const mode = String(payload.parse_mode ?? "").toLowerCase();
  // Markdown is not spoken here: better a refusal in a test than a message that looks right and is not.
  if (mode && mode !== "html") throw bad("unsupported parse_mode");
  const given = field === "text" ? payload.entities : payload.caption_entities;
  const read = mode ? readHtml(raw) : { text: raw, entities: (given ?? []) as MessageEntity[] };
  if (field === "text" && !read.text.trim()) throw bad("message text is empty");
  if (field === "text" && read.text.length > 4096) throw bad("message is too long");
  if (read.text.length > 1024 && field === "caption") throw bad("message caption is too long");
  return { ...read, html: mode ? raw : undefined };
}

/** The inline keyboard of a call. Telegram Bot API: callback_data is 1 to 64 bytes; a button does exactly one thing. */
function readInline(payload: Payload): InlineKeyboardButton[][] {
  const rows = (payload.reply_markup as Markup | undefined)?.inline_keyboard ?? [];
  for (const button of rows.flat()) {
    if (!button.text) throw bad("can't parse inline keyboard button: Text buttons must be non-empty");
    const does = Object.keys(button).filter((key) => !/^(text|style|icon_custom_emoji_id)$/.test(key));
    if (does.length === 0) {
      throw bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
    }
    if (!("callback_data" in button)) continue;
    const bytes = Buffer.byteLength(button.callback_data);
    if (bytes < 1 || bytes > 64) throw bad("BUTTON_DATA_INVALID");
  }
  return rows;
}

/** All chats of one bot, and the way updates leave them. `now` is in milliseconds. */
export class Chats {
  readonly byId = new Map<number, ChatState>();
  /** Who tapped, by the number of the callback query. */
  readonly callbacks = new Map<string, { chat: ChatState; answeredCallbacks: TapAnswer[] }>();
  readonly #listeners = new Set<(chatId: number) => void>();
  #lastMessage = 0;
  #lastUpdate = 100_000;

  constructor(
    readonly bot: User,
    readonly now: () => number,
    readonly deliver: (update: Update) => Promise<void>,
  ) {}

  /** The chat with this id; made if it is not there. */
  open(info: Chat): ChatState {
    const known = this.byId.get(info.id);
    const chat = known ?? {
      info,
      messages: [],
      keyboard: [],
      oneTime: false,
      started: info.type !== "private",
      blocked: false,
    };
    this.byId.set(info.id, chat);
    return chat;
  }

  /** The chat a bot's call is for, refused as Telegram does if the bot may not write there. */
  reach(payload: Payload): ChatState {
    const chat = this.byId.get(Number(payload.chat_id));
    if (!chat?.started) throw bad("chat not found");
    if (chat.blocked) throw new ApiError(403, "Forbidden: bot was blocked by the user");
    return chat;
  }

  /** Puts a message at the end of a chat. */
  add(chat: ChatState, from: Shown["from"], content: Partial<Shown>): Shown {
    const shown: Shown = {
      message_id: ++this.#lastMessage,
      date: this.seconds(),
      from,
      text: "",
      entities: [],
      inline: [],
      edited: false,
      ...content,
    };
    chat.messages.push(shown);
    this.changed(chat);
    return shown;
  }

  /** A message of the bot, and what its markup does to the reply keyboard. */
  post(payload: Payload, content: Partial<Shown>): Message {
    const chat = this.reach(payload);
    const inline = readInline(payload);
    const markup = payload.reply_markup as Markup | undefined;
    if (markup?.remove_keyboard) chat.keyboard = [];
    if (markup?.keyboard) {
      chat.keyboard = markup.keyboard.map((row) =>
        row.map((key) => (typeof key === "string" ? { text: key } : key)),
      );
      chat.oneTime = markup.one_time_keyboard === true;
    }
    return this.view(chat, this.add(chat, "bot", { author: this.bot, inline, ...content }));
  }

  /** Changes a message of the bot; a call that changes nothing is refused, as Telegram refuses it. */
  edit(payload: Payload, change: (shown: Shown) => Partial<Shown>): Message {
    const chat = this.reach(payload);
    const shown = chat.messages.find((one) => one.message_id === payload.message_id);
    if (!shown) throw bad("message to edit not found");
    if (shown.from !== "bot") throw bad("message can't be edited");
    const changed = { ...change(shown), inline: readInline(payload) };
    const look = ({ text, entities, inline, photo, document }: Shown) =>
      JSON.stringify([text, entities, inline, photo?.id, document?.id]);
    if (look(shown) === look({ ...shown, ...changed })) {
      const same = "specified new message content and reply markup are exactly the same as a current content";
      throw bad(`message is not modified: ${same} and reply markup of the message`);
    }
    // As in the apps: new buttons alone do not mark a message as edited.
    Object.assign(shown, changed, { edited: shown.edited || changed.text !== undefined });
    this.changed(chat);
    return this.view(chat, shown);
  }

  /** The message as the Bot API writes it. */
  view(chat: ChatState, shown: Shown): Message {
    const { message_id, date, author, text, entities, photo, document, contact, sticker, inline } = shown;
    const file = (of: Upload) => ({
      file_id: of.id,
      file_unique_id: `u${of.id}`,
      file_size: of.bytes.length,
    });
    const caption = photo || document ? { caption: text, caption_entities: entities } : { text, entities };
    return {
      message_id,
      date,
      chat: chat.info,
      ...(author ? { from: author } : { sender_chat: chat.info }),
      ...(text && caption),
      ...(photo && { photo: [{ ...file(photo), width: 600, height: 600 }] }),
      ...(document && {
        document: { ...file(document), file_name: document.name, mime_type: document.type },
      }),
      ...(contact && { contact }),
      ...(sticker && {
        sticker: { file_id: sticker, emoji: sticker, type: "regular", width: 512, height: 512 },
      }),
      ...(shown.edited && { edit_date: this.seconds() }),
      ...(inline.length > 0 && { reply_markup: { inline_keyboard: inline } }),
    } as Message;
  }

  /** The next update gets the number after this one. */
  renumber(last: number): void {
    this.#lastUpdate = last;
  }

  /** Makes an update of this kind with the next update_id and resolves with it once it has been delivered. */
  async push<Kind extends Exclude<keyof Update, "update_id">>(kind: Kind, body: unknown): Promise<Update> {
    const update = { update_id: ++this.#lastUpdate, [kind]: body } as Update;
    await this.deliver(update);
    return update;
  }

  /** Calls back after every change of a chat, with its id; returns what ends that. */
  onChange(listener: (chatId: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  changed(chat: ChatState): void {
    for (const listener of this.#listeners) listener(chat.info.id);
  }

  seconds(): number {
    return Math.floor(this.now() / 1000);
  }
}
