// What happened on a card before a person looks at it: visits, rows, a branch. For tests of the client's chat.
import { type SalonBot, salonBot } from "./salon-bot.ts";

export const AGREE = "Согласен, отправить мой номер";
export const PHONE = "+79001234567";
export const BRANCH = 4242;
export const CLIENT = 9001;

/** The bot with Anna's card linked, in a branch of Moscow's whose programme began on 12 February. */
export async function linkedAnna(...args: Parameters<typeof salonBot>): Promise<SalonBot> {
  const salon = await salonBot(...args);
  await salon.anna.start();
  await salon.anna.tap(AGREE);
  await salon.sql`
    insert into companies (company_id, title, time_zone, program_start)
    values (${BRANCH}, 'Салон', 'Europe/Moscow', '2026-02-12')`;
  await salon.sql`
    insert into terms (percent, earn_on, earn_when, paid_by) values (1, 'services,goods', 'paid', 'payments')`;
  return salon;
}

/** A visit of the card of a phone; sums in roubles. */
export async function visit(
  { sql }: SalonBot,
  record: number,
  visit: { day: string; price: number; decision: string; phone?: string; paid?: number },
): Promise<void> {
  const { day, price, decision, phone = PHONE, paid = price } = visit;
  await sql`
    insert into yclients_clients (yclients_client_id, client_id, name)
    select ${CLIENT}, id, 'Анна Журнальная' from clients where phone = ${phone} on conflict do nothing`;
  await sql`
    insert into visits (record_id, company_id, visit_id, yclients_client_id, client_id, starts_at, day, deleted, paid_full,
      attendance, price, services_paid, goods_paid, read_at, terms_id, decision)
    select ${record}, ${BRANCH}, ${record + 1_000_000}, ${CLIENT}, id, ${`${day}T10:00:00+03:00`}, ${day}, ${decision === "deleted"}, true,
      1, ${price}, ${paid}, 0, '2026-03-01', ${decision === "awarded" ? 1 : null}, ${decision}
    from clients where phone = ${phone}`;
}

/** A row of the ledger on the card of a phone, made on a day at noon in Moscow; sums in points and roubles. */
export async function row(
  { sql }: SalonBot,
  entry: {
    day: string;
    kind: string;
    points: number;
    phone?: string;
    record?: number;
    corrects?: number;
    paid?: number;
    reason?: string;
    /** Its owner is still to be told of it. */
    untold?: true;
  },
): Promise<number> {
  const { day, kind, points, phone = PHONE, record, corrects, paid, reason, untold = false } = entry;
  const byVisit = kind === "award" || kind === "correction";
  const keys: Record<string, string> = { award: `visit:${record}`, undo: `undo:${corrects}` };
  const key = keys[kind] ?? `op:${crypto.randomUUID().replaceAll("-", "")}`;
  // An import comes before all else, and these tests tell of it where it suits them.
  await sql`alter table bonuslog disable trigger bonuslog_import_comes_first`;
  const [made] = await sql<{ id: string }[]>`
    insert into bonuslog (client_id, kind, record_id, corrects, points, paid, reason, actor, key, awarded_at,
      is_telegram_notified)
    select id, ${kind}, ${record ?? null}, ${corrects ?? null}, ${points}, ${paid ?? null}, ${reason ?? null},
      ${byVisit ? "sync" : kind === "opening" ? "import:1" : "admin:1"}, coalesce((select key || ':' || (select count(*) + 1 from bonuslog) from bonuslog
        where kind = 'award' and id = ${byVisit ? (corrects ?? null) : null}), ${key}), ${`${day}T12:00:00+03:00`}, ${!untold}
    from clients where phone = ${phone} returning id`;
  await sql`alter table bonuslog enable trigger bonuslog_import_comes_first`;
  return Number(made?.id);
}
