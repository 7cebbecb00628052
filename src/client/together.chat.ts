// One card in a second messenger: by a link made in the first one, or with a question there whether it is the same person.

import { keepMovedAway } from "../cards/absence.ts";
import { consentVersion } from "../cards/consent.ts";
import { holdingOf, type Linked, ownCard } from "../cards/link.ts";
import {
  type AccountBeside,
  type AskedIfSame,
  accountsBeside,
  answerIfSame,
  askedIfSame,
  cameByCarry,
  consentOfCarry,
  isCarry,
  mayPutOff,
  type NotMine,
  openCarried,
  putOffAccount,
  questionToAsk,
} from "../cards/together.ts";
import type { Buttons } from "../channels/channel.ts";
import { textsOf } from "../chat/chat.texts.ts";
import type { Desk } from "../chat/desk.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { channelOf } from "../rules/account.ts";
import { dayOf } from "../rules/time.ts";
import { messengerName, messengerOf } from "../texts/messenger.ts";
import { branchZone } from "../visits/branch.ts";
import { consentWords } from "./consent.chat.ts";
import { togetherTexts } from "./together.texts.ts";

/** The way in with the code of a card that is in another messenger, the answers to the question there, and "that one is not mine". */
export function carriedHere(start: BotPart): BotPart {
  return async (desk, turn) => {
    const { incoming } = turn;
    const [, answer, question = ""] = /^same:(yes|no):([\w-]{1,50})$/.exec(turn.data ?? "") ?? [];
    const [, card, channel, sure] =
      /^notmine:(\d{1,15}):([a-z]{1,10})(:yes|:no)?$/.exec(turn.data ?? "") ?? [];
    if (channel !== undefined) {
      const does = sure === ":yes" ? putOff : sure === ":no" ? leaveThere : askToPutOff;
      await does(desk, turn, { account: turn.account, card: Number(card), channel });
    } else if (answer !== undefined) await answered(desk, turn, answer === "yes", question);
    else if (incoming.kind !== "start" || !isCarry(incoming.payload)) return start(desk, turn);
    else if (!(await byCode(desk, turn, incoming.payload))) return start(desk, turn);
    return true;
  };
}

/** False: the way in goes on, with the code remembered or without. */
async function byCode(desk: Desk, turn: Turn, code: string): Promise<boolean> {
  const { db } = desk;
  const t = togetherTexts(turn.language);
  const now = desk.now();
  const came = await cameByCarry(db, turn.account, code, now);
  const card = await ownCard(db, turn);
  if (card) {
    const opened = came && (await openCarried(db, turn.account, now));
    await turn.say(
      opened
        ? t.openedNow(namesOf((await accountsBeside(db, turn.account)).filter((one) => one.same)))
        : `${t.stale} ${turn.t.balance(card)}`,
    );
    return true;
  }
  const given = await consentOfCarry(db, turn.account, consentVersion(consentWords(desk, turn)), now);
  if (given === null) return false;
  const day = dayOf(given.at, await branchZone(db, desk.shop.companyIds));
  await turn.say(t.confirm(messengerOf(given.maker), day), [
    [{ text: turn.t.buttons.confirm, contact: true }],
  ]);
  return true;
}

/** What is said behind the answer to a link of the code that the account came by. */
export function carriedSaid({ language }: Turn, { phone, beside, opened, strayed, fresh }: Linked): string {
  const t = togetherTexts(language);
  if (opened) return `\n\n${t.opened(namesOf(beside.filter((one) => one.same)))}`;
  return strayed && fresh ? `\n\n${t.strayed(phone)}` : "";
}

/** To who came by the code of one card and has proved another number, before they agree to what that takes. */
export function sayStrayed(turn: Turn, phone: string): Promise<void> {
  return turn.say(togetherTexts(turn.language).otherNumber(phone));
}

/** Where else the card is that was just linked, what is seen of before, and the way to put off whoever had the number. */
export async function sayBeside(
  { tells, channels }: Desk,
  turn: Turn,
  { card, beside, opened, fresh, asks }: Linked,
): Promise<void> {
  const t = togetherTexts(turn.language);
  const there = beside.filter((one) => !one.same);
  if (opened || !fresh || there.length === 0) return;
  // Nobody looks into a chat where nothing answers.
  const asked = asks.filter(({ account }) => channels.of(account) !== null);
  const waits = asked.some(({ account }) => !tells.includes(channelOf(account)));
  const words = asked.length === 0 ? t.closed : waits ? t.waits : t.asked;
  const names = there.map(({ account }) =>
    channels.of(account) === null ? t.off(messengerOf(account)) : messengerOf(account),
  );
  const several = there.length > 1;
  await turn.say(
    words(names.join(", ")),
    there.map(({ account }) => [
      {
        text: t.buttons.notMine(several ? messengerOf(account) : null),
        data: `notmine:${card}:${channelOf(account)}`,
      },
    ]),
  );
}

/** The names of their messengers. */
function namesOf(beside: readonly AccountBeside[]): string {
  return beside.map(({ account }) => messengerOf(account)).join(", ");
}

/** Why the button does nothing. What a tap before it said stays to be read. */
function cannotPutOff(turn: Turn, why: "closed" | "late" | "gone", there: string): Promise<void> {
  const t = togetherTexts(turn.language);
  if (why === "gone") return turn.say(turn.t.oldQuestion());
  return turn.say(why === "late" ? t.putOffLate(there) : t.putOffClosed(there));
}

