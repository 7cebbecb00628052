// What is kept of each move between cards that an admin has asked for, by the message that asked.

import { type InferOutput, nullable, number, object, picklist, safeParse } from "valibot";
import type { Sql } from "../db/connect.ts";
import type { Points } from "../rules/money.ts";
import { forgetDialog, recallDialog, rememberDialog } from "../store/dialogs.ts";
import { type TillCard, tillCard } from "../store/till.ts";
import type { Till } from "./till-screens.ts";
import { undoMs } from "./till-view.ts";

/** Telegram lets a message be edited for two days: so long it is known what became of it. */
const keptMs = 2 * 86_400_000;

/** What is asked for by one message of an admin. `at` is when it was done, `message` the bot's answer. */
const MoveState = object({
  rev: number(),
  from: number(),
  to: number(),
  points: number(),
  step: picklist(["asked", "done", "undone", "closed"]),
  asked: number(),
  at: nullable(number()),
  shown: number(),
});
/** The same as a type. */
export type MoveState = InferOutput<typeof MoveState>;

/** Which move: the admin, who has a private chat with the bot, and their message. */
export interface MoveKey {
  admin: number;
  message: number;
}

/** Both cards as they are now, and what goes, or went, from the one to the other. */
export interface Move {
  from: TillCard;
  to: TillCard;
  points: Points;
  rev: number;
  /** When it was done, and until when it can be taken back. */
  doneAt: Date | null;
  undoUntil: Date | null;
}

const aboutOf = ({ message }: MoveKey) => `move:${message}`;

/** What is known of a move, while it is kept. */
export async function recallMove(sql: Sql, till: Till, key: MoveKey): Promise<MoveState | null> {
  const read = safeParse(MoveState, await recallDialog(sql, key.admin, aboutOf(key), till.now));
  return read.success ? read.output : null;
}

/** Keeps it as it is to be from now on. */
export function keepMove(sql: Sql, till: Till, key: MoveKey, state: MoveState): Promise<void> {
  return rememberDialog(sql, key.admin, aboutOf(key), state, new Date(till.now.getTime() + keptMs));
}

/** Both cards as they are now. Null when one of the two has asked to be forgotten since. */
export async function moveOf(sql: Sql, { from, to, points, rev, at }: MoveState): Promise<Move | null> {
  const one = await tillCard(sql, from);
  const other = await tillCard(sql, to);
  if (!one?.phone || !other?.phone) return null;
  const [doneAt, undoUntil] = at === null ? [null, null] : [new Date(at), new Date(at + undoMs)];
  return { from: one, to: other, points, rev, doneAt, undoUntil };
}

/** Drops what is known of a move. */
export function dropMove(sql: Sql, key: MoveKey): Promise<void> {
  return forgetDialog(sql, key.admin, aboutOf(key));
}
