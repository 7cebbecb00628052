// What people do in the stand-in Telegram's chats, everything they do an update.
import type { MessageEntity, Update, User } from "grammy/types";
import type { ChatState, Chats, Profile, Shown, TapAnswer } from "./chats.ts";

/** A person in one chat. Everything they do makes a real update and resolves with it once it has been delivered. */
export class Person {
  /** What the bot's answers to this person's taps showed, oldest first. */
  readonly answeredCallbacks: TapAnswer[];
  readonly user: User;
  #lastTap: { message: number; data: string } | undefined;

  constructor(
    private readonly chats: Chats,
    readonly profile: Profile,
    readonly chat: ChatState,
    answered: TapAnswer[] = [],
  ) {
    const { id, firstName, lastName, username, languageCode } = profile;
    this.user = {
      id,
      is_bot: false,
      first_name: firstName,
      language_code: languageCode ?? "ru",
      ...(lastName && { last_name: lastName }),
      ...(username && { username }),
    };
    this.answeredCallbacks = answered;
  }

  /** Presses Start (after a block: Restart), with the payload of a t.me link if there is one. */
  async start(payload?: string): Promise<Update> {
    if (this.chat.blocked) await this.unblock();
    return this.say(payload ? `/start ${payload}` : "/start");
  }

  /** Writes a text; what begins with a slash becomes a bot_command entity. */
  async say(text: string): Promise<Update> {
    return this.#send({ text, entities: commands(text) });
  }

  /** Edits an own earlier message. */
  async edit(messageId: number, text: string): Promise<Update> {
    const own = this.chat.messages.find(
      (one) => one.message_id === messageId && one.author?.id === this.user.id,
    );
    if (!own) throw new Error(`${this.profile.firstName} has no message ${messageId} here to edit`);
    Object.assign(own, { text, entities: commands(text), edited: true });
    this.chats.changed(this.chat);
    return this.chats.push("edited_message", this.chats.view(this.chat, own));
  }

