// The till's screens: what a message opens, and what buttons and typed sums turn it into. No points change here.

import { cardOfPhone, madeCardOfPhone } from "../cards/link.ts";
import type { Db } from "../db/connect.ts";
import { underLock } from "../ledger/ledger.ts";
import type { Account } from "../rules/account.ts";
import type { BotId, CardId, CompanyId, RecordId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";
import { type DayLimit, dayLimitOf, type LimitRules, mostFor } from "./limits.ts";
import {
  addScreen,
  type Draft,
  dropOldScreens,
  findScreen,
  type Screen,
  type ScreenKey,
  type ScreenRecord,
  saveScreen,
} from "./screens.store.ts";
import type { ScreenButton, TillAction } from "./steps.rule.ts";
import { balanceAtTill, cardsFound, type Found, type Sought } from "./till.store.ts";

export {
  adoptScreen,
  closeAllOf,
  closeQuestions,
  closeScreensOf,
  dropOldScreens,
  findTapped,
  placeScreen,
  type Screen,
  type ScreenKey,
  screenOfRow,
} from "./screens.store.ts";
export { spenderOf } from "./till.store.ts";

/** What the till works with. `bot` is the id of the one that it speaks through. */
export interface Till {
  bot: BotId;
  db: Db;
  now: Date;
  rules: LimitRules;
}

/** Whom or what the admin asked for. A move's points are null for all that the first card holds. */
export type Wanted =
  | { by: "phone"; phone: string; bill: Kopecks | null }
  | { by: "digits" | "name"; words: string; bill: Kopecks | null }
  | { by: "card"; card: CardId; bill: Kopecks | null; paid?: Kopecks; of?: ScreenRecord }
  | { by: "change"; phone: string; action: "credit" | "debit"; points: Points; reason: string | null }
  | { by: "move"; from: string; to: string; points: Points | null; reason: string | null };

/** Why there is nothing to show: no phone ends so, a phone has no card, a card has no points to take, the admin's day is over. */
type Nothing =
  | { kind: "nobody" }
  | { kind: "no_card"; phone: string }
  | { kind: "empty"; card: CardId; action: TillAction; balance: Points }
  | { kind: "day_over"; card: CardId | null; day: DayLimit };

/** Why a screen offers less than was asked for: that is what the card holds, or what is left of the admin's day. */
export type Cut = "balance" | "day" | null;

/**
 * `screen` is to be shown. `acted`: the edited message has had its effect already. `answered`: the same message came once
 * more.
 */
type Opened =
  | { kind: "screen"; screen: Screen; cut: Cut }
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
  // Else the messenger never took the answer to the first delivery, or the message says something else now.
  if (before && !edited && before.message !== null) return { kind: "answered" };
  const drafted = await draftFor(till, key.account, wanted);
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

const blank: Draft = {
  step: "card",
  sought: null,
  card: null,
  to: null,
  bill: null,
  paid: 0,
  action: null,
  points: null,
  reason: null,
  typed: null,
};

type Drafted = { draft: Draft; cut: Cut } | Nothing;

/** What a screen of this is to show, or why there is nothing. */
async function draftFor(till: Till, account: Account, wanted: Wanted): Promise<Drafted> {
  switch (wanted.by) {
    case "card":
      return orNobody(await draftOfCard(till, { account, ...wanted, ...wanted.of }));
    case "digits":
    case "name": {
      const { words, bill } = wanted;
      const { cards, total } = await foundBy(till, words, 1);
      const [only] = cards;
      if (!only) return { kind: "nobody" };
      if (total === 1) return orNobody(await draftOfCard(till, { account, card: only.id, bill }));
      return { draft: { ...blank, step: "choose", sought: words, bill }, cut: null };
    }
    case "phone": {
      const { phone, bill } = wanted;
      const card = await cardOfPhone(till.db, phone);
      if (card !== null) return orNobody(await draftOfCard(till, { account, card, bill }));
      return { draft: { ...blank, step: "nobody", sought: phone, bill }, cut: null };
    }
    case "change": {
      const { phone, action, points, reason } = wanted;
      const change = { ...blank, action, points, reason };
      const card = await cardOfPhone(till.db, phone);
      const found =
        card === null ? { step: "nobody" as const, sought: phone } : { step: "confirm" as const, card };
      return cutDown(till, account, { ...change, ...found });
    }
    default:
      return draftOfMove(till, account, wanted);
  }
}

const orNobody = (draft: Draft | null): Drafted => (draft ? { draft, cut: null } : { kind: "nobody" });

async function draftOfMove(
  till: Till,
  account: Account,
  wanted: { from: string; to: string; points: Points | null; reason: string | null },
): Promise<Drafted> {
  const from = await cardOfPhone(till.db, wanted.from);
  if (from === null) return { kind: "no_card", phone: wanted.from };
  const to = await cardOfPhone(till.db, wanted.to);
  if (to === null) return { kind: "no_card", phone: wanted.to };
  const { points, reason } = wanted;
  const draft = { ...blank, step: "confirm", action: "move", points, reason } as const;
  return cutDown(till, account, { ...draft, card: from, to });
}

/** No button offers what cannot be: what is there instead. Null points are all of it. */
async function cutDown(till: Till, account: Account, draft: Draft): Promise<Drafted> {
  const { card, points: wanted, action } = draft;
  const bounded = card !== null && action !== "credit";
  const balance = bounded ? ((await balanceAtTill(till.db, card)) ?? 0) : Number.POSITIVE_INFINITY;
  if (bounded && balance <= 0) return { kind: "empty", card, action: action ?? "debit", balance };
  const day = await dayLimitOf(till, account);
  if (day?.left === 0) return { kind: "day_over", card, day };
  const held = Math.min(wanted ?? balance, balance);
  const points = Math.min(held, day?.left ?? held);
  return {
    draft: { ...draft, points },
    cut: points < held ? "day" : held < (wanted ?? held) ? "balance" : null,
  };
}

/** A card at the till: in whose chat, with which bill, of which so much was paid before, and of which record, if of one. */
interface AtTill {
  account: Account;
  card: CardId;
  bill: Kopecks | null;
  paid?: Kopecks | undefined;
  company?: CompanyId | null;
  record?: RecordId | null;
}

/**
 * A card with its bill: what points can pay of it is what the button will spend. Null when the card's owner has asked to be
 * forgotten.
 */
export async function draftOfCard(
  till: Till,
  { account, card, bill, paid = 0, company = null, record = null }: AtTill,
): Promise<Draft | null> {
  const balance = await balanceAtTill(till.db, card);
  if (balance === null) return null;
  if (bill === null) return { ...blank, card };
  const { points } = await mostFor(till, { account, card, bill, paid, balance, company, record });
  return { ...blank, card, bill, paid, action: "spend", points: points > 0 ? points : null };
}

/** The cards that four last digits of a phone mean, or any other words: the beginning of a name. */
export async function foundBy({ db, now, rules }: Till, words: string, maxRows: number): Promise<Found> {
  const sought: Sought = /^\d{4}$/.test(words) ? { digits: words } : { name: words };
  const today = dayOf(now, await branchZone(db, rules.companyIds));
  return cardsFound(db, sought, { now, today, companies: rules.companyIds }, maxRows);
}

/** Closes a screen that was left as it is by an edit of its message; null when the edit was acted on, or points were. */
export async function withdraw(till: Till, screen: Screen): Promise<Screen | null> {
  if (screen.row !== null || screen.step === "closed") return null;
  return saveScreen(till.db, { ...screen, step: "closed" }, untilOf(till));
}

/** A screen as stored, while its time is not over. */
export function recallScreen(till: Till, key: ScreenKey): Promise<Screen | null> {
  return findScreen(till.db, key, till.now);
}

type Turns = (till: Till, screen: Screen, about: number) => Promise<Partial<Draft> | null>;

const ofCard =
  (
    turned: (till: Till, screen: Screen & { card: CardId }) => Partial<Draft> | null | Promise<Draft | null>,
  ): Turns =>
  async (till, screen) =>
    screen.card === null || screen.row !== null ? null : turned(till, { ...screen, card: screen.card });

/** What each button that changes no points turns a screen into; null where it is too late for that. */
const turns = {
  // Only a card that was on the list and still is: its owner may have asked to be forgotten meanwhile.
  open: async (till, { account, sought, bill }, card) => {
    const listed = sought === null ? [] : (await foundBy(till, sought, 50)).cards;
    return listed.some((one) => one.id === card) ? draftOfCard(till, { account, card, bill }) : null;
  },
  make: async (till, { account, sought, action, bill }) => {
    if (sought === null) return null;
    const card = await makeCard(till.db, sought);
    if (action === "credit") return { step: "confirm", card, sought: null };
    return draftOfCard(till, { account, card, bill });
  },
  back: ofCard((till, screen) => draftOfCard(till, screen)),
  // What was offered before is no longer meant: a sum typed now is for what was tapped last.
  bill: ofCard(() => ({ step: "ask_bill", action: "spend", points: null })),
  sum: ofCard((_, { bill }) => (bill === null ? null : { step: "ask_sum", action: "spend", points: null })),
  credit: ofCard(() => ({ step: "ask_credit", action: "credit", points: null, bill: null, paid: 0 })),
} satisfies Partial<Record<ScreenButton, Turns>>;

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
function makeCard(db: Db, phone: string): Promise<CardId> {
  return underLock(db, (tx) => madeCardOfPhone(tx, phone));
}
