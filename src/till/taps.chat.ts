// The buttons of the till: each tap does what its screen says, once, and always gets an answer.

import type { Desk } from "../chat/desk.ts";
import { isOwner } from "../chat/staff.ts";
import type { Turn } from "../chat/turn.ts";
import { wayIn, waysIn } from "../chat/ways.ts";
import { sendCode } from "../client/carry.chat.ts";
import type { Invite } from "../picture/invite.ts";
import type { Account } from "../rules/account.ts";
import type { RecordId } from "../rules/ids.ts";
import { messengerName } from "../texts/messenger.ts";
import { branchZone } from "../visits/branch.ts";
import { openAnew } from "./anew.ts";
import { askOwners, wordsOfRefusal } from "./approval.chat.ts";
import { missingIn } from "./buttons.chat.ts";
import { historyText } from "./lists.texts.ts";
import { rowsOf, trustOwner, visitsOf } from "./lists.ts";
import {
  backOf,
  leaveQuestion,
  overCard,
  showHere,
  showIn,
  showThere,
  tillOf,
  visitsText,
  yearOf,
} from "./screen.chat.ts";
import {
  adoptScreen,
  findTapped,
  recallScreen,
  type Screen,
  screenOfRow,
  type Till,
  turnScreen,
} from "./screens.ts";
import { settledNow } from "./settled.chat.ts";
import { mayTap, type ScreenButton } from "./steps.rule.ts";
import { act, takeBack, unask } from "./till.ts";
import { viewOf } from "./view.ts";
import { tillWords } from "./words.texts.ts";

/** A tap on a button that stands under its screen. */
interface Tapped {
  desk: Desk;
  turn: Turn;
  till: Till;
  screen: Screen;
  invite: Invite | undefined;
  /** The button's number, 0 when it has none. */
  about: number;
  /** Shows what became of the screen that is acted on. */
  show: (screen: Screen, note?: string) => Promise<void>;
}

/** Does what a button says; returns what to say over the screen for a moment, or null. */
type Does = (tapped: Tapped) => Promise<string | null>;

/** What each button does. */
const does: Record<ScreenButton, Does> = {
  open: (tapped) => turned(tapped, "open"),
  make: (tapped) => turned(tapped, "make"),
  go: (tapped) => go(tapped, tapped.about === 0 ? null : tapped.about),
  plain: (tapped) => go(tapped, null),
  sum: (tapped) => turned(tapped, "sum"),
  bill: (tapped) => turned(tapped, "bill"),
  credit: (tapped) => turned(tapped, "credit"),
  hist: history,
  why,
  qr,
  trust,
  recent: backRecent,
  back: (tapped) => turned(tapped, "back"),
  undo: (tapped) => back(tapped, false),
  give: (tapped) => back(tapped, true),
  anew,
};

/** Does what an admin's button says; returns what to say over the screen for a moment, or null. */
export function tapTill(invite: Invite | undefined) {
  return (desk: Desk, turn: Turn, data: RegExpExecArray) => tapped(desk, turn, data, invite);
}

async function tapped(
  desk: Desk,
  turn: Turn,
  data: RegExpExecArray,
  invite: Invite | undefined,
): Promise<string | null> {
  const [, release, asked, state, button = "", about = 0] = data;
  const rev = Number(state);
  const till = tillOf(desk, turn.account);
  const key = { bot: till.bot, account: turn.account, asked: Number(asked) };
  const message = turn.incoming.kind === "tap" ? (turn.incoming.message ?? 0) : 0;
  if (release === "t" || release === "mv") await adoptScreen(till.db, { ...key, rev, message });
  const screen = await findTapped(till.db, key, till.now);
  if (screen === null) return tillWords.expired();
  const show: Tapped["show"] = (after, note) => showHere(desk, turn, after, note);
  const tap = { desk, turn, till, screen, invite, about: Number(about), show };
  // What only shows something may be tapped under whatever the screen has become.
  if (button === "hist" || button === "why" || button === "qr") return does[button](tap);
  if (screen.askedElsewhere && screen.rev === rev) await leaveQuestion(desk, turn, screen.asked);
  const now = screen.rev === rev && mayTap(screen.step, button) ? button : null;
  const words = await (now ? does[now](tap) : stale(tap, screen));
  return words && overCard(desk, screen.card, words);
}

async function turned(tapped: Tapped, button: Parameters<typeof turnScreen>[2]): Promise<string | null> {
  const { desk, turn, till, screen, about } = tapped;
  const after = await turnScreen(till, screen, button, about);
  if (!after) return stale(tapped, screen);
  await showHere(desk, turn, after);
  return null;
}

/** A button of a screen that is another by now: what became of it is shown and said. */
async function stale({ till, show }: Tapped, before: Screen): Promise<string> {
  const screen = (await recallScreen(till, before)) ?? before;
  await show(screen);
  const { done } = await viewOf(till, screen);
  if (screen.step === "done") return tillWords.alreadyDone(done);
  if (screen.step === "undone") return tillWords.alreadyUndone(done);
  return screen.step === "closed" ? tillWords.closed() : tillWords.changed();
}

/** What is tapped names the record whose visit is paid a part of; null: none. */
async function go(tapped: Tapped, names: RecordId | null): Promise<string | null> {
  const { desk, till, screen: before, show } = tapped;
  const acted = await act(till, { ...before, names }, null);
  const { screen } = acted;
  switch (acted.kind) {
    case "done":
      await show(await settledNow(desk, till, screen));
      return null;
    case "already":
      return screen.row === null ? tillWords.doneBefore() : stale(tapped, screen);
    case "changed":
      return stale(tapped, before);
    case "asks_owner":
      return askFirst(tapped, screen, acted.owners);
    default: {
      const words = await wordsOfRefusal(till, acted);
      // The screen itself says what was repeated.
      await show(screen, acted.kind === "repeated" ? "" : words);
      return words;
    }
  }
}

