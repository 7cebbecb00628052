// A page of readings goes into the ledger: states, decisions, rows and notices, in one transaction.

import { placePeople } from "../cards/assign.ts";
import { handOver } from "../cards/cards.store.ts";
import { type Db, refusedValue, type Tx } from "../db/connect.ts";
import { must } from "../errors.ts";
import type { Lease } from "../jobs/leases.ts";
import { moveOpening, postEntries, underLockForPage } from "../ledger/ledger.ts";
import type { Reading, Unreadable } from "../yclients/record.ts";
import { judge, nothing, type Outcome, outcomeOf, type Programme, peopleOf, plus } from "./decide.ts";
import type { VisitEntry } from "./plan.rule.ts";
import { keepStates, leaveBehind } from "./states.ts";
import { knownVisits, knownVisitsOf, moveBareVisits, unreadAwards, unreadAwardsOf } from "./visits.store.ts";

/** A row that visits have just made. */
export interface NewRow {
  id: number;
  recordId: number;
  entry: VisitEntry;
}

/** What is committed of a page: its sums, and the new rows in order. */
export interface Posted extends Outcome {
  rows: NewRow[];
}

/** The same, and which records the database refuses, with the rule that they break. */
export interface Fitted extends Posted {
  refused: Unreadable[];
}

/**
 * `postReadings` for what fits: a page that the database refuses is halved until the odd records stand alone, each part in
 * a transaction of its own. Everything that a moment later may be otherwise (see `refusedValue`) is thrown, as is
 * `LeaseLost`; what was committed before stays.
 */
export async function postWhatFits(
  db: Db,
  programme: Programme,
  readings: Reading[],
  lease: Lease | null,
): Promise<Fitted> {
  try {
    return { ...(await postReadings(db, programme, readings, lease)), refused: [] };
  } catch (error) {
    const rule = refusedValue(error);
    const [first] = readings;
    if (rule === null || first === undefined) throw error;
    if (readings.length === 1) {
      const refused = [{ recordId: first.recordId, why: `the database refuses it: ${rule}` }];
      return { ...nothing(), rows: [], refused };
    }
    const half = Math.ceil(readings.length / 2);
    const one = await postWhatFits(db, programme, readings.slice(0, half), lease);
    const other = await postWhatFits(db, programme, readings.slice(half), lease);
    return {
      ...plus(one, other),
      rows: [...one.rows, ...other.rows],
      refused: [...one.refused, ...other.refused],
    };
  }
}

/**
 * Brings the ledger in step with these readings of one branch (each record at most once): states, decisions, rows and
 * notices in one transaction, in a fixed number of statements however many there are. Throws `LeaseLost`, with nothing
 * written, when the lease has gone to another program.
 */
export async function postReadings(
  db: Db,
  programme: Programme,
  readings: Reading[],
  lease: Lease | null,
): Promise<Posted> {
  if (readings.length === 0) return { ...nothing(), rows: [] };
  return underLockForPage(db, lease, async (tx) => {
    const rows: NewRow[] = [];
    const merge = async (from: number, to: number) => {
      rows.push(...(await mergeCards(tx, programme, from, to)));
    };
    const { places, moves } = await placePeople(tx, peopleOf(readings), merge, programme.veil);
    await leaveBehind(tx, programme, await moveBareVisits(tx, moves));
    const records = readings.map((one) => one.recordId);
    const stored = await knownVisits(tx, programme.companyId, records);
    const seen = new Set(stored.map((visit) => visit.recordId));
    const unread = await unreadAwards(
      tx,
      programme.companyId,
      records.filter((id) => !seen.has(id)),
    );
    const judged = judge(programme, readings, places, stored, unread);
    const keys = await keepStates(tx, programme, judged);
    const entries = judged
      .flatMap(({ plan }) => ("entries" in plan ? plan.entries : []))
      .map((entry) =>
        entry.kind === "award" ? { ...entry, key: keys.get(entry.record) ?? entry.key } : entry,
      );
    rows.push(...(await postVisitEntries(tx, programme, entries)));
    return { ...outcomeOf(judged, entries), rows };
  });
}

async function postVisitEntries(tx: Tx, programme: Programme, entries: VisitEntry[]): Promise<NewRow[]> {
  const added = await postEntries(
    tx,
    entries.map((entry) => ({ ...entry, actor: "sync" })),
    { about: "visits", companyId: programme.companyId, inMs: programme.settleMs },
  );
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  return added.map(({ id, key }) => {
    const entry = must(byKey.get(key), "the entry of an added row");
    return { id, recordId: entry.record, entry };
  });
}

/** A card without a phone has rows of visits, which move by the one rule of all visits, and what was imported beside. */
async function mergeCards(tx: Tx, programme: Programme, from: number, to: number): Promise<NewRow[]> {
  const visits = [...(await knownVisitsOf(tx, from)), ...(await unreadAwardsOf(tx, from))];
  const entries = visits.flatMap((visit) => {
    const sum = visit.posted.get(from) ?? 0;
    if (sum === 0) return [];
    const row = {
      kind: "correction",
      record: visit.recordId,
      recordId: null,
      corrects: visit.awardId,
      paid: null,
      reason: "moved",
    } as const;
    const award = visit.awardKey ?? `visit:${visit.recordId}`;
    const key = (place: number) => `${award}:${visit.rows + place}`;
    return [
      { ...row, card: from, points: -sum, key: key(1) },
      { ...row, card: to, points: sum, key: key(2) },
    ];
  });
  const rows = await postVisitEntries(tx, programme, entries);
  await moveOpening(tx, from, to);
  await handOver(tx, from, to);
  return rows;
}
