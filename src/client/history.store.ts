// A card's rows and visits: an account sees them from the day on which the history is its own, who works here sees all. SQL only.

import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CardId, CompanyId, EntryId, Percent, RecordId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import type { RecheckReason, Terms, Word } from "../visits/visit.rule.ts";

/** One row of the ledger, with what the card held after it. Days are the session's, `YYYY-MM-DD`. */
export interface HistoryRow {
  at: Date;
  kind: string;
  points: Points;
  after: Points;
  paid: Kopecks | null;
  /** What the record's row before was worked out from. */
  was: Kopecks | null;
  reason: string | null;
  /** What counts as paid by the visit's terms. */
  paidBy: Terms["paidBy"] | null;
  /** What part of the paid sum those terms make points. */
  percent: Percent | null;
  visitDay: string | null;
  /** The kind of the row that this one takes back or corrects. */
  corrects: string | null;
  /** Of points that ended: the day from which they lived. */
  began: string | null;
  /** Who made it, as stored. */
  actor: string;
  timeZone: string | null;
}

/** A page of rows, newest first. `page` counts from 0; `earlier` is what came before the history is theirs, or null. */
interface RowsPage {
  page: number;
  total: number;
  earlier: Points | null;
  rows: NumberedRow[];
}

/** The same with its number in the ledger. */
export type NumberedRow = HistoryRow & { id: EntryId };

/** Who looks at a card: one of its accounts, or the one that let it go last; anybody else sees nothing. */
export type Viewer = Account | "staff";

/** From when on a card is shown. A question of its own, so that it is asked once and not for each row. */
const shownFrom = (sql: Sql, card: CardId, viewer: Viewer) =>
  viewer === "staff" ? sql`'-infinity'::timestamptz` : sql`(select history_begins(${card}, ${viewer}))`;

/** The rows of a card from the first of these to the last, and of them those made from one moment until before another. */
export interface RowRange {
  from?: EntryId;
  to?: EntryId;
  since?: Date | null;
  until?: Date | null;
}

/**
 * A page of a card's rows with the running balance, all in one statement; a page beyond the last is the last. Sums and
 * places come from the index `bonuslog_by_card`, and only the page's rows from the table. Of a range no row beside it.
 */
export async function historyRows(
  sql: Sql,
  card: CardId,
  page: number,
  size: number,
  viewer: Viewer,
  { from = 0, to = Number.MAX_SAFE_INTEGER, since = null, until = null }: RowRange = {},
): Promise<RowsPage> {
  const rows = await sql<(NumberedRow & Omit<RowsPage, "rows">)[]>`
    with mine as (
      select b.id, b.points, sum(b.points) over (order by b.id rows unbounded preceding) as after,
        b.awarded_at >= h.since and b.id between ${from} and ${to}
          and (${since}::timestamptz is null or b.awarded_at >= ${since})
          and (${until}::timestamptz is null or b.awarded_at < ${until}) as theirs
      from bonuslog b cross join (select ${shownFrom(sql, card, viewer)} as since) h where b.client_id = ${card}),
    size as (
      select count(*) filter (where theirs) as total,
        sum(points) filter (where not theirs) as earlier,
        greatest(0, least(${page}::bigint, (count(*) filter (where theirs) - 1) / ${size}::bigint)) as page
      from mine),
    places as (select id, after, row_number() over (order by id desc) as place from mine where theirs),
    shown as (
      select b.*, case when b.kind <> 'opening' then b.kind when b.actor = 'sync' then 'merged'
          when b.reason = 'back_list' then 'taken_back' else b.kind end as said, p.after
      from size cross join places p join bonuslog b on b.id = p.id
      where p.place > size.page * ${size}::bigint and p.place <= (size.page + 1) * ${size}::bigint)
    select size.page, size.total, size.earlier, s.id, s.awarded_at as at, s.said as kind, s.points, s.after, s.reason,
      case when s.kind = 'spend' then coalesce(bill_in_journal(s.id), s.paid) else s.paid end as paid,
      coalesce(s.actor, '') as actor,
      t.paid_by as "paidBy", coalesce(v.percent, t.percent) as percent,
      v.day as "visitDay", named.kind as corrects, before.paid as was, lot.started as began,
      coalesce(branch.time_zone, (select max(time_zone) from companies)) as "timeZone"
    from size
    left join shown s on true
    left join bonuslog named on named.id = s.corrects
    left join bonuslog award on award.id = case s.kind when 'award' then s.id when 'correction' then s.corrects end
    left join visits v on v.award_key = award.key
    left join terms t on t.id = v.terms_id
    left join companies branch on branch.company_id = v.company_id
    left join lots lot on lot.row_id = case when s.points < 0 then s.corrects else named.corrects end
      and lot.part = case when s.kind = 'expiry' then split_part(split_part(s.key, ':', 2), '.', 2)::smallint end
    left join lateral (
      select r.paid from bonuslog r
      where s.kind = 'correction' and (r.id = award.id or r.corrects = award.id and r.kind = 'correction') and r.id < s.id
      order by r.id desc limit 1) before on true
    order by s.id desc`;
  const [first] = rows;
  return {
    page: first?.page ?? 0,
    total: first?.total ?? 0,
    earlier: first?.earlier ?? null,
    rows: rows.filter((row) => row.id !== null),
  };
}

