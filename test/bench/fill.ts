// Fills a database by whole sets: linked cards, and a ledger of awards with their visits, through the ledger's own triggers.

import type postgres from "postgres";
import { BRANCH } from "./stage.ts";

/** The Telegram account of the first card; the others follow. */
export const FIRST_CHAT = 1_000_000;

/** Cards with ids from 1 on, each with Telegram, in a branch that was read to its end. */
export async function fillCards(sql: postgres.Sql, cards: number): Promise<void> {
  await sql`insert into terms (percent, earn_on, earn_when, paid_by) values (1, 'services,goods', 'paid', 'payments')`;
  await sql`
    insert into companies (company_id, title, time_zone, program_start, read_from, read_terms, first_pass_at, mark)
    values (${BRANCH}, 'Салон', 'Europe/Moscow', '2026-01-01', '2026-01-01', 1, now(), now())`;
  await sql`
    insert into clients (phone, name)
    select '+7900' || lpad(n::text, 7, '0'), 'Анна' from generate_series(1, ${cards}::int) n order by n`;
  await sql`
    insert into accounts (channel, external_id, client_id, language)
    select 'telegram', ${FIRST_CHAT}::bigint + id - 1, id, 'ru' from clients order by id`;
  await sql`vacuum (analyze) clients, accounts`;
}

/** So many awards, spread over the cards in turn, and the visits behind them. Told, unless they are to be. */
export async function fillLedger(
  sql: postgres.Sql,
  { rows, cards, say = () => {} }: { rows: number; cards: number; say?: (line: string) => void },
): Promise<void> {
  const began = performance.now();
  const step = 200_000; // foreign keys are looked at when the statement ends, and wait in memory until then
  for (let from = 1; from <= rows; from += step) {
    const to = Math.min(rows, from + step - 1);
    await sql`
      insert into bonuslog (client_id, kind, record_id, points, paid, reason, actor, key, awarded_at, is_telegram_notified)
      select 1 + (n - 1) % ${cards}::int, 'award', n, 10 + n % 90, (10 + n % 90) * 100, 'paid', 'sync', 'visit:' || n,
        '2026-01-01'::timestamptz + n * interval '1 second', true
      from generate_series(${from}::int, ${to}::int) n order by n`;
    await sql`
      insert into visits (record_id, company_id, visit_id, yclients_client_id, client_id, starts_at, day, deleted,
        paid_full, attendance, price, services_paid, goods_paid, changed_at, read_at, terms_id, decision)
      select n, ${BRANCH}, n, 1 + (n - 1) % ${cards}::int, 1 + (n - 1) % ${cards}::int, at, (at at time zone 'Europe/Moscow')::date,
        false, true, 1, (10 + n % 90) * 100, (10 + n % 90) * 100, 0, at, at, 1, 'awarded'
      from (select n, '2026-01-01'::timestamptz + n * interval '1 second' as at
        from generate_series(${from}::int, ${to}::int) n) made`;
  }
  await sql`vacuum (analyze) bonuslog`;
  await sql`vacuum (analyze) visits`;
  if (rows >= 1_000_000)
    say(`  a ledger of ${rows} rows was made in ${Math.round((performance.now() - began) / 1_000)} s`);
}
