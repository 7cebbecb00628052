// What cards held at a moment, and when it ends, for papers. SQL only.

import type { Sql } from "../db/connect.ts";
import type { CardId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import type { Seal } from "../rules/seal.ts";

/** A card at a moment. `historyFrom`: since when its history is of whoever has it now; null: all of it is. */
export interface CardThen {
  phone: string | null;
  held: Points;
  historyFrom: Date | null;
}

/** The card with what it held before a moment; null: what it holds. */
export async function cardThen(sql: Sql, card: CardId, until: Date | null): Promise<CardThen | null> {
  const [row] = await sql<CardThen[]>`
    select c.phone, c.history_from as "historyFrom", coalesce((
      select sum(b.points) from bonuslog b
      where b.client_id = c.id and (${until}::timestamptz is null or b.awarded_at < ${until})), 0) as held
    from clients c where c.id = ${card}`;
  return row ?? null;
}

/** Of what a card held: so many points, on a card that was forgotten or not. */
export interface OwedPart {
  card: CardId;
  points: Points;
  forgotten: boolean;
}

/** What each card held before a moment (null: what it holds), card by card; cards that held nothing are left out. */
export function owedParts(sql: Sql, until: Date | null): AsyncIterable<OwedPart[]> {
  return sql<OwedPart[]>`
    select b.client_id as card, sum(b.points) as points, c.forgotten_at is not null as forgotten
    from bonuslog b join clients c on c.id = b.client_id
    where ${until}::timestamptz is null or b.awarded_at < ${until}
    group by b.client_id, c.forgotten_at having sum(b.points) <> 0
    order by b.client_id`.cursor(5_000);
}

/** The ledger's last row, as `verify --seal` takes it: so many rows end in this hash. */
export type LastRow = Omit<Seal, "owed">;

/** How far the ledger goes: rows are numbered without gaps, so nothing is counted. */
export async function lastRow(sql: Sql): Promise<LastRow> {
  const [row] = await sql<LastRow[]>`
    select id as rows, encode(hash, 'hex') as hash from bonuslog order by id desc limit 1`;
  return row ?? { rows: 0, hash: "-" };
}
