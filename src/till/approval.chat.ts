// What owners answer: a large sum that an admin asks for, and what was spent on a visit that was refunded.

import type { Buttons } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import { isStaff } from "../chat/staff.ts";
import type { Turn } from "../chat/turn.ts";
import type { Account } from "../rules/account.ts";
import { accountOfLedger } from "../rules/author.ts";
import { settlementOf } from "../settlements/settlements.ts";
import { escaped } from "../texts/html.ts";
import { ownerWords } from "../texts/person.ts";
import { branchZone } from "../visits/branch.ts";
import { agreedText, decidedText, type Large, ownerText, refusedText } from "./approval.texts.ts";
import { spentWords } from "./bill.texts.ts";
import { refundText, refundWords } from "./refunds.texts.ts";
import { giveBack, givenSince } from "./refunds.ts";
import { overCard, showNew, showThere, tillOf, yearOf } from "./screen.chat.ts";
import { hourOf } from "./screen.texts.ts";
import { adoptScreen, recallScreen, type Screen, type Till } from "./screens.ts";
import { settledNow } from "./settled.chat.ts";
import { ruleOf } from "./steps.rule.ts";
import { act, type NotDone, refuse } from "./till.ts";
import { type View, viewOf } from "./view.ts";
import { tillButtons, tillWords } from "./words.texts.ts";

/** Why a sum could not be taken, in words for the admin. */
export async function wordsOfRefusal(till: Till, acted: NotDone): Promise<string> {
  switch (acted.kind) {
    case "short":
      return tillWords.short(acted.balance);
    case "over_limit":
      return tillWords.overDay();
    case "forgotten":
      return tillWords.forgotten();
    case "unnamed":
      return tillWords.unnamed();
    case "ruled_out":
      return tillWords.ruledOut(acted.most, till.rules);
    default: {
      const last = (await viewOf(till, acted.screen)).bill.spent.at(-1);
      return last ? spentWords(last, acted.screen.bill ?? 0) : tillWords.changed();
    }
  }
}

/** Asks each of these owners. `away`: none could be reached now, and one may be by and by. */
export async function askOwners(
  desk: Desk,
  screen: Screen,
  owners: Account[],
): Promise<"asked" | "away" | "nobody"> {
  const view = await viewOf(tillOf(desk, screen.account), screen);
  const question = ownerQuestion(view);
  const sent = await Promise.all(
    owners.map((owner) => desk.channels.say(owner, question, ownerButtons(view))),
  );
  if (sent.some((one) => one.kind === "sent")) return "asked";
  return sent.some((one) => one.kind === "wait" || (one.kind === "failed" && one.passes)) ? "away" : "nobody";
}

function ownerButtons({ screen: { account, asked, rev } }: View): Buttons {
  const data = (answer: string) => `owner:${account}:${asked}:${rev}:${answer}`;
  return [
    [
      { text: tillButtons.agree, data: data("yes") },
      { text: tillButtons.refuse, data: data("no") },
    ],
  ];
}

function ownerQuestion(view: View): string {
  const large = largeOf(view);
  return large ? ownerText({ ...view.done, ...large }) : "";
}

function largeOf({ screen, card, other, visit }: View): Large | null {
  const { action, points } = screen;
  return card && { client: card, to: other, action: action ?? "spend", points: points ?? 0, visit };
}

/** A question that an owner answers: about which screen, and the state that it was asked in. */
interface Question {
  desk: Desk;
  turn: Turn;
  till: Till;
  screen: Screen;
  rev: number;
  yes: boolean;
}

/** An owner's answer about a large sum. Nobody agrees with themselves. */
export async function answerLarge(desk: Desk, turn: Turn, data: RegExpExecArray): Promise<string | null> {
  const [, release, admin = "", asked, state, answer] = data;
  const [account, rev] = [accountOfLedger(admin), Number(state)];
  const till = tillOf(desk, account);
  const key = { bot: till.bot, account, asked: Number(asked) };
  // The question is in the owner's chat, so its message is not the screen's own.
  if (release === "o") await adoptScreen(till.db, { ...key, rev, message: null });
  const screen = await recallScreen(till, key);
  if (screen === null || turn.account === screen.account) return tillWords.expired();
  const words = await answerOf({ desk, turn, till, screen, rev, yes: answer === "yes" });
  return words && overCard(desk, screen.card, words);
}

