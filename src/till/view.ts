// What a screen of the till shows, read from the database each time: no message is trusted to be up to date.

import { personByPhone } from "../cards/clients.store.ts";
import { staffNames } from "../chat/staff.store.ts";
import { type PriceKept, pricesKept, type Standing, spentOn } from "../ledger/spends.store.ts";
import type { Points } from "../rules/money.ts";
import { dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/zone.ts";
import { lastDone, type Screen, waitingOnCard } from "./screens.store.ts";
import { openMs, type Till } from "./screens.ts";
import { payable } from "./till.rule.ts";
import { cardsEndingWith, type TillCard, type TillName, tillCard, tillName } from "./till.store.ts";

/** How long a change can be undone, in milliseconds. */
export const undoMs = 10 * 60_000;
const mostMatches = 8;

/**
 * All that a screen shows. `other` is a move's second card; `max` is what points could pay of the bill now; `recent` is
 * a fresh change of this card; `spent` is what was spent on the same bill already; `settled`: of this bill nothing is
 * left to pay; `kept` are visits of the day whose price was not lowered after a spend; `waiting` are changes of
 * this card that an owner is asked about, which is above `askAbove` points.
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
  spent: Standing[];
  settled: boolean;
  kept: PriceKept[];
  waiting: Screen[];
  askAbove: Points | null;
  canUndo: boolean;
}

/** What a card's owner is called at the till; null when there is no such card. */
export function nameOfCard({ db }: Till, card: number): Promise<TillName | null> {
  return tillName(db, card);
}

/** The same by a phone, which may have no card. */
export async function nameOfPhone({ db }: Till, phone: string): Promise<TillName> {
  const person = await personByPhone(db, phone);
  return (person && (await tillName(db, person.id))) ?? { name: null, phone };
}

/** Reads it. */
export async function viewOf(till: Till, screen: Screen): Promise<View> {
  const { db, now, rules } = till;
  const { card: id, to, bill, paid, sought } = screen;
  const card = id === null ? null : await tillCard(db, id, now);
  const other = to === null ? null : await tillCard(db, to, now);
  const found = screen.step === "choose" && sought ? await cardsEndingWith(db, sought, mostMatches, now) : [];
  const since = new Date(now.getTime() - undoMs);
  const timeZone = await branchZone(db, rules.companyIds);
  const recent = id !== null && screen.step === "card" ? await lastDone(db, id, since) : null;
  // While a screen opened before midnight may still be tapped, the day before counts.
  const today = dayOf(new Date(now.getTime() - openMs), timeZone);
  const spent = await spentOnBill(till, screen, today);
  const waiting = id !== null && screen.step === "card" ? await waitingOnCard(db, id, now) : [];
  const kept = id !== null && screen.step === "card" ? await pricesKept(db, id, today) : [];
  const people = [screen.chat, screen.confirmedBy, screen.undoneBy, recent?.chat ?? null];
  return {
    screen,
    card,
    other,
    matches: found.slice(0, mostMatches),
    more: found.length > mostMatches,
    max: bill === null || card === null ? 0 : payable(bill, card.balance, rules.spendMaxPercent, paid),
    maxPercent: rules.spendMaxPercent,
    timeZone,
    now,
    names: await staffNames(
      db,
      [...people, ...[...spent, ...waiting].map((one) => one.chat)].filter((one) => one !== null),
    ),
    recent,
    spent,
    kept,
    waiting,
    askAbove: rules.secondAdminAbove,
    settled:
      bill !== null && paid > 0 && [0, ...spent.map((one) => one.points)].some((one) => paid + one >= bill),
    canUndo: screen.doneAt !== null && screen.doneAt > since,
  };
}

/** The same bill: this card's, of this sum, of this day of the branch. */
async function spentOnBill({ db }: Till, screen: Screen, since: string): Promise<Standing[]> {
  const { step, card, bill, action } = screen;
  if (card === null || bill === null || action !== "spend" || !paying.includes(step)) return [];
  return spentOn(db, { card, bill, since });
}

/** The steps that say what is to pay before points are spent. */
const paying = ["card", "confirm", "again"];
