// The owners' button under a refunded visit: gives back what was spent on it.

import type { Composer, Context } from "grammy";
import { authorName, type Desk, replace, say } from "../chat/desk.ts";
import { branchZone } from "../visits/zone.ts";
import { refundText, refundWords } from "./refunds.texts.ts";
import { giveBack, type Refunded } from "./refunds.ts";
import { tillOf, yearOf } from "./screen.chat.ts";
import { clock } from "./screen.texts.ts";
import { nameOfStaff } from "./screens.ts";

const refundTap = /^rf:(\d{1,15})$/;

/** Adds it to a composer of private chats: owners alone are answered, at every tap anew. */
export function addRefunds(chats: Composer<Context>, desk: Desk): void {
  chats
    .filter((ctx) => desk.shop.ownerIds.includes(ctx.from?.id ?? 0))
    .callbackQuery(refundTap, async (ctx) => {
      const till = tillOf(desk);
      await nameOfStaff(till, ctx.from.id, authorName(ctx));
      await answer(desk, ctx, await giveBack(till, Number(ctx.match[1]), ctx.from.id));
    });
}

async function answer(desk: Desk, ctx: Context, refunded: Refunded): Promise<void> {
  if (refunded.kind === "gone") return replace(ctx, refundWords.gone());
  // The button stays: the visit may be refunded again.
  if (refunded.kind === "paid_again") return say(ctx, refundWords.paidAgain());
  const { offer } = refunded;
  const timeZone = await branchZone(desk.db, desk.shop.companyIds);
  const at = (time: Date | null) => time && clock(time, timeZone);
  const words =
    refunded.kind === "given"
      ? refundWords.given(offer.points, refunded.balance, authorName(ctx), clock(desk.now(), timeZone))
      : refundWords.already(refunded.by, at(refunded.at));
  await replace(ctx, `${refundText({ ...offer, year: yearOf(desk.now()) })}\n\n${words}`);
}
