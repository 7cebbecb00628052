// Gifts in the ledger whose reason is gone. SQL only.

import type { Sql } from "../db/connect.ts";
import type { CardId, EntryId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import { wasPaid } from "./birthdays.store.ts";

/** A gift that is to be taken back. */
export interface LostGift {
  id: EntryId;
  card: CardId;
  kind: "welcome" | "birthday";
  points: Points;
  key: string;
}

/** A journal is often put right by a record in place of another: so long after a card's last correction nothing is taken. */
const grace = "3 days";

/**
 * Gifts whose visit is gone: of a welcome gift, all that was paid since it came, when anything was; of a birthday's, every paid
 * visit in the year before it. None of a card that has been corrected lately, or is another person's since while theirs is
 * another one, and none older than two years. `among`: of these rows alone.
 */
export function lostGifts(
  sql: Sql,
  now: Date,
  most: number,
  among: EntryId[] | null = null,
): Promise<LostGift[]> {
  return sql<LostGift[]>`
    select g.id, g.client_id as card, g.kind, g.points, g.key
    from bonuslog g join clients c on c.id = g.client_id
    where ${among === null ? sql`true` : sql`g.id = any(${among}::bigint[])`} and g.kind in ('welcome', 'birthday') and g.points > 0 and g.awarded_at > ${now}::timestamptz - interval '2 years'
      and c.forgotten_at is null and c.merged_into is null
      and not exists (select from bonuslog b where b.key = g.key || ':back' offset 0)
      and not exists (select from passed_cards p where p.client_id = g.client_id and p.at > g.awarded_at and p.heir is not null)
      and not exists (
        select from bonuslog b where b.client_id = g.client_id and b.id > g.id and b.kind = 'correction'
          and b.awarded_at > ${now}::timestamptz - ${grace}::interval offset 0)
      and case g.kind
        when 'welcome' then exists (
            select from bonuslog a where a.client_id = g.client_id and a.id > g.id and a.kind = 'award')
          -- Of a visit that came from another card there are corrections alone.
          and not exists (
            select from bonuslog r where r.client_id = g.client_id and r.kind in ('award', 'correction')
              and coalesce(r.corrects, r.id) > g.id
            group by coalesce(r.corrects, r.id) having sum(r.points) > 0)
        else not exists (
          select from visits v where v.client_id = any(array(select cards_of(g.client_id))) and ${sql.unsafe(wasPaid)}
            and v.starts_at between g.awarded_at - interval '13 months' and g.awarded_at + interval '1 day')
        end
    order by g.id limit ${most}`;
}
