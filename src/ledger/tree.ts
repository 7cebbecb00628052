// The day's tree: made beside the day's seal, and read for a card's statement.

import { type Db, inTransaction, type Sql } from "../db/connect.ts";
import type { CardId } from "../rules/ids.ts";
import * as store from "./tree.store.ts";
import { cardHash, type Path, rootOf } from "./tree-path.ts";

export { keptRoot, lastRoots } from "./tree.store.ts";

/** So few that no row of the till waits for one of them. */
const maxCodes = 500;

/**
 * Makes the tree of a day that has its seal, over every card with a code; linked cards have one from then on. Once a day: a
 * second call does nothing, and of two at once one fails and leaves the other's.
 */
export async function makeTree(db: Db, day: string): Promise<void> {
  if ((await store.treeDue(db, day)) === null) return;
  for (let last: CardId | null = 0; last !== null; ) last = await store.giveCodes(db, last, maxCodes);
  await inTransaction(db, async (tx) => {
    const lastRow = await store.treeDue(tx, day);
    if (lastRow === null) return;
    const cards = await store.putLeaves(tx, lastRow);
    if (cards === 0) return;
    for (let level = 0, nodes = cards; nodes > 1; level++) nodes = await store.putLevelOver(tx, level);
    await store.keepRoot(tx, day, cards);
  });
}

/**
 * A card's proof by the last tree; null where there is none, or it would not be one any more: the card has had another code
 * since. What is handed out always leads to the root.
 */
export async function proofOf(sql: Sql, card: CardId): Promise<Path | null> {
  const stored = await store.pathOf(sql, card);
  if (stored === null) return null;
  const { code, ...path } = { ...stored, card: cardHash(stored.code) };
  return rootOf(path) === path.root ? path : null;
}
