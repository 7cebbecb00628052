// What a person is told beside what they ask: at each turn what is new and could not be told before, that a card has gone, or
// that it was opened elsewhere.

import { forgetMovedAway, isMovedAway, welcomeBack } from "../cards/absence.ts";
import { keepUse } from "../cards/link.ts";
import { type Buttons, NotSent } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { newsFor } from "../notices/news.ts";
import { inMessages } from "../texts/long.ts";
import { askWaiting } from "./together.chat.ts";

/** Takes no turn: whatever was asked is answered after it. */
export const news: BotPart = async (desk, turn) => {
  const { kind } = turn.incoming;
  if (kind === "left" || kind === "returned") return false;
  // Nobody asks where it was last while there is one messenger alone.
  const several = desk.channels.all.length > 1;
  const away = several && (await keepUse(desk.db, turn.account));
  // Who writes is there: that they had left came late, or that they are back never did. A start says so itself.
  if (away && kind !== "start") await comeBack(desk, turn, []);
  const tells = desk.tells.includes(turn.channel.name);
  if (!tells) await sayNews(desk, turn);
  // Also where all may be told at once by now: when the card went it may not have been, or the bot there was off.
  if ((several || !tells) && (await isMovedAway(desk.db, turn.account, desk.now()))) {
    await turn.say(turn.t.movedAway(desk.shop.supportPhone));
    await forgetMovedAway(desk.db, turn.account);
  }
  if (!tells) await askWaiting(desk, turn);
  return false;
};

/** Back after a block. What happened meanwhile is said at once, if anything did. */
export async function comeBack(desk: Desk, turn: Turn, keys: Buttons): Promise<void> {
  const back = await welcomeBack(desk.db, turn.account);
  if (back && back.rows > 0) await turn.say(turn.t.welcomeBack({ ...back, name: turn.name }), keys);
}

/** What is not told unasked in this messenger. */
async function sayNews(desk: Desk, turn: Turn): Promise<void> {
  const { db, shop, now, tells } = desk;
  const room = { db, now, tells, supportPhone: shop.supportPhone, bookUrl: shop.bookUrl, spending: shop };
  const found = await newsFor(room, turn);
  if (found === null) return;
  const messages = inMessages(found.blocks);
  for (const [place, html] of messages.entries())
    try {
      await turn.say(html, place === messages.length - 1 ? found.buttons : []);
    } catch (error) {
      if (error instanceof NotSent) await found.untold(error.outcome, place > 0);
      throw error;
    }
  await found.told();
}
