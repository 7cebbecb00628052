// `carry_codes`: codes that carry a card into another messenger. SQL only.

import type { Sql, Tx } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";

/** No code lives longer: what lies further ahead was made by a clock that has been put back since. */
const longest = "1 day";

/** Keeps a code by its hash (hexadecimal) until a time; what is over goes. */
export async function addCarryCode(
  sql: Sql,
  of: { hash: string; account: Account; now: Date; until: Date },
): Promise<void> {
  await sql`delete from carry_codes where until <= ${of.now} or until > ${of.now}::timestamptz + ${longest}::interval`;
  await sql`
    insert into carry_codes (hash, account, until) values (decode(${of.hash}, 'hex'), ${of.account}, ${of.until})`;
}

/** Who made the code of a hash, while it is in force; null: nobody, or it was used. */
export async function makerOf(sql: Sql, hash: string, now: Date): Promise<Account | null> {
  const [row] = await sql<{ account: Account }[]>`
    select account from carry_codes where hash = decode(${hash}, 'hex') and until > ${now}
      and until <= ${now}::timestamptz + ${longest}::interval`;
  return row?.account ?? null;
}

/** The code was used. */
export async function dropCarryCode(tx: Tx, hash: string): Promise<void> {
  await tx`delete from carry_codes where hash = decode(${hash}, 'hex')`;
}
