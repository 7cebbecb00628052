// The review of levels: whom new terms lift or lower, who is warned a month before, and who falls when the day is over.

import type { Tx } from "../db/connect.ts";
import { eachApart } from "../jobs/apart.ts";
import { withLease } from "../jobs/leases.ts";
import { underLock } from "../ledger/ledger.ts";
import type { CardId } from "../rules/ids.ts";
import type { Level } from "../rules/levels.rule.ts";
import { dayOf, minuteOf } from "../rules/time.ts";
import { Counting, noteRises } from "./counting.ts";
import { allLevelTerms, cardsWithLevels, type LevelTerms, standingsOf } from "./levels.store.ts";
import {
  addNotices,
  addWarnings,
  cardsToTell,
  finishTerms,
  holdersAfter,
  keepLook,
  type LookedUpTo,
  lookedFor,
  markNow,
  openWarnings,
  turnoversOf,
  type Warning,
} from "./review.store.ts";
import { type LevelBasis, levelAt, percentOf, warnedFor } from "./standing.rule.ts";
import { levelTermsAt } from "./terms.ts";
import { type Review, settleAll, whatCame, windowOf } from "./warnings.ts";

/** What came of a review, for the log. */
export interface Reviewed {
  raised: number;
  warned: number;
  lowered: number;
  told: number;
}

/** So many cards a transaction: the till waits for no more. */
const batch = 100;
/** The minute of a day from which on the day before is settled: what was paid in the evening has been read by then. */
const settledFrom = 9 * 60;

/** One review, each step of which happens once however often it is called; null when another program is at it. */
export function reviewLevels(review: Review): Promise<Reviewed | null> {
  return withLease(review.db, "review_levels", async (_lease, lost) => {
    const done: Reviewed = { raised: 0, warned: 0, lowered: 0, told: 0 };
    const all = await allLevelTerms(review.db);
    const inForce = levelTermsAt(all, review.now);
    const last = all.at(-1);
    const run = { ...review, signal: AbortSignal.any([review.signal, lost]) };
    if (inForce?.levels) await ofLevels(run, { ...inForce, levels: inForce.levels }, done);
    if (last && last !== inForce) done.told = await tellOfTerms(run, inForce, last);
    return done;
  });
}

type InForce = LevelTerms & { levels: Level[] };

async function ofLevels(review: Review, terms: InForce, done: Reviewed): Promise<void> {
  const { now, timeZone } = review;
  const today = dayOf(now, timeZone);
  if (!terms.raised) done.raised = await raiseAll(review, terms);
  if (minuteOf(now, timeZone) >= settledFrom) done.lowered = await settleAll(review, terms, today);
  const until = warnedFor(today);
  if (until !== null) done.warned = await warnAll(review, terms, { today, until });
}

/** Every card, some at a time, each time under the ledger's lock. `whole`: none was odd. */
async function eachBatch<Row>(
  { db, signal, odd }: Review,
  next: (after: CardId) => Promise<Row[]>,
  cardOf: (row: Row) => CardId,
  work: (tx: Tx, rows: Row[]) => Promise<number>,
): Promise<{ count: number; whole: boolean }> {
  const done = { count: 0, whole: true };
  const oddRow = (row: Row, why: string) => {
    done.whole = false;
    odd?.(cardOf(row), why);
  };
  let after = 0 as CardId;
  for (;;) {
    signal.throwIfAborted();
    const rows = await next(after);
    const last = rows.at(-1);
    if (last === undefined) return done;
    await eachApart(rows, { signal, atOnce: batch, odd: oddRow }, async (some) => {
      done.count += await underLock(db, (tx) => work(tx, some));
    });
    after = cardOf(last);
  }
}

/** New terms lift many at once: nobody is sent a word of it, their cards say it. */
async function raiseAll(review: Review, { id, levels, months }: InForce): Promise<number> {
  const { count, whole } = await eachBatch(
    review,
    (after) => cardsWithLevels(review.db, after, batch),
    (card) => card,
    (tx, cards) => noteRises(tx, new Counting(levels, months), cards, null, "levels"),
  );
  if (whole) await finishTerms(review.db, id, "raised_at");
  return count;
}

