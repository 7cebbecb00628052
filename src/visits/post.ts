// A page of readings goes into the ledger: states, decisions, rows and notices, in one transaction.

import { handOver, placePeople } from "../cards/assign.ts";
import { type Db, inHalves, type Tx } from "../db/connect.ts";
import type { Lease } from "../jobs/leases.ts";
import { moveOpening, postEntries, relinkSpends, underLockForPage } from "../ledger/ledger.ts";
import { beginCounting, noteRises } from "../levels/counting.ts";
import type { CardId, EntryId, RecordOfBranch } from "../rules/ids.ts";
import { decimal } from "../rules/money.ts";
import type { Reads } from "../yclients/pages.ts";
import type { Reading, Unreadable } from "../yclients/record.ts";
import type { Sync } from "./branch.ts";
import {
  type BranchProgramme,
  type DecidedReading,
  decidePage,
  inSight,
  nothing,
  type Outcome,
  outcomeOf,
  peopleOf,
  plus,
  stateOf,
  wentElsewhere,
} from "./decide.ts";
import type { VisitEntry } from "./plan.rule.ts";
import { clearRechecks, requestRechecks } from "./recheck.store.ts";
import type { Word } from "./visit.rule.ts";
import {
  knownVisits,
  knownVisitsOf,
  moveBareVisits,
  putVisits,
  touchVisits,
  unreadAwards,
  unreadAwardsOf,
} from "./visits.store.ts";

/** A row that visits have just made. */
type NewRow = VisitEntry & { id: EntryId };

/** What is committed of a page: its sums, and the new rows in order. */
interface PostedPage extends Outcome {
  rows: NewRow[];
}

/** The same, and which records the database refuses, with the rule that they break. */
interface Fitted extends PostedPage {
  refused: Unreadable[];
}

/**
 * A page of the journal goes in; what could not be read of it, or the database refuses, is set aside and stops nothing.
 */
export async function postPage(
  sync: Sync & { lease: Lease },
  programme: BranchProgramme,
  { readings, unreadable }: Reads,
): Promise<Outcome> {
  sync.signal.throwIfAborted();
  const { refused, ...outcome } = await postAndLog(sync, programme, readings, sync.lease);
  const odd = [...unreadable, ...refused];
  const aside = odd.flatMap(({ recordId, why }) =>
    recordId === null ? [] : [{ recordId, reason: "unreadable" as const, error: why }],
  );
  await requestRechecks(sync.db, programme.companyId, aside);
  if (odd.length > 0) {
    const [company, records] = [programme.companyId, odd.length];
    sync.log.warn({ company, records, ids: aside.map((one) => one.recordId) }, "some records are set aside");
  }
  return { ...outcome, doubts: outcome.doubts + odd.length };
}

/**
 * `postWhatFits`, logged and counted. `record` leads from the page (level debug) to the row and to its line of
 * `notify_new_bonuses`; `pass` is the lease's token, which no two passes share.
 */
export async function postAndLog(
  { db, log, count }: Pick<Sync, "db" | "log" | "count">,
  programme: BranchProgramme,
  readings: Reading[],
  lease: Lease,
): Promise<Outcome & { refused: Unreadable[] }> {
  const { rows, refused, ...outcome } = await postWhatFits(db, programme, readings, lease);
  const whence = { job: lease.name.split(":")[0], pass: lease.token, company: programme.companyId };
  if (readings.length > 0) {
    log.debug({ ...whence, ...outcome, ids: readings.map((one) => one.recordId) }, "a page is in the ledger");
  }
  for (const { id, record, card, kind, points, reason } of rows) {
    log.info(
      { ...whence, record, row: id, card, kind, points: decimal(points), reason },
      "a visit made a row",
    );
  }
  count?.(programme.companyId, outcome);
  return { ...outcome, refused };
}

/**
 * `postReadings` for what fits: a page that the database refuses goes in by halves, each in a transaction of its own, until
 * the odd records stand alone. What a moment later may be otherwise is thrown, as is `LeaseLost`; what was committed stays.
 */
export async function postWhatFits(
  db: Db,
  programme: BranchProgramme,
  readings: Reading[],
  lease: Lease | null,
): Promise<Fitted> {
  let posted: Fitted = { ...nothing(), rows: [], refused: [] };
  const work = async (some: Reading[]) => {
    const part = await postReadings(db, programme, some, lease);
    posted = { ...plus(posted, part), rows: [...posted.rows, ...part.rows], refused: posted.refused };
  };
  await inHalves(readings, work, ({ recordId }, rule) => {
    posted.refused.push({ recordId, why: `the database refuses it: ${rule}` });
  });
  return posted;
}

