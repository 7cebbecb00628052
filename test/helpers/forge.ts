/** Rows forged by hand: what somebody with the owner's role and bad intent could do to the ledger. */
import type postgres from "postgres";

/** The hash that the ledger gives the row `b` behind a previous hash, both as SQL: the schema's words once more. */
const hashSql = (previous: string): string => `sha256(${previous} || convert_to(
  b.id || ' ' || b.client_id || ' ' || b.kind || ' ' || coalesce(b.record_id::text, '-') || ' '
  || coalesce(b.corrects::text, '-') || ' ' || b.points || ' ' || coalesce(b.paid::text, '-') || ' '
  || b.actor || ' ' || b.key || ' ' || (extract(epoch from b.awarded_at) * 1000000)::bigint || ' '
  || coalesce(b.reason, ''), 'UTF8'))`;

/** Does what the database refuses, with the ledger's guards off meanwhile. */
export async function forge({ unsafe }: Pick<postgres.Sql, "unsafe">, statement: string): Promise<void> {
  await unsafe(
    `alter table bonuslog disable trigger user; ${statement}; alter table bonuslog enable trigger user`,
  );
}

/** SQL that makes the hash of a row fit the one before it. */
export const fitted = (id: number, before = id - 1): string => `
  update bonuslog b set hash = ${hashSql(`(select hash from bonuslog where id = ${before})`)} where id = ${id}`;

/** SQL that makes the chain anew from a row to the end. */
export const rechained = (from: number): string => `
  do $$ declare one bigint; begin
    for one in select id from bonuslog where id >= ${from} order by id loop
      update bonuslog b set hash = ${hashSql("coalesce((select hash from bonuslog where id = one - 1), ''::bytea)")}
      where id = one;
    end loop;
  end $$`;