/** A visit and what is to be said of it. `day` is the session's, `YYYY-MM-DD`. */
export interface SeenVisit {
  recordId: RecordId;
  companyId: CompanyId;
  startsAt: Date;
  timeZone: string | null;
  day: string;
  price: Kopecks;
  servicesPaid: Kopecks | null;
  goodsPaid: Kopecks | null;
  decision: Word;
  /** Its rows on this card, in order, and what they sum to. */
  entries: Points[];
  points: Points;
  /** The sum that the points were worked out from. */
  paid: Kopecks | null;
  /** Of the client's level when it was awarded, in hundredths; null where no level decided it. */
  level: Percent | null;
  /** What of these points has ended. */
  expired: Points;
  /** Why the record is to be read again, if it is. */
  look: RecheckReason | null;
  /** The programme's first day in that branch. */
  start: string | null;
  /** Points were spent about that time, and that was not undone. */
  spent: boolean;
  /**
   * Of a visit that points pay in the journal itself: how many, its whole bill, and what money has paid over all of its records
   * (null where nobody said); missing of any other.
   */
  settled?: { points: Points; bill: Kopecks; money: Kopecks | null } | null;
  /** What was spent on that day of the branch, and was not taken back: where a price is to be lowered by hand. */
  spentThatDay: Points;
  /** What the earlier program gave for it, or null. */
  imported: Points | null;
  /** How many such visits the card has in all, those beyond `maxRows` too. */
  total: number;
}

/**
 * A card's visits, the latest first; those to come only if there is something to say of them already, which to those who
 * work here may be that points came and went.
 */
