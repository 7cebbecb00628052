// Brings settlements to where they are to be in YCLIENTS: one step after another, each stored before it is asked.

import { type Db, databaseNow, inTransaction, type Tx } from "../db/connect.ts";
import { messageOf } from "../errors.ts";
import { type Lease, mustHold, withLease } from "../jobs/leases.ts";
import { undo } from "../ledger/ledger.ts";
import type { Log } from "../log.ts";
import { authorOf } from "../rules/author.ts";
import type { CompanyId } from "../rules/ids.ts";
import type { Kopecks } from "../rules/money.ts";
import { backOff } from "../rules/time.ts";
import type { Change, Yclients } from "../yclients/client.ts";
import { type Looked, look } from "./look.ts";
import { type Move, next, type Write } from "./settlement.rule.ts";
import {
  closeWrite,
  countFailure,
  dropWrite,
  findSettlement,
  keepAnswer,
  keepReservedCard,
  lookLater,
  openWrite,
  type StoredSettlement,
  setCourse,
  settlementsDue,
} from "./settlements.store.ts";

/** What settling works with. */
export interface Settling {
  db: Db;
  yclients: Yclients;
  log: Log;
  now: () => Date;
  /** The kind of card that is kept for this in a branch, and its chain. */
  reserved(company: CompanyId): { type: number; chain: number };
  /** Whether the prices of a bill were seen to fall by a withdrawal there. */
  billFalls(company: CompanyId): boolean;
  /** What else is written when one stands, is returned or stuck, or kept on the bill that it was to be taken off. */
  ended(tx: Tx, one: StoredSettlement, end: Ended): Promise<void>;
  signal: AbortSignal;
}

/** How it ended, for now. */
export type Ended = Extract<Move, { kind: "stands" | "returned" | "stuck" | "kept" }>;

/** More steps than a settlement has, with all that may be tried again. */
const mostSteps = 60;
/** How long a look that failed waits for the next, at first and at most. Milliseconds. */
const againMs = { least: 2_000, most: 300_000 };
const maxRows = 50;

/** Every settlement whose time has come, one after another on a card. One program of all does it; null: another is at it. */
export function settleDue(settling: Settling): Promise<boolean | null> {
  return withLease(settling.db, "settlements", async (lease, lost) => {
    for (;;) {
      const due = await settlementsDue(settling.db, maxRows);
      if (due.length === 0 || lost.aborted || settling.signal.aborted) return true;
      const byCard = Map.groupBy(due, (one) => one.card ?? -one.id);
      await Promise.all([...byCard.values()].map((all) => oneAfterAnother(settling, lease, all)));
    }
  });
}

async function oneAfterAnother(settling: Settling, lease: Lease, all: StoredSettlement[]): Promise<void> {
  for (const one of all) await workOn(settling, lease, one.id);
}

/** As far as it goes now: to its end, to a look that has to wait, or to one that fails. */
async function workOn(settling: Settling, lease: Lease, id: number): Promise<void> {
  for (let step = 0; step < mostSteps && !settling.signal.aborted; step++) {
    const one = await findSettlement(settling.db, id);
    if (one === null || one.state !== "under_way") return;
    try {
      if (!(await stepOf(settling, lease, one))) return;
      if (one.failures > 0) await countFailure(settling.db, id, false, 0);
    } catch (error) {
      if (settling.signal.aborted) return;
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
async function stepOf(settling: Settling, lease: Lease, one: StoredSettlement): Promise<boolean> {
  // Nothing was ever put on the card: it takes nobody to give the points back.
  if (one.goal === "return" && !one.touched && one.asked === null)
    return end(settling, lease, one, { kind: "returned" }, null);
  const now = await databaseNow(settling.db);
  let seen = await look(settling, one, false);
  let move = next(one, seen, now);
  if (move.kind === "stuck" && seen.elsewhere === null) {
    seen = await look(settling, one, true);
    move = next(one, seen, now);
  }
  return follow(
    settling,
    lease,
    { ...one, client: seen.client, reservedCard: seen.reservedCard },
    move,
    seen,
  );
}

async function follow(
  settling: Settling,
  lease: Lease,
  one: StoredSettlement,
  move: Move,
  seen: Looked,
): Promise<boolean> {
  const write = (work: (tx: Tx) => Promise<void>) =>
    inTransaction(settling.db, async (tx) => {
      await mustHold(tx, lease);
      if (one.client !== null)
        await keepReservedCard(tx, one.id, { client: one.client, reservedCard: one.reservedCard });
      await work(tx);
    });
  switch (move.kind) {
    case "ask":
      await askOnce(settling, one, move, seen, write);
      return true;
    case "look":
      await write((tx) => lookLater(tx, one, move.inMs, move.missed));
      return false;
    case "came":
      await write((tx) => closeWrite(tx, one, move.came, move.held));
      return true;
    case "turn":
      await write(async (tx) => {
        if (one.open !== null) await closeWrite(tx, one, "undone", one.held);
        await setCourse(tx, one.id, { goal: "return", state: "under_way", why: move.why });
      });
      return true;
    default:
      return end(settling, lease, one, move, seen.left);
  }
}

/** Stored, then asked, once. Whoever dies in between leaves it open, and the next one looks what came of it. */
async function askOnce(
  settling: Settling,
  one: StoredSettlement,
  move: Extract<Move, { kind: "ask" }>,
  seen: Looked,
  write: (work: (tx: Tx) => Promise<void>) => Promise<void>,
): Promise<void> {
  const send = await prepared(settling, one, move.write, move.amount);
  let open = 0;
  await write(async (tx) => {
    open = await openWrite(tx, one, move, seen);
  });
  const answer = await send();
  if (answer.kind === "busy") return write((tx) => dropWrite(tx, open));
  const words = answer.kind === "yes" ? null : answer.words;
  await keepAnswer(settling.db, open, answer.kind === "unknown" ? null : answer.kind, words);
}

function prepared(
  { yclients, reserved }: Settling,
  one: StoredSettlement,
  write: Write,
  amount: Kopecks,
): Promise<() => Promise<Change>> {
  const { company, record, visit, reservedCard } = one;
  if (write === "issue") return yclients.issueCard(company, reserved(company).type, one.phone ?? "");
  if (reservedCard === null) throw new Error("a card is there to write on");
  const title = `loyalty-bot ${one.id}`;
  switch (write) {
    case "put":
      return yclients.movePointsByHand(company, reservedCard, amount, title);
    case "take":
      return yclients.movePointsByHand(company, reservedCard, -amount, title);
    case "apply":
      return yclients.applyCard(company, reservedCard, { record, visit, amount });
    default:
      return yclients.cancelCard(company, reservedCard, { record, visit });
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
  const why = "why" in to ? to.why : one.why;
  const course = { ...courseOf(one, to), why, toPay };
  const first = async (tx: Tx) => {
    await mustHold(tx, lease);
    await setCourse(tx, one.id, course);
    await settling.ended(tx, one, to);
  };
  if (to.kind !== "returned" || one.row === null || one.card === null) {
    await inTransaction(settling.db, first);
    return false;
  }
  const actor = one.askedBackBy === null ? "programme" : authorOf(one.askedBackBy);
  const points = -one.amount;
  await undo(settling.db, { id: one.row, card: one.card, points }, actor, { first });
  return false;
}

function courseOf(
  one: StoredSettlement,
  { kind }: Ended,
): Pick<Parameters<typeof setCourse>[2], "goal" | "state"> {
  if (kind === "returned") return { goal: "return", state: "returned" };
  if (kind === "stuck") return { goal: one.goal, state: "stuck" };
  return { goal: "settle", state: "stands" };
}
