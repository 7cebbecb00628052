// The buttons of the till: each tap does what its screen says, once, and always gets an answer.

import type { Context } from "grammy";
import { type Desk, say } from "../chat/desk.ts";
import { branchZone } from "../visits/zone.ts";
import { askOwners, wordsOfRefusal } from "./approval.chat.ts";
import { historyText } from "./lists.texts.ts";
import { rowsOf, trustOwner, visitsOf } from "./lists.ts";
import {
  leaveQuestion,
  overCard,
  showHere,
  showThere,
  tillOf,
  undoneOf,
  whyOf,
  yearOf,
} from "./screen.chat.ts";
import { adopt, recallScreen, type Screen, screenOfChange, tappedScreen, turnScreen } from "./screens.ts";
import { type Button, mayTap } from "./steps.rule.ts";
import { type Acted, act, takeBack, unask } from "./till.ts";
import { viewOf } from "./view.ts";
import { tillWords } from "./words.texts.ts";

/** What a button sent. `about` is its number, 0 when it has none; `old`: an earlier release made it. */
export interface Tap {
  asked: number;
  rev: number;
  button: string;
  about: number;
  old: boolean;
}

/** A tap on a button that stands under its screen. */
interface Tapped {
  desk: Desk;
  ctx: Context;
  screen: Screen;
  by: number;
  about: number;
}

/** Does what a button says; returns what to say over the screen for a moment, or null. */
type Does = (tapped: Tapped) => Promise<string | null>;

/** What each button does. */
const does: Record<Button, Does> = {
  open: (tapped) => turn(tapped, "open"),
  make: (tapped) => turn(tapped, "make"),
  go: async ({ desk, ctx, screen }) => answerActed(desk, ctx, screen, await act(tillOf(desk), screen, null)),
  sum: (tapped) => turn(tapped, "sum"),
  bill: (tapped) => turn(tapped, "bill"),
  credit: (tapped) => turn(tapped, "credit"),
  hist: history,
  why,
  trust,
  recent: backRecent,
  back: (tapped) => turn(tapped, "back"),
  undo: (tapped) => back(tapped, false),
  give: (tapped) => back(tapped, true),
};

/** Does what an admin's button says. Returns what to say over the screen for a moment, or null. */
export async function tapTill(desk: Desk, ctx: Context, tap: Tap): Promise<string | null> {
  const chat = ctx.chat?.id;
  if (chat === undefined || ctx.from === undefined) return null;
  const message = ctx.callbackQuery?.message?.message_id ?? 0;
  if (tap.old) await adopt(tillOf(desk), { ...tap, chat, message });
  const screen = await tappedScreen(tillOf(desk), { bot: desk.bot, chat, asked: tap.asked });
  if (screen === null) return tillWords.expired();
  const tapped = { desk, ctx, screen, by: ctx.from.id, about: tap.about };
  // What only reads may be tapped under whatever the screen has become.
  if (tap.button === "hist" || tap.button === "why") return does[tap.button](tapped);
  if (screen.askedElsewhere && screen.rev === tap.rev) await leaveQuestion(desk, ctx, screen.asked);
  const now = screen.rev === tap.rev && mayTap(screen.step, tap.button) ? tap.button : null;
  const words = await (now ? does[now](tapped) : stale(desk, ctx, screen));
  return words && overCard(desk, screen.card, words);
}

async function turn({ desk, ctx, screen, about }: Tapped, button: Parameters<typeof turnScreen>[2]) {
  const turned = await turnScreen(tillOf(desk), screen, button, about);
  if (!turned) return stale(desk, ctx, screen);
  await showHere(desk, ctx, turned);
  return null;
}

/** A button of a screen that is another by now: what became of it is shown and said. */
async function stale(desk: Desk, ctx: Context, before: Screen): Promise<string> {
  const screen = (await recallScreen(tillOf(desk), before)) ?? before;
  await showHere(desk, ctx, screen);
  const { done } = await viewOf(tillOf(desk), screen);
  if (screen.step === "done") return tillWords.alreadyDone(done);
  if (screen.step === "undone") return tillWords.alreadyUndone(done);
  return screen.step === "closed" ? tillWords.closed() : tillWords.changed();
}

