// Proves the ledger: recomputes it from first row to last and names every fault.

import { type Db, inTransaction } from "../db/connect.ts";
import { must } from "../errors.ts";
import { decimal, type Points } from "../rules/money.ts";
import { decide, type Terms } from "../rules/visit.ts";
import {
  allTerms,
  type BrokenLink,
  brokenLinks,
  type DoubleAward,
  doubleAwards,
  holdStill,
  type Overdraft,
  overdrafts,
  type PostedVisit,
  postedStates,
  postedVisits,
  type Seal,
  type StrayPoints,
  seal,
  type WrongName,
  wrongNames,
} from "../store/proofs.ts";

/** What `verify` found: the seal of the ledger, and each fault in a sentence, none when all is well. */
export interface Proof {
  seal: Seal;
  faults: string[];
}

const listed = 50;

/**
 * Recomputes the ledger: the chain of hashes, ids without gaps, one award a record, corrections and undos that name an
 * earlier row, no overdraft by spending, and each visit's rows against the rule of its stored state. `seal.owed` is the
 * sum of all rows in hundredths of a point, debts taken off. At most 50 faults are listed, then how many more.
 * Memory stays flat. All is read from one snapshot: a program that is running is neither waited for nor held up.
 * A tail that was cut off leaves a sound ledger behind: only an earlier seal shows it. Throws when the database does.
 */
export function verify(db: Db): Promise<Proof> {
  return inTransaction(db, async (tx) => {
    await holdStill(tx);
    const terms = await allTerms(tx);
    const faults = new Faults();
    await faults.gather(brokenLinks(tx), ofLink);
    await faults.gather(doubleAwards(tx), ofDoubleAward);
    await faults.gather(wrongNames(tx), ofName);
    await faults.gather(overdrafts(tx), ofOverdraft);
    const fault = (row: PostedVisit | StrayPoints) => (row.stray ? ofStray(row) : ofVisit(row, terms));
    // Millions of visits share few states: one by one they are read only to name those of a wrong state.
    if (await isAny(postedStates(tx), fault)) await faults.gather(postedVisits(tx), fault);
    return { seal: await seal(tx), faults: faults.told() };
  });
}

/** Counts every fault and keeps the first ones: when everything is wrong, millions of sentences help nobody. */
class Faults {
  private readonly kept: string[] = [];
  private count = 0;

  async gather<Row>(batches: AsyncIterable<Row[]>, fault: (row: Row) => string | null): Promise<void> {
    for await (const batch of batches) {
      for (const row of batch) {
        const sentence = fault(row);
        if (sentence !== null && ++this.count <= listed) this.kept.push(sentence);
      }
    }
  }

  told(): string[] {
    return this.count > listed ? [...this.kept, `and ${this.count - listed} more`] : this.kept;
  }
}

/** Reads to the end even so: a cursor that is left half-way would have to be closed. */
async function isAny<Row>(
  batches: AsyncIterable<Row[]>,
  fault: (row: Row) => string | null,
): Promise<boolean> {
  let any = false;
  for await (const batch of batches) any ||= batch.some((row) => fault(row) !== null);
  return any;
}

/** A gap breaks the hash as well, so one sentence says both. */
function ofLink({ id, after, hashFits }: BrokenLink): string {
  const hash = `the hash of row ${id} does not fit its contents and the row before it`;
  if (id === after + 1) return `Row ${id}: ${hash}.`;
  const gap = id === after + 2 ? `row ${id - 1} is missing` : `rows ${after + 1} to ${id - 1} are missing`;
  return `Row ${id}: ${id > after ? gap : "its id is there twice"}${hashFits ? "" : `, and ${hash}`}.`;
}

function ofDoubleAward({ record, awards, first, last }: DoubleAward): string {
  return `Record ${record}: it has ${awards} awards, rows ${first} to ${last}, and may have one.`;
}

function ofName({ id, kind, names, namedKind }: WrongName): string {
  if (names === null) return `Row ${id}: this ${kind} names no row.`;
  const named = `Row ${id}: this ${kind} names row ${names}`;
  if (namedKind === null) return `${named}, which does not exist.`;
  return names >= id
    ? `${named}, which is not an earlier one.`
    : `${named}, a ${namedKind} and not an award.`;
}

function ofOverdraft({ id, card, kind, points, left }: Overdraft): string {
  return `Row ${id}: this ${kind} of ${decimal(-points)} left card ${card} ${decimal(-left)} below zero.`;
}

function ofStray({ record, card, posted, decision }: StrayPoints): string | null {
  const sum = decimal(posted);
  if (decision === null)
    return `Record ${record}: its rows give card ${card} ${sum}, but no visit is stored for it.`;
  if (posted === 0) return null;
  return `Record ${record}: its rows on card ${card}, which is not its card, sum to ${sum} and not to 0.00.`;
}

function ofVisit(visit: PostedVisit, terms: ReadonlyMap<number, Terms>): string | null {
  const { record, card, posted, decision } = visit;
  const due = dueOf(visit, terms);
  const rule = `but the rule makes ${decimal(due)} of its last state`;
  if (posted !== due) {
    const wrong = `${decimal(Math.abs(posted - due))} too ${posted > due ? "many" : "few"}`;
    return `Record ${record}: its rows on card ${card} sum to ${decimal(posted)}, ${rule}: ${wrong}.`;
  }
  if ((decision === "awarded") === due > 0) return null;
  return `Record ${record}: its decision is "${decision}", ${rule}, on card ${card}.`;
}

/**
 * What the visit's rows must sum to. One that has no terms was never awarded. A person who asked to be forgotten has no
 * YCLIENTS client on the visit, while the card and what it earned before stay: so the card says whether there is a
 * client. The day and the stamp play no part: the start decides first awards only, and a doubtful answer is not stored.
 */
function dueOf(visit: PostedVisit, terms: ReadonlyMap<number, Terms>): Points {
  if (visit.termsId === null) return 0;
  const hasClient = visit.card !== null;
  const forgotten = visit.decision === "forgotten";
  const state = { ...visit, hasClient, forgotten, day: "", changedAt: null };
  return decide(state, must(terms.get(visit.termsId), `terms ${visit.termsId}`), null).points;
}
