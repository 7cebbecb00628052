// What people do in the stand-in MAX's dialogs, everything they do an update.
import type { MaxButton } from "./bodies.ts";
import type { MaxDialog, MaxUpdate } from "./dialogs.ts";
import type { MaxShown, MaxTapAnswer } from "./messages.ts";
import { MaxWriter } from "./writers.ts";

/** A person in one chat. Everything they do makes a real update and resolves with it once it has been delivered. */
export class MaxPerson extends MaxWriter {
  /** Addresses of link buttons that this person has pressed, oldest first. */
  readonly opened: string[] = [];
  #lastTap: { mid: string; payload: string } | undefined;

  /** What the bot's answers to this person's taps showed, oldest first. */
  get answeredCallbacks(): MaxTapAnswer[] {
    return this.chat.taps.flatMap(({ answers }) => answers);
  }
  /** Data of the taps that nothing has answered, oldest first. */
  get unanswered(): string[] {
    const open = this.chat.taps.filter(({ answers }) => answers.length === 0);
    return open.map(({ payload }) => payload);
  }
  /** Messages of the bot before its newest whose keys can still be pressed. */
  get oldKeys(): MaxShown[] {
    const newest = this.lastMessage();
    return this.chat.messages.filter((one) => one.from === "bot" && one !== newest && one.inline.length > 0);
  }

  /**
   * Presses Start, with the payload of a max.ru link if there is one. In a dialog that stands already a link brings what the
   * reading says, and without one there is no such button: `/start` is typed.
   */
  async start(payload?: string): Promise<MaxUpdate | undefined> {
    const stands = this.chat.started && !this.chat.blocked;
    if (stands && payload === undefined) return this.say("/start");
    if (stands && this.dialogs.readings.startAgain === "nothing") return undefined;
    Object.assign(this.chat, { started: true, blocked: false });
    this.dialogs.changed(this.chat);
    // MAX drops what is too long without a word.
    const link = payload !== undefined && payload.length <= 128 && { payload };
    return this.event("bot_started", link || {});
  }

  /**
   * Presses a button, the one on the newest message that has a label containing `what`: a callback posts, a message button
   * says its label, a contact button shares the number, a link opens. `{ data }` presses by payload, and forges the press if
   * no button has it. `message` picks the message by its mid.
   */
  async tap(
    what: string | { data: string },
    options: { message?: string } = {},
  ): Promise<MaxUpdate | undefined> {
    const { mid, button } = this.#button(what, options.message);
    switch (button.type) {
      case "callback":
        return this.#press({ mid, payload: button.payload ?? "" });
      case "message":
        return this.say(button.text);
      case "request_contact":
        return this.shareContact();
      case "request_geo_location":
        return this.send({ others: [{ type: "location", latitude: 55.75, longitude: 37.62 }] });
      default:
        if (button.url !== undefined) this.opened.push(button.url);
        return undefined;
    }
  }

  /** Taps once more what was tapped last, even if that button is gone by now. */
  async tapAgain(): Promise<MaxUpdate> {
    if (!this.#lastTap) throw new Error(`${this.profile.firstName} has tapped no button yet`);
    return this.#press(this.#lastTap);
  }

  /** Stops the bot: its calls get 403 from now on. */
  async block(): Promise<MaxUpdate> {
    this.chat.blocked = true;
    this.dialogs.changed(this.chat);
    return this.event("bot_stopped");
  }
  /** Comes back, which is a start. */
  async unblock(): Promise<MaxUpdate> {
    this.chat.blocked = false;
    this.chat.started = true;
    this.dialogs.changed(this.chat);
    return this.event("bot_started");
  }
  /** Deletes the dialog: two events of one deed, and nothing of it is seen any more. */
  async removeDialog(): Promise<MaxUpdate[]> {
    this.chat.messages.length = 0;
    return Promise.all([this.event("dialog_removed"), this.block()]);
  }
  /** Empties the dialog: the bot may go on writing. */
  async clearDialog(): Promise<MaxUpdate> {
    this.chat.messages.length = 0;
    this.dialogs.changed(this.chat);
    return this.event("dialog_cleared");
  }
  /** Deletes one message, the own or the bot's: its buttons can be tapped no more, but `tapAgain` still can. */
  async removeMessage(mid: string): Promise<MaxUpdate> {
    this.chat.messages.splice(this.chat.messages.indexOf(this.message(mid)), 1);
    this.dialogs.changed(this.chat);
    return this.event("message_removed", { message_id: mid, user_id: this.user.user_id });
  }
  /** Messages make no sound any more; they come all the same. */
  async mute(): Promise<MaxUpdate> {
    return this.event("dialog_muted", { muted_until: this.dialogs.now() + 3_600_000 });
  }
  async unmute(): Promise<MaxUpdate> {
    return this.event("dialog_unmuted");
  }

  /** The same person in a group the bot is in (made at the first use). */
  inGroup(chatId: number): MaxPerson {
    return this.#in(this.dialogs.group(chatId, this.user, "chat"));
  }
  /** A post in a channel where the bot is an admin: nobody is its sender. */
  async channelPost(text: string, chatId = -71_000_000_001): Promise<MaxUpdate> {
    return this.#in(this.dialogs.group(chatId, this.user, "channel")).say(text);
  }
  #in(chat: MaxDialog): MaxPerson {
    return new MaxPerson(this.dialogs, this.token, this.profile, chat);
  }

