// Large sums at the till: the question to the owners, and their answer.

import { type Context, InlineKeyboard } from "grammy";
import { authorName, type Desk } from "../chat/desk.ts";
import { escaped } from "../texts/html.ts";
import { agreedText, type Large, ownerText, refusedText } from "./approval.texts.ts";
import { spentWords } from "./bill.texts.ts";
import { overCard, showNew, showThere, tillOf, worksHere } from "./screen.chat.ts";
import { adopt, recallScreen, type Screen } from "./screens.ts";
import { ruleOf } from "./steps.rule.ts";
import { act, type Refused, refuse } from "./till.ts";
import { type View, viewOf } from "./view.ts";
import { tillButtons, tillWords } from "./words.texts.ts";

/** Why a sum could not be taken, in words for the admin. */
export async function wordsOfRefusal(desk: Desk, acted: Refused): Promise<string> {
  switch (acted.kind) {
    case "short":
      return tillWords.short(acted.balance);
    case "over_limit":
      return tillWords.overLimit(acted.screen.action, {
        left: acted.left,
        limit: desk.shop.adminDailyLimit ?? 0,
        can: acted.screen.points ?? 0,
      });
    case "forgotten":
      return tillWords.forgotten();
    default: {
      const last = (await viewOf(tillOf(desk), acted.screen)).bill.spent.at(-1);
      return last ? spentWords(last, acted.screen.bill ?? 0) : tillWords.changed();
    }
  }
}

/** Asks each of these owners. False when none could be reached. */
export async function askOwners(
  desk: Desk,
  ctx: Context,
  screen: Screen,
  owners: number[],
): Promise<boolean> {
  const view = await viewOf(tillOf(desk), screen);
  const html = ownerQuestion(view);
  const markup = { parse_mode: "HTML", reply_markup: ownerKeyboard(view) } as const;
  const sent = await Promise.allSettled(owners.map((owner) => ctx.api.sendMessage(owner, html, markup)));
  return sent.some((one) => one.status === "fulfilled");
}

function ownerKeyboard({ screen }: View): InlineKeyboard {
  const data = (answer: string) => `a:${screen.chat}:${screen.asked}:${screen.rev}:${answer}`;
  return new InlineKeyboard().text(tillButtons.agree, data("yes")).text(tillButtons.refuse, data("no"));
}

function ownerQuestion(view: View): string {
  const large = largeOf(view);
  return large ? ownerText({ ...view.done, ...large }) : "";
}

function largeOf({ screen, card, other }: View): Large | null {
  const { action, points } = screen;
  return card && { client: card, to: other, action: action ?? "spend", points: points ?? 0 };
}

interface OwnerTap {
  chat: number;
  asked: number;
  rev: number;
  yes: boolean;
  /** An earlier release made the button. */
  old: boolean;
}

/** An owner's answer about a large sum. Nobody agrees with themselves. */
export async function tapOwner(desk: Desk, ctx: Context, tap: OwnerTap): Promise<string | null> {
  const owner = ctx.from?.id;
  const till = tillOf(desk);
  // The question is in the owner's chat, so its message is not the screen's own.
  if (tap.old) await adopt(till, { ...tap, message: null });
  const screen = await recallScreen(till, { ...tap, bot: desk.bot });
  if (screen === null || owner === undefined || owner === screen.chat) return tillWords.expired();
  const words = await answerOf(desk, ctx, screen, tap, owner);
  return words && overCard(desk, screen.card, words);
}

async function answerOf(
  desk: Desk,
  ctx: Context,
  screen: Screen,
  tap: OwnerTap,
  owner: number,
): Promise<string | null> {
  const till = tillOf(desk);
  if (screen.rev !== tap.rev || !ruleOf(screen.step).asksOwner) return staleForOwner(desk, ctx, screen);
  const asked = await viewOf(till, screen);
  const question = ownerQuestion(asked);
  const large = largeOf(asked);
  const name = authorName(ctx);
  if (!worksHere(desk, screen.chat)) {
    if (!(await refuse(till, screen, owner))) return staleForOwner(desk, ctx, screen);
    await replace(ctx, `${question}\n\n${tillWords.askerGone()}`);
    return tillWords.askerGone();
  }
  if (!tap.yes) {
    const refused = await refuse(till, screen, owner);
    if (!refused) return staleForOwner(desk, ctx, screen);
    await showNew(desk, ctx, refused, "", large ? refusedText(large, name) : "");
    await replace(ctx, tillWords.refusedByOwner(question, name));
    return null;
  }
  const acted = await act(till, screen, owner);
  const agreed = large ? agreedText(large, name) : "";
  if (acted.kind === "done") {
    await showNew(desk, ctx, acted.screen, "", agreed);
    await replace(ctx, tillWords.answeredByOwner(question, name));
    return tillWords.agreed();
  }
  if (acted.kind === "already" || acted.kind === "changed" || acted.kind === "asks_owner")
    return staleForOwner(desk, ctx, acted.screen);
  const words = await wordsOfRefusal(desk, acted);
  await showNew(desk, ctx, acted.screen, acted.kind === "repeated" ? "" : words, agreed);
  const told =
    acted.kind === "over_limit"
      ? tillWords.overLimitOf(asked.done.by, acted.left, desk.shop.adminDailyLimit ?? 0)
      : words;
  await replace(ctx, `${question}\n\n${escaped(told)}`);
  return told;
}

/**
 * Read anew: another owner's answer may have gone through between the first reading and this one's. Or it was this owner's,
 * and Telegram did not take what it made: so the admin is shown again what was done.
 */
async function staleForOwner(desk: Desk, ctx: Context, before: Screen): Promise<string> {
  await ctx.editMessageReplyMarkup().catch(() => {});
  const screen = (await recallScreen(tillOf(desk), before)) ?? before;
  if (screen.row === null) return tillWords.closed();
  await showThere(desk, ctx, screen);
  return tillWords.alreadyDone((await viewOf(tillOf(desk), screen)).done);
}

async function replace(ctx: Context, html: string): Promise<void> {
  await ctx.editMessageText(html, { parse_mode: "HTML" });
}
