// The till's screens: what a message opens, and what buttons and typed sums turn it into. No points change here.

import type { Db } from "../db/connect.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { payable } from "../rules/till.ts";
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
import { balanceAtTill, cardsEndingWith } from "../store/till.ts";

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

/** Whom or what the admin asked for. A move's points are null for all that the first card holds. */
export type Wanted =
  | { by: "phone"; phone: string; bill: Kopecks | null }
  | { by: "digits"; digits: string; bill: Kopecks | null }
  | { by: "card"; card: number; bill: Kopecks | null }
  | { by: "change"; phone: string; action: "credit" | "debit"; points: Points; reason: string | null }
  | { by: "move"; from: string; to: string; points: Points | null };

/** Why there is nothing to show: no phone ends so, a phone has no card, a card has no points to take. */
export type Nothing =
  | { kind: "nobody" }
  | { kind: "no_card"; phone: string }
  | { kind: "empty"; action: Action; balance: Points };

/**
 * `screen` is to be shown; `cut`: more was asked for than the card holds, and it offers what is there. `acted`: the
 * edited message has had its effect already. `answered`: the same message came once more.
 */
export type Opened =
  | { kind: "screen"; screen: Screen; cut: boolean }
  | { kind: "acted"; screen: Screen }
  | { kind: "answered" }
  | Nothing;

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
  const drafted = await draftFor(till, wanted);
  if ("kind" in drafted) return drafted;
  const { draft, cut } = drafted;
  await dropOldScreens(till.db, till.now);
  const made = await addScreen(till.db, key, draft, untilOf(till));
  if (made) return { kind: "screen", screen: made, cut };
  const before = await findScreen(till.db, key, till.now);
  if (before === null) return { kind: "answered" };
  if (before.row !== null) return edited ? { kind: "acted", screen: before } : { kind: "answered" };
  // Telegram never took the answer to the first delivery, or the message says something else now.
  if (!edited && before.message !== null) return { kind: "answered" };
  const screen = await saveScreen(till.db, { ...before, ...draft }, untilOf(till));
  return screen ? { kind: "screen", screen, cut } : { kind: "answered" };
}

const blank: Draft = {
  step: "card",
  sought: null,
  card: null,
  to: null,
  bill: null,
  action: null,
  points: null,
  reason: null,
  typed: null,
};

type Drafted = { draft: Draft; cut: boolean } | Nothing;

async function draftFor(till: Till, wanted: Wanted): Promise<Drafted> {
  switch (wanted.by) {
    case "card":
      return orNobody(await draftOfCard(till, wanted.card, wanted.bill));
    case "digits": {
      const { digits, bill } = wanted;
      const [only, ...others] = await cardsEndingWith(till.db, digits, 1);
      if (!only) return { kind: "nobody" };
      if (others.length === 0) return orNobody(await draftOfCard(till, only.id, bill));
      return { draft: { ...blank, step: "choose", sought: digits, bill }, cut: false };
    }
    case "phone": {
      const { phone, bill } = wanted;
      const person = await personByPhone(till.db, phone);
      if (person) return orNobody(await draftOfCard(till, person.id, bill));
      return { draft: { ...blank, step: "nobody", sought: phone, bill }, cut: false };
    }
    case "change": {
      const { phone, action, points, reason } = wanted;
      const change = { ...blank, action, points, reason };
      const person = await personByPhone(till.db, phone);
      if (!person) return { draft: { ...change, step: "nobody", sought: phone }, cut: false };
      const draft = { ...change, step: "confirm" as const, card: person.id };
      return action === "credit" ? { draft, cut: false } : cutToBalance(till, draft, person.id);
    }
    default:
      return draftOfMove(till, wanted);
  }
}

const orNobody = (draft: Draft | null): Drafted => (draft ? { draft, cut: false } : { kind: "nobody" });

async function draftOfMove(
  till: Till,
  wanted: { from: string; to: string; points: Points | null },
): Promise<Drafted> {
  const from = await personByPhone(till.db, wanted.from);
  if (!from) return { kind: "no_card", phone: wanted.from };
  const to = await personByPhone(till.db, wanted.to);
  if (!to) return { kind: "no_card", phone: wanted.to };
  const draft = { ...blank, step: "confirm", action: "move", points: wanted.points } as const;
  return cutToBalance(till, { ...draft, card: from.id, to: to.id }, from.id);
}

/** No button offers what cannot be: what is there instead. Null points are all of it. */
async function cutToBalance(till: Till, draft: Draft, card: number): Promise<Drafted> {
  const balance = (await balanceAtTill(till.db, card)) ?? 0;
  const { points, action } = draft;
  if (balance <= 0) return { kind: "empty", action: action ?? "debit", balance };
  if (points !== null && points <= balance) return { draft, cut: false };
  return { draft: { ...draft, points: balance }, cut: points !== null };
}

/**
 * A card with its bill: what points can pay of it is what the button will spend. Null when the card's owner has asked to
 * be forgotten.
 */
export async function draftOfCard(till: Till, card: number, bill: Kopecks | null): Promise<Draft | null> {
  const balance = await balanceAtTill(till.db, card);
  if (balance === null) return null;
  if (bill === null) return { ...blank, card };
  const points = payable(bill, balance, till.rules.spendMaxPercent);
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
    if (screen.action === "credit") return { step: "confirm", card: made.id, sought: null };
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
