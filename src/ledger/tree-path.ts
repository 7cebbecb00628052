// The day's tree over the cards: what a leaf is made of, and how a path leads from it to the root. The page that clients open
// does the same by itself; a test holds them equal.

import { createHash } from "node:crypto";
import { decimal, type Points } from "../rules/money.ts";

/** What a leaf says: a card without its name, what it held, and its last row in the ledger. */
export interface Leaf {
  /** Hex of the hash of the card's code. */
  card: string;
  points: Points;
  /** `ROWS:HASH` of the card's last row, as `verify --seal` takes it; `0:-` where it has none. */
  lastRow: string;
}

/** A leaf and its way to the root; each step is the side on which the other hash stands, and that hash. */
export interface Path extends Leaf {
  day: string;
  root: string;
  steps: string[];
}

/** The hash that stands for a card's code: whoever has the code can make it, and it tells nothing of the code. */
export function cardHash(code: string): string {
  return createHash("sha256").update(`loyalty card ${code}`).digest("hex");
}

/** The hex of a leaf's hash; the first byte keeps leaves and the nodes over them apart. */
function leafHash({ card, points, lastRow }: Leaf): string {
  return createHash("sha256")
    .update("\0")
    .update(`${card} ${decimal(points)} ${lastRow}`)
    .digest("hex");
}

/** The root to which a leaf's steps lead. */
export function rootOf({ steps, ...leaf }: Leaf & { steps: readonly string[] }): string {
  return steps.reduce((hash, step) => {
    const other = step.slice(1);
    const both = step.startsWith("L") ? other + hash : hash + other;
    return createHash("sha256").update("\x01").update(Buffer.from(both, "hex")).digest("hex");
  }, leafHash(leaf));
}

/** The one line that carries it, for a paper: the page finds it in any text. */
export function proofLine({ day, card, points, lastRow, root, steps }: Path): string {
  return `loyalty-proof 1 ${day} ${card} ${decimal(points)} ${lastRow} ${root} ${steps.join(",") || "-"}`;
}
