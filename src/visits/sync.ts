// Reads the journal of a branch and brings the ledger in step with it: the job `sync_records`.

import { wait } from "../clock.ts";
import { databaseNow } from "../db/connect.ts";
import { messageOf, must } from "../errors.ts";
import { type Lease, LeaseLost, withLease } from "../jobs/leases.ts";
import { underLock } from "../ledger/ledger.ts";
import type { CompanyId, RecordId } from "../rules/ids.ts";
import { addDays, dayOf, unknownZone, type Window, wallTime, windows } from "../rules/time.ts";
import type { Reads } from "../yclients/pages.ts";
import { alarmOfReading, readingAlarms } from "./alarms.rule.ts";
import { learnRights, prepare, programmeOf, relearn, type Sync, sweepDays } from "./branch.ts";
import {
  beginFirstPass,
  beginLater,
  type Company,
  failed,
  findCompany,
  finishWindow,
  moveMark,
  passed,
  swept,
} from "./branches.store.ts";
import { type BranchProgramme, nothing, type Outcome, plus } from "./decide.ts";
import { postPage } from "./post.ts";
import { dueRechecks, requestRechecks } from "./recheck.store.ts";
import { recheckBeside } from "./recheck.ts";
import { awardedBetween } from "./visits.store.ts";

export { unreadFor } from "./branches.store.ts";
export { type Next, nextBranch, sweepOrder } from "./order.store.ts";

/** A sync under the branch's lease; `signal` is aborted when that is lost, too. */
interface Pass extends Sync {
  lease: Lease;
  /** Of what YCLIENTS was asked: all that is new, sessions of some days alone, or nothing. */
  asked: "changes" | "sessions" | "nothing";
  /** How many changes it found that no webhook had announced; null where it asked for none. */
  unannounced: number | null;
}

/** Where a pass is: how many session days of how many, and what came of them. */
export type Progress = (step: { done: number; of: number; day: string } & Outcome) => void;

const overlapMs = 3_600_000;
/** What waits to be read again counts up to a page of changes. */
const maxTogether = 200;
/** How long a sweep waits for a pass to end, and how often it looks. */
const sweepPatienceMs = 600_000;
const sweepRetryMs = 500;

/**
 * One pass over a branch: what is due to be read again, then the first pass or what has changed since the mark. Null
 * when another program is at it, or has come to be. A failure is counted, said after the third, and thrown; the mark then stays.
 * Once it is `enough`, the windows that are left are the next pass's.
 */
export async function syncRecords(
  sync: Sync,
  companyId: CompanyId,
  progress?: Progress,
  enough = () => false,
): Promise<Outcome | null> {
  return guarded(sync, companyId, async (pass) => {
    pass.asked = "changes";
    const company = await prepare(pass, companyId);
    const programme = await programmeOf(pass, company);
    const [first, ...more] = await dueRechecks(pass.db, companyId, maxTogether);
    // A page of changes answers many hints in one request; what it leaves is asked for one by one.
    const together = more.length > 0 && company.mark !== null;
    if (first && !together) await recheckBeside(pass, companyId);
    const begun = await ensureFirstPass(pass, company, programme);
    // What is new comes before what is read once more: whoever pays today does not wait for last year.
    const changes = begun.mark === null ? nothing() : await readChanges(pass, begun, programme);
    if (together) await recheckBeside(pass, companyId);
    if (begun.mark !== null)
      pass.unannounced = Math.max(0, changes.awards + changes.corrections - (together ? more.length + 1 : 0));
    if (begun.windowFrom === null || enough()) return changes;
    const finished = (next: string | null, startedAt: Date) =>
      finishWindow(pass.db, companyId, next, startedAt);
    const windowsRead = readWindows(pass, begun, programme, begun.windowFrom, progress, finished, enough);
    return plus(changes, await windowsRead);
  });
}

/** Reads all sessions from this day on again; the mark stays where it is. */
export async function syncSince(
  sync: Sync,
  companyId: CompanyId,
  day: string,
  progress?: Progress,
): Promise<Outcome | null> {
  return guarded(sync, companyId, async (pass) => {
    pass.asked = "sessions";
    const company = await prepare(pass, companyId);
    return readWindows(pass, company, await programmeOf(pass, company), day, progress);
  });
}

