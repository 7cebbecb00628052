// What owners alone may ask: the figures, the file, the poster and the programme. Admins are told whose they are; for clients they do not exist.

import { askedDays } from "../chat/asks.texts.ts";
import type { Desk } from "../chat/desk.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { isOwner, isStaff } from "../chat/staff.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { wayIn } from "../chat/ways.ts";
import { exportLedger } from "../ledger/export.ts";
import { previewLevels } from "../levels/preview.ts";
import { acceptLevels, markOf } from "../levels/terms.ts";
import type { Account } from "../rules/account.ts";
import { dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";
import { chartCaption, chartContent, exportTexts, statsText } from "./owners.texts.ts";
import { posterContent, posterTexts } from "./poster.texts.ts";
import { decisionTexts, programmeText } from "./programme.texts.ts";
import { type ProgrammeSettings, readProgramme } from "./programme.ts";
import { readStats } from "./stats.ts";

/** Draws the points of the last days; see picture/stats.ts. */
export type Chart = (stats: NonNullable<ReturnType<typeof chartContent>>) => Promise<Uint8Array>;

/** Draws a poster on both sizes of paper; see picture/poster.ts. */
export type Poster = (
  content: ReturnType<typeof posterContent>,
) => Promise<{ paper: "A5" | "A4"; pdf: Uint8Array[] }[]>;

/** What the parts of the bot hand over; all may be left out. */
export interface OwnersParts {
  /** Without it the figures come in words alone. */
  chart?: Chart | undefined;
  /** Without it no sheet comes. */
  poster?: Poster | undefined;
  /** A bot may send no more than 50 MB. */
  maxExportBytes?: number | undefined;
}

/** /stats, /export and /poster. What is not an owner's goes on. */
export function owners({
  chart,
  poster = async () => [],
  maxExportBytes = 45_000_000,
}: OwnersParts = {}): BotPart {
  const busy = { exporting: new Set<Account>(), drawing: new Set<Account>() };
  return async (desk, turn) => {
    const [stats, days, language] = [turn.asks("stats"), turn.asks("export"), turn.asks("poster")];
    if (!isStaff(desk.shop, turn.account) || (stats ?? days ?? language) === null) return false;
    if (!isOwner(desk.shop, turn.account)) await turn.say(staffTexts.ownersOnly());
    else if (language !== null) await beginPoster(desk, turn, language, poster, busy.drawing);
    else if (days === null) await showStats(desk, turn, chart);
    else await beginExport(desk, turn, days, maxExportBytes, busy.exporting);
    return true;
  };
}

async function showStats(desk: Desk, turn: Turn, chart: Chart | undefined): Promise<void> {
  const stats = await readStats(desk.db, desk.shop, desk.now());
  await turn.say(statsText(stats));
  const content = chartContent(stats);
  if (chart && content)
    later(turn, async () =>
      turn.picture({ name: "stats.png", bytes: await chart(content) }, chartCaption(stats)),
    );
}

async function beginExport(
  desk: Desk,
  turn: Turn,
  words: string,
  maxBytes: number,
  busy: Set<Account>,
): Promise<void> {
  const { account } = turn;
  const days = await daysAsked(desk, words);
  if (days === null) return turn.say(exportTexts.noSuchDays(words.trim()));
  if (busy.has(account)) return turn.say(exportTexts.already());
  busy.add(account);
  // Said before the work begins: the file must not come first.
  await turn.say(exportTexts.begun()).catch((error) => {
    busy.delete(account);
    throw error;
  });
  later(turn, () => sendExport(desk, turn, days, maxBytes).finally(() => busy.delete(account)));
}

/** All of it without a word; null where the words are no days. */
async function daysAsked(desk: Desk, words: string): Promise<Days | null> {
  const today = dayOf(desk.now(), await branchZone(desk.db, desk.shop.companyIds));
  const days = askedDays(
    words.split(/\s+/).filter((word) => word !== ""),
    today,
  );
  return days && { ...(days.from && { from: days.from }), ...(days.to && { to: days.to }) };
}

type Days = { from?: string; to?: string };

/** Thrown to end an export that no messenger would take. */
class TooLarge extends Error {}

/** The workbook for people, and the ledger's rows as they are for whoever counts them again. */
async function sendExport(desk: Desk, turn: Turn, days: Days, maxBytes: number): Promise<void> {
  const { db } = desk;
  const now = desk.now();
  const timeZone = await branchZone(db, desk.shop.companyIds);
  const day = dayOf(now, timeZone);
  const span = { from: days.from ?? null, to: days.to ?? null, timeZone };
  await sendFile(desk, turn, `bonuslog-${day}.xlsx`, maxBytes, async (take) => {
    const { writeWorkbook } = await import("./workbook.ts"); // 40 MB that nobody needs who asks for no file
    const counts = await writeWorkbook(db, { ...span, language: turn.language, now }, take);
    return exportTexts.workbook(counts, { day, days, language: turn.language });
  });
  await sendFile(desk, turn, `bonuslog-${day}.csv`, maxBytes, async (take) => {
    const encoder = new TextEncoder();
    const rows = await exportLedger(db, { ...days, timeZone, excel: true }, (text) =>
      take(encoder.encode(text)),
    );
    return exportTexts.caption(rows, day, days);
  });
}

/**
 * Sends what `make` hands over, under the caption that it gives; says how to get what is too large. Who is no owner any more
 * by then gets nothing: to make it may take minutes.
 */
async function sendFile(
  { staff }: Desk,
  turn: Turn,
  name: string,
  maxBytes: number,
  make: (take: (chunk: Uint8Array) => void) => Promise<string>,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    const caption = await make((chunk) => {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new TooLarge();
      chunks.push(chunk);
    });
    if (!isOwner(await staff.now(), turn.account))
      return turn.log.info({ name }, "asked for by who is no owner any more");
    await turn.file({ name, bytes: chunks }, caption);
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    await turn.say(exportTexts.tooLarge(name, turn.messenger));
  }
}

