// What stands in YCLIENTS of a settlement: read in an order in which nothing that acts late is missed.

import type { Db } from "../db/connect.ts";
import { Refused } from "../errors.ts";
import type { Log } from "../log.ts";
import { type Kopecks, pointsFor } from "../rules/money.ts";
import { mostPoints, type SpendRules } from "../rules/spending.ts";
import { addDays, dayOf } from "../rules/time.ts";
import type { Yclients } from "../yclients/client.ts";
import {
  amountOf,
  type LoyaltyRow,
  otherMeans,
  payingKinds,
  type RecordState,
  type Sale,
  withdrawal,
  withdrawalsBy,
} from "../yclients/loyalty-answers.ts";
import type { InJournal, Move, Obstacle } from "./settlement.rule.ts";
import {
  doesCardWait,
  isOnCard,
  recordsOfVisit,
  type StoredSettlement,
  settledVisitsOf,
} from "./settlements.store.ts";

/** A rouble stays to be paid: a line of nothing would be no sale. Kopecks. */
const leastLeft = 100;
/** How often a card's balance may change under a look before it is left for later. */
const steadyTries = 3;

/** What settling works with. */
export interface Settling {
  db: Db;
  yclients: Yclients;
  log: Log;
  now: () => Date;
  /** What the settings let points pay of a bill: of the journal's too, for the one written at the till may be another. */
  rules: SpendRules;
  /** Told of each step of one before it is done: what is seen there, and what comes next. */
  step?(one: StoredSettlement, move: Move, seen: SettlementLook): void;
  signal: AbortSignal;
}

/** What was seen, and whose card in YCLIENTS it was. */
export interface SettlementLook extends InJournal {
  record: RecordState | null;
  client: number | null;
  reservedCard: number | null;
}

/**
 * What stands now. The balance is read before what the card pays, and after it too where nobody knows whether a write is still on
 * its way: points that move from the one to the other in between would else be seen in neither. `elsewhere`: other visits are
 * looked at as well. `before`: what this program saw a moment ago; of what was answered with yes since it reads what has changed.
 */
export async function look(
  settling: Settling,
  one: StoredSettlement,
  elsewhere: boolean,
  before: SettlementLook | null,
): Promise<SettlementLook> {
  const { yclients } = settling;
  const isAnswered = one.asked?.answer === "yes";
  const known = isAnswered ? before?.record : null;
  const record = known ?? (await yclients.recordState(one.company, one.record));
  const client = one.client ?? record?.clientId ?? null;
  let card = await cardOf(settling, one, client);
  let rows = await rowsOf(settling, one, record);
  for (let tries = 1; one.asked && !isAnswered; tries++) {
    const after = await cardOf(settling, one, client);
    if (after.balance === card.balance) break;
    if (tries === steadyTries) throw new Refused("YCLIENTS", 200, "a card changes while it is looked at");
    card = after;
    rows = await rowsOf(settling, one, record);
  }
  const { reservedCard } = card;
  const ours = withdrawalsBy(rows, reservedCard);
  const applied = amountOf(ours);
  const sales = await salesOf(settling, one, record, rows);
  const left = sales && leftOfSales(sales, one.billFalls);
  const means = rows.map((row) => row.kind);
  const seen = { record, client, reservedCard, twoCards: card.several, left, sales, means };
  return {
    ...{ record, client, reservedCard, balance: card.balance, applied, left },
    obstacle:
      one.goal === "settle" && applied === 0
        ? await obstacleOf(settling, one, seen)
        : obstacleToReturn(one, record),
    elsewhere:
      elsewhere && reservedCard !== null ? await paysElsewhere(settling, one, reservedCard, ours) : null,
  };
}

/** What pays of the visit, and of the one that its record has gone to meanwhile: rows go along. */
async function rowsOf(
  { yclients }: Settling,
  one: StoredSettlement,
  record: RecordState | null,
): Promise<LoyaltyRow[]> {
  const visits = new Set([one.visit, record?.visitId ?? one.visit]);
  const rows = await Promise.all([...visits].map((visit) => yclients.visitRows(visit)));
  return [...new Map(rows.flat().map((row) => [row.id, row])).values()];
}

async function cardOf(
  settling: Settling,
  one: StoredSettlement,
  client: number | null,
): Promise<{ reservedCard: number | null; balance: Kopecks | null; several: boolean }> {
  const none = { reservedCard: one.reservedCard, balance: null, several: false };
  if (client === null) return none;
  const cards = (await settling.yclients.cardsOf(client)).filter((card) => card.typeId === one.cardType);
  // What was put on a card is on no other one that came in its place.
  const other = one.touched ? undefined : cards[0];
  const known = cards.find((card) => card.id === one.reservedCard) ?? other;
  return known ? { reservedCard: known.id, balance: known.balance, several: cards.length > 1 } : none;
}

