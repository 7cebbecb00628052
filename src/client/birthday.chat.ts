// The birthday: asked once, told by /birthday, kept after a question, changed once a year, removed at any time.

import { forgetDialog, recallDialog, rememberDialog } from "../cards/consent.ts";
import { ownCard } from "../cards/link.ts";
import type { Buttons } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import { isStaff } from "../chat/staff.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { asksNow, birthdayOf, noteAsked, sayBirthday, takeBirthdayAway } from "../gifts/birthdays.ts";
import type { Points } from "../rules/money.ts";
import { dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";
import { readBirthday } from "./birthday.rule.ts";
import { birthdayTexts } from "./birthday.texts.ts";
import { askForNumber } from "./start.chat.ts";

const QUESTION = "birthday";
const DAY = 86_400_000;

/** /birthday with or without a day behind it, its buttons, and the answer to its question. Nobody's where no gift is set. */
export const birthday: BotPart = async (desk, turn) => {
  const points = desk.shop.birthdayPoints;
  if (points === null) return false;
  const [, day] = /^birthday:set:(\d\d-\d\d)$/.exec(turn.data ?? "") ?? [];
  const words = turn.asks("birthday");
  if (day !== undefined) await keep(desk, turn, day, points);
  else if (turn.data === "birthday:no") await letBe(desk, turn);
  else if (turn.data === "birthday:again") await writeAnew(desk, turn);
  else if (turn.data === "birthday:drop") await drop(desk, turn);
  else if (words !== null) await (words.trim() === "" ? show(desk, turn, points) : read(desk, turn, words));
  else if (await isAnswer(desk, turn)) await read(desk, turn, writtenIn(turn) ?? "");
  else return false;
  return true;
};

/** After another answer: once to whoever has a card and whose birthday nobody knows. Those who work here are asked by /birthday alone. */
export async function askBirthday(desk: Desk, turn: Turn): Promise<void> {
  const points = desk.shop.birthdayPoints;
  if (points === null || isStaff(desk.shop, turn.account)) return;
  if (!(await asksNow(desk.db, turn.account, desk.now()))) return;
  await ask(desk, turn, points);
}

async function ask(desk: Desk, turn: Turn, points: Points): Promise<void> {
  const t = birthdayTexts(turn.language);
  await noteAsked(desk.db, turn.account, desk.now());
  await listen(desk, turn);
  await turn.say(t.ask(points, exampleFor(desk, turn)), [[{ text: t.buttons.notSaid, data: "birthday:no" }]]);
}

function exampleFor({ shop }: Desk, { account, language }: Turn): string {
  return birthdayTexts(language).example(isStaff(shop, account));
}

/** For a day, what is written with a figure in it is the answer. */
async function listen({ db, now }: Desk, { account }: Turn): Promise<void> {
  await rememberDialog(db, account, QUESTION, {}, new Date(now().getTime() + DAY));
}

function writtenIn({ incoming }: Turn): string | null {
  return incoming.kind === "text" && !incoming.edited && incoming.command === null ? incoming.text : null;
}

/** A figure is in every day; words without one may be anything else. What is long is a story, or a phone. */
async function isAnswer({ db, shop, now }: Desk, turn: Turn): Promise<boolean> {
  const text = writtenIn(turn);
  if (text === null || !/\d/.test(text) || text.length > 30 || isStaff(shop, turn.account)) return false;
  return (await recallDialog(db, turn.account, QUESTION, now())) !== null;
}

async function show(desk: Desk, turn: Turn, points: Points): Promise<void> {
  if (!(await ownCard(desk.db, turn))) return askForNumber(desk, turn);
  const t = birthdayTexts(turn.language);
  const known = await birthdayOf(desk.db, turn.account, desk.now());
  if (known.day === null) return ask(desk, turn, points);
  await listen(desk, turn);
  const example = exampleFor(desk, turn);
  if (known.from === "journal") return turn.say(`${t.ofJournal(known.day, example)}\n\n${t.rule(points)}`);
  const from = known.changesFrom && dayOf(known.changesFrom, await branchZone(desk.db, desk.shop.companyIds));
  const buttons: Buttons = [[{ text: t.buttons.drop, data: "birthday:drop" }]];
  await turn.say(`${t.ofPerson(known.day)} ${t.changes(from, example)}\n\n${t.rule(points)}`, buttons);
}

async function read(desk: Desk, turn: Turn, text: string): Promise<void> {
  if (!(await ownCard(desk.db, turn))) return askForNumber(desk, turn);
  const t = birthdayTexts(turn.language);
  const day = readBirthday(text);
  if (day === null) return turn.say(t.unread(exampleFor(desk, turn)));
  await turn.say(t.confirm(day), [
    [
      { text: t.buttons.yes(day), data: `birthday:set:${day}` },
      { text: t.buttons.no, data: "birthday:again" },
    ],
  ]);
}

async function keep(desk: Desk, turn: Turn, day: string, points: Points): Promise<void> {
  const { db } = desk;
  const t = birthdayTexts(turn.language);
  if (readBirthday(`2000-${day}`) !== day) return turn.replace(t.unread(exampleFor(desk, turn)));
  if (!(await ownCard(db, turn))) return askForNumber(desk, turn);
  const done = await sayBirthday(db, turn.account, day, desk.now());
  await forgetDialog(db, turn.account, QUESTION);
  if (done.result === "kept") return turn.replace(t.kept(day, points));
  await turn.replace(t.early(dayOf(done.from, await branchZone(db, desk.shop.companyIds))));
}

async function letBe({ db }: Desk, turn: Turn): Promise<void> {
  await forgetDialog(db, turn.account, QUESTION);
  await turn.replace(birthdayTexts(turn.language).no());
}

/** The day that was read is not theirs: the right one may be written at once. */
async function writeAnew(desk: Desk, turn: Turn): Promise<void> {
  await listen(desk, turn);
  await turn.replace(birthdayTexts(turn.language).again(exampleFor(desk, turn)));
}

async function drop({ db }: Desk, turn: Turn): Promise<void> {
  await takeBirthdayAway(db, turn.account);
  await forgetDialog(db, turn.account, QUESTION);
  await turn.replace(birthdayTexts(turn.language).dropped());
}
