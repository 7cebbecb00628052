// A messenger that only tests have, in memory. Its numbers of people, messages and bots are Telegram's too, on purpose.

import type {
  Attachment,
  BotProfile,
  Button,
  Buttons,
  Channel,
  Incoming,
  MenuCommand,
  MessageId,
  Sender,
  Sent,
  Unsent,
} from "../../src/channels/channel.ts";
import { type Account, accountOf, channelOf } from "../../src/rules/account.ts";
import type { BotId } from "../../src/rules/ids.ts";
import { soft } from "./soft.ts";

/** A message as the person sees it: the bot's or theirs. */
export interface Message {
  id: MessageId;
  own: boolean;
  text: string;
  buttons: readonly Button[];
  file?: Attachment;
}

type Kinds = Incoming extends infer One ? (One extends Sender ? Omit<One, keyof Sender> : never) : never;

/** What is tapped and pressed goes to `take`, which the program under test sets. */
export class MemoryChannel implements Channel {
  readonly name = "memory";
  readonly silentTaps = true;
  readonly keysStay = false;
  readonly menus: { commands: MenuCommand[]; account: Account | null }[] = [];
  readonly profiles = new Map<string | null, BotProfile>();
  take: (incoming: Incoming) => Promise<unknown> = async () => {};
  readonly #people = new Map<Account, MemoryPerson>();
  #taken = 0;

  constructor(readonly bot: BotId) {}

  /** Somebody with this number here; who has it in Telegram is somebody else. */
  person(id: number, name: string, phone = ""): MemoryPerson {
    const account = accountOf(this.name, id);
    const person = this.#people.get(account) ?? new MemoryPerson(this, account, name, phone);
    this.#people.set(account, person);
    return person;
  }

  /** Resolves when the program has dealt with it. */
  async bring(person: MemoryPerson, what: Kinds): Promise<void> {
    const { account, name } = person;
    await this.take({ id: ++this.#taken, account, name, language: "ru", ...what } as Incoming);
  }

  async say(to: Account, html: string, buttons?: Buttons): Promise<Sent> {
    return this.#put(to, html, buttons);
  }
  async picture(to: Account, upload: Attachment, html: string, buttons?: Buttons): Promise<Sent> {
    return this.#put(to, html, buttons, upload);
  }
  async file(to: Account, upload: Attachment, html: string, buttons?: Buttons): Promise<Sent> {
    return this.#put(to, html, buttons, upload);
  }
  async edit(to: Account, message: MessageId, html: string, buttons?: Buttons): Promise<Unsent | null> {
    return this.#change(to, message, { text: wordsOf(html), buttons: flat(buttons) });
  }
  async takeButtons(to: Account, message: MessageId): Promise<Unsent | null> {
    return this.#change(to, message, { buttons: [] });
  }
  async answerTap(tap: string, words: string | null): Promise<Unsent | null> {
    const person = this.#people.get(tap.slice(0, tap.lastIndexOf("/")));
    if (person === undefined) throw new Error(`nobody has tapped ${tap}`);
    if (words !== null) person.toasts.push(soft(words));
    return null;
  }
  link(payload = ""): string {
    return `memory://bot/${payload}`;
  }
  async offer(commands: MenuCommand[], to: { account: Account | null }): Promise<Unsent | null> {
    if (to.account !== null) this.#own(to.account);
    this.menus.push({ commands, account: to.account });
    return null;
  }

  async profile(language: string | null): Promise<BotProfile> {
    return this.profiles.get(language) ?? { about: "", short: "" };
  }
  async introduce(words: Partial<BotProfile>, language: string | null): Promise<Unsent | null> {
    this.profiles.set(language, { ...(await this.profile(language)), ...words });
    return null;
  }

  #own(to: Account): void {
    if (channelOf(to) !== this.name) throw new Error(`${to} is no account of this messenger`);
  }

  #reached(to: Account): MemoryPerson | Unsent {
    this.#own(to);
    const person = this.#people.get(to);
    return person?.open ? person : { kind: "blocked" };
  }

