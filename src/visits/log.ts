// The trail of what was committed: a line of the log for each new row, and the sums for whoever counts them.

import type { Lease } from "../jobs/leases.ts";
import { decimal } from "../rules/money.ts";
import type { Outcome, Programme } from "./decide.ts";
import type { Posted } from "./post.ts";
import type { Sync } from "./sync.ts";

/**
 * Says what became of a page of readings. `record` leads from the page (on level debug) to the row and to the line of
 * `notify_new_bonuses` about it; `pass` is the token of the job's lease, so no two passes have the same.
 */
export function leaveTrail(
  { log, count }: Pick<Sync, "log" | "count">,
  { companyId }: Programme,
  lease: Lease,
  page: { recordId: number }[],
  posted: Posted,
): Outcome {
  const { rows, ...outcome } = posted;
  const whence = { job: lease.name.split(":")[0], pass: lease.token, company: companyId };
  if (page.length > 0) {
    log.debug({ ...whence, ...outcome, ids: page.map((one) => one.recordId) }, "a page is in the ledger");
  }
  for (const { id, recordId, entry } of rows) {
    const { card, kind, points, reason } = entry;
    log.info(
      { ...whence, record: recordId, row: id, card, kind, points: decimal(points), reason },
      "a visit made a row",
    );
  }
  count?.(companyId, outcome);
  return outcome;
}
