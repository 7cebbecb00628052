// Proves the ledger: recomputes it from first row to last and names every fault.

import { type Db, inTransaction, type Tx } from "../db/connect.ts";
import type { CardId } from "../rules/ids.ts";
import { decimal, type Points } from "../rules/money.ts";
import type { Seal } from "../rules/seal.ts";
import { addDays } from "../rules/time.ts";
import {
  type BrokenLink,
  brokenLinks,
  type KeptSeal,
  type LostSeal,
  lostSeals,
  seal,
} from "./chain.store.ts";
import { endOf } from "./lives.rule.ts";
import { type KeptEnds, keptEnds, oddLots } from "./lot-proofs.store.ts";
import { type OddRow, oddRows, strandedPoints, type UnevenList, unevenLists } from "./odd-rows.store.ts";
import {
  type DoubleAward,
  doubleAwards,
  heldByForgotten,
  holdStill,
  type Overdraft,
  oddSettlements,
  overdrafts,
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

/** Takes rows in and keeps what is said of them: a sentence for each fault. */
export type Gather = <Row>(batches: AsyncIterable<Row[]>, faults: (row: Row) => string[]) => Promise<void>;

const maxListed = 50;

/**
 * Recomputes the ledger from one snapshot, with flat memory, beside a running program: the chain of hashes, the seals that
 * were kept and these, one award a record, each row by the rule of its kind, lists of balances to a hundredth, no overdraft
 * by spending, lots and settlements that bear the rows out, and `ofRecords`. At most 50 faults are listed, then how many more. A tail that was cut off, or a chain made
 * anew to its end, shows only against an earlier seal. Throws when the database does.
 */
export function verifyLedger(
  db: Db,
  ofRecords: (tx: Tx, gather: Gather) => Promise<void>,
  seals: readonly KeptSeal[] = [],
): Promise<Proof> {
  return inTransaction(db, async (tx) => {
    await holdStill(tx);
    const faults = new Faults();
    await faults.gather(brokenLinks(tx), (row) => [ofLink(row)]);
    const missing = await lostSeals(tx, seals);
    await faults.gather(once(Promise.resolve(missing)), (one) => [ofSeal(one)]);
    await faults.gather(doubleAwards(tx), (row) => [ofDoubleAward(row)]);
    await faults.gather(oddRows(tx, { after: 0, last: Number.MAX_SAFE_INTEGER }), (row) => [ofOdd(row)]);
    await faults.gather(once(unevenLists(tx)), (one) => [ofUneven(one)]);
    await faults.gather(once(strandedPoints(tx)), (one) => [ofStranded(one)]);
    await faults.gather(overdrafts(tx), (row) => [ofOverdraft(row)]);
    await faults.gather(oddLots(tx), (row) => [ofOdd(row)]);
    await faults.gather(once(keptEnds(tx)), wrongEnds);
    await faults.gather(once(brokenTrees(tx)), ({ day }) => [
      `The tree of ${day}: its hashes do not lead to its root.`,
    ]);
    await faults.gather(once(oddSettlements(tx)), ({ id, why }) => [`Settlement ${id}: ${why}.`]);
    await ofRecords(tx, faults.gather);
    const gone = new Set(missing.filter(({ day }) => day === null).map(named));
    const contains = seals.filter((one) => !gone.has(named(one)));
    return { seal: await seal(tx), lost: await heldByForgotten(tx), contains, faults: faults.listed() };
  });
}

/** Counts every fault and keeps the first ones: when everything is wrong, millions of sentences help nobody. */
class Faults {
  private readonly kept: string[] = [];
  private count = 0;

  readonly gather: Gather = async (batches, faults) => {
    for await (const batch of batches) {
      for (const row of batch) {
        for (const sentence of faults(row)) if (++this.count <= maxListed) this.kept.push(sentence);
      }
    }
  };

  listed(): string[] {
    return this.count > maxListed ? [...this.kept, `and ${this.count - maxListed} more`] : this.kept;
  }
}

async function* once<Row>(rows: Promise<Row[]>): AsyncIterable<Row[]> {
  yield await rows;
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
