// What a trial learns while its points stand on the bill.

import { Refused } from "../errors.ts";
import type { Kopecks } from "../rules/money.ts";
import { addDays, dayOf } from "../rules/time.ts";
import { amountOf } from "../yclients/loyalty-answers.ts";
import { look, type SettlementLook } from "./look.ts";
import { lagMs } from "./settlement.rule.ts";
import type { StoredSettlement } from "./settlements.store.ts";
import type { TrialFacts } from "./trial.rule.ts";
import type { Trying } from "./trial-news.ts";

/** How long the chain's list may take to show a withdrawal, less than is waited for where points are missing, and how often it is asked meanwhile. Milliseconds. */
const listed = { mostMs: lagMs - 30_000, everyMs: 5_000 };
/** How often somebody is asked to delete the payment before the trial goes on without. */
const mostAsked = 3;

/** How the journal shows what stands there, read anew: filled into the facts. `before`: as it was seen at first. */
export async function whatStands(
  trying: Trying,
  one: StoredSettlement,
  facts: TrialFacts,
  before: SettlementLook | null,
): Promise<void> {
  const { settling } = trying;
  const { amount, leftBefore } = one;
  const now = await look(settling, one, false, null);
  facts.sum_exact = now.applied === amount;
  facts.left_falls_once = now.left !== null && leftBefore !== null && leftBefore - now.left === amount;
  const [was, is] = [before?.record?.price ?? 0, now.record?.price ?? 0];
  facts.record_price_falls = was === 0 ? null : is < was;
  const cards = now.client === null ? [] : await settling.yclients.cardsOf(now.client);
  const own = cards.find((card) => card.id === now.reservedCard);
  facts.unlimited = own === undefined ? null : !own.limited;
  facts.listed_with_visit = await isListed(trying, one, now);
  await trying.tell({ kind: "listed", shown: facts.listed_with_visit });
  if (now.left !== null && now.left > 0) await payTheRest(trying, one, facts, now.left);
}

/** The chain's list finds points that went to another visit: what it does not show with its visit, nothing would find. */
async function isListed(
  { settling, tell, wait }: Trying,
  one: StoredSettlement,
  { reservedCard }: SettlementLook,
) {
  const { yclients, now } = settling;
  await tell({ kind: "listing" });
  for (let waited = 0; ; waited += listed.everyMs) {
    const today = dayOf(now(), "UTC");
    const rows = await yclients
      .withdrawals(one.chain, reservedCard, addDays(today, -1), addDays(today, 1))
      .catch((error) => {
        if (error instanceof Refused && error.code !== 429) return null;
        throw error;
      });
    if (rows === null) return false;
    if (amountOf(rows.filter((row) => row.visit === one.visit)) === one.amount) return true;
    if (waited >= listed.mostMs || settling.signal.aborted) return false;
    await wait(listed.everyMs);
  }
}

/** Whoever looks on takes the rest in the journal, and deletes that payment again. */
async function payTheRest(
  { settling, ask, tell }: Trying,
  one: StoredSettlement,
  facts: TrialFacts,
  left: Kopecks,
): Promise<void> {
  if (!(await ask({ what: "pay", left }))) return tell({ kind: "not_asked" });
  const paid = await look(settling, one, false, null);
  // Where something is left the rest was not taken, and nothing is known.
  if (paid.left === 0 && paid.record !== null) facts.paid_full = paid.record.paid;
  for (let asked = 1; asked <= mostAsked; asked++) {
    if (!(await ask({ what: "unpay", again: asked > 1 }))) break;
    const now = await look(settling, one, false, null);
    if (now.left === left + (one.amount - now.applied) && now.left > 0) {
      facts.outlives_payment = now.applied === one.amount;
      break;
    }
  }
  await tell({ kind: "paid", paid: facts.paid_full, stays: facts.outlives_payment });
}
