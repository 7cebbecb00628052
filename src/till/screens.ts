// The till's screens: what a message opens, and what buttons and typed sums turn it into. No points change here.

import { type Person, personOfPhone } from "../cards/clients.store.ts";
import { nameStaff } from "../chat/staff.store.ts";
import { type Db, inTransaction } from "../db/connect.ts";
import { lockLedger } from "../ledger/entries.store.ts";
import type { Points } from "../rules/money.ts";
import { draftFor, draftOfCard, type Nothing, type Wanted } from "./drafts.ts";
import {
  addScreen,
  adoptScreen,
  closeQuestions,
  type Draft,
  dropOldScreens,
  findScreen,
  findTapped,
  type OldTap,
  placeScreen,
  type Screen,
  type ScreenKey,
  saveScreen,
  screenOfRow,
} from "./screens.store.ts";
import type { Button } from "./steps.rule.ts";
import { cardsEndingWith } from "./till.store.ts";

export type { Screen, ScreenKey } from "./screens.store.ts";

/** The settings of the till; the same names as in the config. Points are hundredths, the percent is a whole one. */
export interface TillRules {
  spendMaxPercent: number;
  adminDailyLimit: Points | null;
  secondAdminAbove: Points | null;
  ownerIds: readonly number[];
  companyIds: readonly number[];
}

/** What the till works with. `bot` is the id of the one that it speaks through. */
export interface Till {
  bot: number;
  db: Db;
  now: Date;
  rules: TillRules;
}

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
export const openMs = 2 * 3_600_000;
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
  // What is over of a record's screen must not stand in the way of a new one.
  if (wanted.by === "card" && wanted.of) await dropOldScreens(till.db, till.now);
  // First what the message has done already: that may be why the card is empty now.
  const before = await findScreen(till.db, key, till.now);
  if (before && before.row !== null) return edited ? { kind: "acted", screen: before } : { kind: "answered" };
  // Else Telegram never took the answer to the first delivery, or the message says something else now.
  if (before && !edited && before.message !== null) return { kind: "answered" };
  const drafted = await draftFor(till, wanted);
  const until = untilOf(till);
  if ("kind" in drafted) {
    if (before) await saveScreen(till.db, { ...before, step: "closed" }, until);
    return drafted;
  }
  const { draft, cut } = drafted;
  const screen = before
    ? await saveScreen(till.db, { ...before, ...draft }, until)
    : await addScreen(till.db, key, draft, until, wanted.by === "card" ? wanted.of : null);
  return screen ? { kind: "screen", screen, cut } : { kind: "answered" };
}

/** Closes a screen that was left as it is by an edit of its message; null when the edit was acted on, or points were. */
export async function withdraw(till: Till, screen: Screen): Promise<Screen | null> {
  if (screen.row !== null || screen.step === "closed") return null;
  return saveScreen(till.db, { ...screen, step: "closed" }, untilOf(till));
}

/**
 * Another client is looked at, so nothing typed from now on is for the one before: closes what was asked of that one. `but`
 * is the screen that is looked at. Returns what was closed, to be shown again.
 */
export function closeQuestion({ db, bot }: Till, chat: number, but: number | null): Promise<Screen[]> {
  return closeQuestions(db, { bot, chat }, but);
}

/** A screen as stored, while its time is not over. */
export function recallScreen(till: Till, key: ScreenKey): Promise<Screen | null> {
  return findScreen(till.db, key, till.now);
}

/** The screen that made a row of the ledger, in whoever's chat; or null. */
export function screenOfChange(till: Till, row: number): Promise<Screen | null> {
  return screenOfRow(till.db, row);
}

/** Takes over a screen of an earlier release by its own button. */
export function adopt(till: Till, tap: OldTap): Promise<void> {
  return adoptScreen(till.db, till.bot, tap);
}

/** The screen whose button was tapped, while its time is not over; and whether another of its chat asks for a sum. */
export function tappedScreen(till: Till, key: ScreenKey) {
  return findTapped(till.db, key, till.now);
}

type Turns = (till: Till, screen: Screen, about: number) => Promise<Partial<Draft> | null>;

const ofCard =
  (
    turned: (till: Till, screen: Screen & { card: number }) => Partial<Draft> | null | Promise<Draft | null>,
  ): Turns =>
  async (till, screen) =>
    screen.card === null || screen.row !== null ? null : turned(till, { ...screen, card: screen.card });

/** What each button that changes no points turns a screen into; null where it is too late for that. */
const turns = {
  // Only a card that was on the list and still is: its owner may have asked to be forgotten meanwhile.
  open: async (till, { sought, bill }, card) => {
    const listed = sought === null ? [] : await cardsEndingWith(till.db, sought, 50, till.now);
    return listed.some((one) => one.id === card) ? draftOfCard(till, card, bill) : null;
  },
  make: async (till, { sought, action, bill }) => {
    if (sought === null) return null;
    const made = await makeCard(till.db, sought);
    if (action === "credit") return { step: "confirm", card: made.id, sought: null };
    return draftOfCard(till, made.id, bill);
  },
  back: ofCard((till, { card, bill, paid }) => draftOfCard(till, card, bill, paid)),
  // What was offered before is no longer meant: a sum typed now is for what was tapped last.
  bill: ofCard(() => ({ step: "ask_bill", action: "spend", points: null })),
  sum: ofCard((_, { bill }) => (bill === null ? null : { step: "ask_sum", action: "spend", points: null })),
  credit: ofCard(() => ({ step: "ask_credit", action: "credit", points: null, bill: null, paid: 0 })),
} satisfies Partial<Record<Button, Turns>>;

/** Turns a screen by one of its buttons, which names the card `about` where it has several; null when that is too late. */
export async function turnScreen(
  till: Till,
  screen: Screen,
  button: keyof typeof turns,
  about = 0,
): Promise<Screen | null> {
  const draft = await turns[button](till, screen, about);
  return draft && saveScreen(till.db, { ...screen, ...draft }, untilOf(till));
}

/** Under the ledger's lock: a page of the journal that is making the same card would break on ours. */
function makeCard(db: Db, phone: string): Promise<Person> {
  return inTransaction(db, async (tx) => {
    await lockLedger(tx);
    return personOfPhone(tx, phone);
  });
}

/** Telegram has the message that shows the screen. */
export function placed(till: Till, key: ScreenKey, message: number): Promise<void> {
  return placeScreen(till.db, key, message);
}
