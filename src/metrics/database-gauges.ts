// The gauges that are read from the database, the same in every replica but for the leases.

import { Gauge, type Registry } from "prom-client";
import type { Db } from "../db/connect.ts";
import { holder } from "../jobs/leases.ts";
import { keptFor, withTimeout } from "../jobs/retry.ts";
import { waitingNotices } from "../notices/notify.ts";
import type { CompanyId, EntryId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import { branchGauges, leasesOf, ledgerAfter, openSettlements, waitingRechecks } from "./gauges.store.ts";

const patienceMs = 4_000;

/**
 * Returns what brings the gauges up to date; it does not throw: where the database is away they are left out, and
 * `loyalty_database_up` is 0. Those who ask at once are served by one reading.
 */
export function databaseGauges(
  db: Db,
  companyIds: readonly CompanyId[],
  registry: Registry,
): () => Promise<void> {
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name: `loyalty_${name}`, help, labelNames, registers: [registry] });
  const up = gauge("database_up", "1 where the database answered this reading");
  const lag = gauge("sync_lag_seconds", "Since the last good pass, or since the first start", ["company"]);
  const passed = gauge("sync_last_good_pass_timestamp_seconds", "When the last good pass ended", ["company"]);
  const failures = gauge("sync_failures_in_a_row", "Failed passes since the last good one", ["company"]);
  const aside = gauge(
    "set_aside_records",
    "Records that could not be read or believed, to be looked at again",
  );
  const hints = gauge("hints_waiting", "Webhooks' hints that were not looked at yet");
  const notices = gauge("notices_waiting", "Cards that have something untold");
  const unsent = gauge("notices_oldest_unsent_seconds", "Age of the oldest untold row, quiet hours included");
  const overdue = gauge(
    "notices_overdue_seconds",
    "How long the oldest message that should have gone out waits, the failing ones too",
  );
  const settlements = gauge("settlements_open", "Spends that are not yet, or not surely, on their bills", [
    "state",
  ]);
  const settling = gauge("settlements_oldest_seconds", "Age of the oldest settlement under way");
  const rows = gauge("ledger_rows", "Rows of the ledger");
  const owed = gauge("points_owed", "What all cards hold together, in points");
  const leases = gauge("lease_held", "1 for each lease that this process holds", ["lease"]);
  const ledger = runningSum(db);

  async function read(): Promise<void> {
    const [branches, rechecks, waits, held, open] = await Promise.all([
      branchGauges(db, companyIds),
      waitingRechecks(db, companyIds),
      waitingNotices(db),
      leasesOf(db, holder),
      openSettlements(db),
    ]);
    for (const branch of branches) {
      const company = branch.companyId;
      lag.set({ company }, branch.lag);
      failures.set({ company }, branch.failures);
      if (branch.lastPass !== null) passed.set({ company }, branch.lastPass);
    }
    aside.set(rechecks.setAside);
    hints.set(rechecks.hints);
    notices.set(waits.notices);
    unsent.set(waits.oldestUnsent);
    overdue.set(waits.overdue);
    settlements.set({ state: "under_way" }, open.underWay);
    settlements.set({ state: "stuck" }, open.stuck);
    settlements.set({ state: "doubtful" }, open.doubtful);
    settling.set(open.oldest);
    for (const lease of held) leases.set({ lease }, 1);
  }

  async function sum(): Promise<void> {
    const { last, points } = await ledger();
    rows.set(last);
    owed.set(points / 100);
  }

  return keptFor(0, async () => {
    // What cannot be read now is left out: an old figure, or a nought, would be believed.
    for (const one of [lag, passed, failures, leases, settlements]) one.reset();
    for (const one of [aside, hints, notices, unsent, overdue, settling, rows, owed]) one.remove();
    const [well] = await Promise.allSettled([withTimeout(patienceMs, read), withTimeout(patienceMs, sum)]);
    up.set(well.status === "fulfilled" ? 1 : 0);
  });
}

/**
 * The ledger's last row and its sum, exact, without summing it at each reading: only what was added since is. The first
 * reading of a process sums all of it once. A ledger that has become shorter is another one, restored: summed anew.
 */
function runningSum(db: Db): () => Promise<{ last: EntryId; points: Points }> {
  let known = { last: 0, points: 0 };
  return keptFor(0, async () => {
    let { last, points } = await ledgerAfter(db, known.last);
    if (last < known.last) {
      known = { last: 0, points: 0 };
      ({ last, points } = await ledgerAfter(db, 0));
    }
    known = { last, points: known.points + points };
    return known;
  });
}
