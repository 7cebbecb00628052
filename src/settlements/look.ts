// What stands in YCLIENTS of a settlement: read in an order in which nothing that acts late is missed.

import { Refused } from "../errors.ts";
import type { Kopecks } from "../rules/money.ts";
import { addDays, dayOf } from "../rules/time.ts";
import {
  type Bill,
  otherMeans,
  payingKinds,
  type RecordState,
  withdrawal,
} from "../yclients/loyalty-answers.ts";
import type { Settling } from "./settle.ts";
import type { Hindrance, Standing } from "./settlement.rule.ts";
import { isOnCard, otherVisitsOf, recordsOfVisit, type StoredSettlement } from "./settlements.store.ts";

/** A rouble stays to be paid: a line of nothing would be no sale. Kopecks. */
const leastLeft = 100;
/** How often a card's balance may change under a look before it is left for later. */
const steadyTries = 3;

/** What was seen, and whose card in YCLIENTS it was. */
export interface Looked extends Standing {
  client: number | null;
  reservedCard: number | null;
}

/**
 * What stands now. The balance is read before what the card pays, and, where a write is open, after it too: points that move
 * from the one to the other in between would else be seen in neither. `elsewhere`: other visits are looked at as well.
 */
export async function look(settling: Settling, one: StoredSettlement, elsewhere: boolean): Promise<Looked> {
  const { yclients } = settling;
  const record = await yclients.recordState(one.company, one.record);
  const client = one.client ?? record?.clientId ?? null;
  const before = await cardOf(settling, one, client);
  const rows = await yclients.visitRows(one.visit);
  for (let tries = 1; one.asked; tries++) {
    const after = await cardOf(settling, one, client);
    if (after.balance === before.balance) break;
    if (tries === steadyTries) throw new Refused("YCLIENTS", 200, "a card changes while it is looked at");
    Object.assign(before, after);
    rows.splice(0, rows.length, ...(await yclients.visitRows(one.visit)));
  }
  const { reservedCard } = before;
  const ours = rows.filter(
    (row) => row.kind === withdrawal && row.card === reservedCard && reservedCard !== null,
  );
  const applied = ours.reduce((sum, row) => sum + row.amount, 0);
  const bills = await billsOf(settling, one, record);
  const left = bills && leftToPay(bills, settling.billFalls(one.company));
  const seen = { record, client, twoCards: before.several, left, bills, means: rows.map((row) => row.kind) };
  return {
    ...{ client, reservedCard, balance: before.balance, applied, left },
    hindrance: one.goal === "settle" && applied === 0 ? await hindranceOf(settling, one, seen) : null,
    elsewhere: elsewhere && reservedCard !== null ? await paysElsewhere(settling, one, reservedCard) : null,
  };
}

async function cardOf(
  settling: Settling,
  one: StoredSettlement,
  client: number | null,
): Promise<{ reservedCard: number | null; balance: Kopecks | null; several: boolean }> {
  const none = { reservedCard: one.reservedCard, balance: null, several: false };
  if (client === null) return none;
  const { type } = settling.reserved(one.company);
  const cards = (await settling.yclients.cardsOf(client)).filter((card) => card.typeId === type);
  const known = cards.find((card) => card.id === one.reservedCard) ?? cards[0];
  return known ? { reservedCard: known.id, balance: known.balance, several: cards.length > 1 } : none;
}

/** Of every record of the visit, for a withdrawal is spread over all of them; null where one cannot be found. */
async function billsOf(
  { db, yclients }: Settling,
  one: StoredSettlement,
  record: RecordState | null,
): Promise<Bill[] | null> {
  if (record === null || record.visitId !== one.visit) return null;
  const others = (await recordsOfVisit(db, one.company, one.visit)).filter((other) => other !== one.record);
  const states = await Promise.all(others.map((other) => yclients.recordState(one.company, other)));
  const together = states.filter((state) => state !== null && !state.deleted && state.visitId === one.visit);
  const documents = new Set([record, ...together].flatMap((state) => state?.documents ?? []));
  return documents.size === 0
    ? null
    : Promise.all([...documents].map((document) => yclients.bill(one.company, document)));
}

/** What is left to pay over all documents of a visit, each line, row and payment once. `falls`: prices fall by a withdrawal. */
export function leftToPay(bills: readonly Bill[], falls: boolean): Kopecks {
  const once = <T extends { id: string | number }>(all: T[]) => [
    ...new Map(all.map((one) => [one.id, one])).values(),
  ];
  const lines = once(bills.flatMap((bill) => bill.lines)).reduce((sum, line) => sum + line.toPay, 0);
  const rows = once(bills.flatMap((bill) => bill.rows)).filter(
    (row) => payingKinds.includes(row.kind) && !(falls && row.kind === withdrawal),
  );
  const paid = once(bills.flatMap((bill) => bill.payments)).reduce((sum, one) => sum + one.amount, 0);
  return lines - rows.reduce((sum, row) => sum + row.amount, 0) - paid;
}

interface Seen {
  record: RecordState | null;
  client: number | null;
  twoCards: boolean;
  left: Kopecks | null;
  bills: Bill[] | null;
  means: number[];
}

/** Why nothing may be put on the bill: what a person would see first comes first. */
async function hindranceOf(
  { db }: Settling,
  one: StoredSettlement,
  { record, client, twoCards, left, bills, means }: Seen,
): Promise<Hindrance | null> {
  if (record === null || record.deleted) return "record_gone";
  if (record.attendance === -1) return "no_show";
  if (record.visitId !== one.visit) return "no_visit";
  if (
    client === null ||
    record.clientId !== client ||
    !(one.card === null || (await isOnCard(db, one.card, client)))
  )
    return "other_client";
  if (record.locked || bills?.some((bill) => bill.receipt)) return "receipt";
  if (record.paid) return "paid";
  if (means.some((kind) => otherMeans.includes(kind))) return "certificate";
  if (twoCards) return "two_cards";
  if (left === null) return "prices_unclear";
  return left < one.amount + leastLeft ? "too_little_left" : null;
}

/** Whether the card pays of a visit that no settlement of ours is of, yesterday to tomorrow: days are of the chain's zone. */
async function paysElsewhere(
  { db, yclients, now, reserved }: Settling,
  one: StoredSettlement,
  reservedCard: number,
): Promise<boolean | null> {
  const today = dayOf(now(), "UTC");
  const ours = new Set([one.visit, ...(await otherVisitsOf(db, reservedCard))]);
  const { chain } = reserved(one.company);
  const rows = await yclients.withdrawals(chain, reservedCard, addDays(today, -1), addDays(today, 1));
  return rows.some((row) => row.visit !== null && !ours.has(row.visit));
}
