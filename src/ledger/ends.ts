// Points end: the settings' lives are kept, and what is left of a lot whose last day is over is taken off, once.

import type { Db } from "../db/connect.ts";
import { eachApart } from "../jobs/apart.ts";
import { withLease } from "../jobs/leases.ts";
import type { Account } from "../rules/account.ts";
import type { CardId, EntryId } from "../rules/ids.ts";
import type { Life, LifeOf } from "../rules/life.ts";
import type { Points } from "../rules/money.ts";
import { addDays, dayOf } from "../rules/time.ts";
import {
  type Ahead,
  endsAhead,
  keepTold,
  type LifeChange,
  type OverLot,
  overLots,
  sayLife,
  stillOver,
  untoldLives,
} from "./ends.store.ts";
import type { Entry } from "./entries.store.ts";
import { postSilently, underLockForPage } from "./ledger.ts";

export { type Ahead, endsAhead, type LifeChange, nextEnds } from "./ends.store.ts";

/** How long points live by the settings; null: for ever. */
export interface Lives {
  pointsLive: Life | null;
  welcomeLive: Life | null;
  birthdayLive: Life | null;
}

/** Keeps what the settings say; what is news holds from this day on, and ends nothing before one whole term. */
export async function keepLives(db: Db, lives: Lives, now: Date): Promise<void> {
  const all: [LifeOf, Life | null][] = [
    ["earned", lives.pointsLive],
    ["welcome", lives.welcomeLive],
    ["birthday", lives.birthdayLive],
  ];
  for (const [of, life] of all) await sayLife(db, of, life, now);
}

/** How many are looked up at once, beside everybody. */
const lookUp = 10_000;
/** Few enough that whoever waits for the ledger's lock does not feel it. */
const atOnce = 50;

/** What has ended: lots and their points, in hundredths. */
export interface EndedNow {
  lots: number;
  points: Points;
}

/**
 * Takes off what is left of lots whose last day is before `today`, some lots a transaction: what was done when it is cut off
 * stays, and the next one goes on. A lot that cannot end is handed to `odd` and stops no other. Null when another program is
 * at it.
 */
export function endPoints(
  db: Db,
  today: string,
  signal: AbortSignal,
  odd: (lot: { card: CardId; row: EntryId }, why: string) => void = () => {},
): Promise<EndedNow | null> {
  return withLease(db, "end_points", async (_lease, lost) => {
    const done: EndedNow = { lots: 0, points: 0 };
    const stop = AbortSignal.any([signal, lost]);
    let after = { row: 0, part: 0 };
    for (;;) {
      const found = await overLots(db, today, after, lookUp);
      await eachApart(found, { signal: stop, atOnce, odd }, async (some) => {
        const ended = await end(db, some, today);
        done.lots += ended.length;
        done.points += ended.reduce((sum, one) => sum + one.points, 0);
      });
      const last = found.at(-1);
      if (last === undefined || found.length < lookUp || stop.aborted) return done;
      after = last;
    }
  });
}

/** Read anew under the lock: some of it may have been spent meanwhile. Owners of cards were warned, and are not told. */
function end(db: Db, lots: OverLot[], today: string): Promise<OverLot[]> {
  return underLockForPage(db, null, async (tx) => {
    const over = await stillOver(tx, lots, today);
    await postSilently(tx, over.map(entryOf));
    return over;
  });
}

function entryOf({ card, row, part, points }: OverLot): Entry {
  return {
    card,
    kind: "expiry",
    corrects: row,
    points: -points,
    actor: "programme",
    key: `expiry:${row}.${part}`,
  };
}

/** Who became an owner later reads it in the settings. */
const newsDays = 3;
/** So many days are named. */
const shownDays = 6;

/**
 * Tells each owner once of the last change of each life, with what ends when if nobody spends it. `tell` says whether that
 * owner is done with; who is not is told later.
 */
export async function tellLives(
  db: Db,
  owners: readonly Account[],
  tell: (owner: Account, change: LifeChange, ahead: readonly Ahead[]) => Promise<boolean>,
  now: Date,
): Promise<void> {
  const since = addDays(dayOf(now, "UTC"), -newsDays);
  if ((await untoldLives(db, owners, since)).length === 0) return;
  await withLease(db, "owners_lives", async (_lease, lost) => {
    for (const { owner, id, ...change } of await untoldLives(db, owners, since)) {
      if (lost.aborted) return;
      const ahead = change.life === null ? [] : await endsAhead(db, change.of, shownDays);
      if (await tell(owner, change, ahead)) await keepTold(db, id, owner);
    }
  });
}
