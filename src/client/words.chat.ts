// What clients write in words of their own, and the buttons that are offered where those are not understood.

import { ownCard } from "../cards/link.ts";
import type { Button, Buttons } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import { aboveKeys, hasContacts, mainKeys } from "../chat/menu.ts";
import { isStaff } from "../chat/staff.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { historyTexts } from "./history.texts.ts";
import { dataTexts } from "./mydata.texts.ts";
import type { AskedCommand, Meaning } from "./stems.rule.ts";
import { whyTexts } from "./why.texts.ts";
import { likelyFor, meaningOf } from "./words.rule.ts";
import { plainTexts } from "./words.texts.ts";

/**
 * Answers a client's words, by the parts that answer commands where they stand for one. Never of those who work here: their
 * words are the till's.
 */
export function plainWords(parts: readonly BotPart[]): BotPart {
  return async (desk, turn) => {
    const { incoming } = turn;
    const [, offered] = /^ask:([a-z]{1,10})$/.exec(turn.data ?? "") ?? [];
    if (offered !== undefined) return byCommand(parts, desk, turn, offered);
    if (incoming.kind !== "text" || incoming.edited || isStaff(desk.shop, turn.account)) return false;
    const { text } = incoming;
    const meaning = text.startsWith("/") ? commandLeft(incoming.command?.name) : meaningOf(text);
    if (meaning === null) await notUnderstood(desk, turn, text);
    else if (isOwnAnswer(meaning)) await own[meaning](desk, turn);
    else if (!(await byCommand(parts, desk, turn, meaning))) await withoutCommand(parts, desk, turn, meaning);
    return true;
  };
}

/** Of commands those come this far that the salon has not set up. */
function commandLeft(name = ""): AskedCommand | null {
  return name === "book" || name === "contacts" ? name : null;
}

async function byCommand(parts: readonly BotPart[], desk: Desk, turn: Turn, name: string): Promise<boolean> {
  turn.understand(name);
  for (const part of parts) if (await part(desk, turn)) return true;
  return false;
}

/** What this salon has not set up: who has no booking page is called, and who has no phone is asked at the desk. */
async function withoutCommand(
  parts: readonly BotPart[],
  desk: Desk,
  turn: Turn,
  meaning: AskedCommand,
): Promise<void> {
  const words = plainTexts(turn.language);
  if (meaning !== "book") return turn.say(words.noContacts());
  if (!(await byCommand(parts, desk, turn, "contacts"))) await turn.say(words.noBooking());
}

type OwnAnswer = Exclude<Meaning, AskedCommand>;

const own: Record<OwnAnswer, (desk: Desk, turn: Turn) => Promise<void>> = {
  thanks: (_, turn) => turn.say(plainTexts(turn.language).thanks()),
  agreed: (_, turn) => turn.say(plainTexts(turn.language).agreed()),
  hello,
  expiry: ({ shop }, turn) => turn.say(plainTexts(turn.language).expiry(shop)),
  spend,
  person: (desk, turn) => turn.say(plainTexts(turn.language).person(desk.shop.supportPhone)),
  stop,
};

function isOwnAnswer(meaning: Meaning): meaning is OwnAnswer {
  return Object.hasOwn(own, meaning);
}

async function hello(desk: Desk, turn: Turn): Promise<void> {
  const { t, name } = turn;
  const card = await ownCard(desk.db, turn);
  if (card) return turn.say(t.hello({ ...card, name }), mainKeys(t, desk.shop, false));
  await turn.say(plainTexts(turn.language).helloStranger(name), [[confirmButton(turn)]]);
}

async function spend(desk: Desk, turn: Turn): Promise<void> {
  const words = plainTexts(turn.language);
  const card = await ownCard(desk.db, turn);
  // To a stranger without a keyboard: theirs may be the consent's, whose button must stay.
  if (!card) return turn.say(words.spendOfStranger(desk.shop));
  await turn.say(words.spend(desk.shop), mainKeys(turn.t, desk.shop, false));
}

async function stop(desk: Desk, turn: Turn): Promise<void> {
  const words = plainTexts(turn.language);
  const { open, unlink } = dataTexts(turn.language).buttons;
  const data = { text: open, data: "mydata" };
  const card = await ownCard(desk.db, turn);
  if (!card) return turn.say(words.stopStranger(), [[data]]);
  const said = desk.tells.includes(turn.channel.name) ? words.stop : words.stopAsked;
  await turn.say(said(turn.messenger), [[{ text: unlink, data: "unlink" }, data]]);
}

function confirmButton({ t }: Turn): Button {
  return { text: t.buttons.confirm, data: "consent" };
}

/** Says so, and offers the three that are likeliest; what needs a card gives way to the way to one. */
async function notUnderstood(desk: Desk, turn: Turn, text: string): Promise<void> {
  const words = plainTexts(turn.language);
  const card = await ownCard(desk.db, turn);
  const likely = likelyFor(text).flatMap((command) => offer(desk, turn, command, card !== null) ?? []);
  const keys = aboveKeys(turn, inRows(likely.slice(0, 3)), mainKeys(turn.t, desk.shop, false));
  if (card) return turn.say(words.unknown(desk.shop.supportPhone), keys);
  // A number that was typed proves nothing.
  const typed = /^[\d\s()+-]{7,}$/.test(text.trim());
  const said = typed ? turn.t.unknownToStranger() : words.unknownOfStranger();
  await turn.say(said, inRows([confirmButton(turn), ...likely.slice(0, 2)]));
}

function inRows(buttons: Button[]): Buttons {
  return buttons.map((button) => [button]);
}

/** The button for a command; null where it leads nowhere: the salon has not set it up, or it needs a card. */
function offer({ shop }: Desk, { t, language }: Turn, command: AskedCommand, linked: boolean): Button | null {
  const { balance, card, history, book, contacts, help } = t.buttons;
  if (command === "book") return shop.bookUrl === null ? null : { text: book, url: shop.bookUrl };
  if (command === "contacts" && !hasContacts(shop)) return null;
  const ofCards: AskedCommand[] = ["balance", "card", "history", "why", "statement"];
  if (!linked && ofCards.includes(command)) return null;
  const labels = { balance, card, history, contacts, help };
  const others = {
    why: whyTexts(language).why,
    statement: historyTexts(language).statement,
    mydata: dataTexts(language).buttons.open,
  };
  return { text: { ...labels, ...others }[command], data: `ask:${command}` };
}
