// One card, an account in each of several messengers: whether they are one person's, so that both see what was before.

import { createHash, randomBytes, randomUUID } from "node:crypto";
import { boolean, object, optional, safeParse, string } from "valibot";
import { type Db, inTransaction, type Sql, type Tx } from "../db/connect.ts";
import { underLock } from "../ledger/ledger.ts";
import type { Account, ChannelName } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import {
  type AccountBeside,
  accountElsewhere,
  accountsBeside,
  cardOfAccount,
  seeAs,
  seeFromLink,
  unlinkAccount,
} from "./clients.store.ts";
import { consentOf, keepConsent } from "./consents.store.ts";
import { forgetDialog, recallDialog, rememberDialog } from "./dialogs.store.ts";
import { addCarryCode, dropCarryCode, makerOf } from "./together.store.ts";

export { type AccountBeside, accountsBeside } from "./clients.store.ts";

const DAY = 86_400_000;
const CARRY = "carry";
const SAME = "same_person";
const questionDays = 30;

const shape = /^m_([\w-]{22})$/;

/** Whether a start parameter carries a card from another messenger. */
export function isCarry(parameter: string): boolean {
  return shape.test(parameter);
}

const hashOf = (parameter: string) => createHash("sha256").update(parameter).digest("hex");

/**
 * The start parameter by which the account's card is opened in another messenger with all that the account sees of it: once, for
 * a day, by who proves the card's phone there. Null when it has no card. Only its hash is kept.
 */
export async function makeCarryCode(db: Db, account: Account, now: Date): Promise<string | null> {
  if ((await cardOfAccount(db, account)) === null) return null;
  const parameter = `m_${randomBytes(16).toString("base64url")}`;
  const until = new Date(now.getTime() + DAY);
  await addCarryCode(db, { hash: hashOf(parameter), account, now, until });
  return parameter;
}

/** Keeps that the account came by this parameter, until it has proved its phone. False: the parameter is used, or of yesterday. */
export async function cameByCarry(db: Db, account: Account, parameter: string, now: Date): Promise<boolean> {
  const hash = hashOf(parameter);
  const maker = await makerOf(db, hash, now);
  if (maker === null || maker === account) return false;
  await rememberDialog(db, account, CARRY, { hash }, new Date(now.getTime() + DAY));
  return true;
}

/** The code that the account came by, while it is in force, and who made it. */
async function carryOf(
  sql: Sql,
  account: Account,
  now: Date,
): Promise<{ hash: string; maker: Account } | null> {
  const { hash } = Object(await recallDialog(sql, account, CARRY, now)) as Record<string, unknown>;
  const maker = typeof hash === "string" ? await makerOf(sql, hash, now) : null;
  return maker === null || typeof hash !== "string" ? null : { hash, maker };
}

/**
 * Who made the code that the account came by, and when they agreed to the words of this version, which are the same in every
 * messenger and name them all. Null: the account came by none, or these words were never agreed to.
 */
export async function consentOfCarry(
  sql: Sql,
  account: Account,
  version: string,
  now: Date,
): Promise<{ maker: Account; at: Date } | null> {
  const carried = await carryOf(sql, account, now);
  const at = carried && (await consentOf(sql, carried.maker, version));
  return carried && at && { maker: carried.maker, at };
}

/** The same, and it is kept as the account's own where it proves the phone of that very card. Whether it holds. */
export async function agreedByCarry(
  db: Db,
  { account, phone, version, now }: { account: Account; phone: string; version: string; now: Date },
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const given = await consentOfCarry(tx, account, version, now);
    if (given === null || (await cardOfAccount(tx, given.maker))?.phone !== phone) return false;
    await keepConsent(tx, account, version, given.at);
    return true;
  });
}

/** Whether the account came by the code of another number's card than this one's. */
export async function carriesAnother(sql: Sql, account: Account, phone: string, now: Date): Promise<boolean> {
  const carried = await carryOf(sql, account, now);
  const card = carried && (await cardOfAccount(sql, carried.maker));
  return card !== null && card.phone !== phone;
}

