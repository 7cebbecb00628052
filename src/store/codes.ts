// The codes on cards' pictures, by which the till knows a card. SQL only.

import type { Sql } from "../db/connect.ts";
import type { Points } from "../rules/money.ts";

/** The account's card with its code, which is this one if it had none; null when no card is linked. */
export async function codedCard(
  sql: Sql,
  telegramId: number,
  fresh: string,
): Promise<{ id: number; phone: string; code: string; balance: Points } | null> {
  const [row] = await sql<{ id: number; phone: string; code: string; balance: Points }[]>`
    update clients c set code = coalesce(c.code, ${fresh}) where c.telegram_id = ${telegramId}
    returning c.id, c.phone, c.code,
      coalesce((select sum(b.points) from bonuslog b where b.client_id = c.id), 0) as balance`;
  return row ?? null;
}

/** The card of a code, or null. */
export async function cardByCode(sql: Sql, code: string): Promise<number | null> {
  const [row] = await sql<{ id: number }[]>`select id from clients where code = ${code}`;
  return row?.id ?? null;
}
