// What an admin writes at the till: phones, bills, digits, names, contacts, sums that a screen waits for.

import { cardOfStart, isCardStart } from "../cards/code.ts";
import type { Incoming } from "../channels/channel.ts";
import { allTexts } from "../chat/chat.texts.ts";
import type { Desk } from "../chat/desk.ts";
import type { Turn } from "../chat/turn.ts";
import { showCardTexts } from "../client/picture.texts.ts";
import { meaningOf } from "../client/words.rule.ts";
import type { CardId } from "../rules/ids.ts";
import { phoneOf, phoneOfContact } from "../rules/phone.ts";
import { dayLimitWords } from "./limits.texts.ts";
import { moveWords } from "./move.texts.ts";
import { aboutCard, aboutPhone, leaveQuestion, showHere, showNew, tillOf } from "./screen.chat.ts";
import { type Cut, openScreen, type Screen, type Wanted } from "./screens.ts";
import { readEntry, type TypedEntry } from "./till.rule.ts";
import { screenTypedBy, type Typed, typeSum, waitingScreen } from "./typed.ts";
import { viewOf } from "./view.ts";
import { politeWords, tillWords } from "./words.texts.ts";

type Text = Incoming & { kind: "text" };

/** Any text of an admin; keys of the keyboard and commands are for whoever comes next. */
export async function tillText(desk: Desk, turn: Turn, { text, message, repliesTo }: Text): Promise<boolean> {
  if (text.startsWith("/") || turn.key !== null || isLabel(text)) return false;
  const till = tillOf(desk, turn.account);
  // Delivered once more, a sum must not fill in the next screen that waits for one.
  const filled = await screenTypedBy(till, turn.account, message);
  const entry = readEntry(text);
  const waiting = filled || isNextClient(entry) ? null : await waitingScreen(till, turn.account, repliesTo);
  const polite = politeAnswer(text);
  if (filled) await showHere(desk, turn, filled);
  else if (polite) await turn.say(polite);
  else if (waiting)
    await answerTyped(desk, turn, waiting.card, await typeSum(till, waiting, message, text), false);
  else await answerEntry(desk, turn, entry, false);
  return true;
}

/** The answer to politeness. A sum may have its thanks behind it: what holds a digit is read as what it says. */
export function politeAnswer(text: string): string | null {
  const meaning = /\d/.test(text) ? null : meaningOf(text);
  return (meaning && politeWords[meaning]) ?? null;
}

function isLabel(text: string): boolean {
  return allTexts.some((one) => Object.values(one.buttons).some((label) => label === text));
}

/** While a sum is waited for, ten digits are the next client, not points. */
function isNextClient(entry: TypedEntry): boolean {
  return (
    ["phone", "bad_bill", "bad_phone"].includes(entry.kind) ||
    ((entry.kind === "digits" || entry.kind === "name") && entry.bill !== null)
  );
}

/** Opens the client whom a message names, or says what it lacks. */
export async function answerEntry(desk: Desk, turn: Turn, entry: TypedEntry, edited: boolean): Promise<void> {
  switch (entry.kind) {
    case "phone":
      return openWanted(desk, turn, { by: "phone", phone: entry.phone, bill: entry.bill }, edited);
    case "digits":
      return openWanted(desk, turn, { by: "digits", words: entry.digits, bill: entry.bill }, edited);
    case "name":
      return openWanted(desk, turn, { by: "name", words: entry.name, bill: entry.bill }, edited);
    case "number":
      return turn.say(tillWords.bareNumber(entry.value));
    case "bad_bill":
      return refuseClient(desk, turn, entry.phone, tillWords.badBill(entry.written));
    case "bad_phone":
      return refuseClient(desk, turn, null, tillWords.badPhone(entry.written, entry.short));
    default:
      return turn.say(tillWords.unknown());
  }
}

/** Another client was named and could not be shown: what was asked of the one before is not meant any more. */
export async function refuseClient(
  desk: Desk,
  turn: Turn,
  phone: string | null,
  html: string,
): Promise<void> {
  await leaveQuestion(desk, turn);
  await turn.say(phone === null ? html : await aboutPhone(desk, phone, html));
}

