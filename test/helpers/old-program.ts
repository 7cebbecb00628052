/** The earlier Python program's database, as SQLModel's create_all and Alembic leave it. */
import type postgres from "postgres";
import { emptyDatabase } from "./db.ts";

/** Its tables, with its own names of indexes and constraints. */
const schema = `
  create table alembic_version (version_num varchar(32) not null constraint alembic_version_pkc primary key);
  insert into alembic_version values ('72725f5e4f23');
  create table clients (
    id serial primary key, yclients_id integer not null, phone_number varchar not null, points integer not null,
    is_in_loyalty boolean not null, name varchar not null, telegram_user_id bigint);
  create index ix_clients_yclients_id on clients (yclients_id);
  create index ix_clients_phone_number on clients (phone_number);
  create index ix_clients_name on clients (name);
  create table syncstate (company_id serial primary key, last_checked timestamp with time zone not null);
  create table bonuslog (
    id serial primary key, record_id integer not null, client_id integer not null references clients (id),
    points integer not null, awarded_at timestamp with time zone not null,
    is_telegram_notified boolean default false not null, constraint uix_record_id unique (record_id));
  create index ix_bonuslog_record_id on bonuslog (record_id);
  create index ix_bonuslog_client_id on bonuslog (client_id);`;

export type OldDatabase = Awaited<ReturnType<typeof oldDatabase>>;

interface OldClientRow {
  yclients: number | null;
  phone: string | null;
  points?: number | string | null;
  name?: string | null;
  telegram?: number | string | null;
  member?: boolean;
}

/** A database of a salon in branch `branch` that was last read at noon of 9 March 2026. */
export async function oldDatabase(branch: number) {
  const database = await emptyDatabase();
  await database.sql.unsafe(schema);
  await database.sql`insert into syncstate values (${branch}, '2026-03-09T09:00:00Z')`;
  return Object.assign(database, {
    /** A client; its row. */
    client: (client: OldClientRow) => addClient(database.sql, client),
    /** What its sync did for a paid record: the points added and logged; zero too. */
    award: async (client: number, recordId: number, points: number, at = "2026-03-05T15:00:00Z") => {
      await database.sql`update clients set points = points + ${points} where id = ${client}`;
      await database.sql`
        insert into bonuslog (record_id, client_id, points, awarded_at) values (${recordId}, ${client}, ${points}, ${at}::text::timestamptz)`;
    },
  });
}

async function addClient(sql: postgres.Sql, client: OldClientRow): Promise<number> {
  const { yclients, phone, points = 0, name = "Анна", telegram = null, member = true } = client;
  const [row] = await sql<{ id: number }[]>`
    insert into clients (yclients_id, phone_number, points, is_in_loyalty, name, telegram_user_id)
    values (${yclients}, ${phone}, ${points}, ${member}, ${name}, ${telegram}) returning id`;
  return row?.id ?? 0;
}
