// Moving points between two phones at the till: asked, previewed, confirmed, taken back; each once.

import { brokenRule, inTransaction, type Tx } from "../db/connect.ts";
import type { Points } from "../rules/money.ts";
import { balanceOf, lockLedger } from "../store/bonuslog.ts";
import { personByPhone } from "../store/clients.ts";
import { dropOldDialogs } from "../store/dialogs.ts";
import { movedToday } from "../store/moves.ts";
import { handledToday } from "../store/spends.ts";
import { movePoints } from "./ledger.ts";
import {
  dropMove,
  keepMove,
  type Move,
  type MoveKey,
  type MoveState,
  moveOf,
  recallMove,
} from "./move-state.ts";
import type { Till } from "./till-screens.ts";
import { undoMs, zoneOf } from "./till-view.ts";

export type { Move, MoveKey } from "./move-state.ts";

/** How long a preview waits for its button. */
const openMs = 2 * 3_600_000;

/** `answered`: the same message came once more. `acted`: the edited message has had its effect already. */
export type MoveAsked =
  | { kind: "preview"; move: Move }
  | { kind: "no_card"; phone: string }
  | { kind: "short"; balance: Points }
  | { kind: "answered" | "acted" };

/** What a tap came to. `already`: done before. `late`: the time to take it back is over. */
export type MoveTapped =
  | { kind: "done" | "undone" | "already" | "already_undone" | "closed" | "late"; move: Move }
  | { kind: "short"; balance: Points }
  | { kind: "over_limit"; left: Points }
  | { kind: "owner_only"; above: Points }
  | { kind: "expired" };

/** A preview of the move; null points are all that the card holds. */
export async function askMove(
  till: Till,
  key: MoveKey,
  wanted: { from: string; to: string; points: Points | null },
  edited: boolean,
): Promise<MoveAsked> {
  const { db, now } = till;
  await dropOldDialogs(db, key.admin, now);
  const before = await recallMove(db, till, key);
  if (before?.step === "done" || before?.step === "undone") return { kind: edited ? "acted" : "answered" };
  // Not shown: Telegram never took the answer to the first delivery.
  if (before && !edited && before.shown !== 0) return { kind: "answered" };
  // An edited message asks for something else now: the button of its first preview is over.
  if (before) await dropMove(db, key);
  const [from, to] = await Promise.all([personByPhone(db, wanted.from), personByPhone(db, wanted.to)]);
  if (!from) return { kind: "no_card", phone: wanted.from };
  if (!to) return { kind: "no_card", phone: wanted.to };
  const balance = await balanceOf(db, from.id);
  const points = wanted.points ?? balance;
  if (balance <= 0 || points > balance) return { kind: "short", balance };
  const rev = (before?.rev ?? 0) + 1;
  const cards = { from: from.id, to: to.id };
  const state: MoveState = { ...cards, rev, points, step: "asked", asked: now.getTime(), at: null, shown: 0 };
  await keepMove(db, till, key, state);
  const move = await moveOf(db, state);
  return move ? { kind: "preview", move } : { kind: "no_card", phone: wanted.from };
}

/** Telegram has the preview. */
export async function moveShown(till: Till, key: MoveKey, rev: number, message: number): Promise<void> {
  await inTransaction(till.db, async (tx) => {
    await lockLedger(tx);
    const state = await recallMove(tx, till, key);
    if (state?.rev === rev) await keepMove(tx, till, key, { ...state, shown: message });
  });
}

/** Moves what was previewed, in one transaction, once. */
export async function confirmMove(till: Till, key: MoveKey, rev: number): Promise<MoveTapped> {
  const zone = await zoneOf(till);
  return decided(till, key, async (tx, state, move) => {
    if (state.rev !== rev) return { kind: "expired" };
    if (till.now.getTime() > state.asked + openMs) return { kind: "expired" };
    const refused = await refusal(tx, till, key, { points: state.points, zone });
    if (refused) return refused;
    const { from, to, points } = state;
    if (!(await movePoints(tx, { from, to, points, actor: actorOf(key), key: ledgerKey(key) })))
      return { kind: "already", move };
    return { kind: "done", move: await changed(tx, till, key, { ...state, step: "done" }, move) };
  });
}

