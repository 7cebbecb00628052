// Shows the till's screens: what each says, and whether an old message is changed or a new one sent.

import { type Context, GrammyError, type InlineKeyboard } from "grammy";
import type { Desk } from "../chat/desk.ts";
import { sumsOf } from "../client/account.ts";
import { realPhoneOf } from "../rules/phone.ts";
import { aboutClient, overClient } from "../texts/person.ts";
import { branchZone } from "../visits/zone.ts";
import { refusedText, waitingLine, waitsText } from "./approval.texts.ts";
import { type Bill, priceKeptWords, type Spent } from "./bill.texts.ts";
import { sumsText } from "./card-sums.texts.ts";
import { tillKeyboard } from "./keys.chat.ts";
import { whyText } from "./lists.texts.ts";
import type { Visits } from "./lists.ts";
import { moveTexts } from "./move.texts.ts";
import {
  askText,
  cardText,
  changeWords,
  chooseText,
  clock,
  confirmText,
  type Done,
  doneText,
  type Recent,
  undoneText,
} from "./screen.texts.ts";
import type { Screen, Till } from "./screens.ts";
import { closeQuestion, placed } from "./screens.ts";
import { nameOfCard, nameOfPhone, type View, viewOf } from "./view.ts";
import { nobodyText, tillWords } from "./words.texts.ts";

/** What the flows of the till need, as of now. */
export function tillOf(desk: Desk): Till {
  return { bot: desk.bot, db: desk.db, now: desk.now(), rules: desk.shop };
}

/** The bot's address, to be handed to a client who has not linked the card. */
export function botLink(ctx: Context): string {
  return `https://t.me/${ctx.me.username}`;
}

/** Who made the change and who took it back, in words. */
export function doneOf({ screen, names, timeZone }: View): Done {
  const name = (id: number | null) => (id === null ? null : (names.get(id) ?? String(id)));
  const at = (time: Date | null) => (time === null ? null : clock(time, timeZone));
  return {
    action: screen.action,
    points: screen.points ?? 0,
    bill: screen.bill,
    paid: screen.paid,
    reason: screen.reason,
    at: at(screen.doneAt) ?? "",
    by: name(screen.chat) ?? "",
    confirmedBy: name(screen.confirmedBy),
    undoneBy: name(screen.undoneBy),
    undoneAt: at(screen.undoneAt),
  };
}

/** A refusal in HTML, which says whose card it is about. */
export async function aboutCard(desk: Desk, card: number | null, html: string): Promise<string> {
  const client = card === null ? null : await nameOfCard(tillOf(desk), card);
  return client === null ? html : aboutClient(client, html);
}

/** The same by the phone. */
export async function aboutPhone(desk: Desk, phone: string, html: string): Promise<string> {
  return aboutClient(await nameOfPhone(tillOf(desk), phone), html);
}

/** What is said over a screen for a moment: plain text that says whose card it is about. */
export async function overCard(desk: Desk, card: number | null, words: string): Promise<string> {
  const client = card === null ? null : await nameOfCard(tillOf(desk), card);
  return client === null ? words : overClient(client, words);
}

/** The year that dates leave out. */
export function yearOf(now: Date): number {
  return now.getUTCFullYear();
}

/** A card's visits in words. */
export async function whyOf(desk: Desk, { card, visits, openedBy }: Visits): Promise<string> {
  const timeZone = await branchZone(desk.db, desk.shop.companyIds);
  const opened = openedBy !== null && card.openedAt ? { by: openedBy, at: card.openedAt } : null;
  const why = whyText(card, visits, { timeZone, year: yearOf(desk.now()), opened });
  return `${why}\n\n${sumsText(await sumsOf(desk.db, card.id))}`.trim();
}

function screenText(view: View, link: string): string {
  const { screen, card, other } = view;
  const { step, reason } = screen;
  const points = screen.points ?? 0;
  const year = yearOf(view.now);
  const action = screen.action ?? "spend";
  if (step === "closed") return closedText(view);
  if (step === "choose") return chooseText(screen.sought ?? "", view.more);
  if (card === null) return nobodyText(screen.sought ?? "", realPhoneOf(screen.sought ?? "") !== null);
  switch (step) {
    case "ask_bill":
    case "ask_sum":
    case "ask_credit":
      return askText(card, step, view.max, year);
    case "confirm":
      if (other) return moveTexts.confirm(card, other, points, reason);
      return confirmText(card, { ...billOf(view), action, points, reason }, link);
    case "owner":
      return waitsText({ client: card, to: other, action, points, askAbove: view.askAbove });
    case "done":
      return other ? moveTexts.done(card, other, doneOf(view)) : doneText(card, doneOf(view), link);
    case "undone":
      return undoneOf(view) ?? "";
    default:
      return cardText(card, {
        ...billOf(view),
        notes: notesOf(view),
        year,
        botLink: link,
        recent: recentOf(view),
      });
  }
}

/** A screen that is over. One that an owner has refused says so. */
function closedText({ screen, card, other, names }: View): string {
  const { action, points, confirmedBy } = screen;
  if (card === null) return tillWords.closedScreen();
  if (confirmedBy === null || action === null || points === null)
    return aboutClient(card, tillWords.closedScreen());
  const by = names.get(confirmedBy) ?? String(confirmedBy);
  return refusedText({ client: card, to: other, action, points }, by);
}

