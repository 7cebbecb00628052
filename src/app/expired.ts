// What the bot asked and nobody answered in time goes, with the till's old screens.

import { dropOldDialogs } from "../cards/consent.ts";
import type { Db } from "../db/connect.ts";
import { dropOldScreens } from "../till/screens.ts";

/** Drops the dialogues and screens whose time is over; nothing that a button could still find. */
export async function dropExpired(db: Db, now: Date): Promise<void> {
  await dropOldDialogs(db, now);
  await dropOldScreens(db, now);
}
