// The webhooks of YCLIENTS: which branches have them, when, and what is posted of a booking, a payment and a refund.

import type { Journal, JournalChange } from "../../src/standins/yclients/journal.ts";
import type { Branch } from "./plan.ts";

/** What came of what was posted: how long each answer took, in milliseconds, and how many were none or no 200. */
export interface Posted {
  tookMs: number[];
  lost: number;
}

/**
 * Posts what changes in `journal` to `url`, of branches that have webhooks when it happens: of a new record one, of its money
 * two within 60 ms. What is not taken is not posted again, as YCLIENTS does it. `ended` resolves when none is on its way.
 */
export function postHooks(journal: Journal, url: string, hasHooks: (branch: number) => boolean) {
  const posted: Posted = { tookMs: [], lost: 0 };
  const underWay = new Set<Promise<void>>();

  async function post(body: object, afterMs: number): Promise<void> {
    await Bun.sleep(afterMs);
    const began = performance.now();
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    const taken = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (taken) posted.tookMs.push(performance.now() - began);
    else posted.lost += 1;
  }

  const begin = (body: object, afterMs: number) => {
    const posting = post(body, afterMs).finally(() => underWay.delete(posting));
    underWay.add(posting);
  };
  const forget = journal.onChange((change) => {
    if (!hasHooks(change.companyId)) return;
    if (change.status === "create") return begin(recordEvent(change), 0);
    begin(moneyEvent(change), 0);
    begin(recordEvent(change), 10 + Math.random() * 50);
  });
  return {
    posted,
    ended: async () => {
      forget();
      await Promise.all(underWay);
    },
  };
}

/** YCLIENTS API: a record's webhook carries the record without its finance operations. */
function recordEvent({ companyId, recordId, status, record }: JournalChange): object {
  const { finance_transactions: _, ...data } = record;
  return { company_id: companyId, resource: "record", resource_id: recordId, status, data };
}

/** A payment made, or deleted, which has left none. */
function moneyEvent({ companyId, recordId, record }: JournalChange): object {
  const made = record.finance_transactions.at(-1);
  const data = { id: made?.id ?? 1, record_id: recordId, amount: made?.amount ?? 0 };
  const status = made ? "create" : "delete";
  return { company_id: companyId, resource: "finances_operation", resource_id: data.id, status, data };
}

/** Whether YCLIENTS posts what changes in the branch now. */
export const hooked = ({ hooks }: Branch, stopped: boolean) =>
  hooks === "webhook" || (hooks === "stopped" && !stopped);
