// One face of a person in either messenger: what they do and what they see, whichever stand-in plays the messenger. It is
// Telegram's stand-in as it is; MAX's people and messages are shown by the same names.

import { tapDone } from "../../src/channels/max/max.texts.ts";
import type { MaxButton } from "../../src/standins/max/bodies.ts";
import type { MaxUpdate } from "../../src/standins/max/dialogs.ts";
import type { MaxShown } from "../../src/standins/max/messages.ts";
import type { MaxPerson } from "../../src/standins/max/people.ts";
import type { Max } from "../../src/standins/max/server.ts";
import type { Profile, Shown } from "../../src/standins/telegram/chats.ts";

/** A message as a person sees it. Keys of the menu and the contact's are no part of it: they are `chat.keyboard`. */
export type Seen = Pick<Shown, "message_id" | "from" | "text" | "html" | "inline"> & {
  photo?: { name: string; bytes: Uint8Array };
  document?: { name: string; bytes: Uint8Array };
};

/** What a person did, as it may be delivered once more; `message` is theirs, where it was one. */
export interface Deed {
  message?: { message_id: number } | undefined;
}

/** A person in a chat with the bot; each deed resolves once the program has taken it. Telegram's stand-in has such people. */
export interface Anyone {
  readonly profile: Pick<Profile, "id" | "firstName" | "phone">;
  /** `language_code`: of their messenger. Their id may be somebody else's in another. */
  readonly user: { readonly id: number; language_code?: string };
  /** What the bot's answers to taps showed, oldest first. */
  readonly answeredCallbacks: readonly { text?: string }[];
  readonly chat: {
    readonly messages: readonly Seen[];
    readonly keyboard: readonly (readonly unknown[])[];
    started: boolean;
  };
  start(payload?: string): Promise<unknown>;
  say(text: string): Promise<Deed>;
  edit(message: number, text: string): Promise<Deed>;
  tap(what: string | { data: string }, options?: { message?: number }): Promise<Deed>;
  tapAgain(): Promise<Deed>;
  shareContact(phone?: string): Promise<unknown>;
  forwardContact(other: { phone: string; userId?: number; firstName: string }): Promise<unknown>;
  sendSticker(): Promise<unknown>;
  sendPhoto(bytes?: Uint8Array, caption?: string): Promise<unknown>;
  block(): Promise<unknown>;
  unblock(): Promise<unknown>;
  lastMessage(): Seen | undefined;
}

/** The people of one MAX. Its names of messages are numbered as they are first seen. */
export class InMax {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #deeds = new WeakMap<Deed, MaxUpdate>();

  constructor(private readonly max: Max) {}

  person({ languageCode, ...profile }: Profile): Anyone {
    const person = this.max.person({ ...profile, ...(languageCode && { locale: languageCode }) });
    return this.#face(person);
  }

  /** A person's messages as they see them now, oldest first. */
  messages(id: number): Seen[] {
    return this.max.messages(id).map((shown) => this.#seen(shown));
  }

  #face(person: MaxPerson): Anyone {
    const nameOf = (number: number) => this.#names[number - 1] ?? "";
    const seen = () => person.chat.messages.map((one) => this.#seen(one));
    const { profile } = person;
    const user: Anyone["user"] = {
      id: profile.id,
      get language_code() {
        return profile.locale ?? "ru";
      },
      set language_code(code) {
        profile.locale = code;
      },
    };
    return {
      ...{ profile, user },
      get answeredCallbacks() {
        // The messenger's own word where we had none: it takes no silent answer.
        return person.answeredCallbacks.map(({ text }) =>
          text === undefined || [tapDone("ru"), tapDone("en")].includes(text) ? {} : { text },
        );
      },
      chat: {
        get messages() {
          return seen();
        },
        get keyboard() {
          const keyed = person.chat.messages.findLast((one) => one.inline.flat().some(isKey));
          const rows = (keyed?.inline ?? []).map((row) => row.filter(isKey)).filter((row) => row.length > 0);
          return rows.map((row) =>
            row.map(({ type, text }) => ({
              text,
              ...(type === "request_contact" && { request_contact: true }),
            })),
          );
        },
        get started() {
          return person.chat.started;
        },
        set started(has) {
          person.chat.started = has;
        },
      },
      start: (payload) => person.start(payload),
      say: async (text) => this.#deed(await person.say(text)),
      edit: async (message, text) => this.#deed(await person.edit(nameOf(message), text)),
      tap: async (what, { message } = {}) =>
        this.#deed(await person.tap(what, message === undefined ? {} : { message: nameOf(message) })),
      tapAgain: async () => this.#deed(await person.tapAgain()),
      shareContact: (phone) => person.shareContact(phone),
      forwardContact: (other) => person.forwardContact(other),
      sendSticker: () => person.sendSticker(),
      sendPhoto: (bytes, caption) => person.sendPhoto(bytes, caption),
      block: () => person.block(),
      unblock: () => person.unblock(),
      lastMessage: () => {
        const last = person.lastMessage();
        return last && this.#seen(last);
      },
    };
  }

  /** Delivers once more what somebody did. */
  redeliver(deed: Deed): Promise<void> {
    return this.max.redeliver(this.#deeds.get(deed));
  }

  #deed(update: MaxUpdate | undefined): Deed {
    const mid = update?.update_type === "message_created" ? update.message?.body.mid : undefined;
    const deed: Deed = mid === undefined ? {} : { message: { message_id: this.#numberOf(mid) } };
    if (update) this.#deeds.set(deed, update);
    return deed;
  }

  #numberOf(name: string): number {
    const known = this.#numbers.get(name) ?? this.#names.push(name);
    this.#numbers.set(name, known);
    return known;
  }

  #seen({ mid, from, text, html, inline, photo, document }: MaxShown): Seen {
    const shown = inline.map((row) => row.filter((one) => !isKey(one))).filter((row) => row.length > 0);
    return {
      ...{ message_id: this.#numberOf(mid), from, text, html },
      inline: shown.map((row) =>
        row.map(({ text: label, payload = "", url }) =>
          url === undefined ? { text: label, callback_data: payload } : { text: label, url },
        ),
      ),
      ...(photo && { photo }),
      ...(document && { document }),
    };
  }
}

/** A key that Telegram has at the bottom of the chat. */
function isKey({ type }: MaxButton): boolean {
  return type === "message" || type === "request_contact";
}
