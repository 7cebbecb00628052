// The till's screens: what a message opens, and what buttons and typed sums turn it into. No points change here.

import type { Db } from "../db/connect.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { payable } from "../rules/till.ts";
import { balanceOf } from "../store/bonuslog.ts";
import { personByPhone, personOfPhone } from "../store/clients.ts";
import {
  type Action,
  addScreen,
  type Draft,
  dropOldScreens,
  findScreen,
  placeScreen,
  type Screen,
  type ScreenKey,
  saveScreen,
} from "../store/screens.ts";
import { nameStaff } from "../store/staff.ts";
import { cardsEndingWith } from "../store/till.ts";

export type { Screen, ScreenKey } from "../store/screens.ts";

/** The settings of the till; the same names as in the config. Points are hundredths, the percent is a whole one. */
export interface TillRules {
  spendMaxPercent: number;
  adminDailyLimit: Points | null;
  secondAdminAbove: Points | null;
  ownerIds: readonly number[];
  companyIds: readonly number[];
}

/** What the till works with. */
export interface Till {
  db: Db;
  now: Date;
  rules: TillRules;
}

/** Whom or what the admin asked for. */
export type Wanted =
  | { by: "phone"; phone: string; bill: Kopecks | null }
  | { by: "digits"; digits: string; bill: Kopecks | null }
  | { by: "card"; card: number; bill: Kopecks | null }
  | { by: "change"; phone: string; action: Action; points: Points; reason: string | null };

/**
 * `screen` is to be shown. `acted`: the edited message has had its effect already. `nobody`: no phone ends so.
 * `answered`: the same message came once more.
 */
export type Opened = { kind: "screen" | "acted"; screen: Screen } | { kind: "nobody" | "answered" };

/** How long a screen waits for a button, and how long one that has done something can be looked at. */
const openMs = 2 * 3_600_000;
const doneMs = 30 * 86_400_000;

/** Until when an open screen and one that has done its work are kept. */
export function untilOf(till: Till, done = false): Date {
  return new Date(till.now.getTime() + (done ? doneMs : openMs));
}

/** Keeps what an admin or owner is called now. */
export function nameOfStaff(till: Till, telegramId: number, name: string): Promise<void> {
  return nameStaff(till.db, telegramId, name);
}

/** Opens a screen for a message, or turns the one of an edited message that was not acted on. */
export async function openScreen(
  till: Till,
  key: ScreenKey,
  wanted: Wanted,
  edited = false,
): Promise<Opened> {
  const draft = await draftFor(till, wanted);
  if (draft === null) return { kind: "nobody" };
  await dropOldScreens(till.db, till.now);
  const made = await addScreen(till.db, key, draft, untilOf(till));
  if (made) return { kind: "screen", screen: made };
  const before = await findScreen(till.db, key, till.now);
  if (before === null) return { kind: "answered" };
  if (before.row !== null) return edited ? { kind: "acted", screen: before } : { kind: "answered" };
  // Telegram never took the answer to the first delivery, or the message says something else now.
  if (!edited && before.message !== null) return { kind: "answered" };
  const screen = await saveScreen(till.db, { ...before, ...draft }, untilOf(till));
  return screen ? { kind: "screen", screen } : { kind: "answered" };
}

const blank: Draft = {
  step: "card",
  sought: null,
  card: null,
  bill: null,
  action: null,
  points: null,
  reason: null,
  typed: null,
};

async function draftFor(till: Till, wanted: Wanted): Promise<Draft | null> {
  if (wanted.by === "card") return draftOfCard(till, wanted.card, wanted.bill);
  if (wanted.by === "digits") {
    const [only, ...others] = await cardsEndingWith(till.db, wanted.digits, 1);
    if (!only) return null;
    if (others.length === 0) return draftOfCard(till, only.id, wanted.bill);
    return { ...blank, step: "choose", sought: wanted.digits, bill: wanted.bill };
  }
  const person = await personByPhone(till.db, wanted.phone);
  if (wanted.by === "phone") {
    if (person) return draftOfCard(till, person.id, wanted.bill);
    return { ...blank, step: "nobody", sought: wanted.phone, bill: wanted.bill };
  }
  const { phone, by: _, ...change } = wanted;
  if (person) return { ...blank, ...change, step: "confirm", card: person.id };
  return { ...blank, ...change, step: "nobody", sought: phone };
}

/** A card with its bill: what points can pay of it is what the button will spend. */
export async function draftOfCard(till: Till, card: number, bill: Kopecks | null): Promise<Draft> {
  if (bill === null) return { ...blank, card };
  const points = payable(bill, await balanceOf(till.db, card), till.rules.spendMaxPercent);
  return { ...blank, card, bill, action: "spend", points: points > 0 ? points : null };
}

/** A screen as stored, while its time is not over. */
export function recallScreen(till: Till, key: ScreenKey): Promise<Screen | null> {
  return findScreen(till.db, key, till.now);
}

/** What a button may turn a screen into. */
export type Turn = "bill" | "sum" | "credit" | "back" | "make" | { open: number };

/** Turns a screen; null when the button does not belong to it or it has changed meanwhile. */
export async function turnScreen(till: Till, screen: Screen, turn: Turn): Promise<Screen | null> {
  const draft = await turned(till, screen, turn);
  return draft && saveScreen(till.db, { ...screen, ...draft }, untilOf(till));
}

async function turned(till: Till, screen: Screen, turn: Turn): Promise<Partial<Draft> | null> {
  const { step, card, bill, sought } = screen;
  if (typeof turn === "object") {
    // Only a card that was on the list and still is: its owner may have asked to be forgotten meanwhile.
    const listed = step === "choose" && sought !== null ? await cardsEndingWith(till.db, sought, 50) : [];
    return listed.some((one) => one.id === turn.open) ? draftOfCard(till, turn.open, bill) : null;
  }
  if (turn === "make") {
    if (step !== "nobody" || sought === null) return null;
    const made = await personOfPhone(till.db, sought);
    if (screen.points !== null) return { step: "confirm", card: made.id, sought: null };
    return draftOfCard(till, made.id, bill);
  }
  if (card === null || screen.row !== null || step === "closed") return null;
  if (turn === "back") return draftOfCard(till, card, bill);
  if (step !== "card" || (turn === "sum" && bill === null)) return null;
  // What was offered before is no longer meant: a sum typed now is for what was tapped last.
  if (turn === "credit") return { step: "ask_credit", action: "credit", points: null, bill: null };
  return { step: `ask_${turn}`, action: "spend", points: null };
}

/** Telegram has the message that shows the screen. */
export function placed(till: Till, key: ScreenKey, message: number): Promise<void> {
  return placeScreen(till.db, key, message);
}
