// Brings settlements to where they are to be in YCLIENTS: one step after another, each stored before it is asked.

import { databaseNow, inTransaction, type Tx } from "../db/connect.ts";
import { messageOf } from "../errors.ts";
import { type Lease, mustHold, withLease } from "../jobs/leases.ts";
import { enqueueNotice, keepSilent, undo } from "../ledger/ledger.ts";
import { authorOf } from "../rules/author.ts";
import type { EntryId } from "../rules/ids.ts";
import type { Kopecks } from "../rules/money.ts";
import { backOff } from "../rules/time.ts";
import { requestRechecks } from "../visits/recheck.ts";
import { askOnce, type Memory, mustStillBe, Redecided } from "./ask.ts";
import { look, type Settling } from "./look.ts";
import { type Move, next, type Obstacle, otherwise } from "./settlement.rule.ts";
import {
  countFailure,
  findSettlement,
  keepReservedCard,
  lookLater,
  putRight,
  recordsOfVisit,
  type StoredSettlement,
  setCourse,
  settlementsDue,
  wasRefusedBefore,
} from "./settlements.store.ts";
import { doubtTrial } from "./trials.store.ts";
import { closeWrite } from "./writes.store.ts";

/** How it ended, for now. */
type Ended = Extract<Move, { kind: "stands" | "returned" | "stuck" | "kept" }>;

/** More steps than a settlement has, with all that may be tried again. */
const mostSteps = 60;
/** How long a look that failed waits for the next, at first and at most. Milliseconds. */
const againMs = { least: 2_000, most: 300_000 };
const maxRows = 50;

/** Every spend whose time has come, one after another on a card. One program of all does it; null: another is at it. */
export async function settleDue(settling: Settling): Promise<boolean | null> {
  await putRight(settling.db);
  if ((await settlementsDue(settling.db, 1)).length === 0) return true;
  return withLease(settling.db, "settlements", async (lease, lost) => {
    for (;;) {
      const due = await settlementsDue(settling.db, maxRows);
      if (due.length === 0 || lost.aborted || settling.signal.aborted) return true;
      // The next of a card is due once it is known whether this one leaves anything there.
      const firsts = due.filter((one, at) => due.findIndex(({ card }) => card === one.card) === at);
      await Promise.all(firsts.map(({ id }) => workOn(settling, lease, id)));
    }
  });
}

/** A trial, as far as it goes now. Null: another program is at settlements just now. */
export function settleTrial(settling: Settling, id: number): Promise<boolean | null> {
  return withLease(settling.db, "settlements", async (lease) => {
    await workOn(settling, lease, id);
    return true;
  });
}

/** As far as it goes now: to its end, to a look that has to wait, or to one that fails. */
async function workOn(settling: Settling, lease: Lease, id: number): Promise<void> {
  const memory: Memory = { seen: null, is: "past" };
  for (let step = 0; step < mostSteps && !settling.signal.aborted; step++) {
    const one = await findSettlement(settling.db, id);
    if (one === null || one.state !== "under_way") return;
    try {
      if (!(await stepOf(settling, lease, one, memory))) return;
      if (one.failures > 0) await countFailure(settling.db, id, false, 0);
    } catch (error) {
      if (settling.signal.aborted) return;
      if (error instanceof Redecided) continue;
      const inMs = backOff(one.failures + 1, againMs.least, againMs.most);
      settling.log.warn(
        { job: "settlements", id, error: messageOf(error), inMs },
        "a settlement could not be looked at",
      );
      await countFailure(settling.db, id, true, inMs);
      return;
    }
  }
}

/** One step; false when there is nothing to do before its next look. */
async function stepOf(
  settling: Settling,
  lease: Lease,
  one: StoredSettlement,
  memory: Memory,
): Promise<boolean> {
  // Nothing was ever put on the card: it takes nobody to give the points back.
  if (one.goal === "return" && !one.touched && one.asked === null)
    return end(settling, lease, one, { kind: "returned" }, null);
  const now = await databaseNow(settling.db);
  const known = memory.is === "past" ? null : memory.seen;
  let seen = known ?? (await look(settling, one, false, memory.seen));
  let move = next(one, seen, now);
  // What is to end, or cannot go on, goes by what is read now.
  const isTold = known !== null && memory.is === "told";
  if (isEnd(move) && (isTold || (move.kind === "stuck" && seen.elsewhere === null))) {
    seen = await look(settling, one, move.kind === "stuck", null);
    move = next(one, seen, now);
  }
  settling.step?.(one, move, seen);
  const withCard = { ...one, client: seen.client, reservedCard: seen.reservedCard };
  Object.assign(memory, { seen, is: seen === known ? memory.is : "read" });
  return follow(settling, lease, withCard, move, memory);
}

