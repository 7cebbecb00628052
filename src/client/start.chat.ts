// The way in: greeting, consent, the contact, the question about a second phone, coming back.

import type { Composer, Context } from "grammy";
import type { Contact, Message, User } from "grammy/types";
import { welcomeBack } from "../cards/back.ts";
import { agree, consentVersion, putOff, screenShown, screenStands } from "../cards/consent.ts";
import { keepCard, type Linked, link, moveTo, type SecondPhone } from "../cards/link.ts";
import { allTexts, type Texts, texts } from "../chat/chat.texts.ts";
import { type Desk, replace, say, textsFor } from "../chat/desk.ts";
import { consentKeyboard, mainKeyboard, moveKeyboard, staffKeyboard } from "../chat/keyboards.ts";
import { setOwnMenu } from "../chat/menu.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { phoneOfContact } from "../rules/phone.ts";
import { isOwner, isStaff } from "../till/till.chat.ts";
import { balanceOf, chatBlocked } from "./account.ts";

/** Adds the handlers of /start, "not now", contacts and the second phone to a composer of private chats. */
export function addStart(chats: Composer<Context>, desk: Desk): void {
  chats.command("start", (ctx) => start(desk, ctx));
  chats.hears(
    allTexts.map((one) => one.buttons.notNow),
    (ctx) => notNow(desk, ctx),
  );
  chats.on("message:contact", (ctx) => contact(desk, ctx, ctx.message));
  chats.callbackQuery(/^move:(yes|no):([\w-]{1,50})$/, (ctx) =>
    secondPhone(desk, ctx, ctx.match[1] === "yes", ctx.match[2] ?? ""),
  );
}

async function start(desk: Desk, ctx: Context): Promise<void> {
  const id = ctx.from?.id;
  if (id === undefined) return;
  const t = textsFor(ctx);
  // Telegram takes no menu for a chat that was never started, so this may be the first chance.
  await setOwnMenu(ctx.api, desk.shop, id).catch((err) =>
    desk.log.warn(
      { update_id: ctx.update.update_id, err },
      "the menu of one who works here could not be set",
    ),
  );
  const hello = (words: string) =>
    isStaff(desk, ctx) ? `${words}\n\n${staffTexts.youAre(isOwner(desk, ctx))}` : words;
  // Telegram's name, not the card's: that one may be of whoever had the number before.
  const back = await welcomeBack(desk.db, id);
  if (back)
    return say(
      ctx,
      hello(t.welcomeBack({ ...back, name: ctx.from?.first_name ?? null })),
      mainKeyboard(t, desk.shop, isStaff(desk, ctx)),
    );
  const card = await balanceOf(desk.db, id);
  if (card)
    return say(
      ctx,
      hello(t.hello({ ...card, name: ctx.from?.first_name ?? null })),
      mainKeyboard(t, desk.shop, isStaff(desk, ctx)),
    );
  const title = desk.shop.title();
  if (isStaff(desk, ctx)) {
    const words = `${hello(staffTexts.greeting(title))}\n\n${staffTexts.ownCard()}`;
    return say(ctx, words, staffKeyboard(t));
  }
  await say(ctx, t.greeting({ ...desk.shop, title }));
  await showConsent(desk, ctx);
}

/** The consent screen, as its own message. That it was shown is kept only once Telegram has it. */
export async function showConsent(desk: Desk, ctx: Context): Promise<void> {
  if (ctx.from === undefined) return;
  const t = textsFor(ctx);
  const words = consentWords(desk, t);
  await say(ctx, words, consentKeyboard(t));
  await screenShown(desk.db, ctx.from.id, consentVersion(words), desk.now());
}

function consentWords({ shop }: Desk, t: Texts): string {
  return t.consent({ legalName: shop.legalName ?? shop.title(), policyUrl: shop.policyUrl });
}

async function notNow(desk: Desk, ctx: Context): Promise<void> {
  if (ctx.from === undefined) return;
  await putOff(desk.db, ctx.from.id);
  const t = textsFor(ctx);
  if (isStaff(desk, ctx)) {
    const card = await balanceOf(desk.db, ctx.from.id);
    const keyboard = card ? mainKeyboard(t, desk.shop, true) : staffKeyboard(t);
    return say(ctx, staffTexts.notNow(), keyboard);
  }
  await say(ctx, t.notNow(), mainKeyboard(t, desk.shop, isStaff(desk, ctx)));
}

/**
 * What a message has that was not made by its sender's button just now: forwarded, in Telegram's words of today and in
 * those that older Bot API servers still use; written by a bot, a channel or a business in their name.
 */
const secondHand = [
  ...["forward_origin", "forward_from", "forward_from_chat", "forward_sender_name", "forward_date"],
  ...["forward_from_message_id", "forward_signature", "is_automatic_forward", "external_reply", "quote"],
  ...["via_bot", "sender_chat", "sender_business_bot", "business_connection_id"],
];

