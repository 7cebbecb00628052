// What a screen of the till shows, read from the database each time: no message is trusted to be up to date.

import { cardOfPhone } from "../cards/link.ts";
import { staffNames } from "../chat/staff.ts";
import type { Sql } from "../db/connect.ts";
import { type PriceKept, pricesKept, type Standing, spentOn } from "../ledger/ledger.ts";
import { levelPlaceOf } from "../levels/card.ts";
import type { Account, ChannelName } from "../rules/account.ts";
import { calledOf, staffIn } from "../rules/author.ts";
import type { CardId, CompanyId, RecordId } from "../rules/ids.ts";
import { dayOf } from "../rules/time.ts";
import { type StoredSettlement, settlementOf } from "../settlements/settlements.ts";
import { ownerWords, postWords } from "../texts/person.ts";
import { branchZone } from "../visits/branch.ts";
import { type Anew, anewOf, begunAnew } from "./anew.ts";
import type { Waiting } from "./approval.texts.ts";
import type { Bill } from "./bill.texts.ts";
import type { ToldLimits } from "./limits.texts.ts";
import { dayLimitOf, mostFor, whoMustAgree } from "./limits.ts";
import { type VisitToName, visitOfSpend, visitsOffered } from "./named.ts";
import { changeWords, type Done, hourOf, type Recent } from "./screen.texts.ts";
import { lastDone, type Screen, waitingOnCard } from "./screens.store.ts";
import { foundBy, openMs, type Till } from "./screens.ts";
import type { NamedVisit } from "./settled.texts.ts";
import { mayTap, ruleOf } from "./steps.rule.ts";
import { leftToPay } from "./till.rule.ts";
import { type TillCard, type TillName, tillCard, tillName } from "./till.store.ts";

export { type TillCard, tillName } from "./till.store.ts";

/** How long a change can be undone, in milliseconds. */
export const undoMs = 10 * 60_000;
const maxMatches = 8;

/** All that a screen shows. `other` is a move's second card. */
export interface View {
  screen: Screen;
  card: TillCard | null;
  other: TillCard | null;
  matches: TillCard[];
  /** How many there are beside them. */
  more: number;
  bill: Bill;
  /** Who made the change and who took it back. */
  done: Done;
  /** A fresh change of this card. */
  recent: Screen | null;
  /** The same in words, where it is not said of the bill already. */
  recently: Recent | null;
  /** Visits of the day whose price was not lowered after a spend. */
  kept: PriceKept[];
  /** The client's level; null where there are none, and on all screens but the first. */
  level: Awaited<ReturnType<typeof levelPlaceOf>>;
  /** Changes of this card that an owner is asked about. */
  waiting: Waiting[];
  /** What the admin may do with the sum that is to be moved. */
  limits: ToldLimits;
  /** The visits that the spend may pay a part of; null where none settles, or nothing is to be spent. */
  visits: NamedVisit[] | null;
  /** The screen is of a visit of which points pay already: a price that is lowered beside them would undo that. */
  taken: boolean;
  /** The visit of a spend that was made in the journal, or that an owner is asked about. */
  visit: NamedVisit | null;
  /** How what came back may be spent once more; null: not by this screen. */
  anew: Anew | null;
  /** It was, in a message below. */
  begunAnew: boolean;
  /** How the spend that was made stands in the journal; null: it settles nothing. */
  settlement: StoredSettlement | null;
  canUndo: boolean;
  /** `HH:MM`. */
  undoUntil: string;
  /** The year that dates leave out. */
  year: number;
}

/** The same, and which messengers clients may have. */
export type ShownView = View & { spoken: readonly ChannelName[] };

/** What the owner of a phone's card is called; the phone may have none. */
export async function nameOfPhone(db: Sql, phone: string): Promise<TillName> {
  const card = await cardOfPhone(db, phone);
  return (card === null ? null : await tillName(db, card)) ?? { name: null, phone };
}

