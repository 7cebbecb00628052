// The keyboards under the bot's messages. Only buttons that work are shown.

import { InlineKeyboard, Keyboard } from "grammy";
import type { Texts } from "./chat.texts.ts";
import type { Shop } from "./desk.ts";

/** Whether there is anything to show under "Contacts". */
export function hasContacts(shop: Pick<Shop, "supportPhone" | "mapUrl">): boolean {
  return shop.supportPhone !== null || shop.mapUrl !== null;
}

/** The keyboard that stays at the bottom of the chat; those who work here have a key more. */
export function mainKeyboard(texts: Texts, shop: Shop, staff: boolean): Keyboard {
  const { today, balance, card, history, book, contacts, help } = texts.buttons;
  const maybe = [...(shop.bookUrl ? [book] : []), ...(hasContacts(shop) ? [contacts] : [])];
  return rowsOfThree([...(staff ? [today] : []), balance, card, history, ...maybe, help]);
}

/** The same for those who work here and have no card of their own. */
export function staffKeyboard(texts: Texts): Keyboard {
  return rowsOfThree([texts.buttons.today, texts.buttons.help]);
}

function rowsOfThree(labels: string[]): Keyboard {
  const keyboard = new Keyboard();
  for (const [place, label] of labels.entries()) {
    keyboard.text(label);
    if (place % 3 === 2) keyboard.row();
  }
  return keyboard.resized().persistent();
}

/** Under the consent: the button that agrees and sends the own number, and the one that does not. */
export function consentKeyboard(texts: Texts): Keyboard {
  return new Keyboard()
    .requestContact(texts.buttons.agree)
    .row()
    .text(texts.buttons.notNow)
    .resized()
    .persistent();
}

/** Under the question about a second phone. */
export function moveKeyboard(texts: Texts, question: string): InlineKeyboard {
  return new InlineKeyboard()
    .text(texts.buttons.move, `move:yes:${question}`)
    .text(texts.buttons.keep, `move:no:${question}`);
}

/** One button that opens an address. */
export function linkKeyboard(label: string, url: string): InlineKeyboard {
  return new InlineKeyboard().url(label, url);
}
