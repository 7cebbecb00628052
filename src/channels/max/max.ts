// MAX as a channel: our words in the calls of its Bot API, and its refusals in ours.

import { type Account, channelOf, externalIdOf } from "../../rules/account.ts";
import type { BotId } from "../../rules/ids.ts";
import type {
  Attachment,
  BotProfile,
  Button,
  Buttons,
  Channel,
  MenuCommand,
  MessageId,
  Sent,
  Unsent,
} from "../channel.ts";
import { isBlocked, type MaxBot } from "./bot.ts";
import { MaxFault } from "./client.ts";
import type { Uploaded } from "./files.ts";
import { tapDone } from "./max.texts.ts";
import { messageName, numberOf } from "./numbers.store.ts";
import { maxName } from "./update.ts";

/** For answers (`asked`), which go before what the program says by itself. */
export class MaxChannel implements Channel {
  readonly name = "max";
  readonly silentTaps = false;
  readonly keysStay = false;

  constructor(
    private readonly mine: MaxBot,
    private readonly asked: boolean,
  ) {}

  get bot(): BotId {
    return this.mine.id;
  }

  say(to: Account, html: string, buttons?: Buttons): Promise<Sent> {
    return this.#sent(to, { ...worded(html), attachments: keyboard(buttons) });
  }

