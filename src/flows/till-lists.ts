// What an admin may read of a card: its last rows and its last visits.

import type { Db } from "../db/connect.ts";
import { personByPhone } from "../store/clients.ts";
import { staffNames } from "../store/staff.ts";
import {
  lastRows,
  lastVisits,
  type TillCard,
  type TillRow,
  type TillVisit,
  tillCard,
} from "../store/till.ts";

const most = 10;

/** A card's last rows, the newest first, and the names of the staff in them. */
export interface Rows {
  card: TillCard;
  rows: TillRow[];
  names: ReadonlyMap<number, string>;
}

/** The last ten rows; null when there is no such card. */
export async function rowsOf(db: Db, id: number): Promise<Rows | null> {
  const card = await tillCard(db, id);
  if (card === null) return null;
  const rows = await lastRows(db, id, most);
  return { card, rows, names: await staffNames(db, [...new Set(rows.flatMap((row) => staffOf(row.actor)))]) };
}

/** The Telegram ids in an author of the ledger: `admin:1`, `admin:1,owner:2`. */
function staffOf(actor: string): number[] {
  return [...actor.matchAll(/(?:admin|owner):(\d{1,15})/g)].map((found) => Number(found[1]));
}

/** A card's last visits, the newest first. */
export interface Visits {
  card: TillCard;
  visits: TillVisit[];
}

/** The last ten visits; null when there is no such card. */
export async function visitsOf(db: Db, id: number): Promise<Visits | null> {
  const card = await tillCard(db, id);
  return card && { card, visits: await lastVisits(db, id, most) };
}

/** The same by a phone. */
export async function visitsOfPhone(db: Db, phone: string): Promise<Visits | null> {
  const person = await personByPhone(db, phone);
  return person && visitsOf(db, person.id);
}
