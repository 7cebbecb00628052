// One message to the owner of a card, at one account and never at two: chosen, begun, sent, and kept what came of it.

import { blockAccount } from "../cards/link.ts";
import type { Buttons, Speaker, Unsent } from "../channels/channel.ts";
import { type Db, inTransaction, type Tx } from "../db/connect.ts";
import { endRowsOfGone } from "../ledger/ledger.ts";
import { type Account, type ChannelName, channelOf } from "../rules/account.ts";
import type { EntryId } from "../rules/ids.ts";
import {
  awayMs,
  type ChosenReader,
  chooseReader,
  endBegun,
  endTold,
  holdCard,
  keepBegun,
  letGoBegun,
  type Reader,
  type Subject,
  takeBackBegun,
} from "./begun.store.ts";
import type { Presence } from "./presence.ts";

/** What telling needs of the program. */
export interface Outlets {
  db: Db;
  now: () => Date;
  send: Speaker["say"];
  /** The messengers in which clients may be told what they have not asked for. */
  tells: readonly ChannelName[];
  /** Knows which of them are away; without it they count as there. */
  presence?: Presence;
  /** The menu's keys below a message in a messenger, in a language: none where they stay at the bottom of the chat. */
  keysUnder?: (channel: ChannelName, language: string | null) => Buttons;
  /** Resolves when the next message may go in a messenger, or the signal is aborted. */
  turn: (signal: AbortSignal, channel: ChannelName) => Promise<void>;
  signal: AbortSignal;
}

/** What a message says (null: nothing), of which rows, what the log has of it, and how it is kept that it was told. */
export interface Telling {
  message: { html: string; buttons: Buttons } | null;
  /** Null where it does not tell of rows. */
  rows: EntryId[] | null;
  of: object;
  told: (tx: Tx) => Promise<void>;
}

/** What is to be told, and how it is read. */
export interface ToTell {
  of: Subject;
  /** Whom it went to when it was claimed. */
  account: Account | null;
  /** It has been late for so long that it goes by another messenger if its own is away. */
  isLate: boolean;
  /** Takes it for the transaction; false when it is not ours any more. */
  hold: (tx: Tx) => Promise<boolean>;
  /** Read right before it goes; null: there is nothing to tell any more. */
  read: (tx: Tx, reader: Reader) => Promise<Telling | null>;
  /** It may have been told to an account that can be asked no more, and counts as told. */
  lost: (tx: Tx) => Promise<void>;
  /** Nobody is to be told any more just now. */
  over: () => boolean;
}

/**
 * `nothing`: there is nothing to say any more, or there was nothing to say of it. `nobody`: no account may be told. `taken`: another
 * program has it, or another account of the card. `away`: its messenger is, since then. `stopped`: `over` said so.
 */
export type ToldOrNot =
  | { kind: "sent"; message: number; of: object }
  | { kind: "nothing" | "nobody" | "taken" | "stopped" }
  | { kind: "away"; since: Date }
  | Unsent;

type Begun =
  | { kind: "begun"; to: ChosenReader; telling: Telling & { message: NonNullable<Telling["message"]> } }
  | { kind: "silent"; to: ChosenReader; telling: Telling | null }
  | { kind: "elsewhere"; channel: ChannelName }
  | { kind: "nothing" | "nobody" | "taken" };

/** How often a message may turn to another messenger before it waits for the next round. */
const maxTurns = 5;

/** Says it, in its messenger's turn. */
export async function tellOne(outlets: Outlets, what: ToTell): Promise<ToldOrNot> {
  const { presence, signal, now } = outlets;
  if (isOfRows(what.of)) await endRowsOfGone(outlets.db, what.of.card);
  const away = new Map<ChannelName, Date>();
  let channel = what.account === null ? "" : channelOf(what.account);
  for (let turns = 0; turns < maxTurns; turns++) {
    if (channel !== "") {
      const since = (await presence?.awaySince(channel, signal)) ?? null;
      if (since !== null) {
        if (away.has(channel)) return { kind: "away", since };
        if (!what.isLate && now().getTime() - since.getTime() < awayMs) return { kind: "away", since };
        away.set(channel, since);
      } else if (!what.over()) await outlets.turn(signal, channel);
    }
    if (what.over()) return { kind: "stopped" };
    const turned = away.has(channel) ? "" : channel;
    const begun = await inTransaction(outlets.db, (tx) => begin(outlets, what, tx, [...away.keys()], turned));
    if (begun.kind === "begun") return say(outlets, what, begun);
    if (begun.kind === "silent") {
      // Not in the same transaction: whoever writes all of a card takes the locks in the other order.
      await keepSaid(outlets.db, what.of, begun.to.account, begun.telling);
      return { kind: "nothing" };
    }
    if (begun.kind !== "elsewhere") return begun;
    const since = away.get(begun.channel);
    if (since) return { kind: "away", since };
    channel = begun.channel;
  }
  return { kind: "taken" };
}

/** What it says is read and kept as begun under one lock, so that whoever is told meanwhile is told of the rest. */
async function begin(
  { tells }: Outlets,
  { of, hold, read, lost }: ToTell,
  tx: Tx,
  away: ChannelName[],
  channel: ChannelName,
): Promise<Begun> {
  await holdCard(tx, of.card);
  if (!(await hold(tx))) return { kind: "taken" };
  const byRows = isOfRows(of);
  const to = await chooseReader(tx, of, tells, away);
  if (to === null) return { kind: "nobody" };
  if (!byRows && to.elsewhere === "theirs") return { kind: "taken" };
  if (!byRows && to.elsewhere === "lost") {
    await lost(tx);
    await endBegun(tx, of);
    return { kind: "nothing" };
  }
  if (channelOf(to.account) !== channel) return { kind: "elsewhere", channel: channelOf(to.account) };
  const telling = await read(tx, to);
  if (telling === null || telling.message === null) return { kind: "silent", to, telling };
  await keepBegun(tx, of, to.account, telling.rows, 0);
  return { kind: "begun", to, telling: { ...telling, message: telling.message } };
}

async function say(
  { db, now, send, presence, keysUnder }: Outlets,
  { of }: ToTell,
  { to, telling }: Extract<Begun, { kind: "begun" }>,
): Promise<ToldOrNot> {
  const { account, before } = to;
  const { html, buttons } = telling.message;
  const keys = keysUnder?.(channelOf(account), to.language) ?? [];
  const sent = await send(account, html, [...buttons, ...keys]);
  presence?.heard(channelOf(account), sent);
  if (sent.kind === "sent") {
    await keepSaid(db, of, account, telling);
    return { ...sent, of: telling.of };
  }
  await keepUnsaid(db, of, { account, before }, sent);
  if (sent.kind === "blocked") await blockAccount(db, account, now());
  return sent;
}

const isOfRows = ({ about }: Subject) => about === "visits" || about === "till";

/** It was told to this account, or needs no word there. */
export function keepSaid(
  db: Db,
  of: Subject,
  account: Account,
  telling: Pick<Telling, "told"> | null,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    await telling?.told(tx);
    await endTold(tx, of, account);
  });
}

/** What may have arrived stays with its account; what has certainly not is as it was before. */
export async function keepUnsaid(
  db: Db,
  of: Subject,
  { account, before }: Pick<ChosenReader, "account" | "before">,
  sent: Unsent,
): Promise<void> {
  if (sent.kind === "failed" && sent.mayHaveArrived) await letGoBegun(db, of, account);
  else await takeBackBegun(db, of, account, before);
}
