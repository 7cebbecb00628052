// Proves the ledger: recomputes it from first row to last and names every fault.

import { type Db, inTransaction, type Tx } from "../db/connect.ts";
import type { CardId } from "../rules/ids.ts";
import { decimal, type Points } from "../rules/money.ts";
import type { Seal } from "../rules/seal.ts";
import type { Slice } from "../rules/slice.ts";
import { addDays } from "../rules/time.ts";
import {
  type BrokenLink,
  brokenLinks,
  type KeptSeal,
  type LostSeal,
  lostSeals,
  seal,
} from "./chain.store.ts";
import { type Faults, faultsIn, firstFaults, once } from "./faults.ts";
import { byTwoHands, type Sharing } from "./hands.ts";
import { endOf } from "./lives.rule.ts";
import { type KeptEnds, keptEnds, oddLots } from "./lot-proofs.store.ts";
import {
  type OddRow,
  oddRows,
  type RowSpan,
  strandedPoints,
  type UnevenList,
  unevenLists,
} from "./odd-rows.store.ts";
import {
  type DoubleAward,
  doubleAwards,
  heldByForgotten,
  holdToProve,
  type Overdraft,
  oddSettlements,
  overdrafts,
  type Slices,
  slicesOf,
} from "./proofs.store.ts";
import { brokenTrees } from "./tree.store.ts";

export { brokenTail, type KeptSeal, seal } from "./chain.store.ts";
export { type OddChange, oddChanges } from "./odd-rows.store.ts";
export { heldByForgotten, holdStill } from "./proofs.store.ts";

/** What `verify` found: the seal of the ledger, and each fault in a sentence, none when all is well. */
export interface Proof {
  seal: Seal;
  /** Of what the seal says is owed: on the cards of people who asked to be forgotten, in hundredths. */
  lost: Points;
  /** Of the seals that were handed in: those that the ledger still contains, in their order. */
  contains: KeptSeal[];
  faults: string[];
}

/** What proofs of other rooms go by: the slices of the ledger, and whoever is free to look at one. */
export interface Proving {
  slices: Slices;
  share: Sharing;
}

/** Few enough for a second at the most, and for the memory that one statement has. */
const usualRows = 250_000;

/**
 * Recomputes the ledger from one snapshot, with flat memory, beside a running program: the chain of hashes, the seals that
 * were kept and these, one award a record, each row by the rule of its kind, lists of balances to a hundredth, no overdraft
 * by spending, lots and settlements that bear the rows out, and `ofRecords`. At most 50 faults are listed, then how many
 * more. A tail that was cut off, or a chain made anew to its end, shows only against an earlier seal. Where there are more
 * rows than `rowsASlice`, a second connection helps, which is none of the pool's. Throws when the database does.
 */
export function verifyLedger(
  db: Db,
  ofRecords: (proving: Proving) => Promise<Faults[]>,
  seals: readonly KeptSeal[] = [],
  { rowsASlice = usualRows } = {},
): Promise<Proof> {
  return inTransaction(db, async (tx) => {
    await holdToProve(tx);
    const slices = await slicesOf(tx, rowsASlice);
    return byTwoHands(slices.rows.length > 1 ? db : null, tx, async (share) => {
      const missing = share((one) => lostSeals(one, seals));
      const [faults, sum, lost] = await Promise.all([
        Promise.all(checks({ slices, share }, missing, ofRecords)),
        share(seal),
        share(heldByForgotten),
      ]);
      const gone = new Set((await missing).filter(({ day }) => day === null).map(named));
      const contains = seals.filter((one) => !gone.has(named(one)));
      return { seal: sum, lost, contains, faults: firstFaults(faults.flat()) };
    });
  });
}

