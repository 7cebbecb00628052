// A proved phone and the card it opens: linking, moving a card between accounts, a second phone, coming back after a block.

import { randomUUID } from "node:crypto";
import { nullable, number, object, optional, safeParse, string } from "valibot";
import type { Db, Sql, Tx } from "../db/connect.ts";
import {
  type Holdings,
  holdings,
  leaveUntoldTo,
  markAllNotified,
  movePoints,
  underLock,
} from "../ledger/ledger.ts";
import { type Account, channelOf } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import {
  accountsBeside,
  accountsOn,
  accountsToTell,
  cardOfAccount,
  type Holding,
  holderOf,
  holdingOf,
  keepLanguage,
  leaveCard,
  linkCard,
  madeCardOfPhone,
  seesAll,
  unblockAccount,
  unlinkAccount,
  wasLinked,
} from "./clients.store.ts";
import { hasConsent } from "./consents.store.ts";
import { forgetDialog, recallDialog, rememberDialog } from "./dialogs.store.ts";
import { cardsLeftFor, recallPhone } from "./people.store.ts";
import { type Together, togetherOf } from "./together.ts";
import type { Veil } from "./veil.ts";

export {
  blockAccount,
  cardOfAccount,
  cardOfPhone,
  holdingOf,
  keepUse,
  madeCardOfPhone,
} from "./clients.store.ts";

const SECOND_PHONE = "second_phone";
const DAY = 86_400_000;

/** A card now linked, what was waiting on it, and who has it in other messengers. */
export interface Linked extends Holdings, Together {
  kind: "linked";
  phone: string;
  name: string | null;
  /** The account that had the card before and is to be told, or null. */
  previous: { account: Account; language: string | null } | null;
  /** The owner of this phone had asked to be forgotten; visits paid meanwhile make no points. */
  returned: boolean;
}

/** The account has another card: the question of this name waits a day for `moveTo` or `keepCard`. */
interface SecondPhone {
  kind: "second_phone";
  question: string;
  /** `beside` are the other accounts of a card: one that another has too keeps its points. */
  from: { phone: string; balance: Points; beside: Account[] };
  to: { phone: string; beside: Account[] };
}

/**
 * What is done for whoever links a card, in that transaction; `first`: nobody had this card before and the account had none, as
 * far as is known.
 */
export type Welcome = (
  tx: Tx,
  link: { card: CardId; phone: string; account: Account; first: boolean },
) => Promise<void>;

/** A shared contact of the sender's own. `phone` is E.164, `version` is of the consent words in force. */
interface ProvedPhone {
  account: Account;
  phone: string;
  firstName: string | null;
  /** As the messenger says it; what is told later is told in it. */
  language: string | null;
  version: string;
  now: Date;
  /** Knows the phones of people who asked to be forgotten. */
  veil: Veil;
  /** Not there where nothing is given to newcomers. */
  welcome?: Welcome | null;
}

/** The card of whoever writes; what comes by itself is from now on in the language that they write in. */
export async function ownCard(
  db: Db,
  { account, language }: Pick<ProvedPhone, "account" | "language">,
): Promise<Holding | null> {
  const card = await holdingOf(db, account);
  if (card && language !== null && language !== card.language) await keepLanguage(db, account, language);
  return card;
}

/**
 * Links the card of a proved phone (an empty one is made if there is none) to the account. The same account again gets
 * the same answer; the card of another account of that messenger moves to this one, one of another messenger's both have; an
 * account with another card is asked first.
 */
export async function link(
  db: Db,
  proof: ProvedPhone,
): Promise<Linked | SecondPhone | { kind: "no_consent" }> {
  // Rows that come meanwhile must be either in the answer or untold: nothing is written beside us.
  return underLock(db, async (tx) => {
    if (!(await hasConsent(tx, proof.account, proof.version))) return { kind: "no_consent" };
    const mine = await cardOfAccount(tx, proof.account);
    if (mine && mine.phone !== proof.phone) return askAboutSecondPhone(tx, proof, mine.id, mine.phone);
    return takeCard(tx, await madeCardOfPhone(tx, proof.phone), proof.phone, proof);
  });
}

/** The same phone asked about twice is one question, so that a doubled contact does not spoil the first one's buttons. */
async function askAboutSecondPhone(
  tx: Tx,
  proof: ProvedPhone,
  from: CardId,
  phone: string,
): Promise<SecondPhone> {
  const { account, now } = proof;
  const pending = await pendingQuestion(tx, account, now);
  const same = pending?.from === from && pending.phone === proof.phone;
  const question = same ? pending.question : randomUUID();
  const holder = (await holderOf(tx, proof.phone, channelOf(account)))?.account ?? null;
  const { beside, there } = await othersOfMove(tx, account, proof.phone);
  const state = {
    question,
    from,
    phone: proof.phone,
    holder,
    beside: beside.join(" "),
    there: there.join(" "),
  };
  await rememberDialog(tx, account, SECOND_PHONE, state, new Date(now.getTime() + DAY));
  const { balance } = await holdings(tx, from, account);
  return {
    ...{ kind: "second_phone", question },
    from: { phone, balance, beside },
    to: { phone: proof.phone, beside: there },
  };
}

/** The other accounts of an account's card, and those of other messengers on the card of a phone. */
async function othersOfMove(sql: Sql, account: Account, phone: string) {
  const beside = (await accountsBeside(sql, account)).map((one) => one.account).sort();
  const on = await accountsOn(sql, phone);
  return { beside, there: on.filter((one) => channelOf(one) !== channelOf(account)).sort() };
}

/**
 * `holder`: who had the other card when it was proved; somebody who has proved it since is not robbed by an old tap. `beside` and
 * `there`: who else had the one card and the other; what was said of the points was said of these.
 */
