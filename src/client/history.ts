// What a person may see of their card: how points came and went, and why; and all that is stored of them.

import { belongingsOf, type OtherCard, storedCard, storedChat, storedWork } from "../cards/forget.ts";
import { phoneInJournal } from "../cards/link.ts";
import type { Sql } from "../db/connect.ts";
import { birthdayOf } from "../gifts/birthdays.ts";
import { cardBalance } from "../ledger/ledger.ts";
import { type Account, externalIdOf } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import { dayOf } from "../rules/time.ts";
import { messengerOf } from "../texts/messenger.ts";
import { unknownBranchZone } from "../visits/branch.ts";
import { shownCause } from "../visits/visit.rule.ts";
import * as store from "./history.store.ts";
import type { HistoryEntry, HistoryView } from "./history.texts.ts";
import type { StoredData } from "./mydata.texts.ts";
import type { WhyView } from "./why.texts.ts";

export { type CardSums, cardSums } from "./card-sums.store.ts";
export {
  type HistoryRow,
  historyRows,
  type NumberedRow,
  openHistory,
  type SeenVisit,
  visitsSeen,
} from "./history.store.ts";

/** How many changes a page shows. */
const pageSize = 5;

/** A page of the card's history, newest first; `page` counts from 0, and one beyond the last is the last. */
export async function historyOf(sql: Sql, card: CardId, page: number, now: Date): Promise<HistoryView> {
  const { rows, total, earlier, page: shown } = await store.historyRows(sql, card, page, pageSize);
  const zone = rows[0]?.timeZone ?? unknownBranchZone;
  return {
    page: shown,
    pages: Math.max(1, Math.ceil(total / pageSize)),
    earlier,
    entries: rows.map(entryOf),
    year: Number(dayOf(now, zone).slice(0, 4)),
  };
}

/** How many changes the arithmetic of one message is told of. */
const maxDetails = 15;

/** The changes that a message was about, the first one first; none when the card does not have them, or not for this owner. */
export async function detailsOf(sql: Sql, card: CardId, rows: store.RowRange): Promise<HistoryEntry[]> {
  const found = await store.historyRows(sql, card, 0, maxDetails, "owner", rows);
  return found.rows.map(entryOf).reverse();
}

/** All of it on one page. */
async function wholeHistory(sql: Sql, card: CardId): Promise<Pick<HistoryView, "entries" | "earlier">> {
  const { rows, earlier } = await store.historyRows(sql, card, 0, Number.MAX_SAFE_INTEGER);
  return { entries: rows.map(entryOf), earlier };
}

/** A row as the texts take it. */
export function entryOf(row: store.HistoryRow): HistoryEntry {
  const { at, timeZone, paidBy, actor: _, ...rest } = row;
  const reason = shownCause(row.reason, paidBy);
  return { ...rest, reason, day: dayOf(at, timeZone ?? unknownBranchZone) };
}

const lastVisits = 10;

/** The card's last visits, the latest first, each with what it made or why nothing; and where the others are. */
export async function whyViewOf(sql: Sql, card: CardId, now: Date): Promise<WhyView> {
  const visits = await store.visitsSeen(sql, card, now, lastVisits);
  return { visits, total: visits[0]?.total ?? 0, journal: await phoneInJournal(sql, card) };
}

const all = Number.MAX_SAFE_INTEGER;
/** Visits to come are stored too. */
const forEver = new Date("9999-12-31T00:00:00Z");

/** Everything stored of an account, of the card that is linked to it, if one is, and of all else that belongs to them. */
export async function dataOf(sql: Sql, account: Account, now: Date): Promise<StoredData> {
  const card = await storedCard(sql, account);
  const zone = card?.timeZone ?? unknownBranchZone;
  const chat = await storedChat(sql, account);
  const work = await storedWork(sql, account);
  const { day, from } = await birthdayOf(sql, account, now);
  const { cards, people } = await belongingsOf(sql, account);
  // Whoever had the number before is no business of whoever has it now.
  const journal = people.map(({ name, unproved }) => ({ name: card?.taken || unproved ? null : name }));
  const others = cards.filter((one) => !one.kept);
  return {
    messenger: messengerOf(account),
    externalId: externalIdOf(account),
    consents: chat.consents.map(({ at }) => ({ day: dayOf(at, zone) })),
    birthday: day === null ? null : { day, ofJournal: from === "journal" },
    questions: chat.questions.map((until) => dayOf(until, zone)),
    work: { ...work, changes: work.changes.map(({ role, at }) => ({ role, day: dayOf(at, zone) })) },
    journal,
    card: card && {
      ...card,
      created: dayOf(card.createdAt, zone),
      linked: dayOf(card.linkedAt, zone),
      balance: await cardBalance(sql, card.id),
      ...(await pastOf(sql, card.id)),
    },
    others: await Promise.all(
      others.flatMap((one) =>
        one.proved ? [pastOf(sql, one.id).then((past) => ({ ...one, ...past }))] : [],
      ),
    ),
    unproved: others.filter((one) => !one.proved).length,
  };
}

async function pastOf(sql: Sql, card: CardId) {
  return { visits: await store.visitsSeen(sql, card, forEver, all), history: await wholeHistory(sql, card) };
}

/** Whether it is the account of one who works here, or did. */
export async function hasWorked(sql: Sql, account: Account): Promise<boolean> {
  const { name, changes } = await storedWork(sql, account);
  return name !== null || changes.length > 0;
}

/** The cards that would be forgotten beside the linked one. */
export async function othersOf(sql: Sql, account: Account): Promise<OtherCard[]> {
  return (await belongingsOf(sql, account)).cards.filter((one) => !one.kept);
}
