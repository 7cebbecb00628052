// How a phone or an account is known again without being kept.

import { createHmac } from "node:crypto";

/** A word, a phone (E.164) first of all, as a hash in hexadecimal that tells nothing to whoever lacks the key. */
export type Veil = (word: string) => string;

/**
 * With a key that is in no database: in a backup alone all numbers there are could be tried in a minute. Of each use a veil of
 * its own, so that what one keeps is no answer to another.
 */
export function veilOf(
  secret: string,
  use: "phones of the forgotten" | "gifts that are given once" = "phones of the forgotten",
): Veil {
  const key = createHmac("sha256", secret).update(use).digest();
  return (word) => createHmac("sha256", key).update(word).digest("hex");
}
