// What owners alone may ask: the figures and the file. Admins are told whose they are; for clients they do not exist.

import { type Composer, type Context, InputFile } from "grammy";
import { askedDay } from "../chat/asks.texts.ts";
import { type Desk, say, textsFor } from "../chat/desk.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { exportLedger } from "../ledger/export.ts";
import { dayOf } from "../rules/time.ts";
import { isOwner, isStaff } from "../till/till.chat.ts";
import { branchZone } from "../visits/zone.ts";
import { chartCaption, chartContent, exportTexts, statsText } from "./owners.texts.ts";
import { readStats, type Stats } from "./stats.ts";

/** Draws the last 30 days; see picture/stats.ts. */
export type Chart = (stats: ReturnType<typeof chartContent>) => Promise<Uint8Array>;

/** What the parts of the bot hand over; both may be left out. */
export interface OwnersParts {
  /** Without it the figures come in words alone. */
  chart?: Chart | undefined;
  /** A bot may send no more than 50 MB. */
  mostExportBytes?: number | undefined;
}

/** Adds /stats and /export to a composer of private chats, before the till. What is not an owner's goes on. */
export function addOwners(chats: Composer<Context>, desk: Desk, parts: OwnersParts = {}): void {
  const owners = chats.filter((ctx) => isOwner(desk, ctx));
  const busy = new Set<number>();
  owners.command("stats", (ctx) => showStats(desk, ctx, parts.chart));
  owners.command("export", async (ctx) => {
    const { id } = ctx.chat;
    const days = await daysAsked(desk, ctx.match);
    if (days === null) return say(ctx, exportTexts.noSuchDays(ctx.match.trim()));
    if (busy.has(id)) return say(ctx, exportTexts.already());
    busy.add(id);
    // Said before the work begins: the file must not come first.
    await say(ctx, exportTexts.begun()).catch((error) => {
      busy.delete(id);
      throw error;
    });
    later(desk, ctx, () =>
      sendExport(desk, ctx, days, parts.mostExportBytes ?? 45_000_000).finally(() => busy.delete(id)),
    );
  });
  const admins = chats.filter((ctx) => isStaff(desk, ctx) && !isOwner(desk, ctx));
  admins.command(["stats", "export"], (ctx) => say(ctx, staffTexts.ownersOnly()));
}

async function showStats(desk: Desk, ctx: Context, chart: Chart | undefined): Promise<void> {
  const stats = await readStats(desk.db, desk.shop.companyIds, desk.now());
  await say(ctx, statsText(stats));
  if (chart) later(desk, ctx, () => sendChart(ctx, stats, chart));
}

async function sendChart(ctx: Context, stats: Stats, chart: Chart): Promise<void> {
  await ctx.replyWithPhoto(new InputFile(await chart(chartContent(stats)), "stats.png"), {
    caption: chartCaption(stats),
  });
}

/** One day or two, both included: from the first to the second or to now. All of it without a word; null for anything else. */
async function daysAsked(desk: Desk, words: string): Promise<Days | null> {
  const today = dayOf(desk.now(), await branchZone(desk.db, desk.shop.companyIds));
  const written = words.split(/\s+/).filter((word) => word !== "");
  const days = written.map((word) => askedDay(word, today));
  const [from, to] = days;
  if (days.length > 2 || days.includes(null) || (from && to && from > to)) return null;
  return { ...(from && { from }), ...(to && { to }) };
}

interface Days {
  from?: string;
  to?: string;
}

/** Thrown to end an export that Telegram would not take. */
class TooLarge extends Error {}

async function sendExport(desk: Desk, ctx: Context, days: Days, mostBytes: number): Promise<void> {
  const timeZone = await branchZone(desk.db, desk.shop.companyIds);
  const day = dayOf(desk.now(), timeZone);
  const chunks: Uint8Array[] = [];
  const encoder = new TextEncoder();
  let bytes = 0;
  try {
    const rows = await exportLedger(desk.db, { ...days, timeZone, excel: true }, (chunk) => {
      const encoded = encoder.encode(chunk);
      bytes += encoded.length;
      if (bytes > mostBytes) throw new TooLarge();
      chunks.push(encoded);
    });
    await ctx.replyWithDocument(new InputFile(chunks, `bonuslog-${day}.csv`), {
      caption: exportTexts.caption(rows, day, days),
    });
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    await say(ctx, exportTexts.tooLarge());
  }
}

/** Work that Telegram's update does not wait for: it would be delivered again. What it throws is logged and said. */
function later(desk: Desk, ctx: Context, work: () => Promise<void>): void {
  work().catch(async (error: unknown) => {
    const about = { update_id: ctx.update.update_id, err: error };
    desk.log.error(about, "what an owner asked for could not be made");
    await say(ctx, textsFor(ctx).sorry()).catch(() => {});
  });
}
