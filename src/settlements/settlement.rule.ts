// What a settlement does next, from what it asked of YCLIENTS last and what stands there now. No call, no clock of its own.

import type { Kopecks } from "../rules/money.ts";

/** What it is to come to: the points pay a part of the visit in the journal, or nothing of them is left there. */
type Goal = "settle" | "return";

/**
 * What is asked of YCLIENTS: a reserved card for the client; points onto that card or off it, by hand; points of the card
 * onto the visit's bill; all that the card has paid of it off the bill again.
 */
export type Write = "issue" | "put" | "take" | "apply" | "cancel";

/** Why the visit cannot be settled, or not be brought back; settlements.texts.ts says each in words. */
export type Obstacle =
  // Read before anything is put on the card.
  | "record_gone"
  | "no_show"
  | "no_visit"
  | "other_client"
  | "receipt"
  | "paid"
  | "certificate"
  | "foreign_rows"
  | "too_little_left"
  | "too_much"
  | "no_phone"
  | "two_cards"
  | "card_waits"
  | "prices_unclear"
  // Of what was asked.
  | "refused"
  | "short"
  | "gone"
  | "card_gone"
  | "never_done"
  | "by_hand"
  // It is on the bill, and what is left to pay is not what it ought to be.
  | "bill_otherwise"
  // It stood, and is off the bill: the record was deleted, or somebody took it off in the journal.
  | "taken_off";

/** What is no fault of the visit: YCLIENTS does otherwise than the branch's trial saw. */
export const otherwise: ReadonlySet<Obstacle> = new Set(["short", "never_done", "bill_otherwise"]);

/** What somebody can put right in the journal: the same of the same visit may be tried again then. */
export const mayPass: ReadonlySet<Obstacle> = new Set([
  ...(["no_show", "paid", "foreign_rows", "too_little_left", "too_much"] as const),
  ...(["no_phone", "two_cards", "card_gone", "by_hand", "taken_off"] as const),
]);
/** What the points can still be spent on by hand, the visit's price lowered by a person. */
export const withoutJournal: ReadonlySet<Obstacle> = new Set([
  ...(["certificate", "card_waits", "prices_unclear", "refused"] as const),
  ...otherwise,
]);

/** What stands in YCLIENTS. */
export interface InJournal {
  /** On the client's reserved card; null where they have none. Below zero where more was taken than it held. */
  balance: Kopecks | null;
  /** What this card pays of the visit. */
  applied: Kopecks;
  /** What is left to pay of the visit; null where it was not said. */
  left: Kopecks | null;
  /** Why nothing may be put on the bill now, or be taken off it by a person; null where it may. */
  obstacle: Obstacle | null;
  /** Whether this card pays of visits what no settlement of ours put there; null where nobody looked. */
  elsewhere: boolean | null;
}

/** Something that was asked, and what stood there before it was. */
export interface Asked {
  write: Write;
  amount: Kopecks;
  sentAt: Date;
  /** What YCLIENTS answered; null: nothing that can be relied on. */
  answer: "yes" | "no" | null;
  before: Pick<InJournal, "balance" | "applied" | "left">;
  /** When it was first seen not to be done. */
  missedAt: Date | null;
}

/** A settlement under way. */
export interface Settlement {
  goal: Goal;
  /** What the points pay. */
  amount: Kopecks;
  /** What was put on the reserved card, and is there or on the visit as far as was seen. */
  held: Kopecks;
  /** What was asked last and is not known to be done or not. */
  asked: Asked | null;
  /** How often each was asked in vain, for this goal. */
  vain: Readonly<Partial<Record<Write, number>>>;
  /** Something was ever asked to be put on the card. */
  touched: boolean;
  /** It has stood on the bill before: somebody takes it back. */
  stood: boolean;
  /** What was left to pay before the points were last asked onto the bill, as it was read; null where they were not, or nobody said. */
  leftBefore: Kopecks | null;
  /** Since when less is on the card than is held; null where it is not. */
  missingAt: Date | null;
}

/** What came of the last write: it is done, it is not, or something else moved meanwhile. */
export type Came = "done" | "undone" | "odd";

/**
 * What to do now. `look`: not before so many milliseconds after now; `missed`: what is sought was not there. `came`: what is known of the last write, and what is held
 * since; asked again at once. `turn`: the goal is the return from now on. `kept`: it was to be taken back, and stands as it did.
 */
