// The card as a picture to show at the till, and what its QR code opens.

import { type Composer, type Context, GrammyError, InputFile } from "grammy";
import { cardOfStart, cardToShow, isCardStart, isShown } from "../cards/code.ts";
import { allTexts } from "../chat/chat.texts.ts";
import { type Desk, say, textsFor } from "../chat/desk.ts";
import { mainKeyboard } from "../chat/keyboards.ts";
import { messageOf } from "../errors.ts";
import { lastDigits } from "../rules/phone.ts";
import { isStaff } from "../till/till.chat.ts";
import { amountOnCard, showCardTexts } from "./picture.texts.ts";
import { showConsent } from "./start.chat.ts";

/** Draws the card; see picture/card.ts. */
export type Picture = (card: {
  title: string;
  name: string | null;
  balance: string;
  unit: string;
  digits: string;
  link: string;
}) => Promise<Uint8Array>;

/** Opens a card at the till, for an admin who has scanned it. */
export type OpenCard = (ctx: Context, card: number) => Promise<void>;

/** Adds /card to a composer of private chats. Without a picture the card is told in words. */
export function addShowCard(chats: Composer<Context>, desk: Desk, picture: Picture | undefined): void {
  chats.command("card", (ctx) => showCard(desk, ctx, picture));
  chats.hears(
    allTexts.map((one) => one.buttons.card),
    (ctx) => showCard(desk, ctx, picture),
  );
}

/**
 * Takes a scanned card to the till, for admins and owners alone. Comes before /start: whoever else scans a code gets what
 * anybody gets who presses Start.
 */
export function addScan(chats: Composer<Context>, desk: Desk, openCard: OpenCard | undefined): void {
  chats.command("start", async (ctx, next) => {
    if (!openCard || !isStaff(desk, ctx) || !isCardStart(ctx.match)) return next();
    const card = await cardOfStart(desk.db, ctx.match);
    if (card !== null) return openCard(ctx, card);
    await say(ctx, showCardTexts(ctx.from?.language_code).oldCode());
  });
}

async function showCard(desk: Desk, ctx: Context, picture: Picture | undefined): Promise<void> {
  const { from } = ctx;
  if (from === undefined) return;
  const card = await cardToShow(desk.db, from.id);
  if (!card) return showConsent(desk, ctx);
  const t = showCardTexts(from.language_code);
  const keyboard = mainKeyboard(textsFor(ctx), desk.shop, isStaff(desk, ctx));
  const bytes = await drawn(desk, ctx, card, picture);
  // Drawing takes its time: meanwhile another account may have proved the phone.
  if (!(await isShown(desk.db, from.id, card))) return showCard(desk, ctx, picture);
  if (bytes === null) return say(ctx, t.withoutPicture(card), keyboard);
  try {
    await ctx.replyWithPhoto(new InputFile(bytes, "card.png"), {
      caption: t.caption(card),
      parse_mode: "HTML",
      reply_markup: keyboard,
    });
  } catch (error) {
    // Words would fare no better: whoever blocked the bot, or a Telegram that asks to wait.
    if (error instanceof GrammyError && [403, 429].includes(error.error_code)) throw error;
    desk.log.warn({ update_id: ctx.update.update_id, err: error }, "a card could not be sent");
    await say(ctx, t.withoutPicture(card), keyboard);
  }
}

/** The bytes of the picture; null when it cannot be drawn, which must not keep anybody from the till. */
async function drawn(
  { shop, log }: Desk,
  ctx: Context,
  card: { phone: string; balance: number; start: string },
  picture: Picture | undefined,
): Promise<Uint8Array | null> {
  if (!picture) return null;
  try {
    return await picture({
      title: shop.title(),
      // Telegram's name: the card's may be of whoever had the number before.
      name: ctx.from?.first_name ?? null,
      ...amountOnCard(ctx.from?.language_code, card.balance),
      digits: lastDigits(card.phone),
      link: `https://t.me/${ctx.me.username}?start=${card.start}`,
    });
  } catch (error) {
    log.error({ update_id: ctx.update.update_id, error: messageOf(error) }, "a card could not be drawn");
    return null;
  }
}
