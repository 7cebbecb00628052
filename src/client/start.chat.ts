// The way in: greeting, consent, the contact, the question about a second phone, coming back.

import { welcomeBack } from "../cards/absence.ts";
import { agree, consentVersion, isPutOff, putOff, screenStands } from "../cards/consent.ts";
import { blockAccount, keepCard, type Linked, link, moveTo, ownCard } from "../cards/link.ts";
import { agreedByCarry, carriesAnother } from "../cards/together.ts";
import type { Buttons } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import { mainKeys, setOwnMenu, staffKeys } from "../chat/menu.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { isOwner, isStaff } from "../chat/staff.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { phoneOfContact } from "../rules/phone.ts";
import { messengerOf } from "../texts/messenger.ts";
import { consentKeys, consentWords, showConsent } from "./consent.chat.ts";
import { comeBack } from "./news.chat.ts";
import { askIfSame, carriedSaid, sayBeside, sayStrayed, tellPrevious } from "./together.chat.ts";

/** Start, "not now", contacts and the second phone; leaving and coming back. */
export const start: BotPart = async (desk, turn) => {
  const { incoming } = turn;
  const [, answer, question = ""] = /^move:(yes|no):([\w-]{1,50})$/.exec(turn.data ?? "") ?? [];
  if (incoming.kind === "start") await begin(desk, turn);
  else if (incoming.kind === "contact" && incoming.whose === "proven")
    await ownContact(desk, turn, incoming.phone);
  else if (incoming.kind === "contact") await foreignContact(desk, turn);
  else if (incoming.kind === "left") await blockAccount(desk.db, turn.account, desk.now());
  else if (incoming.kind === "returned") await comeBack(desk, turn, keysOf(desk, turn));
  else if (turn.data === "consent") await showConsent(desk, turn);
  else if (turn.pressed("notNow")) await notNow(desk, turn);
  else if (answer !== undefined) await secondPhone(desk, turn, answer === "yes", question);
  else return false;
  return true;
};

/** The keys that go with an answer to a person who has a card. */
function keysOf({ shop }: Desk, { t, account }: Turn): Buttons {
  return mainKeys(t, shop, isStaff(shop, account));
}

/** The greeting: who somebody is to the bot, what they may ask, and the consent of whoever has no card yet. */
export async function begin(desk: Desk, turn: Turn): Promise<void> {
  const { t, account, channel } = turn;
  const { shop } = desk;
  // No menu is taken for a chat that was never started, so this may be the first chance.
  await setOwnMenu(channel, shop, account).catch((err) =>
    turn.log.warn({ err }, "the menu of one who works here could not be set"),
  );
  const staff = isStaff(shop, account);
  const hello = (words: string) =>
    staff ? `${words}\n\n${staffTexts.youAre(isOwner(shop, account))}` : words;
  // The messenger's name, not the card's: that one may be of whoever had the number before.
  const { name } = turn;
  const back = await welcomeBack(desk.db, turn.account);
  if (back) return turn.say(hello(t.welcomeBack({ ...back, name })), keysOf(desk, turn));
  const card = await ownCard(desk.db, turn);
  if (card) return turn.say(hello(t.hello({ ...card, name })), keysOf(desk, turn));
  const title = shop.title();
  if (staff) {
    const words = `${hello(staffTexts.greeting(title))}\n\n${staffTexts.ownCard()}`;
    return turn.say(words, staffKeys(t));
  }
  await turn.say(t.greeting({ ...shop, title }));
  await showConsent(desk, turn);
}

/**
 * To a person without a card who asked for something of it. Who has the consent before them is reminded in a word, and so
 * is who has put it off, unless they typed a command.
 */
export async function askForNumber(desk: Desk, turn: Turn): Promise<void> {
  const { t, account, incoming } = turn;
  const typed = incoming.kind === "text" && incoming.command !== null;
  if (!typed && (await isPutOff(desk.db, account, desk.now())))
    return turn.say(t.numberLater(), [[{ text: t.buttons.confirm, data: "consent" }]]);
  const version = consentVersion(consentWords(desk, turn));
  if (await screenStands(desk.db, account, version, desk.now()))
    return turn.say(t.numberFirst(), consentKeys(t));
  await showConsent(desk, turn);
}

