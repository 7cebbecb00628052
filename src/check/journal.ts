// What four weeks of the journal show: payments, phones, marks of visits held, and what an earlier start would cost.

import type { CompanyId } from "../rules/ids.ts";
import { decimal } from "../rules/money.ts";
import { addDays, dayOf, isTimeZone, unknownZone } from "../rules/time.ts";
import { decide, paidSum, type Terms, type VisitState } from "../visits/visit.rule.ts";
import type { Yclients } from "../yclients/client.ts";
import type { Reading } from "../yclients/record.ts";
import type { Check, CheckLine } from "./check.ts";
import { giveRight } from "./rights.texts.ts";

interface JournalParts {
  yclients: Pick<Yclients, "company" | "records">;
  terms: Terms;
  /** `PROGRAM_START`, null where it is not set. */
  programStart: string | null;
  /** The day of the first start, where the database knows it. */
  firstStart: (companyId: CompanyId) => Promise<string | null>;
}

/** A week a request or two; no more weeks once there are so many records: the request budget is everybody's. */
const weeks = 4;
const maxReadings = 1_000;
/** Fewer visits than this prove nothing. */
const enoughVisits = 5;

/** The check of one branch's journal: one bounded reading, nothing written. */
export function checkJournal(parts: JournalParts, companyId: CompanyId): Check {
  return {
    about: `journal ${companyId}`,
    ask: async (signal) => {
      const named = await parts.yclients.company(companyId).catch(() => null);
      if (named === null) return []; // the branch's own check says it
      const { timeZone } = named;
      const today = dayOf(new Date(), timeZone !== null && isTimeZone(timeZone) ? timeZone : unknownZone);
      const { from, readings } = await recentReadings(parts.yclients, companyId, today, signal);
      const start = parts.programStart ?? (await parts.firstStart(companyId));
      const visits = readings.filter((one) => !one.deleted && one.client !== null);
      return [
        startLine(companyId, parts, start, { from, today, readings: visits }),
        phonesLine(companyId, visits),
        paymentLine(companyId, visits, parts.terms),
        ...(parts.terms.earnWhen === "arrived" ? [heldLine(companyId, visits, today)] : []),
      ];
    },
  };
}

async function recentReadings(
  yclients: JournalParts["yclients"],
  companyId: CompanyId,
  today: string,
  signal: AbortSignal,
) {
  const readings: Reading[] = [];
  let from = addDays(today, 1);
  for (let week = 0; week < weeks && readings.length < maxReadings && !signal.aborted; week++) {
    const to = addDays(from, -1);
    from = addDays(from, -7);
    readings.push(...(await yclients.records(companyId, { from, to })).readings);
  }
  return { from, readings };
}

function stateOf(reading: Reading): VisitState {
  return { ...reading, hasClient: reading.client !== null, forgotten: false };
}

function startLine(
  companyId: CompanyId,
  { terms, programStart }: JournalParts,
  start: string | null,
  { from, today, readings }: { from: string; today: string; readings: Reading[] },
): CheckLine {
  const about = `PROGRAM_START ${companyId}`;
  const begins = start ?? today;
  const origin =
    programStart !== null
      ? ""
      : start === null
        ? " (not set: the day of the first start)"
        : " (the day of the first start)";
  if (begins <= from) {
    const says = `${begins}${origin}; an earlier day's cost: loyalty-bot sync --dry-run --since DAY`;
    return { state: "info", about, says };
  }
  const before = readings.filter(({ day }) => day < begins).map((one) => decide(stateOf(one), terms, null));
  const paid = before.filter(({ word }) => word === "awarded");
  const points = paid.reduce((sum, one) => sum + one.points, 0);
  const cost = `${paid.length} paid visits, ${decimal(points)} points`;
  return { state: "info", about, says: `${begins}${origin}; beginning on ${from} instead would add ${cost}` };
}

function phonesLine(companyId: CompanyId, visits: Reading[]): CheckLine {
  const about = `phones seen ${companyId}`;
  const clients = new Map(
    visits.flatMap(({ client }) => (client ? [[client.id, client.phone !== null]] : [])),
  );
  const seen = [...clients.values()].filter(Boolean).length;
  const says = `${seen} of ${clients.size} clients of late have one`;
  if (clients.size < enoughVisits || seen > 0)
    return { state: clients.size === 0 ? "info" : "ok", about, says };
  const remedy = giveRight("phones");
  return { state: "FAIL", about, says, remedy };
}

function paymentLine(companyId: CompanyId, visits: Reading[], terms: Terms): CheckLine {
  const about = `paid visits ${companyId}`;
  const full = visits.filter(({ paidFull, price, attendance }) => paidFull && price > 0 && attendance !== -1);
  const sums = full.map((one) => paidSum(stateOf(one), { ...terms, paidBy: "payments" }));
  const unsaid = sums.filter((sum) => sum === null).length;
  const none = sums.filter((sum) => sum === 0).length;
  if (full.length === 0) return { state: "info", about, says: "none of late" };
  if (terms.paidBy === "prices")
    return { state: "ok", about, says: `${full.length} of late, earning by their prices` };
  if (unsaid * 2 > full.length) {
    const says = `${unsaid} of ${full.length} of late come without finance operations, so they do not earn`;
    const remedy = giveRight("payments");
    return { state: "FAIL", about, says, remedy };
  }
  const says = `${none} of ${full.length} of late show no payment`;
  if (full.length < enoughVisits || none * 2 <= full.length) return { state: "ok", about, says };
  const remedy = "if the salon keeps no cash desk in YCLIENTS, set PAID_BY=prices";
  return { state: "warn", about, says: `${says}, so they earn nothing`, remedy };
}

function heldLine(companyId: CompanyId, visits: Reading[], today: string): CheckLine {
  const about = `visits held ${companyId}`;
  const over = visits.filter(({ paidFull, price, day, attendance }) => {
    return paidFull && price > 0 && day < today && attendance !== -1;
  });
  const unmarked = over.filter(({ attendance }) => attendance !== 1).length;
  const says = `${unmarked} of ${over.length} paid visits of late are not marked as held`;
  if (over.length < enoughVisits || unmarked * 2 <= over.length) return { state: "ok", about, says };
  const remedy = "mark visits as held in the journal (the client came), or set EARN_WHEN=paid";
  return { state: "warn", about, says: `${says}, so they earn nothing`, remedy };
}
