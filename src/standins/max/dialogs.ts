// The stand-in MAX's dialogs: what stands in each of them, who may be written to, and how updates leave.
import type { MaxContent } from "./bodies.ts";
import { MaxRefusal } from "./faults.ts";
import {
  type MaxMessage,
  type MaxShown,
  type MaxTapAnswer,
  type MaxUser,
  midOf,
  pictures,
  writtenMessage,
} from "./messages.ts";
import type { MaxReading } from "./readings.ts";

/** A chat. Its `chatId` is no user's id. The bot can write to it from the first Start on, and not while it is `blocked`. */
export type MaxDialog = {
  chatId: number;
  type: "dialog" | "chat" | "channel";
  person: MaxUser;
  messages: MaxShown[];
  started: boolean;
  blocked: boolean;
  /** What was tapped here, oldest first. */
  taps: MaxTap[];
};
/** A tap on a callback button, by the `callback_id` that came with it. */
export type MaxTap = {
  id: string;
  at: number;
  dialog: MaxDialog;
  mid: string;
  payload: string;
  answers: MaxTapAnswer[];
};
/** An update as it leaves MAX; a `seq` in it is a bigint, and a number in its JSON. */
export type MaxUpdate = {
  update_type: string;
  timestamp: number;
  user_locale?: string;
  chat_id?: number;
  user?: MaxUser;
  payload?: string;
  message?: MaxMessage | null;
  callback?: { timestamp: number; callback_id: string; payload: string; user: MaxUser };
};

/** How long a message without keys may be edited. */
const EDITABLE_MS = 7 * 24 * 3_600_000;

/** All dialogs of one bot, and the way updates leave them. `now` is in milliseconds. */
export class MaxDialogs {
  readonly #byUser = new Map<number, MaxDialog>();
  readonly #byChat = new Map<number, MaxDialog>();
  readonly #byMid = new Map<string, MaxDialog>();
  /** The newest tap of each `callback_id`. */
  readonly #taps = new Map<string, MaxTap>();
  readonly #listeners = new Set<(userId: number) => void>();
  #lastSeq = 0n;

  constructor(
    readonly bot: MaxUser,
    readonly now: () => number,
    readonly readings: MaxReading,
    readonly deliver: (update: MaxUpdate) => Promise<void>,
  ) {}

  /** A person's dialog with the bot, made at the first call. Real ones have been seen below zero: here every third is. */
  open(person: MaxUser): MaxDialog {
    const id = 472_000_000_000 + person.user_id;
    const chatId = person.user_id % 3 === 0 ? -id : id;
    const dialog = this.of(person.user_id) ?? this.#made({ chatId, type: "dialog", person, started: false });
    this.#byUser.set(person.user_id, dialog);
    return dialog;
  }

  /** A group or a channel with this id, in which the bot sits. */
  group(chatId: number, person: MaxUser, type: "chat" | "channel"): MaxDialog {
    return this.byChat(chatId) ?? this.#made({ chatId, type, person, started: true });
  }

