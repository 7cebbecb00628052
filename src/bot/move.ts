// `/move phone phone [points]`: previewed, confirmed by a button, taken back within ten minutes.

import { type Composer, type Context, InlineKeyboard } from "grammy";
import {
  askMove,
  closeMove,
  confirmMove,
  type MoveKey,
  type MoveTapped,
  moveShown,
  undoMove,
} from "../flows/move.ts";
import { nameOfStaff } from "../flows/till-screens.ts";
import { zoneOf } from "../flows/till-view.ts";
import { readMove } from "../rules/move.ts";
import { moveButtons, moveWords } from "../texts/move.ts";
import { clock } from "../texts/till.ts";
import { type Desk, replaceLast, sayLast } from "./desk.ts";
import { tillOf } from "./till-card.ts";

const moveTap = /^mv:(\d{1,15}):(\d{1,9}):(go|no|undo)$/;
const moveCommand = /^\/move(?:@\w+)?(?:\s+([\s\S]*))?$/;

/** Adds it to a composer of those who work at the till. */
export function addMove(staff: Composer<Context>, desk: Desk): void {
  staff.command("move", (ctx) => ask(desk, ctx, ctx.match, false));
  staff.on("edited_message:text", (ctx, next) => {
    const command = moveCommand.exec(ctx.msg.text);
    return command ? ask(desk, ctx, command[1] ?? "", true) : next();
  });
  staff.callbackQuery(moveTap, async (ctx) => {
    const [, message, rev, verb] = ctx.match;
    const key = { admin: ctx.from.id, message: Number(message) };
    const till = tillOf(desk);
    if (verb === "go") await nameOfStaff(till, ctx.from.id, ctx.from.first_name);
    const tapped =
      verb === "go"
        ? await confirmMove(till, key, Number(rev))
        : verb === "no"
          ? await closeMove(till, key, Number(rev))
          : await undoMove(till, key);
    await answer(desk, ctx, key, tapped, verb === "undo");
  });
}

async function ask(desk: Desk, ctx: Context, text: string, edited: boolean): Promise<void> {
  if (ctx.from === undefined || ctx.msg === undefined) return;
  const entry = readMove(text);
  if (entry.kind !== "move") return sayLast(desk, ctx, wordsOf(entry.kind));
  const key = { admin: ctx.from.id, message: ctx.msg.message_id };
  const asked = await askMove(tillOf(desk), key, entry, edited);
  switch (asked.kind) {
    case "answered":
      return;
    case "acted":
      return sayLast(desk, ctx, moveWords.acted());
    case "no_card":
      return sayLast(desk, ctx, moveWords.noCard(asked.phone));
    case "short":
      return sayLast(desk, ctx, moveWords.short(asked.balance));
    default: {
      const { points, rev } = asked.move;
      const data = (verb: string) => `mv:${key.message}:${rev}:${verb}`;
      const keyboard = new InlineKeyboard()
        .text(moveButtons.go(points), data("go"))
        .text(moveButtons.no, data("no"));
      const html = moveWords.preview(asked.move);
      const sent = await ctx.reply(html, { parse_mode: "HTML", reply_markup: keyboard });
      await moveShown(tillOf(desk), key, rev, sent.message_id);
    }
  }
}

function wordsOf(kind: "no_phones" | "same_phone" | "bad_points"): string {
  if (kind === "same_phone") return moveWords.samePhone();
  return kind === "bad_points" ? moveWords.badPoints() : moveWords.usage();
}

/** What became of a tap stands in the message that was tapped. */
async function answer(
  desk: Desk,
  ctx: Context,
  key: MoveKey,
  tapped: MoveTapped,
  undo: boolean,
): Promise<void> {
  const by = ctx.from?.first_name ?? "";
  switch (tapped.kind) {
    case "done":
    case "already":
      return showDone(desk, ctx, key, tapped);
    case "undone":
    case "already_undone":
      return replaceLast(desk, ctx, moveWords.undone(tapped.move, by));
    case "closed":
      return replaceLast(desk, ctx, moveWords.closed());
    case "late":
      await showDone(desk, ctx, key, { ...tapped, move: { ...tapped.move, undoUntil: null } });
      return sayLast(desk, ctx, moveWords.late());
    case "short":
      return sayLast(desk, ctx, undo ? moveWords.spent(tapped.balance) : moveWords.short(tapped.balance));
    case "over_limit":
      return sayLast(desk, ctx, moveWords.overLimit(tapped.left, desk.shop.adminDailyLimit ?? 0));
    case "owner_only":
      return sayLast(desk, ctx, moveWords.ownerOnly(tapped.above));
    default:
      return replaceLast(desk, ctx, moveWords.expired());
  }
}

async function showDone(
  desk: Desk,
  ctx: Context,
  { message }: MoveKey,
  { move }: Extract<MoveTapped, { move: unknown }>,
): Promise<void> {
  const timeZone = await zoneOf(tillOf(desk));
  const at = clock(move.doneAt ?? desk.now(), timeZone);
  const html = moveWords.done(move, ctx.from?.first_name ?? "", at);
  const keyboard = new InlineKeyboard();
  if (move.undoUntil !== null && move.undoUntil > desk.now())
    keyboard.text(moveButtons.undoUntil(clock(move.undoUntil, timeZone)), `mv:${message}:${move.rev}:undo`);
  await ctx.editMessageText(html, { parse_mode: "HTML", reply_markup: keyboard }).catch((error: unknown) => {
    if (!/not modified/.test(String(error))) throw error;
  });
}
