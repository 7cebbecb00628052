// Trouble that owners must know: each is told once, and once more when it is over.

import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CompanyId } from "../rules/ids.ts";

/** `told`: the owners who believe in it, told of it and not yet of its end. */
interface Alarm {
  about: string;
  detail: string;
  over: boolean;
  told: Account[];
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

/** The names of trouble that is not over, which begin so and end in a number. */
export async function numberedAlarms(sql: Sql, prefix: string): Promise<string[]> {
  const rows = await sql<{ about: string }[]>`
    select about from alarms where over_at is null and about ~ ${`^${prefix}[0-9]+$`}`;
  return rows.map((row) => row.about);
}

// What is due later than anything is put off was put off by a clock that was put back.
const untold = `(due_at <= now() or due_at > now() + interval '1 hour')
  and (over_at is not null or not told @> `;

/** What one of these owners is still to be told, and may be tried now: its names. */
export async function untoldAlarms(sql: Sql, owners: readonly Account[]): Promise<string[]> {
  const rows = await sql<{ about: string }[]>`
    select about from alarms where ${sql.unsafe(untold)} ${[...owners]}::text[]) order by since`;
  return rows.map((row) => row.about);
}

/** The trouble as it is at this moment; null where nobody is to be told any more. To be read right before it is told. */
export async function untoldAlarm(
  sql: Sql,
  about: string,
  owners: readonly Account[],
): Promise<Alarm | null> {
  const [row] = await sql<Alarm[]>`
    select about, detail, over_at is not null as over, told from alarms
    where about = ${about} and ${sql.unsafe(untold)} ${[...owners]}::text[])`;
  return row ?? null;
}

/**
 * These owners were told of the trouble, or of its end; `inMs`: when the others are tried again. It may have changed
 * meanwhile: whoever was told of trouble that is over by now is still to hear of that.
 */
export async function alarmTold(
  sql: Sql,
  { about, detail, over }: Alarm,
  owners: readonly Account[],
  reached: readonly Account[],
  inMs: number,
): Promise<void> {
  const due = sql`case when (alarms.over_at is not null) = ${over}
    then now() + ${inMs}::float8 * interval '1 millisecond' else alarms.due_at end`;
  if (over) {
    await sql`
      update alarms set due_at = ${due}, told = array(
        select one from unnest(told) one
        where one = any(${[...owners]}::text[]) and one <> all(${[...reached]}::text[]))
      where about = ${about}`;
    await sql`delete from alarms where about = ${about} and over_at is not null and told = '{}'`;
    return;
  }
  if (reached.length === 0) return void (await sql`update alarms set due_at = ${due} where about = ${about}`);
  await sql`
    insert into alarms (about, detail, over_at, told) values (${about}, ${detail}, now(), ${[...reached]}::text[])
    on conflict (about) do update
    set due_at = ${due}, told = array(select unnest(alarms.told) union select unnest(excluded.told))`;
}

/**
 * Trouble of what the settings name no more is over: who works here no more, a branch that is read no more. Its name ends
 * in the account of the one or the number of the other.
 */
export async function endAlarmsOfGone(
  sql: Sql,
  known: { staff: readonly Account[]; branches: readonly CompanyId[] },
): Promise<void> {
  const gone = sql`about ~ '^[^:]+:.+$' and substr(about, strpos(about, ':') + 1) <> all(
    case when about like 'unreached:%' then ${[...known.staff]}::text[] else ${known.branches.map(String)}::text[] end)`;
  await sql`delete from alarms where told = '{}' and ${gone}`;
  await sql`update alarms set over_at = now(), due_at = now() where over_at is null and ${gone}`;
}
