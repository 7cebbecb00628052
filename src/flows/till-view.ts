// What a screen of the till shows, read from the database each time: no message is trusted to be up to date.

import type { Points } from "../rules/money.ts";
import { payable } from "../rules/till.ts";
import { findCompany } from "../store/companies.ts";
import { lastDone, type Screen } from "../store/screens.ts";
import { staffNames } from "../store/staff.ts";
import { cardsEndingWith, type TillCard, tillCard } from "../store/till.ts";
import type { Till } from "./till-screens.ts";

/** How long a change can be undone, in milliseconds. */
export const undoMs = 10 * 60_000;
/** Before YCLIENTS has said one. */
const unknownZone = "Europe/Moscow";
const mostMatches = 8;

/** The branch's clock. */
export async function zoneOf({ db, rules }: Pick<Till, "db" | "rules">): Promise<string> {
  const company = await findCompany(db, rules.companyIds[0] ?? 0);
  return company?.timeZone ?? unknownZone;
}

/** All that a screen shows. `max` is what points could pay of the bill now; `recent` is another's fresh change. */
export interface View {
  screen: Screen;
  card: TillCard | null;
  matches: TillCard[];
  more: boolean;
  max: Points;
  maxPercent: number;
  timeZone: string;
  now: Date;
  names: ReadonlyMap<number, string>;
  recent: Screen | null;
  canUndo: boolean;
}

/** Reads it. */
export async function viewOf(till: Till, screen: Screen): Promise<View> {
  const { db, now, rules } = till;
  const { card: id, bill, sought } = screen;
  const card = id === null ? null : await tillCard(db, id);
  const found = screen.step === "choose" && sought ? await cardsEndingWith(db, sought, mostMatches) : [];
  const since = new Date(now.getTime() - undoMs);
  const recent = screen.step === "card" && id !== null ? await lastDone(db, id, since) : null;
  const people = [screen.chat, screen.confirmedBy, screen.undoneBy, recent?.chat ?? null];
  return {
    screen,
    card,
    matches: found.slice(0, mostMatches),
    more: found.length > mostMatches,
    max: bill === null || card === null ? 0 : payable(bill, card.balance, rules.spendMaxPercent),
    maxPercent: rules.spendMaxPercent,
    timeZone: await zoneOf(till),
    now,
    names: await staffNames(
      db,
      people.filter((one) => one !== null),
    ),
    recent,
    canUndo: screen.doneAt !== null && screen.doneAt > since,
  };
}
