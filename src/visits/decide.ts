// The decisions on a page of readings: who they are about, what is decided, and the sums of it. Writes nothing.

import type { Place } from "../cards/assign.ts";
import type { Veil } from "../cards/veil.ts";
import type { Tx } from "../db/connect.ts";
import type { Counting } from "../levels/counting.ts";
import type { CardId, CompanyId, RecordOfBranch, YclientsClientId } from "../rules/ids.ts";
import type { Reading, YclientsPerson } from "../yclients/record.ts";
import { type Plan, plan, type Seen, type VisitEntry } from "./plan.rule.ts";
import type { Terms } from "./visit.rule.ts";
import type { KnownVisit, UnreadAward, VisitRow } from "./visits.store.ts";

/** What visits are decided by in one branch. */
export interface BranchProgramme {
  companyId: CompanyId;
  terms: Terms;
  termsId: number;
  /** Whether there are levels, or ever were: a percent may then be a client's own. */
  leveled?: boolean;
  /** The programme's first day, `YYYY-MM-DD`. */
  start: string;
  /** The branch's zone where it is known: when a session is. */
  timeZone?: string | null;
  /** How long a change waits before it is told, in milliseconds. */
  settleMs: number;
  /** Sessions before this day may show no payments for want of a right; null: all are shown. */
  paymentsFrom?: string | null;
  /** Knows the phones of people who asked to be forgotten; without it none is known. */
  veil?: Veil;
  /** Closes what the till has open about records that have become other cards'. */
  closeScreens: (tx: Tx, records: RecordOfBranch[]) => Promise<void>;
}

/** What came of a page, for the log and the progress. */
export interface Outcome {
  records: number;
  awards: number;
  corrections: number;
  doubts: number;
}

/** A reading, what was known before it, and what it changes. */
export interface DecidedReading {
  reading: Reading;
  known: KnownVisit | null;
  plan: Plan;
}

/** The decisions, with nothing written: a dry run has no cards, so each client stands for a card of its own. */
export function decidePage(
  programme: Omit<BranchProgramme, "settleMs" | "closeScreens">,
  readings: Reading[],
  places: Map<YclientsClientId, Place>,
  stored: KnownVisit[],
  unread: UnreadAward[],
  levels: Counting | null = null,
): DecidedReading[] {
  const levelOf = levels && ((card: CardId) => levels.percentOf(card));
  const byId = new Map(stored.map((visit) => [visit.recordId, visit]));
  const unreadById = new Map(unread.map((award) => [award.recordId, award]));
  return readings.map((read) => {
    const before = byId.get(read.recordId) ?? null;
    const reading = { ...read, ...outOfSight(programme, read, before) };
    const place = reading.client ? places.get(reading.client.id) : undefined;
    const seen: Seen = {
      ...reading,
      yclientsClientId: reading.client?.id ?? null,
      hasClient: reading.client !== null,
      card: place?.card ?? null,
      forgotten: place?.forgotten ?? false,
      returned: place?.returned ?? false,
    };
    const award = unreadById.get(reading.recordId);
    const known = before ?? (award ? firstRead(award, seen, programme.companyId) : null);
    const made = plan(seen, known, programme.terms, programme.start, levelOf);
    if ("entries" in made)
      levels?.note(known ?? { ...reading, awardId: null, posted: new Map() }, made.entries);
    return { reading, known, plan: made };
  });
}

/** What the earlier program saw of a record nobody knows: its first reading since stands in for it. */
function firstRead(award: UnreadAward, seen: Seen, companyId: CompanyId): KnownVisit {
  return { ...seen, ...award, companyId, readAt: new Date(0), terms: null, termsId: null, percent: null };
}

/**
 * No payments where the right to see them ends is "not said", never zero: else a comment edited late is a refund. What was
 * said of such a record before stands, for no later answer will say more.
 */
function outOfSight(programme: Sight, reading: Reading, before: KnownVisit | null) {
  const { servicesPaid, goodsPaid } = reading;
  if (inSight(programme, reading) || (servicesPaid ?? 0) !== 0 || (goodsPaid ?? 0) !== 0) return {};
  const said = reading.paidFull ? before : null;
  return { servicesPaid: said?.servicesPaid ?? null, goodsPaid: said?.goodsPaid ?? null };
}

type Sight = Pick<BranchProgramme, "paymentsFrom">;

/** Whether the payments of a session can be seen. */
export function inSight({ paymentsFrom }: Sight, { day }: { day: string }): boolean {
  return paymentsFrom == null || day >= paymentsFrom;
}

/** A record without rows that has become another card's. */
export function wentElsewhere({ known, plan }: DecidedReading): RecordOfBranch[] {
  if (plan.step !== "change" || known === null || known.awardId !== null) return [];
  return plan.card === null || plan.card === known.card ? [] : [known];
}

/** The state to be stored of a record that was read. */
export function stateOf(
  programme: BranchProgramme,
  reading: Reading,
  known: KnownVisit | null,
  made: Extract<Plan, { entries: unknown }>,
): VisitRow {
  const { decision, card, yclientsClientId, base, percent } = made;
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
    percent: known?.termsId == null ? first && percent : known.percent,
    decision: decision.word,
    base,
  };
}

/** The clients of a page, each once, as last said. */
export function peopleOf(readings: Reading[]): YclientsPerson[] {
  const latest = new Map<YclientsClientId, YclientsPerson>();
  for (const { client } of readings) if (client) latest.set(client.id, client);
  return [...latest.values()];
}

/** The sums of a page. */
export function outcomeOf(decided: DecidedReading[], entries: VisitEntry[]): Outcome {
  const awards = entries.filter((entry) => entry.kind === "award").length;
  const doubts = decided.filter(
    ({ plan }) => plan.step === "doubt" || ("decision" in plan && plan.decision.word === "payment_unknown"),
  ).length;
  return { records: decided.length, awards, corrections: entries.length - awards, doubts };
}

/** No page at all. */
export function nothing(): Outcome {
  return { records: 0, awards: 0, corrections: 0, doubts: 0 };
}

/** Two sums as one. */
export function plus(one: Outcome, other: Outcome): Outcome {
  return {
    records: one.records + other.records,
    awards: one.awards + other.awards,
    corrections: one.corrections + other.corrections,
    doubts: one.doubts + other.doubts,
  };
}
