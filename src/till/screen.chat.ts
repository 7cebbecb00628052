// Shows the till's screens: what each says, its buttons, and whether an old message is changed or a new one sent.

import { type Buttons, type Channel, NotSent } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import { isStaff } from "../chat/staff.ts";
import { reached, type Turn } from "../chat/turn.ts";
import { cardSums } from "../client/history.ts";
import type { Account } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import { realPhoneOf } from "../rules/phone.ts";
import { aboutClient, overClient } from "../texts/person.ts";
import { branchZone } from "../visits/branch.ts";
import { refusedText, waitingLine, waitsText } from "./approval.texts.ts";
import { canBeSpent, priceKeptWords } from "./bill.texts.ts";
import { invitationsOf } from "./friend.chat.ts";
import { limitLines } from "./limits.texts.ts";
import { sumsText, whyText } from "./lists.texts.ts";
import type { Visits } from "./lists.ts";
import { moveTexts } from "./move.texts.ts";
import {
  askText,
  cardText,
  chooseText,
  confirmText,
  doneText,
  matchLabel,
  undoneText,
} from "./screen.texts.ts";
import { closeQuestions, placeScreen, type Screen, type Till } from "./screens.ts";
import { ruleOf, type ScreenButton, type Step } from "./steps.rule.ts";
import { leftToPay } from "./till.rule.ts";
import { nameOfPhone, type TillCard, tillName, type View, viewOf } from "./view.ts";
import { tillButtons as labels, nobodyText, tillWords } from "./words.texts.ts";

/** What the flows of the till need, as of now, for screens in the chat of this account. */
export function tillOf(desk: Desk, account: Account): Till {
  const bot = desk.channels.of(account)?.bot ?? 0;
  return { bot, db: desk.db, now: desk.now(), rules: desk.shop };
}

/** A refusal in HTML, which says whose card it is about. */
export async function aboutCard({ db }: Desk, card: CardId | null, html: string): Promise<string> {
  const client = card === null ? null : await tillName(db, card);
  return client === null ? html : aboutClient(client, html);
}

/** The same by the phone. */
export async function aboutPhone({ db }: Desk, phone: string, html: string): Promise<string> {
  return aboutClient(await nameOfPhone(db, phone), html);
}

/** What is said over a screen for a moment: plain text that says whose card it is about. */
export async function overCard({ db }: Desk, card: CardId | null, words: string): Promise<string> {
  const client = card === null ? null : await tillName(db, card);
  return client === null ? words : overClient(client, words);
}

/** The year that dates leave out. */
export function yearOf(now: Date): number {
  return now.getUTCFullYear();
}

/** A card's visits in words. */
export async function visitsText(desk: Desk, { card, visits, openedBy }: Visits): Promise<string> {
  const timeZone = await branchZone(desk.db, desk.shop.companyIds);
  const opened = openedBy !== null && card.openedAt ? { by: openedBy, at: card.openedAt } : null;
  const why = whyText(card, visits, { timeZone, year: yearOf(desk.now()), opened });
  const parts = [why, await invitationsOf(desk, card.id), sumsText(await cardSums(desk.db, card.id))];
  return parts.filter((part) => part !== "").join("\n\n");
}

type Says = (view: View) => string;

/** What a step says of a card; where there is none, that there is none. */
const ofCard =
  (says: (card: TillCard, view: View) => string): Says =>
  (view) =>
    view.card === null ? nobody(view) : says(view.card, view);

function nobody({ screen: { sought } }: View): string {
  return nobodyText(sought ?? "", realPhoneOf(sought ?? "") !== null);
}

const asks = ofCard((card, view) => askText(card, view.screen.step, view));

const preview = ofCard((card, { bill, level, limits, waiting, kept, recently: recent, year }) => {
  const notes = [
    ...kept.map(({ points, paid }) => `⚠️ ${priceKeptWords(points, paid)}`),
    ...waiting.map(waitingLine),
  ];
  return cardText(card, { ...bill, level, limits, notes, year, recent });
});

/** What each step says, in HTML. */
const texts: Record<Step, Says> = {
  choose: ({ screen, more }) => chooseText(screen.sought ?? "", more),
  nobody,
  card: preview,
  ask_bill: asks,
  ask_sum: asks,
  ask_credit: asks,
  confirm: ofCard((card, { screen, bill, done, other, limits }) =>
    other
      ? [moveTexts.confirm(card, other, done.points, done.reason), ...limitLines(limits)].join("\n")
      : confirmText(card, {
          ...{ ...bill, ...done, limits, action: done.action ?? "spend" },
          asked: screen.typed !== null,
        }),
  ),
  again: preview,
  owner: ofCard((card, { done: { action, points }, other, bill: { rules }, limits: { askAbove } }) =>
    waitsText({ client: card, to: other, action: action ?? "spend", points, askAbove, rules }),
  ),
  done: ofCard((card, { done, other }) => (other ? moveTexts.done(card, other, done) : doneText(card, done))),
  undone: (view) => undoneOf(view) ?? nobody(view),
  closed: ({ screen: { action, points }, card, other, done: { confirmedBy } }) => {
    if (card === null) return tillWords.closedScreen();
    if (confirmedBy === null || action === null || points === null)
      return aboutClient(card, tillWords.closedScreen());
    return refusedText({ client: card, to: other, action, points }, confirmedBy);
  },
};

/** What a change that was taken back says; null when there is no card. */
export function undoneOf({ card, other, done }: View): string | null {
  if (card === null) return null;
  return other ? moveTexts.undone(card, other, done) : undoneText(card, done);
}

/** Each label of a button, with the number that the button names where it is one of several. */
type Labels = (view: View) => [label: string, about?: number][];

const when = (shown: unknown, label: string): [string][] => (shown ? [[label]] : []);

