// A card's statement: what it held, each change, what it holds. Its sums are the ledger's at that moment, to the hundredth.

import type { HistoryEntry } from "../client/history.texts.ts";
import { entryOf, historyRows, type Viewer } from "../client/history.ts";
import { type Db, inTransaction, type Sql } from "../db/connect.ts";
import { lastRoots, proofOf } from "../ledger/tree.ts";
import { proofLine } from "../ledger/tree-path.ts";
import { holdStill } from "../ledger/verify.ts";
import type { CardId, EntryId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import { addDays, dayOf, instantOf, wallTime } from "../rules/time.ts";
import { cardThen, type Ending, endingsOf, type LastRow, lastRow } from "./statements.store.ts";

/** Days of a period, `YYYY-MM-DD`, both inclusive; null: from the first change, to now. */
export interface StatementDays {
  from: string | null;
  to: string | null;
}

/** Whose statement of which card, when and by which clock. An account sees what is its own, who works here all. */
export interface StatementAsked extends StatementDays {
  card: CardId;
  viewer: Viewer;
  timeZone: string;
  now: Date;
  /** Whether the last day's proof is wanted. */
  proof: boolean;
}

/** A change, with its number in the ledger, its moment by the clock of the zone and what the card held after it. */
export type StatedChange = HistoryEntry & { id: EntryId; at: string };

/** A statement. Opening and changes sum to closing; `seal` is the ledger's last row as the statement was made. */
export interface Statement extends StatementDays {
  card: CardId;
  phone: string | null;
  /** When it was made, `YYYY-MM-DDTHH:MM:SS` by the clock of the zone. */
  made: string;
  timeZone: string;
  opening: Points;
  /** The first one first. */
  changes: StatedChange[];
  closing: Points;
  /** What of it may be spent until which day, the nearest first; what has no end is not here. */
  endings: Ending[];
  seal: LastRow;
  /** What the card held at a day's seal, with its way to the day's root; null: not asked for, or there is none. */
  proof: { day: string; points: Points; line: string } | null;
}

/**
 * The statement of a card, from one snapshot of the ledger. What came before the history is the account's is in the opening.
 * Null where there is no such card.
 */
export function statementOf(db: Db, asked: StatementAsked): Promise<Statement | null> {
  const { card, viewer, timeZone, now } = asked;
  return inTransaction(db, async (tx) => {
    await holdStill(tx);
    const { since, until } = momentsOf(asked, timeZone);
    const then = await cardThen(tx, card, viewer === "staff" ? null : viewer, until);
    if (then === null) return null;
    const found = await historyRows(tx, card, 0, Number.MAX_SAFE_INTEGER, viewer, { since, until });
    const rows = found.rows.reverse();
    const opening = then.held - rows.reduce((sum, { points }) => sum + points, 0);
    let held = opening;
    const changes = rows.map((row) => {
      held += row.points;
      return { ...entryOf(row), after: held, id: row.id, at: wallTime(row.at, timeZone) };
    });
    const theirs = then.historyFrom === null ? null : dayOf(then.historyFrom, timeZone);
    return {
      ...{ card, phone: then.phone, made: wallTime(now, timeZone), timeZone },
      from: theirs !== null && theirs > (asked.from ?? "") ? theirs : asked.from,
      to: asked.to,
      ...{ opening, changes, closing: then.held },
      endings: await endingsOf(tx, card, until),
      seal: await lastRow(tx),
      proof: asked.proof ? await lineOf(tx, card) : null,
    };
  });
}

async function lineOf(sql: Sql, card: CardId): Promise<Statement["proof"]> {
  const proof = await proofOf(sql, card);
  return proof && { day: proof.day, points: proof.points, line: proofLine(proof) };
}

/** From the first moment of a period until before the one that is its no more. */
export function momentsOf(
  { from, to }: StatementDays,
  timeZone: string,
): { since: Date | null; until: Date | null } {
  const midnight = (day: string) => instantOf(`${day}T00:00:00`, timeZone);
  return {
    since: from === null ? null : midnight(from),
    until: to === null ? null : midnight(addDays(to, 1)),
  };
}

const maxDaysPublished = 400;

/** The last days' roots, a line each, for whoever checks a statement. */
export async function publishedRoots(sql: Sql): Promise<string> {
  const roots = await lastRoots(sql, maxDaysPublished);
  return roots.map(({ day, root }) => `${day} ${root}\n`).join("");
}