async function answerOf({ desk, turn, till, screen, rev, yes }: Question): Promise<string | null> {
  if (screen.rev !== rev || !ruleOf(screen.step).asksOwner) return staleForOwner(desk, turn, till, screen);
  const asked = await viewOf(till, screen);
  const question = ownerQuestion(asked);
  const large = largeOf(asked);
  const [owner, name] = [turn.account, ownerWords(turn.author)];
  if (!isStaff(desk.shop, screen.account)) {
    if (!(await refuse(till, screen, owner))) return staleForOwner(desk, turn, till, screen);
    await turn.replace(`${question}\n\n${tillWords.askerGone()}`);
    return tillWords.askerGone();
  }
  if (!yes) {
    const refused = await refuse(till, screen, owner);
    if (!refused) return staleForOwner(desk, turn, till, screen);
    await showNew(desk, turn, refused, "", large ? refusedText(large, name) : "");
    await turn.replace(tillWords.refusedByOwner(question, name));
    return null;
  }
  const acted = await act(till, screen, owner);
  const agreed = large ? agreedText(large, name) : "";
  if (acted.kind === "done") {
    await showNew(desk, turn, await settledNow(desk, till, acted.screen), "", agreed);
    await turn.replace(tillWords.answeredByOwner(question, name));
    return tillWords.agreed();
  }
  if (acted.kind === "already" || acted.kind === "changed" || acted.kind === "asks_owner")
    return staleForOwner(desk, turn, till, acted.screen);
  const words = await wordsOfRefusal(till, acted);
  await showNew(desk, turn, acted.screen, acted.kind === "repeated" ? "" : words, agreed);
  const told =
    acted.kind === "over_limit"
      ? tillWords.overLimitOf(asked.done.by, acted.left, desk.shop.adminDailyLimit ?? 0)
      : words;
  await turn.replace(`${question}\n\n${escaped(told)}`);
  return told;
}

/**
 * Read anew: another owner's answer may have gone through between the first reading and this one's. Or it was this owner's,
 * and the messenger did not take what it made: so the admin is shown again what was done.
 */
async function staleForOwner(desk: Desk, turn: Turn, till: Till, before: Screen): Promise<string> {
  const { incoming, channel, account } = turn;
  const screen = (await recallScreen(till, before)) ?? before;
  const view = await viewOf(till, screen);
  const decided = decisionOn(view);
  if (decided !== null) await turn.replace(decided);
  else if (incoming.kind === "tap" && incoming.message !== null)
    await channel.takeButtons(account, incoming.message);
  if (screen.row === null) return tillWords.closed();
  await showThere(desk, turn, screen);
  return tillWords.alreadyDone(view.done);
}

/** What an owner has decided; null: nothing, or the screen is another by now. */
function decisionOn(view: View): string | null {
  const [large, by] = [largeOf(view), view.done.confirmedBy];
  if (large === null || by === null) return null;
  if (view.screen.row !== null) return decidedText(large, by);
  return view.screen.step === "closed" ? refusedText(large, by) : null;
}

/** The button under a refunded visit: gives back what was spent on it. */
export async function answerRefund(desk: Desk, turn: Turn, data: RegExpExecArray): Promise<void> {
  const [till, spend] = [tillOf(desk, turn.account), Number(data[1])];
  let refunded = await giveBack(till, spend, turn.account);
  if (refunded.kind === "asked" && desk.settle) {
    await desk.settle(spend);
    // What could not be taken off the bill is not asked again by itself.
    if ((await settlementOf(till.db, spend))?.state === "returned")
      refunded = await givenSince(till, spend, turn.account);
  }
  if (refunded.kind === "gone") return turn.replace(refundWords.gone());
  // The button stays: the visit may be refunded again.
  if (refunded.kind === "paid_again") return turn.say(refundWords.paidAgain());
  if (refunded.kind === "asked") return turn.say(refundWords.asked());
  const { offer } = refunded;
  const timeZone = await branchZone(desk.db, desk.shop.companyIds);
  const at = (time: Date | null) => time && hourOf(time, timeZone);
  const words =
    refunded.kind === "given"
      ? refundWords.given(
          offer.points,
          refunded.balance,
          ownerWords(turn.author),
          hourOf(desk.now(), timeZone),
        )
      : refundWords.already(refunded.by, at(refunded.at));
  await turn.replace(`${refundText({ ...offer, year: yearOf(desk.now()) })}\n\n${words}`);
}
