// What every handler has at hand, and the ways it speaks.

import type { Context, Transformer } from "grammy";
import type {
  ForceReply,
  InlineKeyboardMarkup,
  ReplyKeyboardMarkup,
  ReplyKeyboardRemove,
} from "grammy/types";
import type { Veil } from "../cards/veil.ts";
import type { Pace } from "../channels/telegram/pace.ts";
import type { Db } from "../db/connect.ts";
import type { Log } from "../log.ts";
import type { Points } from "../rules/money.ts";
import type { Programme } from "../visits/programme.texts.ts";
import { type Texts, texts } from "./chat.texts.ts";

/** The business as its clients see it. Ids are of Telegram. */
export interface Shop extends Programme {
  /** Known once YCLIENTS has answered, so it is asked each time. */
  title(): string;
  legalName: string | null;
  policyUrl: string | null;
  rulesUrl: string | null;
  supportPhone: string | null;
  bookUrl: string | null;
  mapUrl: string | null;
  adminIds: readonly number[];
  ownerIds: readonly number[];
  /** The branches; the first one's clock is the till's. */
  companyIds: readonly number[];
  /** Points an admin may give and take a day, and the sum above which an owner must agree; null: no such limit. */
  adminDailyLimit: Points | null;
  secondAdminAbove: Points | null;
}

/** What handlers work with. */
export interface Desk {
  /** The bot's id. */
  bot: number;
  db: Db;
  veil: Veil;
  shop: Shop;
  log: Log;
  now: () => Date;
  last: LastCall;
}

type Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply;

/** The texts in the language of whoever wrote. */
export function textsFor(ctx: Context): Texts {
  return texts(ctx.from?.language_code);
}

/** What the one who works here is called where changes name their author: the Telegram id where there is no name. */
export function authorName(ctx: Context): string {
  return ctx.from?.first_name || String(ctx.from?.id ?? "");
}

/** Says something to the chat and waits until Telegram has it. */
export async function say(ctx: Context, html: string, markup?: Markup): Promise<void> {
  await ctx.reply(html, {
    parse_mode: "HTML",
    link_preview_options: { is_disabled: true },
    ...(markup && { reply_markup: markup }),
  });
}

/** Says the handler's last word: with a webhook it goes in the answer to Telegram, which saves a request. */
export function sayLast(desk: Desk, ctx: Context, html: string, markup?: Markup): Promise<void> {
  return desk.last.make(() => say(ctx, html, markup));
}

/** Puts the handler's last word in place of the message whose button was tapped; under a file it is a new message. */
export function replaceLast(
  desk: Desk,
  ctx: Context,
  html: string,
  markup?: InlineKeyboardMarkup,
): Promise<void> {
  const tapped = ctx.callbackQuery?.message;
  // Telegram puts no text in place of a file, and of a call in the webhook's answer nobody learns that it failed.
  if (tapped !== undefined && !("text" in tapped)) return sayLast(desk, ctx, html, markup);
  return desk.last.make(async () => {
    await ctx.editMessageText(html, {
      parse_mode: "HTML",
      link_preview_options: { is_disabled: true },
      ...(markup && { reply_markup: markup }),
    });
  });
}

/** Answers a tap, with words over the screen or without. One that waited too long cannot be answered, and need not. */
export async function answerTap({ log }: Desk, ctx: Context, words: string | null = null): Promise<void> {
  try {
    await ctx.answerCallbackQuery(words === null ? {} : { text: words.slice(0, 200) });
  } catch (error) {
    log.debug({ update_id: ctx.update.update_id, err: error }, "a tap could not be answered");
  }
}

/** How long a call that Telegram has taken proves that it takes the next one, in milliseconds. */
const provenMs = 1_000;

/**
 * Which call may go in the answer to a webhook. Such a call is carried out after the handler has ended, and nobody
 * learns how it went: so only a handler's last one may, it has to say so, Telegram must have taken a call just now, and
 * the program must not be telling others, which comes near Telegram's limit: there an answer was lost (bench row telling).
 * On a busy day that saves nearly every request; on a quiet one a request costs nothing, and a 429 is seen and the update
 * comes again. grammY asks by the method's name alone, in the same turn in which the call is made, which is when the door
 * is open.
 */
export class LastCall {
  #open = false;
  #provenUntil = 0;
  #allowed = 0;

  constructor(readonly pace: Pace) {}

  /** Sees how the bot's calls go, for grammY's `api.config.use`. */
  readonly watch: Transformer = async (call, method, payload, signal) => {
    const before = this.#allowed;
    const answering = call(method, payload, signal);
    // Neither what went in a webhook's answer nor what is said to nobody (a getMe) proves anything.
    if (this.#allowed !== before || !("chat_id" in payload)) return answering;
    let taken = false;
    try {
      const answer = await answering;
      taken = answer.ok;
      return answer;
    } finally {
      this.#provenUntil = taken ? performance.now() + provenMs : 0;
    }
  };

  /** For grammY's `canUseWebhookReply`. */
  allows(method: string): boolean {
    const now = performance.now();
    if (!this.#open || now >= this.#provenUntil || this.pace.telling()) return false;
    if (method !== "sendMessage" && method !== "editMessageText") return false;
    this.#allowed += 1;
    return true;
  }

  /** Makes the call while the door is open. */
  make<T>(call: () => Promise<T>): Promise<T> {
    this.#open = true;
    try {
      return call();
    } finally {
      this.#open = false;
    }
  }
}