  #put(to: Account, html: string, buttons?: Buttons, file?: Attachment): Sent {
    const person = this.#reached(to);
    if ("kind" in person) return person;
    const message = { own: false, text: wordsOf(html), buttons: flat(buttons), ...(file && { file }) };
    return { kind: "sent", message: person.put(message) };
  }

  #change(to: Account, id: MessageId, change: Partial<Message>): Unsent | null {
    const person = this.#reached(to);
    if ("kind" in person) return person;
    const message = person.messages.find((one) => one.id === id && !one.own);
    if (!message) return { kind: "failed", why: "no such message", passes: false, mayHaveArrived: false };
    Object.assign(message, change);
    return null;
  }
}

/** Somebody with this messenger in their hand. */
class MemoryPerson {
  readonly messages: Message[] = [];
  /** What was said over the screen at their taps. */
  readonly toasts: string[] = [];
  /** The number of the newest message. */
  newest = 0;
  /** The bot can write to them. */
  open = false;

  constructor(
    private readonly channel: MemoryChannel,
    readonly account: Account,
    readonly name: string,
    private readonly phone: string,
  ) {}

  /** Opens the bot: the one way for it to be let in here. */
  async start(payload = ""): Promise<void> {
    this.open = true;
    await this.channel.bring(this, { kind: "start", message: this.#write("/start"), payload });
  }

  /** Writes a text, and presses these buttons in turn; what the bot says then. */
  async write(text: string, ...labels: string[]): Promise<string> {
    const [, name, words = ""] = /^\/(\w+)(?:\s+([\s\S]*))?$/.exec(text) ?? [];
    await this.channel.bring(this, {
      ...{ kind: "text", message: this.#write(text), text, edited: false, repliesTo: null },
      command: name === undefined ? null : { name, words },
    });
    for (const label of labels) await this.press(label);
    return this.last();
  }

  /** Presses a button that the bot has shown, the newest that says so; what the bot says then. */
  async press(label: string): Promise<string> {
    for (const message of this.messages.toReversed()) {
      const button = message.buttons.find((one) => soft(one.text).includes(label));
      if (button === undefined) continue;
      if ("says" in button) return this.write(button.text);
      if ("contact" in button) return this.share("proven");
      if (!("data" in button)) throw new Error(`"${label}" opens an address`);
      const text = message.file === undefined;
      const tap = `${this.account}/${message.id}`;
      await this.channel.bring(this, { kind: "tap", tap, data: button.data, message: message.id, text });
      return this.last();
    }
    throw new Error(`${this.name} sees no "${label}": ${JSON.stringify(this.messages.at(-1))}`);
  }

  async share(whose: "proven" | "own" | "account" | "book", phone = this.phone): Promise<string> {
    await this.channel.bring(this, {
      kind: "contact",
      message: this.#write(phone),
      phone,
      whose,
      of: null,
      called: null,
    });
    return this.last();
  }

  async block(): Promise<void> {
    this.open = false;
    await this.channel.bring(this, { kind: "left" });
  }

  async comeBack(): Promise<void> {
    this.open = true;
    await this.channel.bring(this, { kind: "returned" });
  }

  /** What the bot has said, oldest first. */
  said(): string[] {
    return this.messages.flatMap((one) => (one.own ? [] : [one.text]));
  }

  /** The newest that the bot has said. */
  last(): string {
    return this.said().at(-1) ?? "";
  }

  /** The buttons under the newest message. */
  labels(): string[] {
    return (this.messages.at(-1)?.buttons ?? []).map((one) => soft(one.text));
  }

  put(message: Omit<Message, "id">): MessageId {
    const id = ++this.newest;
    this.messages.push({ id, ...message });
    return id;
  }

  #write(text: string): MessageId {
    return this.put({ own: true, text, buttons: [] });
  }
}

/** The words of our HTML; a mark that a channel need not know is a mistake. */
function wordsOf(html: string): string {
  const words = html.replace(/<\/?(?:b|code|a(?: href="[^"]*")?)>/g, "");
  if (/[<>]/.test(words)) throw new Error(`not every messenger reads ${html}`);
  const signs: Record<string, string> = { lt: "<", gt: ">", quot: '"', amp: "&" };
  return soft(words.replace(/&(lt|gt|quot|amp);/g, (_, name) => signs[name] ?? ""));
}

function flat(buttons: Buttons = []): Button[] {
  const all = buttons.flat();
  if (all.some((one) => "data" in one && Buffer.byteLength(one.data) > 64)) throw new Error("too much data");
  return all;
}