async function notNow(desk: Desk, turn: Turn): Promise<void> {
  await putOff(desk.db, turn.account, desk.now());
  if (!isStaff(desk.shop, turn.account)) return turn.say(turn.t.notNow(), keysOf(desk, turn));
  const card = await ownCard(desk.db, turn);
  await turn.say(staffTexts.notNow(), card ? keysOf(desk, turn) : staffKeys(turn.t));
}

/** Only the sender's own number counts: never somebody else's, never a typed one. */
async function ownContact(desk: Desk, turn: Turn, written: string): Promise<void> {
  const { t } = turn;
  const phone = phoneOfContact(written);
  if (phone === null) return turn.say(t.unreadablePhone(turn.messenger), keysOf(desk, turn));
  const [now, version] = [desk.now(), consentVersion(consentWords(desk, turn))];
  const proof = { ...personOf(turn), phone, version, now };
  if (!(await agree(desk.db, turn.account, version, now)) && !(await agreedByCarry(desk.db, proof))) {
    if (await carriesAnother(desk.db, turn.account, phone, now)) await sayStrayed(turn, phone);
    return showConsent(desk, turn);
  }
  const done = await link(desk.db, { ...proof, ...hooksOf(desk) });
  if (done.kind === "no_consent") return showConsent(desk, turn);
  if (done.kind === "second_phone") {
    const data = (answer: string) => `move:${answer}:${done.question}`;
    // The consent's keys may still be there; a message carries one keyboard, and this one needs its buttons.
    const elsewhere = done.from.beside.map(messengerOf);
    const moves = elsewhere.length === 0 && done.from.balance > 0;
    return turn.say(t.secondPhone(done.from, done.to, turn.messenger, elsewhere), [
      [
        { text: moves ? t.buttons.move : t.buttons.instead, data: data("yes") },
        { text: t.buttons.keep, data: data("no") },
      ],
    ]);
  }
  await tellOthers(desk, turn, done);
  await turn.say(`${t.linked(done)}${carriedSaid(turn, done)}`, keysOf(desk, turn));
  await sayBeside(desk, turn, done);
}

/** What knows of those who were here before. */
function hooksOf({ veil, welcome }: Desk) {
  return { veil, welcome };
}

function personOf({ account, name: firstName, language }: Turn) {
  return { account, firstName, language };
}

async function foreignContact(desk: Desk, turn: Turn): Promise<void> {
  const { t } = turn;
  const card = await ownCard(desk.db, turn);
  if (card) return turn.say(t.foreignContactOfLinked(card), keysOf(desk, turn));
  const version = consentVersion(consentWords(desk, turn));
  if (await screenStands(desk.db, turn.account, version, desk.now()))
    return turn.say(t.foreignContact(), consentKeys(t));
  await turn.say(t.foreignContact());
  await showConsent(desk, turn);
}

async function secondPhone(desk: Desk, turn: Turn, yes: boolean, question: string): Promise<void> {
  const { t } = turn;
  const now = desk.now();
  if (!yes) {
    const closed = await keepCard(desk.db, turn.account, question, now);
    // What the first tap said stays to be read.
    return closed ? turn.replace(t.notMoved()) : answerAgain(desk, turn);
  }
  const done = await moveTo(desk.db, { ...personOf(turn), question, now, ...hooksOf(desk) });
  if (done.kind === "closed") return answerAgain(desk, turn);
  await tellOthers(desk, turn, done);
  const left = done.left && { ...done.left, elsewhere: done.left.beside.map(messengerOf) };
  await turn.replace(`${t.moved(done.moved, done, done.journal, left)}${carriedSaid(turn, done)}`);
  await sayBeside(desk, turn, done);
}

/** A second tap, or a tap delivered twice: what the card holds is the answer either way. */
async function answerAgain(desk: Desk, turn: Turn): Promise<void> {
  const { t } = turn;
  const card = await ownCard(desk.db, turn);
  await turn.say(card ? `${t.oldQuestion()} ${t.balance(card)}` : t.oldQuestion());
}

async function tellOthers(desk: Desk, turn: Turn, done: Linked): Promise<void> {
  await tellPrevious(desk, turn, done);
  await askIfSame(desk, turn, done);
}