  /** The newest message of the bot in this chat. */
  lastMessage(): MaxShown | undefined {
    return this.chat.messages.findLast((one) => one.from === "bot");
  }

  /** The newest message of the bot that fits (and is newer than the one with the mid `after`), waiting up to `ms` for one. */
  async waitForMessage(
    matcher: string | RegExp | ((shown: MaxShown) => boolean),
    { ms = 30_000, after = "" }: { ms?: number; after?: string } = {},
  ): Promise<MaxShown> {
    const fits = (shown: MaxShown) => {
      if (typeof matcher === "function") return matcher(shown);
      return typeof matcher === "string"
        ? soft(shown.text).includes(soft(matcher))
        : shown.text.search(matcher) >= 0;
    };
    const hit = () =>
      this.chat.messages.findLast((one) => one.from === "bot" && one.mid > after && fits(one));
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const forget = this.dialogs.onChange(() => hit() && resolve());
    if (!hit()) await promise;
    clearTimeout(timer);
    forget();
    const found = hit();
    if (!found) throw new Error(`${this.profile.firstName} got no ${matcher} in ${ms} ms: ${this.#seen()}`);
    return found;
  }

  #press(tap: { mid: string; payload: string }): Promise<MaxUpdate> {
    this.#lastTap = tap;
    const { mid, payload } = tap;
    const shown = this.chat.messages.find((one) => one.mid === mid);
    const { id, at } = this.dialogs.tapped(this.chat, mid, payload);
    return this.dialogs.push("message_callback", {
      user_locale: this.locale,
      callback: { timestamp: at, callback_id: id, payload, user: this.user },
      message: shown ? this.dialogs.view(this.chat, shown, id) : null,
    });
  }

  #button(what: string | { data: string }, mid?: string): { mid: string; button: MaxButton } {
    const all = this.chat.messages.filter((one) => mid === undefined || one.mid === mid);
    for (const shown of all.toReversed()) {
      const buttons = shown.inline.flat();
      const button =
        typeof what === "string"
          ? best(buttons, what)
          : buttons.find(({ type, payload }) => type === "callback" && payload === what.data);
      if (button) return { mid: shown.mid, button };
    }
    const forged = mid ?? this.lastMessage()?.mid;
    if (typeof what === "string" || forged === undefined)
      throw new Error(`${this.profile.firstName} sees no ${JSON.stringify(what)} to tap: ${this.#seen()}`);
    return { mid: forged, button: { type: "callback", text: "", payload: what.data } };
  }

  /** For the sentence of an error: what this person could have meant. */
  #seen(): string {
    const buttons = this.chat.messages.flatMap((one) => one.inline.flat().map((button) => button.text));
    return `last message ${JSON.stringify(this.lastMessage()?.text)}, buttons ${JSON.stringify(buttons)}`;
  }
}

/** People see no difference between a space and one that does not break. */
function soft(text: string): string {
  return text.replaceAll("\u00a0", " ");
}

function best(buttons: MaxButton[], label: string): MaxButton | undefined {
  const wanted = soft(label);
  return (
    buttons.find((one) => soft(one.text) === wanted) ?? buttons.find((one) => soft(one.text).includes(wanted))
  );
}
