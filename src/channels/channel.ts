// The face of a messenger: what may come in from it, and what it can do for us. Only its adapter knows more of it.

import { type Account, type ChannelName, channelOf } from "../rules/account.ts";
import type { BotId, Branded } from "../rules/ids.ts";

/** A message in a person's chat with the bot, theirs or ours. A messenger that names messages otherwise numbers them. */
export type MessageId = Branded<number, "message">;

/**
 * `data` (at most 64 bytes) comes back as a tap, `url` opens an address. `contact` asks for the person's own number and comes
 * back as a contact, `says` is a key of the menu and comes back as its words: these stand with the other two only where keys do
 * not stay.
 */
export type Button = { text: string } & (
  | { data: string }
  | { url: string }
  | { contact: true }
  | { says: true }
);

/** Rows of buttons, from the top. */
export type Buttons = readonly (readonly Button[])[];

/** A file to be sent; what is in several parts is put together in order. */
export interface Attachment {
  name: string;
  bytes: Uint8Array | Uint8Array[];
}

/** A command as the messenger's menu lists it, and what it does in words. */
export interface MenuCommand {
  command: string;
  description: string;
}

/** What a stranger reads of the bot: before its first word, and in short where it is found. Empty where nobody has written it. */
export interface BotProfile {
  about: string;
  short: string;
}

/** Who did it. Ids are of people in their own chats with the bot: groups and other bots never come in. */
export interface Sender {
  /** Names what came in: in the log, and when the messenger delivers it once more. */
  id: number | string;
  account: Account;
  /** What the person calls themselves there. */
  name: string | null;
  /** The language of their messenger, as it writes it. */
  language: string | null;
}

/** What a person did. `message` is theirs; of a tap it is ours that has the button, or null when that is gone. */
export type Incoming = Sender &
  (
    | {
        /** Words, or words that were `edited` and came before. */
        kind: "text";
        message: MessageId;
        text: string;
        edited: boolean;
        /** Null for words that are no command, and for those that were edited. */
        command: { name: string; words: string } | null;
        /** The message that was replied to. */
        repliesTo: MessageId | null;
      }
    /** The bot was started, by a link perhaps; `payload` is the link's, or empty. */
    | { kind: "start"; message: MessageId; payload: string }
    | {
        /**
         * `tap` is for `answerTap`. Only in place of a `text` can words be put: not of a picture, not of a file. A tap that
         * is not in the person's own chat has no data.
         */
        kind: "tap";
        tap: string;
        data: string;
        message: MessageId | null;
        text: boolean;
      }
    | {
        /**
         * A phone as the messenger writes it. `proven`: the person's own, sent by their button just now. `own`: said to be
         * theirs, and proves nothing. `account`: another account's. `book`: out of an address book, spelled as people do.
         */
        kind: "contact";
        message: MessageId;
        phone: string;
        whose: "proven" | "own" | "account" | "book";
        /** Whose account it is as the messenger says, and what whoever sent it calls them. */
        of: Account | null;
        called: string | null;
      }
    /** A picture, a voice message, a place: no words but its caption. Several of one `album` come one by one. */
    | { kind: "other"; message: MessageId; caption: string | null; album: string | null }
    /** The person has blocked the bot or deleted the chat; and has come back, where the messenger says so. */
    | { kind: "left" }
    | { kind: "returned" }
  );

/**
 * Why something did not reach a person. `blocked`: nobody is there. `wait`: the messenger asks to be left alone for so long.
 * `failed`: in words for the log; it `passes` where the same may work later (no answer, a fault of the messenger's), and what
 * was said `mayHaveArrived` unless it certainly has not: nobody was reached, or the messenger itself has refused it.
 */
export type Unsent =
  | { kind: "blocked" }
  | { kind: "wait"; ms: number }
  | { kind: "failed"; why: string; passes: boolean; mayHaveArrived: boolean };

