// The earlier Python program's database, read and never written: its tables as SQLModel made them.

import { connect, type Db, inTransaction, type Tx } from "../db/connect.ts";
import { OperatorError } from "../errors.ts";
import type { CompanyId, RecordId } from "../rules/ids.ts";
import { hundredths, type Points } from "../rules/money.ts";
import { shownName } from "../rules/name.ts";

/** A row of its table `clients`. What cannot be read as what it should be is null. */
export interface OldClient {
  row: string;
  yclientsId: number | null;
  /** In free spelling. */
  phone: string | null;
  points: Points | null;
  member: boolean;
  name: string | null;
  telegramId: number | null;
  /** It names a Telegram account, readable or not. */
  linked: boolean;
}

/** A row of its table `bonuslog`: what it gave for a record, with the client's row. */
export interface OldAward {
  row: string;
  recordId: RecordId | null;
  client: string | null;
  points: Points | null;
  /** As PostgreSQL writes it; null when it is no moment that can be. */
  awardedAt: string | null;
}

/** Where its sync had come to in a branch. */
export interface OldBranch {
  companyId: CompanyId;
  lastChecked: Date | null;
}

/** All of it at one moment. */
export interface OldProgram {
  branches(): Promise<OldBranch[]>;
  clients(): AsyncIterable<OldClient[]>;
  awards(): AsyncIterable<OldAward[]>;
}

const columns = {
  clients: ["id", "yclients_id", "phone_number", "points", "is_in_loyalty", "name", "telegram_user_id"],
  bonuslog: ["id", "record_id", "client_id", "points", "awarded_at"],
  syncstate: ["company_id", "last_checked"],
};
const batch = 5_000;

/**
 * Hands `work` the whole database as it is at one moment, in a transaction that cannot write. Throws an `OperatorError` when it
 * is not the earlier program's, when it is the one that `ours` names, or when it cannot be reached.
 */
export async function readOldProgram<T>(
  url: string,
  ours: string,
  work: (old: OldProgram) => Promise<T>,
): Promise<T> {
  const db = connect(url, { max: 1, name: "loyalty-bot import", old: true });
  try {
    return await inTransaction(db, async (tx) => {
      await tx`set transaction isolation level repeatable read, read only`;
      await tx`set local statement_timeout = 0`;
      await tx`set local idle_in_transaction_session_timeout = 0`;
      await tx`set local timezone = 'UTC'`; // a moment without a zone was written in UTC
      await refuseOther(tx, ours);
      return work({ branches: () => branches(tx), clients: () => clients(tx), awards: () => awards(tx) });
    });
  } finally {
    await db.end({ timeout: 5 });
  }
}

async function refuseOther(tx: Tx, ours: string): Promise<void> {
  if ((await serverAndDatabase(tx)) === ours) {
    throw new OperatorError(
      "--from and DATABASE_URL are one and the same database. Nothing was touched. Give \
DATABASE_URL an empty database of its own.",
    );
  }
  const there = await tx<{ name: string }[]>`
    select c.relname || '.' || a.attname as name
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.oid in (to_regclass('clients'), to_regclass('bonuslog'), to_regclass('syncstate'))`;
  const names = new Set(there.map((row) => row.name));
  const missing = Object.entries(columns).flatMap(([table, wanted]) =>
    wanted.map((column) => `${table}.${column}`).filter((name) => !names.has(name)),
  );
  if (missing.length > 0) {
    throw new OperatorError(`--from is not the database of the earlier Python deployment: it has no ${missing.join(", ")}. \
Nothing was touched. Its address is the DATABASE_URL of that deployment.`);
  }
}

/** What tells a database from every other one, whatever name it was reached by. */
export async function serverAndDatabase(sql: Db | Tx): Promise<string> {
  const [row] = await sql<[{ name: string }]>`
    select extract(epoch from pg_postmaster_start_time()) || ' ' || oid || ' ' || datname as name
    from pg_database where datname = current_database()`;
  return row.name;
}

async function branches(tx: Tx): Promise<OldBranch[]> {
  const rows = await tx<{ company: string; at: Date | null }[]>`
    select company_id::text as company, case when isfinite(last_checked) then last_checked::timestamptz end as at
    from syncstate order by last_checked desc nulls last, company_id`;
  return rows.flatMap(({ company, at }) => {
    const companyId = positive(company);
    return companyId === null ? [] : [{ companyId, lastChecked: at }];
  });
}

type Texts<K extends string> = Record<K, string | null> & { row: string };

async function* clients(tx: Tx): AsyncIterable<OldClient[]> {
  const rows = tx<Texts<"yclients" | "phone" | "points" | "member" | "name" | "telegram">[]>`
    select id::text as row, yclients_id::text as yclients, phone_number::text as phone, points::text as points,
      is_in_loyalty::text as member, name::text as name, telegram_user_id::text as telegram
    from clients order by id`.cursor(batch);
  for await (const some of rows) {
    yield some.map(({ row, yclients, phone, points, member, name, telegram }) => ({
      row,
      yclientsId: positive(yclients),
      phone,
      points: pointsOf(points),
      member: member !== "false" && member !== "0",
      name: shownName(name ?? "") || null,
      telegramId: positive(telegram),
      linked: telegram !== null,
    }));
  }
}

async function* awards(tx: Tx): AsyncIterable<OldAward[]> {
  const rows = tx<Texts<"record" | "client" | "points" | "at">[]>`
    select id::text as row, record_id::text as record, client_id::text as client, points::text as points,
      case when awarded_at between '2000-01-01' and now() + interval '1 day' then awarded_at::timestamptz::text
        end as at
    from bonuslog order by id`.cursor(batch);
  for await (const some of rows) {
    yield some.map(({ row, record, client, points, at }) => ({
      row,
      recordId: positive(record),
      client,
      points: pointsOf(points),
      awardedAt: at,
    }));
  }
}

function positive(text: string | null): number | null {
  const value = text !== null && /^\d{1,16}$/.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** The earlier program kept whole points of four bytes; what is beyond them was never a number of points. */
function pointsOf(text: string | null): Points | null {
  const points = hundredths(text);
  return points !== null && Math.abs(points) <= 2_147_483_648_00 ? points : null;
}