/** The same spend once more, below: what came of the first stays where it is, without its button. */
async function anew(tapped: Tapped): Promise<string | null> {
  const { desk, turn, till, screen: before, about } = tapped;
  const offered = (await viewOf(till, before)).anew;
  const screen =
    offered !== null && (offered.record ?? 0) === about ? await openAnew(till, before, offered) : null;
  if (screen === null) return stale(tapped, before);
  const show: Tapped["show"] = async (after, note) =>
    showIn(desk, turn, (await recallScreen(till, after)) ?? after, note);
  const begun = { ...tapped, screen, show };
  // What became of it before may not have reached the admin, and is only shown: it may be another sum.
  const words = await (screen.rev === 1 ? go(begun, screen.names) : stale(begun, screen));
  await showThere(desk, turn, before);
  return words;
}

/** Where no owner could be reached the preview is there again. */
async function askFirst(tapped: Tapped, asked: Screen, owners: Account[]): Promise<string> {
  const { desk, till, screen: before, show } = tapped;
  const byOwner = isOwner(desk.shop, asked.account);
  // They first: the tap that comes again where the admin could not be shown it asks nobody.
  const reached = await askOwners(desk, asked, owners);
  if (reached === "asked") {
    await show((await recallScreen(till, asked)) ?? asked);
    return tillWords.asked(byOwner);
  }
  const again = await unask(till, asked, before);
  if (again === null) return stale(tapped, asked);
  const words =
    reached === "away" ? tillWords.ownerNotReachedNow(byOwner) : tillWords.noOwnerReached(byOwner);
  await show(again, words);
  return words;
}

async function back(tapped: Tapped, anew: boolean): Promise<string | null> {
  const { desk, turn, till, screen } = tapped;
  const { kind, screen: after, balance } = await takeBack(till, screen, turn.account, anew);
  if (kind === "asked") {
    await showHere(desk, turn, await settledNow(desk, till, after));
    return null;
  }
  if (kind === "already") return stale(tapped, after);
  if (kind === "short") return tillWords.backSpent(after.action, balance);
  if (kind === "forgotten") return tillWords.forgotten();
  await showHere(desk, turn, after);
  if (kind === "done" || after.doneAt === null) return null;
  const { undoUntil } = await viewOf(till, after);
  return tillWords.late(undoUntil, after.action, after.points ?? 0);
}

/** Another admin's fresh change, by its row of the ledger, undone from one's own screen of the same card. */
async function backRecent(tapped: Tapped): Promise<string | null> {
  const { desk, turn, till, screen, about } = tapped;
  const other = await screenOfRow(till.db, about);
  if (other === null || screen.card === null || ![other.card, other.to].includes(screen.card))
    return stale(tapped, screen);
  const { kind, screen: after, balance } = await takeBack(till, other, turn.account, false);
  if (kind === "short") return tillWords.backSpent(other.action, balance);
  if (kind === "forgotten") return tillWords.forgotten();
  const now = kind === "asked" ? await settledNow(desk, till, after) : after;
  const view = await viewOf(till, now);
  const again = (await turnScreen(till, screen, "back")) ?? screen;
  const isBack = kind === "done" || kind === "asked";
  await showHere(desk, turn, again, isBack ? backOf(desk, view) : "");
  if (isBack) await showThere(desk, turn, now);
  if (kind === "already") return tillWords.alreadyUndone(view.done);
  return kind === "late" ? tillWords.changed() : null;
}

/**
 * The admin has seen who has the number now: the owner's chat shows all of the card's history again. `about` is from
 * when the account that the admin was shown has the card.
 */
async function trust(tapped: Tapped): Promise<string> {
  const { desk, turn, till, screen, about } = tapped;
  if (screen.card === null) return stale(tapped, screen);
  const opened = await trustOwner(till, screen.card, about, turn.account);
  await showHere(desk, turn, screen);
  return opened ? tillWords.trusted() : tillWords.anotherOwner();
}

async function history({ desk, turn, till, screen }: Tapped): Promise<null> {
  const found = screen.card === null ? null : await rowsOf(till, screen.card);
  if (found === null) return null;
  const timeZone = await branchZone(desk.db, desk.shop.companyIds);
  const of = { timeZone, year: yearOf(desk.now()), owners: desk.shop.ownerIds };
  await turn.say(historyText(found.card, found.rows, found.names, of));
  return null;
}

async function why({ desk, turn, till, screen }: Tapped): Promise<null> {
  const found = screen.card === null ? null : await visitsOf(till, screen.card);
  if (found) await turn.say(await visitsText(desk, found));
  return null;
}

/**
 * The code that opens the bot on the client's phone, in the other messenger where their card is in one only. It opens no history, and
 * agrees to nothing for them: only who has the card can let that go along, and whoever holds the phone at the desk may be another.
 */
async function qr({ desk, turn, till, screen, invite }: Tapped): Promise<null> {
  const line = tillWords.inviteLine();
  const { accounts = [] } = (await viewOf(till, screen)).card ?? {};
  const missing = missingIn(desk.channels.spoken, accounts);
  const there = desk.channels.all.find(({ name }) => name === missing[0]);
  if (there) {
    const link = there.link();
    const words = tillWords.carry(messengerName(there.name), link);
    await sendCode(desk, turn, { invite, line, link }, words, words);
    return null;
  }
  const ways = waysIn(desk, turn.channel);
  const of = { invite, line, link: wayIn(desk, turn.channel) };
  await sendCode(desk, turn, of, tillWords.invite(ways), tillWords.inviteInWords(ways));
  return null;
}