/** What became of a message. */
export type Sent = { kind: "sent"; message: MessageId } | Unsent;

/** Something could not be said to the person whose turn it is. */
export class NotSent extends Error {
  override name = "NotSent";
  constructor(readonly outcome: Unsent) {
    super(outcome.kind === "failed" ? outcome.why : outcome.kind);
  }
}

/** What can be done in any account's chat. Texts are HTML of `b`, `code` and `a`, and show no previews of links. */
export interface Speaker {
  say(to: Account, html: string, buttons?: Buttons): Promise<Sent>;
  /**
   * Puts words in place of a message of ours, which loses the buttons it had. Null when it says so now, and did before or
   * not; `failed` for good when it is gone or too old.
   */
  edit(to: Account, message: MessageId, html: string, buttons?: Buttons): Promise<Unsent | null>;
  /** Takes the buttons from under a message of ours. Null when that is done. */
  takeButtons(to: Account, message: MessageId): Promise<Unsent | null>;
}

/** A messenger. Nothing here throws for what the messenger or the network does. */
export interface Channel extends Speaker {
  readonly name: ChannelName;
  /** Whose messages are numbered: another bot's message of the same number is another message. */
  readonly bot: BotId;
  /**
   * Whether a tap can be ended without words. Where it cannot, it is ended last: by what has changed its message meanwhile, or else
   * in a word of the messenger's own.
   */
  readonly silentTaps: boolean;
  /** The menu's keys stand at the bottom of the chat until others come; elsewhere only under the message that they came with. */
  readonly keysStay: boolean;
  /** Ends a tap's wait, with words over the screen or without. Null when that is done. */
  answerTap(tap: string, words: string | null): Promise<Unsent | null>;
  /** The buttons stand under the picture or the file. */
  picture(to: Account, picture: Attachment, html: string, buttons?: Buttons): Promise<Sent>;
  file(to: Account, file: Attachment, html: string, buttons?: Buttons): Promise<Sent>;
  /** The address that opens the bot; the payload comes in at its start: letters, digits, `_` and `-`, at most 64. */
  link(payload?: string): string;
  /**
   * Which commands are offered: to all who read a language (null: whoever has none of these), or to one account alone, which has everybody's
   * again where they are none.
   */
  offer(
    commands: MenuCommand[],
    to: { language: string | null; account: Account | null },
  ): Promise<Unsent | null>;
  /** What is written of the bot for all who read a language (null: whoever has none of these). */
  profile(language: string | null): Promise<BotProfile | Unsent>;
  /** Writes these parts of it. */
  introduce(words: Partial<BotProfile>, language: string | null): Promise<Unsent | null>;
}

/** The messengers of the program, each for its own accounts: who is in none of them cannot be reached. */
export class Channels implements Speaker {
  readonly #byName: ReadonlyMap<ChannelName, Channel>;

  constructor(channels: readonly Channel[]) {
    this.#byName = new Map(channels.map((one) => [one.name, one]));
  }

  of(account: Account): Channel | null {
    return this.#byName.get(channelOf(account)) ?? null;
  }

  /** All of them, in their order. */
  get all(): readonly Channel[] {
    return [...this.#byName.values()];
  }

  /** Their names. */
  get spoken(): readonly ChannelName[] {
    return [...this.#byName.keys()];
  }

  async say(to: Account, html: string, buttons?: Buttons): Promise<Sent> {
    return (await this.of(to)?.say(to, html, buttons)) ?? { kind: "blocked" };
  }

  async edit(to: Account, message: MessageId, html: string, buttons?: Buttons): Promise<Unsent | null> {
    const channel = this.of(to);
    return channel ? channel.edit(to, message, html, buttons) : { kind: "blocked" };
  }

  async takeButtons(to: Account, message: MessageId): Promise<Unsent | null> {
    const channel = this.of(to);
    return channel ? channel.takeButtons(to, message) : { kind: "blocked" };
  }
}
