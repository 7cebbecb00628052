// What a person may see of their card: how points came and went, and why; and all that is stored of them.

import { belongingsOf, type OtherCard, storedCard, storedChat, storedWork } from "../cards/forget.ts";
import { phoneInJournal } from "../cards/link.ts";
import { accountsBeside, accountsOfPerson, samePerson } from "../cards/together.ts";
import type { Sql } from "../db/connect.ts";
import { birthdayOf } from "../gifts/birthdays.ts";
import { cardBalance } from "../ledger/ledger.ts";
import { type Account, type ChannelName, channelOf, externalIdOf } from "../rules/account.ts";
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
  type Viewer,
  visitsSeen,
} from "./history.store.ts";

/** How many changes a page shows. */
const pageSize = 5;

/** A card as one of its accounts may see it. */
export interface SeenCard {
  card: CardId;
  account: Account;
}

/** A page of the card's history, newest first; `page` counts from 0, and one beyond the last is the last. */
export async function historyOf(
  sql: Sql,
  { card, account }: SeenCard,
  page: number,
  now: Date,
): Promise<HistoryView> {
  const { rows, total, earlier, page: shown } = await store.historyRows(sql, card, page, pageSize, account);
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

/** The changes that a message was about, the first one first; none when the card does not have them, or not for this account. */
export async function detailsOf(
  sql: Sql,
  { card, account }: SeenCard,
  rows: store.RowRange,
): Promise<HistoryEntry[]> {
  const found = await store.historyRows(sql, card, 0, maxDetails, account, rows);
  return found.rows.map(entryOf).reverse();
}

/** All of it on one page. */
async function wholeHistory(
  sql: Sql,
  { card, account }: SeenCard,
): Promise<Pick<HistoryView, "entries" | "earlier">> {
  const { rows, earlier } = await store.historyRows(sql, card, 0, Number.MAX_SAFE_INTEGER, account);
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
export async function whyViewOf(sql: Sql, { card, account }: SeenCard, now: Date): Promise<WhyView> {
  const visits = await store.visitsSeen(sql, card, now, lastVisits, account);
  return { visits, total: visits[0]?.total ?? 0, journal: await phoneInJournal(sql, card, account) };
}

const all = Number.MAX_SAFE_INTEGER;
/** Visits to come are stored too. */
const forEver = new Date("9999-12-31T00:00:00Z");

/**
 * Everything stored of an account and of the same person's others, of the card that is linked to them, if one is, and of all else
 * that belongs to them. Of an account beside it that may be somebody else's no more than where it is.
 */
export async function dataOf(
  sql: Sql,
  account: Account,
  now: Date,
  spoken: readonly ChannelName[],
): Promise<StoredData> {
  const card = await storedCard(sql, account);
  const zone = card?.timeZone ?? unknownBranchZone;
  const beside = await accountsBeside(sql, account);
  const own = samePerson(account, beside);
  const chat = await storedChat(sql, own);
  const work = await storedWork(sql, account);
  const { day, from } = await birthdayOf(sql, account, now);
  const { cards, people } = await belongingsOf(sql, own);
  // Whoever had the number before is no business of whoever has it now.
  const journal = people.map(({ name, unproved }) => ({ name: card?.taken || unproved ? null : name }));
  const others = cards.filter((one) => !one.kept);
  return {
    messenger: messengerOf(account),
    externalId: externalIdOf(account),
    beside: beside.map((one) => ({
      messenger: messengerOf(one.account),
      externalId: one.same ? externalIdOf(one.account) : null,
      linked: dayOf(one.linkedAt, zone),
      off: !spoken.includes(channelOf(one.account)),
    })),
    consents: chat.consents.map((one) => ({
      day: dayOf(one.at, zone),
      messenger: beside.length > 0 ? messengerOf(one.account) : null,
    })),
    birthday: day === null ? null : { day, ofJournal: from === "journal" },
    questions: chat.questions.map((until) => dayOf(until, zone)),
    work: { ...work, changes: work.changes.map(({ role, at }) => ({ role, day: dayOf(at, zone) })) },
    journal,
    card: card && {
      ...card,
      created: dayOf(card.createdAt, zone),
      linked: dayOf(card.linkedAt, zone),
      balance: await cardBalance(sql, card.id),
      ...(await pastOf(sql, { card: card.id, account })),
    },
    others: await Promise.all(
      others.flatMap((one) =>
        one.proved
          ? [
              pastOf(sql, { card: one.id, account: one.account ?? account }).then((past) => ({
                ...one,
                ...past,
              })),
            ]
          : [],
      ),
    ),
    unproved: others.filter((one) => !one.proved).length,
  };
}

async function pastOf(sql: Sql, seen: SeenCard) {
  const visits = await store.visitsSeen(sql, seen.card, forEver, all, seen.account);
  return { visits, history: await wholeHistory(sql, seen) };
}

/** Whether it is the account of one who works here, or did. */
export async function hasWorked(sql: Sql, account: Account): Promise<boolean> {
  const { name, changes } = await storedWork(sql, account);
  return name !== null || changes.length > 0;
}

/** The cards that would be forgotten beside the linked one. */
export async function othersOf(sql: Sql, account: Account): Promise<OtherCard[]> {
  const own = await accountsOfPerson(sql, account);
  return (await belongingsOf(sql, own)).cards.filter((one) => !one.kept);
}
