// Says to each owner what they must act on, once, and once more when it is over.

import type { Speaker } from "../channels/channel.ts";
import { unreachedAlarm } from "../check/staff.ts";
import type { Db } from "../db/connect.ts";
import { withLease } from "../jobs/leases.ts";
import { lookAtClock } from "../jobs/trouble.ts";
import type { Account } from "../rules/account.ts";
import type { CompanyId } from "../rules/ids.ts";
import { branchTitles } from "../visits/branch.ts";
import { setAside } from "../visits/recheck.ts";
import {
  alarmTold,
  endAlarm,
  endAlarmsOfGone,
  numberedAlarms,
  raiseAlarm,
  untoldAlarm,
  untoldAlarms,
} from "./alarms.store.ts";
import { alarmButtons, alarmText } from "./alarms.texts.ts";

/** An owner who has not pressed Start, or has blocked the bot, is tried this rarely. */
const unreachedMs = 600_000;

/** Notes trouble (a number or a code that alarms/alarms.texts.ts has words for) or its end (null). */
export async function noteAlarm(db: Db, about: string, detail: string | null): Promise<void> {
  if (detail === null) await endAlarm(db, about);
  else await raiseAlarm(db, about, detail.slice(0, 300));
}

/**
 * Notes all trouble whose names begin so and end in a number, by that number; what is not among them is over, but for what is
 * `undecided`: that stays as it was.
 */
export async function noteAlarms(
  db: Db,
  prefix: string,
  details: ReadonlyMap<number, string>,
  undecided: ReadonlySet<number> = new Set(),
): Promise<void> {
  for (const [id, detail] of details) await raiseAlarm(db, `${prefix}${id}`, detail.slice(0, 300));
  for (const about of await numberedAlarms(db, prefix)) {
    const id = Number(about.slice(prefix.length));
    if (!details.has(id) && !undecided.has(id)) await endAlarm(db, about);
  }
}

/** Records of these branches that stay unread after several tries are trouble too. */
export async function noteSetAside(db: Db, companyIds: readonly CompanyId[]): Promise<void> {
  const { count, gone } = await setAside(db, companyIds);
  await noteAlarm(db, "set aside", count === 0 ? null : String(count));
  await noteAlarm(db, "gone", gone === 0 ? null : String(gone));
}

/** A clock that was put back is told: what was written meanwhile bears a wrong hour. */
export async function noteClock(db: Db): Promise<void> {
  const back = await lookAtClock(db);
  await noteAlarm(db, "clock", back === null ? null : String(Math.max(1, Math.round(back.seconds / 60))));
}

/** Who and what the settings name. */
interface Named {
  owners: readonly Account[];
  /** Owners and admins. */
  staff: readonly Account[];
  branches: readonly CompanyId[];
}

/**
 * Tells each owner what they do not know yet; who could not be told is told later. One program at a time. What it is about
 * and whom it goes to is read anew for each: the one before may have taken long.
 */
export async function tellOwners(db: Db, named: Named, send: Speaker["say"]): Promise<void> {
  await endAlarmsOfGone(db, named);
  const due = await untoldAlarms(db, named.owners);
  if (due.length === 0) return;
  await withLease(db, "owners_alarms", async (_lease, lost) => {
    const titles = await branchTitles(db);
    for (const about of due) {
      if (lost.aborted) return;
      await tellAlarm(db, about, named, titles, send);
    }
  });
}

async function tellAlarm(
  db: Db,
  about: string,
  named: Named,
  titles: ReadonlyMap<CompanyId, string>,
  send: Speaker["say"],
): Promise<void> {
  const { owners } = named;
  const others = owners.filter((owner) => about !== unreachedAlarm(owner));
  const alarm = await untoldAlarm(db, about, owners);
  if (alarm === null) return;
  const html = alarmText({ ...alarm, gone: isGone(about, named) }, titles);
  const listeners = others.filter((owner) => alarm.told.includes(owner) === alarm.over);
  const outcomes = await Promise.all(
    listeners.map(async (owner) => ({ owner, sent: await send(owner, html, alarmButtons(alarm)) })),
  );
  const reached = outcomes.filter(({ sent }) => sent.kind === "sent").map(({ owner }) => owner);
  const left = outcomes.filter(({ sent }) => sent.kind !== "sent");
  const inMs = left.every(({ sent }) => sent.kind === "blocked") ? unreachedMs : 0;
  await alarmTold(db, alarm, owners, reached, inMs);
}

/** Whether it is about a person or a branch that the settings name no more. */
function isGone(about: string, { staff, branches }: Named): boolean {
  const [, kind, of] = /^([^:]+):(.+)$/.exec(about) ?? [];
  return of !== undefined && !(kind === "unreached" ? staff.includes(of) : branches.includes(Number(of)));
}
