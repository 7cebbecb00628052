// The bot: its parts, and the order in which they see what comes in.

import type { Veil } from "../cards/veil.ts";
import { type Channel, Channels } from "../channels/channel.ts";
import type { Desk, Shop } from "../chat/desk.ts";
import { dispatcher, type Take } from "../chat/dispatch.ts";
import { anythingElse, card } from "../client/card.chat.ts";
import { history } from "../client/history.chat.ts";
import { myData } from "../client/mydata.chat.ts";
import { type Picture, showCard } from "../client/picture.chat.ts";
import { start } from "../client/start.chat.ts";
import type { Db } from "../db/connect.ts";
import type { Log } from "../log.ts";
import { type Chart, owners } from "../owners/owners.chat.ts";
import { till } from "../till/till.chat.ts";

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
}

/** The bot as what takes all that comes in, whichever way and from whichever messenger. */
export function createBot(parts: BotParts): Take {
  const { db, veil, shop, log, now = () => new Date() } = parts;
  const desk: Desk = {
    channels: new Channels(parts.channels),
    db,
    veil,
    shop,
    log,
    now,
  };
  return dispatcher(
    desk,
    [
      // Admins and owners first; what is not the till's goes on to the clients' part.
      owners(parts),
      till,
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
