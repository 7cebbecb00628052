// The buttons under the till's messages, by what each screen waits for.

import { InlineKeyboard } from "grammy";
import { realPhoneOf } from "../rules/phone.ts";
import { clock, matchLabel } from "./screen.texts.ts";
import { undoMs, type View } from "./view.ts";
import { tillButtons as words } from "./words.texts.ts";

/**
 * What a button of the till sends: the screen, the state it was shown in, what to do, and a number. `t` and `mv` are of
 * releases whose screens did not say which bot's they are.
 */
export const tillTap = /^(s|t|mv):(\d{1,15}):(\d{1,9}):([a-z]+)(?:-(\d{1,15}))?(?:-\d{1,15})?$/;
/** What an owner's button sends: the admin's chat, the screen, its state, and the answer. `o` is of those releases. */
export const ownerTap = /^(a|o):(\d{1,15}):(\d{1,15}):(\d{1,9}):(yes|no)$/;

/** The buttons of a screen. A screen that is over has none. */
export function tillKeyboard(view: View): InlineKeyboard {
  const { screen } = view;
  const keys = new InlineKeyboard();
  const data = (verb: string) => `s:${screen.asked}:${screen.rev}:${verb}`;
  switch (screen.step) {
    case "choose":
      for (const match of view.matches) keys.text(matchLabel(match), data(`open-${match.id}`)).row();
      return keys;
    case "nobody":
      return screen.sought && realPhoneOf(screen.sought) ? keys.text(words.make, data("make")) : keys;
    case "card":
      return cardKeys(view, keys, data);
    case "confirm":
    case "again":
      return keys.text(sumLabel(view), data("go")).text(words.no, data("back"));
    case "ask_bill":
    case "ask_sum":
    case "ask_credit":
    case "owner":
      return keys.text(words.no, data("back"));
    case "done":
      return doneKeys(view, keys, data);
    default:
      return keys;
  }
}

function cardKeys(view: View, keys: InlineKeyboard, data: (verb: string) => string): InlineKeyboard {
  const { screen, card, recent, settled } = view;
  if (screen.points !== null && screen.bill !== null && !settled)
    keys.text(sumLabel(view), data("go")).row().text(words.otherSum, data("sum"));
  else if (screen.bill === null && card !== null && card.balance >= 100)
    keys.text(words.spendAsk, data("bill"));
  keys.text(words.creditAsk, data("credit")).row();
  keys.text(words.history, data("hist")).text(words.why, data("why"));
  if (card?.closedSince) keys.row().text(words.trust, data(`trust-${card.closedSince.getTime()}`));
  if (recent)
    keys.row().text(words.undoRecent(recent.action, recent.points ?? 0), data(`recent-${recent.row}`));
  return keys;
}

function sumLabel({ screen: { action, points, bill, paid }, spent }: View): string {
  const sum = points ?? 0;
  if (action === "credit") return words.credit(sum);
  if (action === "debit") return words.debit(sum);
  if (action === "move") return words.move(sum);
  if (bill === null) return words.spend(sum, null);
  const label = spent.length > 0 ? words.spendOther : words.spend;
  return label(sum, bill - paid - sum);
}

function doneKeys(
  { screen, canUndo, timeZone }: View,
  keys: InlineKeyboard,
  data: (verb: string) => string,
): InlineKeyboard {
  const { doneAt, action, points } = screen;
  if (doneAt === null) return keys;
  if (!canUndo) return keys.text(words.giveBack(action, points ?? 0), data("give"));
  return keys.text(words.undoUntil(clock(new Date(doneAt.getTime() + undoMs), timeZone)), data("undo"));
}

/** Under the question to an owner. */
export function ownerKeyboard({ screen }: View): InlineKeyboard {
  const data = (answer: string) => `a:${screen.chat}:${screen.asked}:${screen.rev}:${answer}`;
  return new InlineKeyboard().text(words.agree, data("yes")).text(words.refuse, data("no"));
}
