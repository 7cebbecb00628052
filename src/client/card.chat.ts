// What a person asks about their card and the salon, and the answer to everything else they write.

import { type Composer, type Context, type FilterQuery, InlineKeyboard } from "grammy";
import { asksToSpend } from "../chat/asks.texts.ts";
import { allTexts, type Texts } from "../chat/chat.texts.ts";
import { type Desk, say, textsFor } from "../chat/desk.ts";
import { hasContacts, linkKeyboard, mainKeyboard } from "../chat/keyboards.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { isStaff } from "../till/till.chat.ts";
import { balanceOf } from "./account.ts";
import { pastKeyboard } from "./history.chat.ts";
import { dataTexts } from "./mydata.texts.ts";
import { showConsent } from "./start.chat.ts";
import { whyTexts } from "./why.texts.ts";

type Handler = (desk: Desk, ctx: Context) => Promise<void>;

/** Whatever a person sends that is not words; `message:file` is photos, voices, videos, documents and stickers. */
const notWords: FilterQuery[] = [
  "message:file",
  "message:location",
  "message:poll",
  "message:dice",
  "message:story",
];

/** Adds the handlers of the card to a composer of private chats; the last of them take anything. */
export function addCard(chats: Composer<Context>, desk: Desk): void {
  const { bookUrl } = desk.shop;
  const add = (command: string, key: keyof Texts["buttons"] | null, handler: Handler) => {
    chats.command(command, (ctx) => handler(desk, ctx));
    if (key === null) return;
    const labels = allTexts.map((one) => one.buttons[key]);
    chats.hears(labels, (ctx) => handler(desk, ctx));
  };
  add("balance", "balance", balance);
  add("help", "help", help);
  add("id", null, (_, ctx) => showId(ctx));
  if (bookUrl !== null) add("book", "book", (_, ctx) => book(ctx, bookUrl));
  if (hasContacts(desk.shop)) {
    add("contacts", "contacts", contacts);
    chats.callbackQuery("contacts", (ctx) => contacts(desk, ctx));
  }
  chats.on("message:text", (ctx) => unknown(desk, ctx));
  const albums = new Albums();
  chats.on(notWords, async (ctx) => {
    const { media_group_id: album, message_id } = ctx.message ?? {};
    if (album !== undefined && !albums.begins(album, message_id ?? 0)) return;
    await answerNotWords(desk, ctx);
  });
}

/**
 * Each picture of an album is a message of its own; one answer is enough. The one that was answered may come again, when
 * Telegram did not take the answer. Kept in memory: another replica answers for itself.
 */
class Albums {
  readonly #begun = new Map<string, number>();

  /** Whether this message is the one of its album that is answered: the first that came. */
  begins(album: string, message: number): boolean {
    const first = this.#begun.get(album);
    if (first !== undefined) return first === message;
    this.#begun.set(album, message);
    const [oldest] = this.#begun.keys();
    if (this.#begun.size > mostAlbums && oldest !== undefined) this.#begun.delete(oldest);
    return true;
  }
}

/** Albums whose pictures may still be coming; the oldest is forgotten first. */
const mostAlbums = 1_000;

async function balance(desk: Desk, ctx: Context): Promise<void> {
  if (ctx.from === undefined) return;
  const card = await balanceOf(desk.db, ctx.from.id);
  if (!card) return showConsent(desk, ctx);
  const t = textsFor(ctx);
  await say(ctx, t.balance(card), pastKeyboard(ctx.from.language_code));
}

async function showId(ctx: Context): Promise<void> {
  if (ctx.from) await say(ctx, textsFor(ctx).id(ctx.from.id));
}

async function help(desk: Desk, ctx: Context): Promise<void> {
  const t = textsFor(ctx);
  await say(ctx, t.help(desk.shop), helpKeyboard(desk, ctx));
}

function helpKeyboard(desk: Desk, ctx: Context): InlineKeyboard {
  const language = ctx.from?.language_code;
  const keyboard = new InlineKeyboard()
    .text(whyTexts(language).why, "why")
    .text(dataTexts(language).buttons.open, "mydata")
    .row();
  return hasContacts(desk.shop) ? keyboard.text(whyTexts(language).contact, "contacts") : keyboard;
}

async function book(ctx: Context, url: string): Promise<void> {
  const t = textsFor(ctx);
  await say(ctx, t.book(), linkKeyboard(t.buttons.bookOnline, url));
}

async function contacts(desk: Desk, ctx: Context): Promise<void> {
  const { supportPhone, mapUrl } = desk.shop;
  const t = textsFor(ctx);
  const words = t.contacts({ title: desk.shop.title(), supportPhone });
  await say(ctx, words, mapUrl === null ? undefined : linkKeyboard(t.buttons.map, mapUrl));
}

async function unknown(desk: Desk, ctx: Context): Promise<void> {
  if (ctx.from === undefined) return;
  const text = ctx.message?.text ?? "";
  // What those who work here write has been to the till: commands and dead keys are left.
  if (isStaff(desk, ctx)) return say(ctx, unknownOfStaff(text));
  const t = textsFor(ctx);
  const card = await balanceOf(desk.db, ctx.from.id);
  const spend = asksToSpend(text);
  // To a stranger without a keyboard: theirs may be the consent's, whose button must stay.
  if (!card) return say(ctx, spend ? t.spendOfStranger() : t.unknownToStranger());
  await say(ctx, spend ? t.spend() : t.unknown(), mainKeyboard(t, desk.shop, false));
}

/** `/credit89001234567 100` is one word to Telegram, and no command. */
function unknownOfStaff(text: string): string {
  const [, command, rest] = /^(\/(?:credit|debit|move|why))(\d.*)$/.exec(text) ?? [];
  if (command === undefined || rest === undefined) return staffTexts.unknownCommand();
  return staffTexts.glued(`${command} ${rest}`);
}

async function answerNotWords(desk: Desk, ctx: Context): Promise<void> {
  if (ctx.from === undefined) return;
  if (isStaff(desk, ctx)) return say(ctx, staffTexts.notWords());
  const t = textsFor(ctx);
  const card = await balanceOf(desk.db, ctx.from.id);
  if (!card) return say(ctx, t.unknownToStranger());
  await say(ctx, t.notWords(desk.shop.supportPhone), mainKeyboard(t, desk.shop, false));
}
