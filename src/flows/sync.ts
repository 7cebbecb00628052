// Reads the journal of a branch and brings the ledger in step with it: the job `sync_records`.

import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "../db/connect.ts";
import { messageOf, must } from "../errors.ts";
import type { Log } from "../log.ts";
import { addDays, dayOf, isTimeZone, unknownZone, wallTime, windows } from "../rules/time.ts";
import type { Terms } from "../rules/visit.ts";
import {
  addCompany,
  beginFirstPass,
  type Company,
  failed,
  findCompany,
  finishWindow,
  keepPaymentDays,
  moveMark,
  nameCompany,
  passed,
  swept,
} from "../store/companies.ts";
import { askToLook } from "../store/look-again.ts";
import { termsInForce } from "../store/terms.ts";
import { awardedBetween } from "../store/visits.ts";
import type { Filter, Reads, Yclients } from "../yclients/client.ts";
import { type Lease, withLease } from "./jobs.ts";
import { nothing, type Outcome, type Programme, plus } from "./judge.ts";
import { postReadings } from "./ledger.ts";
import { lookAgain } from "./look.ts";

export interface Sync {
  db: Db;
  yclients: Yclients;
  log: Log;
  now: () => Date;
  terms: Terms;
  programStart: string | null;
  settleMs: number;
  /** A program that is stopping begins nothing new. */
  signal: AbortSignal;
  /** Told of trouble that lasts, and of its end (null). */
  alarm: (about: string, detail: string | null) => Promise<void>;
}

/** Where a pass is: how many session days of how many, and what came of them. */
export type Progress = (step: { done: number; of: number; day: string } & Outcome) => void;

const overlapMs = 3_600_000;
const sweepDays = 14;
/** How long a sweep waits for a pass to end, and how often it looks. */
const sweepPatienceMs = 600_000;
const sweepRetryMs = 500;
/** One transaction's worth of records. */
const pageSize = 200;

/**
 * One pass over a branch: what is due for another look, then the first pass or what has changed since the mark. Null
 * when another program is at it. A failure is counted, said after the third, and thrown; the mark then stays.
 */
export async function syncRecords(
  sync: Sync,
  companyId: number,
  progress?: Progress,
): Promise<Outcome | null> {
  return guarded(sync, companyId, async (lease) => {
    const company = await prepare(sync, companyId);
    const programme = await programmeOf(sync, company);
    await lookAgain(sync, programme, lease);
    const begun = await ensureFirstPass(sync, company, programme.start);
    return begun.windowFrom === null
      ? readChanges(sync, begun, programme, lease)
      : firstPass(sync, begun, programme, lease, progress);
  });
}

/** Reads all sessions from this day on again; the mark stays where it is. */
export async function syncSince(
  sync: Sync,
  companyId: number,
  day: string,
  progress?: Progress,
): Promise<Outcome | null> {
  return guarded(sync, companyId, async (lease) => {
    const company = await prepare(sync, companyId);
    const programme = await programmeOf(sync, company);
    return readWindows(sync, company, programme, lease, day, progress);
  });
}

/**
 * The nightly sweep of the last two weeks' sessions: it catches what changed without moving its stamp, and awarded
 * records that are gone.
 */
export async function sweepRecords(sync: Sync, companyId: number): Promise<Outcome | null> {
  // A pass begins at the same second of the timetable: a sweep that gave way to it would never come.
  for (let waited = 0; ; waited += sweepRetryMs) {
    const outcome = await sweep(sync, companyId);
    if (outcome !== null || waited >= sweepPatienceMs) return outcome;
    await sleep(sweepRetryMs, undefined, { signal: sync.signal });
  }
}

function sweep(sync: Sync, companyId: number): Promise<Outcome | null> {
  return guarded(sync, companyId, async (lease) => {
    const company = await prepare(sync, companyId);
    if (company.mark === null) return nothing(); // the first pass is still reading those very days
    await learnRights(sync, companyId);
    const programme = await programmeOf(sync, must(await findCompany(sync.db, companyId), "the branch"));
    const to = dayOf(sync.now(), company.timeZone ?? unknownZone);
    const from = addDays(to, -sweepDays);
    const reads = await sync.yclients.records(companyId, { start_date: from, end_date: to });
    const outcome = await post(sync, programme, reads, lease);
    const seen = new Set([...reads.readings, ...reads.unreadable].map((read) => read.recordId));
    const gone = (await awardedBetween(sync.db, companyId, from, to)).filter(
      (recordId) => !seen.has(recordId),
    );
    await askToLook(
      sync.db,
      companyId,
      gone.map((recordId) => ({ recordId, reason: "record_vanished", error: null })),
    );
    await swept(sync.db, companyId);
    return outcome;
  });
}

/** The lease, the counting of failures, and the alarm. */
async function guarded(
  sync: Sync,
  companyId: number,
  work: (lease: Lease) => Promise<Outcome>,
): Promise<Outcome | null> {
  await addCompany(sync.db, companyId, sync.now());
  return withLease(sync.db, `sync_records:${companyId}`, async (lease) => {
    try {
      const outcome = await work(lease);
      await passed(sync.db, companyId);
      await sync.alarm(`sync:${companyId}`, null);
      return outcome;
    } catch (error) {
      if (sync.signal.aborted) throw error;
      const failures = await failed(sync.db, companyId, messageOf(error));
      if (failures >= 3) await sync.alarm(`sync:${companyId}`, messageOf(error));
      throw error;
    }
  });
}

