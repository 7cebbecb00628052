// Tells clients what changed on their cards: the job `notify_new_bonuses`.

import { blockAccount } from "../cards/link.ts";
import type { Buttons, Speaker, Unsent } from "../channels/channel.ts";
import { type Clock, machineClock } from "../clock.ts";
import type { Db } from "../db/connect.ts";
import { messageOf } from "../errors.ts";
import { withLease } from "../jobs/leases.ts";
import { databaseIsAway } from "../jobs/trouble.ts";
import { type About, markNotified } from "../ledger/ledger.ts";
import type { Log } from "../log.ts";
import type { Account } from "../rules/account.ts";
import type { SpendRules } from "../rules/spending.ts";
import { backOff, type QuietHours, quietLeft } from "../rules/time.ts";
import { shownCause } from "../visits/visit.rule.ts";
import { warningOf } from "./ends.ts";
import { type Change, noticeButtons, notificationText } from "./notice.texts.ts";
import {
  claimNotices,
  finishNotice,
  type Notice,
  type PendingNotice,
  type PendingRow,
  pendingNotice,
  postponeNotice,
} from "./notices.store.ts";

export { isDue, overdue, waitingNotices } from "./notices.store.ts";

export interface Notify {
  db: Db;
  log: Log;
  now: () => Date;
  /** How a wait that the messenger asks for passes. */
  wait?: Clock["wait"];
  send: Speaker["say"];
  /** Resolves when the next message may go, or the signal is aborted. */
  turn: (signal: AbortSignal) => Promise<void>;
  quietHours: QuietHours | null;
  supportPhone: string | null;
  bookUrl: string | null;
  /** How points may be spent: what an award is worth is promised by it. */
  spending: SpendRules;
  signal: AbortSignal;
  /** Told what came of each message. */
  count?: (outcome: keyof SendCounts) => void;
}

export interface SendCounts {
  sent: number;
  postponed: number;
  blocked: number;
  failed: number;
}

/** How long a claimed card stays out of others' reach, in milliseconds. */
const claimMs = 60_000;
/** A long wait may be one chat's own: after this all the others are tried again. And how long that one is left alone. */
const longestPauseMs = 60_000;
const longestWaitMs = 3_600_000;
const batch = 50;
const atOnce = 8;

/**
 * Sends what is due, of one kind where it is named, one message a card. Rows are flagged after the messenger took it: a crash
 * between may say it twice and never loses it. Null when another program is at it.
 */
export async function notifyNewBonuses(
  notify: Notify,
  about: About | null = null,
): Promise<SendCounts | null> {
  return withLease(notify.db, "notify_new_bonuses", async (lease, lost) => {
    const log = notify.log.child({ job: lease.name, pass: lease.token });
    const counts: SendCounts = { sent: 0, postponed: 0, blocked: 0, failed: 0 };
    const signal = AbortSignal.any([notify.signal, lost]);
    while (!signal.aborted) {
      const claimed = await claimNotices(notify.db, batch, claimMs, about);
      if (claimed.length === 0) break;
      const pauseMs = await sendBatch({ ...notify, log, signal }, claimed, counts);
      if (pauseMs > 0) await (notify.wait ?? machineClock.wait)(pauseMs, signal);
    }
    return counts;
  });
}

function note({ count }: Notify, counts: SendCounts, outcome: keyof SendCounts): void {
  counts[outcome] += 1;
  count?.(outcome);
}

/** Returns for how long nobody is to be told, as the messenger asked, in milliseconds. */
async function sendBatch(notify: Notify, claimed: Notice[], counts: SendCounts): Promise<number> {
  let pauseMs = 0;
  const queue = [...claimed];
  // A program that is stopping says nothing new: the next one finds it due.
  const over = () => pauseMs > 0 || notify.signal.aborted;
  async function worker(): Promise<void> {
    for (let notice = queue.shift(); notice; notice = queue.shift()) {
      if (!over()) await notify.turn(notify.signal);
      if (over()) {
        await postponeNotice(notify.db, notice, pauseMs, "held_up");
        note(notify, counts, "postponed");
        continue;
      }
      // Compared when it is known: others may have been asked to wait meanwhile.
      const askedMs = await sendOrPostpone(notify, notice, counts);
      pauseMs = Math.max(pauseMs, askedMs);
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, worker));
  return pauseMs;
}

/** One card of which something cannot be told is put off, and keeps nobody else waiting. */
async function sendOrPostpone(notify: Notify, notice: Notice, counts: SendCounts): Promise<number> {
  try {
    return await sendNotice(notify, notice, counts);
  } catch (error) {
    if (notify.signal.aborted || databaseIsAway(error)) throw error;
    await postponeFailed(notify, notice, messageOf(error), counts);
    return 0;
  }
}

async function sendNotice(notify: Notify, notice: Notice, counts: SendCounts): Promise<number> {
  const quiet = notice.about !== "till" && notice.timeZone !== null;
  const quietMs = quiet ? quietLeft(notify.now(), notice.timeZone ?? "UTC", notify.quietHours) : 0;
  if (quietMs > 0) {
    await postponeNotice(notify.db, notice, quietMs, "quiet");
    note(notify, counts, "postponed");
    return 0;
  }
  // The last that is read: whoever has the card now is told, and nobody who had it when the notice was claimed.
  const telling =
    notice.about === "ends" ? await warningOf(notify, notice) : await changesFor(notify, notice);
  if (telling === null && notice.about === "ends") {
    await finishNotice(notify.db, notice);
    return 0;
  }
  if (telling === null) {
    await postponeNotice(notify.db, notice, 0, "quiet");
    note(notify, counts, "postponed");
    return 0;
  }
  const { account, message, of, told } = telling;
  if (message !== null) {
    const sent = await notify.send(account, message.html, message.buttons);
    if (sent.kind !== "sent") return sendFailed(notify, notice, account, sent, counts);
    note(notify, counts, "sent");
    notify.log.info({ card: notice.card, message: sent.message, ...of }, "a client was told");
  }
  await told();
  await finishNotice(notify.db, notice);
  return 0;
}

