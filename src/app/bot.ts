// The bot: its parts, and the order in which they see what comes in.

import { Composer, Context } from "grammy";
import type { Veil } from "../cards/veil.ts";
import { type Channel, Channels } from "../channels/channel.ts";
import { TelegramChannel } from "../channels/telegram/telegram.ts";
import { rawOf } from "../channels/telegram/update.ts";
import type { Desk, Shop } from "../chat/desk.ts";
import { dispatcher, type Take } from "../chat/dispatch.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { anythingElse, card } from "../client/card.chat.ts";
import { history } from "../client/history.chat.ts";
import { myData } from "../client/mydata.chat.ts";
import { type OpenCard, type Picture, scan, showCard } from "../client/picture.chat.ts";
import { start } from "../client/start.chat.ts";
import type { Db } from "../db/connect.ts";
import type { Log } from "../log.ts";
import { type Chart, owners } from "../owners/owners.chat.ts";
import { addAdmins } from "../till/admins.chat.ts";
import { addTill, openCard } from "../till/till.chat.ts";

/** What a bot is made of. */
export interface BotParts {
  /** The messengers that it speaks through. */
  channels: readonly Channel[];
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
  maxExportBytes?: number;
  /** Called after each tap, whatever became of it: nothing but a tap changes points. */
  onTap?: () => void;
  /** Opens at the till the card that an admin has scanned. */
  onScan?: OpenCard;
}

/** The bot as what takes all that comes in, whichever way and from whichever messenger. */
export function createBot(parts: BotParts): Take {
  const { db, veil, shop, log, now = () => new Date() } = parts;
  const desk: Desk = {
    channels: new Channels(parts.channels),
    bot: parts.channels[0]?.bot ?? 0,
    db,
    veil,
    shop,
    log,
    now,
  };
  const open: OpenCard = (desk, turn, card) => withContext(turn, (ctx) => openCard(desk, ctx, card));
  return dispatcher(
    desk,
    [
      scan(parts.onScan ?? open),
      // Admins and owners first; what is not the till's goes on to the clients' part.
      tillPart(desk, addAdmins),
      owners(parts),
      tillPart(desk, addTill),
      start,
      history,
      showCard(parts.picture),
      myData,
      card,
      anythingElse(),
    ],
    parts.onTap,
  );
}

/** The till's handlers still take Telegram's own context. */
function tillPart(desk: Desk, add: (chats: Composer<Context>, desk: Desk) => void): BotPart {
  const chats = new Composer<Context>();
  add(chats, desk);
  const run = chats.middleware();
  return async (_desk, turn) => {
    if (turn.incoming.kind === "left" || turn.incoming.kind === "returned") return false;
    let passed = false;
    await withContext(turn, (ctx) =>
      run(ctx, async () => {
        passed = true;
      }),
    );
    return !passed;
  };
}

async function withContext(turn: Turn, work: (ctx: Context) => unknown): Promise<void> {
  const { channel } = turn;
  const raw = rawOf(turn.incoming);
  if (!(channel instanceof TelegramChannel) || channel.me === null || raw === undefined) return;
  const ctx = new Context(raw, channel.api, channel.me);
  ctx.answerCallbackQuery = async (other) => {
    await turn.answerTap(typeof other === "string" ? other : (other?.text ?? null));
    return true as const;
  };
  await channel.throwingOurs(async () => work(ctx));
}