/**
 * The next cards that will be short of their level on a last day, as far as is known beside everybody: most are not, and the
 * till need not wait while that is found.
 */
async function shortAfter(
  { db, signal }: Review,
  levels: Level[],
  { after, from, ...of }: { after: CardId; from: Date | null; until: string; since: LookedUpTo | null },
): ReturnType<typeof holdersAfter> {
  for (let passed = after; ; ) {
    signal.throwIfAborted();
    const holders = await holdersAfter(db, passed, of, batch);
    const last = holders.at(-1);
    if (last === undefined) return [];
    const cards = holders.map(({ card }) => card);
    const turnovers = await turnoversOf(db, cards, from);
    const short = holders.filter(
      ({ card, reached }) => (turnovers.get(card) ?? 0) < (levels[levelAt(levels, reached)]?.from ?? 0),
    );
    if (short.length > 0) return short;
    passed = last.card;
  }
}

async function warnAll(
  review: Review,
  { id, levels, months }: InForce,
  { today, until }: { today: string; until: string },
): Promise<number> {
  const { timeZone } = review;
  const from = windowOf(until, months, timeZone);
  // Nobody comes to be short on that day but by a row of the ledger or of levels: the next round looks at those alone.
  const mark = await markNow(review.db);
  const since = await lookedFor(review.db, id, until);
  const { count, whole } = await eachBatch(
    review,
    (after) => shortAfter(review, levels, { after, from, until, since }),
    ({ card }) => card,
    async (tx, holders) => {
      const cards = holders.map(({ card }) => card);
      const turnovers = await turnoversOf(tx, cards, from);
      const standings = await standingsOf(tx, cards, months);
      const warnings = holders.flatMap(({ card }): Warning[] => {
        const turnover = turnovers.get(card) ?? 0;
        const standing = standings.get(card);
        const reached = levels[levelAt(levels, standing?.reached ?? 0)]?.from ?? 0;
        if (turnover >= reached || !standing) return [];
        // A level by hand that lasts longer would hide the fall: it comes, with a warning of its own, when it is seen.
        if (standing.hand !== null && standing.hand.until > until) return [];
        const own = { ...standing, hand: null };
        const percent = percentOf(levels, { ...own, turnover, reached: 0 });
        return [{ card, reached, turnover, was: percentOf(levels, own), percent }];
      });
      // What a warning before is about to take is warned of no more; who has paid what that one asked for has another month.
      const open = await openWarnings(
        tx,
        warnings.map(({ card }) => card),
      );
      const came = await whatCame(tx, { levels, months, timeZone, today }, open);
      const falling = new Set(open.filter(({ id }) => came.get(id)?.kind === "down").map(({ card }) => card));
      const due = warnings.filter(({ card }) => !falling.has(card));
      if (due.length > 0) await addWarnings(tx, due, { until, from });
      return due.length;
    },
  );
  if (whole) await keepLook(review.db, id, until, mark);
  return count;
}

/**
 * Whoever earns less by terms to come is told their day beforehand: all at once, and from then on whoever has come to a card or to
 * more percent since.
 */
async function tellOfTerms(review: Review, inForce: LevelTerms | null, coming: LevelTerms): Promise<number> {
  const until = dayOf(coming.since, review.timeZone);
  const { count, whole } = await eachBatch(
    review,
    (after) => cardsToTell(review.db, after, coming.id, batch),
    (card) => card,
    async (tx, cards) => {
      const [present, then] = [
        await standingsOf(tx, cards, inForce?.months ?? null),
        await standingsOf(tx, cards, coming.months),
      ];
      const percent = (terms: LevelTerms | null, standing: LevelBasis | undefined) =>
        terms?.levels && standing ? percentOf(terms.levels, standing) : review.percent;
      const notices = cards.map((card) => {
        const [was, next] = [percent(inForce, present.get(card)), percent(coming, then.get(card))];
        return { card, was, percent: next };
      });
      const worse = notices.filter((one) => one.percent < one.was);
      return worse.length > 0 ? addNotices(tx, worse, { terms: coming.id, until }) : 0;
    },
  );
  if (whole) await finishTerms(review.db, coming.id, "told_at");
  return count;
}
