// A dry run: what a pass would award and why the rest would not. Reads and decides; writes nothing anywhere.

import type { Db } from "../db/connect.ts";
import { addDays, dayOf, isTimeZone } from "../rules/time.ts";
import type { Terms, Word } from "../rules/visit.ts";
import { peopleOnCards } from "../store/cards.ts";
import { findCompany } from "../store/companies.ts";
import { knownVisits } from "../store/visits.ts";
import type { Yclients } from "../yclients/client.ts";
import type { Reading } from "../yclients/record.ts";
import type { Place } from "./cards.ts";
import { judge } from "./judge.ts";

export interface Rehearsal {
  /** Null when the database is not migrated: nothing is known yet. */
  db: Db | null;
  yclients: Yclients;
  terms: Terms;
  programStart: string | null;
  now: () => Date;
}

/** What would become of a record. `points` is what its rows would sum to, `change` what would be added, in hundredths. */
export interface Verdict {
  recordId: number;
  day: string;
  word: Word | "doubt" | "unreadable" | "stale";
  paid: number | null;
  points: number;
  change: number;
}

const windowDays = 7;

/** A verdict on every record of sessions from `since` on (the programme's start by default), window by window. */
export async function* rehearse(
  rehearsal: Rehearsal,
  companyId: number,
  since: string | null,
): AsyncGenerator<Verdict> {
  const { yclients, now } = rehearsal;
  const { timeZone } = await yclients.company(companyId);
  const zone = timeZone !== null && isTimeZone(timeZone) ? timeZone : "UTC";
  const company = rehearsal.db ? await findCompany(rehearsal.db, companyId) : null;
  const today = dayOf(now(), zone);
  const start = rehearsal.programStart ?? company?.programStart ?? today;
  for (let day = since ?? start; ; day = addDays(day, windowDays)) {
    const end = addDays(day, windowDays - 1);
    const last = end >= today;
    const reads = await yclients.records(
      companyId,
      last ? { start_date: day } : { start_date: day, end_date: end },
    );
    for (const { recordId } of reads.unreadable) {
      yield { recordId: recordId ?? 0, day, word: "unreadable", paid: null, points: 0, change: 0 };
    }
    yield* await verdicts(rehearsal, companyId, start, reads.readings);
    if (last) return;
  }
}

async function verdicts(
  { db, terms }: Rehearsal,
  companyId: number,
  start: string,
  readings: Reading[],
): Promise<Verdict[]> {
  const clients = readings.flatMap(({ client }) => client?.id ?? []);
  const people = db ? await peopleOnCards(db, clients) : [];
  // Somebody who has no card yet stands for a card of their own, which no id of a card can be.
  const places = new Map<number, Place>(clients.map((id) => [id, { card: -id, forgotten: false }]));
  for (const { yclientsClientId, card, forgotten } of people)
    places.set(yclientsClientId, { card, forgotten });
  const stored = db
    ? await knownVisits(
        db,
        readings.map((reading) => reading.recordId),
      )
    : [];
  const programme = { companyId, terms, termsId: 0, start, settleMs: 0 };
  return judge(programme, readings, places, stored).map(({ reading: { recordId, day }, known, plan }) => {
    const posted = [...(known?.posted.values() ?? [])].reduce((sum, points) => sum + points, 0);
    if (!("decision" in plan))
      return { recordId, day, word: plan.step, paid: null, points: posted, change: 0 };
    const { word, paid, points } = plan.decision;
    return { recordId, day, word, paid, points, change: points - posted };
  });
}
