// Every row that visits have made with the percent of its visit and what is written of its card's level, in a stream.

import { type Tx, within } from "../db/connect.ts";
import type { CardId, EntryId, RecordId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import type { Slice } from "../rules/slice.ts";

/** What is written of a card's level; sums as PostgreSQL writes them. */
export interface WrittenChange {
  id: number;
  kind: string;
  reached: string | null;
  turnover: string | null;
  missing: string | null;
  until: string | null;
  from: string | null;
  ends: string | null;
  upwards: boolean | null;
  names: number | null;
  after: EntryId;
  at: string;
}

/** A row of a visit. `changes` come with the first row of each card. */
export interface LevelRow {
  card: CardId;
  id: EntryId;
  award: EntryId;
  /** The record that was awarded by it here, and its percent; null on corrections and where an import awarded it. */
  record: RecordId | null;
  percent: number | null;
  points: Points;
  paid: Kopecks | null;
  at: Date;
  /** When the visit was awarded, on whichever card. */
  awardedAt: Date;
  changes: WrittenChange[] | null;
}

const batch = 5_000;

/** In the order of cards and of rows. A merge's rows say no sum: they have what was said before. */
export function levelRows(tx: Tx, cards: Slice): AsyncIterable<LevelRow[]> {
  return tx<LevelRow[]>`
    select b.client_id as card, b.id, case b.kind when 'award' then b.id else b.corrects end as award,
      case when b.kind = 'award' and b.actor = 'sync' and v.base is null then v.record_id end as record, v.percent, b.points,
      coalesce(b.paid, (
        select p.paid from bonuslog p
        where (p.id = coalesce(b.corrects, b.id) or p.corrects = b.corrects and p.kind = 'correction')
          and p.id < b.id and p.paid is not null
        order by p.id desc limit 1)) as paid,
      b.awarded_at as at,
      case b.kind when 'award' then b.awarded_at else (select a.awarded_at from bonuslog a where a.id = b.corrects) end as "awardedAt",
      case when lag(b.client_id) over (order by b.client_id, b.id) is distinct from b.client_id then (
        select json_agg(json_build_object('id', l.id, 'kind', l.kind, 'reached', l.reached::text, 'turnover', l.turnover::text,
          'missing', l.missing::text, 'until', l.until, 'from', l.counted_from, 'ends', l.ends_at, 'upwards', l.upwards,
          'names', l.names, 'after', l.after_row, 'at', l.at) order by l.id)
        from level_changes l where l.client_id = b.client_id) end as changes
    from bonuslog b left join visits v on b.kind = 'award' and v.award_key = b.key
    where b.kind in ('award', 'correction') and ${within(tx, "b.client_id", cards)}
    order by b.client_id, b.id`.cursor(batch);
}
