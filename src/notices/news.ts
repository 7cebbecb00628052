// What is new on a card whose messenger may not be told unasked: said first when its person writes there, once.

import { blockAccount, cardOfAccount } from "../cards/link.ts";
import type { Buttons, Unsent } from "../channels/channel.ts";
import type { Tx } from "../db/connect.ts";
import { holdRefusal, untoldRefusalsOf } from "../friends/friends.ts";
import { endRowsOfGone, holdNotices, markNotified, underLock } from "../ledger/ledger.ts";
import { channelOf } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import { dayOf } from "../rules/time.ts";
import { unknownBranchZone } from "../visits/branch.ts";
import {
  begunElsewhere,
  begunFor,
  type ChosenReader,
  endBegun,
  keepBegun,
  letGoBegun,
  type Reader,
  type Subject,
} from "./begun.store.ts";
import { warningOf } from "./ends.ts";
import { untoldLevels } from "./level-notices.store.ts";
import { levelTold, ofLevel } from "./level-notices.ts";
import { newsTitle } from "./news.texts.ts";
import {
  claimWaiting,
  finishNotice,
  mayBeNews,
  type PendingRow,
  pendingNotice,
  type WaitingNotice,
} from "./notices.store.ts";
import { messageFor, type Notify, type Saying } from "./notify.ts";
import { ofRefusal, refusalTold } from "./refusals.ts";
import { keepSaid, keepUnsaid, type Telling } from "./telling.ts";

/** What saying the news takes of the program. */
export type Newsroom = Saying & Pick<Notify, "db" | "tells">;

/** How long news that was begun is left to who began it, in milliseconds: longer than a message may take. */
const heldMs = 60_000;

/** What is said by one message, and each thing that it begins. */
interface Item {
  begun: { of: Subject; before: ChosenReader["before"] }[];
  telling: Telling;
}

/**
 * What is to be said, as blocks of HTML; one of `told` and `untold` is called of what became of it. `inPart`: some of it was said
 * before the rest was not, so that it may have been read whatever became of that.
 */
export interface News {
  blocks: string[];
  buttons: Buttons;
  told: () => Promise<void>;
  untold: (sent: Unsent, inPart?: boolean) => Promise<void>;
}

/**
 * What is new to this account and can be said by an answer alone; null where nothing is, and where it may be told unasked. From now
 * on nobody else is told of it; who dies in between says it again at the next contact there.
 */
export async function newsFor(room: Newsroom, reader: Reader): Promise<News | null> {
  const { db, tells } = room;
  const { account } = reader;
  if (tells.includes(channelOf(account))) return null;
  const card = await cardOfAccount(db, account);
  if (card === null || card.blockedAt !== null) return null;
  const mine = [card.id, account, tells] as const;
  if (!(await mayBeNews(db, ...mine)) && (await untoldRefusalsOf(db, ...mine)).length === 0) return null;
  const found = await underLock(db, (tx) => beginNews(room, tx, card.id, reader));
  if (found === null) return null;
  const { items, waiting, alone } = found;
  const said = items.flatMap(({ telling }) => telling.message ?? []);
  return {
    blocks: said.length === 0 ? [] : [newsTitle(reader.language), ...said.map(({ html }) => `\n${html}`)],
    buttons: said.find(({ buttons }) => buttons.length > 0)?.buttons ?? [],
    async told() {
      for (const { begun, telling } of items)
        for (const { of } of begun) await keepSaid(db, of, account, telling);
      // Where no other may be told, what is left to one of them is said when that one is back.
      for (const one of waiting) await finishNotice(db, one, alone ? "not begun" : "all");
    },
    async untold(sent, inPart = false) {
      for (const { of, before } of items.flatMap(({ begun }) => begun))
        if (inPart) await letGoBegun(db, of, account);
        else await keepUnsaid(db, of, { account, before }, sent);
      if (sent.kind === "blocked") await blockAccount(db, account, room.now());
    },
  };
}

