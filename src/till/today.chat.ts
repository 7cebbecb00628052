// `/today`: today's records for whoever works at the till, one tap from each to its client with the bill filled in.

import type { Buttons } from "../channels/channel.ts";
import { askedDay } from "../chat/asks.texts.ts";
import type { Desk } from "../chat/desk.ts";
import type { Turn } from "../chat/turn.ts";
import { dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";
import { leaveQuestion, showNew, tillOf, yearOf } from "./screen.chat.ts";
import { noSuchDay, recordGone, todayButtons, todayText } from "./today.texts.ts";
import { openRecord, todayOf } from "./today.ts";

const perPage = 10;

/** `/today` or `/today 12.03`. */
export async function showDay(desk: Desk, turn: Turn, words: string): Promise<void> {
  const now = dayOf(desk.now(), await branchZone(desk.db, desk.shop.companyIds));
  const day = words.trim() === "" ? null : askedDay(words, now);
  if (day === null && words.trim() !== "") return turn.say(noSuchDay(words.trim()));
  await turn.say(...(await pageOf(desk, turn, day, 0)));
}

/** Another page of a list. */
export async function showPage(desk: Desk, turn: Turn, [, page, asked]: RegExpExecArray): Promise<void> {
  const day = asked === undefined ? null : askedDay(asked, asked);
  await turn.replace(...(await pageOf(desk, turn, day, Number(page))));
}

/** A record of a list, which an earlier release's does not say the branch of. */
export async function openRecordOfDay(
  desk: Desk,
  turn: Turn,
  [, record, company]: RegExpExecArray,
): Promise<void> {
  const till = tillOf(desk, turn.account);
  const of = company === undefined ? undefined : Number(company);
  const screen = await openRecord(till, turn.account, Number(record), of);
  if (screen === null) return turn.say(recordGone());
  await leaveQuestion(desk, turn, screen.asked);
  await showNew(desk, turn, screen);
}

/** A page as it is now: the day goes on, and an old list may have had more of them. */
async function pageOf(
  desk: Desk,
  turn: Turn,
  asked: string | null,
  wanted: number,
): Promise<[html: string, buttons: Buttons]> {
  const { day, today, records: all, total } = await todayOf(tillOf(desk, turn.account), asked);
  const pages = Math.max(1, Math.ceil(all.length / perPage));
  const page = Math.min(wanted, pages - 1);
  const records = all.slice(page * perPage, (page + 1) * perPage);
  const of = asked === null ? "" : `:${asked}`;
  const buttons = [
    ...records.map((one) => [
      { text: todayButtons.open(one), data: `today:record:${one.recordId}:${one.companyId}` },
    ]),
    [
      ...(page > 0 ? [{ text: todayButtons.earlier, data: `today:page:${page - 1}${of}` }] : []),
      ...(page + 1 < pages ? [{ text: todayButtons.later, data: `today:page:${page + 1}${of}` }] : []),
    ],
  ];
  const year = yearOf(desk.now());
  return [todayText({ day, today, year, records, page, pages, listed: all.length, total }), buttons];
}
