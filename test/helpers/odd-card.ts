/** A card of which the database takes no row of a table, as if something of it were odd. */
import type postgres from "postgres";
import type { Db } from "../../src/db/connect.ts";

export async function oddCard(db: postgres.Sql | Db, card: number, table = "bonuslog"): Promise<void> {
  const sql = db as postgres.Sql;
  await sql.unsafe(`
    create or replace function is_odd() returns trigger language plpgsql as $$ begin raise exception 'this card is odd'; end $$;
    create trigger is_odd_${card} before insert on ${table} for each row when (new.client_id = ${card}) execute function is_odd()`);
}
