/** A database as an earlier release left it: its migrations, and rows as its program wrote them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type postgres from "postgres";
import { emptyDatabase } from "./db.ts";
import { BRANCH, type World } from "./program.ts";

const folder = join(import.meta.dir, "../../sql");
export const migrations = readdirSync(folder)
  .filter((name) => name.endsWith(".sql"))
  .sort();

/** Applies the migrations up to the one of this number, as the program of that time did. */
export async function migrateUpTo(sql: postgres.Sql, last: string): Promise<void> {
  await sql`
    create table migrations (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`;
  for (const name of migrations.filter((one) => one.slice(0, 4) <= last)) {
    const text = readFileSync(join(folder, name), "utf8");
    await sql.unsafe(text);
    const checksum = new Bun.CryptoHasher("sha256").update(text).digest("hex");
    await sql`insert into migrations ${sql({ name, checksum })}`;
  }
}

/** A database to which the migration of this name comes next. `upgrade` runs it and all later ones, `step` it alone. */
export async function databaseBefore(name: string) {
  const database = await emptyDatabase();
  const next = migrations.findIndex((one) => one.endsWith(`_${name}.sql`));
  if (next < 0) throw new Error(`no migration is called ${name}`);
  const run = async (from: number, to?: number): Promise<void> => {
    for (const one of migrations.slice(from, to))
      await database.sql.unsafe(readFileSync(join(folder, one), "utf8"));
  };
  await run(0, next);
  return Object.assign(database, { upgrade: () => run(next), step: () => run(next, next + 1) });
}

/**
 * A branch in the middle of its life: Anna, linked, with two paid visits of 3 500 and 1 000 roubles, the second untold;
 * Peter, not linked, with a visit that was refunded; points given and spent by hand. The number of the first one's record.
 */
export async function oldLife({ sql, journal, startsAt, pay }: World, state: string) {
  const anna = { id: 31, name: "Анна", phone: "+79001234567" };
  const peter = { id: 32, name: "Пётр", phone: "+79007654321" };
  const [big, small, refunded] = [pay(3_500, anna), pay(1_000, anna), pay(2_000, peter)];
  journal.noShow(refunded);
  const day = new Date(startsAt.getTime() + 3 * 3_600_000).toISOString().slice(0, 10); // Moscow's
  await sql.unsafe(`
    insert into companies (company_id, title, time_zone, program_start, payment_days, read_from, first_pass_at, mark)
    values (${BRANCH}, 'Салон', 'Europe/Moscow', date '${day}' - 30, -1, date '${day}' - 30,
      now() - interval '2 days', now() - interval '1 day');
    insert into terms (percent, earn_on, earn_when, paid_by) values (1, 'services,goods', 'paid', 'payments');
    insert into clients (phone, name) values ('${anna.phone}', 'Анна'), ('${peter.phone}', 'Пётр');
    insert into yclients_clients (yclients_client_id, client_id, name) values (31, 1, 'Анна'), (32, 2, 'Пётр');
    ${linkOfAnna(state)}`);
  const visit = (record: number, card: number, price: number, attendance: number, decision: string) =>
    sql`
      insert into visits (record_id, company_id, visit_id, yclients_client_id, client_id, starts_at, day, deleted, paid_full,
        attendance, price, services_paid, goods_paid, changed_at, read_at, terms_id, decision)
      values (${record}, ${BRANCH}, ${journal.record(record).visit_id}, ${30 + card}, ${card}, ${startsAt}, ${day}, false,
        true, ${attendance}, ${price}, ${price}, 0, now() - interval '1 day', now() - interval '1 day', 1, ${decision})`;
  await visit(big, 1, 3_500, 0, "awarded");
  await visit(small, 1, 1_000, 0, "awarded");
  await visit(refunded, 2, 2_000, -1, "no_show");
  const entry = (row: Record<string, unknown>) =>
    sql`insert into bonuslog ${sql({ is_telegram_notified: true, ...row })}`;
  const byHand = { client_id: 1, actor: "admin:901" };
  const award = { kind: "award", actor: "sync", reason: "paid" };
  await entry({ ...award, client_id: 1, record_id: big, points: "35", paid: "3500", key: `visit:${big}` });
  const peters = { client_id: 2, record_id: refunded, points: "20", paid: "2000" };
  await entry({ ...award, ...peters, key: `visit:${refunded}` });
  const undone = { kind: "correction", client_id: 2, corrects: 2, actor: "sync", reason: "no_show" };
  await entry({ ...undone, points: "-20", paid: "0", key: `visit:${refunded}:1` });
  await entry({ ...byHand, kind: "credit", points: "100", reason: "за ожидание", key: "op:1" });
  // No release had spends before it had their bills.
  const taken = state < "0006" ? { kind: "debit" } : { kind: "spend", paid: "300" };
  await entry({ ...byHand, ...taken, points: "-30", key: "op:2" });
  const untold = { client_id: 1, record_id: small, points: "10", paid: "1000", is_telegram_notified: false };
  await entry({ ...award, ...untold, key: `visit:${small}` });
  await sql`insert into notices (client_id, about, company_id, due_at) values (1, 'visits', ${BRANCH}, now())`;
  if (state >= "0009") await sql.unsafe(lifeOfTheTill(day, state));
  return { big };
}

/** Her card is linked, and she has agreed to it. */
function linkOfAnna(state: string): string {
  return state < "0035"
    ? `update clients set telegram_id = 501, language = 'ru', linked_at = now() - interval '9 days' where id = 1;
       insert into consents (telegram_id, version) values (501, '1');`
    : `insert into accounts (channel, external_id, client_id, language, linked_at)
       values ('telegram', '501', 1, 'ru', now() - interval '9 days');
       insert into consents (account, version) values ('telegram:501', '1');`;
}

/** What came with the till: its people, its finished screen, the spend's bill, the card's code, a digest, an offer. */
function lifeOfTheTill(day: string, state: string): string {
  const [bot, its] = state >= "0025" ? ["bot, ", "7000000001, "] : ["", ""];
  const [staff, chat, last, olga, annas] =
    state < "0035"
      ? ["telegram_id", "chat_id", "last_telegram_id", "901", "501"]
      : ["account", "account", "last_account", "'telegram:901'", "'telegram:501'"];
  return `
    insert into staff (${staff}, name) values (${olga}, 'Ольга');
    insert into screens (${bot}${chat}, asked, message_id, rev, step, client_id, bill, action, points, row_id, done_at, expires_at)
    values (${its}${olga}, 7, 8, 3, 'done', 1, 300, 'spend', 30, 5, now() - interval '1 hour', now() + interval '1 day');
    insert into spends (id, company_id, day, bill) values (5, ${BRANCH}, '${day}', 300);
    update clients set code = 'AAAABBBBCCCCDDDD', ${last} = ${annas} where id = 1;
    insert into digests (day, last_row) values (date '${day}' - 1, 2);
    insert into refund_offers (spend_id, told) values (5, array[${olga}]${state < "0035" ? "::bigint[]" : ""});`;
}
