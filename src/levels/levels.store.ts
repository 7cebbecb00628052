// Levels' terms and what cards' levels rest on, in SQL.

import type { Sql, Tx } from "../db/connect.ts";
import { must } from "../errors.ts";
import type { CardId, EntryId } from "../rules/ids.ts";
import { type Level, readLevels } from "../rules/levels.rule.ts";
import { decimal, type Kopecks } from "../rules/money.ts";
import type { LevelBasis } from "./standing.rule.ts";

/** Terms of levels, as stored: `levels` null where there were none any more. */
export interface LevelTerms {
  id: number;
  levels: Level[] | null;
  months: number | null;
  since: Date;
  acceptedBy: string | null;
  /** Whoever earns less by them has a word of it waiting, or sent; every card that they lift is written down. */
  told: boolean;
  raised: boolean;
}

type TermsRow = Omit<LevelTerms, "levels"> & { levels: string | null };

const termsColumns = `id, levels, months, since, accepted_by as "acceptedBy", told_at is not null as told,
  raised_at is not null as raised`;

function toTerms({ levels, ...row }: TermsRow): LevelTerms {
  return { ...row, levels: levels === null ? null : (readLevels(levels) ?? null) };
}

/** All terms that were ever written, the earliest first. */
export async function allLevelTerms(sql: Sql): Promise<LevelTerms[]> {
  const rows = await sql<TermsRow[]>`
    select ${sql.unsafe(termsColumns)} from level_terms order by id`;
  return rows.map(toTerms);
}

/** The terms in force at this moment of the transaction; null where none ever were. */
export async function levelTermsNow(sql: Sql): Promise<LevelTerms | null> {
  const [row] = await sql<TermsRow[]>`
    select ${sql.unsafe(termsColumns)} from level_terms
    where since <= now() order by id desc limit 1`;
  return row ? toTerms(row) : null;
}

/** Writes new terms down: in force at once, or what an owner has accepted from a moment on. */
export async function addLevelTerms(
  tx: Tx,
  scheme: { levels: readonly Level[] | null; months: number | null },
  accepted: { by: string; since: Date } | null,
): Promise<void> {
  const levels =
    scheme.levels?.map(({ from, percent }) => `${decimal(from)}:${decimal(percent)}`).join(",") ?? null;
  await tx`
    insert into level_terms (levels, months, since, made_at, accepted_by)
    -- Under the lock, so after every row that was written without them.
    select ${levels}, ${levels === null ? null : scheme.months}::int, coalesce(${accepted?.since ?? null}::timestamptz, t.at), t.at,
      ${accepted?.by ?? null} from clock_timestamp() t (at)`;
}

/** From when on visits count at this moment. By UTC: a branch that moves its clock changes no sum. */
const windowStart = (sql: Sql, months: number | null) => sql`
  (case when ${months}::int is null then '-infinity'
    else (now() at time zone 'UTC' - make_interval(months => ${months}::int)) at time zone 'UTC' end)`;

/**
 * What each paid visit of some cards counts whose points came at a moment or later: what was last known to be paid of a
 * record, where its rows on the card give points. A merge's rows say no sum: then what was said before it.
 */
export const counted = (sql: Sql, cards: readonly CardId[], from: ReturnType<typeof windowStart>) => sql`
  select m.card, m.award, a.awarded_at as at, coalesce(m.paid, (
    select p.paid from bonuslog p
    where (p.id = m.award or p.corrects = m.award and p.kind = 'correction') and p.paid is not null
    order by p.id desc limit 1)) as paid
  from (
    select client_id as card, case kind when 'award' then id else corrects end as award,
      (array_agg(paid order by id desc))[1] as paid
    -- What came before is of no visit that counts: a card of many years is not looked up visit by visit. The day is for
    -- corrections that began before their award and waited for the ledger longer.
    from bonuslog where client_id = any(${[...cards]}::bigint[]) and kind in ('award', 'correction')
      and awarded_at >= ${from} - interval '1 day'
    group by 1, 2 having sum(points) > 0) m
  join bonuslog a on a.id = m.award and a.awarded_at >= ${from}`;

/** What a card's level rests on beside its visits, at this moment; `s.card` is the card. */
const beside = (sql: Sql) => sql`
  coalesce((select l.reached from level_changes l where l.client_id = s.card and l.kind in ('up', 'down')
    order by l.id desc limit 1), 0) as reached,
  (select case when l.ends_at > now() and not exists (select from level_changes u where u.names = l.id)
      then array[l.reached, l.upwards::int, to_char(l.until, 'YYYYMMDD')::int] end
    from level_changes l where l.client_id = s.card and l.kind = 'hand'
    order by l.id desc limit 1) as hand`;

type StandingRow = Omit<LevelBasis, "hand"> & { card: CardId; hand: [Kopecks, number, number] | null };

function toStanding({ card: _, hand, ...rest }: StandingRow): LevelBasis {
  if (hand === null) return { ...rest, hand };
  const [from, upwards, until] = hand;
  const day = String(until / 100).replace(/^(\d+)(\d\d)(\d\d)$/, "$1-$2-$3");
  return { ...rest, hand: { from, upwards: upwards > 0, until: day } };
}