/** Whom a message goes to, what it says (null: nothing), what the log has of it, and how it is kept that it was told. */
export interface Telling {
  account: Account;
  message: { html: string; buttons: Buttons } | null;
  of: object;
  told: () => Promise<void>;
}

/** What changed on a card; null when nobody can be written to. */
async function changesFor(notify: Notify, notice: Notice): Promise<Telling | null> {
  const pending = await pendingNotice(notify.db, notice.card, notice.about);
  if (pending === null) return null;
  const { account } = pending;
  const rows = pending.rows.map((row) => row.id);
  const records = [...new Set(pending.rows.flatMap((row) => row.recordId ?? []))];
  const told = () => markNotified(notify.db, rows, account);
  return { account, message: messageFor(notify, notice, pending), of: { rows, records }, told };
}

/** What to say of a card's untold rows, and what stands under it; null when they need no word. */
function messageFor(
  notify: Notify,
  { salon, about }: Notice,
  { rows, balance, waiting, language }: PendingNotice,
): { html: string; buttons: Buttons } | null {
  const changes = changesOf(rows, notify.now());
  if (changes.length === 0) return null;
  const { supportPhone, spending } = notify;
  const year = notify.now().getFullYear();
  const words = { changes, balance, waiting, year, supportPhone, salon, ...spending };
  const html = notificationText(language, words);
  return { html, buttons: about === "visits" ? buttonsFor(notify, language, changes, rows) : [] };
}

/** The way back where a visit made points, and how these rows were worked out: their arithmetic is one tap away. */
function buttonsFor(
  { bookUrl }: Notify,
  language: string | null,
  changes: Change[],
  rows: PendingRow[],
): Buttons {
  const t = noticeButtons(language);
  const book = bookUrl === null ? [] : [{ text: t.book, url: bookUrl }];
  const details = { text: t.details, data: `details:${rows[0]?.id}-${rows.at(-1)?.id}` };
  const made = changes.some((change) => change.about === "award");
  return [...(made ? [[...book, { text: t.card, data: "card" }]] : []), [details]];
}

async function sendFailed(
  notify: Notify,
  notice: Notice,
  account: Account,
  sent: Unsent,
  counts: SendCounts,
): Promise<number> {
  if (sent.kind === "blocked") {
    await blockAccount(notify.db, account, notify.now());
    note(notify, counts, "blocked");
    return 0;
  }
  if (sent.kind === "wait") {
    await postponeNotice(notify.db, notice, Math.min(sent.ms, longestWaitMs), "held_up");
    note(notify, counts, "postponed");
    return Math.min(sent.ms, longestPauseMs);
  }
  await postponeFailed(notify, notice, sent.why, counts);
  return 0;
}

async function postponeFailed(
  notify: Notify,
  notice: Notice,
  why: string,
  counts: SendCounts,
): Promise<void> {
  const againInMs = backOff(notice.attempts + 1, 5_000, longestWaitMs);
  await postponeNotice(notify.db, notice, againInMs, { error: why });
  notify.log.warn({ card: notice.card, attempts: notice.attempts, error: why }, "a client could not be told");
  note(notify, counts, "failed");
}

/**
 * What to say of these rows. All rows of one record are one change, and none when they sum to zero; records of one
 * checkout that are told for the first time are one visit.
 */
function changesOf(rows: PendingRow[], now: Date): Change[] {
  const changes: Change[] = [];
  const awards = new Map<string, Extract<Change, { about: "award" }>>();
  for (const [first, ...rest] of byRecord(rows)) {
    const last = rest.at(-1) ?? first;
    const points = [first, ...rest].reduce((sum, row) => sum + row.points, 0);
    if (first.recordId === null || last.day === null) {
      const { kind, paid: bill, reason, corrects, returned, until } = first;
      const again = returned !== null && until !== null ? { points: returned, until } : null;
      changes.push({ about: "till", kind, points, bill, reason, corrects, again, until });
    } else if (points > 0 && (first.notifiedPoints ?? 0) === 0 && last.paid !== null) {
      const key = `${last.companyId} ${last.visitId ?? last.recordId} ${last.day} ${last.percent}`;
      const award = awards.get(key);
      if (award) {
        award.points += points;
        award.paid += last.paid;
      } else {
        const prepaid = last.startsAt !== null && last.startsAt > now;
        const { day, paid, percent } = last;
        const made = { about: "award" as const, day, paid, percent: percent ?? 0, points, prepaid };
        awards.set(key, made);
        changes.push(made);
      }
    } else if (points !== 0) {
      const cause = shownCause(last.reason, last.paidBy) ?? "";
      changes.push({
        about: "correction",
        day: last.day,
        paid: last.paid,
        was: first.notifiedPaid,
        points,
        cause,
      });
    }
  }
  return changes;
}

/** Rows of one record together, in order; every other row by itself. */
function byRecord(rows: PendingRow[]): [PendingRow, ...PendingRow[]][] {
  const groups = new Map<string, [PendingRow, ...PendingRow[]]>();
  for (const row of rows) {
    const key = row.award === null ? `row ${row.id}` : `record ${row.award}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}
