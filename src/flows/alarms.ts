// Says to owners what they must act on, once, and once more when it is over.

import type { Db } from "../db/connect.ts";
import { alarmTold, endAlarm, raiseAlarm, untoldAlarms } from "../store/alarms.ts";
import { setAside } from "../store/look-again.ts";
import { alarmText } from "../texts/alarms.ts";

/** Notes trouble (a sentence) or its end (null). */
export async function noteAlarm(db: Db, about: string, detail: string | null): Promise<void> {
  if (detail === null) await endAlarm(db, about);
  else await raiseAlarm(db, about, detail.slice(0, 300));
}

/** Records that stay unread after several tries are trouble too. */
export async function noteSetAside(db: Db): Promise<void> {
  const aside = await setAside(db);
  await noteAlarm(db, "set aside", aside === 0 ? null : String(aside));
}

/** Tells owners what they do not know yet; what nobody could be told stays to be told. */
export async function tellOwners(db: Db, send: (html: string) => Promise<boolean>): Promise<void> {
  for (const alarm of await untoldAlarms(db)) {
    if (await send(alarmText(alarm))) await alarmTold(db, alarm);
  }
}
