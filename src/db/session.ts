// What a session has to be set to, whatever the server's, the database's and the role's own defaults are.

/**
 * Milliseconds. A program that is stopped or cut off in the middle of a transaction would keep the ledger's lock, and the
 * till would stand still. Our transactions never wait for anything but the database, so one that idles is ended soon; who
 * waits for a lock waits longer than that, so that the till answers late rather than not at all.
 */
export const limits = {
  idle_in_transaction_session_timeout: 5_000,
  lock_timeout: 10_000,
  statement_timeout: 60_000,
};

/** What PgBouncer keeps for each client by itself, in every mode: it takes them when a connection begins. */
const tracked = {
  standard_conforming_strings: "on",
  DateStyle: "ISO, YMD",
  TimeZone: "UTC",
};

const ours = {
  ...tracked,
  IntervalStyle: "postgres",
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
  default_transaction_deferrable: "off",
  array_nulls: "on",
  transform_null_equals: "off",
  bytea_output: "hex",
  extra_float_digits: "1",
  quote_all_identifiers: "off",
  check_function_bodies: "on",
  default_table_access_method: "heap",
  // A policy that hides rows must be an error: sums without them would be wrong, and nobody would know.
  row_security: "off",
  exit_on_error: "off",
  // All that we ask is short, or sorts and sums: to compile it took longer than it saved.
  jit: "off",
  idle_session_timeout: "0",
};

/** Every setting that is ours to say, as the server shows it. Any role may set each of them. */
export const wanted: Record<string, string> = {
  ...ours,
  ...Object.fromEntries(Object.entries(limits).map(([name, ms]) => [name, String(ms)])),
};

/** Unknown to servers before PostgreSQL 14, which refuse a connection that brings them. */
const young = ["idle_session_timeout", "default_table_access_method"];

/** What a connection asks for when it begins; `old`: of a server that may be from before PostgreSQL 14. */
export function atStart(pooled: boolean, old = false): Record<string, string> {
  if (pooled) return tracked;
  return old ? Object.fromEntries(Object.entries(wanted).filter(([name]) => !young.includes(name))) : wanted;
}

/**
 * The same for one transaction, as one text of statements. `set local` and no query, for a transaction's first query fixes
 * what it sees. `own` is what the address sets by itself, null where the session has all of it from its start;
 * `version` as the server says it, such as `17.2`.
 */
export function inTransactionText(
  own: Record<string, string> | null,
  { version, standby }: { version: string; standby: boolean },
): string {
  const settings = {
    ...(own && { ...wanted, ...own }),
    // There since 17, and unknown to a connection that begins. Ours end by the limits above.
    ...(Number.parseInt(version, 10) >= 17 && { transaction_timeout: "0" }),
  };
  // A standby refuses even to be asked.
  const mode = own === null || standby ? "" : "set transaction read write;";
  const locals = Object.entries(settings).map(([name, value]) => `set local ${name} = ${listed(value)};`);
  return mode + locals.join("");
}

/** A setting may be a list, of which each word is quoted by itself. */
function listed(value: string): string {
  return value
    .split(",")
    .map((word) => `'${word.trim().replaceAll("'", "''")}'`)
    .join(", ");
}
