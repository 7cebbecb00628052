// YCLIENTS's webhooks: what they hint at is stored, then rechecked, soon and together.

import { wait } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { CompanyId } from "../rules/ids.ts";
import { backOff } from "../rules/time.ts";
import { branchesDue, recheckDue, requestRechecks } from "../visits/recheck.ts";
import { hintsOf } from "../yclients/event.ts";
import type { Parts } from "./parts.ts";

/** A payment and its record's change come as two webhooks within some 60 ms: one reading serves both. */
const gatherMs = 150;
const firstQuietMs = 2_000;
const longestQuietMs = 60_000;

/** What a branch rechecks in this program. */
interface Branch {
  round: Promise<void> | null;
  wanted: boolean;
  failures: number;
  /** Until then nothing is asked: YCLIENTS has refused us. By `performance.now()`. */
  quietUntil: number;
}

/** What takes the webhooks, and the rechecks that follow; what any program left unread is found by `recheckAllDue`. */
export function listenToYclients(parts: Parts, secret: string) {
  const { config, db, log, sync, stopping, metrics, soon } = parts;
  const { signal } = stopping;
  const fresh = (): Branch => ({ round: null, wanted: false, failures: 0, quietUntil: 0 });
  const branches = new Map(config.companyIds.map((companyId) => [companyId, fresh()]));

  function recheckSoon(companyId: CompanyId, waitMs: number): void {
    const branch = branches.get(companyId);
    if (!branch || signal.aborted) return;
    branch.wanted = true;
    branch.round ??= rounds(companyId, branch, waitMs);
  }

  /** Rechecks until nothing more was hinted at meanwhile. */
  async function rounds(companyId: CompanyId, branch: Branch, waitMs: number): Promise<void> {
    try {
      await wait(waitMs, signal);
      while (branch.wanted && !signal.aborted && performance.now() >= branch.quietUntil) {
        branch.wanted = false;
        await round(companyId, branch);
      }
    } finally {
      branch.round = null;
    }
  }

  async function round(companyId: CompanyId, branch: Branch): Promise<void> {
    try {
      const rechecked = await recheckDue(sync, companyId);
      branch.failures = 0;
      if (rechecked) soon.visits();
    } catch (error) {
      if (signal.aborted) return;
      branch.failures += 1;
      const againInMs = backOff(branch.failures, firstQuietMs, longestQuietMs);
      branch.quietUntil = performance.now() + againInMs;
      log.warn(
        { job: "look_again", company: companyId, error: messageOf(error), againInMs },
        "what webhooks hinted at could not be read",
      );
    }
  }

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
        recheckSoon(company, gatherMs);
      }
      metrics.hinted(hints === null ? "malformed" : ours.size > 0 ? "stored" : "ignored");
      return hints !== null;
    },

    /** Begins to recheck wherever something is due, and waits for none. */
    async recheckAllDue(): Promise<void> {
      for (const companyId of await branchesDue(db)) recheckSoon(companyId, 0);
    },

    /** Resolves when the rechecks that had begun are over; more may begin unless the program's signal is aborted. */
    async stop(): Promise<void> {
      await Promise.all([...branches.values()].map((branch) => branch.round));
    },
  };
}
