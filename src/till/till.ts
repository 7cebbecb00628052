// The till: what its buttons do with points, once. Every change goes through ledger.ts.

import { brokenRule, inTransaction, type Sql, type Tx } from "../db/connect.ts";
import { postTill, putSpend, spentSince, type TillEntry, type TillResult, undo } from "../ledger/ledger.ts";
import type { Account } from "../rules/account.ts";
import { authorOf } from "../rules/author.ts";
import type { CardId, EntryId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import type { mostPoints } from "../rules/spending.ts";
import { dayOf } from "../rules/time.ts";
import { beginSettlement, takeOffTheBill } from "../settlements/settlements.ts";
import { branchZone } from "../visits/branch.ts";
import { isAnew } from "./anew.ts";
import { dayLimitOf, mostByRules, mostFor, whoMustAgree } from "./limits.ts";
import { isPaidByPoints, visitNamed } from "./named.ts";
import { type Screen, type ScreenKey, saveScreen, screenOfRow } from "./screens.store.ts";
import { draftOfCard, recallScreen, type Till, untilOf } from "./screens.ts";
import { mayTap, ruleOf, type TillAction } from "./steps.rule.ts";
import { balanceAtTill } from "./till.store.ts";
import { undoMs } from "./view.ts";

/**
 * What came of a tap. `repeated`: the same bill was spent on meanwhile, and the screen now asks whether to do it again.
 * `short`: the card holds less, and the screen offers what is there. `over_limit`: what is left of the admin's day.
 * `asks_owner`: one of these has to agree. `changed`: the screen is another than the one tapped. `forgotten`: the
 * client's data are gone, and the screen with them. `ruled_out`: a rule of spending does not let it any more. `unnamed`: points
 * cannot pay of the named visit any more, or do already.
 */
type Acted =
  | { kind: "done"; screen: Screen }
  | { kind: "already"; screen: Screen }
  | { kind: "changed"; screen: Screen }
  | { kind: "asks_owner"; screen: Screen; owners: Account[] }
  | NotDone;

/** How many points may be spent, and what bounds them. */
type Most = ReturnType<typeof mostPoints>;

/** Why nothing was done. */
export type NotDone =
  | { kind: "repeated" | "forgotten" | "unnamed"; screen: Screen }
  | { kind: "short"; screen: Screen; balance: Points }
  | { kind: "over_limit"; screen: Screen; left: Points }
  | { kind: "ruled_out"; screen: Screen; most: Most };

/** Thrown in the ledger's transaction to take the row back: the screen was changed under the finger. */
class Moved extends Error {}

/** Thrown in the ledger's transaction before the row: somebody has spent on this bill since the screen was drawn. */
class Repeated extends Error {}

/** Thrown in the ledger's transaction before the row: a rule of spending does not let it any more. */
class RuledOut extends Error {
  constructor(readonly most: Most) {
    super("a rule of spending does not let it");
  }
}

/** Thrown in the ledger's transaction to take the row back: points cannot pay of the visit that was named. */
class Unnamed extends Error {}

/** What a screen is when its button can change points. */
type Ready = Screen & { card: CardId; action: TillAction; points: Points };

function isReady(screen: Screen): screen is Ready {
  return screen.card !== null && screen.action !== null && screen.points !== null;
}

/**
 * Does what the screen says, once. `owner` is who has agreed to a large sum, null before anybody was asked. The record that the
 * screen names is the visit that a spend pays a part of.
 */
export async function act(till: Till, screen: Screen, owner: Account | null): Promise<Acted> {
  const may = owner === null ? mayTap(screen.step, "go") : ruleOf(screen.step).asksOwner;
  if (!may || !isReady(screen)) return { kind: "changed", screen };
  const most = await ruleBroken(till, screen);
  if (most !== null) return ruleOut(till, screen, most);
  const owners = owner === null ? whoMustAgree(till.rules, screen.account, screen.points) : [];
  if (owners.length > 0) return askOwner(till, screen, owners);
  const timeZone = await branchZone(till.db, till.rules.companyIds);
  const entry = entryOf(till, screen, owner, timeZone);
  try {
    return await settle(till, screen, await postTill(till.db, entry));
  } catch (error) {
    if (error instanceof Moved) return changed(till, screen);
    if (error instanceof Repeated) return askAgain(till, screen);
    if (error instanceof RuledOut) return ruleOut(till, screen, error.most);
    if (error instanceof Unnamed || brokenRule(error) === "one_settlement_a_visit")
      return nameAnew(till, screen);
    throw error;
  }
}

/**
 * What may be spent, and by which rule, where the screen says more by now; else null. Settings, journal and the card's day may
 * have changed since it was drawn. Balance and the admin's day are held as the row is written.
 */
async function ruleBroken(
  till: Pick<Till, "now" | "rules"> & { db: Sql },
  screen: Ready,
): Promise<Most | null> {
  const { action, bill, points } = screen;
  if (action !== "spend" || bill === null) return null;
  const may = await mostByRules(till, { ...screen, bill, balance: points }, null);
  return may.points < points ? may : null;
}

async function ruleOut(till: Till, screen: Ready, most: Most): Promise<Acted> {
  const draft = await draftOfCard(till, screen);
  const offered = draft && (await saveScreen(till.db, { ...screen, ...draft }, untilOf(till)));
  return offered ? { kind: "ruled_out", screen: offered, most } : changed(till, screen);
}

/** The screen is as it was before a visit was named: what may be named now stands under it. */
async function nameAnew(till: Till, screen: Ready): Promise<Acted> {
  const draft = await draftOfCard(till, screen);
  const offered = draft && (await saveScreen(till.db, { ...screen, ...draft, names: null }, untilOf(till)));
  return offered ? { kind: "unnamed", screen: offered } : changed(till, screen);
}

/** Nobody is asked to agree to what the admin's limit of the day forbids. */
async function askOwner(till: Till, screen: Ready, owners: Account[]): Promise<Acted> {
  const day = await dayLimitOf(till, screen.account);
  if (day !== null && screen.points > day.left) {
    const balance = (await balanceAtTill(till.db, screen.card)) ?? 0;
    return overLimit(till, screen, balance, day.left);
  }
  const asked = await saveScreen(till.db, { ...screen, step: "owner" }, untilOf(till));
  return asked ? { kind: "asks_owner", screen: asked, owners } : changed(till, screen);
}

/** No owner could be reached: the screen that asked is what it was before. */
export function unask(till: Till, asked: Screen, before: Screen): Promise<Screen | null> {
  return saveScreen(till.db, { ...asked, step: before.step }, untilOf(till));
}

function entryOf(till: Till, screen: Ready, owner: Account | null, timeZone: string): TillEntry {
  const { card, to, action, points, bill, seen } = screen;
  const limit = till.rules.adminDailyLimit;
  const key = keyOf(screen);
  const spent = action === "spend" && bill !== null ? bill : null;
  return {
    card,
    kind: action,
    points,
    ...(to !== null && { to }),
    ...(spent !== null && { bill: spent }),
    ...(screen.reason !== null && { reason: screen.reason }),
    actor: authorOf(screen.account, owner),
    key,
    daily: limit === null ? undefined : { limit, timeZone },
    first: async (tx) => {
      if (spent === null) return;
      if (await spentSince(tx, { card, bill: spent, seen })) throw new Repeated();
      const most = await ruleBroken({ ...till, db: tx }, screen);
      if (most !== null) throw new RuledOut(most);
    },
    also: (tx, row) => markDone(tx, till, screen, row, owner, dayOf(till.now, timeZone)),
  };
}

/** The ledger's key of what a screen does, as the screen's own is. Releases before wrote `op:` and Telegram's bare ids. */
function keyOf({ bot, account, asked }: ScreenKey): string {
  return `till:${bot}:${account}:${asked}`;
}

async function markDone(
  tx: Tx,
  till: Till,
  screen: Ready,
  row: EntryId,
  owner: Account | null,
  day: string,
): Promise<void> {
  const { card, action, bill, company: companyId, record: recordId } = screen;
  const [company] = till.rules.companyIds;
  const record = companyId === null || recordId === null ? null : { companyId, recordId };
  const visit =
    action === "spend" && screen.names !== null
      ? await visitNamed({ ...till, db: tx }, { card, record: screen.names, whatever: isAnew(screen) })
      : null;
  const isTaken =
    screen.names === null && action === "spend" && (await isPaidByPoints({ ...till, db: tx }, screen));
  if (isTaken || (screen.names !== null && visit === null)) throw new Unnamed();
  const named = visit && { companyId: visit.company, recordId: visit.record };
  if (action === "spend" && bill !== null)
    await putSpend(tx, { row, card, bill, day, company: company ?? null, record: named ?? record });
  if (visit) await beginSettlement(tx, visit.branch, { ...visit, row, points: screen.points });
  const done = { ...screen, step: "done" as const, row, doneAt: till.now, confirmedBy: owner };
  if (!(await saveScreen(tx, done, untilOf(till, true)))) throw new Moved();
}

async function settle(till: Till, screen: Ready, posted: TillResult): Promise<Acted> {
  if (posted.result === "forgotten") return { kind: "forgotten", screen: { ...screen, step: "closed" } };
  if (posted.result === "over_limit") return overLimit(till, screen, posted.balance, posted.left);
  // The screen shows the card that it is on now: what is on offer there is another sum.
  if (posted.result === "merged") return changed(till, screen);
  if (posted.result !== "short")
    return { kind: posted.result, screen: (await recallScreen(till, screen)) ?? screen };
  const offered = await offerLess(till, screen, posted.balance);
  return offered ? { kind: "short", screen: offered, balance: posted.balance } : changed(till, screen);
}

async function overLimit(till: Till, screen: Ready, balance: Points, left: Points): Promise<Acted> {
  const most = screen.action === "credit" ? left : Math.min(left, balance);
  const offered = await offerLess(till, screen, most);
  return offered ? { kind: "over_limit", screen: offered, left } : changed(till, screen);
}

/** What the screen offers once its sum could not be taken: what can be, `most` of it. */
async function offerLess(till: Till, screen: Ready, most: Points): Promise<Screen | null> {
  const less = await lessOf(till, screen, most);
  return less && saveScreen(till.db, { ...screen, ...less }, untilOf(till));
}

async function lessOf(till: Till, screen: Ready, most: Points): Promise<Partial<Screen> | null> {
  const { action, points } = screen;
  if (action === "spend") return draftOfCard(till, screen);
  return most > 0
    ? { step: "confirm", points: Math.min(points, most) }
    : draftOfCard(till, { ...screen, bill: null });
}

/** The screen says who has spent on the bill, and asks for a second tap where points could pay some of it once more. */
async function askAgain(till: Till, screen: Ready): Promise<Acted> {
  const balance = (await balanceAtTill(till.db, screen.card)) ?? 0;
  const can = await mostFor(till, { ...screen, bill: screen.bill ?? 0, balance });
  const most = Math.min(screen.points, can.points);
  const again = most > 0 ? { step: "again" as const, points: most } : await draftOfCard(till, screen);
  const asked = again && (await saveScreen(till.db, { ...screen, ...again }, untilOf(till)));
  return asked ? { kind: "repeated", screen: asked } : changed(till, screen);
}

async function changed(till: Till, screen: Screen): Promise<Acted> {
  return { kind: "changed", screen: (await recallScreen(till, screen)) ?? screen };
}

/**
 * What came of taking a change back. `late`: ten minutes are over. `short`: the points are spent already. `asked`: they pay a part
 * of a visit in the journal, and come back once they do not.
 */
interface TakenBack {
  kind: "done" | "already" | "late" | "short" | "forgotten" | "asked";
  screen: Screen;
  balance: Points;
}

/**
 * Takes back what a screen did, by whoever asks; once. After ten minutes only `anew`: as a new credit (a debit for a
 * credit, a move the other way for a move) that names what it makes good. Both have the key of the undo, so that only
 * one of them can happen.
 */
export async function takeBack(till: Till, screen: Screen, by: Account, anew: boolean): Promise<TakenBack> {
  const { row, doneAt, card } = screen;
  if (row === null || doneAt === null || screen.step === "undone" || !isReady(screen))
    return { kind: "already", screen, balance: 0 };
  if (!anew && till.now.getTime() >= doneAt.getTime() + undoMs) return { kind: "late", screen, balance: 0 };
  const off = await inTransaction(till.db, (tx) => takeOffTheBill(tx, row, by));
  if (off !== "none") {
    const kind = off === "asked" ? ("asked" as const) : ("already" as const);
    return { kind, screen: (await screenOfRow(till.db, row)) ?? screen, balance: 0 };
  }
  try {
    const { result, balance } = await postBack(till, screen, row, by, anew);
    const now = result === "merged" ? await screenOfRow(till.db, row) : null;
    if (now !== null && now.card !== card) return takeBack(till, now, by, anew);
    // No limit of the day holds here.
    const kind = result === "done" || result === "short" || result === "forgotten" ? result : "already";
    return { kind, screen: (await screenOfRow(till.db, row)) ?? screen, balance };
  } catch (error) {
    if (!(error instanceof Moved)) throw error;
    return { kind: "already", screen: (await screenOfRow(till.db, row)) ?? screen, balance: 0 };
  }
}

function postBack(till: Till, screen: Ready, row: EntryId, by: Account, anew: boolean): Promise<TillResult> {
  const { card, to, points, action } = screen;
  const actor = authorOf(by);
  const also = async (tx: Tx) => {
    const undone = { ...screen, step: "undone" as const, undoneBy: by, undoneAt: till.now };
    if (!(await saveScreen(tx, undone, untilOf(till, true)))) throw new Moved();
  };
  if (!anew && to === null)
    return undo(till.db, { id: row, card, points: action === "credit" ? points : -points }, actor, { also });
  const back = { points, corrects: row, actor, key: `undo:${row}`, also };
  const reason = anew ? { reason: `back_${action}` } : {};
  if (to !== null) return postTill(till.db, { ...back, ...reason, card: to, to: card, kind: "move" });
  return postTill(till.db, { ...back, ...reason, card, kind: action === "credit" ? "debit" : "credit" });
}

/** An owner's no, or nothing when the question is closed. */
export async function refuse(till: Till, screen: Screen, owner: Account): Promise<Screen | null> {
  if (!ruleOf(screen.step).asksOwner) return null;
  return saveScreen(till.db, { ...screen, step: "closed", confirmedBy: owner }, untilOf(till));
}
