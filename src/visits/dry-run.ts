// A dry run: what a pass would award and why the rest would not. Reads and decides; writes nothing anywhere.

import { cardsByPhone, type Place, peopleOnCards } from "../cards/assign.ts";
import type { Veil } from "../cards/veil.ts";
import type { Db } from "../db/connect.ts";
import { Refused } from "../errors.ts";
import type { CompanyId, RecordId, YclientsClientId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { dayOf, isTimeZone, unknownZone, windows } from "../rules/time.ts";
import type { Yclients } from "../yclients/client.ts";
import type { Reading } from "../yclients/record.ts";
import { paymentsFrom } from "./branch.ts";
import { findCompany } from "./branches.store.ts";
import { type BranchProgramme, decidePage } from "./decide.ts";
import type { Terms, Word } from "./visit.rule.ts";
import { knownVisits, unreadAwards } from "./visits.store.ts";

interface Rehearsal {
  /** Null when the database is not migrated: nothing is known yet. */
  db: Db | null;
  yclients: Yclients;
  terms: Terms;
  programStart: string | null;
  now: () => Date;
  veil: Veil;
}

/** What would become of a record. `points` is what its rows would sum to, `change` what would be added, in hundredths. */
export interface Verdict {
  recordId: RecordId;
  day: string;
  word: Word | "doubt" | "unreadable" | "stale" | "stands";
  paid: Kopecks | null;
  points: Points;
  change: Points;
  /** What is wrong with a record that cannot be read. */
  why?: string;
}

/** A verdict on every record of sessions from `since` on (the programme's start by default), window by window. */
export async function* rehearse(
  rehearsal: Rehearsal,
  companyId: CompanyId,
  since: string | null,
): AsyncGenerator<Verdict> {
  const { yclients, now } = rehearsal;
  const zone = await zoneOf(yclients, companyId);
  const company = rehearsal.db ? await findCompany(rehearsal.db, companyId) : null;
  const start =
    rehearsal.programStart ?? company?.programStart ?? dayOf(company?.firstStartedAt ?? now(), zone);
  for (const window of windows(since ?? start, dayOf(now(), zone))) {
    const reads = await yclients.records(companyId, window, zone === unknownZone ? null : zone);
    for (const { recordId, why } of reads.unreadable) {
      yield {
        recordId: recordId ?? 0,
        day: window.from,
        word: "unreadable",
        paid: null,
        points: 0,
        change: 0,
        why,
      };
    }
    const seenFrom = company && paymentsFrom(company, now());
    yield* await verdicts(rehearsal, companyId, { start, paymentsFrom: seenFrom }, reads.readings);
  }
}

/** A branch that YCLIENTS will not name is read all the same, as a pass would. */
async function zoneOf(yclients: Yclients, companyId: CompanyId): Promise<string> {
  try {
    const { timeZone } = await yclients.company(companyId);
    return timeZone !== null && isTimeZone(timeZone) ? timeZone : unknownZone;
  } catch (error) {
    if (error instanceof Refused && error.code !== 401) return unknownZone;
    throw error;
  }
}

/** The clients of these readings whose phone was forgotten, and whom nobody has linked since. */
async function forgottenIn(db: Db, readings: Reading[], veil: Veil): Promise<YclientsClientId[]> {
  const phones = [...new Set(readings.flatMap(({ client }) => client?.phone ?? []))];
  const known = await cardsByPhone(db, phones, phones.map(veil));
  const gone = new Set(known.flatMap((row) => (row.forgotten && !row.linked ? [row.phone] : [])));
  return readings.flatMap(({ client }) => (client?.phone && gone.has(client.phone) ? [client.id] : []));
}

async function verdicts(
  { db, terms, veil }: Rehearsal,
  companyId: CompanyId,
  of: Pick<BranchProgramme, "start" | "paymentsFrom">,
  readings: Reading[],
): Promise<Verdict[]> {
  const clients = readings.flatMap(({ client }) => client?.id ?? []);
  const people = db ? await peopleOnCards(db, clients) : [];
  // Somebody who has no card yet stands for a card of their own, which no id of a card can be.
  const places = new Map<YclientsClientId, Place>(clients.map((id) => [id, { card: -id, forgotten: false }]));
  for (const id of db ? await forgottenIn(db, readings, veil) : [])
    places.set(id, { card: null, forgotten: true });
  for (const { yclientsClientId, card, forgotten, returned } of people)
    places.set(yclientsClientId, { card, forgotten, returned });
  const records = readings.map((reading) => reading.recordId);
  const stored = db ? await knownVisits(db, companyId, records) : [];
  const unread = db ? await unreadAwards(db, companyId, records) : [];
  const programme = { ...of, companyId, terms, termsId: 0 };
  return decidePage(programme, readings, places, stored, unread).map(
    ({ reading: { recordId, day }, known, plan }) => {
      const posted = [...(known?.posted.values() ?? [])].reduce((sum, points) => sum + points, 0);
      if (!("decision" in plan))
        return { recordId, day, word: plan.step, paid: null, points: posted, change: 0 };
      const { word, paid, points } = plan.decision;
      return { recordId, day, word, paid, points, change: points - posted };
    },
  );
}