const Question = object({
  question: string(),
  from: number(),
  phone: string(),
  holder: nullable(string()),
  beside: optional(string(), ""),
  there: optional(string(), ""),
});

async function pendingQuestion(tx: Tx, account: Account, now: Date) {
  const state = await recallDialog(tx, account, SECOND_PHONE, now);
  const read = safeParse(Question, state);
  return read.success ? read.output : null;
}

/** What became of the first card; `left` is null where it is nobody's now. */
interface Moved {
  moved: Points;
  journal: string | null;
  left: { phone: string; beside: Account[] } | null;
}

/**
 * "Yes, move them": the points go to the card of the second phone, which the account has from now on; the first card is
 * nobody's. A debt stays where it is, and so does all that is on a card which another account has too: that one keeps it, and
 * the account goes alone. `closed`: the question was answered, or a day is over, or one of the cards has changed.
 * `journal`: the phone that the salon's journal still has, so that visits go on coming onto the first card; or null.
 */
export async function moveTo(
  db: Db,
  answer: Omit<ProvedPhone, "phone" | "version"> & { question: string },
): Promise<(Linked & Moved) | { kind: "closed" }> {
  const { account } = answer;
  return underLock(db, async (tx) => {
    const asked = await pendingQuestion(tx, account, answer.now);
    const mine = await cardOfAccount(tx, account);
    if (asked?.question !== answer.question || mine?.id !== asked.from) return { kind: "closed" };
    await forgetDialog(tx, account, SECOND_PHONE);
    const holder = await holderOf(tx, asked.phone, channelOf(account));
    if ((holder?.account ?? null) !== asked.holder) return { kind: "closed" };
    const { beside, there } = await othersOfMove(tx, account, asked.phone);
    if (beside.join(" ") !== asked.beside || there.join(" ") !== asked.there) return { kind: "closed" };
    const card = await madeCardOfPhone(tx, asked.phone);
    const shared = beside.length > 0;
    const moved = shared
      ? 0
      : await movePurse(tx, { from: mine.id, to: card, account, question: asked.question });
    await unlinkAccount(tx, account);
    if (!shared) await markAllNotified(tx, mine.id);
    const taken = await takeCard(tx, card, asked.phone, answer);
    // After that: whoever had the other card before has passed it on to them, and not they to somebody.
    await leaveCard(tx, mine.id, card);
    const left = shared ? { phone: mine.phone, beside } : null;
    return { ...taken, moved, journal: await phoneInJournal(tx, card, account), left };
  });
}

/** The phone of a card that the account's person left for this one, under which the salon's journal still has them, or null. */
export async function phoneInJournal(sql: Sql, card: CardId, account: Account): Promise<string | null> {
  const left = await cardsLeftFor(sql, card, account);
  return left.find((one) => one.inJournal)?.phone ?? null;
}

/** Everything a card holds, as one pair of rows; how much that was. */
async function movePurse(
  tx: Tx,
  { from, to, account, question }: { from: CardId; to: CardId; account: Account; question: string },
): Promise<Points> {
  const { balance } = await holdings(tx, from, account);
  if (balance <= 0) return 0;
  await movePoints(tx, { from, to, points: balance, actor: `client:${from}`, key: `move:${question}` });
  return balance;
}

/** "No": the question is closed and nothing else changes. False when it was closed before. */
export async function keepCard(db: Db, account: Account, question: string, now: Date): Promise<boolean> {
  // A yes may be under way.
  return underLock(db, async (tx) => {
    const asked = await pendingQuestion(tx, account, now);
    if (asked?.question !== question) return false;
    await forgetDialog(tx, account, SECOND_PHONE);
    return true;
  });
}

/** Gives the card of a phone to an account that has no other one. The name told is the account's: the card's may be another's. */
async function takeCard(
  tx: Tx,
  card: CardId,
  phone: string,
  { account, firstName: name, language, veil, welcome, now }: Omit<ProvedPhone, "phone" | "version">,
): Promise<Linked> {
  const linked = { kind: "linked", phone, name } as const;
  const holder = await holderOf(tx, phone, channelOf(account));
  if (holder?.account === account) {
    // Linked already: what came since is told by its own message, so that a doubled update swallows nothing.
    if (holder.blockedAt !== null) await unblockAccount(tx, account);
    const together = await togetherOf(tx, account, { card, now, fresh: false });
    const held = await heldBy(tx, card, account);
    const since = together.beside.length > 0 ? null : held.since;
    return { ...linked, ...together, previous: null, returned: false, ...held, since };
  }
  const known = await wasLinked(tx, card, account);
  const others = await accountsToTell(tx, card, account);
  await linkCard(tx, card, account, name, language);
  const together = await togetherOf(tx, account, { card, now, fresh: true });
  // What came before is another account's to hear, where the card has one that can be written to; one's own is in the answer.
  if (others[0] === undefined || together.opened) await markAllNotified(tx, card);
  else await leaveUntoldTo(tx, card, others[0]);
  const previous = holder && { account: holder.account, language: holder.language };
  const returned = await recallPhone(tx, veil(phone));
  await welcome?.(tx, { card, phone, account, first: !known && !returned });
  const held = await heldBy(tx, card, account);
  // Of a card that somebody had, visits may have been forgotten: no first day is named.
  return { ...linked, ...together, previous, returned, ...held, since: known ? null : held.since };
}

/** What a card holds, as one of its accounts may know it: how many visits made it is of before. */
async function heldBy(tx: Tx, card: CardId, account: Account): Promise<Holdings> {
  const held = await holdings(tx, card, account);
  return (await seesAll(tx, account)) ? held : { ...held, visits: 0 };
}