/**
 * The code that the account came by opens what its maker sees, if both have one card; it is used then. `strayed`: the card of that
 * code is another one, and stays where it is.
 */
async function openByCarry(
  tx: Tx,
  account: Account,
  now: Date,
): Promise<{ opened: boolean; strayed: boolean }> {
  const closed = { opened: false, strayed: false };
  const carried = await carryOf(tx, account, now);
  if (carried === null) return closed;
  const [mine, theirs] = [await cardOfAccount(tx, account), await cardOfAccount(tx, carried.maker)];
  if (mine === null || mine.id !== theirs?.id) return { ...closed, strayed: theirs !== null };
  await dropCarryCode(tx, carried.hash);
  await forgetDialog(tx, account, CARRY);
  return { ...closed, opened: await seeAs(tx, account, carried.maker) };
}

/** For an account that has its card already: the code opens the history, and nothing else. Whether it did. */
export async function openCarried(db: Db, account: Account, now: Date): Promise<boolean> {
  return underLock(db, async (tx) => (await openByCarry(tx, account, now)).opened);
}

/** A question to one account of a card, whether another of it is the same person's. */
export interface AskedIfSame {
  question: string;
  /** Who is asked, in which language. */
  account: Account;
  language: string | null;
}

/** The account's card in other messengers: who has it there, whether the past came along, and who is to be asked about it. */
export interface Together {
  card: CardId;
  beside: AccountBeside[];
  /** By the code that the account came by. */
  opened: boolean;
  /** The code that the account came by is of another number's card. */
  strayed: boolean;
  /** The card was linked just now, and not before. */
  fresh: boolean;
  asks: AskedIfSame[];
}

/** `refused`: it was answered with a no, which a yes may still mend. */
const Question = object({
  question: string(),
  account: string(),
  told: boolean(),
  refused: optional(boolean(), false),
});

async function pendingQuestion(sql: Sql, asked: Account, now: Date) {
  const read = safeParse(Question, await recallDialog(sql, asked, SAME, now));
  return read.success ? read.output : null;
}

/**
 * After a link, in its transaction: the code that the account came by opens the past; else each other account that can be
 * written to is asked. A question that was not told yet is told once more, that of a link (`fresh`) is a new one.
 */
export async function togetherOf(
  tx: Tx,
  account: Account,
  { card, now, fresh }: { card: CardId; now: Date; fresh: boolean },
): Promise<Together> {
  const { opened, strayed } = await openByCarry(tx, account, now);
  const beside = await accountsBeside(tx, account);
  const asks: AskedIfSame[] = [];
  for (const { account: other, language } of beside.filter((one) => !one.same && !one.blocked)) {
    const pending = await pendingQuestion(tx, other, now);
    const untold = pending?.account === account && !pending.told ? pending.question : null;
    if (untold === null && !fresh) continue;
    const question = untold ?? randomUUID();
    await rememberQuestion(tx, other, { question, account, told: false }, now);
    asks.push({ question, account: other, language });
  }
  return { card, beside, opened, strayed, fresh, asks };
}

function rememberQuestion(
  sql: Sql,
  asked: Account,
  state: { question: string; account: Account; told: boolean; refused?: boolean },
  now: Date,
): Promise<void> {
  return rememberDialog(sql, asked, SAME, state, new Date(now.getTime() + questionDays * DAY));
}

/** The question that the account is still to be asked, and about whom; null: none, or one of the two has the card no more. */
export async function questionToAsk(
  sql: Sql,
  account: Account,
  now: Date,
): Promise<(AskedIfSame & { about: Account; phone: string }) | null> {
  const pending = await pendingQuestion(sql, account, now);
  if (pending === null || pending.told) return null;
  const mine = await cardOfAccount(sql, account);
  const other = (await accountsBeside(sql, account)).find((one) => one.account === pending.account);
  if (mine === null || other === undefined || other.same) return null;
  return { question: pending.question, account, language: null, about: other.account, phone: mine.phone };
}

