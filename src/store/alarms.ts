// Trouble that owners must know: told once, and once more when it is over.

import type { Sql } from "../db/connect.ts";

export interface Alarm {
  about: string;
  detail: string;
  over: boolean;
}

/** There is trouble; the same trouble again only renews its detail. */
export async function raiseAlarm(sql: Sql, about: string, detail: string): Promise<void> {
  await sql`
    insert into alarms (about, detail) values (${about}, ${detail})
    on conflict (about) do update
    set detail = excluded.detail, over_at = null,
        since = case when alarms.over_at is null then alarms.since else now() end,
        told_at = case when alarms.over_at is null then alarms.told_at end`;
}

/** It is over; what was never told needs no all-clear. */
export async function endAlarm(sql: Sql, about: string): Promise<void> {
  await sql`delete from alarms where about = ${about} and told_at is null`;
  await sql`update alarms set over_at = now() where about = ${about} and over_at is null`;
}

/** What owners have not been told yet. */
export function untoldAlarms(sql: Sql): Promise<Alarm[]> {
  return sql<Alarm[]>`
    select about, detail, over_at is not null as over from alarms where told_at is null or over_at is not null
    order by since`;
}

/** Owners know. */
export async function alarmTold(sql: Sql, alarm: Alarm): Promise<void> {
  if (alarm.over) await sql`delete from alarms where about = ${alarm.about} and over_at is not null`;
  else await sql`update alarms set told_at = now() where about = ${alarm.about}`;
}
