// The levels of a page's clients: what each has counted so far, row by row, and who has reached another one when it is in.

import type { Sql, Tx } from "../db/connect.ts";
import type { CardId, EntryId, Percent, RecordId } from "../rules/ids.ts";
import type { Level } from "../rules/levels.rule.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { addRises, countedAwards, levelTermsNow, type Rise, standingsOf } from "./levels.store.ts";
import { type LevelBasis, levelAt, percentOf } from "./standing.rule.ts";

/** What is known of a record before a page: its award, and what its rows sum to on each card. */
interface Before {
  recordId: RecordId;
  awardId: EntryId | null;
  posted: ReadonlyMap<CardId, Points>;
}

/** What each card has counted at a place in a page. The next visit of a client earns by what the one before has made. */
export class Counting {
  readonly #standings = new Map<CardId, LevelBasis>();
  #counted = new Map<EntryId, Map<CardId, Kopecks>>();

  constructor(
    readonly levels: readonly Level[],
    readonly months: number | null,
  ) {}

  /** Reads what these cards and awards count now; what was read before is left. */
  async read(sql: Sql, cards: CardId[], awards: EntryId[]): Promise<void> {
    const unread = [...new Set(cards)].filter((card) => !this.#standings.has(card));
    for (const [card, standing] of await standingsOf(sql, unread, this.months))
      this.#standings.set(card, standing);
    this.#counted = await countedAwards(sql, awards, this.months);
  }

  /** What the next visit on a card earns, in hundredths of a percent. */
  percentOf(card: CardId): Percent {
    return percentOf(this.levels, this.#standings.get(card) ?? nothingYet);
  }

  /** Rows are to be written for a record: from here on their cards have counted that much more, or less. */
  note(before: Before, entries: readonly { card: CardId; points: Points; paid: Kopecks | null }[]): void {
    const counted = before.awardId === null ? new Map<CardId, Kopecks>() : this.#counted.get(before.awardId);
    if (counted === undefined) return; // awarded too long ago to count
    const sums = new Map(before.posted);
    for (const { card, points } of entries) sums.set(card, (sums.get(card) ?? 0) + points);
    for (const card of new Set(entries.map((entry) => entry.card))) {
      const paid = entries.findLast((entry) => entry.card === card)?.paid ?? counted.get(card) ?? 0;
      const now = (sums.get(card) ?? 0) > 0 ? paid : 0;
      const standing = this.#standings.get(card) ?? nothingYet;
      const turnover = standing.turnover + now - (counted.get(card) ?? 0);
      this.#standings.set(card, { ...standing, turnover });
    }
  }
}

const nothingYet: LevelBasis = { turnover: 0, reached: 0, hand: null };

/** Counting by the levels in force at this moment of the transaction; null where there are none. */
export async function beginCounting(sql: Sql): Promise<Counting | null> {
  const terms = await levelTermsNow(sql);
  return terms?.levels ? new Counting(terms.levels, terms.months) : null;
}

/** Who of these cards has reached a level by now is written down, once, and is told in so many milliseconds. */
export async function noteRises(
  tx: Tx,
  { levels, months }: Counting,
  cards: CardId[],
  inMs: number | null,
  actor = "sync",
): Promise<number> {
  const rises: Rise[] = [];
  for (const [card, standing] of await standingsOf(tx, [...new Set(cards)], months)) {
    const { turnover, reached } = standing;
    const now = levels[levelAt(levels, turnover)]?.from ?? 0;
    if (now <= reached) continue;
    const was = percentOf(levels, { ...standing, turnover: 0 });
    const percent = percentOf(levels, { ...standing, reached: now });
    rises.push({ card, reached: now, turnover, was, percent });
  }
  await addRises(tx, rises, actor, inMs);
  return rises.length;
}