/** A slip of the finger would close what they see of before, if both accounts are theirs. */
async function askToPutOff(desk: Desk, turn: Turn, of: NotMine): Promise<void> {
  const t = togetherTexts(turn.language);
  const there = messengerName(of.channel);
  const may = await mayPutOff(desk.db, of);
  if (may.kind !== "may") return cannotPutOff(turn, may.kind, there);
  const data = (answer: string) => `notmine:${of.card}:${of.channel}:${answer}`;
  await turn.say(t.askPutOff(may.phone, there), [
    [{ text: t.buttons.putOff, data: data("yes") }],
    [{ text: t.buttons.keep, data: data("no") }],
  ]);
}

async function leaveThere(desk: Desk, turn: Turn, of: NotMine): Promise<void> {
  const there = messengerName(of.channel);
  const may = await mayPutOff(desk.db, of);
  // A yes may have been before it. That the day is over since keeps nobody from leaving all as it is.
  if (may.kind === "closed" || may.kind === "gone") return cannotPutOff(turn, may.kind, there);
  await turn.replace(togetherTexts(turn.language).kept(there));
}

async function putOff(desk: Desk, turn: Turn, of: NotMine): Promise<void> {
  const done = await putOffAccount(desk.db, of);
  const there = messengerName(of.channel);
  if (done.kind !== "may") return cannotPutOff(turn, done.kind, there);
  await tellPrevious(desk, turn, { previous: done.other, phone: done.phone });
  await turn.replace(togetherTexts(turn.language).putOff(done.phone, there));
}

/** The account before learns it; if it has gone or blocked the bot, that changes nothing here. */
export async function tellPrevious(
  desk: Desk,
  turn: Turn,
  { previous, phone }: Pick<Linked, "previous" | "phone">,
): Promise<void> {
  if (previous === null) return;
  // It may have proved the phone again meanwhile.
  if ((await holdingOf(desk.db, previous.account))?.phone === phone) return;
  if (!desk.tells.includes(channelOf(previous.account)))
    return keepMovedAway(desk.db, previous.account, desk.now());
  const words = textsOf(previous.language).movedAway(desk.shop.supportPhone);
  const sent = await desk.channels.say(previous.account, words);
  if (sent.kind !== "sent") turn.log.warn(sent, "the account before could not be told");
}

/** Asks the card's other accounts, in their own language, whether it is they; who may not be told unasked is when they write next. */
export async function askIfSame(desk: Desk, turn: Turn, { asks, phone }: Linked): Promise<void> {
  for (const asked of asks.filter(({ account }) => desk.tells.includes(channelOf(account)))) {
    const t = togetherTexts(asked.language);
    const sent = await desk.channels.say(asked.account, t.ask(phone, turn.messenger), answers(t, asked));
    if (sent.kind === "failed" || sent.kind === "wait")
      turn.log.warn(sent, "the card's other account could not be asked");
    // What did not get through now is asked when the number is sent once more.
    else await askedIfSame(desk.db, asked, { now: desk.now(), told: sent.kind === "sent" });
  }
}

function answers({ buttons }: ReturnType<typeof togetherTexts>, { question }: AskedIfSame): Buttons {
  return [
    [
      { text: buttons.same, data: `same:yes:${question}` },
      { text: buttons.other, data: `same:no:${question}` },
    ],
  ];
}

/** At a turn where the messenger lets nothing be told unasked: the question that waits for it. */
export async function askWaiting(desk: Desk, turn: Turn): Promise<void> {
  const now = desk.now();
  const asked = await questionToAsk(desk.db, turn.account, now);
  if (asked === null) return;
  const t = togetherTexts(turn.language);
  await turn.say(t.ask(asked.phone, messengerOf(asked.about)), answers(t, asked));
  await askedIfSame(desk.db, asked, { now, told: true });
}

async function answered(desk: Desk, turn: Turn, yes: boolean, question: string): Promise<void> {
  const { db, shop } = desk;
  const done = await answerIfSame(db, { account: turn.account, question, yes, now: desk.now() });
  // A second tap: what the first one said stays to be read.
  if (done.kind === "closed") return turn.say(turn.t.oldQuestion());
  const t = togetherTexts(turn.language);
  const there = messengerOf(done.other.account);
  if (done.kind === "refused") {
    const mended = [[{ text: t.buttons.mistaken, data: `same:yes:${question}` }]];
    return turn.replace(t.no(done.phone, there, shop.supportPhone), mended);
  }
  await turn.replace(t.yes(done.phone, there));
  await tell(desk, turn, [done.other], (one) =>
    togetherTexts(one.language).yesThere(done.phone, turn.messenger),
  );
}

/** Tells other accounts of the person's card; one that cannot be written to, or not unasked, changes nothing here. */
export async function tell(
  desk: Desk,
  turn: Turn,
  others: readonly AccountBeside[],
  words: (one: AccountBeside) => string,
): Promise<void> {
  for (const one of others) {
    if (one.blocked || !desk.tells.includes(channelOf(one.account))) continue;
    const sent = await desk.channels.say(one.account, words(one));
    if (sent.kind !== "sent") turn.log.warn(sent, "another account of the card could not be told");
  }
}
