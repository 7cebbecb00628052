// What the chain's database is given before the day and asked on it: links of cards, rows of the ledger, what is left to tell.

import type postgres from "postgres";
import type { Happened } from "./day.ts";
import type { InLedger } from "./result.ts";

/** Cards with these phones, made where there are none, and who has them. */
export async function link(sql: postgres.Sql, all: { phone: string; chat: number }[]): Promise<void> {
  const [phones, chats] = [all.map(({ phone }) => phone), all.map(({ chat }) => String(chat))];
  await sql`insert into clients (phone) select unnest(${phones}::text[]) on conflict do nothing`;
  await sql`
    insert into accounts (channel, external_id, client_id)
    select 'telegram', chat, id from unnest(${phones}::text[], ${chats}::text[]) as given (phone, chat)
    join clients using (phone)`;
  await sql`analyze`;
}

/** What there is of each record that was awarded, by its number; times are when the row's transaction began. */
export async function ledgerOf(sql: postgres.Sql): Promise<Map<number, InLedger>> {
  const rows = await sql<(InLedger & { record: number })[]>`
    select a.record_id::float8 as record, extract(epoch from a.awarded_at)::float8 * 1000 as "awardedAt",
      extract(epoch from max(c.awarded_at))::float8 * 1000 as "correctedAt",
      (a.points * 100)::float8 as awarded, ((a.points + coalesce(sum(c.points), 0)) * 100)::float8 as sum
    from bonuslog a left join bonuslog c on c.corrects = a.id and c.kind = 'correction'
    where a.kind = 'award' group by a.id`;
  return new Map(rows.map((row) => [row.record, row]));
}

/** How many times points were spent. */
export async function spendsIn(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from bonuslog where kind = 'spend'`;
  return row?.count ?? 0;
}

/** Nothing is to be awarded, taken back or told any more. */
export async function isQuiet(
  sql: postgres.Sql,
  day: Happened[],
  ledger: ReadonlyMap<number, InLedger>,
): Promise<boolean> {
  const settled = day.every(({ record, linked, refundedAt, toldAt }) => {
    const row = ledger.get(record);
    return refundedAt === null ? row && (!linked || toldAt.length > 0) : (row?.sum ?? 0) === 0;
  });
  return settled && (await sql`select from notices limit 1`).length === 0;
}