/** Shows what a typed sum has made of the screen, or says why it made nothing; `card` is whose it was typed for. */
export async function answerTyped(
  desk: Desk,
  turn: Turn,
  card: CardId | null,
  typed: Typed,
  edited: boolean,
): Promise<void> {
  if (typed.kind === "screen")
    return edited ? showHere(desk, turn, typed.screen) : showNew(desk, turn, typed.screen);
  if (typed.kind === "acted") return sayActed(desk, turn, typed.screen);
  await turn.say(await aboutCard(desk, card, wordsOfTyped(desk, typed)));
}

function wordsOfTyped({ shop }: Desk, typed: Exclude<Typed, { screen: Screen }>): string {
  switch (typed.kind) {
    case "too_much":
      return tillWords.tooMuch(typed.max, typed.bound, shop);
    case "over_day":
      return tillWords.overDayTyped(typed.day);
    case "bad_reason":
      return tillWords.badReason(typed.why);
    case "not_whole":
      return tillWords.notWhole(shop);
    case "gone":
      return tillWords.changed();
    default:
      return tillWords.notASum();
  }
}

/** Opens what was asked for, on the screen of the message that asked, and says so where there is nothing to open. */
export async function openWanted(desk: Desk, turn: Turn, wanted: Wanted, edited: boolean): Promise<void> {
  const { incoming, account } = turn;
  if (!("message" in incoming) || incoming.message === null) return;
  const till = tillOf(desk, account);
  const key = { bot: till.bot, account: turn.account, asked: incoming.message };
  const opened = await openScreen(till, key, wanted, edited);
  // Words before a sum are nobody's name where a sum is asked for: «за ожидание 100».
  const asking =
    opened.kind === "nobody" && wanted.by === "name" ? await waitingScreen(till, account, null) : null;
  if (asking) return turn.say(await aboutCard(desk, asking.card, tillWords.notASum()));
  if (opened.kind !== "answered" && opened.kind !== "acted") await leaveQuestion(desk, turn, key.asked);
  switch (opened.kind) {
    case "screen":
      return showOpened(desk, turn, opened);
    case "acted":
      return sayActed(desk, turn, opened.screen);
    case "no_card":
      return turn.say(moveWords.noCard(opened.phone));
    case "empty":
      return turn.say(await aboutCard(desk, opened.card, tillWords.empty(opened.action, opened.balance)));
    case "day_over":
      return turn.say(await aboutCard(desk, opened.card, dayLimitWords(opened.day)));
    case "nobody":
      if (wanted.by === "digits") await turn.say(tillWords.nobodyEndsSo(wanted.words));
      if (wanted.by === "name") await turn.say(tillWords.nobodyCalled(wanted.words));
  }
}

async function sayActed(desk: Desk, turn: Turn, screen: Screen): Promise<void> {
  const words = tillWords.acted((await viewOf(tillOf(desk, turn.account), screen)).done);
  await turn.say(await aboutCard(desk, screen.card, words));
}

function showOpened(desk: Desk, turn: Turn, { screen, cut }: { screen: Screen; cut: Cut }): Promise<void> {
  const note = cut === null ? "" : tillWords.cut(cut);
  return screen.message === null ? showNew(desk, turn, screen, note) : showHere(desk, turn, screen, note);
}

/** A scanned card opens its client; whoever does not work here gets by the same code what anybody gets who presses Start. */
export async function tillScan(desk: Desk, turn: Turn, payload: string): Promise<boolean> {
  if (!isCardStart(payload)) return false;
  const card = await cardOfStart(desk.db, payload);
  if (card === null) await turn.say(showCardTexts(turn.language).oldCode());
  else await openWanted(desk, turn, { by: "card", card, bill: null }, false);
  return true;
}

/** Somebody's contact opens the client; the own one links the own card, which is not the till's. */
export async function tillContact(
  desk: Desk,
  turn: Turn,
  { phone: written, whose }: Incoming & { kind: "contact" },
): Promise<boolean> {
  if (whose === "proven" || whose === "own") return false;
  // A number out of an address book is spelled as people spell them; an account's own is always international.
  const phone = whose === "book" ? phoneOf(written) : phoneOfContact(written);
  if (phone === null) await refuseClient(desk, turn, null, tillWords.unreadablePhone());
  else await openWanted(desk, turn, { by: "phone", phone, bill: null }, false);
  return true;
}
