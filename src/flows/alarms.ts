// Says to each owner what they must act on, once, and once more when it is over.

import type { Db } from "../db/connect.ts";
import { type Alarm, alarmTold, endAlarm, raiseAlarm, untoldAlarms } from "../store/alarms.ts";
import { lookAtClock } from "../store/clock.ts";
import { branchTitles } from "../store/companies.ts";
import { setAside } from "../store/look-again.ts";
import type { Sent } from "../telegram/client.ts";
import { alarmText } from "../texts/alarms.ts";
import { unreachedAlarm } from "./check-telegram.ts";

/** An owner who has not pressed Start, or has blocked the bot, is tried this rarely. */
const unreachedMs = 600_000;

/** Notes trouble (a number or a code that texts/alarms.ts has words for) or its end (null). */
export async function noteAlarm(db: Db, about: string, detail: string | null): Promise<void> {
  if (detail === null) await endAlarm(db, about);
  else await raiseAlarm(db, about, detail.slice(0, 300));
}

/** Records that stay unread after several tries are trouble too. */
export async function noteSetAside(db: Db): Promise<void> {
  const aside = await setAside(db);
  await noteAlarm(db, "set aside", aside === 0 ? null : String(aside));
}

/** A clock that was put back is told: what was written meanwhile bears a wrong hour. */
export async function noteClock(db: Db): Promise<void> {
  const back = await lookAtClock(db);
  await noteAlarm(db, "clock", back === null ? null : String(Math.max(1, Math.round(back.seconds / 60))));
}

/** Tells each owner what they do not know yet; who could not be told is told later. */
export async function tellOwners(
  db: Db,
  owners: readonly number[],
  send: (owner: number, html: string) => Promise<Sent>,
): Promise<void> {
  const alarms = await untoldAlarms(db, owners);
  const titles = alarms.length === 0 ? new Map<number, string>() : await branchTitles(db);
  for (const alarm of alarms) {
    const html = alarmText(alarm, titles);
    const others = owners.filter((owner) => alarm.about !== unreachedAlarm(owner));
    const listeners = others.filter((owner) => alarm.told.includes(owner) === alarm.over);
    const outcomes = await Promise.all(
      listeners.map(async (owner) => ({ owner, sent: await send(owner, html) })),
    );
    const reached = outcomes.filter(({ sent }) => "ok" in sent).map(({ owner }) => owner);
    const left = outcomes.filter(({ sent }) => !("ok" in sent));
    const inMs = left.every(({ sent }) => "blocked" in sent) ? unreachedMs : 0;
    await alarmTold(db, alarm, believers(alarm, owners, reached), inMs);
  }
}

/** Who believes in the trouble after the telling; who is no owner any more is told nothing further. */
function believers({ told, over }: Alarm, owners: readonly number[], reached: readonly number[]): number[] {
  if (over) return told.filter((owner) => owners.includes(owner) && !reached.includes(owner));
  return [...told, ...reached];
}
