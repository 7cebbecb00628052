// The codes on cards' pictures, by which the till knows a card. SQL only.

import type { Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";

/** A card with its code and what it holds; `waiting` is what of it its owner was not told of yet. */
export interface CodedCard {
  id: CardId;
  phone: string;
  code: string;
  balance: Points;
  waiting: Points;
  /** What of it waits for the next paid visit. */
  locked: Points;
}

/** The account's card with its code, which is this one if it had none; null when no card is linked. */
export async function codedCard(sql: Sql, account: Account, fresh: string): Promise<CodedCard | null> {
  const [row] = await sql<CodedCard[]>`
    update clients c set code = coalesce(c.code, ${fresh}) from accounts a where a.account = ${account} and c.id = a.client_id
    returning c.id, c.phone, c.code,
      coalesce((select sum(b.points) from bonuslog b where b.client_id = c.id), 0) as balance,
      coalesce((
        select sum(b.points) from bonuslog b
        where b.client_id = c.id and not b.is_telegram_notified and not is_anothers_to_hear(c.id, b.id, a.account)), 0) as waiting,
      (select coalesce(sum(l.rest), 0) from lots l where l.client_id = c.id and l.rest > 0 and l.waits) as locked`;
  return row ?? null;
}

/** The card of a code, or null. */
export async function cardByCode(sql: Sql, code: string): Promise<CardId | null> {
  const [row] = await sql<{ id: CardId }[]>`select id from clients where code = ${code}`;
  return row?.id ?? null;
}
