// Whether a record's rows are what the rule makes of its last state: what `verify` says of each.

import { must } from "../errors.ts";
import type { CardId, Percent, RecordId } from "../rules/ids.ts";
import { decimal, type Points } from "../rules/money.ts";
import {
  type Decision,
  decide,
  type Posted,
  rowsDue,
  sinceImport,
  type Terms,
  type VisitState,
  type Word,
} from "./visit.rule.ts";

type Read = "deleted" | "paidFull" | "attendance" | "price" | "servicesPaid" | "goodsPaid";
/** What is stored of a visit, as far as the rule needs it. */
type StoredState = {
  decision: Word;
  card: CardId | null;
  termsId: number | null;
  /** Of its client's level at its first award; null where the terms' own holds. */
  percent: Percent | null;
  base: Points | null;
} & Pick<VisitState, Read>;

/** A record's stored state, its award, and the sums of its corrections by card; each may be missing. */
export type PostedRecord = {
  record: RecordId;
  cards: CardId[] | null;
  sums: Points[] | null;
  /** Of the earlier program's award, and the card it was imported to. */
  importedPoints: Points | null;
  importedCard: CardId | null;
  /** Whether an import wrote its award. */
  byImport: boolean | null;
} & (StoredState | { decision: null }) &
  ({ awardCard: CardId; awardPoints: Points } | { awardCard: null; awardPoints: null });

/** What is wrong with a record, by the rule that posts: nothing, when all is well. */
export function faultsOf(row: PostedRecord, terms: ReadonlyMap<number, Terms>): string[] {
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
  const wrong = rowsDue(posted, card, due.points).map((difference) => {
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
  const posted = new Map<CardId, Points>();
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
 * What the rule makes of a stored state. The card says whether there is a client, for a forgotten person's visits keep the one
 * without the other. Day and stamp play no part: the start decides first awards only, and doubtful answers are not stored.
 */
function decisionOf(visit: StoredState, terms: ReadonlyMap<number, Terms>): Decision {
  if (visit.termsId === null) return nothingSaid;
  const { deleted, paidFull, attendance, price, servicesPaid, goodsPaid } = visit;
  const said = { deleted, paidFull, attendance, price, servicesPaid, goodsPaid, day: "", changedAt: null };
  const state = { ...said, hasClient: visit.card !== null, forgotten: visit.decision === "forgotten" };
  const own = must(terms.get(visit.termsId), `terms ${visit.termsId}`);
  return decide(state, { ...own, percent: visit.percent ?? own.percent }, null);
}
