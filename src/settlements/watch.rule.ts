// Whether the bill still bears what was spent on it, from what stands in YCLIENTS now. No call, no clock of its own.

import type { Kopecks } from "../rules/money.ts";
import type { InJournal } from "./settlement.rule.ts";

/** What is known of a spend that stands: its sum, what was left to pay then, and how the branch's bills show points. */
interface Watched {
  amount: Kopecks;
  toPay: Kopecks | null;
  billFalls: boolean;
}

/** What was seen of it: how the card and the bill are, and whether the record is deleted. */
type Seen = Pick<InJournal, "balance" | "applied" | "left"> & { deleted: boolean };

/** `gone`: it is off the bill for certain; `doubtful`: the card pays another sum, or nothing as far as one list says. */
export type OnBill = "stands" | "gone" | "doubtful";

/**
 * An empty list alone proves nothing, for a right that was taken away looks the same: a second thing must say it, with the card in
 * sight. What is left to pay says it only where prices fall by a withdrawal; else it is worked out from the very list.
 */
export function onBill({ amount, toPay, billFalls }: Watched, seen: Seen): OnBill {
  if (seen.applied === amount) return "stands";
  if (seen.applied !== 0 || seen.balance === null) return "doubtful";
  const rose = billFalls && seen.left !== null && toPay !== null && seen.left >= toPay + amount;
  return seen.deleted || seen.balance >= amount || rose ? "gone" : "doubtful";
}
