// What the review of levels reads and writes: cards in batches, warnings and what came of them. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { CardId, EntryId } from "../rules/ids.ts";
import type { Kopecks } from "../rules/money.ts";
import { canBeTold, counted } from "./levels.store.ts";

/** The last row of the ledger and the last change of a level at a moment: what a look at all cards has seen. */
export interface LookedUpTo {
  row: EntryId;
  change: number;
}

/** Both are written under the ledger's lock: what comes later has a greater number. */
export async function markNow(sql: Sql): Promise<LookedUpTo> {
  const [mark] = await sql<[LookedUpTo]>`
    select (select coalesce(max(id), 0) from bonuslog) as row, (select coalesce(max(id), 0) from level_changes) as change`;
  return mark;
}

/** As of what every card was looked at for a last day by these terms; null where not all were. */
export async function lookedFor(sql: Sql, terms: number, until: string): Promise<LookedUpTo | null> {
  const [mark] = await sql<LookedUpTo[]>`
    select looked_row as row, looked_change as change from level_terms where id = ${terms} and looked_for = ${until}`;
  return mark ?? null;
}

/** Every card was looked at for a last day by these terms, as of this. */
export async function keepLook(
  sql: Sql,
  terms: number,
  until: string,
  { row, change }: LookedUpTo,
): Promise<void> {
  await sql`
    update level_terms set looked_for = ${until}, looked_row = ${row}, looked_change = ${change} where id = ${terms}`;
}

/** What a warning of a card, `card`, is written down by; its last day stands behind it. */
const warningKey = (card: string) => `'warned:' || ${card} || ':'`;

/**
 * Cards behind one that hold a level which they have reached and were not warned for a day yet; since a mark only those of which
 * anything has changed.
 */
export async function holdersAfter(
  sql: Sql,
  after: CardId,
  { until, since }: { until: string; since: LookedUpTo | null },
  maxRows: number,
): Promise<{ card: CardId; reached: Kopecks }[]> {
  const changed =
    since &&
    sql`and c.id in (
        select client_id from bonuslog where id > ${since.row}
        union select client_id from level_changes where id > ${since.change})`;
  // One by one, and for few: all that was ever written of levels would be sorted for each batch, or all warnings of the day read.
  return sql<{ card: CardId; reached: Kopecks }[]>`
    select c.id as card, l.reached
    from clients c cross join lateral (
      select reached from level_changes where client_id = c.id and kind in ('up', 'down') order by id desc limit 1) l
    where c.id > ${after} and l.reached > 0 ${changed ?? sql``} and not exists (
      select from level_changes w where w.key = ${sql.unsafe(warningKey("c.id"))} || ${until}::text offset 0)
    order by c.id limit ${maxRows}`;
}

/** What cards' visits count from a moment on (null: all), and behind a row of the ledger. */
export async function turnoversOf(
  sql: Sql,
  cards: CardId[],
  from: Date | null,
  after: EntryId = 0,
): Promise<Map<CardId, Kopecks>> {
  const rows = await sql<{ card: CardId; sum: Kopecks }[]>`
    select c.card, coalesce(sum(c.paid), 0) as sum from (${counted(sql, cards, sql`coalesce(${from}::timestamptz, '-infinity')`)}) c
    where c.award > ${after} group by c.card`;
  return new Map(rows.map(({ card, sum }) => [card, sum]));
}

/** A card that may lose its level. */
export interface Warning {
  card: CardId;
  reached: Kopecks;
  turnover: Kopecks;
  was: number;
  percent: number;
}

/** Writes warnings down for a day, each once; they are told where they would lower the percent. */
export async function addWarnings(
  tx: Tx,
  warnings: Warning[],
  of: { until: string; from: Date | null },
): Promise<void> {
  await tx`
    insert into level_changes (client_id, kind, reached, turnover, missing, until, counted_from, was, percent, actor, key,
      after_row, due_at)
    select w.card, 'warned', w.reached, w.turnover, w.reached - w.turnover, ${of.until}, ${of.from}, w.was, w.percent, 'levels',
      ${tx.unsafe(warningKey("w.card"))} || ${of.until}::text, (select coalesce(max(id), 0) from bonuslog),
      case when w.percent < w.was and ${tx.unsafe(canBeTold)} then now() end
    from unnest(${warnings.map((one) => one.card)}::bigint[], ${warnings.map((one) => one.reached)}::numeric[],
      ${warnings.map((one) => one.turnover)}::numeric[], ${warnings.map((one) => one.was)}::numeric[],
      ${warnings.map((one) => one.percent)}::numeric[]) w (card, reached, turnover, was, percent)
    join clients c on c.id = w.card
    on conflict (key) do nothing`;
}

