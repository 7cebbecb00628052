// What names a ledger: a tail cut off shows only against a seal that was kept.

import type { Points } from "./money.ts";

/** So many rows, what they sum to, and the last one's hash: hex, or "-" where there is none. */
export interface Seal {
  rows: number;
  owed: Points;
  hash: string;
}
