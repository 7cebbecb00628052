// Changes of levels that are to be told.

import type { Sql, Tx } from "../db/connect.ts";
import type { LevelChange } from "../levels/standing.rule.ts";
import type { Account, ChannelName } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import { tellable } from "./begun.store.ts";
import { hasReader } from "./notices.store.ts";

/** A change of a card's level that is to be told. */
export interface UntoldLevel {
  id: number;
  card: CardId;
  attempts: number;
  change: LevelChange;
}

/** One that is due, how often it was tried, and to whom it goes if it goes now; null: nobody is to hear of it. */
export interface DueLevel extends UntoldLevel {
  account: Account | null;
}

/** Of changes named `l` of cards `c`: what waits for its person to write, where no messenger of theirs may be told unasked, is not due. */
const due = (sql: Sql, tells: readonly ChannelName[]) => sql`
  (l.due_at <= now() or l.due_at > now() + interval '25 hours') and (${tellable(sql, tells)} or not ${sql.unsafe(hasReader)})`;

/** Whether anything is due: mostly nothing is, and that is not worth a lease. */
export async function isLevelDue(sql: Sql, tells: readonly ChannelName[]): Promise<boolean> {
  const rows = await sql`
    select from level_changes l join clients c on c.id = l.client_id where ${due(sql, tells)} limit 1`;
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

const columns = `l.id, l.client_id as card, l.attempts, l.kind, l.was, l.percent, l.until, l.missing,
  (select months from level_terms where since <= now() order by id desc limit 1) as months`;
/** Terms that others have followed, and which may never come. */
const followed = "exists (select from level_terms t where t.id > l.terms_id)";

const dueLevelOf = ({ id, card, attempts, account, ...change }: Row): DueLevel => ({
  ...{ id, card, attempts, account },
  change: change as LevelChange,
});

/**
 * Takes what is due and puts it out of others' reach for so many milliseconds. What is put off further than anything may be
 * was put off by a clock that was put back. Whom it goes to is whoever has the card now; of terms that others have followed, which
 * may never come, nobody hears any more.
 */
export async function claimLevels(
  sql: Sql,
  { tells, maxRows, ms }: { tells: readonly ChannelName[]; maxRows: number; ms: number },
): Promise<DueLevel[]> {
  const rows = await sql<Row[]>`
    with due as (
      select l.id from level_changes l join clients c on c.id = l.client_id
      where ${due(sql, tells)}
      order by l.due_at limit ${maxRows} for update of l skip locked),
    claimed as (
      update level_changes l set due_at = now() + ${ms}::float8 * interval '1 millisecond', attempts = l.attempts + 1
      from due where l.id = due.id returning l.*)
    select ${sql.unsafe(columns)},
      case when not ${sql.unsafe(followed)} then account_to_tell(l.client_id, 'level', l.id, ${[...tells]}::text[], '{}') end as account
    from claimed l order by l.id`;
  return rows.map(dueLevelOf);
}

/** Whether a change is still ours to tell; nobody else takes it until the transaction ends. */
export async function holdLevel(tx: Tx, { id, attempts }: UntoldLevel): Promise<boolean> {
  const rows = await tx`
    select from level_changes where id = ${id} and attempts = ${attempts} and due_at is not null for update`;
  return rows.length > 0;
}

/** All that a card's owner is to be told of its level, due or not, and held until the transaction ends. */
export async function untoldLevels(tx: Tx, card: CardId): Promise<UntoldLevel[]> {
  const rows = await tx<Row[]>`
    select ${tx.unsafe(columns)}, null as account from level_changes l
    where l.client_id = ${card} and l.due_at is not null and not ${tx.unsafe(followed)} order by l.id for update of l`;
  return rows.map(dueLevelOf);
}

/** Told, or nobody is there to be told. */
export async function finishLevel(sql: Sql, { id, attempts }: UntoldLevel): Promise<void> {
  await sql`update level_changes set due_at = null where id = ${id} and attempts = ${attempts}`;
}

/** Not now: again in so many milliseconds; `failed` where the messenger would not take it. */
export async function postponeLevel(
  sql: Sql,
  { id, attempts }: UntoldLevel,
  ms: number,
  failed: boolean,
): Promise<void> {
  await sql`
    update level_changes set due_at = now() + ${ms}::float8 * interval '1 millisecond',
      attempts = attempts - ${failed ? 0 : 1}
    where id = ${id} and attempts = ${attempts}`;
}
