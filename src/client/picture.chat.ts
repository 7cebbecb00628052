// The card as a picture to show at the till.

import { type CardShown, cardToShow, isShown } from "../cards/code.ts";
import { NotSent } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import { aboveKeys, mainKeys } from "../chat/menu.ts";
import { isStaff } from "../chat/staff.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { wayIn } from "../chat/ways.ts";
import { messageOf } from "../errors.ts";
import type { CardContent } from "../picture/card.ts";
import { lastDigits } from "../rules/phone.ts";
import { wallTime } from "../rules/time.ts";
import { inLanguage } from "../texts/language.ts";
import { enWords, ruWords } from "../texts/words.ts";
import { branchZone } from "../visits/branch.ts";
import { carryButtons } from "./carry.chat.ts";
import { endsSaid, nearestEnds } from "./ends.chat.ts";
import { endsDrawn } from "./ends.texts.ts";
import { levelLine } from "./level.chat.ts";
import { amountOnCard, showCardTexts } from "./picture.texts.ts";
import { askForNumber } from "./start.chat.ts";

/** Draws the card. */
export type Picture = (card: CardContent) => Promise<Uint8Array>;

/** /card, and the button under a notice. Without a picture the card is told in words. */
export function showCard(picture: Picture | undefined): BotPart {
  return async (desk, turn) => {
    if (turn.asks("card") === null && turn.data !== "card") return false;
    await show(desk, turn, picture);
    return true;
  };
}

async function show(desk: Desk, turn: Turn, picture: Picture | undefined): Promise<void> {
  const card = await cardToShow(desk.db, turn.account);
  if (!card) return askForNumber(desk, turn);
  const t = showCardTexts(turn.language);
  const carry = await carryButtons(desk, turn);
  const menu = mainKeys(turn.t, desk.shop, isStaff(desk.shop, turn.account));
  const keys = carry.length === 0 ? menu : aboveKeys(turn, carry, menu);
  const nearest = await nearestEnds(desk, card.id);
  const below = `${await levelLine(desk, turn, card.id)}${endsSaid(turn, nearest)}`;
  const ends = endsDrawn(inLanguage(turn.language, ruWords, enWords), nearest.ends, nearest.year);
  const bytes = await drawn(desk, turn, { ...card, ends }, picture);
  // Drawing takes its time: meanwhile another account may have proved the phone.
  if (!(await isShown(desk.db, turn.account, card))) return show(desk, turn, picture);
  if (bytes === null) return turn.say(`${t.withoutPicture(card)}${below}`, keys);
  try {
    await turn.picture({ name: "card.png", bytes }, `${t.caption(card)}${below}`, keys);
  } catch (error) {
    // Words would fare no better: whoever blocked the bot, or a messenger that asks to wait.
    if (!(error instanceof NotSent) || error.outcome.kind !== "failed") throw error;
    turn.log.warn({ err: error }, "a card could not be sent");
    await turn.say(`${t.withoutPicture(card)}${below}`, keys);
  }
}

/** The bytes of the picture; null when it cannot be drawn, which must not keep anybody from the till. */
async function drawn(
  { channels, db, shop, now }: Desk,
  turn: Turn,
  card: CardShown & { ends: string[] },
  picture: Picture | undefined,
): Promise<Uint8Array | null> {
  if (!picture) return null;
  try {
    const at = wallTime(now(), await branchZone(db, shop.companyIds));
    return await picture({
      title: shop.title(),
      // The messenger's name: the card's may be of whoever had the number before.
      name: turn.name,
      ...amountOnCard(turn.language, card.balance),
      asOf: showCardTexts(turn.language).asOf(at.slice(0, 10), at.slice(11, 16)),
      ...(card.ends.length > 0 && { ends: card.ends }),
      digits: lastDigits(card.phone),
      link: wayIn({ channels, shop }, turn.channel, card.start),
    });
  } catch (error) {
    turn.log.error({ error: messageOf(error) }, "a card could not be drawn");
    return null;
  }
}
