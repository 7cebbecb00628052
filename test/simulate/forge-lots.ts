// What the owner of the tables could do to the lots of a simulated ledger: its rows stay as they were, and the proof of lots
// must name it.

import type postgres from "postgres";
import type { Forgery } from "./forge.ts";

const tables = ["lots", "takings", "debts"];
const triggers = (how: "disable" | "enable") =>
  tables.map((table) => `alter table ${table} ${how} trigger user`).join(";");

/** Whatever guards lots stands aside meanwhile. */
async function unguarded(sql: postgres.Sql, statement: string): Promise<Record<string, number>[]> {
  return sql.begin(async (tx) => {
    await tx.unsafe(triggers("disable"));
    const rows = await tx.unsafe<Record<string, number>[]>(statement);
    await tx.unsafe(triggers("enable"));
    return [...rows];
  });
}

/** Changes one row of those that there are; it gives the rows of the ledger of which the fault must name one, or a day of lots. */
const forgery =
  (statement: (random: number) => string): Forgery =>
  async (sql, random) => {
    const [done] = await unguarded(sql, statement(random));
    return done ? new RegExp(`^Row (${Object.values(done).join("|")}):|^Lots of the life`) : null;
  };

const one = (table: string, key: string, where: string, random: number) =>
  `${key} in (select ${key} from ${table} where ${where} order by 1
    offset (select ${random} % greatest(1, count(*)) from ${table} where ${where}) limit 1)`;

/** All of them, by name. */
export const forgedLots: Record<string, Forgery> = {
  "a lot that holds less": forgery(
    (random) =>
      `update lots set rest = rest - 0.01 where ${one("lots", "row_id", "rest > 0.01", random)} and part = 1
       returning row_id::int as named`,
  ),
  "a lot of another life": forgery(
    (random) =>
      `update lots set life = 'birthday' where ${one("lots", "row_id", "life = 'earned' and rest > 0", random)}
       returning row_id::int as named`,
  ),
  "a lot of another day": forgery(
    (random) =>
      `update lots set started = started + 400 where ${one("lots", "row_id", "rest > 0", random)}
       returning row_id::int as named`,
  ),
  "a taking taken away": forgery(
    (random) =>
      `delete from takings where ${one("takings", "id", "true", random)} returning taker::int, by_row::int, row_id::int`,
  ),
  "a taking by another row": forgery(
    (random) =>
      `update takings set taker = taker - 1 where ${one("takings", "id", "true", random)} returning taker::int + 1 as was, taker::int, by_row::int, row_id::int`,
  ),
};
