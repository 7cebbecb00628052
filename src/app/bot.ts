// The bot: which updates it takes, in which order its parts see them, and what happens when one of them fails.

import { type ApiClientOptions, Bot, type Context, GrammyError } from "grammy";
import type { Update, UserFromGetMe } from "grammy/types";
import type { Veil } from "../cards/veil.ts";
import type { Pace } from "../channels/telegram/pace.ts";
import { Chats } from "../chat/chats.ts";
import { answerTap, type Desk, type Shop, say, textsFor } from "../chat/desk.ts";
import { floodGate } from "../chat/flood.ts";
import { Untaken, waitAfter } from "../chat/retry.ts";
import { addWordless } from "../chat/wordless.ts";
import { addCard } from "../client/card.chat.ts";
import { addHistory } from "../client/history.chat.ts";
import { addData } from "../client/mydata.chat.ts";
import { addScan, addShowCard, type OpenCard, type Picture } from "../client/picture.chat.ts";
import { addStart, memberChanged } from "../client/start.chat.ts";
import type { Db } from "../db/connect.ts";
import { NotTaken } from "../errors.ts";
import { databaseIsAway } from "../jobs/trouble.ts";
import type { Log } from "../log.ts";
import { addOwners, type Chart } from "../owners/owners.chat.ts";
import { botIdOf } from "../rules/bot.ts";
import { addAdmins } from "../till/admins.chat.ts";
import { addTill, answersTap, openCard } from "../till/till.chat.ts";

/** The kinds of updates the bot wants: to be asked for by the webhook and by polling. */
export const allowedUpdates = [
  "message",
  "edited_message",
  "callback_query",
  "my_chat_member",
] as const satisfies Exclude<keyof Update, "update_id">[];

/** What a bot is made of. `client` (see channels/telegram/client.ts) holds limits and a fetch that keeps the token to itself. */
export interface BotParts {
  token: string;
  /** Known already: saves the getMe at the start. */
  botInfo?: UserFromGetMe | undefined;
  apiRoot?: string | undefined;
  client?: ApiClientOptions | undefined;
  /** The turns of the bot's answers, shared with what the program tells by itself. */
  pace: Pace;
  db: Db;
  veil: Veil;
  shop: Shop;
  log: Log;
  now?: () => Date;
  /** Draws the card (see picture/card.ts); without it the card is told in words. */
  picture?: Picture;
  /** Draws the chart of /stats (see picture/stats.ts); without it the figures come in words alone. */
  chart?: Chart;
  /** The largest file of /export: Telegram takes no more than 50 MB from a bot. */
  mostExportBytes?: number;
  /** Called after each tap, whatever became of it: nothing but a tap changes points. */
  onTap?: () => void;
  /** Opens at the till the card that an admin has scanned. */
  onScan?: OpenCard;
}

/**
 * A bot that is not running yet: hand it to `webhookCallback`, or its `handleUpdate` (after `init`, without a `botInfo`)
 * to polling. A handler's failure is logged and answered; `handleUpdate` throws while the database is away, and a few
 * times when Telegram has not taken the answer, so that the update is delivered again: each handler may run twice.
 */
export function createBot(parts: BotParts): Bot {
  const { token, botInfo, apiRoot, pace, db, veil, shop, log, now = () => new Date() } = parts;
  const desk: Desk = { bot: botIdOf(token), db, veil, shop, log, now };
  const client: ApiClientOptions = {
    timeoutSeconds: 20,
    ...parts.client,
    ...(apiRoot !== undefined && { apiRoot }),
  };
  const bot = new Bot(token, { client, ...(botInfo && { botInfo }) });
  bot.api.config.use(pace.answers);
  const untaken = new Untaken();
  bot.use((ctx, next) => guarded(desk, untaken, ctx, next));
  bot.use(floodGate(desk));
  bot.on("callback_query", async (ctx, next) => {
    // Every tap is answered, whatever becomes of it.
    if (!answersTap(desk, ctx)) await answerTap(desk, ctx);
    await next().finally(() => parts.onTap?.());
  });
  bot.on("my_chat_member", (ctx) => memberChanged(desk, ctx));
  const chats = new Chats();
  bot.filter((ctx) => ctx.chat?.type === "private" && ctx.from?.is_bot === false, chats);
  addWordless(chats, desk);
  addScan(chats, desk, parts.onScan ?? ((ctx, card) => openCard(desk, ctx, card)));
  addAdmins(chats, desk);
  // Admins and owners first; what is not the till's goes on to the clients' part.
  addOwners(chats, desk, parts);
  addTill(chats, desk);
  addStart(chats, desk);
  addHistory(chats, desk);
  addShowCard(chats, desk, parts.picture);
  addData(chats, desk);
  addCard(chats, desk);
  return bot;
}

async function guarded(desk: Desk, untaken: Untaken, ctx: Context, next: () => Promise<void>): Promise<void> {
  const { update_id } = ctx.update;
  const left = untaken.waitLeft(update_id);
  if (left > 0) throw new NotTaken(left);
  try {
    await next();
    untaken.forget(update_id);
  } catch (error) {
    const about = { update_id, err: error };
    if (databaseIsAway(error)) throw error;
    const asked = waitAfter(error);
    if (asked !== null) {
      const wait = untaken.again(update_id, asked);
      if (wait !== null) throw new NotTaken(wait, { cause: error });
      return void desk.log.error(about, "Telegram has not taken an answer, which is given up");
    }
    if (error instanceof GrammyError && error.error_code === 403)
      return void desk.log.info(about, "the person has blocked the bot");
    if (error instanceof GrammyError && /message is not modified/.test(error.description)) return;
    desk.log.error(about, "an update could not be handled");
    await apologise(desk, ctx);
  }
}

async function apologise({ log }: Desk, ctx: Context): Promise<void> {
  if (ctx.chat?.type !== "private") return;
  try {
    await say(ctx, textsFor(ctx).sorry());
  } catch (error) {
    log.warn({ update_id: ctx.update.update_id, err: error }, "nor could the apology be sent");
  }
}
