// How points came and went: /history with its pages, /why, and the way from the one to the other.

import { type Composer, type Context, InlineKeyboard } from "grammy";
import { allTexts } from "../chat/chat.texts.ts";
import { type Desk, replace, say } from "../chat/desk.ts";
import { hasContacts } from "../chat/keyboards.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { isStaff } from "../till/till.chat.ts";
import { balanceOf } from "./account.ts";
import { historyTexts } from "./history.texts.ts";
import { historyOf } from "./history.ts";
import { showConsent } from "./start.chat.ts";
import { whyTexts } from "./why.texts.ts";
import { whyOf } from "./why.ts";

/** Adds /history, /why and their buttons to a composer of private chats. */
export function addHistory(chats: Composer<Context>, desk: Desk): void {
  const labels = allTexts.map((one) => one.buttons.history);
  chats.command("history", (ctx) => history(desk, ctx, 0));
  chats.hears(labels, (ctx) => history(desk, ctx, 0));
  chats.callbackQuery(/^history:(\d{1,6})$/, (ctx) => history(desk, ctx, Number(ctx.match[1])));
  chats.command("why", (ctx) => why(desk, ctx));
  chats.callbackQuery("why", (ctx) => why(desk, ctx));
}

/** Under what a card holds: where the points came from, and where the missing ones are. */
export function pastKeyboard(language: string | undefined): InlineKeyboard {
  const t = whyTexts(language);
  return new InlineKeyboard().text(t.history, "history:0").text(t.why, "why");
}

async function history(desk: Desk, ctx: Context, page: number): Promise<void> {
  if (ctx.from === undefined) return;
  const card = await balanceOf(desk.db, ctx.from.id);
  if (!card) return showConsent(desk, ctx);
  const view = await historyOf(desk.db, card.id, page, desk.now());
  const t = historyTexts(ctx.from.language_code);
  const keyboard = new InlineKeyboard();
  if (view.page > 0) keyboard.text(t.newer, `history:${view.page - 1}`);
  if (view.page < view.pages - 1) keyboard.text(t.older, `history:${view.page + 1}`);
  keyboard.row().text(whyTexts(ctx.from.language_code).why, "why");
  await replace(ctx, t.page(card.phone, view, desk.shop), keyboard);
}

async function why(desk: Desk, ctx: Context): Promise<void> {
  if (ctx.from === undefined) return;
  const card = await balanceOf(desk.db, ctx.from.id);
  // Who works here may have meant a client's: those take a phone.
  const hint = ctx.message && isStaff(desk, ctx) ? staffTexts.why() : null;
  if (!card) return hint === null ? showConsent(desk, ctx) : say(ctx, hint);
  const t = whyTexts(ctx.from.language_code);
  const view = await whyOf(desk.db, card.id, desk.now());
  const keyboard = new InlineKeyboard().text(t.history, "history:0");
  if (hasContacts(desk.shop)) keyboard.text(t.contact, "contacts");
  const list = t.list(view, desk.now().getFullYear(), desk.shop);
  await replace(ctx, hint === null ? list : `${list}\n\n${hint}`, keyboard);
}
