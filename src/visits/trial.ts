// A trial: what other terms would have made of the visits stored. Reads and decides; writes nothing anywhere.

import { type Db, inTransaction } from "../db/connect.ts";
import type { CardId, CompanyId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import {
  emptySheet,
  type Trial,
  type TrialSheet,
  type TriedMonth,
  type TriedSpend,
  type TriedVisit,
  tryCard,
} from "./trial.rule.ts";
import { cardlessVisits, givenAndSpent, onlyLook, type StoredAct, storedActs } from "./trial.store.ts";

/** Whose visits, by whose clock spends have their day, and the programme's start where the settings say one. */
export interface TrialOf {
  companyIds: readonly CompanyId[];
  timeZone: string;
  start: string | null;
}

/** What came of it. `spent` of `given` is what was spent of all points so far: the rate at which points cost roubles. */
export type TrialResult = TrialSheet & { given: Points; spent: Points };

/** Judges every stored visit of these branches anew, card by card, in one view of the tables: memory does not grow with them. */
export async function tryTerms(db: Db, trial: Trial, of: TrialOf): Promise<TrialResult> {
  return inTransaction(db, async (tx) => {
    await onlyLook(tx);
    const sheet = emptySheet(trial);
    for await (const acts of byCard(storedActs(tx, { ...of, to: trial.to }))) tryCard(trial, acts, sheet);
    for (const { word, visits } of await cardlessVisits(tx, { ...of, from: trial.from, to: trial.to }))
      sheet.words.set(word, (sheet.words.get(word) ?? 0) + visits);
    return { words: sheet.words, months: fromFirst(sheet.months), ...(await givenAndSpent(tx)) };
  });
}

/** The months from the first one on of which there is anything. */
function fromFirst(months: TrialSheet["months"]): TrialSheet["months"] {
  const all = [...months];
  return new Map(
    all.slice(
      Math.max(
        0,
        all.findIndex(([, month]) => Object.values(month).some(Boolean)),
      ),
    ),
  );
}

/** All months together. */
export function totalOf({ months }: Pick<TrialSheet, "months">): TriedMonth {
  const total: TriedMonth = { visits: 0, points: 0, given: 0, up: 0, down: 0, ended: 0 };
  for (const { visits, points, given, up, down, ended } of months.values()) {
    total.visits += visits;
    total.points += points;
    total.given += given;
    total.up += up;
    total.down += down;
    total.ended += ended;
  }
  return total;
}

/** The acts of one card after another's. */
async function* byCard(batches: AsyncIterable<StoredAct[]>): AsyncGenerator<(TriedVisit | TriedSpend)[]> {
  let [card, acts]: [CardId, (TriedVisit | TriedSpend)[]] = [0, []];
  for await (const batch of batches) {
    for (const act of batch) {
      if (act.card !== card) {
        yield acts;
        [card, acts] = [act.card, []];
      }
      acts.push(act.taken === null ? { ...act, hasClient: true, forgotten: act.word === "forgotten" } : act);
    }
  }
  yield acts;
}
