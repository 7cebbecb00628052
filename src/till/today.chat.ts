// `/today`: today's records for whoever works at the till, one tap from each to its client with the bill filled in.

import { type Composer, type Context, InlineKeyboard } from "grammy";
import { askedDay } from "../chat/asks.texts.ts";
import { allTexts } from "../chat/chat.texts.ts";
import { type Desk, replace, say } from "../chat/desk.ts";
import { dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/zone.ts";
import { leaveQuestion, showNew, tillOf, yearOf } from "./screen.chat.ts";
import { noSuchDay, recordGone, todayButtons, todayText } from "./today.texts.ts";
import { openRecord, todayOf } from "./today.ts";

const perPage = 10;
const pageTap = /^td:p:(\d{1,2})(?::(\d{4}-\d\d-\d\d))?$/;
const recordTap = /^td:o:(\d{1,15})(?::(\d{1,15}))?$/;

/** Adds it to a composer of those who work at the till. */
export function addToday(staff: Composer<Context>, desk: Desk): void {
  staff.command("today", (ctx) => today(desk, ctx, ctx.match));
  staff.hears(
    allTexts.map((one) => one.buttons.today),
    (ctx) => today(desk, ctx, ""),
  );
  staff.callbackQuery(pageTap, async (ctx) => {
    const day = ctx.match[2] === undefined ? null : askedDay(ctx.match[2], ctx.match[2]);
    const { html, keyboard } = await pageOf(desk, day, Number(ctx.match[1]));
    await replace(ctx, html, keyboard);
  });
  staff.callbackQuery(recordTap, async (ctx) => {
    if (ctx.chat === undefined) return;
    const company = ctx.match[2] === undefined ? undefined : Number(ctx.match[2]); // not in a list of an earlier release
    const screen = await openRecord(tillOf(desk), ctx.chat.id, Number(ctx.match[1]), company);
    if (screen === null) return say(ctx, recordGone());
    await leaveQuestion(desk, ctx, screen.asked);
    await showNew(desk, ctx, screen);
  });
}

async function today(desk: Desk, ctx: Context, words: string): Promise<void> {
  const now = dayOf(desk.now(), await branchZone(desk.db, desk.shop.companyIds));
  const day = words.trim() === "" ? null : askedDay(words, now);
  if (day === null && words.trim() !== "") return say(ctx, noSuchDay(words.trim()));
  const { html, keyboard } = await pageOf(desk, day, 0);
  await say(ctx, html, keyboard);
}

/** A page as it is now: the day goes on, and an old list may have had more of them. */
async function pageOf(
  desk: Desk,
  asked: string | null,
  wanted: number,
): Promise<{ html: string; keyboard: InlineKeyboard }> {
  const { day, today: now, records: all, total } = await todayOf(tillOf(desk), asked);
  const pages = Math.max(1, Math.ceil(all.length / perPage));
  const page = Math.min(wanted, pages - 1);
  const records = all.slice(page * perPage, (page + 1) * perPage);
  const keyboard = new InlineKeyboard();
  for (const record of records)
    keyboard.text(todayButtons.open(record), `td:o:${record.recordId}:${record.companyId}`).row();
  const of = asked === null ? "" : `:${asked}`;
  if (page > 0) keyboard.text(todayButtons.earlier, `td:p:${page - 1}${of}`);
  if (page + 1 < pages) keyboard.text(todayButtons.later, `td:p:${page + 1}${of}`);
  const year = yearOf(desk.now());
  return {
    html: todayText({ day, today: now, year, records, page, pages, listed: all.length, total }),
    keyboard,
  };
}