/**
 * Brings the ledger in step with these readings of one branch, each record at most once, in one transaction and a fixed
 * number of statements. Throws `LeaseLost`, with nothing written, when the lease has gone to another program.
 */
export async function postReadings(
  db: Db,
  programme: BranchProgramme,
  readings: Reading[],
  lease: Lease | null,
): Promise<PostedPage> {
  if (readings.length === 0) return { ...nothing(), rows: [] };
  return underLockForPage(db, lease, async (tx) => {
    const rows: NewRow[] = [];
    const merge = async (from: CardId, to: CardId) => {
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
    const levels = programme.leveled ? await beginCounting(tx) : null;
    const cards = [...stored, ...unread, ...places.values()].flatMap(({ card }) => card ?? []);
    await levels?.read(
      tx,
      cards,
      [...stored, ...unread].flatMap(({ awardId }) => awardId ?? []),
    );
    const decided = decidePage(programme, readings, places, stored, unread, levels);
    const keys = await keepStates(tx, programme, decided);
    const entries = decided
      .flatMap(({ plan }) => ("entries" in plan ? plan.entries : []))
      .map((entry) =>
        entry.kind === "award" ? { ...entry, key: keys.get(entry.record) ?? entry.key } : entry,
      );
    rows.push(...(await postVisitEntries(tx, programme, entries)));
    if (levels)
      await noteRises(
        tx,
        levels,
        rows.map(({ card }) => card),
        programme.settleMs,
      );
    return { ...outcomeOf(decided, entries), rows };
  });
}

/** The key of each record's award. Inside the ledger's transaction, so that no row is ever without the state that it was made from. */
async function keepStates(
  tx: Tx,
  programme: BranchProgramme,
  decided: DecidedReading[],
): Promise<Map<number, string>> {
  const changed = decided.flatMap(({ reading, known, plan }) =>
    plan.step === "change" ? [stateOf(programme, reading, known, plan)] : [],
  );
  const kept = decided.flatMap(({ reading, plan }) =>
    plan.step === "keep" ? [{ ...reading, decision: plan.decision.word }] : [],
  );
  const doubts = decided.flatMap(({ reading, plan }) =>
    plan.step === "doubt" && (plan.doubt !== "payment_unknown" || inSight(programme, reading))
      ? [{ recordId: reading.recordId, reason: plan.doubt, error: null }]
      : [],
  );
  // Payments out of sight stay so, however often they are asked for, until the right is another.
  const waits = (visit: { decision: Word; day: string }) =>
    visit.decision === "payment_unknown" && inSight(programme, visit);
  const read = [...changed, ...kept];
  const keys = await putVisits(tx, changed);
  await leaveBehind(tx, programme, decided.flatMap(wentElsewhere));
  await touchVisits(tx, programme.companyId, kept);
  await clearRechecks(
    tx,
    programme.companyId,
    read.filter((visit) => !waits(visit)),
  );
  const unknown = read.filter(waits);
  await requestRechecks(tx, programme.companyId, [
    ...doubts,
    ...unknown.map(({ recordId }) => ({ recordId, reason: "payment_unknown" as const, error: null })),
  ]);
  return keys;
}

/** These records have become other cards': what was spent on them, and what is open about them, stays with the card before. */
async function leaveBehind(tx: Tx, programme: BranchProgramme, records: RecordOfBranch[]): Promise<void> {
  await relinkSpends(tx, records);
  await programme.closeScreens(tx, records);
}

async function postVisitEntries(
  tx: Tx,
  programme: BranchProgramme,
  entries: VisitEntry[],
): Promise<NewRow[]> {
  const added = await postEntries(
    tx,
    entries.map((entry) => ({ ...entry, actor: "sync" })),
    { about: "visits", companyId: programme.companyId, inMs: programme.settleMs },
  );
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  // What had ended and was given back before a correction is no row of a visit.
  return added.flatMap(({ id, key }) => {
    const entry = byKey.get(key);
    return entry ? [{ ...entry, id }] : [];
  });
}

/** A card without a phone has rows of visits, which move by the one rule of all visits, and what was imported beside. */
async function mergeCards(tx: Tx, programme: BranchProgramme, from: CardId, to: CardId): Promise<NewRow[]> {
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
