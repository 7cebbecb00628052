// What is owed at a moment: the points on all cards, and until when. They sum to the ledger, to the hundredth.

import { type Db, inTransaction } from "../db/connect.ts";
import { holdStill } from "../ledger/verify.ts";
import type { Points } from "../rules/money.ts";
import { wallTime } from "../rules/time.ts";
import { momentsOf } from "./statement.ts";
import { endlessCards, type LastRow, lastRow, type OwedPart, owedParts } from "./statements.store.ts";

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
  /** What has its last day in a month (`YYYY-MM`), the nearest first. */
  months: { month: string; points: Points }[];
  /** Cards whose ends are still to be found: what they hold has none here. */
  endless: number;
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
    const sums = new Sums();
    for await (const parts of owedParts(tx, until)) {
      for (const part of parts) sums.add(part);
      await take(parts);
    }
    const { owed, debts, forgotten, months } = sums.done();
    return {
      ...{ asOf, made: wallTime(now, timeZone), timeZone, owed, debts, forgotten },
      sum: owed.points + debts.points,
      months: [...months].sort().map(([month, points]) => ({ month, points })),
      endless: await endlessCards(tx),
      seal: await lastRow(tx),
    };
  });
}

/** Adds parts up that come card by card: what one card holds is owed or a debt as a whole. */
class Sums {
  readonly #none = (): OnCards => ({ cards: 0, points: 0 });
  readonly #sums = { owed: this.#none(), debts: this.#none(), forgotten: this.#none() };
  readonly #months = new Map<string, Points>();
  #card: OwedPart | null = null;

  add(part: OwedPart): void {
    const month = part.ends?.slice(0, 7);
    if (month !== undefined) this.#months.set(month, (this.#months.get(month) ?? 0) + part.points);
    if (this.#card?.card === part.card) this.#card.points += part.points;
    else {
      this.#close();
      this.#card = { ...part };
    }
  }

  done() {
    this.#close();
    return { ...this.#sums, months: this.#months };
  }

  #close(): void {
    if (this.#card === null || this.#card.points === 0) return;
    const { points, forgotten } = this.#card;
    const { owed, debts } = this.#sums;
    for (const sum of [points > 0 ? owed : debts, ...(forgotten ? [this.#sums.forgotten] : [])]) {
      sum.cards += 1;
      sum.points += points;
    }
  }
}
