// The till: what its buttons do with points, once. Every change goes through ledger.ts.

import type { Tx } from "../db/connect.ts";
import type { Points } from "../rules/money.ts";
import { dayOf, wallTime } from "../rules/time.ts";
import { type Screen, saveScreen, screenOfRow } from "../store/screens.ts";
import { putSpend } from "../store/spends.ts";
import { backReason } from "../texts/till-lists.ts";
import { postTill, type TillResult, undo } from "./ledger.ts";
import { draftOfCard, recallScreen, type Till, untilOf } from "./till-screens.ts";
import { undoMs, zoneOf } from "./till-view.ts";

/**
 * What came of a tap. `short`: the card holds less, and the screen now offers what is there. `over_limit`: what is left
 * of the admin's day. `asks_owner`: one of these has to agree. `changed`: the screen is another than the one tapped.
 */
export type Acted =
  | { kind: "done" | "already" | "changed"; screen: Screen }
  | { kind: "short"; screen: Screen; balance: Points }
  | { kind: "over_limit"; screen: Screen; left: Points }
  | { kind: "asks_owner"; screen: Screen; owners: number[] };

/** Thrown in the ledger's transaction to take the row back: the screen was changed under the finger. */
class Moved extends Error {}

/** Does what the screen says, once. `owner` is who has agreed to a large sum, null before anybody was asked. */
export async function act(till: Till, screen: Screen, owner: number | null): Promise<Acted> {
  const { card, action, points } = screen;
  const ready =
    owner === null ? screen.step === "card" || screen.step === "confirm" : screen.step === "owner";
  if (!ready || card === null || action === null || points === null) return { kind: "changed", screen };
  const owners = owner === null ? whoMustAgree(till, screen.chat, points) : [];
  if (owners.length > 0) {
    const asked = await saveScreen(till.db, { ...screen, step: "owner" }, untilOf(till));
    return asked ? { kind: "asks_owner", screen: asked, owners } : changed(till, screen);
  }
  const timeZone = await zoneOf(till);
  const limit = till.rules.adminDailyLimit;
  const entry = {
    card,
    kind: action,
    points,
    ...(screen.bill !== null && action === "spend" && { bill: screen.bill }),
    ...(screen.reason !== null && { reason: screen.reason }),
    actor: `admin:${screen.chat}${owner === null ? "" : `,owner:${owner}`}`,
    key: `op:${screen.chat}:${screen.asked}`,
    daily: limit === null ? undefined : { limit, timeZone },
    also: (tx: Tx, row: number) => markDone(tx, till, screen, row, owner, dayOf(till.now, timeZone)),
  };
  return settle(till, screen, () => postTill(till.db, entry));
}

/** Another owner, where there is one: nobody agrees with themselves. */
function whoMustAgree({ rules }: Till, admin: number, points: Points): number[] {
  if (rules.secondAdminAbove === null || points <= rules.secondAdminAbove) return [];
  return rules.ownerIds.filter((owner) => owner !== admin);
}

async function markDone(
  tx: Tx,
  till: Till,
  screen: Screen,
  row: number,
  owner: number | null,
  day: string,
): Promise<void> {
  const { card, action, bill } = screen;
  const [company] = till.rules.companyIds;
  if (action === "spend" && bill !== null && card !== null)
    await putSpend(tx, { row, card, bill, day, company: company ?? null });
  const done = { ...screen, step: "done" as const, row, doneAt: till.now, confirmedBy: owner };
  if (!(await saveScreen(tx, done, untilOf(till, true)))) throw new Moved();
}

async function settle(till: Till, screen: Screen, post: () => Promise<TillResult>): Promise<Acted> {
  try {
    const posted = await post();
    if (posted.result !== "short" && posted.result !== "over_limit")
      return { kind: posted.result, screen: (await recallScreen(till, screen)) ?? screen };
    const less = await lessOf(till, screen, posted.balance);
    const offered = await saveScreen(till.db, { ...screen, ...less }, untilOf(till));
    if (!offered) return changed(till, screen);
    if (posted.result === "over_limit") return { kind: "over_limit", screen: offered, left: posted.left };
    return { kind: "short", screen: offered, balance: posted.balance };
  } catch (error) {
    if (error instanceof Moved) return changed(till, screen);
    throw error;
  }
}

/** What the screen offers once its sum could not be taken: what is there now. */
async function lessOf(till: Till, screen: Screen, balance: Points): Promise<Partial<Screen>> {
  const { card, bill, action, points } = screen;
  if (card !== null && action === "spend") return draftOfCard(till, card, bill);
  const all = action === "debit" && points !== null && balance > 0 ? Math.min(points, balance) : points;
  return { step: "confirm", points: all };
}

async function changed(till: Till, screen: Screen): Promise<Acted> {
  return { kind: "changed", screen: (await recallScreen(till, screen)) ?? screen };
}

/** What came of taking a change back. `late`: ten minutes are over. `short`: the points are spent already. */
export type TakenBack = { kind: "done" | "already" | "late" | "short"; screen: Screen; balance: Points };

/**
 * Takes back what a screen did, by whoever asks; once. After ten minutes only `anew`: as a new credit (a debit for a
 * credit) that names what it makes good. Both have the key of the undo, so that only one of them can happen.
 */
export async function takeBack(till: Till, screen: Screen, by: number, anew: boolean): Promise<TakenBack> {
  const { row, card, points, action, doneAt } = screen;
  if (row === null || card === null || points === null || doneAt === null || screen.step === "undone")
    return { kind: "already", screen, balance: 0 };
  if (!anew && till.now.getTime() >= doneAt.getTime() + undoMs) return { kind: "late", screen, balance: 0 };
  const actor = `admin:${by}`;
  const also = async (tx: Tx) => {
    const undone = { ...screen, step: "undone" as const, undoneBy: by, undoneAt: till.now };
    if (!(await saveScreen(tx, undone, untilOf(till, true)))) throw new Moved();
  };
  const work = async () => {
    if (!anew) return undo(till.db, { id: row, card, points: signed(screen) }, actor, also);
    const kind = action === "credit" ? ("debit" as const) : ("credit" as const);
    const at = wallTime(doneAt, await zoneOf(till));
    const reason = backReason(action ?? "spend", at);
    return postTill(till.db, { card, kind, points, corrects: row, reason, actor, key: `undo:${row}`, also });
  };
  const posted = await work().catch((error: unknown) => {
    if (error instanceof Moved) return { result: "already" as const, balance: 0 };
    throw error;
  });
  const after = (await screenOfRow(till.db, row)) ?? screen;
  const kind = posted.result === "done" ? "done" : posted.result === "already" ? "already" : "short";
  return { kind, screen: after, balance: posted.balance };
}

function signed({ action, points }: Screen): Points {
  return action === "credit" ? (points ?? 0) : -(points ?? 0);
}

/** An owner's no, or nothing when the question is closed. */
export async function refuse(till: Till, screen: Screen, owner: number): Promise<Screen | null> {
  if (screen.step !== "owner") return null;
  return saveScreen(till.db, { ...screen, step: "closed", confirmedBy: owner }, untilOf(till));
}