  #made(dialog: Omit<MaxDialog, "messages" | "taps" | "blocked">): MaxDialog {
    const made = { ...dialog, messages: [], taps: [], blocked: false };
    this.#byChat.set(dialog.chatId, made);
    return made;
  }

  of(userId: number): MaxDialog | undefined {
    return this.#byUser.get(userId);
  }
  byChat(chatId: number): MaxDialog | undefined {
    return this.#byChat.get(chatId);
  }
  /** The dialog and the message of a mid. */
  find(mid: string | null): { dialog: MaxDialog; shown: MaxShown } | undefined {
    const dialog = this.#byMid.get(mid ?? "");
    const shown = dialog?.messages.findLast((one) => one.mid === mid);
    return dialog && shown && { dialog, shown };
  }
  /** The tap that an answer is for. */
  tapOf(callbackId: string | null): MaxTap | undefined {
    return this.#taps.get(callbackId ?? "");
  }
  /** Notes a tap, by the id that its answer will name. */
  tapped(dialog: MaxDialog, mid: string, payload: string): MaxTap {
    const own = crypto.randomUUID().replaceAll("-", "");
    const id = `f9LH${this.readings.callbackId === "of_message" ? mid.slice(-24) : own}`;
    const tap = { id, at: this.now(), dialog, mid, payload, answers: [] };
    dialog.taps.push(tap);
    this.#taps.set(id, tap);
    return tap;
  }

  /** The same dialog, or a refusal if the bot may not write to it. */
  reach(dialog: MaxDialog | undefined): MaxDialog {
    if (!dialog?.started) throw this.#notFound();
    const { chatId, type, blocked } = dialog;
    if (type !== "dialog") throw new MaxRefusal(403, "chat.denied", "Key: error.chat.no.rights, args: []");
    if (blocked) throw new MaxRefusal(403, "chat.denied", `Key: error.dialog.suspended, args: [${chatId},].`);
    return dialog;
  }

  #notFound(): MaxRefusal {
    return this.readings.notFound === "code"
      ? new MaxRefusal(404, "chat.not.found", "Chat not found")
      : new MaxRefusal(404, "not.found", "Key: error.dialog.not.found, args: []");
  }

  /** Puts a message at the end of a dialog. */
  add(dialog: MaxDialog, from: MaxShown["from"], content: Partial<MaxShown>): MaxShown {
    const at = this.now();
    const wanted = BigInt(at) << 16n;
    this.#lastSeq = wanted > this.#lastSeq ? wanted : this.#lastSeq + 1n;
    const shown: MaxShown = {
      ...{ mid: midOf(dialog.chatId, this.#lastSeq), seq: this.#lastSeq, at, from },
      ...{ text: "", markup: [], inline: [], photos: [], others: [], silent: false, edited: false },
      ...content,
    };
    dialog.messages.push(shown);
    this.#byMid.set(shown.mid, dialog);
    this.changed(dialog);
    return shown;
  }

  /**
   * Changes a message of the bot: what the content does not say stays. Says why not, in MAX's words, if it does not; the
   * rule of "nothing visible" stands with whoever calls.
   */
  edit(
    dialog: MaxDialog,
    shown: MaxShown,
    content: MaxContent,
    keys: MaxReading["keys"],
  ): string | undefined {
    if (shown.from !== "bot") return "errors.edit.not.own.message";
    if (shown.inline.length === 0 && this.now() - shown.at > EDITABLE_MS)
      return "errors.edit.message.too.old";
    const { text, markup, html, inline, files } = content;
    const changed = {
      ...(text !== undefined && { text, html, markup: markup ?? [] }),
      ...(files && keys === "follow" && { ...pictures(files), inline: inline ?? [] }),
    };
    const look = ({ text, markup, inline, photos, document }: MaxShown) =>
      JSON.stringify([text, markup, inline, photos.map(({ id }) => id), document?.id]);
    if (look(shown) === look({ ...shown, ...changed }))
      return this.readings.editSame === "refused" ? "errors.edit.same.content" : undefined;
    // As in the apps: new buttons alone do not mark a message as edited.
    Object.assign(shown, changed, { edited: shown.edited || text !== undefined });
    this.changed(dialog);
    return undefined;
  }

  /** The message as the API writes it; `callbackId` stands on the keyboard of a tap. */
  view({ chatId, type, person }: MaxDialog, shown: MaxShown, callbackId = shown.mid): MaxMessage {
    const to = shown.from === "bot" ? person.user_id : this.bot.user_id;
    const recipient = { chat_id: chatId, chat_type: type, ...(type === "dialog" && { user_id: to }) };
    return writtenMessage(shown, recipient, { callbackId, linkSender: this.readings.linkSender });
  }

  /** Makes an update and resolves with it once it has been delivered. */
  async push(update_type: string, body: Partial<MaxUpdate>): Promise<MaxUpdate> {
    const update: MaxUpdate = { update_type, timestamp: this.now(), ...body };
    await this.deliver(update);
    return update;
  }

  /** Calls back after every change of a dialog, with the person's user id; returns what ends that. */
  onChange(listener: (userId: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  changed(dialog: MaxDialog): void {
    for (const listener of this.#listeners) listener(dialog.person.user_id);
  }
}