/** The question stands in that chat; or nobody is there any more, and it is none. */
export async function askedIfSame(
  db: Db,
  { account, question }: AskedIfSame,
  { now, told }: { now: Date; told: boolean },
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const pending = await pendingQuestion(tx, account, now);
    if (pending?.question !== question) return;
    if (told) await rememberQuestion(tx, account, { ...pending, told }, now);
    else await forgetDialog(tx, account, SAME);
  });
}

/**
 * "Yes, that is me": the other account sees from now on what this one does. "No" opens nothing, and a yes may still follow it.
 * `closed`: it was answered, a month is over, or one of the two has the card no more.
 */
export async function answerIfSame(
  db: Db,
  { account, question, yes, now }: { account: Account; question: string; yes: boolean; now: Date },
): Promise<{ kind: "opened" | "refused"; other: AccountBeside; phone: string } | { kind: "closed" }> {
  // Whoever links or leaves waits: the answer is about the card that both have now.
  return underLock(db, async (tx) => {
    const asked = await pendingQuestion(tx, account, now);
    if (asked?.question !== question || (asked.refused && !yes)) return { kind: "closed" };
    await forgetDialog(tx, account, SAME);
    const mine = await cardOfAccount(tx, account);
    const other = (await accountsBeside(tx, account)).find((one) => one.account === asked.account);
    if (mine === null || other === undefined) return { kind: "closed" };
    if (yes) await seeAs(tx, other.account, account);
    else await rememberQuestion(tx, account, { ...asked, told: true, refused: true }, now);
    return { kind: yes ? "opened" : "refused", other, phone: mine.phone };
  });
}

/** What is said with "that account is not mine": of this card, of its account in that messenger. */
export type NotMine = { account: Account; card: CardId; channel: ChannelName };

/**
 * Whether the account may put the card's account in that messenger off: whoever has come to the card last, within a day of it.
 * `late`: that day is over. `closed`: that messenger has no account of this card, or one that has come to it since. `gone`: the
 * account itself has the card no more.
 */
export async function mayPutOff(
  sql: Sql,
  of: NotMine,
): Promise<
  | { kind: "may"; other: { account: Account; language: string | null }; phone: string }
  | { kind: "closed" | "late" | "gone" }
> {
  const mine = await cardOfAccount(sql, of.account);
  if (mine?.id !== of.card) return { kind: "gone" };
  const other = await accountElsewhere(sql, of);
  if (!other?.earlier) return { kind: "closed" };
  return other.inTime ? { kind: "may", other, phone: mine.phone } : { kind: "late" };
}

/**
 * "That account is not mine": where it may be said, that account has the card no more, as if the phone had been proved here, and
 * what was before is closed; who has it and proves the phone again comes by nothing.
 */
export async function putOffAccount(db: Db, of: NotMine): ReturnType<typeof mayPutOff> {
  // Whoever links, leaves or says yes there waits, or has been first.
  return underLock(db, async (tx) => {
    const found = await mayPutOff(tx, of);
    if (found.kind !== "may") return found;
    // Also after a yes from there: it may be of whoever had the number.
    await seeFromLink(tx, of.account);
    await unlinkAccount(tx, found.other.account);
    await forgetDialog(tx, found.other.account, SAME);
    return found;
  });
}

/** All accounts that are known to be of the person who has this one: those of its card that see the same of it. */
export async function accountsOfPerson(sql: Sql, account: Account): Promise<Account[]> {
  return samePerson(account, await accountsBeside(sql, account));
}

/** The same, of those `beside` it that were read already. */
export function samePerson(account: Account, beside: readonly AccountBeside[]): Account[] {
  return [account, ...beside.filter((one) => one.same).map((one) => one.account)];
}
