// Today's records at the till: the list, and opening one of them with its bill filled in.

import { dayOf } from "../rules/time.ts";
import { billOfRecord, recordsOfToday, type TodayRecord } from "../store/today.ts";
import { branchZone } from "./branch-zone.ts";
import type { Wanted } from "./till-drafts.ts";
import { openScreen, recallScreen, type Screen, type ScreenKey, type Till } from "./till-screens.ts";

export type { TodayRecord } from "../store/today.ts";

/** More than these are found by their phone. */
const most = 40;

/** The day by the till's clock, its records in order, and how many there are in all. */
export interface Today {
  day: string;
  records: TodayRecord[];
  total: number;
}

/** Reads them. */
export async function todayOf({ db, now, rules }: Till): Promise<Today> {
  const unknownZone = await branchZone(db, rules.companyIds);
  const records = await recordsOfToday(db, { companies: rules.companyIds, now, unknownZone, most });
  return { day: dayOf(now, unknownZone), records, total: records[0]?.total ?? 0 };
}

/**
 * The till's screen of a record's client with the price as its bill, and what of it is paid; null when the record is
 * gone. An admin has one screen a record and day, however often its button is tapped: what was spent on it already is
 * shown as done.
 */
export async function openRecord(
  till: Till,
  chat: number,
  record: number,
  company?: number,
): Promise<Screen | null> {
  const branches = till.rules.companyIds.filter((one) => company === undefined || one === company);
  const found = await billOfRecord(till.db, branches, record);
  if (found === null) return null;
  const { card, price, paid } = found;
  const wanted = { by: "card", card, bill: price > 0 ? price : null, paid } as const;
  const day = dayOf(till.now, await branchZone(till.db, till.rules.companyIds));
  for (const attempt of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    const key = { chat, asked: askedBy(record, day, attempt) };
    const screen = await screenOf(till, key, wanted);
    // What was undone may be done again, and a record may have become another card's: on a screen of its own.
    if (screen === null || (screen.step !== "undone" && screen.card === card)) return screen;
  }
  return null;
}

/** Of two taps at once the slower finds what the quicker has opened. */
async function screenOf(till: Till, key: ScreenKey, wanted: Wanted): Promise<Screen | null> {
  const opened = await openScreen(till, key, wanted, true);
  if ("screen" in opened) return opened.screen;
  return opened.kind === "answered" ? recallScreen(till, key) : null;
}

/**
 * Stands for the message that a screen is opened by: a tap has none of its own. Fifteen digits, beyond any number of
 * Telegram's messages: the attempt, the day, the record.
 */
function askedBy(record: number, day: string, attempt: number): number {
  const dayNumber = Math.floor(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
  return attempt * 1e14 + (dayNumber % 1000) * 1e11 + (record % 1e11);
}
