// A trial: settles a visit of the operator's own and takes it back, by the till's own code, and keeps what the journal did.

import { messageOf, must } from "../errors.ts";
import { type Kopecks, pointsFor } from "../rules/money.ts";
import type { CardType } from "../yclients/loyalty-answers.ts";
import { findCardType, rightsMissing } from "./ground.ts";
import { whatStands } from "./learn.ts";
import { look, type SettlementLook, type Settling } from "./look.ts";
import { settleTrial } from "./settle.ts";
import type { Move } from "./settlement.rule.ts";
import {
  addSettlement,
  countFailure,
  findSettlement,
  type SettlementId,
  type StoredSettlement,
  setCourse,
} from "./settlements.store.ts";
import { protocol } from "./settlements.ts";
import { settlementOfVisit } from "./shown.store.ts";
import { isOfTheVisit, type TrialFacts, trialFaults } from "./trial.rule.ts";
import type { LeftBehind, TrialEnd, TrialNews, TrialOrder, Trying } from "./trial-news.ts";
import { addTrial, dueIn, isKnownBranch, trialsLeft } from "./trials.store.ts";

/** Looks in a row that may fail before it is given up for now. */
const mostFailures = 5;
const busyMs = 500;

/**
 * Brings back what an earlier trial left, then tries. Whatever happens, what it put into the journal is taken back, or said. What
 * was seen is kept for the branch, but for a visit that could not be settled: that says nothing of the journal.
 */
export async function trySettling(trying: Trying, order: TrialOrder): Promise<TrialEnd> {
  const { db, yclients } = trying.settling;
  for (const id of await trialsLeft(db, order.company)) {
    const earlier = must(await findSettlement(db, id), "the earlier trial");
    await trying.tell({ kind: "earlier", record: earlier.record });
    const back = await takeBack(trying, id, newSight());
    if (back.state !== "returned") return { end: "left", left: await leftOf(trying, back, null) };
  }
  if (!(await isKnownBranch(db, order.company))) return notTried("unknown_branch");
  const missing = await rightsMissing(yclients, order.company);
  const needed = missing.filter((right) => right !== "visitDays");
  if (needed.length > 0) return { end: "not_tried", of: { why: "rights", missing: needed } };
  const type = await findCardType(yclients, order.company, order.cardType);
  if ("why" in type) return { end: "not_tried", of: type };
  const record = await yclients.recordState(order.company, order.record);
  if (record === null) return notTried("no_record");
  if (record.visitId === null) return notTried("no_visit");
  const visit = record.visitId;
  if ((await settlementOfVisit(db, order.company, visit)) !== null) return notTried("spend_there");
  await trying.tell({ kind: "begins", order, visit, type });
  return tryBothWays(trying, order, { type, visit });
}

const notTried = (why: "unknown_branch" | "no_record" | "no_visit" | "spend_there"): TrialEnd => ({
  end: "not_tried",
  of: { why },
});

/** What was seen of one settlement as it went. */
interface Sight {
  first: SettlementLook | null;
  /** What was on the card once it was off the bill. */
  afterCancel: Kopecks | null;
}

const newSight = (): Sight => ({ first: null, afterCancel: null });

/** Nobody knows how the bill shows points: where it turns out otherwise the first time, it is tried the other way. */
async function tryBothWays(
  trying: Trying,
  order: TrialOrder,
  of: { type: CardType; visit: number },
): Promise<TrialEnd> {
  let tried = await tryOnce(trying, order, { ...of, billFalls: false });
  if (tried.end.end === "failed" && tried.end.facts.why === "bill_otherwise") {
    await trying.tell({ kind: "other_prices" });
    tried = await tryOnce(trying, order, { ...of, billFalls: true });
  }
  const { end, id } = tried;
  if (end.end === "passed" || end.end === "failed") {
    const of = { settlement: id, protocol, passed: end.end === "passed" };
    await addTrial(trying.settling.db, of, end.facts);
  }
  return end;
}

async function tryOnce(
  trying: Trying,
  { company, record, amount, paidBy }: TrialOrder,
  { type, visit, billFalls }: { type: CardType; visit: number; billFalls: boolean },
): Promise<{ id: SettlementId; end: TrialEnd }> {
  const id = await addSettlement(trying.settling.db, {
    ...{ row: null, company, record, visit, amount: pointsFor(amount) },
    ...{ cardType: type.id, chain: type.chain, billFalls },
  });
  return { id, end: await thereAndBack(trying, id, { ...unseen, bill_falls: billFalls }, paidBy) };
}

