// Proves the ledger: recomputes it from first row to last and names every fault.

import { type Db, inTransaction } from "../db/connect.ts";
import { must } from "../errors.ts";
import { heldByForgotten } from "../owners/stats.store.ts";
import { decimal, type Points } from "../rules/money.ts";
import { sinceImport } from "../visits/imported.rule.ts";
import { type Decision, decide, differences, type Posted, type Terms } from "../visits/visit.rule.ts";
import {
  type BrokenLink,
  brokenLinks,
  type KeptSeal,
  type LostSeal,
  lostSeals,
  type Seal,
  seal,
} from "./chain.store.ts";
import { type OddRow, oddRows, strandedPoints } from "./odd-rows.store.ts";
import {
  allTerms,
  type DoubleAward,
  doubleAwards,
  holdStill,
  type Overdraft,
  overdrafts,
  type PostedRecord,
  postedRecords,
  postedStates,
  preferHashing,
  type StoredState,
} from "./proofs.store.ts";

/** What `verify` found: the seal of the ledger, and each fault in a sentence, none when all is well. */
export interface Proof {
  seal: Seal;
  /** Of what the seal says is owed: on the cards of people who asked to be forgotten, in hundredths. */
  lost: Points;
  /** Of the seals that were handed in: those that the ledger still contains, in their order. */
  contains: KeptSeal[];
  faults: string[];
}

const listed = 50;

/**
 * Recomputes the ledger: the chain of hashes, ids without gaps, that it still contains these seals and those that the
 * program kept, one award a record, each kind of row by its own rule, no overdraft by spending, and each visit's rows
 * against the rule of its stored state. `seal.owed` is the sum of all rows in hundredths of a point, debts taken off. At
 * most 50 faults are listed, then how many more. Memory stays flat. All is read from one snapshot: a program that is
 * running is neither waited for nor held up. A tail that was cut off, or a chain made anew to its end, leaves a sound
 * ledger behind: only an earlier seal shows it. Throws when the database does.
 */
export function verify(db: Db, seals: readonly KeptSeal[] = []): Promise<Proof> {
  return inTransaction(db, async (tx) => {
    await holdStill(tx);
    const terms = await allTerms(tx);
    const faults = new Faults();
    await faults.gather(brokenLinks(tx), (row) => [ofLink(row)]);
    const missing = await lostSeals(tx, seals);
    await faults.gather(once(Promise.resolve(missing)), (one) => [ofSeal(one)]);
    await faults.gather(doubleAwards(tx), (row) => [ofDoubleAward(row)]);
    await faults.gather(oddRows(tx, { after: 0, last: Number.MAX_SAFE_INTEGER }), (row) => [ofOdd(row)]);
    await faults.gather(once(strandedPoints(tx)), (one) => [ofStranded(one)]);
    await faults.gather(overdrafts(tx), (row) => [ofOverdraft(row)]);
    await preferHashing(tx);
    const fault = (record: PostedRecord) => ofRecord(record, terms);
    if (await isAny(postedStates(tx), fault)) await faults.gather(postedRecords(tx), fault); // again, for the names
    const gone = new Set(missing.filter(({ day }) => day === null).map(named));
    const contains = seals.filter((one) => !gone.has(named(one)));
    return { seal: await seal(tx), lost: await heldByForgotten(tx), contains, faults: faults.told() };
  });
}

/** Counts every fault and keeps the first ones: when everything is wrong, millions of sentences help nobody. */
class Faults {
  private readonly kept: string[] = [];
  private count = 0;

  async gather<Row>(batches: AsyncIterable<Row[]>, faults: (row: Row) => string[]): Promise<void> {
    for await (const batch of batches) {
      for (const row of batch) {
        for (const sentence of faults(row)) if (++this.count <= listed) this.kept.push(sentence);
      }
    }
  }

  told(): string[] {
    return this.count > listed ? [...this.kept, `and ${this.count - listed} more`] : this.kept;
  }
}

async function* once<Row>(rows: Promise<Row[]>): AsyncIterable<Row[]> {
  yield await rows;
}

/** Reads to the end whatever it finds: a cursor left half-way would have to be closed. */
async function isAny<Row>(batches: AsyncIterable<Row[]>, faults: (row: Row) => string[]): Promise<boolean> {
  let any = false;
  for await (const batch of batches) any ||= batch.some((row) => faults(row).length > 0);
  return any;
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
  return `Row ${id}: this ${kind} of ${decimal(points)} on card ${card} ${why}.`;
}

