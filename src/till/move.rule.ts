// What an admin writes behind `/move`: two phones and, where not all is to go, how many points and why.

import type { Points } from "../rules/money.ts";
import { readSum, splitPhone } from "./till.rule.ts";

/** `points` is null for all that the first card holds. */
export type MoveEntry =
  | { kind: "move"; from: string; to: string; points: Points | null; reason: string | null }
  | { kind: "no_phones" }
  | { kind: "same_phone" | "bad_points"; from: string };

/** Reads `phone phone [points [reason]]`; of each phone the shortest real one is taken. */
export function readMove(text: string): MoveEntry {
  const first = splitPhone(text);
  const second = first && splitPhone(first.rest);
  if (!first || !second) return { kind: "no_phones" };
  if (first.phone === second.phone) return { kind: "same_phone", from: first.phone };
  const move = { kind: "move", from: first.phone, to: second.phone } as const;
  if (second.rest === "") return { ...move, points: null, reason: null };
  const sum = readSum(second.rest);
  return sum ? { ...move, ...sum } : { kind: "bad_points", from: first.phone };
}