/** A contact of the past proves a number of the past: it may be somebody else's by now. A reply to the question is none. */
function isOwn(message: Message & { contact: Contact }, from: User): boolean {
  return message.contact.user_id === from.id && !secondHand.some((field) => field in message);
}

/** Only the sender's own number counts: never somebody else's, never a typed one. */
async function contact(desk: Desk, ctx: Context, message: Message & { contact: Contact }): Promise<void> {
  const { from } = ctx;
  if (from === undefined) return;
  if (!isOwn(message, from)) return foreignContact(desk, ctx, from.id);
  const shared = message.contact;
  const t = textsFor(ctx);
  const phone = phoneOfContact(shared.phone_number);
  if (phone === null) return say(ctx, t.unreadablePhone(), mainKeyboard(t, desk.shop, isStaff(desk, ctx)));
  const [now, version] = [desk.now(), consentVersion(consentWords(desk, t))];
  if (!(await agree(desk.db, from.id, version, now))) return showConsent(desk, ctx);
  const proof = { ...accountOf(from), phone, version, now, veil: desk.veil };
  const done = await link(desk.db, proof);
  if (done.kind === "no_consent") return showConsent(desk, ctx);
  if (done.kind === "second_phone") return askAboutSecondPhone(ctx, done);
  await tellPrevious(desk, ctx, done);
  await say(ctx, t.linked(done), mainKeyboard(t, desk.shop, isStaff(desk, ctx)));
}

function accountOf({ id, first_name, language_code }: User) {
  return { telegramId: id, firstName: first_name || null, language: language_code ?? null };
}

async function foreignContact(desk: Desk, ctx: Context, id: number): Promise<void> {
  const t = textsFor(ctx);
  const card = await balanceOf(desk.db, id);
  if (card) return say(ctx, t.foreignContactOfLinked(card), mainKeyboard(t, desk.shop, isStaff(desk, ctx)));
  const version = consentVersion(consentWords(desk, t));
  if (await screenStands(desk.db, id, version, desk.now()))
    return say(ctx, t.foreignContact(), consentKeyboard(t));
  await say(ctx, t.foreignContact());
  await showConsent(desk, ctx);
}

async function askAboutSecondPhone(ctx: Context, asked: SecondPhone): Promise<void> {
  const t = textsFor(ctx);
  // The consent keyboard may still be there; a message carries one keyboard, and this one needs its buttons.
  await say(ctx, t.secondPhone(asked.from, asked.to), moveKeyboard(t, asked.question));
}

async function secondPhone(desk: Desk, ctx: Context, yes: boolean, question: string): Promise<void> {
  const { from } = ctx;
  if (from === undefined) return;
  const t = textsFor(ctx);
  const now = desk.now();
  if (!yes) {
    const closed = await keepCard(desk.db, from.id, question, now);
    // What the first tap said stays to be read.
    return closed ? replace(ctx, t.notMoved()) : answerAgain(desk, ctx, from.id);
  }
  const done = await moveTo(desk.db, {
    ...accountOf(from),
    question,
    now,
    veil: desk.veil,
  });
  if (done.kind === "closed") return answerAgain(desk, ctx, from.id);
  await tellPrevious(desk, ctx, done);
  await replace(ctx, t.moved(done.moved, done, done.journal));
}

/** A second tap, or a tap delivered twice: what the card holds is the answer either way. */
async function answerAgain(desk: Desk, ctx: Context, id: number): Promise<void> {
  const t = textsFor(ctx);
  const card = await balanceOf(desk.db, id);
  await say(ctx, card ? `${t.oldQuestion()} ${t.balance(card)}` : t.oldQuestion());
}

/** The account before learns it; if it has gone or blocked the bot, that changes nothing here. */
async function tellPrevious(desk: Desk, ctx: Context, { previous, phone }: Linked): Promise<void> {
  if (previous === null) return;
  // It may have proved the phone again meanwhile.
  if ((await balanceOf(desk.db, previous))?.phone === phone) return;
  // Nothing is kept about an account's language: Russian first.
  const words = texts(undefined).movedAway(desk.shop.supportPhone);
  try {
    await ctx.api.sendMessage(previous, words, { parse_mode: "HTML" });
  } catch (error) {
    desk.log.warn({ update_id: ctx.update.update_id, err: error }, "the account before could not be told");
  }
}

/** A person blocked the bot or came back. What happened meanwhile is said at once, if anything did. */
export async function memberChanged(desk: Desk, ctx: Context): Promise<void> {
  const change = ctx.myChatMember;
  if (change === undefined || change.chat.type !== "private") return;
  const id = change.chat.id;
  if (change.new_chat_member.status === "kicked") return chatBlocked(desk.db, id, desk.now());
  const back = await welcomeBack(desk.db, id);
  const t = textsFor(ctx);
  if (back && back.rows > 0)
    await say(
      ctx,
      t.welcomeBack({ ...back, name: ctx.from?.first_name ?? null }),
      mainKeyboard(t, desk.shop, isStaff(desk, ctx)),
    );
}