async function answerActed(desk: Desk, ctx: Context, before: Screen, acted: Acted): Promise<string | null> {
  const { screen } = acted;
  switch (acted.kind) {
    case "done":
      await showHere(desk, ctx, screen);
      return null;
    case "already":
      return screen.row === null ? tillWords.doneBefore() : stale(desk, ctx, screen);
    case "changed":
      return stale(desk, ctx, before);
    case "asks_owner":
      await showHere(desk, ctx, screen);
      if (await askOwners(desk, ctx, screen, acted.owners)) return tillWords.asked();
      return nobodyAsked(desk, ctx, screen, before);
    default: {
      const words = await wordsOfRefusal(desk, acted);
      // The screen itself says what was repeated.
      await showHere(desk, ctx, screen, acted.kind === "repeated" ? "" : words);
      return words;
    }
  }
}

/** No owner could be reached: the preview is there again. */
async function nobodyAsked(desk: Desk, ctx: Context, asked: Screen, before: Screen): Promise<string> {
  const again = await unask(tillOf(desk), asked, before);
  if (again === null) return stale(desk, ctx, asked);
  await showHere(desk, ctx, again, tillWords.noOwnerReached());
  return tillWords.noOwnerReached();
}

async function back({ desk, ctx, screen, by }: Tapped, anew: boolean): Promise<string | null> {
  const { kind, screen: after, balance } = await takeBack(tillOf(desk), screen, by, anew);
  if (kind === "already") return stale(desk, ctx, after);
  if (kind === "short") return tillWords.backSpent(after.action, balance);
  if (kind === "forgotten") return tillWords.forgotten();
  await showHere(desk, ctx, after);
  if (kind === "done" || after.doneAt === null) return null;
  const { undoUntil } = await viewOf(tillOf(desk), after);
  return tillWords.late(undoUntil, after.action, after.points ?? 0);
}

/** Another admin's fresh change, by its row of the ledger, undone from one's own screen of the same card. */
async function backRecent({ desk, ctx, screen, by, about }: Tapped): Promise<string | null> {
  const till = tillOf(desk);
  const other = await screenOfChange(till, about);
  if (other === null || screen.card === null || ![other.card, other.to].includes(screen.card))
    return stale(desk, ctx, screen);
  const { kind, screen: after, balance } = await takeBack(till, other, by, false);
  if (kind === "short") return tillWords.backSpent(other.action, balance);
  if (kind === "forgotten") return tillWords.forgotten();
  const view = await viewOf(till, after);
  const again = (await turnScreen(till, screen, "back")) ?? screen;
  const note = kind === "done" ? (undoneOf(view) ?? "") : "";
  await showHere(desk, ctx, again, note);
  if (kind === "done") await showThere(desk, ctx, after);
  if (kind === "already") return tillWords.alreadyUndone(view.done);
  return kind === "late" ? tillWords.changed() : null;
}

/**
 * The admin has seen who has the number now: the owner's chat shows all of the card's history again. `about` is from
 * when the account that the admin was shown has the card.
 */
async function trust({ desk, ctx, screen, by, about }: Tapped): Promise<string> {
  if (screen.card === null) return stale(desk, ctx, screen);
  const opened = await trustOwner(tillOf(desk), screen.card, about, by);
  await showHere(desk, ctx, screen);
  return opened ? tillWords.trusted() : tillWords.anotherOwner();
}

async function history({ desk, ctx, screen }: Tapped): Promise<null> {
  const found = screen.card === null ? null : await rowsOf(tillOf(desk), screen.card);
  if (found === null) return null;
  const of = { timeZone: await branchZone(desk.db, desk.shop.companyIds), year: yearOf(desk.now()) };
  await say(ctx, historyText(found.card, found.rows, found.names, of));
  return null;
}

async function why({ desk, ctx, screen }: Tapped): Promise<null> {
  const found = screen.card === null ? null : await visitsOf(tillOf(desk), screen.card);
  if (found) await say(ctx, await whyOf(desk, found));
  return null;
}