/** Reads it. */
export async function viewOf(till: Till, read: Screen): Promise<View> {
  const { db, now, rules } = till;
  // Before the balance: what is shown of it is then never older than what is said to have come of the spend.
  const settlement = read.row !== null && read.names !== null ? await settlementOf(db, read.row) : null;
  const screen = asItStands(read, settlement);
  const { step, card: id, to, bill, paid, sought } = screen;
  const card = id === null ? null : await tillCard(db, id, now);
  const other = to === null ? null : await tillCard(db, to, now);
  const found =
    step === "choose" && sought ? await foundBy(till, sought, maxMatches) : { cards: [], total: 0 };
  const since = new Date(now.getTime() - undoMs);
  const timeZone = await branchZone(db, rules.companyIds);
  // While a screen opened before midnight may still be tapped, the day before counts.
  const today = dayOf(new Date(now.getTime() - openMs), timeZone);
  const standing = await spentOnBill(till, screen, today);
  // A bare card has no sum yet that a limit could be held against.
  const sums = step === "card" ? bill !== null : mayTap(step, "go") || ruleOf(step).typed === "sum";
  const day = sums ? await dayLimitOf(till, screen.account) : null;
  const most =
    id === null || bill === null
      ? { points: 0, bound: "balance" as const }
      : await mostFor(till, { ...screen, card: id, bill, balance: card?.balance ?? 0 }, day);
  const atCard = step === "card" ? id : null;
  const recent = atCard === null ? null : await lastDone(db, atCard, since);
  const waiting = atCard === null ? [] : await waitingOnCard(db, atCard, now);
  const level = atCard === null ? null : await levelPlaceOf(db, atCard);
  const kept = atCard === null ? [] : await pricesKept(db, atCard, today);
  const offered =
    id !== null && bill !== null && screen.action === "spend" && screen.points !== null && mayTap(step, "go")
      ? await visitsOffered(till, { ...screen, card: id })
      : null;
  const taken =
    screen.record !== null && offered !== null && offered.length > 0 && offered.every((one) => one.spent);
  const named =
    settlement ??
    ((step === "owner" || screen.confirmedBy !== null) && screen.names !== null
      ? { company: null, record: screen.names }
      : null);
  const visit = named && (await visitTold(till, id, named));
  const anew = await anewOf(till, screen, settlement);
  const inJournal = await Promise.all(standing.map((one) => settlementOf(db, one.row)));
  const spenders = (offered ?? []).flatMap(({ spent }) => staffIn(spent?.actor ?? ""));
  const people = [...spenders, screen.account, screen.confirmedBy, screen.undoneBy, recent?.account ?? null];
  const names = await staffNames(
    db,
    [...people, ...[...standing, ...waiting].map((one) => one.account)].filter((one) => one !== null),
  );
  const name = (who: Account) => postWords(who, names, rules.ownerIds);
  const at = (time: Date | null) => (time === null ? "" : hourOf(time, timeZone));
  return {
    screen,
    card,
    other,
    matches: found.cards,
    more: found.total - found.cards.length,
    bill: {
      ...{ bill, paid, points: taken ? null : screen.points, rules },
      most,
      spent: standing.map((one, place) => ({
        ...{ ...one, by: name(one.account), at: at(one.doneAt) },
        journal: inJournal[place] ?? null,
      })),
      settled:
        bill !== null &&
        paid > 0 &&
        [0, ...standing.map((one) => one.points)].some((points) => leftToPay(bill, paid, points) <= 0),
    },
    done: {
      ...{ action: screen.action, points: screen.points ?? 0, bill, paid, reason: screen.reason },
      ...{ by: name(screen.account), at: at(screen.doneAt) },
      confirmedBy: screen.confirmedBy === null ? null : ownerWords(calledOf(names, screen.confirmedBy)),
      undoneBy: screen.undoneBy === null ? null : name(screen.undoneBy),
      undoneAt: at(screen.undoneAt),
    },
    recent,
    recently:
      recent === null || standing.some((one) => one.row === recent.row)
        ? null
        : {
            change: changeWords(recent.action, recent.points ?? 0),
            by: name(recent.account),
            at: at(recent.doneAt),
          },
    kept,
    level,
    waiting: waiting.map((one) => ({
      ...{ action: one.action, points: one.points ?? 0, by: name(one.account) },
      byOwner: rules.ownerIds.includes(one.account),
    })),
    limits: {
      ...{ day, askAbove: rules.secondAdminAbove, byOwner: rules.ownerIds.includes(screen.account) },
      asksOwner:
        (mayTap(step, "go") || anew !== null) &&
        whoMustAgree(rules, screen.account, screen.points ?? 0).length > 0,
    },
    visits:
      offered?.map((one) => {
        const { spent, timeZone: zone } = one;
        const [who] = staffIn(spent?.actor ?? "");
        const by = who === undefined ? "" : name(who);
        const paying = spent && { ...spent, by, at: hourOf(spent.at, zone) };
        return { ...toldVisit(till, one), spent: paying };
      }) ?? null,
    ...{ taken, visit, anew, settlement },
    begunAnew: step === "undone" && settlement !== null && (await begunAnew(till, screen)),
    canUndo: screen.doneAt !== null && screen.doneAt > since,
    undoUntil: screen.doneAt === null ? "" : hourOf(new Date(screen.doneAt.getTime() + undoMs), timeZone),
    year: now.getUTCFullYear(),
  };
}

/** The visit of a spend in the journal as it is told; null: it is no more one of this card. */
export async function visitTold(
  till: Pick<Till, "db" | "now" | "rules">,
  card: CardId | null,
  of: { company: CompanyId | null; record: RecordId },
): Promise<NamedVisit | null> {
  const visit = card === null ? null : await visitOfSpend(till, { card, ...of });
  return visit && { ...toldVisit(till, visit), spent: null };
}

function toldVisit({ now }: Pick<Till, "now">, { record, at, timeZone, price }: VisitToName) {
  const day = dayOf(at, timeZone);
  return { record, day: day === dayOf(now, timeZone) ? null : day, at: hourOf(at, timeZone), price };
}

/** The spend may have come back since the screen was read. */
function asItStands(screen: Screen, settlement: StoredSettlement | null): Screen {
  if (screen.step !== "done" || settlement?.state !== "returned") return screen;
  const { askedBackBy: undoneBy, changedAt: undoneAt } = settlement;
  return { ...screen, step: "undone", undoneBy, undoneAt };
}

/** The same bill: this card's, of this sum, of this day of the branch. */
async function spentOnBill({ db }: Till, screen: Screen, since: string): Promise<Standing[]> {
  const { step, card, bill, action } = screen;
  if (card === null || bill === null || action !== "spend" || !mayTap(step, "go")) return [];
  return spentOn(db, { card, bill, since });
}
