// What a takeover of the earlier program brings, in figures, and the day from which visits earn here.

import type { Entry } from "../ledger/ledger.ts";
import type { CompanyId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import { addDays } from "../rules/time.ts";
import type { Awards } from "./awards.ts";
import type { ImportedCards } from "./cards.ts";
import type { OldBranch } from "./python.store.ts";

/** What came over, or would. Points are hundredths; days are `YYYY-MM-DD`. */
export interface Takeover {
  companyId: CompanyId;
  lastChecked: Date | null;
  clients: number;
  cards: number;
  /** Cards with a Telegram account there, which has to prove the number here first. */
  claims: number;
  awards: number;
  awarded: Points;
  /** Records that it had dealt with and given no points for. */
  empty: number;
  openings: number;
  opened: Points;
  /** What the earlier program owed, what of it finds no card, and what is owed here. */
  before: Points;
  leftOut: Points;
  after: Points;
  /** Visits from this day on that the earlier program did not award are awarded. */
  start: string;
  /** The day of its first award; null when there is none. */
  firstAward: string | null;
}

/** The figures of an import that was made, or rehearsed. */
export function takeoverOf(made: {
  branch: OldBranch;
  cards: ImportedCards;
  awards: Awards;
  openings: Entry[];
  claims: number;
  now: Date;
}): Takeover {
  const { branch, cards, awards, openings, claims, now } = made;
  const sum = (all: { points: Points }[]) => all.reduce((total, { points }) => total + points, 0);
  return {
    ...branch,
    clients: cards.clients,
    cards: cards.cards.length,
    claims,
    awards: awards.count,
    awarded: awards.points,
    empty: awards.empty,
    openings: openings.length,
    opened: sum(openings),
    before: cards.owed,
    leftOut: cards.leftOut,
    after: sum(cards.cards),
    start: startOf(branch.lastChecked, awards.last, now),
    firstAward: awards.first?.slice(0, 10) ?? null,
  };
}

/**
 * The day before the earlier program last read the journal: what was paid since it stopped is awarded, with a day to
 * spare for zones and for what is paid on the morning after; what it passed over in its years is not.
 */
function startOf(lastChecked: Date | null, lastAward: string | null, now: Date): string {
  const last = lastChecked?.toISOString() ?? lastAward ?? "";
  // A clock that ran ahead must not put the start into the future.
  const [day = ""] = [last || now.toISOString(), now.toISOString()].map((at) => at.slice(0, 10)).sort();
  return addDays(day, -1);
}
