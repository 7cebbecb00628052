// A trial: what other terms would have made of the visits stored. Reads and decides; writes nothing anywhere.

import { type Db, inTransaction } from "../db/connect.ts";
import { pointsInAll } from "../ledger/ledger.ts";
import type { CardId, CompanyId } from "../rules/ids.ts";
import {
  emptySheet,
  type Trial,
  type TrialResult,
  type TrialSheet,
  type TriedSpend,
  type TriedVisit,
  tryCard,
} from "./trial.rule.ts";
import { cardlessVisits, onlyLook, type StoredAct, storedActs } from "./trial.store.ts";

/** Whose visits, by whose clock spends have their day, and the programme's start where the settings say one. */
export interface TrialOf {
  companyIds: readonly CompanyId[];
  timeZone: string;
  start: string | null;
}

/** Judges every stored visit of these branches anew, card by card, in one view of the tables: memory does not grow with them. */
export async function tryTerms(db: Db, trial: Trial, of: TrialOf): Promise<TrialResult> {
  return inTransaction(db, async (tx) => {
    await onlyLook(tx);
    const sheet = emptySheet(trial);
    for await (const acts of byCard(storedActs(tx, { ...of, to: trial.to }))) tryCard(trial, acts, sheet);
    for (const { word, visits } of await cardlessVisits(tx, { ...of, from: trial.from, to: trial.to }))
      sheet.words.set(word, (sheet.words.get(word) ?? 0) + visits);
    const { given, spent } = await pointsInAll(tx);
    return { words: sheet.words, months: fromFirst(sheet.months), given, spent };
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
