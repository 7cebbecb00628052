// The evening message to owners: what was changed by hand, what a spend left unpaid, and the ledger's seal.

import { type Db, inTransaction } from "../db/connect.ts";
import type { Log } from "../log.ts";
import { staffIn } from "../rules/author.ts";
import { addDays, dayOf, minuteOf } from "../rules/time.ts";
import { seal } from "../store/chain.ts";
import { digestSent, handChanges, keepDigest, lastDigestRow, unpaidVisits } from "../store/digests.ts";
import { oddChanges } from "../store/odd-rows.ts";
import { holdStill } from "../store/proofs.ts";
import { staffNames } from "../store/staff.ts";
import type { Sent } from "../telegram/client.ts";
import { digestTexts } from "../texts/digest.ts";
import { branchZone } from "./branch-zone.ts";
import { withLease } from "./jobs.ts";

/** What it needs. `digestAt`: minutes of the day by the first branch's clock, null for never. */
export interface DigestParts {
  db: Db;
  log: Log;
  now: () => Date;
  send: (telegramId: number, html: string) => Promise<Sent>;
  digestAt: number | null;
  companyIds: readonly number[];
  adminIds: readonly number[];
  ownerIds: readonly number[];
}

/** How long after its minute a message may still go out once the day is over. */
const lateMinutes = 180;
/** A deployment that had the message switched off is not told of months at once. */
const mostDaysBack = 6;

/**
 * Sends the day's message when its minute has come and nobody has sent it: once a day, however many programs call this
 * each minute. Nothing is kept when no owner could be reached, so that the next minute tries again. True when sent.
 */
export async function sendDigest(parts: DigestParts): Promise<boolean> {
  const { db, digestAt, companyIds, now } = parts;
  if (digestAt === null) return false;
  const timeZone = await branchZone(db, companyIds);
  const day = dueDay(now(), timeZone, digestAt);
  if (day === null || (await digestSent(db, day))) return false;
  const sent = await withLease(db, "owners_digest", async () => {
    if (await digestSent(db, day)) return false; // another program was quicker
    const { messages, sealed } = await makeDigest(parts, day, timeZone);
    if (!(await tellAll(parts, messages))) return false;
    await keepDigest(db, day, sealed);
    return true;
  });
  return sent ?? false;
}

/** The day whose message is due, or null: today's from its minute on, yesterday's for three hours after its minute. */
function dueDay(at: Date, timeZone: string, digestAt: number): string | null {
  const today = dayOf(at, timeZone);
  const minute = minuteOf(at, timeZone);
  if (minute >= digestAt) return today;
  return minute + 1440 - digestAt < lateMinutes ? addDays(today, -1) : null;
}

/** All is read from one snapshot: the seal says of which rows the message tells. */
async function makeDigest({ db, adminIds, ownerIds }: DigestParts, day: string, timeZone: string) {
  return inTransaction(db, async (tx) => {
    await holdStill(tx);
    const sealed = await seal(tx);
    const before = await lastDigestRow(tx);
    // What was done after yesterday's message belongs into this one: nothing slips between two of them.
    const from = before === null ? day : addDays(day, -mostDaysBack);
    const span = { after: before ?? 0, last: sealed.rows, from, timeZone };
    const changes = await handChanges(tx, span, [...adminIds, ...ownerIds]);
    const odd = await oddChanges(tx, span);
    const unpaid = await unpaidVisits(tx, span);
    const names = await staffNames(tx, [...new Set(changes.flatMap((change) => staffIn(change.actor)))]);
    const messages = digestTexts({ day, timeZone, odd, changes, unpaid, names, seal: sealed });
    return { messages, sealed };
  });
}

/** Whether one owner has all of it, or there is nobody to be reached at all. */
async function tellAll({ ownerIds, send, log }: DigestParts, messages: string[]): Promise<boolean> {
  const outcomes = await Promise.all(
    ownerIds.map(async (owner) => {
      for (const message of messages) {
        const sent = await send(owner, message);
        if ("ok" in sent) continue;
        log.warn({ job: "owners_digest", owner, ...sent }, "an owner could not be told");
        return "blocked" in sent ? "blocked" : "failed";
      }
      return "told";
    }),
  );
  return outcomes.includes("told") || outcomes.every((one) => one === "blocked");
}