/** Nothing is moved, and the preview's button is over. */
export function closeMove(till: Till, key: MoveKey, rev: number): Promise<MoveTapped> {
  return decided(till, key, async (tx, state, move) => {
    if (state.rev !== rev) return { kind: "expired" };
    return { kind: "closed", move: await changed(tx, till, key, { ...state, step: "closed" }, move) };
  });
}

/** Takes a move back within ten minutes by a pair of rows the other way round, once. */
export async function undoMove(till: Till, key: MoveKey): Promise<MoveTapped> {
  return transacted(till, key, async (tx, state, move) => {
    if (state.step === "undone") return { kind: "already_undone", move };
    if (state.step !== "done" || state.at === null) return { kind: "expired" };
    if (till.now.getTime() >= state.at + undoMs) return { kind: "late", move };
    const { from, to, points } = state;
    const back = { from: to, to: from, points, actor: actorOf(key), key: `${ledgerKey(key)}:undo` };
    if (!(await movePoints(tx, back))) return { kind: "already_undone", move };
    return { kind: "undone", move: await changed(tx, till, key, { ...state, step: "undone" }, move) };
  });
}

type Work = (tx: Tx, state: MoveState, move: Move) => Promise<MoveTapped>;

/** Work on a preview that still waits for its button. */
function decided(till: Till, key: MoveKey, work: Work): Promise<MoveTapped> {
  return transacted(till, key, async (tx, state, move) => {
    if (state.step === "asked") return work(tx, state, move);
    if (state.step === "closed") return { kind: "closed", move };
    return { kind: state.step === "done" ? "already" : "already_undone", move };
  });
}

/** The lock comes first: what is read after it is what the writer before has left. */
async function transacted(till: Till, key: MoveKey, work: Work): Promise<MoveTapped> {
  let short: number | null = null;
  try {
    return await inTransaction(till.db, async (tx) => {
      await lockLedger(tx);
      const state = await recallMove(tx, till, key);
      const move = state && (await moveOf(tx, state));
      if (!state || !move) return { kind: "expired" };
      short = state.step === "done" ? state.to : state.from;
      return work(tx, state, move);
    });
  } catch (error) {
    if (short === null || brokenRule(error) !== "spending_never_goes_below_zero") throw error;
    return { kind: "short", balance: await balanceOf(till.db, short) };
  }
}

/** The guard rails of the till hold here too: a move is a debit and a credit at once. */
async function refusal(
  tx: Tx,
  till: Till,
  key: MoveKey,
  { points, zone }: { points: Points; zone: string },
): Promise<MoveTapped | null> {
  const { adminDailyLimit: limit, secondAdminAbove: above, ownerIds } = till.rules;
  if (above !== null && points > above && !ownerIds.includes(key.admin)) return { kind: "owner_only", above };
  if (limit === null) return null;
  const actor = actorOf(key);
  const used = (await handledToday(tx, actor, zone)) + (await movedToday(tx, actor, zone));
  return used + points > limit ? { kind: "over_limit", left: Math.max(0, limit - used) } : null;
}

async function changed(tx: Tx, till: Till, key: MoveKey, state: MoveState, before: Move): Promise<Move> {
  const after = state.step === "done" ? { ...state, at: till.now.getTime() } : state;
  await keepMove(tx, till, key, after);
  return (await moveOf(tx, after)) ?? before;
}

const actorOf = ({ admin }: MoveKey) => `admin:${admin}`;
const ledgerKey = ({ admin, message }: MoveKey) => `move:${admin}:${message}`;
