// What every handler has at hand, and the ways it speaks.

import type { Context } from "grammy";
import type {
  ForceReply,
  InlineKeyboardMarkup,
  ReplyKeyboardMarkup,
  ReplyKeyboardRemove,
} from "grammy/types";
import type { Veil } from "../cards/veil.ts";
import type { Channels } from "../channels/channel.ts";
import type { Db } from "../db/connect.ts";
import type { Log } from "../log.ts";
import type { Points } from "../rules/money.ts";
import type { Programme } from "../visits/programme.texts.ts";
import { type Texts, textsOf } from "./chat.texts.ts";

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
  channels: Channels;
  /** The bot's id. */
  bot: number;
  db: Db;
  veil: Veil;
  shop: Shop;
  log: Log;
  now: () => Date;
}

type Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply;

/** The texts in the language of whoever wrote. */
export function textsFor(ctx: Context): Texts {
  return textsOf(ctx.from?.language_code ?? null);
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

/** Puts new words in place of the text whose button was tapped; where nothing was tapped, or a file, says them anew. */
export async function replace(ctx: Context, html: string, markup?: InlineKeyboardMarkup): Promise<void> {
  const tapped = ctx.callbackQuery?.message;
  if (tapped === undefined || !("text" in tapped)) return say(ctx, html, markup);
  await ctx.editMessageText(html, {
    parse_mode: "HTML",
    link_preview_options: { is_disabled: true },
    ...(markup && { reply_markup: markup }),
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
