// A person and their card: consent, proving a phone, coming back after a block.

import { createHash, randomUUID } from "node:crypto";
import { type Db, inTransaction, type Tx } from "../db/connect.ts";
import type { Points } from "../rules/money.ts";
import { linkPerson, type Person, personByTelegram, personOfPhone, unblockPerson } from "../store/clients.ts";
import { hasConsent, keepConsent } from "../store/consents.ts";
import { forgetDialog, recallDialog, rememberDialog } from "../store/dialogs.ts";
import { holdings, lockLedger, markTold, untold } from "../store/waiting.ts";
import { askAboutSecondPhone } from "./second-phone.ts";

const CONSENT = "consent";
const SCREEN_DAYS = 30;

/** A card now linked, and what was waiting on it. Points are hundredths; `since` is the programme's first day. */
export interface Linked {
  kind: "linked";
  phone: string;
  name: string | null;
  balance: Points;
  visits: number;
  since: string | null;
  /** The account that had the card before and is to be told, or null. */
  previous: number | null;
}

/** The account has another card: a question under this name is kept for a day (see second-phone.ts). */
export interface SecondPhone {
  kind: "second_phone";
  question: string;
  from: { phone: string; balance: Points };
  to: { phone: string };
}

/** A shared contact of the sender's own. `phone` is E.164, `version` is of the consent words in force. */
export interface Proof {
  telegramId: number;
  phone: string;
  firstName: string | null;
  version: string;
  now: Date;
}

/** The version of the words of a consent: a short hash of all of them, the name of who processes the data included. */
export function consentVersion(words: string): string {
  return createHash("sha256").update(words).digest("hex").slice(0, 12);
}

/** Keeps that the consent screen of this version stands in the chat, so that its button means consent. */
export async function screenShown(db: Db, telegramId: number, version: string, now: Date): Promise<void> {
  const until = new Date(now.getTime() + SCREEN_DAYS * 86_400_000);
  await rememberDialog(db, telegramId, CONSENT, { version }, until);
}

/** Whether the screen of this version was shown and neither answered nor put off. */
export async function screenStands(db: Db, telegramId: number, version: string, now: Date): Promise<boolean> {
  const state = await recallDialog(db, telegramId, CONSENT, now);
  return typeof state === "object" && state !== null && "version" in state && state.version === version;
}

/** "Not now": the screen that stands there means nothing any more. */
export async function putOff(db: Db, telegramId: number): Promise<void> {
  await forgetDialog(db, telegramId, CONSENT);
}

/**
 * The contact button was pressed. Under the screen of this version that is the consent, and it is kept. True when the
 * account has agreed to this version, now or before; false when the screen must be shown first, and nothing is stored.
 */
export async function agree(db: Db, telegramId: number, version: string, now: Date): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (await hasConsent(tx, telegramId, version)) return true;
    const state = await recallDialog(tx, telegramId, CONSENT, now);
    const shown = typeof state === "object" && state !== null && "version" in state && state.version === version;
    if (!shown) return false;
    await keepConsent(tx, telegramId, version, now);
    await forgetDialog(tx, telegramId, CONSENT);
    return true;
  });
}

/**
 * Links the card of a proved phone (an empty one is made if there is none) to the account. The same account again gets
 * the same answer; another account's card moves to this one; an account with another card is asked first.
 */
export async function link(
  db: Db,
  proof: Proof,
): Promise<Linked | SecondPhone | { kind: "no_consent" }> {
  return inTransaction(db, async (tx) => {
    // Rows and awards that come meanwhile must be either in the answer or untold: nothing is written beside us.
    await lockLedger(tx);
    if (!(await hasConsent(tx, proof.telegramId, proof.version))) return { kind: "no_consent" };
    const mine = await personByTelegram(tx, proof.telegramId);
    if (mine && mine.phone !== null && mine.phone !== proof.phone)
      return askAboutSecondPhone(tx, proof, { id: mine.id, phone: mine.phone });
    const card = await personOfPhone(tx, proof.phone);
    const previous = await takeCard(tx, card, proof);
    return linkedCard(tx, card.id, proof, previous);
  });
}

/** Gives a card to an account that has none, in the caller's transaction; the account that had it before, or null. */
export async function takeCard(
  tx: Tx,
  card: Person,
  owner: { telegramId: number; firstName: string | null },
): Promise<number | null> {
  if (card.telegramId === owner.telegramId) {
    // Linked already: what came since is told by its own message, so that a doubled update swallows nothing.
    if (card.blockedAt !== null) await unblockPerson(tx, owner.telegramId);
    return null;
  }
  await linkPerson(tx, card.id, owner.telegramId, owner.firstName);
  await markTold(tx, card.id);
  return card.telegramId;
}

/** The answer about a card that is linked. The name is Telegram's: the card's may be of whoever had the number before. */
async function linkedCard(tx: Tx, card: number, proof: Proof, previous: number | null): Promise<Linked> {
  const found = await holdings(tx, card);
  return { kind: "linked", phone: proof.phone, name: proof.firstName, ...found, previous };
}

/** What a person who had blocked the bot missed. `spent` is positive; `rows` is how many changes there were. */
export interface Back {
  phone: string;
  name: string | null;
  balance: Points;
  gained: Points;
  spent: Points;
  visits: number;
  rows: number;
}

/** The person is back after a block: says once what was waiting and marks it as told. Null when they were not away. */
export async function welcomeBack(db: Db, telegramId: number): Promise<Back | null> {
  return inTransaction(db, async (tx) => {
    await lockLedger(tx);
    const card = await personByTelegram(tx, telegramId);
    if (!card?.phone || card.blockedAt === null) return null;
    const news = await untold(tx, card.id);
    const { balance } = await holdings(tx, card.id);
    await unblockPerson(tx, telegramId);
    await markTold(tx, card.id);
    return { phone: card.phone, name: card.name, balance, ...news };
  });
}

/** A new name for a question: a tap on an older question must not answer a newer one. */
export function newQuestion(): string {
  return randomUUID();
}
