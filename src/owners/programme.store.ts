// Since when the settings of the programme are as they are. SQL only.

import type { Sql } from "../db/connect.ts";

/** Since when visits earn by their percent, and points live as long; null where nothing was said of it. */
export async function chosenSince(sql: Sql): Promise<{ terms: Date | null; lives: string | null }> {
  const [row] = await sql<[{ terms: Date | null; lives: string | null }]>`
    select (select since from terms order by id desc limit 1) as terms,
      (select day from lives where life = 'earned' order by id desc limit 1) as lives`;
  return row;
}
