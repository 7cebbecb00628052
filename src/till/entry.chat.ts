// What an admin writes at the till: phones, bills, digits, contacts, commands, sums that a screen waits for.

import type { Context, NextFunction } from "grammy";
import { allTexts } from "../chat/chat.texts.ts";
import { type Desk, say } from "../chat/desk.ts";
import { phoneOf, phoneOfContact } from "../rules/phone.ts";
import { type Visits, visitsOfDigits, visitsOfPhone } from "./lists.ts";
import { moveWords } from "./move.texts.ts";
import {
  aboutCard,
  aboutPhone,
  leaveQuestion,
  showHere,
  showNew,
  showThere,
  tillOf,
  whyOf,
} from "./screen.chat.ts";
import { openScreen, recallScreen, type Screen, type Wanted, withdraw } from "./screens.ts";
import { type Entry, readChange, readEntry, readMove, refusedReason } from "./till.rule.ts";
import { closeWaiting, screenTypedBy, type Typed, typeAnew, typeSum, waitingScreen } from "./typed.ts";
import { viewOf } from "./view.ts";
import { tillWords } from "./words.texts.ts";

/** Any text of an admin; keys of the keyboard and commands are for whoever comes next. */
export async function tillText(desk: Desk, ctx: Context, next: NextFunction): Promise<void> {
  const { text = "", message_id = 0, reply_to_message } = ctx.msg ?? {};
  if (ctx.chat === undefined || text.startsWith("/") || isKey(text)) return next();
  // Delivered once more, a sum must not fill in the next screen that waits for one.
  const filled = await screenTypedBy(tillOf(desk), ctx.chat.id, message_id);
  if (filled) return showHere(desk, ctx, filled);
  const entry = readEntry(text);
  if (!isNextClient(entry)) {
    const waiting = await waitingScreen(tillOf(desk), ctx.chat.id, reply_to_message?.message_id);
    if (waiting) {
      const typed = await typeSum(tillOf(desk), waiting, message_id, text);
      return answerTyped(desk, ctx, waiting.card, typed, false);
    }
  }
  await answerEntry(desk, ctx, entry, false);
}

/** An edited message: answered anew if it was not acted on, said so if it was. */
export async function tillEdited(desk: Desk, ctx: Context): Promise<void> {
  const { text = "", message_id = 0 } = ctx.msg ?? {};
  if (ctx.chat === undefined) return;
  const filled = await screenTypedBy(tillOf(desk), ctx.chat.id, message_id);
  if (filled) {
    const typed = await typeAnew(tillOf(desk), filled, message_id, text);
    return answerTyped(desk, ctx, filled.card, typed, true);
  }
  const before = await recallScreen(tillOf(desk), { bot: desk.bot, chat: ctx.chat.id, asked: message_id });
  await answerEdited(desk, ctx, text);
  // A button of what the message does not say any more would be one too many.
  const closed = before && (await withdraw(tillOf(desk), before));
  if (closed) await showHere(desk, ctx, closed);
}

async function answerEdited(desk: Desk, ctx: Context, text: string): Promise<void> {
  const [, command, rest = ""] = /^\/(credit|debit|move|why)(?:@\w+)?(?:\s+(.*))?$/s.exec(text) ?? [];
  if (command === "move") return tillMove(desk, ctx, rest, true);
  if (command === "credit" || command === "debit") return tillChange(desk, ctx, command, rest, true);
  if (command === "why") return tillWhy(desk, ctx, rest, async () => {});
  const entry = readEntry(text);
  if (entry.kind !== "other" && !text.startsWith("/")) await answerEntry(desk, ctx, entry, true);
}

function isKey(text: string): boolean {
  return allTexts.some((one) => Object.values(one.buttons).some((label) => label === text));
}

/** While a sum is waited for, ten digits are the next client, not points. */
function isNextClient(entry: Entry): boolean {
  return (
    ["phone", "bad_bill", "bad_phone"].includes(entry.kind) ||
    (entry.kind === "digits" && entry.bill !== null)
  );
}

async function answerEntry(desk: Desk, ctx: Context, entry: Entry, edited: boolean): Promise<void> {
  switch (entry.kind) {
    case "phone":
      return open(desk, ctx, { by: "phone", phone: entry.phone, bill: entry.bill }, edited);
    case "digits":
      return open(desk, ctx, { by: "digits", digits: entry.digits, bill: entry.bill }, edited);
    case "number":
      return say(ctx, tillWords.bareNumber(entry.value));
    case "bad_bill":
      return refuse(desk, ctx, entry.phone, tillWords.badBill(entry.written));
    case "bad_phone":
      return refuse(desk, ctx, null, tillWords.badPhone(entry.written, entry.short));
    case "name":
      return say(ctx, tillWords.notByName());
    default:
      return say(ctx, tillWords.unknown());
  }
}

/** Another client was named and could not be shown: what was asked of the one before is not meant any more. */
async function refuse(desk: Desk, ctx: Context, phone: string | null, html: string): Promise<void> {
  await leaveQuestion(desk, ctx);
  await say(ctx, phone === null ? html : await aboutPhone(desk, phone, html));
}

/** `card` is whose the sum was typed for. */
async function answerTyped(
  desk: Desk,
  ctx: Context,
  card: number | null,
  typed: Typed,
  edited: boolean,
): Promise<void> {
  if (typed.kind === "screen")
    return edited ? showHere(desk, ctx, typed.screen) : showNew(desk, ctx, typed.screen);
  if (typed.kind === "acted") return sayActed(desk, ctx, typed.screen);
  await say(ctx, await aboutCard(desk, card, wordsOfTyped(typed)));
}

