// What a person may see of how their points came and went.

import type { Sql } from "../db/connect.ts";
import type { CardId } from "../rules/ids.ts";
import { dayOf } from "../rules/time.ts";
import { unknownBranchZone } from "../visits/branch.ts";
import { shownCause } from "../visits/visit.rule.ts";
import * as store from "./history.store.ts";
import type { Entry, HistoryView } from "./history.texts.ts";

export { type HistoryRow, openHistory, type SeenVisit } from "./history.store.ts";

/** How many changes a page shows. */
const pageSize = 5;

/** A page of the card's history, newest first; `page` counts from 0, and one beyond the last is the last. */
export async function historyOf(sql: Sql, card: number, page: number, now: Date): Promise<HistoryView> {
  const { rows, total, earlier, page: shown } = await store.historyRows(sql, card, page, pageSize);
  const zone = rows[0]?.timeZone ?? unknownBranchZone;
  return {
    page: shown,
    pages: Math.max(1, Math.ceil(total / pageSize)),
    earlier,
    entries: rows.map(entryOf),
    year: Number(dayOf(now, zone).slice(0, 4)),
  };
}

/** All of it on one page. */
export async function wholeHistory(
  sql: Sql,
  card: number,
): Promise<Pick<HistoryView, "entries" | "earlier">> {
  const { rows, earlier } = await store.historyRows(sql, card, 0, Number.MAX_SAFE_INTEGER);
  return { entries: rows.map(entryOf), earlier };
}

function entryOf(row: store.HistoryRow): Entry {
  const { at, timeZone, paidBy, ...rest } = row;
  const reason = shownCause(row.reason, paidBy);
  return { ...rest, reason, day: dayOf(at, timeZone ?? unknownBranchZone) };
}

/** A card's last rows, the newest first, for those who work here: also what came before the history was its owner's. */
export async function rowsForStaff(sql: Sql, card: CardId, maxRows: number): Promise<store.HistoryRow[]> {
  return (await store.historyRows(sql, card, 0, maxRows, "staff")).rows;
}

/** A card's last visits, the latest first, for those who work here. */
export function visitsForStaff(
  sql: Sql,
  card: CardId,
  now: Date,
  maxRows: number,
): Promise<store.SeenVisit[]> {
  return store.visitsSeen(sql, card, now, maxRows, "staff");
}