/**
 * The nightly sweep of the last two weeks' sessions: it catches what changed without moving its stamp, and awarded
 * records that are gone. Nothing is left to do when another program has swept since `asked`, by the database's clock: this
 * was called, or the night's round began.
 */
export async function sweepRecords(sync: Sync, companyId: CompanyId, asked?: Date): Promise<Outcome | null> {
  const since = asked ?? (await databaseNow(sync.db));
  // A pass begins at the same second of the timetable: a sweep that gave way to it would never come.
  for (let waited = 0; ; waited += sweepRetryMs) {
    const outcome = await sweep(sync, companyId, since);
    if (outcome !== null || waited >= sweepPatienceMs) return outcome;
    await wait(sweepRetryMs, sync.signal);
    sync.signal.throwIfAborted();
  }
}

function sweep(sync: Sync, companyId: CompanyId, asked: Date): Promise<Outcome | null> {
  return guarded(sync, companyId, async (pass) => {
    let company = await prepare(pass, companyId);
    if (company.mark === null) return nothing(); // the first pass is still reading those very days
    if (
      company.sweptAt !== null &&
      company.sweptAt > asked &&
      company.sweptAt <= (await databaseNow(pass.db))
    )
      return nothing();
    pass.asked = "sessions";
    company = await relearn(pass, companyId);
    await learnRights(pass, companyId);
    const programme = await programmeOf(pass, must(await findCompany(pass.db, companyId), "the branch"));
    const to = dayOf(pass.now(), company.timeZone ?? unknownZone);
    const from = addDays(to, -sweepDays);
    const seen = new Set<RecordId | null>();
    let total = nothing();
    for await (const reads of prefetch(pass.yclients.pages(companyId, { from, to }, company.timeZone))) {
      await recheckBeside(pass, companyId); // whoever pays meanwhile does not wait for its end
      total = plus(total, await postPage(pass, programme, reads));
      for (const { recordId } of [...reads.readings, ...reads.unreadable]) seen.add(recordId);
    }
    const gone = (await awardedBetween(pass.db, companyId, from, to)).filter(
      (recordId) => !seen.has(recordId),
    );
    await requestRechecks(
      pass.db,
      companyId,
      gone.map((recordId) => ({ recordId, reason: "record_vanished", error: null })),
    );
    await swept(pass.db, companyId);
    return total;
  });
}

/** The lease, the counting of failures, and the alarm. To lose the lease is no failure: another program goes on. */
async function guarded(
  sync: Sync,
  companyId: CompanyId,
  work: (pass: Pass) => Promise<Outcome>,
): Promise<Outcome | null> {
  const underLease = async (lease: Lease, lost: AbortSignal) => {
    try {
      const signal = AbortSignal.any([sync.signal, lost]);
      const pass: Pass = { ...sync, lease, signal, asked: "nothing", unannounced: null };
      const outcome = await work(pass);
      if (pass.asked === "nothing") return outcome;
      await passed(sync.db, companyId, { isPass: pass.asked === "changes", unannounced: pass.unannounced });
      for (const about of readingAlarms(companyId)) await sync.alarm(about, null);
      return outcome;
    } catch (error) {
      if (error instanceof LeaseLost) {
        sync.log.warn(
          { job: lease.name, pass: lease.token },
          "the lease is lost: another program goes on, or the next pass",
        );
        return null;
      }
      if (sync.signal.aborted) throw error;
      const failures = await failed(sync.db, companyId, messageOf(error));
      const { about, detail } = alarmOfReading(companyId, error);
      if (failures >= 3) await sync.alarm(about, detail);
      throw error;
    }
  };
  return withLease(sync.db, `sync_records:${companyId}`, underLease, sync.leaseMs);
}

/**
 * The first pass begins once, and again when what decides about visits is another than it was: an earlier start of the
 * programme, or other terms. Awards keep their own; all else is decided again, as a dry run would.
 */
