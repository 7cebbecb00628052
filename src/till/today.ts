// Today's records at the till: the list, and opening one of them with its bill filled in.

import { randomInt } from "node:crypto";
import type { Account } from "../rules/account.ts";
import type { CardId, CompanyId, RecordId } from "../rules/ids.ts";
import { dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";
import { type ScreenRecord, screenOfRecord } from "./screens.store.ts";
import { openScreen, type Screen, type Till } from "./screens.ts";
import { type DayLists, dayLists } from "./today.rule.ts";
import { billOfRecord, recordsOfToday } from "./today.store.ts";

/**
 * A tap has no message of its own for a screen to be called by: a number that no other has, beyond any of Telegram's
 * messages, stands for it, and is never used again.
 */
const tapsFrom = 1e12;
/** From here on numbers stand for something else. */
export const tapsUpTo = 2e14;

/** More than these are found by their name or phone. */
const maxRows = 200;

/** A day, today's by the till's clock too, its clients, and how many records are listed of how many there are. */
interface Today extends DayLists {
  day: string;
  today: string;
  listed: number;
  total: number;
}

/** Reads them; of another day than today where one is named, `YYYY-MM-DD`. */
export async function todayOf({ db, now, rules }: Till, day: string | null = null): Promise<Today> {
  const unknownZone = await branchZone(db, rules.companyIds);
  const records = await recordsOfToday(db, { companies: rules.companyIds, now, day, unknownZone, maxRows });
  const today = dayOf(now, unknownZone);
  const counts = { listed: records.length, total: records[0]?.total ?? 0 };
  return { day: day ?? today, today, ...dayLists(records), ...counts };
}

/**
 * The till's screen of a record's client with the price as its bill, and what of it is paid; null when the record is
 * gone. An admin has one screen a record and day, however often its button is tapped: what was spent on it already is
 * shown as done. What was undone may be done again, on a screen of its own, and that as often as it comes to.
 */
export async function openRecord(
  till: Till,
  account: Account,
  record: RecordId,
  company?: CompanyId,
): Promise<Screen | null> {
  const branches = till.rules.companyIds.filter((one) => company === undefined || one === company);
  const found = await billOfRecord(till.db, branches, record);
  if (found === null) return null;
  const { card, price, paid } = found;
  const of = {
    company: found.company,
    record,
    day: dayOf(till.now, await branchZone(till.db, till.rules.companyIds)),
  };
  const wanted = { by: "card", card, bill: price > 0 ? price : null, paid, of } as const;
  const before = await screenOfTap(till, account, of, card);
  const asked = before?.asked ?? randomInt(tapsFrom, tapsUpTo);
  const opened = await openScreen(till, { bot: till.bot, account, asked }, wanted, true);
  if ("screen" in opened) return opened.screen;
  // Of two taps at once the slower finds what the quicker has opened.
  return opened.kind === "answered" ? screenOfTap(till, account, of, card) : null;
}

function screenOfTap(
  { db, bot, now }: Till,
  account: Account,
  of: ScreenRecord,
  card: CardId,
): Promise<Screen | null> {
  return screenOfRecord(db, { bot, account }, of, { card, now });
}
