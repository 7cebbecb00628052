// In which mode a messenger's updates come: one row each that all replicas agree on, by the clock of the database.

import type { Sql } from "../db/connect.ts";
import type { ChannelName } from "../rules/account.ts";

/** From now on they come in this mode: the program that started last decides. */
export async function claimMode(sql: Sql, channel: ChannelName, mode: string, ms: number): Promise<void> {
  await sql`
    insert into listening (channel, way, held_until)
    values (${channel}, ${mode}, clock_timestamp() + ${ms}::float8 * interval '1 millisecond')
    on conflict (channel) do update
    set way = excluded.way, held_until = excluded.held_until,
      turn = listening.turn + (listening.way <> excluded.way)::int`;
}

/**
 * The generation of the mode if it is this one, else null: it grows with each change, so that one there and back is noticed.
 * The mode is taken up again when nobody has held another for a while.
 */
export async function keepMode(
  sql: Sql,
  channel: ChannelName,
  mode: string,
  ms: number,
): Promise<number | null> {
  const [row] = await sql<{ turn: number }[]>`
    update listening
    set way = ${mode}, turn = turn + (way <> ${mode})::int,
      held_until = clock_timestamp() + ${ms}::float8 * interval '1 millisecond'
    where channel = ${channel} and (way = ${mode} or held_until <= clock_timestamp()
      or held_until > clock_timestamp() + interval '2 minutes') -- by a clock that was put back
    returning turn`;
  return row?.turn ?? null;
}

/** What the messenger was last told, as the hash that `keepWebhookHash` stored. */
export async function webhookHash(sql: Sql, channel: ChannelName): Promise<string | null> {
  const [row] = await sql<{ webhook: string | null }[]>`
    select webhook from listening where channel = ${channel}`;
  return row?.webhook ?? null;
}

/** The messenger knows the address and the secret of this hash; null: of none. */
export async function keepWebhookHash(sql: Sql, channel: ChannelName, hash: string | null): Promise<void> {
  await sql`update listening set webhook = ${hash} where channel = ${channel}`;
}