/** What the levels of these cards rest on at this moment of the transaction. */
export async function standingsOf(
  sql: Sql,
  cards: CardId[],
  months: number | null,
): Promise<Map<CardId, LevelBasis>> {
  if (cards.length === 0) return new Map();
  const rows = await sql<StandingRow[]>`
    select s.card, coalesce(t.turnover, 0) as turnover, ${beside(sql)}
    from unnest(${cards}::bigint[]) s (card)
    left join (
      select c.card, sum(c.paid) as turnover from (${counted(sql, cards, windowStart(sql, months))}) c
      group by c.card) t on t.card = s.card`;
  return new Map(rows.map((row) => [row.card, toStanding(row)]));
}

/** The same of one card. */
export async function standingOf(sql: Sql, card: CardId, months: number | null): Promise<LevelBasis> {
  return must((await standingsOf(sql, [card], months)).get(card), `what the level of card ${card} rests on`);
}

/** Cards that visits or a level by hand are on, in their order, behind one of them; those that nobody has any more are left out. */
export async function cardsWithLevels(sql: Sql, after: CardId, most: number): Promise<CardId[]> {
  const rows = await sql<{ id: CardId }[]>`
    select id from clients c
    where id > ${after} and forgotten_at is null and merged_into is null
      and (exists (select from bonuslog b where b.client_id = c.id and b.kind in ('award', 'correction'))
        or exists (select from level_changes l where l.client_id = c.id and l.kind = 'hand'))
    order by id limit ${most}`;
  return rows.map(({ id }) => id);
}

/** All paid visits of a card, however old, with when their points came. */
export function visitsCounted(sql: Sql, card: CardId): Promise<{ at: Date; paid: Kopecks }[]> {
  return sql<{ at: Date; paid: Kopecks }[]>`
    select c.at, coalesce(c.paid, 0) as paid from (${counted(sql, [card], windowStart(sql, null))}) c`;
}

/** The days that a card was warned of and that are not over, the nearest first: at a month's end there may be two. */
export async function warnedDays(sql: Sql, card: CardId, today: string): Promise<string[]> {
  const rows = await sql<{ until: string }[]>`
    select w.until from level_changes w
    where w.client_id = ${card} and w.kind = 'warned' and w.until >= ${today} order by w.until`;
  return rows.map(({ until }) => until);
}

/** What these awards count now on each card, in kopecks; those that are too old to count are left out. */
export async function countedAwards(
  sql: Sql,
  awards: EntryId[],
  months: number | null,
): Promise<Map<EntryId, Map<CardId, Kopecks>>> {
  if (awards.length === 0) return new Map();
  const rows = await sql<{ award: EntryId; card: CardId | null; paid: Kopecks | null }[]>`
    select a.id as award, s.card, p.paid
    from bonuslog a
    left join lateral (
      select r.client_id as card from bonuslog r
      where r.id = a.id or r.corrects = a.id and r.kind = 'correction'
      group by r.client_id having sum(r.points) > 0) s on true
    left join lateral (
      select r.paid from bonuslog r
      where (r.id = a.id or r.corrects = a.id and r.kind = 'correction') and r.paid is not null
      order by r.id desc limit 1) p on true
    where a.id = any(${awards}::bigint[]) and a.awarded_at >= ${windowStart(sql, months)}`;
  const found = new Map<EntryId, Map<CardId, Kopecks>>();
  for (const { award, card, paid } of rows) {
    const byCard = found.get(award) ?? new Map<CardId, Kopecks>();
    if (card !== null) byCard.set(card, paid ?? 0);
    found.set(award, byCard);
  }
  return found;
}

/** A card that has reached a level, and what it earned before and earns from now on. */
export interface Rise {
  card: CardId;
  reached: Kopecks;
  turnover: Kopecks;
  was: number | null;
  percent: number;
}

/** Whether a card, `c`, has somebody who can be written to. */
export const canBeTold = "exists (select from accounts a where a.client_id = c.id and a.blocked_at is null)";

/**
 * Writes down which cards have reached a level, each behind the change before: new terms may lift one twice behind one row. Whoever
 * earns another percent by it is told in so many milliseconds, or not at all (null). Under the ledger's lock.
 */
export async function addRises(tx: Tx, rises: Rise[], actor: string, inMs: number | null): Promise<void> {
  if (rises.length === 0) return;
  await tx`
    insert into level_changes (client_id, kind, reached, turnover, was, percent, actor, key, after_row, due_at)
    select r.card, 'up', r.reached, r.turnover, r.was, r.percent, ${actor}, format('up:%s:%s:%s', r.card, last.id, last.change), last.id,
      case when r.was is distinct from r.percent and ${tx.unsafe(canBeTold)} then now() + ${inMs}::float8 * interval '1 millisecond' end
    from unnest(${rises.map((one) => one.card)}::bigint[], ${rises.map((one) => one.reached)}::numeric[],
      ${rises.map((one) => one.turnover)}::numeric[], ${rises.map((one) => one.was)}::numeric[],
      ${rises.map((one) => one.percent)}::numeric[]) r (card, reached, turnover, was, percent)
    join clients c on c.id = r.card
    cross join (select (select coalesce(max(id), 0) from bonuslog) as id, (select coalesce(max(id), 0) from level_changes) as change) last`;
}
