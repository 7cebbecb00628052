// Which percent a card's next visit must have, and by which levels: the rules of levels, written a second time, by themselves.

/** From so many kopecks of paid visits on, so many hundredths of a percent. The first begins at 0. */
export interface Level {
  from: number;
  percent: number;
}

/** What a programme gives by the paid visits of so many months; null: of all. Without levels it has one, of everybody. */
export interface Scheme {
  levels: readonly Level[];
  months: number | null;
}

/** What a setting's words mean: `0:1,50000:3`, roubles and percent. Off, everybody earns the same, one percent if not said. */
export function levelsOf(text: string, everybodys = 100): Level[] {
  if (text === "off") return [{ from: 0, percent: everybodys }];
  return text.split(",").map((one) => {
    const [from = "", percent = ""] = one.split(":");
    return { from: Math.round(Number(from) * 100), percent: Math.round(Number(percent) * 100) };
  });
}

/** What the settings want. */
export function schemeOf({
  LEVELS = "off",
  LEVELS_OVER = "all",
  BONUS_PERCENT = "1",
}: Record<string, string>): Scheme {
  const [, months] = /^(\d+) months?$/.exec(LEVELS_OVER) ?? [];
  const levels = levelsOf(LEVELS, Math.round(Number(BONUS_PERCENT) * 100));
  return { levels, months: LEVELS === "off" || !months ? null : Number(months) };
}

/** A scheme by what everybody earns at the moment, which is no part of terms that were written: it counts where levels are off. */
export function withEverybodys(scheme: Scheme, percent: number): Scheme {
  return scheme.levels.length > 1 ? scheme : { levels: [{ from: 0, percent }], months: null };
}

/** A scheme as its setting writes it: two of the same words are the same to everybody. */
export function wordsOf({ levels, months }: Scheme): string {
  const steps = levels.map(({ from, percent }) => `${from / 100}:${percent / 100}`).join();
  return `${steps} over ${months ?? "all"}`;
}

/** The level that so much reaches. */
export function levelAt(levels: readonly Level[], paid: number): Level {
  return levels.findLast((level) => level.from <= paid) ?? { from: 0, percent: 0 };
}

/**
 * What is wanted, as far as it makes nobody worse off: of both, the better percent for every sum; where other visits count by it,
 * all of it or nothing.
 */
export function atOnce(inForce: Scheme, wanted: Scheme): Scheme {
  const sums = [...new Set([...inForce.levels, ...wanted.levels].map(({ from }) => from))];
  sums.sort((one, two) => one - two);
  const [has, gets] = [inForce, wanted].map(({ levels }) => sums.map((sum) => levelAt(levels, sum).percent));
  if (inForce.levels.length > 1 && wanted.levels.length > 1 && inForce.months !== wanted.months) {
    const isLonger = (wanted.months ?? Infinity) > (inForce.months ?? Infinity);
    return isLonger && has?.every((percent, at) => percent <= (gets?.[at] ?? 0)) ? wanted : inForce;
  }
  const best = sums.map((from, at) => ({ from, percent: Math.max(has?.[at] ?? 0, gets?.[at] ?? 0) }));
  const levels = best.filter(({ percent }, at) => percent !== best[at - 1]?.percent);
  const months = (wanted.levels.length > 1 ? wanted : inForce).months;
  return { levels, months: levels.length > 1 ? months : null };
}

/** A row of a visit: of which award, on which card, when, and what was paid for the visit by then. */
export interface VisitRow {
  id: number;
  award: number;
  card: number;
  points: number;
  paid: number | null;
  at: number;
}

/**
 * What a card's visits come to by these rows: of each award since a moment what was last known to be paid, where the visit still
 * holds points on this card; behind a row, of those that were awarded after it alone.
 */
