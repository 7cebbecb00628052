// Changes of levels that are to be told.

import type { Sql } from "../db/connect.ts";
import type { LevelChange } from "../levels/standing.rule.ts";
import type { Account } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";

/** A change that is due, to whom, and how often it was tried. */
export interface DueLevel {
  id: number;
  card: CardId;
  attempts: number;
  account: Account | null;
  language: string | null;
  change: LevelChange;
}

const due = "(due_at <= now() or due_at > now() + interval '25 hours')";

/** Whether anything is due: mostly nothing is, and that is not worth a lease. */
export async function isLevelDue(sql: Sql): Promise<boolean> {
  const rows = await sql`select from level_changes where ${sql.unsafe(due)} limit 1`;
  return rows.length > 0;
}

type Row = Omit<DueLevel, "change"> & {
  kind: LevelChange["kind"];
  was: number;
  percent: number;
  until: string;
  missing: number;
  months: number | null;
};

/**
 * Takes what is due and puts it out of others' reach for so many milliseconds. What is put off further than anything may be
 * was put off by a clock that was put back. Whom it goes to is whoever has the card now; of terms that others have followed, which
 * may never come, nobody hears any more.
 */
export async function claimLevels(sql: Sql, maxRows: number, ms: number): Promise<DueLevel[]> {
  const rows = await sql<Row[]>`
    with due as (
      select id from level_changes
      where ${sql.unsafe(due)}
      order by due_at limit ${maxRows} for update skip locked),
    claimed as (
      update level_changes l set due_at = now() + ${ms}::float8 * interval '1 millisecond', attempts = l.attempts + 1
      from due where l.id = due.id returning l.*)
    select l.id, l.client_id as card, l.attempts, l.kind, l.was, l.percent, l.until, l.missing, a.account, a.language,
      (select months from level_terms where since <= now() order by id desc limit 1) as months
    from claimed l
    left join lateral (
      select account, language from accounts where client_id = l.client_id and blocked_at is null
        and not exists (select from level_terms t where t.id > l.terms_id)
      order by linked_at desc, account limit 1) a on true
    order by l.id`;
  return rows.map(({ id, card, attempts, account, language, ...change }) => ({
    ...{ id, card, attempts, account, language },
    change: change as LevelChange,
  }));
}

/** Told, or nobody is there to be told. */
export async function finishLevel(sql: Sql, { id, attempts }: DueLevel): Promise<void> {
  await sql`update level_changes set due_at = null where id = ${id} and attempts = ${attempts}`;
}

/** Not now: again in so many milliseconds; `failed` where the messenger would not take it. */
export async function postponeLevel(
  sql: Sql,
  { id, attempts }: DueLevel,
  ms: number,
  failed: boolean,
): Promise<void> {
  await sql`
    update level_changes set due_at = now() + ${ms}::float8 * interval '1 millisecond',
      attempts = attempts - ${failed ? 0 : 1}
    where id = ${id} and attempts = ${attempts}`;
}