/** What stands on each button; empty where it has nothing to do. */
const buttons: Record<ScreenButton, Labels> = {
  open: ({ matches }) => matches.map((card) => [matchLabel(card), card.id]),
  make: ({ screen: { sought } }) => when(sought && realPhoneOf(sought), labels.make),
  go: (view) => {
    const label = sumLabel(view);
    return when(mayGo(view), view.limits.asksOwner ? labels.askOwner(label) : label);
  },
  sum: (view) => when(mayGo(view), labels.otherSum),
  bill: ({ bill, card }) =>
    when(bill.bill === null && card !== null && canBeSpent(card, bill.rules), labels.spendAsk),
  credit: () => [[labels.creditAsk]],
  hist: () => [[labels.history]],
  why: () => [[labels.why]],
  qr: ({ card, other }) => when(card?.accounts.length === 0 && other === null, labels.qr),
  trust: ({ card }) => (card?.closedSince ? [[labels.trust, card.closedSince.getTime()]] : []),
  recent: ({ recent }) =>
    recent ? [[labels.undoRecent(recent.action, recent.points ?? 0), recent.row ?? 0]] : [],
  back: () => [[labels.no]],
  undo: ({ canUndo, undoUntil }) => when(canUndo, labels.undoUntil(undoUntil)),
  give: ({ canUndo, screen, done }) =>
    when(!canUndo && screen.doneAt, labels.giveBack(done.action, done.points)),
};

/** A card's bill may be settled, or have nothing that points could pay. */
function mayGo({ screen, bill }: View): boolean {
  return screen.step !== "card" || (bill.bill !== null && bill.points !== null && !bill.settled);
}

function sumLabel({ done: { action, points }, bill: { bill, paid, spent } }: View): string {
  if (action === "credit") return labels.credit(points);
  if (action === "debit") return labels.debit(points);
  if (action === "move") return labels.move(points);
  if (bill === null) return labels.spend(points, null);
  const label = spent.length > 0 ? labels.spendOther : labels.spend;
  return label(points, leftToPay(bill, paid, points));
}

/** The buttons of a screen, row by row; where a row holds one kind, each button of it has a row. */
function buttonsOf(view: View): Buttons {
  const { asked, rev, step } = view.screen;
  return ruleOf(step).buttons.flatMap((row) => {
    const shown = row.flatMap((button) =>
      buttons[button](view).map(([label, about]) => {
        const does = about === undefined ? button : `${button}:${about}`;
        return { text: label, data: `till:${asked}:${rev}:${does}` };
      }),
    );
    return row.length === 1 ? shown.map((one) => [one]) : [shown];
  });
}

async function faceOf(desk: Desk, screen: Screen, note: string): Promise<[string, Buttons]> {
  const view = await viewOf(tillOf(desk, screen.account), screen);
  const text = texts[screen.step](view);
  return [note === "" ? text : `${note}\n\n${text}`, buttonsOf(view)];
}

/**
 * The messenger that a screen is shown in: screens are shown to whom the settings name now; who was an admin when the screen
 * was made may be none any more.
 */
function placeOf({ shop, channels }: Desk, screen: Screen): Channel | null {
  return isStaff(shop, screen.account) ? channels.of(screen.account) : null;
}

/** Shows a screen in a new message; the one that showed it before loses its buttons, and says `before` where it is given. */
export async function showNew(desk: Desk, turn: Turn, screen: Screen, note = "", before = ""): Promise<void> {
  const channel = placeOf(desk, screen);
  if (channel === null) return;
  const account = screen.account;
  const sent = reached(await channel.say(account, ...(await faceOf(desk, screen, note))));
  if (screen.bot !== channel.bot) return;
  await placeScreen(desk.db, screen, sent);
  if (screen.message === null) return;
  const failed = await (before === ""
    ? channel.takeButtons(account, screen.message)
    : channel.edit(account, screen.message, before));
  if (failed) turn.log.debug(failed, stayed);
}

const stayed = "a till message stayed as it was";

/** Shows a screen in the message that is tapped or shows it already; in a new one if that is gone. */
export async function showHere(desk: Desk, turn: Turn, screen: Screen, note = ""): Promise<void> {
  const { incoming, account } = turn;
  const tapped = incoming.kind === "tap" && account === screen.account ? incoming.message : null;
  await showIn(desk, turn, { ...screen, message: tapped ?? screen.message }, note);
}

async function showIn(desk: Desk, turn: Turn, screen: Screen, note: string): Promise<void> {
  const channel = placeOf(desk, screen);
  if (channel === null) return;
  // Another bot's message of that number is not the one that this bot would change.
  const message = screen.bot === channel.bot ? screen.message : null;
  if (message === null) return showNew(desk, turn, { ...screen, message }, note);
  const failed = await channel.edit(screen.account, message, ...(await faceOf(desk, screen, note)));
  if (failed === null) return;
  if (failed.kind !== "failed" || failed.passes) throw new NotSent(failed);
  await showNew(desk, turn, { ...screen, message: null }, note);
}

/**
 * Another client is looked at, on the screen `but`, so nothing typed from now on is for the one before: what was asked of that
 * one is closed, and says so.
 */
export async function leaveQuestion(desk: Desk, turn: Turn, but: number | null = null): Promise<void> {
  const { channel, account } = turn;
  const closed = await closeQuestions(desk.db, { bot: channel.bot, account }, but);
  for (const screen of closed) if (screen.message !== null) await showThere(desk, turn, screen);
}

/** Shows a screen that is not the one tapped in its own message; in another's chat it may be that nobody can be reached. */
export async function showThere(desk: Desk, turn: Turn, screen: Screen): Promise<void> {
  await showIn(desk, turn, screen, "").catch((err) => turn.log.debug({ err }, stayed));
}
