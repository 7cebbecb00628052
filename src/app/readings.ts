// Reads branches, a few at a time, the one where most waits first: what the timetable asks for, and what webhooks hint at.

import { wait } from "../clock.ts";
import type { Config } from "../config/config.ts";
import type { Db } from "../db/connect.ts";
import { messageOf } from "../errors.ts";
import { jobsUnderWay } from "../jobs/leases.ts";
import type { Log } from "../log.ts";
import type { CompanyId } from "../rules/ids.ts";
import { backOff } from "../rules/time.ts";
import type { Sync } from "../visits/branch.ts";
import { recheckDue, requestRechecks } from "../visits/recheck.ts";
import { type Next, nextBranch, syncRecords } from "../visits/sync.ts";
import { hintsOf } from "../yclients/event.ts";

/** Enough branches at a time for the whole budget of requests, few enough that their order holds. By the timetable so many of them. */
const lanes = 8;
const lanesOfPasses = 5;
/** A first pass that lasts lets others by, in milliseconds. */
const sliceMs = 5_000;
/** A payment and its record's change come as two webhooks within some 60 ms: one reading serves both. */
const gatherMs = 150;
const firstQuietMs = 2_000;
const longestQuietMs = 60_000;

type Readings = ReturnType<typeof makeReadings>;

interface Deps {
  companyIds: Config["companyIds"];
  log: Log;
  sync: Sync;
  metrics: { passed(job: string, outcome: "good" | "failed" | "elsewhere"): void };
  /** What was read may have to be told at once. */
  soon: { visits(): void };
}

