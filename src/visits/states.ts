// What a page leaves beside the ledger's rows: the last state of each record with its decision, and what is to be read again.

import type { Tx } from "../db/connect.ts";
import { relinkSpends } from "../ledger/spends.store.ts";
import type { RecordOfBranch } from "../rules/ids.ts";
import type { Reading } from "../yclients/record.ts";
import { type BranchProgramme, type DecidedReading, inSight } from "./decide.ts";
import type { Plan } from "./plan.rule.ts";
import { clearRechecks, requestRechecks } from "./recheck.store.ts";
import type { Word } from "./visit.rule.ts";
import { type KnownVisit, putVisits, touchVisits } from "./visits.store.ts";

/** The key of each record's award. Inside the ledger's transaction, so that no row is ever without the state that it was made from. */
export async function keepStates(
  tx: Tx,
  programme: BranchProgramme,
  decided: DecidedReading[],
): Promise<Map<number, string>> {
  const changed = decided.flatMap(({ reading, known, plan }) =>
    plan.step === "change" ? [visitRow(programme, reading, known, plan)] : [],
  );
  const kept = decided.flatMap(({ reading, plan }) =>
    plan.step === "keep" ? [{ ...reading, decision: plan.decision.word }] : [],
  );
  const doubts = decided.flatMap(({ reading, plan }) =>
    plan.step === "doubt" && (plan.doubt !== "payment_unknown" || inSight(programme, reading))
      ? [{ recordId: reading.recordId, reason: plan.doubt, error: null }]
      : [],
  );
  // Payments out of sight stay so, however often they are asked for, until the right is another.
  const waits = (visit: { decision: Word; day: string }) =>
    visit.decision === "payment_unknown" && inSight(programme, visit);
  const read = [...changed, ...kept];
  const keys = await putVisits(tx, changed);
  await leaveBehind(tx, programme, decided.flatMap(wentElsewhere));
  await touchVisits(tx, programme.companyId, kept);
  await clearRechecks(
    tx,
    programme.companyId,
    read.filter((visit) => !waits(visit)),
  );
  const unknown = read.filter(waits);
  await requestRechecks(tx, programme.companyId, [
    ...doubts,
    ...unknown.map(({ recordId }) => ({ recordId, reason: "payment_unknown" as const, error: null })),
  ]);
  return keys;
}

/** These records have become other cards': what was spent on them, and what is open about them, stays with the card before. */
export async function leaveBehind(
  tx: Tx,
  programme: BranchProgramme,
  records: RecordOfBranch[],
): Promise<void> {
  await relinkSpends(tx, records);
  await programme.closeScreens(tx, records);
}

/** A record without rows that has become another card's. */
function wentElsewhere({ known, plan }: DecidedReading): RecordOfBranch[] {
  if (plan.step !== "change" || known === null || known.awardId !== null) return [];
  return plan.card === null || plan.card === known.card ? [] : [known];
}

function visitRow(
  programme: BranchProgramme,
  reading: Reading,
  known: KnownVisit | null,
  made: Extract<Plan, { entries: unknown }>,
) {
  const { decision, card, yclientsClientId, base } = made;
  const first = decision.word === "awarded" || base !== null ? programme.termsId : null;
  const { client: _, ...state } = reading;
  // YCLIENTS's number of the visit would lead back to a person who asked to be forgotten.
  const nameless = decision.word === "forgotten" || (yclientsClientId === null && card !== null);
  return {
    ...state,
    companyId: programme.companyId,
    visitId: nameless ? null : reading.visitId,
    yclientsClientId,
    card,
    termsId: known?.termsId ?? first,
    decision: decision.word,
    base,
  };
}
