// A trial: settles a visit of the operator's own and takes it back, by the till's own code, and keeps what the journal did.

import { inTransaction, type Tx } from "../db/connect.ts";
import { messageOf, must } from "../errors.ts";
import type { CompanyId, RecordId } from "../rules/ids.ts";
import { type Kopecks, pointsFor } from "../rules/money.ts";
import { addDays, dayOf } from "../rules/time.ts";
import type { CardType } from "../yclients/loyalty-answers.ts";
import type { SettlingRight } from "../yclients/rights.ts";
import { findCardType, type NoCardType, rightsMissing } from "./ground.ts";
import { look, type SettlementLook, type Settling } from "./look.ts";
import { settleTrial } from "./settle.ts";
import type { Move, Obstacle } from "./settlement.rule.ts";
import {
  addSettlement,
  countFailure,
  findSettlement,
  type SettlementId,
  type StoredSettlement,
  setCourse,
  settlementOfVisit,
} from "./settlements.store.ts";
import { protocol } from "./settlements.ts";
import { faultsOf, isOfTheVisit, type TrialFault } from "./trial.rule.ts";
import { addTrial, dueIn, isKnownBranch, type TrialFacts, trialsLeft } from "./trials.store.ts";

export interface TrialOrder {
  company: CompanyId;
  record: RecordId;
  amount: Kopecks;
  /** The kind of card that the settings name; null: the branch has one. */
  cardType: number | null;
}

/** Why nothing could be tried; nothing was asked of the journal. */
export type NotTried =
  | { why: "unknown_branch" | "no_record" | "no_visit" | "spend_there" }
  | { why: "rights"; missing: SettlingRight[] }
  | NoCardType;

/** What whoever looks on is told, in the order in which it happens. */
export type TrialNews =
  | { kind: "earlier"; record: RecordId }
  | { kind: "begins"; order: TrialOrder; visit: number; type: CardType }
  | { kind: "first"; seen: SettlementLook }
  | { kind: "step"; one: StoredSettlement; move: Move; seen: SettlementLook }
  | { kind: "busy" | "failed" | "other_prices" | "listing" | "taking_back" | "not_asked" }
  | { kind: "listed"; shown: boolean }
  | { kind: "paid"; paid: boolean | null; stays: boolean | null };

/** What is asked of whoever looks on at the journal. */
export type TrialQuestion = { what: "pay"; left: Kopecks } | { what: "unpay"; again: boolean };

/** How a trial works with whoever looks on. */
export interface Trying {
  settling: Settling;
  tell(news: TrialNews): Promise<void>;
  /** Whether it was done; false: it was not, or nobody is there to do it. */
  ask(question: TrialQuestion): Promise<boolean>;
  wait(ms: number): Promise<void>;
}

/** What of it a person has to undo, as it was seen last; sums are null where it could not be read. */
export interface LeftBehind {
  record: RecordId;
  visit: number;
  reservedCard: number | null;
  onCard: Kopecks | null;
  onBill: Kopecks | null;
  /** What is left to pay, where it was something else before. */
  toPay: { was: Kopecks; is: Kopecks } | null;
}

export type TrialEnd =
  | { end: "not_tried"; of: NotTried }
  | { end: "nothing_learnt"; why: Obstacle | "unread" }
  | { end: "passed"; facts: TrialFacts }
  | { end: "failed"; facts: TrialFacts; faults: TrialFault[] }
  | { end: "left"; left: LeftBehind };

/** Looks in a row that may fail before it is given up for now. */
const mostFailures = 5;
/** How long the chain's list may take to show a withdrawal, and how often it is asked meanwhile. Milliseconds. */
const listed = { mostMs: 60_000, everyMs: 5_000 };
const busyMs = 500;
/** How often somebody is asked to delete the payment before the trial goes on without. */
const mostAsked = 3;

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
  last: SettlementLook | null;
  /** What was on the card once it was off the bill. */
  afterCancel: Kopecks | null;
}

const newSight = (): Sight => ({ first: null, last: null, afterCancel: null });

