// Why a person's last visits made what they made.

import type { Sql } from "../db/connect.ts";
import { visitsSeen } from "../store/history.ts";
import type { VisitView } from "../texts/why.ts";

const lastVisits = 10;

/** The card's last visits, the latest first, each with what it made or why nothing. */
export async function whyOf(sql: Sql, card: number, now: Date): Promise<VisitView[]> {
  return visitsSeen(sql, card, now, lastVisits);
}
