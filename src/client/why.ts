// Why a person's last visits made what they made.

import { phoneInJournal } from "../cards/link.ts";
import type { Sql } from "../db/connect.ts";
import { visitsSeen } from "./history.store.ts";
import type { WhyView } from "./why.texts.ts";

const lastVisits = 10;

/** The card's last visits, the latest first, each with what it made or why nothing; and where the others are. */
export async function whyOf(sql: Sql, card: number, now: Date): Promise<WhyView> {
  const visits = await visitsSeen(sql, card, now, lastVisits);
  return { visits, total: visits[0]?.total ?? 0, journal: await phoneInJournal(sql, card) };
}