export function visitsSeen(
  sql: Sql,
  card: CardId,
  now: Date,
  maxRows: number,
  viewer: Viewer,
): Promise<SeenVisit[]> {
  type Row = Omit<SeenVisit, "settled"> & { byPoints: Points | null; bill: Kopecks; money: Kopecks | null };
  const rows = sql<Row[]>`
    select v.record_id as "recordId", v.company_id as "companyId", v.starts_at as "startsAt",
      b.time_zone as "timeZone", v.day, v.price, v.services_paid as "servicesPaid", v.goods_paid as "goodsPaid", v.decision,
      coalesce(p.entries, '{}') as entries, coalesce(p.points, 0) as points, p.paid, v.percent as level, coalesce(gone.points, 0) as expired, l.reason as look, coalesce(b.read_from, b.program_start) as start,
      exists (
        select from bonuslog s where s.client_id = any(array(select cards_of(${card}))) and s.kind = 'spend'
          and s.awarded_at between v.starts_at - interval '12 hours' and v.starts_at + interval '18 hours'
          and not exists (select from bonuslog u where u.corrects = s.id) and not settles_its_visit(s.id)) as spent,
      settled.points as "byPoints", settled.bill, settled.money,
      coalesce((
        select -sum(r.points) from spends s join bonuslog r on r.id = s.id
        where r.client_id = any(array(select cards_of(${card}))) and s.day = v.day
          and not exists (select from bonuslog u where u.key = 'undo:' || r.id) and not settles_its_visit(r.id)), 0) as "spentThatDay",
      i.points as imported, count(*) over () as total
    from visits v
    join clients c on c.id = v.client_id
    cross join (select ${shownFrom(sql, card, viewer)} as since) h
    join companies b on b.company_id = v.company_id
    left join look_again l on l.company_id = v.company_id and l.record_id = v.record_id
    left join imported_awards i on i.record_id = v.record_id and i.company_id = v.company_id
    left join bonuslog award on award.key = v.award_key
    left join lateral (
      -- Once it is paid its bill is what paid it, whatever was written at the till.
      select t.amount as points, m.money, coalesce(case when m.paid then t.amount + m.money end, bill_in_journal(s.id), s.bill) as bill
      from settlements t join spends s on s.id = t.row_id
      cross join lateral (
        select bool_and(o.paid_full) as paid,
          case when bool_and(o.services_paid + o.goods_paid is not null) then sum(o.services_paid + o.goods_paid) end as money
        from visits o
        where o.client_id = v.client_id and o.company_id = v.company_id and o.day between v.day - 1 and v.day + 1
          and not o.deleted and (o.record_id = v.record_id or o.visit_id = t.visit_id)) m
      where t.company_id = v.company_id and t.record_id = v.record_id and t.state = 'stands'
      order by t.id limit 1) settled on true
    left join lateral (
      select sum(r.points) filter (where r.client_id = c.id) as points,
        array_agg(r.points order by r.id) filter (where r.client_id = c.id) as entries, max(r.awarded_at) as at,
        (array_agg(r.paid order by r.id desc))[1] as paid
      from bonuslog r
      where r.id = award.id or r.corrects = award.id and r.kind = 'correction') p on award.id is not null
    left join lateral (
      select -sum(e.points + coalesce((
        select sum(x.points) from bonuslog x where x.corrects = e.id and x.kind = 'expiry'), 0)) as points
      from bonuslog r join bonuslog e on e.corrects = r.id and e.kind = 'expiry' and e.client_id = c.id
      where r.id = award.id or r.corrects = award.id and r.kind = 'correction') gone on award.id is not null
    where v.client_id = ${card}
      and (v.starts_at <= ${now} or v.decision not in ('not_paid', 'deleted', 'no_show')
        or ${viewer === "staff"} and award.id is not null)
      and (v.starts_at >= h.since or p.at >= h.since)
    order by v.starts_at desc, v.record_id desc limit ${maxRows}`;
  return rows.then((all) =>
    all.map(({ byPoints: points, bill, money, ...visit }) => ({
      ...visit,
      settled: points === null ? null : { points, bill, money },
    })),
  );
}

/**
 * From now on the account that has had a card since then sees all of its history: an admin has seen who they are, and is
 * kept with the moment. False when the card has gone to another account, or to nobody, meanwhile.
 */
export async function openHistory(
  sql: Sql,
  card: CardId,
  of: { since: Date; by: Account; at: Date },
): Promise<boolean> {
  const opened = await sql`
    with theirs as (
      select account from accounts where client_id = ${card} and date_trunc('milliseconds', history_from) = ${of.since}),
    kept as (
      update clients set history_opened_by = ${of.by}, history_opened_at = ${of.at}
      where id = ${card} and exists (select from theirs))
    update accounts a set history_from = null from theirs t where a.account = t.account returning a.account`;
  return opened.length > 0;
}