export type Move =
  | { kind: "ask"; write: Write; amount: Kopecks }
  | { kind: "look"; inMs: number; missed: boolean }
  | { kind: "came"; came: Came; held: Kopecks }
  | { kind: "turn"; why: Obstacle }
  | { kind: "kept"; why: Obstacle }
  | { kind: "stands" }
  | { kind: "returned" }
  | { kind: "stuck"; why: Obstacle };

/** What was sent is not looked for in vain sooner: most is done by then. Milliseconds. */
const firstLookMs = 15_000;
/** "Not done" takes two looks so far apart, the second so long after it was sent: a server may act late. */
export const betweenLooksMs = 30_000;
export const lateMs = 90_000;
/** Where points that a hand moved show so much later, they may be on another visit meanwhile. YCLIENTS API: lists lag. */
export const lagMs = 90_000;
/** What was asked so often in vain is not asked again. */
export const mostTries = 3;

/** What comes next. `now` is the clock that `sentAt` and `missedAt` are of. */
export function next(settlement: Settlement, seen: InJournal, now: Date): Move {
  const { asked } = settlement;
  if (asked) return resolve(settlement, asked, seen, now);
  return settlement.goal === "settle"
    ? towardSettled(settlement, seen)
    : towardReturned(settlement, seen, now);
}

/** What is known of the last write now. A refusal is believed where nothing moved; a yes only where it shows. */
function resolve(settlement: Settlement, asked: Asked, seen: InJournal, now: Date): Move {
  const came = shown(asked, seen);
  if (came === "undone" && asked.answer === "no") return refused(settlement, asked, seen);
  // Of what a card holds less nobody knows by itself whose doing it is.
  if (came !== "done" || (asked.write === "take" && asked.answer !== "yes")) {
    const since = now.getTime() - asked.sentAt.getTime();
    if (since < firstLookMs) return { kind: "look", inMs: firstLookMs - since, missed: false };
    if (asked.missedAt === null) return { kind: "look", inMs: betweenLooksMs, missed: true };
    const waits = Math.max(asked.missedAt.getTime() + betweenLooksMs - now.getTime(), lateMs - since);
    if (waits > 0) return { kind: "look", inMs: waits, missed: false };
  }
  // Points that a hand moved meanwhile to another visit look like a put that never came, or a take that did.
  if (asked.answer !== "yes" && asked.write !== "issue" && seen.elsewhere !== false)
    return { kind: "stuck", why: "gone" };
  // On a card that is not shown they may be, and nobody could take them off there.
  if (asked.write === "put" && came === "undone" && seen.balance === null)
    return { kind: "stuck", why: "card_gone" };
  return { kind: "came", came, held: heldAfter(settlement, asked, seen, came) };
}

/** What nothing moved for. A withdrawal that YCLIENTS keeps stands on, where nobody but a person wanted it off. */
function refused({ goal, amount, held, stood }: Settlement, { write }: Asked, seen: InJournal): Move {
  if (goal === "settle") return { kind: "turn", why: "refused" };
  if (write === "cancel")
    return stood && seen.applied === amount
      ? { kind: "kept", why: "refused" }
      : { kind: "stuck", why: "refused" };
  return { kind: "came", came: "undone", held };
}

/** What the reads say of a write, whatever was answered to it. */
function shown({ write, amount, before, answer }: Asked, seen: InJournal): Came {
  // The answer to a movement by hand is the card with its new balance: what was done to it since is another matter.
  if (answer === "yes" && (write === "put" || write === "take")) return "done";
  const [was, is] = [before.balance ?? 0, seen.balance ?? 0];
  const [applied, sum] = [seen.applied - before.applied, is + seen.applied - was - before.applied];
  switch (write) {
    case "issue":
      return seen.balance === null ? "undone" : "done";
    case "put":
    case "take": {
      // A card that is not shown is not an empty one.
      if (seen.balance === null) return "undone";
      const moved = write === "put" ? amount : -amount;
      return sum === moved ? "done" : sum === 0 ? "undone" : "odd";
    }
    case "apply":
      // Less than was asked for is done too: YCLIENTS takes no more than is left to pay, and says nothing.
      if (applied > 0 && sum === 0) return "done";
      return applied === 0 && sum === 0 ? "undone" : "odd";
    default: {
      if (seen.applied === before.applied) return "undone";
      if (seen.applied !== 0) return "odd";
      // An empty list is no proof: a right that was taken away looks the same.
      const rose = is > was || (seen.left !== null && before.left !== null && seen.left > before.left);
      return answer === "yes" || rose ? "done" : "odd";
    }
  }
}

