// What comes of warnings when their day is over: who keeps the level, and who falls.

import type { Db, Tx } from "../db/connect.ts";
import { must } from "../errors.ts";
import { eachApart } from "../jobs/apart.ts";
import { underLock } from "../ledger/ledger.ts";
import type { CardId } from "../rules/ids.ts";
import type { Level } from "../rules/levels.rule.ts";
import type { Kopecks } from "../rules/money.ts";
import { instantOf } from "../rules/time.ts";
import { Counting, noteRises } from "./counting.ts";
import { standingOf, standingsOf } from "./levels.store.ts";
import { settleWarning, turnoversOf, type Unsettled, unsettled } from "./review.store.ts";
import { countedFrom, levelAt, oldestWarning, percentOf, settles } from "./standing.rule.ts";

/** What the review needs: whose day it is, and what every visit earns without levels. */
export interface Review {
  db: Db;
  now: Date;
  timeZone: string;
  percent: number;
  signal: AbortSignal;
  /** Told of a card that could not be reviewed, and why: it stops nobody else. */
  odd?: (card: CardId, why: string) => void;
}

/** So many are looked for at once. */
const batch = 100;

/** When the visits begin that count on a last day. */
export function windowOf(lastDay: string, months: number | null, timeZone: string): Date | null {
  const day = countedFrom(lastDay, months);
  return day === null ? null : instantOf(`${day}T00:00:00`, timeZone);
}

/** What comes of every warning whose day is over. The number of levels lowered. */
export async function settleAll(
  { db, signal, odd, timeZone }: Review,
  terms: { levels: Level[]; months: number | null },
  today: string,
): Promise<number> {
  const apart = { signal, odd: ({ card }: Unsettled, why: string) => odd?.(card, why) };
  let [lowered, after] = [0, 0];
  for (;;) {
    signal.throwIfAborted();
    const due = await unsettled(db, { today, oldest: oldestWarning(today) }, after, batch);
    const last = due.at(-1);
    if (last === undefined) return lowered;
    // One a transaction: each asks several questions, and the till waits for them.
    await eachApart(due, apart, async (some) => {
      for (const one of some)
        lowered += await underLock(db, (tx) => settleOne(tx, { ...terms, timeZone, today }, one));
    });
    after = last.id;
  }
}

/** The levels that a day is settled by, and whose day it is. */
interface Settling {
  levels: Level[];
  months: number | null;
  timeZone: string;
  today: string;
}

/** `turnover` counts by the warning's own terms, `present` by those in force. */
interface Came {
  kind: "kept" | "down";
  turnover: Kopecks;
  present: Kopecks;
}

/** What comes of warnings by what their cards have paid so far, and what counts of that: by the warning's number. */
export async function whatCame(
  tx: Tx,
  { levels, months, timeZone, today }: Settling,
  warnings: readonly Unsettled[],
): Promise<Map<number, Came>> {
  const came = new Map<number, Came>();
  const alike = Map.groupBy(
    warnings,
    ({ from, afterRow, until }) => `${from?.getTime()} ${afterRow} ${until}`,
  );
  for (const some of alike.values()) {
    const cards = some.map(({ card }) => card);
    const [{ from = null, afterRow = 0, until = today } = {}] = some;
    const turnovers = await turnoversOf(tx, cards, from);
    const paid = await turnoversOf(tx, cards, from, afterRow);
    const standings = await standingsOf(tx, cards, months);
    const presents = await turnoversOf(tx, cards, windowOf(until, months, timeZone));
    for (const warning of some) {
      const turnover = turnovers.get(warning.card) ?? 0;
      const paidSince = paid.get(warning.card) ?? 0;
      const present = presents.get(warning.card) ?? 0;
      // Other terms than those of the warning may be in force: a level that visits make by them is not lost.
      const held = levelAt(levels, standings.get(warning.card)?.reached ?? 0);
      const holds = held > 0 && levelAt(levels, present) >= held;
      const kind = holds ? "kept" : settles(warning, { turnover, paidSince, today });
      came.set(warning.id, { kind, turnover, present });
    }
  }
  return came;
}

async function settleOne(tx: Tx, settling: Settling, warning: Unsettled): Promise<number> {
  const { levels, months } = settling;
  const came = await whatCame(tx, settling, [warning]);
  const { kind, turnover, present } = must(came.get(warning.id), "what came of it");
  const standing = await standingOf(tx, warning.card, months);
  const reached = kind === "kept" ? null : (levels[levelAt(levels, turnover)]?.from ?? 0);
  const after = { ...standing, reached: reached ?? standing.reached };
  const percents = { was: percentOf(levels, standing), percent: percentOf(levels, after) };
  await settleWarning(tx, warning, { kind, turnover, reached, ...percents });
  // Else the next visit would be told as a rise to where the card has been all along.
  if (kind === "down" && levelAt(levels, present) > levelAt(levels, turnover))
    await noteRises(tx, new Counting(levels, months), [warning.card], null, "levels");
  return kind === "down" ? 1 : 0;
}
