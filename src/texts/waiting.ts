// What a balance has in it that the client has not been told of yet, or cannot spend yet: without it the balance would mislead.

import type { Points } from "../rules/money.ts";
import { bold } from "./html.ts";
import { enWords, ruWords } from "./words.ts";

/** The sentence behind a balance in Russian, with a space before it; nothing where nothing waits. */
export function waitingRu(waiting: Points): string {
  return waiting === 0 ? "" : ` Это вместе с тем, о чём ещё напишем: ${bold(ruWords.signed(waiting))}.`;
}

/** The same in English. */
export function waitingEn(waiting: Points): string {
  return waiting === 0
    ? ""
    : ` That includes what we have yet to tell you: ${bold(enWords.signed(waiting))}.`;
}

/** What of a balance may be spent only later, in Russian, with a space before it; nothing where there is none. */
export function lockedRu(locked: Points, balance: Points): string {
  if (locked === 0) return "";
  const what = locked >= balance ? "Это подарок" : `Из них ${bold(ruWords.points(locked))} в подарок`;
  return ` ${what}: потратить его можно будет после следующего оплаченного визита.`;
}

/** The same in English. */
export function lockedEn(locked: Points, balance: Points): string {
  if (locked === 0) return "";
  const what = locked >= balance ? "They are a gift" : `${bold(enWords.points(locked))} of them are a gift`;
  return ` ${what}, to be spent after your next paid visit.`;
}
