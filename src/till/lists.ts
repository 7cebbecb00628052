// What an admin may read of a card, its last rows and visits, and letting its owner read what came before them.

import { cardOfPhone } from "../cards/link.ts";
import { staffNames } from "../chat/staff.ts";
import { type HistoryRow, historyRows, openHistory, type SeenVisit, visitsSeen } from "../client/history.ts";
import { pricesKept } from "../ledger/ledger.ts";
import type { Account } from "../rules/account.ts";
import { staffIn } from "../rules/author.ts";
import type { CardId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import { postWords } from "../texts/person.ts";
import { foundBy, type Till } from "./screens.ts";
import { type TillCard, tillCard } from "./till.store.ts";

const maxRows = 10;

/** A card's last rows, the newest first, and the names of the staff in them. */
interface Rows {
  card: TillCard;
  rows: HistoryRow[];
  names: ReadonlyMap<Account, string>;
}

/** The last ten rows; null when there is no such card. */
export async function rowsOf({ db, now }: Till, id: CardId): Promise<Rows | null> {
  const card = await tillCard(db, id, now);
  if (card === null) return null;
  const { rows } = await historyRows(db, id, 0, maxRows, "staff");
  return { card, rows, names: await staffNames(db, [...new Set(rows.flatMap((row) => staffIn(row.actor)))]) };
}

/**
 * A card's last visits, the newest first; of each the points whose price was not lowered, or null. `openedBy` is who has
 * let a new account see what came before it.
 */
export interface Visits {
  card: TillCard;
  visits: (SeenVisit & { kept: Points | null })[];
  openedBy: string | null;
}

/** The last ten visits; null when there is no such card. */
export async function visitsOf({ db, now, rules }: Till, id: CardId): Promise<Visits | null> {
  const card = await tillCard(db, id, now);
  if (card === null) return null;
  const by = card.openedBy;
  const openedBy = by === null ? null : postWords(by, await staffNames(db, [by]), rules.ownerIds);
  const kept = new Map(
    (await pricesKept(db, id, "0001-01-01")).map((one) => [`${one.companyId} ${one.recordId}`, one.points]),
  );
  const visits = await visitsSeen(db, id, now, maxRows, "staff");
  return {
    card,
    visits: visits.map((one) => ({ ...one, kept: kept.get(`${one.companyId} ${one.recordId}`) ?? null })),
    openedBy,
  };
}

/** The same by the last four digits of a phone, or by a name; `several` when that is more than one card's. */
export async function visitsOfWords(till: Till, words: string): Promise<Visits | "several" | null> {
  const { cards, total } = await foundBy(till, words, 1);
  if (total > 1) return "several";
  return cards[0] ? visitsOf(till, cards[0].id) : null;
}

/** The same by a phone. */
export async function visitsOfPhone(till: Till, phone: string): Promise<Visits | null> {
  const card = await cardOfPhone(till.db, phone);
  return card === null ? null : visitsOf(till, card);
}

/**
 * The owner of a card that another account had before sees the history from before too: the admin `by` has seen that it
 * is the same person. `since` (ms) is from when the account that was shown has the card; false when it is another now.
 */
export function trustOwner(till: Till, card: CardId, since: number, by: Account): Promise<boolean> {
  return openHistory(till.db, card, { since: new Date(since), by, at: till.now });
}
