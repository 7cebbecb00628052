// What a screen of the till shows, read from the database each time: no message is trusted to be up to date.

import type { Points } from "../rules/money.ts";
import { payable } from "../rules/till.ts";
import { lastDone, lastSpendOf, type Screen } from "../store/screens.ts";
import { staffNames } from "../store/staff.ts";
import { cardsEndingWith, type TillCard, tillCard } from "../store/till.ts";
import { branchZone } from "./branch-zone.ts";
import type { Till } from "./till-screens.ts";

/** How long a change can be undone, in milliseconds. */
export const undoMs = 10 * 60_000;
const mostMatches = 8;

/**
 * All that a screen shows. `other` is a move's second card; `max` is what points could pay of the bill now; `recent` is
 * a fresh change of this card, or the spend that a screen asks to repeat.
 */
export interface View {
  screen: Screen;
  card: TillCard | null;
  other: TillCard | null;
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
  const { card: id, to, bill, sought } = screen;
  const card = id === null ? null : await tillCard(db, id);
  const other = to === null ? null : await tillCard(db, to);
  const found = screen.step === "choose" && sought ? await cardsEndingWith(db, sought, mostMatches) : [];
  const since = new Date(now.getTime() - undoMs);
  const recent = await recentOf(till, screen, since);
  const people = [screen.chat, screen.confirmedBy, screen.undoneBy, recent?.chat ?? null];
  return {
    screen,
    card,
    other,
    matches: found.slice(0, mostMatches),
    more: found.length > mostMatches,
    max: bill === null || card === null ? 0 : payable(bill, card.balance, rules.spendMaxPercent),
    maxPercent: rules.spendMaxPercent,
    timeZone: await branchZone(db, rules.companyIds),
    now,
    names: await staffNames(
      db,
      people.filter((one) => one !== null),
    ),
    recent,
    canUndo: screen.doneAt !== null && screen.doneAt > since,
  };
}

async function recentOf({ db }: Till, { step, card, bill }: Screen, since: Date): Promise<Screen | null> {
  if (card === null) return null;
  if (step === "again" && bill !== null) return lastSpendOf(db, card, bill);
  return step === "card" ? lastDone(db, card, since) : null;
}
