// Shows the till's screens: what each says, its buttons, and whether an old message is changed or a new one sent.

import { type Buttons, type Channel, NotSent } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import { isStaff } from "../chat/staff.ts";
import { reached, type Turn } from "../chat/turn.ts";
import { cardSums } from "../client/history.ts";
import type { Account } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import { realPhoneOf } from "../rules/phone.ts";
import { keepShown } from "../settlements/settlements.ts";
import { aboutClient, overClient } from "../texts/person.ts";
import { branchZone } from "../visits/branch.ts";
import { refusedText, waitingLine, waitsText } from "./approval.texts.ts";
import { priceKeptWords } from "./bill.texts.ts";
import { buttonsOf, mayGo } from "./buttons.chat.ts";
import { invitationsOf } from "./friend.chat.ts";
import { limitLines } from "./limits.texts.ts";
import { sumsText, whyText } from "./lists.texts.ts";
import type { Visits } from "./lists.ts";
import { moveTexts } from "./move.texts.ts";
import { askText, cardText, chooseText, confirmText, doneText, undoneText } from "./screen.texts.ts";
import { closeQuestions, placeScreen, type Screen, screenOfRow, type Till } from "./screens.ts";
import { resultBelow, settledText, unsettledText, visitLines } from "./settled.texts.ts";
import type { Step } from "./steps.rule.ts";
import { nameOfPhone, type ShownView, type TillCard, tillName, type View, viewOf } from "./view.ts";
import { nobodyText, tillWords } from "./words.texts.ts";

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

type Says = (view: ShownView) => string;

/** What a step says of a card; where there is none, that there is none. */
const ofCard =
  (says: (card: TillCard, view: ShownView) => string): Says =>
  (view) =>
    view.card === null ? nobody(view) : says(view.card, view);

function nobody({ screen: { sought } }: View): string {
  return nobodyText(sought ?? "", realPhoneOf(sought ?? "") !== null);
}

const asks = ofCard((card, view) => askText(card, view.screen.step, view));

const preview = ofCard((card, view) => {
  const { bill, level, limits, waiting, kept, recently: recent, year, spoken } = view;
  const notes = [
    ...kept.map(({ points, paid }) => `⚠️ ${priceKeptWords(points, paid)}`),
    ...waiting.map(waitingLine),
  ];
  return withVisits(cardText(card, { ...bill, level, limits, notes, year, recent, spoken }), view);
});

/** The preview of a spend says which visit in the journal it is of. */
function withVisits(text: string, view: View): string {
  const { visits, taken } = view;
  return visits === null || !(taken || mayGo(view))
    ? text
    : [text, ...visitLines(visits, view.done.points, !taken)].join("\n");
}

/** What each step says, in HTML. */
const texts: Record<Step, Says> = {
  choose: ({ screen, more }) => chooseText(screen.sought ?? "", more),
  nobody,
  card: preview,
  ask_bill: asks,
  ask_sum: asks,
  ask_credit: asks,
  confirm: ofCard((card, view) => {
    const { screen, bill, done, other, limits, spoken } = view;
    if (other) return [moveTexts.confirm(card, other, done, spoken), ...limitLines(limits)].join("\n");
    const change = { ...bill, ...done, limits, spoken, action: done.action ?? "spend" };
    return withVisits(confirmText(card, { ...change, asked: screen.typed !== null }), view);
  }),
  again: preview,
  owner: ofCard((card, { done: { action, points }, other, visit, bill: { rules }, limits }) =>
    waitsText({ ...limits, client: card, to: other, action: action ?? "spend", points, visit, rules }),
  ),
  done: ofCard((card, { done, other, settlement, visit }) => {
    if (settlement) return settledText(card, done, { ...settlement, visit });
    return other ? moveTexts.done(card, other, done) : doneText(card, done);
  }),
  undone: (view) => undoneOf(view) ?? nobody(view),
  closed: ({ screen: { action, points }, card, other, visit, done: { confirmedBy } }) => {
    if (card === null) return tillWords.closedScreen();
    if (confirmedBy === null || action === null || points === null)
      return aboutClient(card, tillWords.closedScreen());
    return refusedText({ client: card, to: other, action, points, visit }, confirmedBy);
  },
};

/** What a change that was taken back says; null when there is no card. */
function undoneOf({ card, other, done, settlement, visit, begunAnew }: View): string | null {
  if (card === null) return null;
  if (settlement) return unsettledText(card, done, { ...settlement, visit, begunAnew });
  return other ? moveTexts.undone(card, other, done) : undoneText(card, done);
}

