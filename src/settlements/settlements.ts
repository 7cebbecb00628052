// What other rooms ask of settlements: where spends may settle, that one is begun or taken back, and how it stands.

import { wait } from "../clock.ts";
import { type Db, inTransaction, type Sql, type Tx } from "../db/connect.ts";
import { messageOf } from "../errors.ts";
import type { Account } from "../rules/account.ts";
import type { CompanyId, EntryId, RecordId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import type { Settling } from "./look.ts";
import { settleDue } from "./settle.ts";
import {
  addSettlement,
  lockedSettlementOf,
  type SettlementId,
  type StoredSettlement,
  setCourse,
  settlementOf,
} from "./settlements.store.ts";
import { type SettledBranch, settledBranches } from "./trials.store.ts";

export {
  findSettlement,
  type SettlementId,
  type StoredSettlement,
  settlementOf,
} from "./settlements.store.ts";
export {
  keepShown,
  settlementOfVisit,
  settlementsToShow,
  stuckSettlements,
} from "./shown.store.ts";
export { doubtedBranches, type SettledBranch } from "./trials.store.ts";

/** How this program settles; a trial by another way proves nothing of it. */
export const protocol = 1;

/** Whether spends settle their visits, and by which kind of card where the branch has several (null: it has one). */
export interface SettleSettings {
  settles: "off" | "on" | "mirror";
  settleCardType: number | null;
  paidBy: "payments" | "prices";
}

/**
 * The branches in which spends settle now: switched on, tried by this program's way, and not found otherwise since. Where visits
 * earn on prices, only those in which points lower a record's prices: they would else be counted as money.
 */
export async function branchesThatSettle(
  sql: Sql,
  { settles, settleCardType, paidBy }: SettleSettings,
): Promise<Map<CompanyId, SettledBranch>> {
  if (settles !== "on") return new Map();
  const tried = await settledBranches(sql, protocol);
  const chosen = tried.filter(
    ({ cardType, recordPriceFalls }) =>
      (settleCardType === null || cardType === settleCardType) &&
      (paidBy === "payments" || recordPriceFalls === true),
  );
  return new Map(chosen.map((branch) => [branch.company, branch]));
}

/**
 * Begins the settlement of a spend that this transaction has written; what is asked of YCLIENTS comes after it. Breaks the rule
 * `one_settlement_a_visit` where the visit has one.
 */
export function beginSettlement(
  tx: Tx,
  branch: SettledBranch,
  of: { row: EntryId; record: RecordId; visit: number; points: Points },
): Promise<SettlementId> {
  const { company, cardType, chain, billFalls } = branch;
  const { row, record, visit, points: amount } = of;
  return addSettlement(tx, { row, company, record, visit, amount, cardType, chain, billFalls });
}

/**
 * Has a spend's points taken off the bill, and given back then. `none`: the spend settles nothing, and is taken back like
 * all others. Asked again it changes nothing; of a stuck one it begins anew.
 */
export async function takeOffTheBill(
  tx: Tx,
  row: EntryId,
  by: Account,
): Promise<"none" | "asked" | "returned"> {
  const one = await lockedSettlementOf(tx, row);
  if (one === null) return "none";
  if (one.state === "returned") return "returned";
  if (one.goal === "settle" || one.state === "stuck")
    await setCourse(tx, one.id, { goal: "return", state: "under_way", why: null, by });
  return "asked";
}

/**
 * Works on what is due, and waits for one spend's settlement for at most so many milliseconds: as it stands then. `late` is
 * done once what was begun here has ended after that.
 */
export async function settledWithin(
  settling: Settling,
  row: EntryId,
  ms: number,
  late: () => Promise<unknown> = async () => {},
): Promise<StoredSettlement | null> {
  const { db, log, signal } = settling;
  const until = performance.now() + ms;
  let isLate = false;
  const work = async () => {
    for (;;) {
      const done = await settleDue(settling);
      if (isLate && !signal.aborted) await late();
      // Whoever has the job just now may have looked before this one was there.
      if (done !== null || isLate || signal.aborted) return;
      await wait(lookEveryMs, signal);
    }
  };
  void work().catch((error) => {
    if (!signal.aborted)
      log.warn(
        { job: "settlements", error: messageOf(error) },
        "a spend is settled, or told of, by the timetable's next round",
      );
  });
  for (;;) {
    const one = await settlementOf(db, row);
    if (one?.state !== "under_way") return one;
    isLate = performance.now() >= until;
    if (isLate || signal.aborted) return one;
    await wait(lookEveryMs, signal);
  }
}

const lookEveryMs = 100;

/** Looks at a spend's settlement again, where it is stuck: it goes on to where it was to be. */
export async function lookAgain(db: Db, row: EntryId): Promise<void> {
  await inTransaction(db, async (tx) => {
    const one = await lockedSettlementOf(tx, row);
    if (one?.state === "stuck")
      await setCourse(tx, one.id, { goal: one.goal, state: "under_way", why: null });
  });
}
