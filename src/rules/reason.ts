// The reason of a change of points, as it can be kept for ever.

import { oneLine } from "./name.ts";

/** A reason in one line; never a code of the program's own (texts/reasons.ts), which would be told as its words. */
export function tidyReason(text: string): string {
  return oneLine(text).replace(/^back_/, "back ");
}

/**
 * Why a reason cannot be kept for ever, or null: it holds what looks like a phone, or is too long. Digits of any script:
 * what a digit is to the database depends on its locale.
 */
export function refusedReason(reason: string): "phone" | "long" | null {
  if (/(\p{Nd}[\s()+-]*){7}/u.test(reason) || /(\p{Nd}[\s().+-]*){10}/u.test(reason)) return "phone";
  return [...reason].length > 100 ? "long" : null;
}
