// The evening message to owners: what was changed by hand, what a spend left unpaid, and the ledger's seal.

import type { Speaker } from "../channels/channel.ts";
import { staffNames } from "../chat/staff.ts";
import { type Db, inTransaction } from "../db/connect.ts";
import { messageOf, must } from "../errors.ts";
import { withLease } from "../jobs/leases.ts";
import { keptRoot, makeTree } from "../ledger/tree.ts";
import { holdStill, oddChanges, seal } from "../ledger/verify.ts";
import type { Log } from "../log.ts";
import type { Account, ChannelName } from "../rules/account.ts";
import { staffIn } from "../rules/author.ts";
import { addDays, dayOf, minuteOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";
import { digestTexts } from "./digest.texts.ts";
import {
  digestRead,
  digestUnread,
  digestWaits,
  handChanges,
  type KeptDigest,
  keepDigest,
  keptDigest,
  listChanges,
  readBefore,
  unpaidVisits,
} from "./digests.store.ts";
import { owedNowAndBefore } from "./figures.store.ts";
import { type FiguresOf, readFigures } from "./figures.ts";
import { staffChangesIn } from "./rights.store.ts";

/** What it needs. `digestAt`: minutes of the day by the first branch's clock, null for never. */
export interface DigestParts extends Omit<FiguresOf, "timeZone" | "last"> {
  db: Db;
  log: Log;
  now: () => Date;
  send: Speaker["say"];
  /** The messengers that clients may have their cards in. */
  spoken: readonly ChannelName[];
  digestAt: number | null;
  /** With `proof` each day's seal carries the root of the day's tree too. */
  statements?: "off" | "on" | "proof";
  adminIds: readonly Account[];
  ownerIds: readonly Account[];
}

/** How long after its minute a message may still go out once the day is over. */
const lateMinutes = 180;
/** An owner who has not pressed Start, or has blocked the bot, is tried this rarely. */
const unreachedMs = 600_000;
/** A deployment that had the message switched off is not told of months at once. */
const maxDaysBack = 6;

/**
 * Sends the day's message when its minute has come, to each owner once, however many programs call this each minute. Who
 * cannot be reached is tried on until the day's message is late; the next day's one says then what they have missed. True
 * when somebody was told.
 */
export async function sendDigest(parts: DigestParts): Promise<boolean> {
  const { db, digestAt, companyIds, ownerIds, now } = parts;
  if (digestAt === null) return false;
  const timeZone = await branchZone(db, companyIds);
  const day = dueDay(now(), timeZone, digestAt);
  if (day === null || (await digestWaits(db, day, ownerIds)).length === 0) return false;
  const told = await withLease(db, "owners_digest", async (_lease, lost) => {
    // Read anew: another program may have been quicker.
    const owners = await digestWaits(db, day, ownerIds);
    const sealed = await sealOf(db, day);
    if (parts.statements === "proof") await plantTree(parts, day);
    const outcomes = await Promise.all(
      owners.map((owner) => tellOwner(parts, { day, timeZone, owner, sealed }, lost)),
    );
    return outcomes.includes(true);
  });
  return told ?? false;
}

/** The day whose message is due, or null: today's from its minute on, yesterday's for three hours after its minute. */
function dueDay(at: Date, timeZone: string, digestAt: number): string | null {
  const today = dayOf(at, timeZone);
  const minute = minuteOf(at, timeZone);
  if (minute >= digestAt) return today;
  return minute + 1440 - digestAt < lateMinutes ? addDays(today, -1) : null;
}

/** The day's seal, kept when it is first made: whoever has their message later reads of the same rows. */
async function sealOf(db: Db, day: string): Promise<KeptDigest> {
  const kept = await keptDigest(db, day);
  if (kept !== null) return kept;
  const sealed = await inTransaction(db, async (tx) => {
    await holdStill(tx);
    return seal(tx);
  });
  await keepDigest(db, day, sealed);
  return (await keptDigest(db, day)) ?? { ...sealed, lastStaffChange: 0 };
}

/** A day without its root is told all the same; until it is told the next minute tries again. */
async function plantTree({ db, log }: DigestParts, day: string): Promise<void> {
  try {
    await makeTree(db, day);
  } catch (error) {
    log.error({ job: "owners_digest", day, error: messageOf(error) }, "the day's root could not be made");
  }
}

interface Reader {
  day: string;
  timeZone: string;
  owner: Account;
  sealed: KeptDigest;
}

/** What is in it is read at the moment of telling, from one snapshot. */
async function makeDigest(parts: DigestParts, reader: Reader): Promise<string[]> {
  const { db, adminIds, ownerIds, companyIds, paidBy } = parts;
  const { day, timeZone, owner, sealed } = reader;
  return inTransaction(db, async (tx) => {
    await holdStill(tx);
    const before = await readBefore(tx, day, owner);
    // What was done after the message before belongs into this one: nothing slips between two of them.
    const from = before === null ? day : addDays(day, -maxDaysBack);
    const span = { after: before?.row ?? 0, last: sealed.rows, from, timeZone };
    const changes = await handChanges(tx, span, [...adminIds, ...ownerIds]);
    const lists = await listChanges(tx, span);
    const odd = await oddChanges(tx, span);
    const unpaid = await unpaidVisits(tx, span);
    const staffSpan = { ...span, after: before?.staffChange ?? 0, last: sealed.lastStaffChange };
    const staff = await staffChangesIn(tx, staffSpan);
    const people = [
      ...changes.flatMap(({ actor }) => staffIn(actor)),
      ...staff.flatMap(({ account, by }) => [account, by ?? []].flat()),
    ];
    const names = await staffNames(tx, [...new Set(people)]);
    // A salon's days of the week differ more than its weeks.
    const week = [{ from: day, to: day, earlier: 7 }];
    const of = { companyIds, paidBy, timeZone, last: sealed.rows };
    const { periods, since } = await readFigures(tx, of, week);
    const earned = must(periods[0], "the day's figures");
    const owed = await owedNowAndBefore(tx, day, of);
    return digestTexts({
      day,
      timeZone,
      odd,
      changes,
      lists,
      staff,
      unpaid,
      names,
      owners: ownerIds,
      spoken: parts.spoken,
      since,
      earned,
      owed,
      seal: sealed,
      root: parts.statements === "proof" ? await keptRoot(tx, day) : null,
    });
  });
}

/** Whether the owner has all of it now. */
async function tellOwner(parts: DigestParts, reader: Reader, lost: AbortSignal): Promise<boolean> {
  const { db, send, log } = parts;
  const { day, owner } = reader;
  for (const message of await makeDigest(parts, reader)) {
    if (lost.aborted) return false;
    const sent = await send(owner, message);
    if (sent.kind === "sent") continue;
    log.warn({ job: "owners_digest", owner, ...sent }, "an owner could not be told");
    await digestUnread(db, day, owner, sent.kind === "blocked" ? unreachedMs : 0);
    return false;
  }
  await digestRead(db, day, owner);
  return true;
}
