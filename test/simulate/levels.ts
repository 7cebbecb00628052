// Which percent an award must have: the rules of levels, written a second time, by themselves.

/** From so many kopecks of paid visits on, so many hundredths of a percent. The first begins at 0. */
export interface Level {
  from: number;
  percent: number;
}

/** What a setting's words mean: `0:1,50000:3`, roubles and percent. Off, everybody earns one percent. */
export function levelsOf(text: string): Level[] {
  if (text === "off") return [{ from: 0, percent: 100 }];
  return text.split(",").map((one) => {
    const [from = "", percent = ""] = one.split(":");
    return { from: Math.round(Number(from) * 100), percent: Math.round(Number(percent) * 100) };
  });
}

/** The percent that so much reaches. */
export function percentAt(levels: readonly Level[], paid: number): number {
  return levels.findLast((level) => level.from <= paid)?.percent ?? 0;
}

/** What is wanted, as far as it makes nobody worse off: of both, the better percent for every sum. */
export function atOnce(inForce: readonly Level[], wanted: readonly Level[]): Level[] {
  const sums = [...new Set([...inForce, ...wanted].map(({ from }) => from))].sort((one, two) => one - two);
  const best = sums.map((from) => ({
    from,
    percent: Math.max(percentAt(inForce, from), percentAt(wanted, from)),
  }));
  return best.filter(({ percent }, at) => percent !== best[at - 1]?.percent);
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
 * What a card's visits had come to when the ledger had these rows: of each award what was last known to be paid, where the
 * visit still holds points on this card and was awarded in the last `months`; null: ever.
 */
export function turnover(
  rows: readonly VisitRow[],
  card: number,
  moment: number,
  months: number | null,
): number {
  const since = months === null ? Number.NEGATIVE_INFINITY : monthsBefore(moment, months);
  let sum = 0;
  for (const ofVisit of Map.groupBy(rows, (row) => row.award).values()) {
    const here = ofVisit.reduce((points, row) => points + (row.card === card ? row.points : 0), 0);
    const awarded = ofVisit[0]?.at ?? 0;
    if (here > 0 && awarded >= since) sum += ofVisit.findLast((row) => row.paid !== null)?.paid ?? 0;
  }
  return sum;
}

function monthsBefore(moment: number, months: number): number {
  const before = new Date(moment);
  before.setUTCMonth(before.getUTCMonth() - months);
  return before.getTime();
}

const day = 86_400_000;
/** A level that a card falls short of is kept so long at least, and until a month's end after that at most. */
const kept = { least: 30 * day, most: 70 * day };

/**
 * The least and the most percent that an award may have by these levels and the rows before it: what was paid by then
 * reaches the least, and a better one is kept for a while.
 */
export function percentsOf(
  levels: readonly Level[],
  before: readonly VisitRow[],
  { card, at }: { card: number; at: number },
  months: number | null,
): { least: number; most: number } {
  const reached = (since: number) => {
    const later = before.filter((row) => row.at >= since).map((row) => [row.id, row.at] as const);
    const moments = [[before.findLast((row) => row.at < since)?.id ?? 0, since] as const, ...later];
    const ofMoment = ([last, when]: readonly [number, number]) =>
      turnover(
        before.filter((row) => row.id <= last),
        card,
        when,
        months,
      );
    return percentAt(levels, Math.max(turnover(before, card, at, months), ...moments.map(ofMoment)));
  };
  return { least: reached(at - kept.least), most: reached(at - kept.most) };
}
