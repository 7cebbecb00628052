// One turn of a person: what came in, whose it is, and the ways to answer.

import {
  type Attachment,
  type Buttons,
  type Channel,
  type Incoming,
  type MessageId,
  NotSent,
  type Sent,
} from "../channels/channel.ts";
import type { Log } from "../log.ts";
import type { Account } from "../rules/account.ts";
import { ledgerNameOf } from "../rules/author.ts";
import { messengerOf } from "../texts/messenger.ts";
import { allTexts, type Texts, textsOf } from "./chat.texts.ts";
import type { Desk } from "./desk.ts";

/** A part of the bot: true when it took the turn, and no other part is to see it. */
export type BotPart = (desk: Desk, turn: Turn) => Promise<boolean>;

/** Keys that stand for the command of their name, and the one beside the consent. */
const menuKeys = ["today", "balance", "card", "history", "book", "contacts", "help", "notNow"] as const;
type MenuKey = (typeof menuKeys)[number];

const asTyped = (words: string) =>
  words
    .trim()
    .replace(/[.!?]+$/, "")
    .toLowerCase();

/** Every label as it may be typed, and its key: each part of the bot asks for some of them at each turn. */
const keysByLabel = new Map(
  allTexts.flatMap(({ buttons }) => menuKeys.map((key) => [asTyped(buttons[key]), key] as const)),
);

/** Whose label it is, in whichever language it was shown; where keys do not stay at the bottom of the chat they are typed. */
function keyOf(incoming: Incoming): MenuKey | null {
  const words =
    incoming.kind === "text" && !incoming.edited
      ? incoming.text
      : incoming.kind === "other"
        ? incoming.caption
        : null;
  return words === null ? null : (keysByLabel.get(asTyped(words)) ?? null);
}

/** What is said to the person throws a `NotSent` when it does not reach them; what came in is then delivered again. */
export class Turn {
  readonly account: Account;
  readonly name: string | null;
  readonly language: string | null;
  /** The key whose label it is; null for anything else. */
  readonly key: MenuKey | null;
  /** The texts of the person's language. */
  readonly t: Texts;
  #answered = false;
  #meant: string | null = null;

  constructor(
    readonly channel: Channel,
    readonly incoming: Incoming,
    private readonly root: Log,
  ) {
    this.account = incoming.account;
    this.name = incoming.name;
    this.language = incoming.language;
    this.key = keyOf(incoming);
    this.t = textsOf(incoming.language);
  }

  /** Says what it is about; made when it is needed, for most turns say nothing. */
  get log(): Log {
    return this.root.child({ update_id: this.incoming.id });
  }

  /** What the one who works here is called where changes name their author: as the ledger does where there is no name. */
  get author(): string {
    return this.name ?? ledgerNameOf(this.account);
  }

  /** What people call the messenger that they write in. */
  get messenger(): string {
    return messengerOf(this.account);
  }

  /** The data of a tap; null for anything else. */
  get data(): string | null {
    return this.incoming.kind === "tap" ? this.incoming.data : null;
  }

  /** From now on it asks for this command, by words that stand for it or a button that offers it. */
  understand(command: string): void {
    this.#meant = command;
  }

  /** The words behind a command, none behind what stands for it; null when something else was asked. */
  asks(name: string): string | null {
    if (this.#meant !== null) return this.#meant === name ? "" : null;
    const command = this.incoming.kind === "text" ? this.incoming.command : null;
    if (command?.name === name) return command.words;
    return this.pressed(name as MenuKey) ? "" : null;
  }

  /** Whether it is the label of this key, in whichever language it was shown, or as people type it. */
  pressed(key: MenuKey): boolean {
    return this.key === key;
  }

  async say(html: string, buttons?: Buttons): Promise<void> {
    reached(await this.channel.say(this.account, html, buttons));
  }

  /**
   * Puts words in place of the message whose button was tapped; below what is no tap, under a file, and where that message cannot
   * be changed any more, in a new one.
   */
  async replace(html: string, buttons?: Buttons): Promise<void> {
    const { incoming, channel, account } = this;
    if (incoming.kind !== "tap" || incoming.message === null || !incoming.text)
      return this.say(html, buttons);
    const failed = await channel.edit(account, incoming.message, html, buttons);
    if (failed?.kind === "failed" && !failed.passes && !failed.mayHaveArrived) return this.say(html, buttons);
    if (failed) throw new NotSent(failed);
  }

  async picture(picture: Attachment, html: string, buttons?: Buttons): Promise<void> {
    reached(await this.channel.picture(this.account, picture, html, buttons));
  }

  async file(file: Attachment, html: string, buttons?: Buttons): Promise<void> {
    reached(await this.channel.file(this.account, file, html, buttons));
  }

  /** Ends the wait of a tap, once. One that waited too long cannot be answered, and need not. */
  async answerTap(words: string | null = null): Promise<void> {
    if (this.incoming.kind !== "tap" || this.#answered) return;
    this.#answered = true;
    const failed = await this.channel.answerTap(this.incoming.tap, words);
    if (failed) this.log.debug(failed, "a tap could not be answered");
  }
}

/** The message's number; throws when it has not reached anybody. */
export function reached(sent: Sent): MessageId {
  if (sent.kind !== "sent") throw new NotSent(sent);
  return sent.message;
}
