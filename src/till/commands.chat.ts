// The till's commands with words behind them: /credit, /debit and /move in one line, /why; and /cancel.

import type { Desk } from "../chat/desk.ts";
import type { Turn } from "../chat/turn.ts";
import { refusedReason } from "../rules/reason.ts";
import { clientWords } from "../texts/person.ts";
import { openWanted, refuseClient } from "./entry.chat.ts";
import { type Visits, visitsOfPhone, visitsOfWords } from "./lists.ts";
import { moveWords } from "./move.texts.ts";
import { tillOf, visitsText } from "./screen.chat.ts";
import { foundBy, type Till } from "./screens.ts";
import { readChange, readEntry, readMove, type TypedEntry } from "./till.rule.ts";
import { closeWaiting } from "./typed.ts";
import { tillName } from "./view.ts";
import { tillWords } from "./words.texts.ts";

/** `/credit` and `/debit` in one line: the second screen at once. */
export async function tillChange(
  desk: Desk,
  turn: Turn,
  action: "credit" | "debit",
  text: string,
  edited = false,
): Promise<void> {
  if (text.trim() === "") return turn.say(tillWords.usage(action));
  const change = readChange(text);
  switch (change.kind) {
    case "no_phone":
      return turn.say(tillWords.noPhone(action));
    case "no_points":
      return refuseClient(desk, turn, change.phone, tillWords.noPoints(action));
    case "bad_points":
      return refuseClient(desk, turn, change.phone, tillWords.badPoints(action));
    default: {
      const phone =
        change.kind === "change" ? change.phone : await phoneSought(desk, turn, change.words, action);
      if (phone === null) return;
      const why = refusedReason(change.reason ?? "");
      if (why) return refuseClient(desk, turn, phone, tillWords.badReason(why));
      const { points, reason } = change;
      return openWanted(desk, turn, { by: "change", phone, action, points, reason }, edited);
    }
  }
}

/** The phone of the one client who is meant; where that is nobody or several it is said, and null. */
async function phoneSought(desk: Desk, turn: Turn, words: string, action: string): Promise<string | null> {
  const { cards, total } = await foundBy(tillOf(desk, turn.account), words, 1);
  const phone = total === 1 ? (cards[0]?.phone ?? null) : null;
  if (phone === null) await refuseClient(desk, turn, null, tillWords.sought(words, total, action));
  return phone;
}

/** `/move phone phone [points [reason]]`: from the first card to the second. */
export function tillMove(desk: Desk, turn: Turn, text: string, edited = false): Promise<void> {
  const move = readMove(text);
  switch (move.kind) {
    case "no_phones":
      return turn.say(moveWords.usage());
    case "same_phone":
      return refuseClient(desk, turn, move.from, moveWords.samePhone());
    case "bad_points":
      return refuseClient(desk, turn, move.from, moveWords.badPoints());
    default: {
      const why = refusedReason(move.reason ?? "");
      if (why) return refuseClient(desk, turn, move.from, tillWords.badReason(why));
      const { from, to, points, reason } = move;
      return openWanted(desk, turn, { by: "move", from, to, points, reason }, edited);
    }
  }
}

/** `/why phone`, or its last four digits, or a name; without a phone it is the admin's own card that is asked about: false. */
export async function tillWhy(desk: Desk, turn: Turn, text: string): Promise<boolean> {
  if (text.trim() === "") return false;
  const entry = readEntry(text);
  const found = await visitsNamed(tillOf(desk, turn.account), entry);
  if (found === undefined) await turn.say(tillWords.whyUsage());
  else if (found === "several") await turn.say(tillWords.severalFound(text.trim()));
  else if (found !== null) await turn.say(await visitsText(desk, found));
  else await turn.say(entry.kind === "name" ? tillWords.nobodyCalled(entry.name) : tillWords.noCard());
  return true;
}

/** Undefined when it names nobody. */
async function visitsNamed(till: Till, entry: TypedEntry): Promise<Visits | "several" | null | undefined> {
  if (entry.kind === "phone") return visitsOfPhone(till, entry.phone);
  if (entry.kind === "digits") return visitsOfWords(till, entry.digits);
  return entry.kind === "name" ? visitsOfWords(till, entry.name) : undefined;
}

/** `/cancel` closes what waits, and says so once: what stood there before stays to be read, without its buttons. */
export async function tillCancel(desk: Desk, turn: Turn): Promise<void> {
  const closed = await closeWaiting(tillOf(desk, turn.account), turn.account);
  const clients = new Set<string>();
  for (const { card, message } of closed) {
    const client = card === null ? null : await tillName(desk.db, card);
    if (client) clients.add(clientWords(client));
    if (message !== null) await turn.channel.takeButtons(turn.account, message);
  }
  await turn.say(closed.length > 0 ? tillWords.cancelled([...clients]) : tillWords.nothingToCancel());
}