const isEnd = ({ kind }: Move) => !["ask", "look", "came", "turn"].includes(kind);

async function follow(
  settling: Settling,
  lease: Lease,
  one: StoredSettlement,
  move: Move,
  memory: Memory,
): Promise<boolean> {
  const { seen } = memory;
  const write = (work: (tx: Tx) => Promise<void>) =>
    inTransaction(settling.db, async (tx) => {
      await mustHold(tx, lease);
      if (one.client !== null)
        await keepReservedCard(tx, one.id, { client: one.client, reservedCard: one.reservedCard });
      await work(tx);
    });
  switch (move.kind) {
    case "ask":
      await askOnce(settling, one, move, memory, write);
      return true;
    case "look":
      await write((tx) => lookLater(tx, one, move.inMs, move.missed));
      return false;
    case "came":
      await write((tx) => closeWrite(tx, one, move.came, move.held));
      return true;
    case "turn":
      await write(async (tx) => {
        await mustStillBe(tx, one);
        if (one.open !== null) await closeWrite(tx, one, "undone", one.held);
        await setCourse(tx, one.id, { goal: "return", state: "under_way", why: move.why });
      });
      return true;
    default:
      return end(settling, lease, one, move, seen?.left ?? null);
  }
}

/** It is where it is to be, or nobody but a person can bring it there. Points come back in the same transaction. */
async function end(
  settling: Settling,
  lease: Lease,
  one: StoredSettlement,
  to: Ended,
  toPay: Kopecks | null,
): Promise<false> {
  const why = "why" in to ? to.why : whyReturned(one, to, toPay);
  // What is left to pay of a visit that is paid by now is no word about its points.
  const course = { ...courseOf(one, to), why, toPay: to.kind === "kept" ? one.toPay : toPay };
  const first = async (tx: Tx) => {
    await mustHold(tx, lease);
    await mustStillBe(tx, one);
    // What was refused is known; what is gone stays open until it is found.
    if (why === "refused" && one.open !== null) await closeWrite(tx, one, "undone", one.held);
    await setCourse(tx, one.id, course);
    await haveReadAgain(tx, one);
    if (to.kind === "returned" && one.row !== null && why !== null && (await castsDoubt(tx, one, why)))
      await doubtTrial(tx, one.company, why);
    // The client hears of it now, and of what was never on the bill nothing at all.
    if (to.kind === "stands" && one.card !== null)
      await enqueueNotice(tx, [one.card], { about: "till", companyId: null, inMs: 0 });
  };
  if (to.kind !== "returned" || one.row === null || one.card === null) {
    await inTransaction(settling.db, first);
    return false;
  }
  const actor = one.askedBackBy === null ? "programme" : authorOf(one.askedBackBy);
  const points = -one.amount;
  const spend = one.row;
  const also = async (tx: Tx, back: EntryId) => {
    if (!one.stood) await keepSilent(tx, { spend, back });
  };
  const reason = why === "taken_off" ? "off_bill" : "not_settled";
  const { result } = await undo(settling.db, { id: spend, card: one.card, points }, actor, {
    ...{ first, also },
    ...(one.askedBackBy === null && { reason }),
  });
  // Who was forgotten has asked for no points any more.
  if (result === "forgotten") await inTransaction(settling.db, first);
  return false;
}

/** Once the points are off it the bill is as before them, if it was they that it showed otherwise: else a hand changed it meanwhile. */
function whyReturned({ why, leftBefore }: StoredSettlement, { kind }: Ended, toPay: Kopecks | null) {
  const isChanged = kind === "returned" && why === "bill_otherwise" && toPay !== null && toPay !== leftBefore;
  return isChanged ? "no_visit" : why;
}

/** Points on a bill change prices and what counts as paid, and move no stamp by which a pass would find that. */
async function haveReadAgain(tx: Tx, one: StoredSettlement): Promise<void> {
  const records = new Set([one.record, ...(await recordsOfVisit(tx, one))]);
  const asks = [...records].map((recordId) => ({ recordId, reason: "hint" as const, error: null }));
  await requestRechecks(tx, one.company, asks);
}

/** What the next spends would meet too: the branch goes back to spends that settle nothing, until it is tried anew. */
async function castsDoubt(tx: Tx, one: StoredSettlement, why: Obstacle): Promise<boolean> {
  return otherwise.has(why) || (why === "refused" && (await wasRefusedBefore(tx, one)));
}

function courseOf(
  one: StoredSettlement,
  { kind }: Ended,
): Pick<Parameters<typeof setCourse>[2], "goal" | "state"> {
  if (kind === "returned") return { goal: "return", state: "returned" };
  if (kind === "stuck") return { goal: one.goal, state: "stuck" };
  return { goal: "settle", state: "stands" };
}
