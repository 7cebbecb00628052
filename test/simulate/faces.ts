// What the simulator knows of messengers and of whoever writes there, whichever they are; and Telegram as such a one.

import type { Update } from "grammy/types";
import type { Profile, Shown } from "../../src/standins/telegram/chats.ts";
import type { Person } from "../../src/standins/telegram/people.ts";
import type { Telegram } from "../../src/standins/telegram/server.ts";

import type { Where } from "./messengers.ts";

/** A button as a person sees it, and what a tap on it sends. */
export interface Key {
  data: string;
  label: string;
}

/** A message as a person sees it now. Its id is the messenger's own, `at` in the world's milliseconds. */
export interface Seen {
  id: string;
  by: "bot" | "person";
  text: string;
  at: number;
  keys: Key[];
  /** Addresses in it and on its buttons. */
  links: string[];
}

/** What a program asked of a messenger that people can read. Of a change `message` is the one that it changes. */
export interface Call {
  /** In the world's milliseconds. */
  at: number;
  account: string;
  message: string | null;
  text: string;
  keys: Key[];
}

/** Something that a person did, as the messenger can deliver it once more. */
export interface Done {
  face: Face;
  /** When they began to, in the world's milliseconds. */
  at: number;
  text?: string;
  data?: string;
  /** Their own number, as their button sends it. */
  shared?: string;
  again(): Promise<unknown>;
}

/** A person in one messenger. Whatever they do resolves once it has been delivered. */
export interface Face {
  messenger: Messenger;
  /** As the program writes it: `telegram:501`. */
  account: string;
  /** They have blocked the bot. */
  blocked: boolean;
  /** Everything in their chat, oldest first. */
  messages(): Seen[];
  start(payload?: string): Promise<Done>;
  say(text: string): Promise<Done>;
  /** Shares the own number, as the button for it does. */
  share(phone?: string): Promise<Done>;
  /** Sends somebody's contact out of the address book. */
  forward(other: { phone: string; name: string }): Promise<Done>;
  tap(data: string, message: string): Promise<Done>;
  block(): Promise<Done>;
  /** Puts words of the bot there that it never said: for forgeries. */
  plant(text: string): void;
}

/** Somebody did something from then to then, when it had been dealt with or at least taken. */
export interface Act {
  account: string;
  from: number;
  to: number;
}

/** One bot in a messenger. */
export interface Messenger {
  channel: Where;
  /** The bot's own number. */
  bot: number;
  /** Whether it says of what it delivers once more that it did before, so that nothing comes of it. */
  knowsAgain: boolean;
  face(who: { id: number; name: string; phone?: string }): Face;
  /** What stands in an account's chat, oldest first: nothing where it is none of this messenger's. */
  messages(account: string): Seen[];
  calls(): Call[];
  /** What people did, oldest first. */
  acts: Act[];
  /** Whether everything that people did has been dealt with. */
  quiet(): boolean;
  /** Resolves when no call is being answered either. */
  idle(): Promise<void>;
}

/** The newest message of the bot. */
export const lastOf = (face: Face) => face.messages().findLast(({ by }) => by === "bot");

/** A stand-in Telegram as a messenger. */
export function telegramMessenger(bot: Telegram, now: () => number): Messenger {
  const messenger: Messenger = {
    ...{ channel: "telegram", bot: bot.me.id, knowsAgain: false, acts: [] },
    face: ({ id, name, phone }) => {
      const person = bot.person({ id, firstName: name, ...(phone && { phone }) } as Profile);
      return new TelegramFace(messenger, bot, person, now);
    },
    messages: (account) => bot.messages(idIn("telegram", account)).map(seen),
    calls: () =>
      bot.calls.map(({ at, payload }) => ({
        at,
        account: `telegram:${payload.chat_id}`,
        message: payload.message_id === undefined ? null : String(payload.message_id),
        text: String(payload.text ?? payload.caption ?? ""),
        keys: keysOf(Object(payload.reply_markup).inline_keyboard ?? []),
      })),
    quiet: () => bot.webhook.idle,
    idle: () => bot.idle(),
  };
  return messenger;
}

/** It is known when this was under way. */
export async function acting<T>(
  { account, messenger: { acts } }: Face,
  now: () => number,
  happens: Promise<T>,
): Promise<T> {
  const act = { account, from: now(), to: Number.POSITIVE_INFINITY };
  acts.push(act);
  const done = await happens;
  act.to = now();
  return done;
}

const idIn = (channel: string, account: string) =>
  account.startsWith(`${channel}:`) ? Number(account.slice(channel.length + 1)) : Number.NaN;

const keysOf = (rows: Shown["inline"]): Key[] =>
  rows
    .flat()
    .flatMap((one) => ("callback_data" in one ? [{ data: one.callback_data, label: one.text }] : []));

const seen = ({ message_id, from, text, html, date, inline }: Shown): Seen => ({
  ...{ id: String(message_id), by: from, text, at: date * 1_000, keys: keysOf(inline) },
  links: [...linksIn(text, html), ...inline.flat().flatMap((one) => ("url" in one ? [one.url] : []))],
});

/** Addresses that stand in words. */
export const linksIn = (text: string, html = "") => [
  ...(text.match(/https:\/\/[^\s<>"«»]+/g) ?? []),
  ...[...html.matchAll(/href="([^"]+)"/g)].map(([, address = ""]) => address.replaceAll("&amp;", "&")),
];

class TelegramFace implements Face {
  readonly account: string;

  constructor(
    readonly messenger: Messenger,
    private readonly bot: Telegram,
    private readonly person: Person,
    private readonly now: () => number,
  ) {
    this.account = `telegram:${person.user.id}`;
  }

  get blocked(): boolean {
    return this.person.chat.blocked;
  }

  messages(): Seen[] {
    return this.person.chat.messages.map(seen);
  }

  start(payload?: string): Promise<Done> {
    return this.#done(this.person.start(payload), { text: payload ? `/start ${payload}` : "/start" });
  }

  say(text: string): Promise<Done> {
    return this.#done(this.person.say(text), { text });
  }

  share(phone = this.person.profile.phone ?? ""): Promise<Done> {
    return this.#done(this.person.shareContact(phone), { shared: phone });
  }

  forward({ phone, name }: { phone: string; name: string }): Promise<Done> {
    return this.#done(this.person.forwardContact({ phone, firstName: name }));
  }

  tap(data: string, message: string): Promise<Done> {
    return this.#done(this.person.tap({ data }, { message: Number(message) }), { data });
  }

  block(): Promise<Done> {
    return this.#done(this.person.block());
  }

  async #done(happens: Promise<Update>, what: Pick<Done, "text" | "data" | "shared"> = {}): Promise<Done> {
    const at = this.now();
    const update = await acting(this, this.now, happens);
    return { ...what, at, face: this, again: () => acting(this, this.now, this.bot.redeliver(update)) };
  }

  plant(text: string): void {
    const { messages } = this.person.chat;
    const message_id = (messages.at(-1)?.message_id ?? 0) + 0.5;
    messages.push({ message_id, date: 0, from: "bot", text, entities: [], inline: [], edited: false });
  }
}
