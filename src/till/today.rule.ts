// The day's list at the till: each client once, what is paid apart from what is to be paid, and where the list opens.

import type { CardId, CompanyId, RecordId } from "../rules/ids.ts";
import type { Kopecks } from "../rules/money.ts";

/** A record of today with a card. `name` is the YCLIENTS client's, else the card's. */
export interface TodayRecord {
  recordId: RecordId;
  companyId: CompanyId;
  card: CardId;
  at: Date;
  timeZone: string;
  name: string | null;
  price: Kopecks;
  paidFull: boolean;
  /** What was paid for its services; null when YCLIENTS did not say. */
  paid: Kopecks | null;
  attendance: number;
  /** How many records the day has in all. */
  total: number;
}

/** A client of the day with their records, in order. */
export type DayClient = [TodayRecord, ...TodayRecord[]];

/** Those who have something to pay yet, by their first unpaid record; and those with paid ones. */
export interface DayLists {
  open: DayClient[];
  paid: DayClient[];
}

/** Each client once in a list: a card's people are told apart by their names. The records are in order. */
export function dayLists(records: readonly TodayRecord[]): DayLists {
  return {
    open: clientsOf(records.filter((one) => !one.paidFull)),
    paid: clientsOf(records.filter((one) => one.paidFull)),
  };
}

function clientsOf(records: readonly TodayRecord[]): DayClient[] {
  const clients = new Map<string, DayClient>();
  for (const record of records) {
    const key = `${record.card} ${record.name ?? ""}`;
    const known = clients.get(key);
    if (known) known.push(record);
    else clients.set(key, [record]);
  }
  return [...clients.values()];
}

/** What records cost. */
export function sumOf(records: readonly TodayRecord[]): Kopecks {
  return records.reduce((sum, one) => sum + one.price, 0);
}

const hourMs = 3_600_000;

/**
 * The place in the list at which it opens: with those whose visit began an hour ago at most, for they pay now; earlier where
 * the page would not be full else, and at the beginning of another day than today's.
 */
export function opensAt(clients: readonly DayClient[], now: Date, isToday: boolean, perPage: number): number {
  if (!isToday) return 0;
  const first = clients.findIndex(([record]) => record.at.getTime() >= now.getTime() - hourMs);
  const at = first === -1 ? clients.length : first;
  return Math.max(0, Math.min(at, clients.length - perPage));
}
