// A salon's journal behind real HTTP, a database of its own and the sync between them, on a clock that a test sets.

import { pino } from "pino";
import { veilOf } from "../../src/cards/veil.ts";
import { connect, databaseNow } from "../../src/db/connect.ts";
import { messageOf } from "../../src/errors.ts";
import type { Lease } from "../../src/jobs/leases.ts";
import { Journal, type Silent } from "../../src/standins/yclients/journal.ts";
import type { ClientInput } from "../../src/standins/yclients/record.ts";
import { startYclients } from "../../src/standins/yclients/server.ts";
import { closeScreensOf } from "../../src/till/screens.store.ts";
import type { Sync } from "../../src/visits/branch.ts";
import { sweepRecords, syncRecords } from "../../src/visits/sync.ts";
import { type Budget, type Options, yclients } from "../../src/yclients/client.ts";
import { freshDatabase } from "./db.ts";
import { usual } from "./ledger.ts";

export const BRANCH = 4242;
export const ANNA: ClientInput = { id: 9001, name: "Анна", phone: "+79001234567" };
export const PETER: ClientInput = { id: 9002, name: "Пётр", phone: "+79007654321" };
export const OLGA: ClientInput = { id: 9003, name: "Ольга", phone: "+79005550011" };

export type Salon = Awaited<ReturnType<typeof openSalon>>;

interface Setting extends Partial<Pick<Sync, "terms" | "programStart">> {
  timeZone?: string;
  /** The first instant of the clock. */
  now?: string;
  branch?: number;
}

/** `await using` ends everything. By default: Moscow, noon of 10 March 2026, the programme began on the 1st. */
export async function openSalon(setting: Setting = {}) {
  const branch = setting.branch ?? BRANCH;
  const clock = { now: new Date(setting.now ?? "2026-03-10T09:00:00Z") };
  const now = () => clock.now;
  const journal = new Journal({ now });
  journal.addCompany({ id: branch, title: "Салон", timeZone: setting.timeZone ?? "Europe/Moscow" });
  const tokens = { partnerToken: "partner", userToken: "user" };
  const api = startYclients({ journal, ...tokens, now, perMinute: 0, perSecond: 0 });
  const database = await freshDatabase();
  const db = connect(database.url);
  const log: string[] = [];
  const alarms: [string, string | null][] = [];
  const budget: Budget = { take: () => databaseNow(db), refused: async () => {} };
  const client = (changes: Partial<Options> = {}) =>
    yclients({ url: api.url, ...tokens, budget, timeoutMs: 30_000, retryMs: 1, ...changes });
  const sync: Sync = {
    db,
    yclients: client(),
    log: pino({ level: "debug" }, { write: (line: string) => void log.push(line) }),
    now,
    terms: setting.terms ?? usual,
    programStart: setting.programStart === undefined ? "2026-03-01" : setting.programStart,
    settleMs: 30_000,
    closeScreens: closeScreensOf,
    veil: veilOf("secret"),
    signal: new AbortController().signal,
    alarm: async (about, detail) => void alarms.push([about, detail]),
  };
  /** Books and pays on the spot: the session begins at this instant, the sum is in kopecks. */
  function paid(client: ClientInput | null, startsAt: string, cost: number, silent: Silent = {}): number {
    const services = [{ title: "Уход", cost }];
    const id = journal.book({ companyId: branch, client, startsAt: new Date(startsAt), services });
    journal.pay(id, silent);
    return id;
  }
  return {
    ...{ branch, clock, journal, api, db, database, log, alarms, sync, client, paid },
    later: (minutes: number) => {
      clock.now = new Date(clock.now.getTime() + minutes * 60_000);
    },
    pass: (changes: Partial<Sync> = {}) => syncRecords({ ...sync, ...changes }, branch),
    sweep: () => sweepRecords(sync, branch),
    /** What was asked since the last time: `changed_after`, days of windows, single records; pages after the first too. */
    asked(): string[] {
      const requests = api.requests.filter(({ path }) => !path.startsWith("/user/permissions"));
      api.requests = [];
      return requests.map(({ path, query: { start_date, end_date, changed_after, page } }) => {
        const what = changed_after ?? (start_date ? `${start_date}..${end_date ?? ""}` : path);
        return page && page !== "1" ? `${what} page ${page}` : what;
      });
    },
    /** The whole ledger: key, phone, hundredths of points, reason. */
    ledger: async () =>
      (
        await db<{ key: string; phone: string | null; points: number; reason: string }[]>`
          select b.key, c.phone, b.points, b.reason from bonuslog b join clients c on c.id = b.client_id order by b.id`
      ).map((row) => [row.key, row.phone, row.points, row.reason]),
    /** All visits: record and decision, in the order of records. */
    visits: async () =>
      (
        await db<{ record: number; decision: string }[]>`
          select record_id as record, decision from visits order by record_id`
      ).map((row) => [row.record, row.decision]),
    /** Everything set aside: record, reason, tries. */
    looks: async () =>
      (
        await db<{ record: number; reason: string; tries: number }[]>`
          select record_id as record, reason, tries from look_again order by record_id`
      ).map((row) => [row.record, row.reason, row.tries]),
    hint: (record: number) =>
      db`insert into look_again (company_id, record_id, reason) values (${branch}, ${record}, 'hint')`,
    /** All that was put off is due now. */
    due: () => db`update look_again set due_at = now()`,
    company: async () => {
      const [row] = await db<
        { mark: Date | null; windowFrom: string | null; failures: number; lastError: string | null }[]
      >`
        select mark, window_from as "windowFrom", failures, last_error as "lastError"
        from companies where company_id = ${branch}`;
      return {
        mark: row?.mark?.toISOString() ?? null,
        windowFrom: row?.windowFrom ?? null,
        failures: row?.failures ?? 0,
        lastError: row?.lastError ?? null,
      };
    },
    [Symbol.asyncDispose]: async () => {
      await api.stop();
      await db.end({ timeout: 1 });
      await database.drop();
    },
  };
}

/** All rows of all tables as text: what must be the same where nothing may be written. */
export async function everything({ db }: Salon): Promise<Record<string, unknown[]>> {
  const tables = await db<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' order by tablename`;
  const all: Record<string, unknown[]> = {};
  for (const { name } of tables) {
    const rows = await db<{ row: string }[]>`select t::text as row from ${db(name)} t`;
    all[name] = rows.map(({ row }) => row).sort();
  }
  return all;
}

/** The lease of the branch's job as it stands. */
export async function leaseOf({ db, branch }: Salon): Promise<Lease> {
  const name = `sync_records:${branch}`;
  const [row] = await db<{ token: number }[]>`
    insert into jobs (name, holder, held_until) values (${name}, 'test', now() + interval '1 minute')
    on conflict (name) do update set held_until = excluded.held_until returning token`;
  return { name, token: row?.token ?? 0 };
}

/** What a failing work says; `fine` when it does not fail. */
export const failure = (work: Promise<unknown>) =>
  work.then(
    () => "fine",
    (error: unknown) => messageOf(error),
  );

/** A salon whose first pass is over, with one awarded record (`id`) of 1 000.00. */
export async function running() {
  const salon = await openSalon();
  const id = salon.paid(ANNA, "2026-03-09T12:00:00Z", 100_000);
  salon.later(180);
  await salon.pass();
  salon.later(180);
  salon.asked();
  return Object.assign(salon, { id });
}

/** The ledger's row of Anna's award of 10 points. */
export const award = (id: number) => [`visit:${id}`, ANNA.phone, 1_000, "paid"];
