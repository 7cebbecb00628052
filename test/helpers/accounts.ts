/** Cards that are linked to accounts, for tests that do not live through the linking. */
import type postgres from "postgres";
import type { Db } from "../../src/db/connect.ts";
import { channelHere } from "./both.ts";

/** Links the card of a phone, made if there is none, to an account in the messenger of the walk, whoever had it; without a phone the one card. */
export async function linkTo(
  db: postgres.Sql | Db,
  id: number,
  phone: string | null = null,
  language: string | null = null,
): Promise<void> {
  const sql = db as postgres.Sql;
  if (phone !== null) await sql`insert into clients (phone) values (${phone}) on conflict do nothing`;
  await sql`
    insert into accounts (channel, external_id, client_id, language)
    select ${channelHere()}, ${String(id)}, id, ${language} from clients where phone = coalesce(${phone}, phone)
    on conflict (client_id, channel) do update set external_id = excluded.external_id, linked_at = now()`;
}