/** What each has found, in the order in which it is told. */
function checks(
  { slices, share }: Proving,
  missing: Promise<LostSeal[]>,
  ofRecords: (proving: Proving) => Promise<Faults[]>,
): Promise<Faults | Faults[]>[] {
  const each = <P, Row>(
    some: P[],
    read: (tx: Tx, slice: P) => AsyncIterable<Row[]>,
    said: (row: Row) => string | string[],
  ) => some.map((slice) => share((tx) => faultsIn(read(tx, slice), said)));
  const few = <Row>(read: (tx: Tx) => Promise<Row[]>, said: (row: Row) => string | string[]) =>
    share((tx) => faultsIn(once(read(tx)), said));
  return [
    ...each(slices.rows, brokenLinks, ofLink),
    missing.then((rows) => faultsIn(once(rows), ofSeal)),
    ...each(slices.records, doubleAwards, ofDoubleAward),
    ...each(slices.rows.flatMap(spanOf), oddRows, ofOdd),
    few(unevenLists, ofUneven),
    few(strandedPoints, ofStranded),
    ...each(slices.cards, overdrafts, ofOverdraft),
    ...each(slices.rows, oddLots, ofOdd),
    few(keptEnds, wrongEnds),
    few(brokenTrees, ({ day }) => `The tree of ${day}: its hashes do not lead to its root.`),
    few(oddSettlements, ({ id, why }) => `Settlement ${id}: ${why}.`),
    ofRecords({ slices, share }),
  ];
}

/** Of rows that have a number, as the program gives them. */
function spanOf({ after, last, none }: Slice): RowSpan[] {
  return none ? [] : [{ after: after ?? 0, last: last ?? Number.MAX_SAFE_INTEGER }];
}

/** A gap breaks the hash as well, so one sentence says both. */
function ofLink({ id, after, hashFits }: BrokenLink): string {
  const hash = `the hash of row ${id} does not fit its contents and the row before it`;
  if (id === after + 1) return `Row ${id}: ${hash}.`;
  const gap = id === after + 2 ? `row ${id - 1} is missing` : `rows ${after + 1} to ${id - 1} are missing`;
  return `Row ${id}: ${id > after ? gap : "its id is there twice"}${hashFits ? "" : `, and ${hash}`}.`;
}

/** As it is written and handed in. */
function named({ rows, hash }: KeptSeal): string {
  return `${rows}:${hash}`;
}

function ofSeal(lost: LostSeal): string {
  const { rows, day, found } = lost;
  const which = day === null ? `Seal ${named(lost)}` : `The seal of the digest of ${day}, ${named(lost)}`;
  const now = found === null ? `there is no row ${rows}` : `row ${rows} has the hash ${found}`;
  return `${which}: the ledger does not contain it, ${now}.`;
}

function ofDoubleAward({ record, awards, first, last }: DoubleAward): string {
  return `Record ${record}: it has ${awards} awards, rows ${first} to ${last}, and may have one.`;
}

function ofOdd({ id, kind, points, card, why }: OddRow): string {
  if (kind === "") return `Row ${id}: it is not there, and ${why}.`;
  return `Row ${id}: this ${kind} of ${decimal(points)} on card ${card} ${why}.`;
}

function ofUneven({ list, cards, points, rows, sum }: UnevenList): string {
  return `List ${list}: it says ${decimal(points)} for ${cards} cards, and its ${rows} rows sum to ${decimal(sum)}.`;
}

function wrongEnds({ life, said, ends }: KeptEnds): string[] {
  const lives = said.map(({ day, months, days }) => ({
    day,
    life: months ? { months } : days ? { days } : null,
  }));
  return ends.flatMap((kept) => {
    const due = life === "returned" ? addDays(kept.started, 14) : endOf(kept.started, lives);
    if (kept.ends === due) return [];
    const [is, was] = [kept.ends, due].map((day) =>
      day === null ? "no end" : `the end ${day || "unknown"}`,
    );
    return [
      `Lots of the life ${life} from ${kept.started} have ${is}, and by all that was said of it ${was}.`,
    ];
  });
}

function ofStranded({ card, into, points }: { card: CardId; into: CardId; points: Points }): string {
  return `Card ${card}: it has gone into card ${into} and still holds ${decimal(points)}.`;
}

function ofOverdraft({ id, card, kind, points, left }: Overdraft): string {
  return `Row ${id}: this ${kind} of ${decimal(-points)} left card ${card} ${decimal(-left)} below zero.`;
}
