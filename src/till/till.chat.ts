// The till: whose messages and taps it takes. A menu's scope is display: each update is checked against the settings.

import type { Composer, Context } from "grammy";
import { allTexts } from "../chat/chat.texts.ts";
import { answerTap, authorName, type Desk, say } from "../chat/desk.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { tapOwner } from "./approval.chat.ts";
import {
  openCardScreen,
  tillCancel,
  tillChange,
  tillContact,
  tillEdited,
  tillMove,
  tillText,
  tillWhy,
} from "./entry.chat.ts";
import { tillOf } from "./screen.chat.ts";
import { nameOfStaff } from "./screens.ts";
import { tapTill } from "./taps.chat.ts";

/**
 * What a button of the till sends: the screen, the state it was shown in, what to do, and a number. `t` and `mv` are of
 * releases whose screens did not say which bot's they are.
 */
const tillTap = /^(s|t|mv):(\d{1,15}):(\d{1,9}):([a-z]+)(?:-(\d{1,15}))?(?:-\d{1,15})?$/;
/** What an owner's button sends: the admin's chat, the screen, its state, and the answer. `o` is of those releases. */
const ownerTap = /^(a|o):(\d{1,15}):(\d{1,15}):(\d{1,9}):(yes|no)$/;

/** Whether an admin or an owner sent this. */
export function isStaff({ shop }: Desk, ctx: Context): boolean {
  const id = ctx.from?.id ?? 0;
  return shop.adminIds.includes(id) || shop.ownerIds.includes(id);
}

/** Whether an owner sent this. */
export function isOwner({ shop }: Desk, ctx: Context): boolean {
  return shop.ownerIds.includes(ctx.from?.id ?? 0);
}

/** Whether the till will answer this tap itself: it has something to say over the screen. */
export function answersTap(desk: Desk, ctx: Context): boolean {
  const data = ctx.callbackQuery?.data ?? "";
  if (ctx.chat?.type !== "private") return false;
  return (tillTap.test(data) && isStaff(desk, ctx)) || (ownerTap.test(data) && isOwner(desk, ctx));
}

/** Adds the till's handlers to a composer of private chats, before the clients' ones: what is not theirs goes on. */
export function addTill(chats: Composer<Context>, desk: Desk): void {
  const staff = chats.filter((ctx) => isStaff(desk, ctx));
  staff.use(async (ctx, next) => {
    if (ctx.from) await nameOfStaff(tillOf(desk), ctx.from.id, authorName(ctx));
    await next();
  });
  staff.callbackQuery(tillTap, (ctx) => {
    const [, release, asked, rev, button = "", about = 0] = ctx.match;
    const tap = {
      asked: Number(asked),
      rev: Number(rev),
      button,
      about: Number(about),
      old: release !== "s",
    };
    return answered(desk, ctx, () => tapTill(desk, ctx, tap));
  });
  staff
    .filter((ctx) => isOwner(desk, ctx))
    .callbackQuery(ownerTap, (ctx) => {
      const [, release, chat, asked, rev, answer] = ctx.match;
      const tap = {
        ...{ chat: Number(chat), asked: Number(asked), rev: Number(rev) },
        ...{ yes: answer === "yes", old: release !== "a" },
      };
      return answered(desk, ctx, () => tapOwner(desk, ctx, tap));
    });
  staff.command("credit", (ctx) => tillChange(desk, ctx, "credit", ctx.match));
  staff.command("debit", (ctx) => tillChange(desk, ctx, "debit", ctx.match));
  staff.command("move", (ctx) => tillMove(desk, ctx, ctx.match));
  staff.command("cancel", (ctx) => tillCancel(desk, ctx));
  staff.command("why", (ctx, next) => tillWhy(desk, ctx, ctx.match, next));
  staff.command("help", (ctx) => say(ctx, staffTexts.help(isOwner(desk, ctx))));
  staff.hears(
    allTexts.map((one) => one.buttons.help),
    (ctx) => say(ctx, staffTexts.help(isOwner(desk, ctx))),
  );
  staff.on("message:contact", (ctx, next) => tillContact(desk, ctx, next));
  staff.on("edited_message:text", (ctx) => tillEdited(desk, ctx));
  staff.on("message:text", (ctx, next) => tillText(desk, ctx, next));
}

/** Opens the till's view of a card for an admin or owner; for anybody else nothing happens. */
export async function openCard(desk: Desk, ctx: Context, cardId: number): Promise<void> {
  if (ctx.from === undefined || ctx.chat?.type !== "private" || !isStaff(desk, ctx)) return;
  await nameOfStaff(tillOf(desk), ctx.from.id, authorName(ctx));
  await openCardScreen(desk, ctx, cardId);
}

/** Every tap is answered, whatever becomes of it. */
async function answered(desk: Desk, ctx: Context, tapped: () => Promise<string | null>): Promise<void> {
  let words: string | null = null;
  try {
    words = await tapped();
  } finally {
    await answerTap(desk, ctx, words);
  }
}