/** What became of another's spend that was taken back, or is on its way back. */
export function backOf(desk: Desk, read: View): string {
  const view = { ...read, spoken: desk.channels.spoken };
  return (view.screen.step === "undone" ? undoneOf(view) : texts[view.screen.step](view)) ?? "";
}

interface Face {
  face: [html: string, buttons: Buttons];
  settlement: View["settlement"];
}

async function faceOf(desk: Desk, screen: Screen, note: string): Promise<Face> {
  const { spoken } = desk.channels;
  const view = { ...(await viewOf(tillOf(desk, screen.account), screen)), spoken };
  const text = texts[view.screen.step](view);
  return { face: [note === "" ? text : `${note}\n\n${text}`, buttonsOf(view)], settlement: view.settlement };
}

/** The screen says where its spend has come to: nobody needs to be told of it again. */
async function said({ db }: Desk, { settlement }: Face): Promise<void> {
  if (settlement) await keepShown(db, settlement);
}

/**
 * The messenger that a screen is shown in: screens are shown to whom the settings name now; who was an admin when the screen
 * was made may be none any more.
 */
function placeOf({ shop, channels }: Desk, screen: Screen): Channel | null {
  return isStaff(shop, screen.account) ? channels.of(screen.account) : null;
}

/** Shows a screen in a new message; the one that showed it before loses its buttons, and says `before` where it is given. */
export async function showNew(
  desk: Desk,
  turn: Pick<Turn, "log">,
  screen: Screen,
  note = "",
  before = "",
): Promise<void> {
  const channel = placeOf(desk, screen);
  if (channel === null) return;
  const account = screen.account;
  const face = await faceOf(desk, screen, note);
  const sent = reached(await channel.say(account, ...face.face));
  await said(desk, face);
  if (screen.bot !== channel.bot) return;
  const shown = await placeScreen(desk.db, screen, sent);
  // Another program may have shown it below meanwhile.
  const others = screen.message === null ? [] : [...new Set([screen.message, shown ?? screen.message])];
  // What becomes of a spend in the journal is said by one message: another would say for ever that it is on its way.
  const left = before !== "" || face.settlement === null ? before : resultBelow(screen.points ?? 0);
  for (const message of others) {
    const failed = await (left === ""
      ? channel.takeButtons(account, message)
      : channel.edit(account, message, left));
    if (failed) turn.log.debug(failed, stayed);
  }
}

const stayed = "a till message stayed as it was";

/** Shows a screen in the message that is tapped or shows it already; in a new one if that is gone. */
export async function showHere(desk: Desk, turn: Turn, screen: Screen, note = ""): Promise<void> {
  const { incoming, account } = turn;
  const tapped = incoming.kind === "tap" && account === screen.account ? incoming.message : null;
  await showIn(desk, turn, { ...screen, message: tapped ?? screen.message }, note);
}

/** Shows a screen in the message that it has; in a new one if that is gone. */
export async function showIn(desk: Desk, turn: Pick<Turn, "log">, screen: Screen, note = ""): Promise<void> {
  const channel = placeOf(desk, screen);
  if (channel === null) return;
  // Another bot's message of that number is not the one that this bot would change.
  const message = screen.bot === channel.bot ? screen.message : null;
  if (message === null) return showNew(desk, turn, { ...screen, message }, note);
  const face = await faceOf(desk, screen, note);
  const failed = await channel.edit(screen.account, message, ...face.face);
  if (failed === null) {
    await said(desk, face);
    return leaveWhereBelow(desk, turn, screen, { channel, message, face });
  }
  if (failed.kind !== "failed" || failed.passes) throw new NotSent(failed);
  await showNew(desk, turn, { ...screen, message: null }, note);
}

/** Another program may have said below what came of a spend, just before the word that it is on its way came to this message. */
async function leaveWhereBelow(
  { db }: Desk,
  turn: Pick<Turn, "log">,
  { account, row, points }: Screen,
  { channel, message, face }: { channel: Channel; message: number; face: Face },
): Promise<void> {
  if (face.settlement?.state !== "under_way" || row === null) return;
  const shown = (await screenOfRow(db, row))?.message ?? message;
  if (shown === message) return;
  const failed = await channel.edit(account, message, resultBelow(points ?? 0));
  if (failed) turn.log.debug(failed, stayed);
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
  await showIn(desk, turn, screen).catch((err) => turn.log.debug({ err }, stayed));
}
