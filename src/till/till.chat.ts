// The till: whose messages and taps it takes, and who answers each.

import { ownCard } from "../cards/link.ts";
import type { Incoming } from "../channels/channel.ts";
import { isDayWord } from "../chat/asks.texts.ts";
import type { Desk } from "../chat/desk.ts";
import { aboveKeys, mainKeys, staffKeys } from "../chat/menu.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { isOwner, isStaff, nameStaff } from "../chat/staff.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import type { Invite } from "../picture/invite.ts";
import { isChosen } from "../visits/chosen.rule.ts";
import { answerLarge, answerRefund } from "./approval.chat.ts";
import { tillCancel, tillChange, tillMove, tillWhy } from "./commands.chat.ts";
import { answerEntry, answerTyped, politeAnswer, tillContact, tillScan, tillText } from "./entry.chat.ts";
import { tillFriend } from "./friend.chat.ts";
import { showHere, tillOf } from "./screen.chat.ts";
import { recallScreen, withdraw } from "./screens.ts";
import { tapLookAgain } from "./settled.chat.ts";
import { tapTill } from "./taps.chat.ts";
import { readEntry } from "./till.rule.ts";
import { openRecordOfDay, showClient, showDay, showDayList, showPage } from "./today.chat.ts";
import { screenTypedBy, typeAnew } from "./typed.ts";

/** False when it is for whoever comes next. What stands behind a button, and who may tap it, is checked here at every tap. */
type Answer = (desk: Desk, turn: Turn, words: string) => Promise<boolean> | Promise<void>;

/** The commands, and the keys of the menu that stand for them. */
const commands: Record<string, Answer> = {
  today: showDay,
  credit: (desk, turn, words) => tillChange(desk, turn, "credit", words),
  debit: (desk, turn, words) => tillChange(desk, turn, "debit", words),
  move: tillMove,
  friend: tillFriend,
  cancel: tillCancel,
  why: tillWhy,
  help: async (desk, turn) => {
    const card = await ownCard(desk.db, turn);
    const keys = card ? mainKeys(turn.t, desk.shop, true) : staffKeys(turn.t);
    await turn.say(
      staffTexts.help(isOwner(desk.shop, turn.account), brought(desk)),
      aboveKeys(turn, [], keys),
    );
  },
};

/** Which commands the settings have brought. */
function brought({ shop }: Desk): Parameters<typeof staffTexts.help>[1] {
  return {
    friend: shop.friendPoints !== null,
    level: shop.levels !== null,
    programme: isChosen(shop),
    settles: shop.settles === "on",
    statement: shop.statements !== "off",
  };
}

/** Says what is to be said over the screen for a moment, if anything is. */
type Tapped = (desk: Desk, turn: Turn, match: RegExpExecArray) => Promise<string | null> | Promise<void>;

type Taps = [data: RegExp, answer: Tapped, owners?: true][];

/**
 * What buttons send. A screen's names the screen, the state it was shown in, what to do, and a number; an owner's the admin
 * whose screen it is too. Short names are earlier releases'; screens of `t`, `mv` and `o` did not say which bot's they are.
 */
const tapsOf = (invite: Invite | undefined): Taps => [
  [/^(till|s|t|mv):(\d{1,15}):(\d{1,9}):([a-z]+)(?:[:-](\d{1,15}))?(?:-\d{1,15})?$/, tapTill(invite)],
  [/^(owner|a|o):((?:[a-z]{1,10}:)?[\w-]{1,20}):(\d{1,15}):(\d{1,9}):(yes|no)$/, answerLarge, true],
  [/^(?:refund|rf):(\d{1,15})$/, answerRefund, true],
  [/^settlement:again:(\d{1,15})$/, tapLookAgain, true],
  [/^(?:today:page|td:p):(\d{1,2})(?::(\d{4}-\d\d-\d\d))?$/, showPage],
  [/^today:list:(open|paid):(\d{1,4}|now)(?::(\d{4}-\d\d-\d\d))?$/, showDayList],
  [/^today:client:(\d{1,15}):(\d{1,15})(?::(\d{4}-\d\d-\d\d))?$/, showClient],
  [/^(?:today:record|td:o):(\d{1,15})(?::(\d{1,15}))?$/, openRecordOfDay],
];

/**
 * Takes what those who work here write and tap; a menu's scope is display, so each turn is checked against the settings.
 * Without `invite` a client is shown the way to the bot in words.
 */
export function till({ invite }: { invite?: Invite | undefined } = {}): BotPart {
  const taps = tapsOf(invite);
  return (desk, turn) => take(desk, turn, taps);
}

async function take(desk: Desk, turn: Turn, taps: Taps): Promise<boolean> {
  const { incoming, account } = turn;
  if (incoming.kind === "left" || incoming.kind === "returned" || !isStaff(desk.shop, account)) return false;
  await nameStaff(desk.db, account, turn.author);
  if (incoming.kind === "tap") return tapped(desk, turn, incoming.data, taps);
  for (const [name, answer] of Object.entries(commands)) {
    const words = turn.asks(name);
    if (words !== null) return (await answer(desk, turn, words)) !== false;
  }
  if (incoming.kind === "start") return tillScan(desk, turn, incoming.payload);
  if (incoming.kind === "contact") return tillContact(desk, turn, incoming);
  if (incoming.kind !== "text") return false;
  if (!incoming.edited && isDayWord(incoming.text)) {
    await showDay(desk, turn, incoming.text);
    return true;
  }
  return incoming.edited ? tillEdited(desk, turn, incoming) : tillText(desk, turn, incoming);
}

async function tapped(desk: Desk, turn: Turn, data: string, taps: Taps): Promise<boolean> {
  for (const [pattern, answer, owners] of taps) {
    const match = pattern.exec(data);
    if (match === null || (owners && !isOwner(desk.shop, turn.account))) continue;
    const over = await answer(desk, turn, match);
    await turn.answerTap(typeof over === "string" ? over : null);
    return true;
  }
  return false;
}

/** An edited message: answered anew if it was not acted on, said so if it was. */
async function tillEdited(
  desk: Desk,
  turn: Turn,
  { text, message }: Incoming & { kind: "text" },
): Promise<true> {
  const till = tillOf(desk, turn.account);
  const filled = await screenTypedBy(till, turn.account, message);
  if (filled) {
    await answerTyped(desk, turn, filled.card, await typeAnew(till, filled, message, text), true);
    return true;
  }
  const before = await recallScreen(till, { bot: till.bot, account: turn.account, asked: message });
  await answerEdited(desk, turn, text);
  // A button of what the message does not say any more would be one too many.
  const closed = before && (await withdraw(till, before));
  if (closed) await showHere(desk, turn, closed);
  return true;
}

async function answerEdited(desk: Desk, turn: Turn, text: string): Promise<void> {
  const [, command, rest = ""] = /^\/(credit|debit|move|why)(?:@\w+)?(?:\s+(.*))?$/s.exec(text) ?? [];
  if (command === "move") return tillMove(desk, turn, rest, true);
  if (command === "credit" || command === "debit") return tillChange(desk, turn, command, rest, true);
  if (command === "why") {
    await tillWhy(desk, turn, rest);
    return;
  }
  if (isDayWord(text)) return showDay(desk, turn, text);
  const entry = readEntry(text);
  if (entry.kind !== "other" && !text.startsWith("/") && politeAnswer(text) === null)
    await answerEntry(desk, turn, entry, true);
}
