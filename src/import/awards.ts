// Which awards of the earlier program come over, and what they sum to. Decides; writes nothing.

import type { RecordId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import type { ImportedCard, ImportedCards, Say } from "./cards.ts";
import type { OldAward } from "./python.store.ts";

/** An award that comes over; `points` is 0 for a record that is only done with. */
export interface TakenAward {
  recordId: RecordId;
  card: ImportedCard | null;
  points: Points;
  awardedAt: string | null;
}

/** The awards as they come, each record once; what cannot be an award counts in the balance only. */
export class Awards {
  count = 0;
  points: Points = 0;
  empty = 0;
  first: string | null = null;
  last: string | null = null;
  readonly #records = new Set<number>();

  constructor(
    readonly cards: ImportedCards,
    readonly say: Say,
  ) {}

  take(some: OldAward[]): TakenAward[] {
    return some.flatMap((award) => {
      const taken = this.#one(award);
      if (!taken) return [];
      this.#records.add(taken.recordId);
      if (taken.points === 0 || !taken.card) this.empty += 1;
      else this.#count(taken, taken.card);
      return [taken];
    });
  }

  #one({ row, recordId, client, points, awardedAt }: OldAward): TakenAward | null {
    const card = this.cards.ofRow.get(client ?? "") ?? null;
    if (this.cards.unread.has(client ?? "")) this.#hold(card, points ?? 0);
    const only = "counts in the balance only";
    if (recordId === null || this.#records.has(recordId)) {
      const why = recordId === null ? "it names no record" : `record ${recordId} has an earlier row`;
      this.say(`bonuslog row ${row}: ${why}: it ${only}`);
      return null;
    }
    if (!card) {
      this.say(
        `bonuslog row ${row}: its client has no card: record ${recordId} is done with and makes no points`,
      );
      return { recordId, card, points: 0, awardedAt };
    }
    if (points === null || points < 0) {
      this.say(
        `bonuslog row ${row}: its points are ${points === null ? "not a number" : "negative"}: it ${only}`,
      );
      return { recordId, card, points: 0, awardedAt };
    }
    if (awardedAt === null) this.say(`bonuslog row ${row}: its time cannot be: taken as awarded now`);
    return { recordId, card, points, awardedAt };
  }

  #hold(card: ImportedCard | null, points: Points): void {
    if (card) card.points += points;
    else this.cards.leftOut += points;
    this.cards.owed += points;
  }

  #count({ points, awardedAt }: TakenAward, card: ImportedCard): void {
    this.count += 1;
    this.points += points;
    card.awarded += points;
    if (awardedAt === null) return;
    if (this.first === null || awardedAt < this.first) this.first = awardedAt;
    if (this.last === null || awardedAt > this.last) this.last = awardedAt;
  }
}
