// The code on a card's picture: it names the card to the till and nothing to anybody else.

import { randomBytes } from "node:crypto";
import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import { type CodedCard, cardByCode, codedCard } from "./codes.store.ts";

const shape = /^c_([\w-]{16,62})$/;

/** A card and the start parameter that opens it. */
export type CardShown = CodedCard & { start: string };

/** The account's card and the start parameter of its QR code; null when no card is linked. */
export async function cardToShow(sql: Sql, account: Account): Promise<CardShown | null> {
  const card = await codedCard(sql, account, randomBytes(16).toString("base64url"));
  return card && { ...card, start: `c_${card.code}` };
}

/** Whether this is still the account's card, with what it holds and the code that opens it. */
export async function isShown(
  sql: Sql,
  account: Account,
  card: Pick<CardShown, "start" | "balance" | "waiting" | "locked">,
): Promise<boolean> {
  const now = await cardToShow(sql, account);
  return (
    now?.start === card.start &&
    now.balance === card.balance &&
    now.waiting === card.waiting &&
    now.locked === card.locked
  );
}

/** Whether a start parameter is a card's. */
export function isCardStart(parameter: string): boolean {
  return shape.test(parameter);
}

/** The card of a start parameter; null when it is none, or the card has gone to another account since. */
export async function cardOfStart(sql: Sql, parameter: string): Promise<CardId | null> {
  const code = shape.exec(parameter)?.[1];
  return code === undefined ? null : cardByCode(sql, code);
}
