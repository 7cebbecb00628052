// The programme's gifts: the welcome of a first link, birthdays by day, and taking back what lost its reason.

import type { Welcome } from "../cards/link.ts";
import type { Veil } from "../cards/veil.ts";
import type { Db, Tx } from "../db/connect.ts";
import { messageOf, Refused } from "../errors.ts";
import { eachApart } from "../jobs/apart.ts";
import { type Lease, mustHold, withLease } from "../jobs/leases.ts";
import { type Entry, postEntries, postSilently, underLock } from "../ledger/ledger.ts";
import type { Log } from "../log.ts";
import type { CardId, CompanyId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import { addDays, dayOf, minuteOf } from "../rules/time.ts";
import type { Yclients } from "../yclients/client.ts";
import { birthdaysAround, knownForDays } from "./birthday.rule.ts";
import {
  type Celebrant,
  celebrants,
  dropJournalDays,
  keepJournalDay,
  unreadClients,
} from "./birthdays.store.ts";
import { type LostGift, lostGifts } from "./gifts.store.ts";
import { dropMarks, isMarked, mark } from "./marks.store.ts";

/**
 * What gives the welcome points; null where there are none. Phone and account are marked whether or not they get it, so that
 * nobody has a second chance by letting go or being forgotten. The answer to the link tells of it: no message does.
 */
export function welcomeOf(points: Points | null, veil: Veil): Welcome | null {
  if (points === null) return null;
  return async (tx, { card, phone, account, first }) => {
    const hashes = [veil(`welcome ${phone}`), veil(`welcome ${account}`)];
    const had = await isMarked(tx, hashes);
    await mark(tx, hashes, null);
    if (had || !first) return;
    await postSilently(tx, [{ card, kind: "welcome", points, actor: "programme", key: `welcome:${card}` }]);
  };
}

/** What the round needs. */
export interface Gifts {
  db: Db;
  yclients: Pick<Yclients, "birthday">;
  log: Log;
  now: () => Date;
  signal: AbortSignal;
  /** What a birthday gives; null: nothing, and nobody's birthday is read. */
  birthdayPoints: Points | null;
  companyIds: readonly CompanyId[];
  /** The zone whose clock the round goes by. */
  timeZone: () => Promise<string>;
  veil: Veil;
}

/** Gifts come and go by day, when a message about them disturbs nobody: from noon until eight, in minutes. */
const hours = { from: 12 * 60, to: 20 * 60 };
/** How many clients of the journal a round asks about: they share the budget of requests with the visits. */
const mostRead = 20;
/** So many are looked for at once, and so few given at once that whoever waits for the ledger's lock does not feel it. */
const mostFound = 5_000;
const batch = 25;
/** A year and a bit: a gift of next January may be of this December. */
const marksLive = 400;

/** Null when another program is at it. */
export function giftsRound(gifts: Gifts): Promise<{ read: number; given: number; takenBack: number } | null> {
  return withLease(gifts.db, "gifts", async (lease, lost) => {
    const signal = AbortSignal.any([gifts.signal, lost]);
    const timeZone = await gifts.timeZone();
    const round = { ...gifts, signal, lease, at: gifts.now(), today: dayOf(gifts.now(), timeZone), timeZone };
    await dropJournalDays(gifts.db, gifts.birthdayPoints !== null);
    const minute = minuteOf(round.at, timeZone);
    const byDay = minute >= hours.from && minute < hours.to;
    const given = byDay ? await giveBirthdays(round) : 0;
    const takenBack = byDay ? await takeBack(round) : 0;
    return { given, takenBack, read: await readBirthdays(round) };
  });
}

interface Round extends Omit<Gifts, "timeZone"> {
  lease: Lease;
  at: Date;
  /** By the zone's clock. */
  today: string;
  timeZone: string;
}

/** Looks up a few clients of the journal. What YCLIENTS does not show today is asked for again another time. */
async function readBirthdays({
  db,
  yclients,
  log,
  at,
  signal,
  birthdayPoints,
  companyIds,
}: Round): Promise<number> {
  if (birthdayPoints === null) return 0;
  let read = 0;
  for (const { client, company } of await unreadClients(db, companyIds, at, mostRead)) {
    if (signal.aborted) break;
    try {
      await keepJournalDay(db, client, await yclients.birthday(company, client), at);
      read += 1;
    } catch (error) {
      if (signal.aborted) break;
      log.warn(
        { job: "gifts", company, error: messageOf(error) },
        "a birthday in the journal could not be read",
      );
      if (!(error instanceof Refused) || [401, 402, 403, 429].includes(error.code)) break;
      // Of this one client nothing can be said.
      await keepJournalDay(db, client, null, at);
    }
  }
  return read;
}

/** Who is due is looked for beside the till, and asked once more under the ledger's lock. */
async function giveBirthdays(round: Round): Promise<number> {
  const { db, birthdayPoints, timeZone, today, lease, signal } = round;
  if (birthdayPoints === null) return 0;
  await dropMarks(db, today);
  const of = { days: birthdaysAround(today), knownForDays, today, timeZone };
  let given = 0;
  let after: CardId = 0;
  while (!signal.aborted) {
    const found = (await celebrants(db, { ...of, after, most: mostFound, among: null })).map(
      (one) => one.card,
    );
    if (found.length === 0) break;
    const apart = { signal, atOnce: batch, odd: oddOne(round, "card", "a birthday gift could not be given") };
    await eachApart(found, apart, async (among) => {
      given += await underLock(db, async (tx) => {
        await mustHold(tx, lease);
        const due = await celebrants(tx, { ...of, after, most: batch, among });
        const entries: Entry[] = [];
        for (const one of due) entries.push(...(await giftOf(tx, round, one, birthdayPoints)));
        return (await postEntries(tx, entries, told)).length;
      });
    });
    after = found.at(-1) ?? after;
  }
  return given;
}

/** What fails for one stops nobody else, and is tried again by the next round. */
function oddOne({ log }: Round, what: "card" | "row", says: string) {
  return (one: number, error: string) => log.error({ job: "gifts", [what]: one, error }, says);
}

// Their rows are told with those of visits: a notice of the till would not find them.
const told = { about: "visits", companyId: null, inMs: 0 } as const;

/** Once a year a card by its key, and once a phone and an account: a second card of the same person gets no second one. */
async function giftOf(tx: Tx, { veil, today }: Round, one: Celebrant, points: Points): Promise<Entry[]> {
  const year = one.on.slice(0, 4);
  const hashes = [one.phone, ...one.accounts].map((whose) => veil(`birthday ${year} ${whose}`));
  if (await isMarked(tx, hashes)) return [];
  await mark(tx, hashes, addDays(today, marksLive));
  return [
    { card: one.card, kind: "birthday", points, actor: "programme", key: `birthday:${one.card}:${year}` },
  ];
}

/** Whatever is set now: what was given stands on its reason. */
async function takeBack(round: Round): Promise<number> {
  const { db, lease, at, signal } = round;
  const found = (await lostGifts(db, at, mostFound)).map((one) => one.id);
  let taken = 0;
  const apart = { signal, atOnce: batch, odd: oddOne(round, "row", "a gift could not be taken back") };
  await eachApart(found, apart, async (among) => {
    taken += await underLock(db, async (tx) => {
      await mustHold(tx, lease);
      const rows = await postEntries(tx, (await lostGifts(tx, at, batch, among)).map(backOf), told);
      return rows.filter((row) => row.key.endsWith(":back")).length;
    });
  });
  return taken;
}

function backOf({ id, card, kind, points, key }: LostGift): Entry {
  const taken = { reason: "visit_gone", actor: "programme", key: `${key}:back` } as const;
  return { card, kind, corrects: id, points: -points, ...taken };
}