async function ensureFirstPass(pass: Pass, company: Company, programme: BranchProgramme): Promise<Company> {
  const { companyId, start, termsId } = programme;
  const { readFrom, readTerms } = company;
  if (readFrom === start && readTerms === termsId) return company;
  if (readFrom !== null && readFrom < start) {
    await underLock(pass.db, (tx) => beginLater(tx, companyId, start));
  }
  if (readFrom === null || readFrom > start || readTerms !== termsId)
    await beginFirstPass(pass.db, companyId, start, termsId);
  return must(await findCompany(pass.db, companyId), `branch ${companyId}`);
}

/** All sessions from a day on, a window at a time, the first of them and more until it is `enough`. */
async function readWindows(
  pass: Pass,
  company: Company,
  programme: BranchProgramme,
  from: string,
  progress?: Progress,
  finished?: (next: string | null, startedAt: Date) => Promise<void>,
  enough = () => false,
): Promise<Outcome> {
  const today = dayOf(pass.now(), company.timeZone ?? unknownZone);
  const steps = windows(from, today);
  let total = nothing();
  let done = 0;
  for await (const { reads, ended } of prefetch(pagesThrough(pass, company, steps, enough))) {
    await recheckBeside(pass, company.companyId);
    total = plus(total, await postPage(pass, programme, reads));
    if (ended === null) continue;
    pass.signal.throwIfAborted();
    const { from: day, to } = ended;
    // A minute less, as with every mark: what changed while the first request was on its way is read as a change.
    const startedAt = new Date(reads.startedAt.getTime() - 60_000);
    await finished?.(to === null ? null : addDays(to, 1), startedAt);
    progress?.({ done: ++done, of: steps.length, day, ...total });
  }
  return total;
}

/**
 * The pages of each window; the last one says that it is. It is held back until the list has ended, so that while it
 * goes in the next window is being read.
 */
async function* pagesThrough(
  { yclients }: Pass,
  { companyId, timeZone }: Company,
  steps: Window[],
  enough: () => boolean,
): AsyncGenerator<{ reads: Reads; ended: Window | null }> {
  for (const [at, window] of steps.entries()) {
    if (at > 0 && enough()) return;
    let held: Reads | null = null;
    for await (const reads of yclients.pages(companyId, window, timeZone)) {
      if (held) yield { reads: held, ended: null };
      held = reads;
    }
    yield { reads: must(held, "a page of the window"), ended: window };
  }
}

/** What changed since the mark, less an overlap; then the mark moves, never past what was surely seen. */
async function readChanges(pass: Pass, company: Company, programme: BranchProgramme): Promise<Outcome> {
  const now = pass.now();
  const kept = must(company.mark, "the mark").getTime();
  // A mark that lies ahead, by a clock that was put back, would leave out what has changed since.
  const mark = Math.min(kept, now.getTime());
  const after = wallTime(new Date(mark - overlapMs), company.timeZone ?? unknownZone);
  let total = nothing();
  let highest = 0;
  let startedAt = 0;
  const { companyId, timeZone } = company;
  for await (const reads of prefetch(pass.yclients.pages(companyId, { changedAfter: after }, timeZone))) {
    total = plus(total, await postPage(pass, programme, reads));
    highest = Math.max(highest, ...reads.readings.map((reading) => reading.changedAt?.getTime() ?? 0));
    startedAt = reads.startedAt.getTime();
  }
  const next = Math.min(highest, startedAt - 60_000);
  if (next > mark || (kept > mark && next > 0))
    await moveMark(pass.db, company.companyId, new Date(next), now);
  return total;
}

/**
 * What a reader gives, in order, with the next one asked for already: YCLIENTS answers while the database takes in the one
 * before. What a reading throws is thrown when its turn comes, and by nobody where the caller has stopped before.
 */
export async function* prefetch<Read>(reader: AsyncIterable<Read>): AsyncGenerator<Read> {
  const reading = reader[Symbol.asyncIterator]();
  const next = () => {
    const coming = reading.next();
    coming.catch(() => {});
    return coming;
  };
  try {
    for (let coming = next(); ; ) {
      const { done, value } = await coming;
      if (done) return;
      coming = next();
      yield value;
    }
  } finally {
    // Behind what is being read, which comes to its end.
    reading.return?.().catch(() => {});
  }
}