/** Under the ledger's lock: no row comes meanwhile, and nobody else is told. */
async function beginNews(
  room: Newsroom,
  tx: Tx,
  card: CardId,
  reader: Reader,
): Promise<{ items: Item[]; waiting: WaitingNotice[]; alone: boolean } | null> {
  const { account } = reader;
  // It may have gone to another account, or have been blocked, since it was looked up.
  const mine = await cardOfAccount(tx, account);
  if (mine?.id !== card || mine.blockedAt !== null) return null;
  await endRowsOfGone(tx, card);
  await holdNotices(tx, card);
  const { alone, waiting } = await claimWaiting(tx, card, room.tells);
  const before = await begunFor(tx, card, account);
  const stand = {
    card,
    reader,
    before,
    isOpen: (about: Subject["about"]) => alone || waiting.some((one) => one.about === about),
  };
  const items: Item[] = [];
  const salon = waiting.find((one) => one.salon !== null)?.salon ?? null;
  items.push(...(await beginChanges(room, tx, stand, salon)));
  const ends = waiting.find(({ about }) => about === "ends");
  const warning = ends ? await warningOf(room, tx, ends, reader) : null;
  if (warning) items.push(...(await beginItem(tx, stand, { card, about: "ends", subject: 0 }, warning)));
  const year = Number(dayOf(room.now(), waiting[0]?.timeZone ?? unknownBranchZone).slice(0, 4));
  for (const one of await untoldLevels(tx, card, account, room.tells))
    items.push(...(await beginItem(tx, stand, ofLevel(one), levelTold(one, reader, year))));
  for (const one of await untoldRefusalsOf(tx, card, account, room.tells))
    if (await holdRefusal(tx, one))
      items.push(...(await beginItem(tx, stand, ofRefusal(one), refusalTold(one, reader, room.now()))));
  return items.length + waiting.length > 0 ? { items, waiting, alone } : null;
}

/** How it stands with a card and this account of it; `isOpen`: it may tell of that here. */
interface Stand {
  card: CardId;
  reader: Reader;
  /** What was begun here before, and may have arrived. */
  before: Awaited<ReturnType<typeof begunFor>>;
  isOpen: (about: Subject["about"]) => boolean;
}

const begunBefore = ({ before }: Stand, of: Subject) =>
  before.find(({ about, subject }) => about === of.about && subject === of.subject) ?? null;

/** What tells of no rows and is news here; nothing where another account may have been told of it. */
async function beginItem(tx: Tx, stand: Stand, of: Subject, telling: Telling): Promise<Item[]> {
  const { account } = stand.reader;
  const before = begunBefore(stand, of);
  const elsewhere = await begunElsewhere(tx, of, account);
  if (elsewhere === "lost") {
    await telling.told(tx);
    await endBegun(tx, of);
  }
  if (elsewhere !== null || !(await keepBegun(tx, of, account, null, heldMs))) return [];
  return [{ begun: [{ of, before }], telling }];
}

/** What changed on the card, of visits and at the till, in one message. */
async function beginChanges(room: Newsroom, tx: Tx, stand: Stand, salon: string | null): Promise<Item[]> {
  const { card, reader } = stand;
  const { account, language } = reader;
  const pending = await pendingNotice(tx, card, null, account);
  const begun: Item["begun"] = [];
  const rows: PendingRow[] = [];
  for (const about of ["visits", "till"] as const) {
    const of = { card, about, subject: 0 };
    const before = begunBefore(stand, of);
    const these = pending.rows.filter(
      (row) => row.about === about && (stand.isOpen(about) || before?.rows?.includes(row.id)),
    );
    if (these.length === 0) continue;
    const ids = these.map((row) => row.id);
    if (!(await keepBegun(tx, of, account, ids, heldMs))) continue; // somebody says it already
    begun.push({ of, before });
    rows.push(...these);
  }
  if (rows.length === 0) return [];
  rows.sort((one, other) => one.id - other.id);
  const left = pending.rows.filter((row) => !rows.includes(row));
  const waiting = left.reduce((sum, row) => sum + row.points, pending.waiting);
  const detailed = rows.some((row) => row.about === "visits");
  const message = messageFor(room, { salon, language, detailed }, { ...pending, waiting, rows });
  const ids = rows.map((row) => row.id);
  const told = (end: Tx) => markNotified(end, ids, account);
  return [{ begun, telling: { message, rows: ids, of: {}, told } }];
}
