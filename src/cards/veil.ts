// How a forgotten phone is known again without being kept.

import { createHmac } from "node:crypto";

/** A phone (E.164) as a hash in hexadecimal that tells nothing to whoever lacks the key. */
export type Veil = (phone: string) => string;

/** With a key that is in no database: in a backup alone all numbers there are could be tried in a minute. */
export function veilOf(secret: string): Veil {
  const key = createHmac("sha256", secret).update("phones of the forgotten").digest();
  return (phone) => createHmac("sha256", key).update(phone).digest("hex");
}
