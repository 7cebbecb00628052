// What is owed at a moment: the points on all cards. They sum to the ledger, to the hundredth.

import { type Db, inTransaction } from "../db/connect.ts";
import { holdStill } from "../ledger/verify.ts";
import type { Points } from "../rules/money.ts";
import { wallTime } from "../rules/time.ts";
import { momentsOf } from "./statement.ts";
import { type LastRow, lastRow, type OwedPart, owedParts } from "./statements.store.ts";

/** So many cards, and what they hold together. */
export interface OnCards {
  cards: number;
  points: Points;
}

/** What was owed at the end of a day, or is as it was made (`asOf` null). `sum` is the ledger's: owed, less debts. */
export interface OwedThen {
  asOf: string | null;
  /** `YYYY-MM-DDTHH:MM:SS` by the clock of the zone. */
  made: string;
  timeZone: string;
  owed: OnCards;
  /** Cards below zero. */
  debts: OnCards;
  sum: Points;
  /** Of what is owed, debts taken off: on cards of people who asked to be forgotten. */
  forgotten: OnCards;
  seal: LastRow;
}

/** Adds up what is owed from one snapshot, with flat memory; each part is handed to `take`, awaited before the next is read. */
export function owedAsOf(
  db: Db,
  { asOf, timeZone, now }: { asOf: string | null; timeZone: string; now: Date },
  take: (parts: OwedPart[]) => void | Promise<void> = () => {},
): Promise<OwedThen> {
  return inTransaction(db, async (tx) => {
    await holdStill(tx);
    const { until } = momentsOf({ from: null, to: asOf }, timeZone);
    const none = (): OnCards => ({ cards: 0, points: 0 });
    const [owed, debts, forgotten] = [none(), none(), none()];
    const add = (to: OnCards, points: Points) => {
      to.cards += 1;
      to.points += points;
    };
    for await (const parts of owedParts(tx, until)) {
      for (const one of parts) {
        add(one.points > 0 ? owed : debts, one.points);
        if (one.forgotten) add(forgotten, one.points);
      }
      await take(parts);
    }
    const made = wallTime(now, timeZone);
    const sum = owed.points + debts.points;
    return { asOf, made, timeZone, owed, debts, sum, forgotten, seal: await lastRow(tx) };
  });
}
