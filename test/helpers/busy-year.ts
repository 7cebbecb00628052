/** A year of a busy salon, made by an earlier release itself: by its sync, its chat and its till; a chain's beyond that by tables. */
import type postgres from "postgres";
import { BRANCH, type Env, run, Service, until, type World } from "./program.ts";
import { ask } from "./till-salon.ts";

const dayMs = 86_400_000;
const days = 364;
/** The first of those at the till; the others follow. */
export const firstAdmin = 901;
const admins = 6;

/** What was made; `untold` are linked clients who have not heard of their last visit, `linked` all who are, by number. */
export type BusyYear = Awaited<ReturnType<typeof busyYear>>;

/**
 * `program` is the command of the release, the database is empty. A tenth as many clients as visits; a twentieth of the visits
 * is refunded, and as many are no-shows. `rows` more of the ledger are of cards of their own.
 */
export async function busyYear(
  w: World,
  program: string,
  { visits, rows, publicUrl }: { visits: number; rows: number; publicUrl: Env },
) {
  const clients = Math.ceil(visits / 10);
  const linked = Array.from({ length: Math.ceil(visits / 60) }, (_, client) => client);
  const env: Env = {
    ...w.env,
    ...publicUrl,
    PROGRAM_START: new Date(w.startsAt.getTime() - (days + 1) * dayMs).toISOString().slice(0, 10),
    ADMINS_IDS: Array.from({ length: admins }, (_, at) => firstAdmin + at).join(),
  };
  const pay = (client: number, rubles: number, ago = 0, phone = phoneOf(client)) => {
    const id = w.journal.book({
      companyId: BRANCH,
      client: { id: 1_000 + client, name: `Клиент ${client}`, phone },
      startsAt: new Date(w.startsAt.getTime() - ago * dayMs),
      services: [{ title: "Стрижка", cost: rubles * 100 }],
    });
    w.journal.pay(id);
    return id;
  };
  const records = Array.from({ length: visits }, (_, at) =>
    pay(at % clients, 1_000 + (at % 97) * 50, days - Math.floor((at / visits) * days)),
  );
  const ofFate = (fate: number) =>
    records.filter((_, at) => (at + 3 * Math.floor(at / clients)) % 20 === fate);
  for (const id of ofFate(7)) w.journal.noShow(id);
  // The plus in the wrong place: of somebody who has a card, and of nobody else.
  for (const client of [clients - 1, clients + 1])
    pay(50_000 + client, 1_000, 30, phoneOf(client).replace("+7", "+8"));
  const command = async (name: string) => {
    const { code, out, err } = await run([name], env, undefined, program);
    if (code !== 0) throw new Error(`${name}: ${out}${err}`);
  };
  await command("migrate");
  await command("sync");
  await fill(w.sql, rows);

  const service = new Service(program, env, w.port);
  try {
    await service.ready();
    await until(() => w.telegram.webhook.url !== "");
    await inTurns(linked, async (client) => {
      const named = { firstName: `Клиент ${client}`, phone: phoneOf(client) };
      const person = w.telegram.person({ id: chatOf(client), ...named });
      await person.start();
      await person.shareContact();
    });
    const staff = Array.from({ length: admins }, (_, at) =>
      w.telegram.person({ id: firstAdmin + at, firstName: `Ольга ${at}` }),
    );
    for (const admin of staff) await admin.start();
    const acts = async (admin: (typeof staff)[number], at: number) => {
      for (let act = at; act < visits / 24; act += admins) await atTill(admin, act, clients);
    };
    await Promise.all(staff.map(acts));
    for (const id of ofFate(13)) w.journal.refund(id);
    const takenBack = () => w.sql`select from bonuslog where kind = 'correction'`;
    await until(async () => (await takenBack()).length === ofFate(13).length, 600_000);
    await until(async () => (await w.sql`select from notices`).length === 0, 600_000);
  } finally {
    await service.stop();
  }
  const untold = linked.slice(0, Math.min(20, Math.ceil(linked.length / 2)));
  for (const client of untold) pay(client, 777);
  await command("sync");
  return { env, pay, linked, untold, clients };
}

/** Of each client by number. */
export const phoneOf = (client: number) => `+7901${String(client).padStart(7, "0")}`;
export const chatOf = (client: number) => 100_000 + client;

/** One of what is done at the till, on this client's card or on two. */
async function atTill(admin: Parameters<typeof ask>[0], act: number, clients: number): Promise<void> {
  const [phone, other] = [phoneOf((act * 7) % clients), phoneOf((act * 7 + 1) % clients)];
  const points = 1 + (act % 9);
  if (act % 3 === 0) await ask(admin, `/credit ${phone} ${points} чай`, `Начислить ${points}`);
  else if (act % 12 === 1) await ask(admin, `/debit ${phone} ${points} ошибка`, `Снять ${points}`);
  else if (act % 12 === 5) await ask(admin, `/move ${phone} ${other} ${points}`, `Перенести ${points}`);
  else {
    await ask(admin, `${phone} ${points + 1}`, "Списать");
    if (act % 4 === 0) await admin.tap("Отменить");
  }
}

/** Does the work on each, eight at a time. */
async function inTurns<T>(all: T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const left = [...all];
  const hand = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: 8 }, hand));
}

const atOnce = 100_000;

/** As many rows of a chain's years: awards with their visits, ten a card, in columns that every release has. */
async function fill(sql: postgres.Sql, rows: number): Promise<void> {
  for (let from = 0; from < rows; from += atOnce) {
    const these = sql`generate_series(${from + 1}::int, ${Math.min(rows, from + atOnce)}::int) n`;
    await sql`
      insert into clients (phone, name)
      select '+7902' || lpad(n::text, 7, '0'), 'Анна Петрова' from ${these} where n % 10 = 1 order by n`;
    await sql`
      with made as (
        select n, c.id as card, 100 * (10 + n % 90) as paid, now() - interval '3 years' + n * interval '1 second' as at
        from ${these} join clients c on c.phone = '+7902' || lpad((n - (n + 9) % 10)::text, 7, '0')),
      kept as (
        insert into visits (record_id, company_id, visit_id, client_id, starts_at, day, deleted, paid_full, attendance,
          price, services_paid, goods_paid, changed_at, read_at, terms_id, decision)
        select n, ${BRANCH}, n, card, at, (at at time zone 'Europe/Moscow')::date, false, true, 1, paid, paid, 0, at, at, 1, 'awarded'
        from made)
      insert into bonuslog (client_id, kind, record_id, points, paid, reason, actor, key, awarded_at, is_telegram_notified)
      select card, 'award', n, paid / 100.0, paid, 'paid', 'sync', 'visit:' || n, at, true from made order by n`;
  }
  await sql`vacuum (analyze)`;
}
