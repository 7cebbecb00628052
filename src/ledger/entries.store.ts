// The ledger's rows. Only ledger/ledger.ts writes them.

import type { Sql, Tx } from "../db/connect.ts";
import type { CardId, EntryId, RecordId } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";

/** By visits; by hand; from elsewhere; by the programme itself. */
type Kind =
  | ("award" | "correction")
  | ("spend" | "credit" | "debit" | "undo" | "move")
  | "opening"
  | ("expiry" | "welcome" | "birthday" | "friend");

export interface Entry {
  card: CardId;
  kind: Kind;
  recordId?: RecordId | null;
  corrects?: EntryId | null;
  /** Hundredths of a point. */
  points: Points;
  /** Kopecks. */
  paid?: Kopecks | null;
  reason?: string | null;
  actor: string;
  key: string;
  /** When it was awarded by the earlier program, as PostgreSQL writes it; now by default. */
  awardedAt?: string | null;
  /** Nobody is to be told of it. */
  notified?: boolean;
}

/** What was acknowledged must outlive a crash, whatever the role's default; a stricter or looser wait for standbys stays. */
const kept = `case current_setting('synchronous_commit') when 'off' then set_config('synchronous_commit', 'on', true) end`;

/**
 * The first statement of every transaction that changes points: writers come one after the other, and what is read
 * after it is what the one before has written. On the transaction, so PgBouncer does no harm.
 */
export async function lockLedger(tx: Tx): Promise<void> {
  await tx`select pg_advisory_xact_lock(7305, 1), ${tx.unsafe(kept)}`;
}

/**
 * The same for a page of readings or a list of balances, which find all they need by keys. The planner does not know that
 * while statistics are young, as all through a first pass: it would read whole tables for every page or row, and keep that plan.
 */
export async function lockLedgerForPage(tx: Tx): Promise<void> {
  await tx`select pg_advisory_xact_lock(7305, 1), set_config('enable_seqscan', 'off', true), ${tx.unsafe(kept)}`;
}

/** A row that was just added. */
export type Added = Pick<Entry, "card" | "key"> & { id: EntryId };

/** Adds rows in this order; one whose key is there already is left out. Returns those added. */
export async function addEntries(tx: Tx, entries: Entry[]): Promise<Added[]> {
  if (entries.length === 0) return [];
  return tx<Added[]>`
    insert into bonuslog (client_id, kind, record_id, corrects, points, paid, reason, actor, key, awarded_at,
      is_telegram_notified)
    select client_id, kind, record_id, corrects, points, paid, reason, actor, key, coalesce(awarded_at, now()), notified
    from unnest(${entries.map((entry) => entry.card)}::bigint[], ${entries.map((entry) => entry.kind)}::text[],
      ${entries.map((entry) => entry.recordId ?? null)}::bigint[],
      ${entries.map((entry) => entry.corrects ?? null)}::bigint[], ${entries.map((entry) => entry.points)}::numeric[],
      ${entries.map((entry) => entry.paid ?? null)}::numeric[], ${entries.map((entry) => entry.reason ?? null)}::text[],
      ${entries.map((entry) => entry.actor)}::text[], ${entries.map((entry) => entry.key)}::text[],
      ${entries.map((entry) => entry.awardedAt ?? null)}::text[]::timestamptz[],
      ${entries.map((entry) => String(entry.notified ?? false))}::text[]::bool[])
      with ordinality e (client_id, kind, record_id, corrects, points, paid, reason, actor, key, awarded_at, notified, place)
    order by place
    on conflict (key) do nothing
    returning id, key, client_id as card`;
}

/** What a card holds, in hundredths of a point. */
export async function cardBalance(sql: Sql, card: CardId): Promise<Points> {
  const [row] = await sql<{ balance: Points }[]>`
    select coalesce(sum(points), 0) as balance from bonuslog where client_id = ${card}`;
  return row?.balance ?? 0;
}

/** What of it waits for the card's next award and cannot be spent until then. */
export async function lockedPoints(sql: Sql, card: CardId): Promise<Points> {
  const [row] = await sql<{ locked: Points }[]>`
    select coalesce(sum(rest), 0) as locked from lots where client_id = ${card} and rest > 0 and waits`;
  return row?.locked ?? 0;
}

/** Points given, spent and ended; what was taken back of each is taken off. */
export interface PointsInAll {
  given: Points;
  spent: Points;
  expired: Points;
}

/** Of the whole ledger, whatever day it is about: given less spent and ended is what is owed. */
export async function pointsInAll(sql: Sql): Promise<PointsInAll> {
  const [row] = await sql<[PointsInAll]>`
    select coalesce(sum(points) filter (where not spending and kind <> 'expiry'), 0) as given,
      coalesce(-sum(points) filter (where spending), 0) as spent,
      coalesce(-sum(points) filter (where kind = 'expiry'), 0) as expired
    from (
      select points, kind,
        -- Looked up row by row: few rows name one, and a join would go over the ledger twice.
        case when kind = 'spend' then true
          when kind in ('undo', 'credit') and corrects is not null
            then (select c.kind = 'spend' from bonuslog c where c.id = b.corrects)
          else false end as spending
      from bonuslog b
    ) as rows`;
  return row;
}