/** `/poster`, `/poster en`. */
async function beginPoster(
  desk: Desk,
  turn: Turn,
  written: string,
  poster: Poster,
  busy: Set<Account>,
): Promise<void> {
  const { account } = turn;
  const language = written.trim().toLowerCase();
  if (!["", "ru", "en"].includes(language)) return turn.say(posterTexts.noSuchLanguage(written.trim()));
  if (busy.has(account)) return turn.say(posterTexts.already());
  busy.add(account);
  // Said before the work begins: a sheet must not come first.
  await turn.say(posterTexts.begun()).catch((error) => {
    busy.delete(account);
    throw error;
  });
  const { shop } = desk;
  const content = posterContent(language, shop.title(), wayIn(desk, turn.channel), shop);
  const send = async () => {
    for (const { paper, pdf } of await poster(content))
      await turn.file({ name: `poster-${paper}.pdf`, bytes: pdf }, posterTexts.caption(paper, language));
  };
  later(turn, () => send().finally(() => busy.delete(account)));
}

/** /programme, and the tap below levels that wait. */
export function programmePart(settings: ProgrammeSettings): BotPart {
  return async (desk, turn) => {
    const asked = turn.asks("programme") !== null;
    const [, mark] = /^levels:accept:([a-z0-9]{1,20})$/.exec(turn.data ?? "") ?? [];
    if (!isStaff(desk.shop, turn.account) || (!asked && mark === undefined)) return false;
    if (!isOwner(desk.shop, turn.account)) await turn.say(staffTexts.ownersOnly());
    else if (mark !== undefined) await acceptWaiting(desk, turn, settings, mark);
    else await showProgramme(desk, turn, settings);
    return true;
  };
}

/** Says what is in force; then, if levels wait, whom they would touch, which may take a while. */
async function showProgramme(desk: Desk, turn: Turn, settings: ProgrammeSettings): Promise<void> {
  const { db, shop } = desk;
  const programme = await readProgramme(db, settings, { now: desk.now(), companyIds: shop.companyIds });
  const { levels, waiting } = programme;
  await turn.say(programmeText(programme));
  if (waiting === null) return;
  later(turn, async () => {
    const preview = await previewLevels(db, levels, waiting);
    await turn.say(decisionTexts.preview(waiting, settings.percent, preview), [
      [{ text: decisionTexts.accept, data: `levels:accept:${markOf(waiting)}` }],
    ]);
  });
}

/** Takes on what waits if it is still what was shown. */
async function acceptWaiting(
  desk: Desk,
  turn: Turn,
  settings: ProgrammeSettings,
  expected: string,
): Promise<void> {
  const now = desk.now();
  const timeZone = await branchZone(desk.db, desk.shop.companyIds);
  const day = await acceptLevels(desk.db, settings, { by: turn.account, now, timeZone, expected });
  await turn.replace(day === null ? decisionTexts.gone() : decisionTexts.accepted(day, dayOf(now, timeZone)));
}

/** Work that no update waits for: it would be delivered again. What it throws is logged and said. */
function later(turn: Turn, work: () => Promise<void>): void {
  work().catch(async (err: unknown) => {
    turn.log.error({ err }, "what an owner asked for could not be made");
    await turn.say(turn.t.sorry()).catch(() => {});
  });
}