/** A warning whose day is over and of which nothing came yet. */
export interface Unsettled {
  id: number;
  card: CardId;
  until: string;
  reached: Kopecks;
  missing: Kopecks;
  from: Date | null;
  afterRow: EntryId;
}

const warningsOpen = (sql: Sql) => sql`
  select w.id, w.client_id as card, w.until, w.reached, w.missing, w.counted_from as from, w.after_row as "afterRow"
  from level_changes w
  where w.kind = 'warned' and not exists (select from level_changes s where s.names = w.id)`;

/**
 * Warnings of days before this one, back to the oldest that may still take a level, that are not settled, the oldest first,
 * behind one of them. What is older keeps its level: years of warnings are not gone through.
 */
export function unsettled(
  sql: Sql,
  { today, oldest }: { today: string; oldest: string },
  after: number,
  maxRows: number,
): Promise<Unsettled[]> {
  return sql<Unsettled[]>`
    ${warningsOpen(sql)} and w.until >= ${oldest} and w.until < ${today} and w.id > ${after}
    order by w.id limit ${maxRows}`;
}

/** All that are not settled of these cards. */
export function openWarnings(sql: Sql, cards: CardId[]): Promise<Unsettled[]> {
  return sql<Unsettled[]>`${warningsOpen(sql)} and w.client_id = any(${cards}::bigint[])`;
}

/** What came of a warning, once. `down`: told where the percent is less from now on. */
export async function settleWarning(
  tx: Tx,
  { id, card, from }: Unsettled,
  came: { kind: "kept" | "down"; turnover: Kopecks; reached: Kopecks | null; was: number; percent: number },
): Promise<void> {
  await tx`
    insert into level_changes (client_id, kind, reached, turnover, counted_from, names, was, percent, actor, key, after_row, due_at)
    select c.id, ${came.kind}, ${came.reached}, ${came.turnover}, ${from}, ${id}, ${came.was}, ${came.percent}, 'levels',
      ${`settled:${id}`}, (select coalesce(max(b.id), 0) from bonuslog b),
      case when ${came.kind === "down" && came.percent < came.was} and ${tx.unsafe(canBeTold)} then now() end
    from clients c where c.id = ${card}
    on conflict (key) do nothing`;
}

/**
 * Cards behind one that somebody can be written to and that have no word of these terms: all of them; once all were looked at,
 * those who have come to their card, or to another level, since the terms were accepted.
 */
export async function cardsToTell(
  sql: Sql,
  after: CardId,
  terms: number,
  maxRows: number,
): Promise<CardId[]> {
  const rows = await sql<{ id: CardId }[]>`
    select distinct a.client_id as id
    from accounts a join level_terms t on t.id = ${terms}
    where a.client_id > ${after} and a.blocked_at is null
      and (t.told_at is null or a.linked_at >= t.made_at or exists (
        select from level_changes l
        where l.client_id = a.client_id and l.kind in ('up', 'hand', 'undone') and l.at >= t.made_at))
      and not exists (select from level_changes l where l.key = format('terms:%s:%s', t.id, a.client_id))
    order by 1 limit ${maxRows}`;
  return rows.map(({ id }) => id);
}

/** Who will earn less by terms that are to come is told so, once; to how many it was new. */
export async function addNotices(
  tx: Tx,
  notices: { card: CardId; was: number; percent: number }[],
  of: { terms: number; until: string },
): Promise<number> {
  const added = await tx`
    insert into level_changes (client_id, kind, terms_id, until, was, percent, actor, key, after_row, due_at)
    select c.id, 'terms', ${of.terms}, ${of.until}, n.was, n.percent, 'levels', format('terms:%s:%s', ${of.terms}::int, c.id),
      (select coalesce(max(id), 0) from bonuslog), now()
    from unnest(${notices.map((one) => one.card)}::bigint[], ${notices.map((one) => one.was)}::numeric[],
      ${notices.map((one) => one.percent)}::numeric[]) n (card, was, percent)
    join clients c on c.id = n.card where ${tx.unsafe(canBeTold)}
    on conflict (key) do nothing returning id`;
  return added.length;
}

/** These terms are through: every card that they lift is written down, or whoever they lower has a word waiting. */
export async function finishTerms(sql: Sql, id: number, what: "raised_at" | "told_at"): Promise<void> {
  await sql`update level_terms set ${sql(what)} = now() where id = ${id} and ${sql(what)} is null`;
}
