// Telegram as a channel: our words in the calls of its Bot API, and its refusals in ours.

import { type Api, GrammyError, HttpError, InputFile } from "grammy";
import type {
  InlineKeyboardMarkup,
  KeyboardButton,
  LanguageCode,
  ReplyKeyboardMarkup,
  UserFromGetMe,
} from "grammy/types";
import { clean } from "../../log.ts";
import { type Account, channelOf, externalIdOf } from "../../rules/account.ts";
import type { BotId } from "../../rules/ids.ts";
import { askedWait } from "../../rules/time.ts";
import { mayHaveArrivedBy, mayHaveLeft } from "../arrival.rule.ts";
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
import { botIdOf, faultText } from "./client.ts";
import type { Pace } from "./pace.ts";

/** One bot. Its own name is learnt once, before what comes in can be read and links can be made. */
export class TelegramChannel implements Channel {
  readonly name = "telegram";
  readonly silentTaps = true;
  readonly keysStay = true;
  readonly bot: BotId;
  me: UserFromGetMe | null = null;

  /** `pace` counts what is said here, where it shares its turns with others. */
  constructor(
    readonly api: Api,
    pace?: Pace,
  ) {
    this.bot = botIdOf(api.token);
    if (pace) api.config.use(pace.answers);
  }

  /** Throws what Telegram answers. */
  async learnName(signal?: AbortSignal): Promise<void> {
    // Telegram's client names the signal of an npm package; what runs is the platform's own.
    this.me = await this.api.getMe(signal as never);
  }

  say(to: Account, html: string, buttons?: Buttons): Promise<Sent> {
    return this.#sent(this.api.sendMessage(chatOf(to), html, { ...plain, ...under(buttons) }));
  }

  edit(to: Account, message: MessageId, html: string, buttons?: Buttons): Promise<Unsent | null> {
    const options = { ...plain, ...(under(buttons) as { reply_markup?: InlineKeyboardMarkup }) };
    return this.#done(this.api.editMessageText(chatOf(to), message, html, options));
  }

  takeButtons(to: Account, message: MessageId): Promise<Unsent | null> {
    return this.#done(this.api.editMessageReplyMarkup(chatOf(to), message));
  }

  answerTap(tap: string, words: string | null): Promise<Unsent | null> {
    return this.#done(this.api.answerCallbackQuery(tap, words === null ? {} : { text: words.slice(0, 200) }));
  }

  picture(to: Account, { bytes, name }: Attachment, html: string, buttons?: Buttons): Promise<Sent> {
    return this.#sent(
      this.api.sendPhoto(chatOf(to), new InputFile(bytes, name), { ...caption(html), ...under(buttons) }),
    );
  }

  file(to: Account, { bytes, name }: Attachment, html: string, buttons?: Buttons): Promise<Sent> {
    return this.#sent(
      this.api.sendDocument(chatOf(to), new InputFile(bytes, name), { ...caption(html), ...under(buttons) }),
    );
  }

  link(payload?: string): string {
    return `https://t.me/${this.me?.username}${payload === undefined ? "" : `?start=${payload}`}`;
  }

  offer(
    commands: MenuCommand[],
    { language, account }: { language: string | null; account: Account | null },
  ): Promise<Unsent | null> {
    const place = {
      ...(account !== null && { scope: { type: "chat" as const, chat_id: chatOf(account) } }),
      ...inLanguage(language),
    };
    const { api } = this;
    return this.#done(commands.length > 0 ? api.setMyCommands(commands, place) : api.deleteMyCommands(place));
  }

  async profile(language: string | null): Promise<BotProfile | Unsent> {
    try {
      const [{ description }, { short_description }] = await Promise.all([
        this.api.getMyDescription(inLanguage(language)),
        this.api.getMyShortDescription(inLanguage(language)),
      ]);
      return { about: description, short: short_description };
    } catch (error) {
      return unsentOf(error, this.api.token);
    }
  }

  async introduce({ about, short }: Partial<BotProfile>, language: string | null): Promise<Unsent | null> {
    const { api } = this;
    const place = inLanguage(language);
    const failed = about === undefined ? null : await this.#done(api.setMyDescription(about, place));
    if (failed || short === undefined) return failed;
    return this.#done(api.setMyShortDescription(short, place));
  }

  async #sent(call: Promise<{ message_id: number }>): Promise<Sent> {
    try {
      return { kind: "sent", message: (await call).message_id };
    } catch (error) {
      return unsentOf(error, this.api.token);
    }
  }

  async #done(call: Promise<unknown>): Promise<Unsent | null> {
    try {
      await call;
      return null;
    } catch (error) {
      if (error instanceof GrammyError && /message is not modified/.test(error.description)) return null;
      return unsentOf(error, this.api.token);
    }
  }
}

const plain = { parse_mode: "HTML", link_preview_options: { is_disabled: true } } as const;

/** Without a language it is everybody's who has none of their own. */
const inLanguage = (language: string | null) =>
  language === null ? {} : { language_code: language as LanguageCode };

const caption = (html: string) => (html === "" ? {} : ({ caption: html, parse_mode: "HTML" } as const));

/** A private chat has the number of its person. */
function chatOf(account: Account): number {
  if (channelOf(account) !== "telegram") throw new Error(`${account} is no account of Telegram`);
  return Number(externalIdOf(account));
}

/** Keys that say something and the one that asks for the number stand at the bottom of the chat and stay there. */
function under(buttons: Buttons = []): { reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup } {
  const rows = buttons.filter((row) => row.length > 0);
  if (rows.length === 0) return {};
  if (rows.flat().some((one) => "says" in one || "contact" in one))
    return {
      reply_markup: {
        keyboard: rows.map((row) => row.map(keyOf)),
        resize_keyboard: true,
        is_persistent: true,
      },
    };
  const inline = rows.map((row) =>
    row.map((one) =>
      "url" in one
        ? { text: one.text, url: one.url }
        : { text: one.text, callback_data: "data" in one ? one.data : "" },
    ),
  );
  return { reply_markup: { inline_keyboard: inline } };
}

function keyOf(button: Button): KeyboardButton {
  return "contact" in button ? { text: button.text, request_contact: true } : { text: button.text };
}

/** What a failed call means. No word of it holds the token. */
function unsentOf(error: unknown, token: string): Unsent {
  if (!(error instanceof GrammyError)) {
    const passes = error instanceof HttpError;
    const mayHaveArrived = mayHaveLeft(passes ? error.error : error);
    return { kind: "failed", why: faultText(error, token), passes, mayHaveArrived };
  }
  const { error_code: code, description, parameters } = error;
  const nobody = /chat not found|user is deactivated/i.test(description);
  if (code === 403 || (code === 400 && nobody)) return { kind: "blocked" };
  if (code === 429) return { kind: "wait", ms: askedWait(parameters.retry_after) };
  return {
    kind: "failed",
    why: clean(`${code}: ${description}`.replaceAll(token, "<token>")),
    passes: code >= 500,
    mayHaveArrived: mayHaveArrivedBy(code),
  };
}
