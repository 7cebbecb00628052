// `/today`: today's records for whoever works at the till, one tap from each to its client with the bill filled in.

import { type Composer, type Context, InlineKeyboard } from "grammy";
import { openRecord, todayOf } from "../flows/today.ts";
import { allTexts } from "../texts/texts.ts";
import { recordGone, todayButtons, todayText } from "../texts/today.ts";
import { type Desk, replaceLast, say, sayLast } from "./desk.ts";
import { showNew, tillOf, yearOf } from "./till-card.ts";

const perPage = 10;
const pageTap = /^td:p:(\d{1,2})$/;
const recordTap = /^td:o:(\d{1,15})(?::(\d{1,15}))?$/;

/** Adds it to a composer of those who work at the till. */
export function addToday(staff: Composer<Context>, desk: Desk): void {
  staff.command("today", (ctx) => today(desk, ctx));
  staff.hears(
    allTexts.map((one) => one.buttons.today),
    (ctx) => today(desk, ctx),
  );
  staff.callbackQuery(pageTap, async (ctx) => {
    const { html, keyboard } = await pageOf(desk, Number(ctx.match[1]));
    await replaceLast(desk, ctx, html, keyboard);
  });
  staff.callbackQuery(recordTap, async (ctx) => {
    if (ctx.chat === undefined) return;
    const company = ctx.match[2] === undefined ? undefined : Number(ctx.match[2]); // not in a list of an earlier release
    const screen = await openRecord(tillOf(desk), ctx.chat.id, Number(ctx.match[1]), company);
    if (screen === null) return say(ctx, recordGone());
    await showNew(desk, ctx, screen);
  });
}

async function today(desk: Desk, ctx: Context): Promise<void> {
  const { html, keyboard } = await pageOf(desk, 0);
  await sayLast(desk, ctx, html, keyboard);
}

/** A page as it is now: the day goes on, and an old list may have had more of them. */
async function pageOf(desk: Desk, wanted: number): Promise<{ html: string; keyboard: InlineKeyboard }> {
  const { day, records: all, total } = await todayOf(tillOf(desk));
  const pages = Math.max(1, Math.ceil(all.length / perPage));
  const page = Math.min(wanted, pages - 1);
  const records = all.slice(page * perPage, (page + 1) * perPage);
  const keyboard = new InlineKeyboard();
  for (const record of records)
    keyboard.text(todayButtons.open(record), `td:o:${record.recordId}:${record.companyId}`).row();
  if (page > 0) keyboard.text(todayButtons.earlier, `td:p:${page - 1}`);
  if (page + 1 < pages) keyboard.text(todayButtons.later, `td:p:${page + 1}`);
  const year = yearOf(desk.now());
  return { html: todayText({ day, year, records, page, pages, listed: all.length, total }), keyboard };
}