function heldAfter(
  { held, amount }: Settlement,
  { write, before }: Asked,
  seen: InJournal,
  came: Came,
): Kopecks {
  // What was taken off before anything was put there is nobody's.
  if (came !== "done" || (held === 0 && write !== "put")) return held;
  // Off the bill they are to be on the card again: where they are not, somebody may have used them elsewhere meanwhile.
  if (write === "cancel") return held;
  if (write === "put") return (before.balance ?? 0) < 0 ? held : amount;
  return Math.min(amount, Math.max(0, seen.balance ?? 0) + seen.applied);
}

/** Nothing is open: what brings it nearer to the goal. */
function towardSettled(settlement: Settlement, seen: InJournal): Move {
  const { amount, held } = settlement;
  if (seen.applied !== 0 && held === 0) return { kind: "turn", why: "foreign_rows" };
  if (seen.applied === amount && isOtherwise(settlement, seen))
    return { kind: "turn", why: "bill_otherwise" };
  if (seen.applied === amount) return emptied(settlement, seen) ?? { kind: "stands" };
  if (seen.applied !== 0) return { kind: "turn", why: seen.left === 0 ? "too_little_left" : "short" };
  if (seen.obstacle !== null) return { kind: "turn", why: seen.obstacle };
  if (seen.balance === null) {
    if (held > 0) return { kind: "stuck", why: "card_gone" };
    return settlement.touched ? { kind: "turn", why: "card_gone" } : ask(settlement, "issue", 0);
  }
  if (held === 0)
    // What is on the card before belongs to nobody.
    return emptied(settlement, seen) ?? ask(settlement, "put", amount);
  if (seen.balance === amount) return ask(settlement, "apply", amount);
  if (seen.balance > amount) return ask(settlement, "take", seen.balance - amount);
  return { kind: "turn", why: "by_hand" };
}

/** The trial learnt how the bill shows points: where nothing is left less, or it is left less twice, it shows them otherwise now. */
function isOtherwise({ amount, leftBefore }: Settlement, { left }: InJournal): boolean {
  if (leftBefore === null || left === null) return false;
  return leftBefore === left || leftBefore - left === 2 * amount;
}

function towardReturned(settlement: Settlement, seen: InJournal, now: Date): Move {
  const { held, amount, touched, stood, missingAt } = settlement;
  if (seen.applied > amount) return { kind: "stuck", why: "foreign_rows" };
  // The visit would be short of it, be it a part that a hand left there.
  if (seen.obstacle === "paid" && stood && seen.applied > 0) return { kind: "kept", why: "paid" };
  // Where nothing was ever put on the card, what it pays is somebody else's doing, and no reason to keep the client's points.
  if (seen.applied > 0 && touched) return ask(settlement, "cancel", seen.applied);
  if (seen.balance === null) return held > 0 ? { kind: "stuck", why: "card_gone" } : { kind: "returned" };
  // What is missing was taken off by hand, or pays of another visit: the latter would give the points twice.
  if (seen.balance < held) {
    if (seen.elsewhere !== false) return { kind: "stuck", why: "gone" };
    const inMs = lagMs - (missingAt === null ? 0 : now.getTime() - missingAt.getTime());
    if (inMs > 0) return { kind: "look", inMs, missed: missingAt === null };
  }
  return emptied(settlement, seen) ?? { kind: "returned" };
}

/** The card is at zero at rest. */
function emptied(settlement: Settlement, { balance }: InJournal): Move | null {
  if (balance === null || balance === 0) return null;
  return balance > 0 ? ask(settlement, "take", balance) : ask(settlement, "put", -balance);
}

function ask({ goal, vain }: Settlement, write: Write, amount: Kopecks): Move {
  if ((vain[write] ?? 0) < mostTries) return { kind: "ask", write, amount };
  return goal === "settle" ? { kind: "turn", why: "never_done" } : { kind: "stuck", why: "never_done" };
}
