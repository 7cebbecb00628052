// What a balance has in it that the client has not been told of yet: without it the next message would contradict it.

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