/** Nobody knows how the bill shows points: where it turns out otherwise the first time, it is tried the other way. */
async function tryBothWays(
  trying: Trying,
  order: TrialOrder,
  of: { type: CardType; visit: number },
): Promise<TrialEnd> {
  const first = await tryOnce(trying, order, { ...of, billFalls: false });
  if (first.end !== "failed" || first.facts.why !== "bill_otherwise") return keep(trying, order, first);
  await trying.tell({ kind: "other_prices" });
  return keep(trying, order, await tryOnce(trying, order, { ...of, billFalls: true }));
}

type Tried = TrialEnd & { settlement?: SettlementId; cardType?: number };

async function keep(
  { settling }: Trying,
  { company }: TrialOrder,
  { settlement, cardType, ...end }: Tried,
): Promise<TrialEnd> {
  const seen = end.end === "passed" || end.end === "failed";
  if (seen && settlement !== undefined && cardType !== undefined) {
    const of = { company, settlement, cardType, protocol, passed: end.end === "passed" };
    await addTrial(settling.db, of, end.facts);
  }
  return end;
}

async function tryOnce(
  trying: Trying,
  order: TrialOrder,
  { type, visit, billFalls }: { type: CardType; visit: number; billFalls: boolean },
): Promise<Tried> {
  const { settling } = trying;
  const { company, record, amount } = order;
  const [cardType, chain] = [type.id, type.chain];
  const id = await inTransaction(settling.db, (tx: Tx) =>
    addSettlement(tx, {
      ...{ row: null, company, record, visit, amount: pointsFor(amount) },
      ...{ cardType, chain, billFalls },
    }),
  );
  const sight = newSight();
  const facts: TrialFacts = { ...unseen, chain, bill_falls: billFalls };
  const one = await drive(trying, id, sight);
  const before = sight.first;
  if (one.state === "stands")
    await whatStands(trying, one, facts, before).catch(async (error) => {
      settling.log.warn({ job: "settlements", id, error: messageOf(error) }, "the trial saw not all of it");
      await trying.tell({ kind: "failed" });
    });
  else facts.why = one.why;
  const back = one.state === "returned" ? one : await takeBack(trying, id, sight);
  // It could not be looked at, so nothing was asked.
  if (before === null && back.state === "returned") return { end: "nothing_learnt", why: "unread" };
  const end = back.state === "returned" ? await look(settling, back, false, null).catch(() => null) : null;
  const isBack = end !== null && before !== null && isAsBefore(end, before);
  if (one.why !== null && isOfTheVisit(one.why) && back.state === "returned")
    return { end: "nothing_learnt", why: one.why };
  if (!isBack)
    return { end: "left", left: await leftOf(trying, back, before), ...{ settlement: id, cardType } };
  facts.all_back = true;
  if (one.state === "stands") facts.cancel_returns = sight.afterCancel === amount;
  const faults = faultsOf(facts);
  const kept = { settlement: id, cardType };
  return faults.length === 0 ? { end: "passed", facts, ...kept } : { end: "failed", facts, faults, ...kept };
}

const unseen: TrialFacts = {
  ...{ chain: 0, bill_falls: false, record_price_falls: null, sum_exact: null, left_falls_once: null },
  ...{ listed_with_visit: null, paid_full: null, outlives_payment: null, cancel_returns: null },
  ...{ unlimited: null, all_back: null, why: null },
};

/** The bill, the card and the record are as they were, and the card is empty. */
function isAsBefore(now: SettlementLook, before: SettlementLook): boolean {
  return (
    now.applied === 0 &&
    (now.balance ?? 0) === 0 &&
    now.left === before.left &&
    now.record?.price === before.record?.price
  );
}

/** It is on the bill: how the journal shows it, read anew. */
async function whatStands(
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
    const rows =
      reservedCard === null
        ? []
        : await yclients.withdrawals(one.chain, reservedCard, addDays(today, -1), addDays(today, 1));
    const ours = rows.filter((row) => row.visit === one.visit);
    if (ours.reduce((sum, row) => sum + row.amount, 0) === one.amount) return true;
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
  const step = async (one: StoredSettlement, move: Move, seen: SettlementLook) => {
    if (sight.first === null) await tell({ kind: "first", seen });
    sight.first ??= seen;
    sight.last = seen;
    if (move.kind === "came" && move.came === "done" && one.asked?.write === "cancel")
      sight.afterCancel = seen.balance;
    await tell({ kind: "step", one, move, seen });
  };
  for (;;) {
    const worked = await settleTrial({ ...settling, step }, id);
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
