// Changes of levels that are to be told.

import type { Sql, Tx } from "../db/connect.ts";
import type { LevelChange } from "../levels/standing.rule.ts";
import type { Account, ChannelName } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";

/** A change of a card's level that is to be told. */
export interface UntoldLevel {
  id: number;
  card: CardId;
  attempts: number;
  change: LevelChange;
}

/** One that is due, to whom it goes if it goes now (null: nobody is to hear of it), and the messengers of all who may hear of it. */
export interface DueLevel extends UntoldLevel {
  account: Account | null;
  tells: ChannelName[];
}

/**
 * Whether an account, `a`, of its card sees a change `l`: what was before it had the card is nothing of its own. Terms to come are
 * for whoever has the card by then.
 */
const seesChange = "(a.history_from is null or a.history_from <= l.at or l.kind = 'terms')";
/** The accounts, `a`, that may hear of a change `l`. */
const readers = `accounts a where a.client_id = l.client_id and a.blocked_at is null and ${seesChange}`;
const readersIn = (sql: Sql, tells: readonly ChannelName[]) =>
  sql`${sql.unsafe(readers)} and a.channel = any(${[...tells]}::text[])`;

/** Terms that others have followed, and which may never come. */
const followed = "exists (select from level_terms t where t.id > l.terms_id)";

/**
 * Of changes named `l`: what waits for its person to write, where no messenger of theirs may be told unasked, is not due. What nobody
 * is to hear of any more waits for nobody.
 */
const due = (sql: Sql, tells: readonly ChannelName[]) => sql`
  (l.due_at <= now() or l.due_at > now() + interval '25 hours') and (${sql.unsafe(followed)}
    or exists (select from ${readersIn(sql, tells)}) or not exists (select from ${sql.unsafe(readers)}))`;

/** Whether anything is due: mostly nothing is, and that is not worth a lease. */
export async function isLevelDue(sql: Sql, tells: readonly ChannelName[]): Promise<boolean> {
  const rows = await sql`
    select from level_changes l where ${due(sql, tells)} limit 1`;
  return rows.length > 0;
}

type Row = UntoldLevel & {
  kind: LevelChange["kind"];
  was: number;
  percent: number;
  until: string;
  missing: number;
  months: number | null;
};

const columns = `l.id, l.client_id as card, l.attempts, l.kind, l.was, l.percent, l.until, l.missing,
  (select months from level_terms where since <= now() order by id desc limit 1) as months`;
const untoldLevelOf = ({ id, card, attempts, ...change }: Row): UntoldLevel => ({
  ...{ id, card, attempts },
  change: change as LevelChange,
});

/**
 * Takes what is due and puts it out of others' reach for so many milliseconds. What is put off further than anything may be
 * was put off by a clock that was put back. Whom it goes to is whoever has the card now and sees it; of terms that others have
 * followed, which may never come, nobody hears any more.
 */
export async function claimLevels(
  sql: Sql,
  { tells, maxRows, ms }: { tells: readonly ChannelName[]; maxRows: number; ms: number },
): Promise<DueLevel[]> {
  const rows = await sql<(Row & Pick<DueLevel, "account" | "tells">)[]>`
    with due as (
      select l.id from level_changes l
      where ${due(sql, tells)}
      order by l.due_at limit ${maxRows} for update of l skip locked),
    claimed as (
      update level_changes l set due_at = now() + ${ms}::float8 * interval '1 millisecond', attempts = l.attempts + 1
      from due where l.id = due.id returning l.*)
    select ${sql.unsafe(columns)},
      case when not ${sql.unsafe(followed)} then account_to_tell(l.client_id, 'level', l.id, r.tells, '{}') end as account, r.tells
    from claimed l cross join lateral (
      select coalesce(array_agg(a.channel), '{}') as tells from ${readersIn(sql, tells)}) r
    order by l.id`;
  return rows.map(({ account, tells, ...row }) => ({ ...untoldLevelOf(row), account, tells }));
}

/** Whether a change is still ours to tell; nobody else takes it until the transaction ends. */
export async function holdLevel(tx: Tx, { id, attempts }: UntoldLevel): Promise<boolean> {
  const rows = await tx`
    select from level_changes where id = ${id} and attempts = ${attempts} and due_at is not null for update`;
  return rows.length > 0;
}

/** Whether an account has the card of a change, and sees it. */
export async function seesLevel(sql: Sql, { id }: UntoldLevel, account: Account): Promise<boolean> {
  const rows = await sql`
    select from level_changes l join accounts a on a.client_id = l.client_id and a.account = ${account}
    where l.id = ${id} and ${sql.unsafe(seesChange)}`;
  return rows.length > 0;
}

/**
 * Changes, `l`, that are news to an account of a card where these messengers alone may tell unasked, due or not: it sees them, and
 * nobody is told of them otherwise, or it may have been told already.
 */
export const levelNews = (sql: Sql, card: CardId, account: Account, tells: readonly ChannelName[]) => sql`
  level_changes l join accounts a on a.client_id = l.client_id and a.account = ${account}
  where l.client_id = ${card} and l.due_at is not null and not ${sql.unsafe(followed)} and ${sql.unsafe(seesChange)}
    and (not exists (select from ${readersIn(sql, tells)}) or exists (
      select from begun_messages b
      where (b.client_id, b.about, b.subject, b.account) = (l.client_id, 'level', l.id, ${account})))`;

/** All of them, held until the transaction ends. */
export async function untoldLevels(
  tx: Tx,
  ...of: [card: CardId, account: Account, tells: readonly ChannelName[]]
): Promise<UntoldLevel[]> {
  const rows = await tx<Row[]>`
    select ${tx.unsafe(columns)} from ${levelNews(tx, ...of)} order by l.id for update of l`;
  return rows.map(untoldLevelOf);
}

/** Told, or nobody is there to be told: what was begun of it is over too. */
export async function finishLevel(sql: Sql, { id, attempts }: UntoldLevel): Promise<void> {
  await sql`
    with done as (
      update level_changes set due_at = null where id = ${id} and attempts = ${attempts} returning id, client_id)
    delete from begun_messages b using done o
    where b.client_id = o.client_id and b.about = 'level' and b.subject = o.id`;
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
