// Trouble that owners must know: each is told once, and once more when it is over.

import type { Sql } from "../db/connect.ts";

/** `told`: the owners who believe in it, told of it and not yet of its end. */
export interface Alarm {
  about: string;
  detail: string;
  over: boolean;
  told: number[];
}

/** There is trouble; the same trouble again only renews its detail. Who was not told of its end needs no second word. */
export async function raiseAlarm(sql: Sql, about: string, detail: string): Promise<void> {
  await sql`
    insert into alarms (about, detail) values (${about}, ${detail})
    on conflict (about) do update
    set detail = excluded.detail, over_at = null,
        since = case when alarms.over_at is null then alarms.since else now() end,
        due_at = case when alarms.over_at is null then alarms.due_at else now() end`;
}

/** It is over; what nobody was told needs no all-clear. */
export async function endAlarm(sql: Sql, about: string): Promise<void> {
  await sql`delete from alarms where about = ${about} and told = '{}'`;
  await sql`update alarms set over_at = now(), due_at = now() where about = ${about} and over_at is null`;
}

/** What one of these owners is still to be told, and may be tried now. */
export function untoldAlarms(sql: Sql, owners: readonly number[]): Promise<Alarm[]> {
  return sql<Alarm[]>`
    select about, detail, over_at is not null as over, told from alarms
    where (due_at <= now() or due_at > now() + interval '1 hour') -- or by a clock that was put back
      and (over_at is not null or not told @> ${[...owners]}::bigint[])
    order by since`;
}

/**
 * What became of telling: `told` are all who believe in the trouble now, and the rest is tried again in so many
 * milliseconds. Trouble that is over and that nobody believes in is gone.
 */
export async function alarmTold(
  sql: Sql,
  alarm: Alarm,
  told: readonly number[],
  inMs: number,
): Promise<void> {
  await sql`
    update alarms set told = ${[...told]}::bigint[], due_at = now() + ${inMs}::float8 * interval '1 millisecond'
    where about = ${alarm.about} and (over_at is not null) = ${alarm.over}`;
  await sql`delete from alarms where about = ${alarm.about} and over_at is not null and told = '{}'`;
}
