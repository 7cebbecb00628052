// Whether whoever was invited is new, as far as it is known here. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import { personsOf, type Tie, tieColumns } from "./friends.store.ts";

/**
 * Whether a friend turns out, since the journal was asked, to be the inviter, or to have been here under another number that
 * is known to be theirs by now.
 */
export async function wasHereBefore(tx: Tx, friend: CardId): Promise<boolean> {
  const rows = await tx`
    select from friends f
    where f.friend = ${friend} and (card_of_person(f.friend, f.kept_at) = card_of_person(f.inviter, f.kept_at) or exists (
      select from visits v
      where v.client_id in (select cards_before(array(select id from way_of_person(f.friend, f.kept_at))))
        and not v.deleted and v.attendance <> -1 and v.starts_at < f.tied_at - interval '1 hour'))`;
  return rows.length > 0;
}

/** A tie that is to be asked about: what is known here of the friend, before the journal is asked. */
export interface AskedTie extends Tie {
  /** E.164; null: nobody's card any more. */
  phone: string | null;
  inviterPhone: string | null;
  /** Visits or points from before the tie are stored here, on any card that the person had. */
  known: boolean;
  accounts: Account[];
  inviterAccounts: Account[];
}

/** The next ties to be asked about, those first that were not tried for longest; sessions before `graceMs` ahead of a tie count. */
export function tiesToAsk(sql: Sql, maxRows: number): Promise<AskedTie[]> {
  return sql<AskedTie[]>`
    select ${sql.unsafe(tieColumns)}, case when p.friend is not null then c.phone end as phone, i.phone as "inviterPhone",
      array(select account from accounts where client_id = p.friend) as accounts,
      array(select account from accounts where client_id = i.id) as "inviterAccounts",
      exists (
          select from visits v where v.client_id = any(own.cards) and not v.deleted and v.attendance <> -1
            and v.starts_at < f.tied_at - interval '1 hour')
        or exists (
          select from bonuslog b where b.client_id = any(own.cards) and b.kind = 'opening' and b.actor ~ '^(import|list):')
        or exists (select from imported_awards a where a.client_id = any(own.cards)) as known
    from friends f ${personsOf(sql)}
    join clients c on c.id = f.friend join clients i on i.id = coalesce(p.inviter, f.inviter)
    -- Each by its index, and then theirs alone: else whole tables are read for every tie.
    cross join lateral (
      select array(
        select cards_before(array(select id from way_of_person(f.friend, f.kept_at)))
        union all select o.id from accounts a join clients o on o.last_account = a.account where a.client_id = p.friend
        union all select e.client_id from accounts a join earlier_accounts e on e.account = a.account where a.client_id = p.friend)
      offset 0) own (cards)
    where f.state = 'asked' order by f.changed_at, f.friend limit ${maxRows}`;
}

/** It was tried and cannot be told yet: others come first. */
export async function putTieBack(sql: Sql, friend: CardId, at: Date): Promise<void> {
  await sql`update friends set changed_at = ${at} where friend = ${friend} and state = 'asked'`;
}

/** The friend is new: the first visit is waited for. */
export async function letTieWait(sql: Sql, friend: CardId, at: Date): Promise<void> {
  await sql`update friends set state = 'waits', changed_at = ${at} where friend = ${friend} and state = 'asked'`;
}
