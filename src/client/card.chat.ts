// What a person asks about their card and the salon, and the answer to what is no words.

import { ownCard } from "../cards/link.ts";
import type { Buttons } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import { aboveKeys, hasContacts, mainKeys, staffKeys } from "../chat/menu.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { isStaff } from "../chat/staff.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { ledgerNameOf } from "../rules/author.ts";
import { askBirthday } from "./birthday.chat.ts";
import { carryButtons } from "./carry.chat.ts";
import { endsLine } from "./ends.chat.ts";
import { pastButtons } from "./history.chat.ts";
import { levelLine } from "./level.chat.ts";
import { dataTexts } from "./mydata.texts.ts";
import { askForNumber } from "./start.chat.ts";
import { whyTexts } from "./why.texts.ts";

/** What is asked about the card and the salon. */
export const card: BotPart = async (desk, turn) => {
  const { shop } = desk;
  const asked = (name: string) => turn.asks(name) !== null;
  if (asked("balance")) await balance(desk, turn);
  else if (asked("help")) await turn.say(turn.t.help(shop), await helpButtons(desk, turn));
  else if (asked("id")) await turn.say(turn.t.id(turn.messenger, ledgerNameOf(turn.account)));
  else if (asked("book") && shop.bookUrl !== null)
    await turn.say(turn.t.book(), [[{ text: turn.t.buttons.bookOnline, url: shop.bookUrl }]]);
  else if ((asked("contacts") || turn.data === "contacts") && hasContacts(shop)) await contacts(desk, turn);
  else return false;
  return true;
};

/** The answer to all else that is sent: the last of the parts. What clients write was understood before, or was not. */
export function anythingElse(): BotPart {
  const albums = new Albums();
  return async (desk, turn) => {
    const { incoming } = turn;
    // What those who work here write has been to the till: commands and dead keys are left.
    if (incoming.kind === "text" && !incoming.edited)
      await turn.say(unknownOfStaff(incoming.text), aboveKeys(turn, [], staffKeys(turn.t)));
    else if (incoming.kind !== "other") return false;
    else if (incoming.album === null || albums.begins(`${turn.account} ${incoming.album}`, incoming.message))
      await notWords(desk, turn);
    return true;
  };
}

/**
 * By chat and album: each picture of an album is a message of its own; one answer is enough. The one that was answered may come again, when
 * the messenger did not take the answer. Kept in memory: another replica answers for itself.
 */
class Albums {
  readonly #begun = new Map<string, number>();

  /** Whether this message is the one of its album that is answered: the first that came. */
  begins(album: string, message: number): boolean {
    const first = this.#begun.get(album);
    if (first !== undefined) return first === message;
    this.#begun.set(album, message);
    const [oldest] = this.#begun.keys();
    if (this.#begun.size > maxAlbums && oldest !== undefined) this.#begun.delete(oldest);
    return true;
  }
}

/** Albums whose pictures may still be coming; the oldest is forgotten first. */
const maxAlbums = 1_000;

async function balance(desk: Desk, turn: Turn): Promise<void> {
  const card = await ownCard(desk.db, turn);
  if (!card) return askForNumber(desk, turn);
  const below = `${await levelLine(desk, turn, card.id)}${await endsLine(desk, turn, card.id)}`;
  const keys = mainKeys(turn.t, desk.shop, isStaff(desk.shop, turn.account));
  await turn.say(`${turn.t.balance(card)}${below}`, aboveKeys(turn, pastButtons(turn.language), keys));
  await askBirthday(desk, turn);
}

async function helpButtons(desk: Desk, turn: Turn): Promise<Buttons> {
  const { shop } = desk;
  const { t: texts, language, account } = turn;
  const t = whyTexts(language);
  const buttons = [
    [
      { text: t.why, data: "why" },
      { text: dataTexts(language).buttons.open, data: "mydata" },
    ],
    hasContacts(shop) ? [{ text: t.contact, data: "contacts" }] : [],
    ...(await carryButtons(desk, turn)),
  ];
  return aboveKeys(turn, buttons, mainKeys(texts, shop, isStaff(shop, account)));
}

async function contacts({ shop }: Desk, turn: Turn): Promise<void> {
  const { supportPhone, mapUrl } = shop;
  const { t } = turn;
  const words = t.contacts({ title: shop.title(), supportPhone });
  await turn.say(words, mapUrl === null ? [] : [[{ text: t.buttons.map, url: mapUrl }]]);
}

/** `/credit89001234567 100` is one word to Telegram, and no command. */
function unknownOfStaff(text: string): string {
  const [, command, rest] = /^(\/(?:credit|debit|move|why))(\d.*)$/.exec(text) ?? [];
  if (command === undefined || rest === undefined) return staffTexts.unknownCommand();
  return staffTexts.glued(`${command} ${rest}`);
}

async function notWords(desk: Desk, turn: Turn): Promise<void> {
  if (isStaff(desk.shop, turn.account))
    return turn.say(staffTexts.notWords(), aboveKeys(turn, [], staffKeys(turn.t)));
  const { t } = turn;
  const card = await ownCard(desk.db, turn);
  if (!card) await turn.say(t.unknownToStranger());
  else await turn.say(t.notWords(desk.shop.supportPhone), mainKeys(t, desk.shop, false));
}