/** The readings of one program; what another one reads is left to it. */
export function makeReadings({ companyIds, log, sync, metrics, soon }: Deps) {
  const { db, signal } = sync;
  /** The passes that the timetable asks for, and which of them are done with; null where it asks for none. */
  let passes: { everyMs: number; done: Set<CompanyId> } | null = null;
  const underWay = new Set<Next>();
  /** Where nothing is read again by now: more webhooks are about to come, or YCLIENTS has refused so often; `until` by `performance.now()`. */
  const quiet = new Map<CompanyId, { failures: number; until: number }>();
  const gathering = new Map<CompanyId, Promise<unknown>>();
  let open = 0;
  let openSince = 0; // by `performance.now()`
  /** Resolves when no lane is open, with what stopped one of them. */
  let idle = Promise.withResolvers<unknown>();
  let stoppedBy: unknown = null;
  let chosen: Promise<Next | null> = Promise.resolve(null);

  /** Opens a lane, which opens another where there is something to read. */
  function wake(): Promise<unknown> {
    if (open === 0) {
      idle = Promise.withResolvers();
      openSince = performance.now();
      stoppedBy = null;
    }
    if (open < lanes) void lane();
    return idle.promise;
  }

  async function lane(): Promise<void> {
    open += 1;
    try {
      while (!signal.aborted) {
        // One after another: two would choose the same.
        chosen = chosen.then(choose, choose);
        const next = await chosen;
        if (next === null) return;
        if (open < lanes) void lane();
        await read(next).finally(() => underWay.delete(next));
      }
    } catch (error) {
      stoppedBy = error;
      // A round of the timetable says it itself.
      if (passes === null && !signal.aborted)
        log.warn({ job: "look_again", error: messageOf(error) }, "what is to be read again cannot be known");
    } finally {
      open -= 1;
      if (open === 0) {
        passes = null;
        idle.resolve(stoppedBy);
      }
    }
  }

  async function choose(): Promise<Next | null> {
    if (signal.aborted) return null;
    const jobs = await jobsUnderWay(db, sync.leaseMs);
    const held = (job: string) =>
      jobs.flatMap((name) => (name.startsWith(`${job}:`) ? [Number(name.slice(job.length + 1))] : []));
    const now = performance.now();
    const all = [...underWay];
    const ours = (by: Next["by"]) => all.filter((one) => one.by === by).map((one) => one.companyId);
    const full = all.filter((one) => one.due).length >= lanesOfPasses;
    const next = await nextBranch(db, {
      among: companyIds,
      // Half of it: a pass that took its time does not put the next one off by a whole turn.
      everyMs: (passes?.everyMs ?? 0) / 2,
      passed: passes === null || full ? null : [...passes.done],
      passing: [...ours("pass"), ...held("sync_records")],
      rechecking: [...ours("rechecks"), ...held("look_again")],
      quiet: companyIds.filter((id) => gathering.has(id) || now < (quiet.get(id)?.until ?? 0)),
    });
    if (next) underWay.add(next);
    return next;
  }

  async function read({ companyId, by, due }: Next): Promise<void> {
    const of = passes;
    try {
      if (by === "pass") await pass(companyId, due ? of : null);
      // One: of several that have come meanwhile a page is made.
      else if (await recheckDue(sync, companyId, 1)) soon.visits();
      quiet.delete(companyId);
    } catch (error) {
      if (signal.aborted) return;
      const said = { company: companyId, error: messageOf(error) };
      if (due) {
        of?.done.add(companyId);
        metrics.passed("sync_records", "failed");
        log.error({ job: "sync_records", ...said }, "the journal could not be read");
        return;
      }
      const failures = (quiet.get(companyId)?.failures ?? 0) + 1;
      const againInMs = backOff(failures, firstQuietMs, longestQuietMs);
      quiet.set(companyId, { failures, until: performance.now() + againInMs });
      log.warn({ job: "look_again", ...said, againInMs }, "what webhooks hinted at could not be read");
    }
  }

  /** `of`: the passes of the timetable that it is one of; null: only what webhooks hinted at is to be read. */
  async function pass(companyId: CompanyId, of: typeof passes): Promise<void> {
    // It begins with the windows: what stands before them waits for its turn in the budget, and may take all of it.
    let until = of === null ? 0 : of.everyMs === 0 ? Number.POSITIVE_INFINITY : null;
    const enough = () => {
      until ??= performance.now() + sliceMs;
      return performance.now() >= until;
    };
    const outcome = await syncRecords(sync, companyId, undefined, enough);
    metrics.passed("sync_records", outcome ? "good" : "elsewhere");
    if (outcome && outcome.awards + outcome.corrections + outcome.doubts > 0)
      log.info({ job: "sync_records", company: companyId, ...outcome }, "the journal was read");
    // What a page of hints has left to be read one by one is in no outcome.
    if (of === null || (outcome && outcome.awards + outcome.corrections > 0)) soon.visits();
    if (of && (outcome === null || !enough())) of.done.add(companyId);
  }

  return {
    /**
     * A pass of every branch that has had none for `everyMs` (0: of every one), and whatever is to be read again. Resolves when
     * that is done, or when it is time for the next, while the lanes go on: with how many milliseconds they have gone on without
     * a rest. Throws when the database does.
     */
    async passAll(everyMs = 0): Promise<number> {
      if (everyMs === 0 && passes !== null) await idle.promise;
      passes = { everyMs, done: new Set() };
      const done = wake();
      const ended = everyMs === 0 ? done : Promise.race([done, wait(everyMs * 0.9, signal)]);
      const error = await ended;
      if (error && !signal.aborted) throw error;
      return open === 0 ? 0 : performance.now() - openSince;
    },

    /** Begins to read again wherever something is due, and waits for none. */
    rechecks(): void {
      if (!signal.aborted) void wake();
    },

    /** The same in this branch, once what comes with it has come, in milliseconds. */
    rechecksIn(companyId: CompanyId, ms: number): void {
      if (signal.aborted || gathering.has(companyId)) return;
      const gathered = wait(ms, signal).then(() => {
        gathering.delete(companyId);
        return wake();
      });
      gathering.set(companyId, gathered);
    },

    /** Resolves when what had begun is over; more may begin unless the program's signal is aborted. */
    async stop(): Promise<void> {
      await Promise.all(gathering.values());
      if (open > 0) await idle.promise;
    },
  };
}

interface Webhooks {
  config: Pick<Config, "companyIds">;
  db: Db;
  log: Log;
  metrics: { hinted(outcome: "malformed" | "stored" | "ignored"): void };
  readings: Readings;
}

/** What takes YCLIENTS's webhooks: their hints are stored, then read in the lanes of all readings. */
export function listenToYclients({ config, db, log, metrics, readings }: Webhooks, secret: string) {
  const branches = new Set(config.companyIds);
  return {
    secret,

    /**
     * Stores what a webhook's body hints at; throws when it cannot be stored. False: it is no event. What is about no
     * record, or about a branch that is not ours, is true all the same: YCLIENTS has nothing to mend or to repeat.
     */
    async take(body: string): Promise<boolean> {
      const hints = hintsOf(body);
      const ours = Map.groupBy(
        (hints ?? []).filter((hint) => branches.has(hint.companyId)),
        (hint) => hint.companyId,
      );
      for (const [company, about] of ours) {
        const ids = about.map((hint) => hint.recordId);
        await requestRechecks(
          db,
          company,
          ids.map((recordId) => ({ recordId, reason: "hint", error: null })),
        );
        log.debug({ job: "look_again", company, ids }, "a webhook hinted at records");
        readings.rechecksIn(company, gatherMs);
      }
      metrics.hinted(hints === null ? "malformed" : ours.size > 0 ? "stored" : "ignored");
      return hints !== null;
    },
  };
}
