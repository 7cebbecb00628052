// "My data": what is stored of a person, letting go of the card, and being forgotten. Nothing goes without a question.

import { type Composer, type Context, InlineKeyboard, InputFile } from "grammy";
import { forget, unlink } from "../cards/forget.ts";
import { type Desk, replace, say } from "../chat/desk.ts";
import { asPlain, inMessages } from "../texts/long.ts";
import { balanceOf } from "./account.ts";
import { dataTexts } from "./mydata.texts.ts";
import { dataOf, othersOf } from "./mydata.ts";

/** A question asked longer ago than this is not answered by an old button, in seconds. */
const askedFor = 3_600;

/** Adds /mydata, /unlink, /forget and their buttons to a composer of private chats. */
export function addData(chats: Composer<Context>, desk: Desk): void {
  chats.command("mydata", (ctx) => showAll(desk, ctx));
  chats.command("unlink", (ctx) => askToUnlink(desk, ctx));
  chats.command("forget", (ctx) => askToForget(desk, ctx));
  chats.callbackQuery("mydata", (ctx) => menu(desk, ctx));
  chats.callbackQuery("mydata:show", (ctx) => showAll(desk, ctx));
  chats.callbackQuery("unlink", (ctx) => askToUnlink(desk, ctx));
  chats.callbackQuery("forget", (ctx) => askToForget(desk, ctx));
  chats.callbackQuery("mydata:no", (ctx) => replace(ctx, textsOf(ctx).kept()));
  chats.callbackQuery(/^(unlink|forget):(\d{1,15}):(\d{1,12})$/, async (ctx) => {
    const [, what, card, asked] = ctx.match;
    const age = desk.now().getTime() / 1000 - Number(asked);
    if (age > askedFor) return replace(ctx, textsOf(ctx).stale());
    await (what === "unlink" ? doUnlink(desk, ctx, Number(card)) : doForget(desk, ctx, Number(card)));
  });
}

function textsOf(ctx: Context) {
  return dataTexts(ctx.from?.language_code);
}

/** What can be done with one's data; leaves out what needs a card where there is none. */
function choices(ctx: Context, linked: boolean, show: boolean): InlineKeyboard {
  const { buttons } = textsOf(ctx);
  const keyboard = new InlineKeyboard();
  if (show) keyboard.text(buttons.show, "mydata:show").row();
  if (linked) keyboard.text(buttons.unlink, "unlink");
  return keyboard.text(buttons.forget, "forget");
}

async function menu(desk: Desk, ctx: Context): Promise<void> {
  if (ctx.from === undefined) return;
  const card = await balanceOf(desk.db, ctx.from.id);
  await replace(ctx, textsOf(ctx).menu(), choices(ctx, card !== null, true));
}

async function showAll(desk: Desk, ctx: Context): Promise<void> {
  if (ctx.from === undefined) return;
  const t = textsOf(ctx);
  const data = await dataOf(desk.db, ctx.from.id);
  const messages = inMessages(t.everything(data, desk.shop));
  const [only = "", ...more] = messages;
  const keyboard = choices(ctx, data.card !== null, false);
  if (more.length === 0) return say(ctx, only, keyboard);
  // More than one message in a row nobody reads.
  for (const message of inMessages([...t.person(data), `\n${t.file}`])) await say(ctx, message);
  // Each of those messages takes its time, and the card may have gone to another account.
  const still = await balanceOf(desk.db, ctx.from.id);
  if (still?.id !== data.card?.id) return say(ctx, t.stale());
  const text = new TextEncoder().encode(asPlain(messages.join("\n\n")));
  await ctx.replyWithDocument(new InputFile(text, "my-data.txt"), { reply_markup: keyboard });
}

/** The button names the card and the moment: an old one does nothing to a newer card. */
function confirmation(desk: Desk, ctx: Context, what: "unlink" | "forget", card: number): InlineKeyboard {
  const { buttons } = textsOf(ctx);
  const asked = Math.floor(desk.now().getTime() / 1000);
  const keyboard = new InlineKeyboard()
    .text(what === "unlink" ? buttons.reallyUnlink : buttons.reallyForget, `${what}:${card}:${asked}`)
    .row();
  if (what === "forget" && card !== 0) keyboard.text(buttons.unlink, "unlink");
  return keyboard.text(buttons.no, "mydata:no");
}

async function askToUnlink(desk: Desk, ctx: Context): Promise<void> {
  if (ctx.from === undefined) return;
  const t = textsOf(ctx);
  const card = await balanceOf(desk.db, ctx.from.id);
  if (!card) return replace(ctx, t.notLinked());
  await replace(ctx, t.unlink(card), confirmation(desk, ctx, "unlink", card.id));
}

async function doUnlink(desk: Desk, ctx: Context, card: number): Promise<void> {
  if (ctx.from === undefined) return;
  const t = textsOf(ctx);
  const done = await unlink(desk.db, ctx.from.id, card);
  await replace(ctx, done ? t.unlinked(done) : t.notLinked());
}

async function askToForget(desk: Desk, ctx: Context): Promise<void> {
  if (ctx.from === undefined) return;
  const t = textsOf(ctx);
  const card = await balanceOf(desk.db, ctx.from.id);
  const others = await othersOf(desk.db, ctx.from.id);
  const words = card ? t.forget(card, others) : t.forgetStranger(others);
  await replace(ctx, words, confirmation(desk, ctx, "forget", card?.id ?? 0));
}

async function doForget(desk: Desk, ctx: Context, card: number): Promise<void> {
  if (ctx.from === undefined) return;
  const t = textsOf(ctx);
  const letGo = card === 0 && (await othersOf(desk.db, ctx.from.id)).length > 0;
  const how = { now: desk.now(), veil: desk.veil };
  const done = await forget(desk.db, ctx.from.id, card === 0 ? null : card, how);
  if (done === null) return replace(ctx, t.stale());
  if (letGo) return replace(ctx, t.forgottenLetGo());
  await replace(ctx, card === 0 ? t.forgottenStranger() : t.forgotten(done.kept));
}