function wordsOfTyped(typed: Exclude<Typed, { screen: Screen }>): string {
  switch (typed.kind) {
    case "too_much":
      return tillWords.tooMuch(typed.max);
    case "bad_reason":
      return tillWords.badReason(typed.why);
    case "not_whole":
      return tillWords.notWhole();
    case "gone":
      return tillWords.changed();
    default:
      return tillWords.notASum();
  }
}

async function open(desk: Desk, ctx: Context, wanted: Wanted, edited: boolean): Promise<void> {
  if (ctx.chat === undefined || ctx.msg === undefined) return;
  const key = { bot: desk.bot, chat: ctx.chat.id, asked: ctx.msg.message_id };
  const opened = await openScreen(tillOf(desk), key, wanted, edited);
  if (opened.kind !== "answered" && opened.kind !== "acted") await leaveQuestion(desk, ctx, key.asked);
  switch (opened.kind) {
    case "screen":
      return showOpened(desk, ctx, opened);
    case "acted":
      return sayActed(desk, ctx, opened.screen);
    case "no_card":
      return say(ctx, moveWords.noCard(opened.phone));
    case "empty":
      return say(ctx, await aboutCard(desk, opened.card, tillWords.empty(opened.action, opened.balance)));
    case "nobody":
      if (wanted.by === "digits") await say(ctx, tillWords.nobodyEndsSo(wanted.digits));
  }
}

async function sayActed(desk: Desk, ctx: Context, screen: Screen): Promise<void> {
  const words = tillWords.acted((await viewOf(tillOf(desk), screen)).done);
  await say(ctx, await aboutCard(desk, screen.card, words));
}

function showOpened(
  desk: Desk,
  ctx: Context,
  { screen, cut }: { screen: Screen; cut: boolean },
): Promise<void> {
  const note = cut ? tillWords.cut(screen.action, screen.points ?? 0) : "";
  return screen.message === null ? showNew(desk, ctx, screen, note) : showHere(desk, ctx, screen, note);
}

/** Opens the till's screen of a card: for a scanned one. */
export function openCardScreen(desk: Desk, ctx: Context, card: number): Promise<void> {
  return open(desk, ctx, { by: "card", card, bill: null }, false);
}

/** Somebody's contact opens the client; the own one links the own card, which is not the till's. */
export async function tillContact(desk: Desk, ctx: Context, next: NextFunction): Promise<void> {
  const contact = ctx.msg?.contact;
  if (!contact || contact.user_id === ctx.from?.id) return next();
  // A number out of an address book is spelled as people spell them; an account's own is always international.
  const spelled = contact.user_id === undefined ? phoneOf : phoneOfContact;
  const phone = spelled(contact.phone_number);
  if (phone === null) return refuse(desk, ctx, null, tillWords.unreadablePhone());
  await open(desk, ctx, { by: "phone", phone, bill: null }, false);
}

/** `/credit` and `/debit` in one line: the second screen at once. */
export async function tillChange(
  desk: Desk,
  ctx: Context,
  action: "credit" | "debit",
  text: string,
  edited = false,
): Promise<void> {
  if (text.trim() === "") return say(ctx, tillWords.usage(action));
  const change = readChange(text);
  switch (change.kind) {
    case "no_phone":
      return say(ctx, tillWords.noPhone(action));
    case "no_points":
      return refuse(desk, ctx, change.phone, tillWords.noPoints(action));
    case "bad_points":
      return refuse(desk, ctx, change.phone, tillWords.badPoints(action));
    default: {
      const why = refusedReason(change.reason ?? "");
      if (why) return refuse(desk, ctx, change.phone, tillWords.badReason(why));
      const { phone, points, reason } = change;
      return open(desk, ctx, { by: "change", phone, action, points, reason }, edited);
    }
  }
}

/** `/move phone phone [points [reason]]`: from the first card to the second. */
export function tillMove(desk: Desk, ctx: Context, text: string, edited = false): Promise<void> {
  const move = readMove(text);
  switch (move.kind) {
    case "no_phones":
      return say(ctx, moveWords.usage());
    case "same_phone":
      return refuse(desk, ctx, move.from, moveWords.samePhone());
    case "bad_points":
      return refuse(desk, ctx, move.from, moveWords.badPoints());
    default: {
      const why = refusedReason(move.reason ?? "");
      if (why) return refuse(desk, ctx, move.from, tillWords.badReason(why));
      const { from, to, points, reason } = move;
      return open(desk, ctx, { by: "move", from, to, points, reason }, edited);
    }
  }
}

/** `/why phone`, or its last four digits; without a phone it is the admin's own card that is asked about. */
export async function tillWhy(desk: Desk, ctx: Context, text: string, next: NextFunction): Promise<void> {
  if (text.trim() === "") return next();
  const entry = readEntry(text);
  const found = await visitsNamed(desk, entry);
  if (found === undefined) return say(ctx, tillWords.whyUsage());
  if (found === "several") return say(ctx, tillWords.severalEndSo(text.trim()));
  if (!found) return say(ctx, tillWords.noCard());
  await say(ctx, await whyOf(desk, found));
}

/** Undefined when it names nobody. */
async function visitsNamed(desk: Desk, entry: Entry): Promise<Visits | "several" | null | undefined> {
  if (entry.kind === "phone") return visitsOfPhone(tillOf(desk), entry.phone);
  return entry.kind === "digits" ? visitsOfDigits(tillOf(desk), entry.digits) : undefined;
}

/** `/cancel` closes what waits. */
export async function tillCancel(desk: Desk, ctx: Context): Promise<void> {
  if (ctx.chat === undefined) return;
  const closed = await closeWaiting(tillOf(desk), ctx.chat.id);
  for (const screen of closed) await showThere(desk, ctx, screen);
  await say(ctx, closed.length > 0 ? tillWords.cancelled() : tillWords.nothingToCancel());
}
