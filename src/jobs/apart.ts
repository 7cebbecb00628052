// Work on many things of which one may fail: it stops nobody else.

import { inHalves } from "../db/connect.ts";
import { messageOf } from "../errors.ts";
import { LeaseLost } from "./leases.ts";
import { databaseIsAway } from "./trouble.ts";

interface Apart<T> {
  /** Aborted: nothing more is begun. */
  signal: AbortSignal;
  /** So many of them are worked on together. */
  atOnce?: number;
  /** Told what the work fails for, and why; the next round tries it again. */
  odd: (one: T, why: string) => void;
}

/**
 * Does the work on all of these, some at once; where it fails, on ever smaller parts of them, until what it fails for stands
 * alone. Throws when the database is away, the lease is lost or the work was stopped: then it fails for all of them.
 */
export async function eachApart<T>(
  all: readonly T[],
  { signal, atOnce = 1, odd }: Apart<T>,
  work: (some: T[]) => Promise<unknown>,
): Promise<void> {
  const faultOfOne = (error: unknown) =>
    signal.aborted || databaseIsAway(error) || error instanceof LeaseLost ? null : messageOf(error);
  for (let from = 0; from < all.length && !signal.aborted; from += atOnce)
    await inHalves(all.slice(from, from + atOnce), work, odd, faultOfOne);
}