/** The branch as stored, its zone asked for once. A branch that cannot be named is read all the same. */
async function prepare(sync: Sync, companyId: number): Promise<Company> {
  const company = must(await findCompany(sync.db, companyId), `branch ${companyId}`);
  if (company.timeZone !== null) return company;
  try {
    const { title, timeZone } = await sync.yclients.company(companyId);
    if (timeZone === null || !isTimeZone(timeZone))
      throw new Error("it names no time zone that is known here");
    await nameCompany(sync.db, companyId, {
      title,
      timeZone,
      today: dayOf(company.firstStartedAt, timeZone),
    });
    await learnRights(sync, companyId);
  } catch (error) {
    if (sync.signal.aborted) throw error;
    sync.log.warn({ company: companyId, error: messageOf(error) }, "the branch's time zone is not known yet");
  }
  return must(await findCompany(sync.db, companyId), `branch ${companyId}`);
}

async function programmeOf(sync: Sync, company: Company): Promise<Programme> {
  return {
    companyId: company.companyId,
    terms: sync.terms,
    termsId: await termsInForce(sync.db, sync.terms),
    start: sync.programStart ?? company.programStart ?? dayOf(company.firstStartedAt, unknownZone),
    settleMs: sync.settleMs,
    paymentsFrom: paymentsFrom(company, sync.now()),
  };
}

/** Which payments YCLIENTS shows us; owners are told when it is less than a sweep looks back on. */
async function learnRights(sync: Sync, companyId: number): Promise<void> {
  const days = await sync.yclients.paymentDays(companyId);
  await keepPaymentDays(sync.db, companyId, days);
  const short = days !== null && days >= 0 && days < sweepDays;
  await sync.alarm(`rights:${companyId}`, short ? String(days) : null);
}

/** The first session day whose payments are surely shown; null when all are, or YCLIENTS does not say. */
function paymentsFrom({ paymentDays, timeZone }: Company, now: Date): string | null {
  if (paymentDays === null || paymentDays < 0) return null;
  return addDays(dayOf(now, timeZone ?? unknownZone), 1 - paymentDays);
}

/** The first pass begins once, and again from an earlier day when the programme's start was moved back. */
async function ensureFirstPass(sync: Sync, company: Company, start: string): Promise<Company> {
  if (company.readFrom !== null && company.readFrom <= start) return company;
  await beginFirstPass(sync.db, company.companyId, start);
  return must(await findCompany(sync.db, company.companyId), `branch ${company.companyId}`);
}

async function firstPass(
  sync: Sync,
  company: Company,
  programme: Programme,
  lease: Lease,
  progress?: Progress,
): Promise<Outcome> {
  const from = company.windowFrom ?? programme.start;
  return readWindows(sync, company, programme, lease, from, progress, (next, startedAt) =>
    finishWindow(sync.db, company.companyId, next, startedAt),
  );
}

/** All sessions from a day on, a window at a time. */
async function readWindows(
  sync: Sync,
  company: Company,
  programme: Programme,
  lease: Lease,
  from: string,
  progress?: Progress,
  finished?: (next: string | null, startedAt: Date) => Promise<void>,
): Promise<Outcome> {
  const today = dayOf(sync.now(), company.timeZone ?? unknownZone);
  const steps = windows(from, today);
  let total = nothing();
  for (const [done, { from: day, to }] of steps.entries()) {
    sync.signal.throwIfAborted();
    const filter: Filter = to === null ? { start_date: day } : { start_date: day, end_date: to };
    const reads = await sync.yclients.records(company.companyId, filter);
    total = plus(total, await post(sync, programme, reads, lease));
    // A minute less, as with every mark: what changed while the first request was on its way is read as a change.
    const startedAt = new Date(reads.startedAt.getTime() - 60_000);
    await finished?.(to === null ? null : addDays(to, 1), startedAt);
    progress?.({ done: done + 1, of: steps.length, day, ...total });
  }
  return total;
}

/** What changed since the mark, less an overlap; then the mark moves, never past what was surely seen. */
async function readChanges(
  sync: Sync,
  company: Company,
  programme: Programme,
  lease: Lease,
): Promise<Outcome> {
  const mark = must(company.mark, "the mark");
  const after = wallTime(new Date(mark.getTime() - overlapMs), company.timeZone ?? unknownZone);
  const reads = await sync.yclients.records(company.companyId, { changed_after: after });
  const outcome = await post(sync, programme, reads, lease);
  const highest = Math.max(...reads.readings.map((reading) => reading.changedAt?.getTime() ?? 0), 0);
  const next = Math.min(highest, reads.startedAt.getTime() - 60_000);
  if (next > mark.getTime()) await moveMark(sync.db, company.companyId, new Date(next));
  return outcome;
}

/** Everything read goes in, one transaction a page; what could not be read is set aside and stops nothing. */
async function post(sync: Sync, programme: Programme, reads: Reads, lease: Lease): Promise<Outcome> {
  let total = nothing();
  for (let at = 0; at < reads.readings.length; at += pageSize) {
    total = plus(
      total,
      await postReadings(sync.db, programme, reads.readings.slice(at, at + pageSize), lease),
    );
  }
  await askToLook(
    sync.db,
    programme.companyId,
    reads.unreadable.flatMap(({ recordId, why }) =>
      recordId === null ? [] : [{ recordId, reason: "unreadable" as const, error: why }],
    ),
  );
  if (reads.unreadable.length > 0) {
    sync.log.warn(
      { company: programme.companyId, records: reads.unreadable.length },
      "some records cannot be read",
    );
  }
  return total;
}
