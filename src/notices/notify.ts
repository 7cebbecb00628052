// Tells clients what changed on their cards: the job `notify_new_bonuses`.

import type { Buttons } from "../channels/channel.ts";
import { type Clock, machineClock } from "../clock.ts";
import type { Tx } from "../db/connect.ts";
import { messageOf } from "../errors.ts";
import { withLease } from "../jobs/leases.ts";
import { databaseIsAway } from "../jobs/trouble.ts";
import { type About, markNotified } from "../ledger/ledger.ts";
import type { Log } from "../log.ts";
import type { SpendRules } from "../rules/spending.ts";
import { backOff, type QuietHours, quietLeft } from "../rules/time.ts";
import { shownCause } from "../visits/visit.rule.ts";
import type { Reader } from "./begun.store.ts";
import { countAsWarned, warningOf } from "./ends.ts";
import { type Change, noticeButtons, notificationText } from "./notice.texts.ts";
import {
  claimNotices,
  finishNotice,
  holdNotice,
  type Notice,
  type PendingNotice,
  type PendingRow,
  parkNotices,
  pendingNotice,
  postponeNotice,
} from "./notices.store.ts";
import { awayAgainMs } from "./presence.ts";
import { type Outlets, type Telling, type ToldOrNot, tellOne } from "./telling.ts";

export { isDue, overdue, waitingNotices } from "./notices.store.ts";