/** To the bill and off it again; what is seen meanwhile is filled into the facts. */
async function thereAndBack(
  trying: Trying,
  id: SettlementId,
  facts: TrialFacts,
  paidBy: TrialOrder["paidBy"],
): Promise<TrialEnd> {
  const { settling } = trying;
  const sight = newSight();
  const one = await drive(trying, id, sight);
  const before = sight.first;
  // Where it is under way still, YCLIENTS could not be asked any further.
  let isRead = one.state !== "under_way";
  if (one.state === "stands")
    await whatStands(trying, one, facts, before).catch(async (error) => {
      settling.log.warn({ job: "settlements", id, error: messageOf(error) }, "the trial saw not all of it");
      isRead = false;
    });
  else facts.why = one.why;
  const back = one.state === "returned" ? one : await takeBack(trying, id, sight);
  const isOff = back.state === "returned";
  if (!isOff || (back.touched && !(await isAsBefore(settling, back, before))))
    return { end: "left", left: await leftOf(trying, back, before) };
  if (!isRead) return { end: "nothing_learnt", why: "unread" };
  if (one.why !== null && isOfTheVisit(one.why)) return { end: "nothing_learnt", why: one.why };
  facts.all_back = true;
  if (one.state === "stands") facts.cancel_returns = sight.afterCancel === one.amount;
  const faults = trialFaults(facts, paidBy);
  return faults.length === 0 ? { end: "passed", facts } : { end: "failed", facts, faults };
}

const unseen: TrialFacts = {
  ...{ bill_falls: false, record_price_falls: null, sum_exact: null, left_falls_once: null },
  ...{ listed_with_visit: null, paid_full: null, outlives_payment: null, cancel_returns: null },
  ...{ unlimited: null, all_back: null, why: null },
};

/** The bill and the record are read to be as they were, and the card to be empty. */
async function isAsBefore(
  settling: Settling,
  one: StoredSettlement,
  before: SettlementLook | null,
): Promise<boolean> {
  const now = await look(settling, one, false, null).catch(() => null);
  return (
    now !== null &&
    before !== null &&
    now.applied === 0 &&
    (now.balance ?? 0) === 0 &&
    now.left === before.left &&
    now.record?.price === before.record?.price
  );
}

/** Has it taken off the bill and the card, and waits until it is. */
async function takeBack(trying: Trying, id: SettlementId, sight: Sight): Promise<StoredSettlement> {
  const { db } = trying.settling;
  await countFailure(db, id, false, 0);
  await setCourse(db, id, { goal: "return", state: "under_way", why: null });
  await trying.tell({ kind: "taking_back" });
  return drive(trying, id, sight);
}

/** As far as it goes: to its end, or until the journal was in vain looked at too often. */
async function drive(
  { settling, tell, wait }: Trying,
  id: SettlementId,
  sight: Sight,
): Promise<StoredSettlement> {
  // Told afterwards: a terminal that stands still must not hold up whoever waits for the lease.
  const news: TrialNews[] = [];
  const step = (one: StoredSettlement, move: Move, seen: SettlementLook) => {
    if (sight.first === null) news.push({ kind: "first", seen });
    sight.first ??= seen;
    if (move.kind === "came" && move.came === "done" && one.asked?.write === "cancel")
      sight.afterCancel = seen.balance;
    news.push({ kind: "step", one, move, seen });
  };
  for (;;) {
    const worked = await settleTrial({ ...settling, step }, id);
    for (const one of news.splice(0)) await tell(one);
    const one = must(await findSettlement(settling.db, id), "the trial's settlement");
    if (one.state !== "under_way" || settling.signal.aborted || one.failures >= mostFailures) return one;
    if (worked === null) await tell({ kind: "busy" });
    else if (one.failures > 0) await tell({ kind: "failed" });
    await wait(worked === null ? busyMs : await dueIn(settling.db, id));
  }
}

/** What of it stands in the journal now. */
async function leftOf(
  { settling }: Trying,
  one: StoredSettlement,
  before: SettlementLook | null,
): Promise<LeftBehind> {
  const { record, visit, reservedCard } = one;
  const now = await look(settling, one, false, null).catch((error) => {
    settling.log.warn(
      { job: "settlements", id: one.id, error: messageOf(error) },
      "what is left cannot be read",
    );
    return null;
  });
  const [was, is] = [before?.left ?? null, now?.left ?? null];
  return {
    ...{ record, visit, reservedCard: now?.reservedCard ?? reservedCard },
    ...{ onCard: now ? (now.balance ?? 0) : null, onBill: now ? now.applied : null },
    toPay: was !== null && is !== null && was !== is ? { was, is } : null,
  };
}