export function turnover(rows: readonly VisitRow[], card: number, since: number, behind = 0): number {
  let sum = 0;
  for (const [award, ofVisit] of Map.groupBy(rows, (row) => row.award)) {
    const here = ofVisit.reduce((points, row) => points + (row.card === card ? row.points : 0), 0);
    const awarded = ofVisit[0]?.at ?? 0;
    if (here > 0 && awarded >= since && award > behind)
      sum += ofVisit.findLast((row) => row.paid !== null)?.paid ?? 0;
  }
  return sum;
}

/** So many whole months before a moment, or the last day of a month that has no such day; null: ever. */
export function monthsBefore(moment: number, months: number | null): number {
  if (months === null) return Number.NEGATIVE_INFINITY;
  const before = new Date(moment);
  const day = before.getUTCDate();
  before.setUTCDate(1);
  before.setUTCMonth(before.getUTCMonth() - months + 1, 0);
  before.setUTCDate(Math.min(day, before.getUTCDate()));
  return before.getTime();
}

/** What a card's level rests on: what its visits come to, the sum of the level that it has kept, and a level by hand. */
export interface Standing {
  turnover: number;
  kept: number;
  hand: { from: number; upwards: boolean } | null;
}

/** The percent of the next visit of a card that stands so. */
export function percentOf(levels: readonly Level[], { turnover, kept, hand }: Standing): number {
  const own = levelAt(levels, Math.max(turnover, kept)).percent;
  if (hand === null) return own;
  const given = levelAt(levels, hand.from).percent;
  return hand.upwards ? Math.max(own, given) : Math.min(own, given);
}

/** What may change the terms in a span of time: programs that begin with other settings, or an owner who accepts what was shown. */
export type TermsChange = { from: number; at: number } & (
  | { wanted: Scheme; everybodys?: number }
  | { accepted: Scheme }
);

/** Terms that are to be there: from when on, at the earliest and at the latest, and whether an owner had to accept them. */
export interface ExpectedTerms {
  scheme: Scheme;
  accepted: boolean;
  since: [number, number];
}

const day = 86_400_000;
/** What is accepted holds 30 days later, from the beginning of a day on. */
const notice = [30 * day, 32 * day] as const;

/**
 * The terms that come of the changes. `sinceOf` says from when on those at a place do hold, within their span. What makes nobody
 * worse off holds at once, the rest if it is accepted; what was accepted and is wanted no more before its day never comes.
 */
export function termsAfter(
  changes: readonly TermsChange[],
  sinceOf: (place: number) => number,
): ExpectedTerms[] {
  const made: ExpectedTerms[] = [{ scheme: schemeOf({}), accepted: false, since: [0, 0] }];
  let wanted = schemeOf({});
  let everybodys = 100;
  const add = (scheme: Scheme, accepted: boolean, since: [number, number]) =>
    made.push({ scheme, accepted, since });
  for (const change of changes) {
    const { from, at } = change;
    const starts = made.map((_, place) => (place === 0 ? 0 : sinceOf(place - 1)));
    if ("wanted" in change) everybodys = change.everybodys ?? everybodys;
    const inForce = withEverybodys(
      made[starts.findLastIndex((since) => since <= at)]?.scheme ?? wanted,
      everybodys,
    );
    const last = withEverybodys(made.at(-1)?.scheme ?? wanted, everybodys);
    const isComing = (starts.at(-1) ?? 0) > at;
    if ("wanted" in change) {
      wanted = change.wanted;
      const had = [inForce, last].some((one) => wordsOf(one) === wordsOf(wanted));
      const best = had ? inForce : atOnce(inForce, wanted);
      const isDropped = isComing && wordsOf(last) !== wordsOf(wanted);
      if (isDropped || wordsOf(best) !== wordsOf(inForce)) add(best, false, [from, at]);
    } else {
      const waits = [inForce, last].every((one) => wordsOf(one) !== wordsOf(wanted));
      if (waits && wordsOf(change.accepted) === wordsOf(wanted))
        add(wanted, true, [from + notice[0], at + notice[1]]);
    }
  }
  return made.slice(1);
}