function ofStranded({ card, into, points }: { card: number; into: number; points: Points }): string {
  return `Card ${card}: it has gone into card ${into} and still holds ${decimal(points)}.`;
}

function ofOverdraft({ id, card, kind, points, left }: Overdraft): string {
  return `Row ${id}: this ${kind} of ${decimal(-points)} left card ${card} ${decimal(-left)} below zero.`;
}

/** What would have to be posted, by the rule that posts: nothing, when all is well. */
function ofRecord(row: PostedRecord, terms: ReadonlyMap<number, Terms>): string[] {
  const { record, awardCard, awardPoints } = row;
  if (row.decision === null && row.importedPoints === null) {
    return [
      `Record ${record}: its award gives card ${awardCard} ${decimal(awardPoints ?? 0)}, but no visit is stored.`,
    ];
  }
  const due = dueOf(row, terms);
  const card = row.decision === null ? row.importedCard : row.card;
  const rule = `but the rule makes ${decimal(due.points)} of its last state`;
  const posted = postedBy(row);
  const wrong = differences(posted, card, due.points).map((difference) => {
    const sum = `its rows on card ${difference.card} sum to ${decimal(posted.get(difference.card) ?? 0)}`;
    const by = `${decimal(Math.abs(difference.points))} too ${difference.points > 0 ? "few" : "many"}`;
    return `Record ${record}: ${sum}, ${difference.card === card ? rule : "but that is not its card"}: ${by}.`;
  });
  const fits = row.decision === null || (row.decision === "awarded") === (due.word === "awarded");
  if (wrong.length > 0) return wrong;
  if (!fits) return [`Record ${record}: its decision is "${row.decision}", ${rule}, on card ${row.card}.`];
  return ofImport(row).map((words) => `Record ${record}: ${words}.`);
}

/** What the earlier program gave is in the ledger too, by its import; and what is told beside it adds nothing to that. */
function ofImport(row: PostedRecord): string[] {
  const { importedPoints, awardPoints, byImport } = row;
  const gave = byImport ? awardPoints : null;
  if ((importedPoints ?? 0) !== (gave ?? 0))
    return [
      `imported_awards says that an import gave it ${decimal(importedPoints ?? 0)}, but in the ledger it gave ${decimal(gave ?? 0)}`,
    ];
  const base = (row.decision === null ? null : row.base) ?? 0;
  if (base <= (importedPoints ?? 0)) return [];
  return [
    `its visit says that ${decimal(base)} are the import's, which gave it ${decimal(importedPoints ?? 0)}`,
  ];
}

function postedBy({ awardCard, awardPoints, cards, sums }: PostedRecord): Posted {
  const posted = new Map<number, Points>();
  if (awardCard !== null) posted.set(awardCard, awardPoints);
  for (const [index, card] of (cards ?? []).entries()) {
    posted.set(card, (posted.get(card) ?? 0) + (sums?.[index] ?? 0));
  }
  return posted;
}

/** What a record's rows must sum to; an imported award's, by what has changed since. */
function dueOf(row: PostedRecord, terms: ReadonlyMap<number, Terms>): Decision {
  const decided = row.decision === null ? nothingSaid : decisionOf(row, terms);
  if (row.importedPoints === null) return decided;
  const base = row.decision === null ? null : row.base;
  return sinceImport(decided, { points: row.importedPoints, at: new Date(0), base, read: true }, false);
}

const nothingSaid: Decision = { word: "not_paid", points: 0, paid: null };

/**
 * What the rule makes of a stored state. One that has no terms was never awarded. A person who asked to be forgotten has
 * no YCLIENTS client on the visit, while the card and what it earned before stay: so the card says whether there is a
 * client. The day and the stamp play no part: the start decides first awards only, and a doubtful answer is not stored.
 */
function decisionOf(visit: StoredState, terms: ReadonlyMap<number, Terms>): Decision {
  if (visit.termsId === null) return nothingSaid;
  const { deleted, paidFull, attendance, price, servicesPaid, goodsPaid } = visit;
  const said = { deleted, paidFull, attendance, price, servicesPaid, goodsPaid, day: "", changedAt: null };
  const state = { ...said, hasClient: visit.card !== null, forgotten: visit.decision === "forgotten" };
  return decide(state, must(terms.get(visit.termsId), `terms ${visit.termsId}`), null);
}
