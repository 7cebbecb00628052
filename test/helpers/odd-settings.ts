/** Settings of PostgreSQL put as no program expects them, for one test's database. */
import type { TestDatabase } from "./db.ts";

/** Each by itself has broken a program somewhere. Those that this server does not know are left out. */
const odd: Record<string, string> = {
  standard_conforming_strings: "off",
  DateStyle: "SQL, DMY",
  IntervalStyle: "sql_standard",
  TimeZone: "Asia/Kathmandu",
  default_transaction_isolation: "repeatable read",
  default_transaction_read_only: "on",
  default_transaction_deferrable: "on",
  array_nulls: "off",
  transform_null_equals: "on",
  bytea_output: "escape",
  extra_float_digits: "-15",
  quote_all_identifiers: "on",
  check_function_bodies: "off",
  row_security: "on",
  exit_on_error: "on",
  backslash_quote: "on",
  synchronous_commit: "off",
  client_min_messages: "debug1",
  lock_timeout: "1",
  statement_timeout: "2000",
  idle_in_transaction_session_timeout: "700",
  idle_session_timeout: "700",
  transaction_timeout: "2000",
  enable_seqscan: "off",
  enable_indexscan: "off",
  enable_indexonlyscan: "off",
  enable_bitmapscan: "off",
  enable_hashjoin: "off",
  enable_nestloop: "off",
  enable_hashagg: "off",
  enable_sort: "off",
  plan_cache_mode: "force_generic_plan",
  jit: "on",
  jit_above_cost: "0",
  join_collapse_limit: "1",
  from_collapse_limit: "1",
  work_mem: "64",
};

/** For whoever connects to the database from now on; half of them are the role's own. Returns how many. */
export async function setOddly({ sql, url }: Pick<TestDatabase, "sql" | "url">): Promise<number> {
  const name = new URL(url).pathname.slice(1);
  const known = await sql<{ name: string }[]>`
    select name from pg_settings where name = any(${Object.keys(odd)})`;
  for (const [place, one] of known.entries()) {
    const whose = place % 2 ? `role current_user in database ${name}` : `database ${name}`;
    await sql.unsafe(`alter ${whose} set ${one.name} = ${sqlList(odd[one.name] ?? "")}`);
  }
  return known.length;
}

/** A list setting takes its words apart. */
function sqlList(value: string): string {
  return value
    .split(", ")
    .map((word) => `'${word}'`)
    .join(", ");
}