  /** Shares the own number, as the contact button does: the contact carries the sender's user_id. */
  async shareContact(phone: string | undefined = this.profile.phone): Promise<Update> {
    if (!phone) throw new Error(`${this.profile.firstName} has no phone to share`);
    const { id, first_name, last_name } = this.user;
    return this.#send({
      contact: { phone_number: phone, first_name, ...(last_name && { last_name }), user_id: id },
    });
  }

  /** Sends somebody else's contact; without `userId` it is one that Telegram does not know. */
  async forwardContact(other: { phone: string; userId?: number; firstName: string }): Promise<Update> {
    const { phone, userId, firstName } = other;
    return this.#send({
      contact: { phone_number: phone, first_name: firstName, ...(userId && { user_id: userId }) },
    });
  }

  /**
   * Taps a button: the inline one on the newest message that has a label containing `what`, else one of the reply
   * keyboard. `{ data }` taps by callback_data, and forges the tap if no button has it (Telegram Bot API: a query may
   * come from a message without such a button). `message` picks the message.
   */
  async tap(what: string | { data: string }, options: { message?: number } = {}): Promise<Update> {
    const inline = this.#inline(what, options.message);
    if (inline) return this.#press(inline);
    const keys = this.chat.keyboard.flat() as { text: string; request_contact?: boolean }[];
    const key = typeof what === "string" ? best(keys, what) : undefined;
    if (!key)
      throw new Error(`${this.profile.firstName} sees no ${JSON.stringify(what)} to tap: ${this.#seen()}`);
    if (this.chat.oneTime) this.chat.keyboard = [];
    return key.request_contact ? this.shareContact() : this.say(key.text);
  }

  /** Taps once more what was tapped last, even if that button is gone by now. */
  async tapAgain(): Promise<Update> {
    if (!this.#lastTap) throw new Error(`${this.profile.firstName} has tapped no inline button yet`);
    return this.#press(this.#lastTap);
  }

  async sendSticker(emoji = "👍"): Promise<Update> {
    return this.#send({ sticker: emoji });
  }

  async sendPhoto(bytes: Uint8Array = new Uint8Array([0xff, 0xd8, 0xff]), caption = ""): Promise<Update> {
    const photo = { id: `in${crypto.randomUUID()}`, name: "photo.jpg", type: "image/jpeg", bytes };
    return this.#send({ photo, text: caption });
  }

  /** Blocks the bot: its calls get 403 from now on. */
  async block(): Promise<Update> {
    return this.#member(true);
  }

  async unblock(): Promise<Update> {
    return this.#member(false);
  }

  /** The same person in a group the bot is in (made at the first use). */
  inGroup(id: number, title = "Группа"): Person {
    const chat = this.chats.open({ id, type: "supergroup", title });
    return new Person(this.chats, this.profile, chat, this.answeredCallbacks);
  }

  /** A post in a channel where the bot is an admin. */
  async channelPost(text: string, channelId = -1001000000001): Promise<Update> {
    const chat = this.chats.open({ id: channelId, type: "channel", title: "Канал" });
    const shown = this.chats.add(chat, "person", { text, entities: commands(text) });
    return this.chats.push("channel_post", this.chats.view(chat, shown));
  }

  /** The newest message of the bot in this chat. */
  lastMessage(): Shown | undefined {
    return this.chat.messages.findLast((one) => one.from === "bot");
  }

  /** The newest message of the bot that fits (and is newer than message_id `after`), waiting up to `ms` for one. */
  async waitForMessage(
    matcher: string | RegExp | ((shown: Shown) => boolean),
    { ms = 30_000, after = 0 }: { ms?: number; after?: number } = {},
  ): Promise<Shown> {
    const fits = (shown: Shown) => {
      if (typeof matcher === "function") return matcher(shown);
      return typeof matcher === "string"
        ? seen(shown.text).includes(seen(matcher))
        : shown.text.search(matcher) >= 0;
    };
    const hit = () =>
      this.chat.messages.findLast((one) => one.from === "bot" && one.message_id > after && fits(one));
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const forget = this.chats.onChange(() => hit() && resolve());
    if (!hit()) await promise;
    clearTimeout(timer);
    forget();
    const found = hit();
    if (!found) throw new Error(`${this.profile.firstName} got no ${matcher} in ${ms} ms: ${this.#seen()}`);
    return found;
  }

  async #send(content: Partial<Shown>): Promise<Update> {
    if (this.chat.blocked)
      throw new Error(`${this.profile.firstName} has blocked the bot and cannot write to it`);
    this.chat.started = true;
    const shown = this.chats.add(this.chat, "person", { author: this.user, ...content });
    return this.chats.push("message", this.chats.view(this.chat, shown));
  }

  #inline(
    what: string | { data: string },
    messageId?: number,
  ): { message: number; data: string } | undefined {
    const all = this.chat.messages.filter((one) => messageId === undefined || one.message_id === messageId);
    for (const shown of all.toReversed()) {
      const buttons = shown.inline.flat().filter((button) => "callback_data" in button);
      const hit =
        typeof what === "string"
          ? best(buttons, what)
          : buttons.find((one) => one.callback_data === what.data);
      if (hit) return { message: shown.message_id, data: hit.callback_data };
    }
    const forged = messageId ?? this.lastMessage()?.message_id;
    return typeof what === "string" || forged === undefined
      ? undefined
      : { message: forged, data: what.data };
  }

  #press(tap: { message: number; data: string }): Promise<Update> {
    this.#lastTap = tap;
    const id = String(BigInt.asUintN(62, crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n));
    this.chats.callbacks.set(id, this);
    const shown = this.chat.messages.find((one) => one.message_id === tap.message);
    const gone = { chat: this.chat.info, message_id: tap.message, date: 0 };
    const message = shown ? this.chats.view(this.chat, shown) : gone;
    const chat_instance = String(this.chat.info.id);
    return this.chats.push("callback_query", { id, from: this.user, message, chat_instance, data: tap.data });
  }

  #member(blocked: boolean): Promise<Update> {
    this.chat.blocked = blocked;
    this.chat.started = true;
    this.chats.changed(this.chat);
    const as = (kicked: boolean) => ({
      user: this.chats.bot,
      ...(kicked ? { status: "kicked", until_date: 0 } : { status: "member" }),
    });
    const change = { old_chat_member: as(!blocked), new_chat_member: as(blocked) };
    const place = { chat: this.chat.info, from: this.user, date: this.chats.seconds() };
    return this.chats.push("my_chat_member", { ...place, ...change });
  }

  /** For the sentence of an error: what this person could have meant. */
  #seen(): string {
    const inline = this.chat.messages.flatMap((one) => one.inline.flat().map((button) => button.text));
    const keys = this.chat.keyboard.flat().map((key) => (typeof key === "string" ? key : key.text));
    return `last message ${JSON.stringify(this.lastMessage()?.text)}, buttons ${JSON.stringify([...inline, ...keys])}`;
  }
}

/** People see no difference between a space and one that does not break. */
function seen(text: string): string {
  return text.replaceAll("\u00a0", " ");
}

function best<Button extends { text: string }>(buttons: Button[], label: string): Button | undefined {
  const wanted = seen(label);
  return (
    buttons.find((one) => seen(one.text) === wanted) ?? buttons.find((one) => seen(one.text).includes(wanted))
  );
}

function commands(text: string): MessageEntity[] {
  return [...text.matchAll(/(?<=^|\s)\/[a-z0-9_]{1,32}(@\w+)?/gi)].map((found) => ({
    type: "bot_command",
    offset: found.index,
    length: found[0].length,
  }));
}