function notesOf({ kept, waiting, names }: View): string[] {
  return [
    ...kept.map(({ points, paid }) => `⚠️ ${priceKeptWords(points, paid)}`),
    ...waiting.map(({ action, points, chat }) =>
      waitingLine({ action: action ?? "", points: points ?? 0, by: names.get(chat) ?? String(chat) }),
    ),
  ];
}

/** What a change that was taken back says; null when there is no card. */
export function undoneOf(view: View): string | null {
  const { card, other } = view;
  if (card === null) return null;
  return other ? moveTexts.undone(card, other, doneOf(view)) : undoneText(card, doneOf(view));
}

/** What was spent on the screen's bill before, in words. */
export function spentOf({ spent, names, timeZone }: View): Spent[] {
  return spent.map(({ points, paid, chat, doneAt }) => ({
    ...{ points, paid },
    by: names.get(chat) ?? String(chat),
    at: clock(doneAt, timeZone),
  }));
}

function billOf(view: View): Bill {
  const { bill, paid, points } = view.screen;
  const { max, maxPercent, settled } = view;
  return { bill, paid, points, max, maxPercent, settled, spent: spentOf(view) };
}

/** The fresh change that a screen names, in words; not where it is said as one of its bill already. */
function recentOf({ recent, spent, names, timeZone }: View): Recent | null {
  if (recent === null || recent.doneAt === null || spent.some((one) => one.row === recent.row)) return null;
  const by = names.get(recent.chat) ?? String(recent.chat);
  return { change: changeWords(recent.action, recent.points ?? 0), by, at: clock(recent.doneAt, timeZone) };
}

interface Face {
  html: string;
  keyboard: InlineKeyboard;
}

async function faceOf(desk: Desk, ctx: Context, screen: Screen, note: string): Promise<Face> {
  const view = await viewOf(tillOf(desk), screen);
  const text = screenText(view, botLink(ctx));
  return { html: note === "" ? text : `${note}\n\n${text}`, keyboard: tillKeyboard(view) };
}

/** Screens are shown to whom the settings name now; who was an admin when the screen was made may be none any more. */
export function worksHere({ shop }: Desk, chat: number): boolean {
  return shop.adminIds.includes(chat) || shop.ownerIds.includes(chat);
}

const plainLinks = { parse_mode: "HTML", link_preview_options: { is_disabled: true } } as const;

/** Shows a screen in a new message; the one that showed it before loses its buttons, and says `before` where it is given. */
export async function showNew(
  desk: Desk,
  ctx: Context,
  screen: Screen,
  note = "",
  before = "",
): Promise<void> {
  if (!worksHere(desk, screen.chat)) return;
  const { html, keyboard } = await faceOf(desk, ctx, screen, note);
  const sent = await ctx.api.sendMessage(screen.chat, html, { ...plainLinks, reply_markup: keyboard });
  if (screen.bot !== desk.bot) return;
  await placed(tillOf(desk), screen, sent.message_id);
  if (screen.message === null) return;
  const { chat, message } = screen;
  await (before === ""
    ? ctx.api.editMessageReplyMarkup(chat, message)
    : ctx.api.editMessageText(chat, message, before, plainLinks)
  ).catch(quiet(desk, ctx));
}

/** Shows a screen in the message that is tapped or shows it already; in a new one if that is gone. */
export async function showHere(desk: Desk, ctx: Context, screen: Screen, note = ""): Promise<void> {
  const tapped = ctx.chat?.id === screen.chat ? ctx.callbackQuery?.message?.message_id : undefined;
  await showIn(desk, ctx, { ...screen, message: tapped ?? screen.message }, note);
}

async function showIn(desk: Desk, ctx: Context, screen: Screen, note: string): Promise<void> {
  // Another bot's message of that number is not the one that this bot would change.
  const message = screen.bot === desk.bot ? screen.message : null;
  if (message === null) return showNew(desk, ctx, { ...screen, message }, note);
  if (!worksHere(desk, screen.chat)) return;
  const { html, keyboard } = await faceOf(desk, ctx, screen, note);
  try {
    await ctx.api.editMessageText(screen.chat, message, html, { ...plainLinks, reply_markup: keyboard });
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code !== 400) throw error;
    if (/not modified/.test(error.description)) return;
    await showNew(desk, ctx, { ...screen, message: null }, note);
  }
}

/** Another client is looked at: what was asked of the one before is closed, and says so. */
export async function leaveQuestion(desk: Desk, ctx: Context, but: number | null = null): Promise<void> {
  if (ctx.chat === undefined) return;
  const closed = await closeQuestion(tillOf(desk), ctx.chat.id, but);
  for (const screen of closed) if (screen.message !== null) await showThere(desk, ctx, screen);
}

/** Shows a screen that is not the one tapped in its own message; in another's chat it may be that nobody can be reached. */
export async function showThere(desk: Desk, ctx: Context, screen: Screen): Promise<void> {
  await showIn(desk, ctx, screen, "").catch(quiet(desk, ctx));
}

function quiet(desk: Desk, ctx: Context): (error: unknown) => void {
  return (error) =>
    desk.log.debug({ update_id: ctx.update.update_id, err: error }, "a till message stayed as it was");
}