export interface Notify extends Outlets {
  log: Log;
  /** How a wait that the messenger asks for passes. */
  wait?: Clock["wait"];
  quietHours: QuietHours | null;
  supportPhone: string | null;
  bookUrl: string | null;
  /** How points may be spent: what an award is worth is promised by it. */
  spending: SpendRules;
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
/** How soon a card is tried again whose messenger is away, at most, or that another program has. */
const againMs = 60_000;
const batch = 50;
const atOnce = 8;

/**
 * Sends what is due, of one kind where it is named, one message a card. Rows are flagged after the messenger took it: a crash
 * between may say it twice to the same account, never to another, and never loses it. Null when another program is at it.
 */
export async function notifyNewBonuses(
  notify: Notify,
  about: About | null = null,
): Promise<SendCounts | null> {
  return withLease(notify.db, "notify_new_bonuses", async (lease, lost) => {
    const log = notify.log.child({ job: lease.name, pass: lease.token });
    const counts: SendCounts = { sent: 0, postponed: 0, blocked: 0, failed: 0 };
    const signal = AbortSignal.any([notify.signal, lost]);
    const { tells } = notify;
    await parkNotices(notify.db, tells);
    while (!signal.aborted) {
      const claimed = await claimNotices(notify.db, { tells, maxRows: batch, ms: claimMs }, about);
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

/** For how long nobody is to be told, as a messenger has asked, in milliseconds; over where that is so, or the program stops. */
interface Pause {
  ms: number;
  over: () => boolean;
}

/** Returns for how long nobody is to be told, as the messenger asked, in milliseconds. */
async function sendBatch(notify: Notify, claimed: Notice[], counts: SendCounts): Promise<number> {
  const queue = [...claimed];
  // A program that is stopping says nothing new: the next one finds it due.
  const pause: Pause = { ms: 0, over: () => pause.ms > 0 || notify.signal.aborted };
  async function worker(): Promise<void> {
    for (let notice = queue.shift(); notice; notice = queue.shift()) {
      if (pause.over()) {
        await postponeNotice(notify.db, notice, pause.ms, "held_up");
        note(notify, counts, "postponed");
        continue;
      }
      // Compared when it is known: others may have been asked to wait meanwhile.
      const askedMs = await sendOrPostpone(notify, notice, counts, pause);
      pause.ms = Math.max(pause.ms, askedMs);
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, worker));
  return pause.ms;
}

/** One card of which something cannot be told is put off, and keeps nobody else waiting. */
async function sendOrPostpone(
  notify: Notify,
  notice: Notice,
  counts: SendCounts,
  pause: Pause,
): Promise<number> {
  try {
    return await sendNotice(notify, notice, counts, pause);
  } catch (error) {
    if (notify.signal.aborted || databaseIsAway(error)) throw error;
    await postponeFailed(notify, notice, messageOf(error), counts);
    return 0;
  }
}

async function sendNotice(notify: Notify, notice: Notice, counts: SendCounts, pause: Pause): Promise<number> {
  const quiet = notice.about !== "till" && notice.timeZone !== null;
  const quietMs = quiet ? quietLeft(notify.now(), notice.timeZone ?? "UTC", notify.quietHours) : 0;
  if (quietMs > 0) {
    await postponeNotice(notify.db, notice, quietMs, "quiet");
    note(notify, counts, "postponed");
    return 0;
  }
  const { card, about, account, isLate } = notice;
  const ofEnds = about === "ends";
  const came = await tellOne(notify, {
    ...{ of: { card, about, subject: 0 }, account, isLate, over: pause.over },
    hold: (tx) => holdNotice(tx, notice),
    read: (tx, to) => (ofEnds ? warningOf(notify, tx, notice, to) : changesFor(notify, tx, notice, to)),
    lost: async (tx) => (ofEnds ? countAsWarned(notify, tx, notice) : undefined),
  });
  if (came.kind === "sent") {
    note(notify, counts, "sent");
    notify.log.info({ card, message: came.message, ...came.of }, "a client was told");
  }
  if (came.kind === "sent" || came.kind === "nothing") await finishNotice(notify.db, notice, "not begun");
  else
    await sendFailed(notify, notice, came.kind === "stopped" ? { kind: "wait", ms: pause.ms } : came, counts);
  return came.kind === "wait" ? Math.min(came.ms, longestPauseMs) : 0;
}

/** What changed on a card and its account is to be told, of the kind that the notice is of. */
async function changesFor(
  notify: Notify,
  tx: Tx,
  { card, about, salon }: Notice,
  { account, language }: Reader,
): Promise<Telling> {
  const pending = await pendingNotice(tx, card, about === "till" ? "till" : "visits", account);
  const rows = pending.rows.map((row) => row.id);
  const records = [...new Set(pending.rows.flatMap((row) => row.recordId ?? []))];
  const message = messageFor(notify, { salon, language, detailed: about === "visits" }, pending);
  return { message, rows, of: { rows, records }, told: (end) => markNotified(end, rows, account) };
}

/** What a message of changes is made by. */
export type Saying = Pick<Notify, "now" | "supportPhone" | "spending" | "bookUrl">;

/** What to say of a card's untold rows, and what stands under it where their arithmetic is of interest; null when they need no word. */
export function messageFor(
  saying: Saying,
  { salon, language, detailed }: { salon: string | null; language: string | null; detailed: boolean },
  { rows, balance, waiting }: PendingNotice,
): Telling["message"] {
  const changes = changesOf(rows, saying.now());
  if (changes.length === 0) return null;
  const { supportPhone, spending } = saying;
  const year = saying.now().getFullYear();
  const words = { changes, balance, waiting, year, supportPhone, salon, ...spending };
  const html = notificationText(language, words);
  return { html, buttons: detailed ? buttonsFor(saying, language, changes, rows) : [] };
}

/** The way back where a visit made points, and how these rows were worked out: their arithmetic is one tap away. */
function buttonsFor(
  { bookUrl }: Saying,
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
  came: Exclude<ToldOrNot, { kind: "sent" | "nothing" | "stopped" }>,
  counts: SendCounts,
): Promise<void> {
  // Another account of the card may be told at once; and what nobody may be told now is due when somebody may.
  if (came.kind === "blocked" || came.kind === "nobody") await postponeNotice(notify.db, notice, 0, "quiet");
  else if (came.kind === "failed") return postponeFailed(notify, notice, came.why, counts);
  else {
    const again = () => (came.kind === "away" ? awayAgainMs(came.since, notify.now(), againMs) : againMs);
    const ms = came.kind === "wait" ? Math.min(came.ms, longestWaitMs) : again();
    await postponeNotice(notify.db, notice, ms, "held_up");
  }
  note(notify, counts, came.kind === "blocked" ? "blocked" : "postponed");
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
