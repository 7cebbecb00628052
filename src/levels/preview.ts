// Of other levels, before they are taken on: how many clients would earn more by them, and how many less.

import type { Db } from "../db/connect.ts";
import type { CardId, Percent } from "../rules/ids.ts";
import { cardsWithLevels, standingsOf } from "./levels.store.ts";
import { type LevelBasis, percentOf, type Scheme } from "./standing.rule.ts";

/** Of the clients who have ever earned by a visit: those whose next visit would earn more, less, and as much as now. */
export interface Preview {
  up: number;
  down: number;
  same: number;
}

/** So many cards at once: it is asked beside the till. */
const batch = 2_000;

/** Counts them by the very rule of an award, what is in force beside what is wanted. Writes nothing. */
export async function previewLevels(
  db: Db,
  inForce: Pick<Scheme, "levels" | "months"> | null,
  wanted: Scheme,
): Promise<Preview> {
  const { levels, months } = inForce ?? { levels: null, months: null };
  const present: Scheme = { levels, months, percent: wanted.percent };
  const preview: Preview = { up: 0, down: 0, same: 0 };
  let after: CardId = 0;
  for (;;) {
    const cards = await cardsWithLevels(db, after, batch);
    const last = cards.at(-1);
    if (last === undefined) return preview;
    after = last;
    const now = await standingsOf(db, cards, present.months);
    const then = await standingsOf(db, cards, wanted.months);
    for (const card of cards) {
      const change = nextPercent(wanted, then.get(card)) - nextPercent(present, now.get(card));
      preview[change > 0 ? "up" : change < 0 ? "down" : "same"] += 1;
    }
  }
}

function nextPercent({ levels, percent }: Scheme, standing: LevelBasis | undefined): Percent {
  return levels === null || standing === undefined ? percent : percentOf(levels, standing);
}