/** Of every record of the visit, for a withdrawal is spread over all of them; null where one cannot be found. */
async function salesOf(
  { db, yclients }: Settling,
  one: StoredSettlement,
  record: RecordState | null,
  rows: readonly LoyaltyRow[],
): Promise<Sale[] | null> {
  if (record === null || record.visitId !== one.visit) return null;
  // One that no pass has read yet is known by what pays of it.
  const others = new Set([...(await recordsOfVisit(db, one)), ...rows.flatMap((row) => row.record ?? [])]);
  others.delete(one.record);
  const states = await Promise.all([...others].map((other) => yclients.recordState(one.company, other)));
  const together = states.filter((state) => state !== null && !state.deleted && state.visitId === one.visit);
  const documents = new Set([record, ...together].flatMap((state) => state?.documents ?? []));
  return documents.size === 0
    ? null
    : Promise.all([...documents].map((document) => yclients.sale(one.company, document)));
}

/** What is left to pay over all documents of a visit, each line, row and payment once. `falls`: prices fall by a withdrawal. */
export function leftOfSales(sales: readonly Sale[], falls: boolean): Kopecks {
  const lines = linesOf(sales).reduce((sum, line) => sum + line.toPay, 0);
  const rows = once(sales.flatMap((sale) => sale.rows)).filter(
    (row) => payingKinds.includes(row.kind) && !(falls && row.kind === withdrawal),
  );
  return lines - amountOf(rows) - amountOf(once(sales.flatMap((sale) => sale.payments)));
}

const once = <T extends { id: string | number }>(all: T[]) => [
  ...new Map(all.map((one) => [one.id, one])).values(),
];
const linesOf = (sales: readonly Sale[]) => once(sales.flatMap((sale) => sale.lines));

/** By the rules of spending no bill of these lines lets so many points pay of it. */
function isTooMuch(rules: SpendRules, amount: Kopecks, sales: readonly Sale[]): boolean {
  const sum = (lines: Sale["lines"]) => lines.reduce((all, line) => all + line.toPay, 0);
  const lines = linesOf(sales);
  const services = rules.spendOn === "services" ? sum(lines.filter(({ isGood }) => !isGood)) : null;
  const balance = pointsFor(amount);
  return mostPoints({ ...rules, spendStep: 1 }, { bill: sum(lines), services, balance }).points < balance;
}

interface Seen {
  record: RecordState | null;
  client: number | null;
  reservedCard: number | null;
  twoCards: boolean;
  left: Kopecks | null;
  sales: Sale[] | null;
  means: number[];
}

/** Why nothing may be put on the bill: what a person would see first comes first. */
async function obstacleOf(
  { db, rules }: Settling,
  one: StoredSettlement,
  { record, client, reservedCard, twoCards, left, sales, means }: Seen,
): Promise<Obstacle | null> {
  if (record === null || record.deleted) return "record_gone";
  if (record.attendance === -1) return "no_show";
  if (record.visitId !== one.visit) return "no_visit";
  if (
    client === null ||
    record.clientId !== client ||
    !(one.card === null || (await isOnCard(db, one.card, client)))
  )
    return "other_client";
  if (record.locked || sales?.some((sale) => sale.receipt)) return "receipt";
  if (record.paid) return "paid";
  if (means.some((kind) => otherMeans.includes(kind))) return "certificate";
  if (twoCards) return "two_cards";
  if (reservedCard !== null && (await doesCardWait(db, reservedCard))) return "card_waits";
  if (reservedCard === null && record.phone === null) return "no_phone";
  if (left === null || sales === null) return "prices_unclear";
  if (left < one.amount + leastLeft) return "too_little_left";
  return one.row !== null && isTooMuch(rules, one.amount, sales) ? "too_much" : null;
}

/** A visit whose rest is paid would be short of what points paid: its payment is deleted first. A trial puts all back. */
function obstacleToReturn(one: StoredSettlement, record: RecordState | null): Obstacle | null {
  return one.row !== null && record?.paid && !record.deleted ? "paid" : null;
}

/**
 * Whether the card pays of any visit more than settlements of ours have put there, for a month back: days are of the chain's zone,
 * and the last one asked for may be left out. `seen`: its rows of this visit.
 */
async function paysElsewhere(
  { db, yclients, now }: Settling,
  one: StoredSettlement,
  reservedCard: number,
  seen: readonly LoyaltyRow[],
): Promise<boolean | null> {
  const today = dayOf(now(), "UTC");
  const ours = await settledVisitsOf(db, reservedCard);
  ours.delete(one.visit);
  const known = new Set(seen.map((row) => row.id));
  const rows = await yclients.withdrawals(one.chain, reservedCard, addDays(today, -30), addDays(today, 2));
  const others = Map.groupBy(
    rows.filter((row) => !known.has(row.id)),
    (row) => row.visit ?? 0,
  );
  return [...others].some(([visit, all]) => amountOf(all) > (ours.get(visit) ?? 0));
}