  /** A tap under the message is ended by the same call. */
  async edit(to: Account, message: MessageId, html: string, buttons?: Buttons): Promise<Unsent | null> {
    const body = { ...worded(html), attachments: keyboard(buttons) };
    return this.#changed(to, message, async (mid) => {
      const open = this.mine.tapUnder(to, mid);
      if (open === undefined) return this.#put(to, mid, body);
      try {
        await this.#answer(open.callback, to, { message: body });
        open.tap.ended = true;
      } catch (error) {
        // The tap is too old to be answered; the message is not.
        if (!(error instanceof MaxFault) || error.passes || error.status === 429 || isBlocked(error))
          throw error;
        await this.#put(to, mid, body);
      }
    });
  }

  /** For messages of words: with the buttons a picture would go too. */
  async takeButtons(to: Account, message: MessageId): Promise<Unsent | null> {
    return this.#changed(to, message, (mid) => this.#put(to, mid, { attachments: [] }));
  }

  /** Without words it is ended by a change of its message, which came before, or else in a word: MAX takes no silent answer. */
  async answerTap(callback: string, words: string | null): Promise<Unsent | null> {
    const tap = this.mine.tap(callback);
    if (words === null && tap?.ended !== false) return null;
    const notification = (words ?? tapDone(tap?.language ?? null)).slice(0, 200);
    return this.#done(async () => {
      await this.#answer(callback, tap?.account ?? null, { notification });
      if (tap) tap.ended = true;
    });
  }

  picture(to: Account, picture: Attachment, html: string, buttons?: Buttons): Promise<Sent> {
    return this.#sentWith(to, "image", picture, html, buttons);
  }

  file(to: Account, file: Attachment, html: string, buttons?: Buttons): Promise<Sent> {
    return this.#sentWith(to, "file", file, html, buttons);
  }

  link(payload?: string): string {
    return `https://max.ru/${this.mine.nick}${payload === undefined ? "" : `?start=${payload}`}`;
  }

  /** MAX has one list for everybody, in whichever language; who works here finds theirs under "help". */
  async offer(
    commands: MenuCommand[],
    { language, account }: { language: string | null; account: Account | null },
  ): Promise<Unsent | null> {
    if (language !== null || account !== null) return null;
    const listed = commands.slice(0, 32).map(({ command, description }) => ({
      name: command,
      description: description.slice(0, 128),
    }));
    return this.#done(() => this.#call(null, "PATCH", "/me/commands", { body: { commands: listed } }));
  }

  async profile(): Promise<BotProfile | Unsent> {
    try {
      const body = await this.#call(null, "GET", "/me", {});
      const about = typeof body.description === "string" ? body.description : "";
      return { about, short: about };
    } catch (error) {
      return this.mine.unsentOf(error);
    }
  }

  /** What is written of a bot is written in MAX's own cabinet, and nowhere else. */
  async introduce(): Promise<null> {
    return null;
  }

  async #sentWith(
    to: Account,
    kind: Uploaded["type"],
    upload: Attachment,
    html: string,
    buttons?: Buttons,
  ): Promise<Sent> {
    try {
      const attached = await this.mine.files.put(kind, upload);
      const sent = await this.#sent(to, {
        ...(html === "" ? {} : worded(html)),
        attachments: [attached, ...keyboard(buttons)],
      });
      if (sent.kind === "failed") this.mine.files.forget(attached);
      return sent;
    } catch (error) {
      return this.mine.unsentOf(error);
    }
  }

  async #sent(to: Account, body: object): Promise<Sent> {
    const person = personOf(to);
    try {
      // What is told at a start may be due before the bot has learnt whose messages these are.
      if (this.bot === 0) await this.mine.learnName();
      const query = { user_id: person, disable_link_preview: true };
      const answer = await this.#ready(() => this.#call(to, "POST", "/messages", { query, body }));
      const { body: said, recipient } = Object(answer.message);
      const { mid } = Object(said) as { mid?: unknown };
      if (typeof mid !== "string" || !maxName.test(mid))
        throw new MaxFault(200, "", "the answer names no message", true);
      const chat: unknown = Object(recipient).chat_id;
      const named = {
        bot: this.bot,
        account: to,
        name: mid,
        chat: Number.isSafeInteger(chat) ? (chat as number) : null,
      };
      return { kind: "sent", message: await numberOf(this.mine.db, named) };
    } catch (error) {
      return this.mine.unsentOf(error);
    }
  }

  /** What was uploaded just now takes a moment until it can be sent. */
  async #ready<T>(send: () => Promise<T>): Promise<T> {
    for (const pauseMs of [1_000, 2_000, 4_000, 8_000]) {
      try {
        return await send();
      } catch (error) {
        if (!(error instanceof MaxFault && /attachment\S*not\.(ready|processed)/.test(error.code)))
          throw error;
        await this.mine.pause(pauseMs);
      }
    }
    return send();
  }

  async #changed(
    to: Account,
    message: MessageId,
    change: (mid: string) => Promise<unknown>,
  ): Promise<Unsent | null> {
    const mid =
      (await messageName(this.mine.db, this.bot, to, message)) ?? this.mine.nameUnderTap(to, message);
    if (mid === null)
      return { kind: "failed", why: "no such message, or too old", passes: false, mayHaveArrived: false };
    return this.#done(() => change(mid));
  }

  async #put(to: Account, mid: string, body: object): Promise<void> {
    try {
      await this.#call(to, "PUT", "/messages", { query: { message_id: mid }, body });
    } catch (error) {
      // It says so already.
      if (!(error instanceof MaxFault) || !/not (modified|changed)|\bsame\b/.test(error.message)) throw error;
    }
  }

  async #answer(callback: string, account: Account | null, body: object): Promise<void> {
    await this.#call(account, "POST", "/answers", {
      query: { callback_id: callback, disable_link_preview: true },
      body,
    });
  }

  async #done(work: () => Promise<unknown>): Promise<Unsent | null> {
    try {
      await work();
      return null;
    } catch (error) {
      return this.mine.unsentOf(error);
    }
  }

  #call(to: Account | null, method: string, path: string, call: Parameters<MaxBot["call"]>[4]) {
    return this.mine.call(to, this.asked, method, path, call);
  }
}

/** Persons are addressed by their own number; their dialog has another one. */
function personOf(account: Account): number {
  if (channelOf(account) !== "max") throw new Error(`${account} is no account of MAX`);
  return Number(externalIdOf(account));
}

const worded = (html: string) => ({ text: html, format: "html" });

/** MAX takes 7 buttons in a row, and 3 where one of them opens something or asks for the number. */
const inARow = (row: readonly Button[]) => (row.some((one) => "url" in one || "contact" in one) ? 3 : 7);

/** The buttons stand under the message, whatever they do; nothing where there are none, which takes away those that stood. */
function keyboard(buttons: Buttons = []): object[] {
  const rows = buttons.flatMap((row) => {
    const most = inARow(row);
    return Array.from({ length: Math.ceil(row.length / most) }, (_, at) =>
      row.slice(at * most, (at + 1) * most).map(keyOf),
    );
  });
  return rows.length === 0 ? [] : [{ type: "inline_keyboard", payload: { buttons: rows } }];
}

function keyOf(button: Button): object {
  const text = button.text.slice(0, 128);
  if ("data" in button) return { type: "callback", text, payload: button.data };
  if ("url" in button) return { type: "link", text, url: button.url };
  return { type: "contact" in button ? "request_contact" : "message", text };
}
