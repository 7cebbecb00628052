// Lots beside the rows: an old ledger gets them bit by bit, and nobody loses the same points twice.

import { wait } from "../clock.ts";
import type { Db, Tx } from "../db/connect.ts";
import type { Points } from "../rules/money.ts";
import type { Entry } from "./entries.store.ts";
import { type Ended, endedOf, makeSomeLots } from "./lots.store.ts";

/** Few enough that whoever waits for the ledger's lock does not feel it. */
const cardsAtOnce = 10;

/**
 * Makes the lots of all cards whose rows are older than lots, some cards a transaction; a program that ends in between, or
 * another beside it, goes on where it stands. A card that is written to before its turn gets its lots then.
 */
export async function makeLots(db: Db, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await makeSomeLots(db, cardsAtOnce)) > 0) await wait(5);
}

/** What takes back what one row gave, where it names that row. */
const takesFromOwn: ReadonlySet<Entry["kind"]> = new Set([
  ...(["correction", "welcome", "birthday", "friend"] as const),
  ...(["undo", "debit", "move"] as const),
]);

/**
 * These rows with what must come before them: points that are taken back of an award, a gift or what was given by hand, and
 * that have ended are given back first, or the client would lose them twice.
 */
export async function withEndsGivenBack(tx: Tx, entries: Entry[]): Promise<Entry[]> {
  const less = entries.filter(({ kind, points }) => takesFromOwn.has(kind) && points < 0);
  const ended = await endedOf(tx, [...new Set(less.flatMap((one) => one.corrects ?? []))]);
  if (ended.length === 0) return entries;
  return entries.flatMap((entry) => {
    const own = less.includes(entry) ? ended.filter((one) => isOf(one, entry)) : [];
    let missing = -entry.points - (own[0]?.rest ?? 0);
    const back = own.flatMap((one) => {
      const points = Math.min(one.points, missing);
      missing -= Math.max(0, points);
      return points > 0 ? [givenBack(one, points)] : [];
    });
    return [...back, entry];
  });
}

function isOf({ award, card }: Ended, entry: Entry): boolean {
  return award === entry.corrects && card === entry.card;
}

function givenBack({ card, expiry, key, times }: Ended, points: Points): Entry {
  const row = { kind: "expiry", actor: "programme", reason: null } as const;
  return { ...row, card, points, corrects: expiry, key: `${key}:back:${times + 1}` };
}
