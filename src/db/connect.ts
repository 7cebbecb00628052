// A connection to PostgreSQL, and how its values look in TypeScript.

import postgres from "postgres";
import { OperatorError } from "../errors.ts";
import { decimal, totalOf } from "../rules/money.ts";
import type { Slice } from "../rules/slice.ts";
import { type Address, readAddress } from "./address.ts";
import { broken, followPrimary, optionsOf } from "./primary.ts";
import { atStart, inTransactionText, limits } from "./session.ts";

export { limits };

/** What a query can be written on: the pool or a transaction. */
export type Sql = postgres.ISql<Values>;
/** The pool itself. */
export type Db = postgres.Sql<Values>;
/** Inside a transaction. */
export type Tx = postgres.TransactionSql<Values>;

type Values = { hundredths: number; day: string; bigint: number };
type Types = { [name in keyof Values]: postgres.PostgresType<Values[name]> };

/**
 * A pool. Nothing is opened before the first query.
 *
 * Every `numeric` of this database has two decimals and arrives as integer hundredths (`35.00` is 3500), which is the one
 * place where the two meet; `bigint` arrives as a safe integer or not at all; a `date` stays `YYYY-MM-DD`. `old`: the server
 * is another program's, and may be older than ours may be.
 */
export function connect(
  url: string,
  options: { max?: number; name?: string; prepare?: false; unhurried?: true; old?: true } = {},
): Db {
  const address = readAddress(url);
  const pooled = !("wrong" in address) && !address.prepare;
  const settings = "wrong" in address ? {} : address.settings;
  const { options: words, application_name, ...ours } = settings;
  const named = { ...(words && { options: words }), ...(application_name && { application_name }) };
  const db = postgres<Types>({
    // A statement that is not `unhurried` is over by then.
    ...placeOf(address, options.unhurried ? 86_400_000 : limits.statement_timeout + 15_000),
    max: options.max ?? 5,
    prepare: !pooled && options.prepare !== false,
    connect_timeout: ("wrong" in address ? undefined : address.connectTimeout) ?? 10,
    // Seconds before a broken connection is opened again. By itself the whole pool would come to wait up to 20.
    backoff: () => 0.5,
    idle_timeout: 300,
    onnotice: () => {},
    connection: {
      application_name: options.name ?? "loyalty-bot",
      ...atStart(pooled, options.old),
      ...(pooled ? { ...named } : settings),
    },
    types: {
      hundredths: { to: 1700, from: [1700], serialize: toNumeric, parse: fromNumeric },
      day: { to: 1082, from: [1082], serialize: String, parse: String },
      bigint: { to: 20, from: [20], serialize: String, parse: toSafeInteger },
    },
  });
  own.set(db.options, ours);
  ways.set(db.options, () => connect(url, { ...options, max: 1 }));
  return pooled ? eachInTransaction(db) : db;
}

/** Where to connect to. What of an address cannot be used is said by the first query, as an `OperatorError`. */
function placeOf(address: Address | { wrong: string }, silenceMs: number): object {
  if ("wrong" in address)
    return {
      host: ["localhost"],
      port: [5432],
      socket: async () => broken(new OperatorError(address.wrong)),
    };
  return { ...optionsOf(address), ...followPrimary(address, silenceMs) };
}

/** Named, for a role's or a database's default may be another one. */
const mode = "isolation level read committed";

/** A transaction; what is thrown inside takes it back. */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return (await db.begin(mode, async (tx) => {
    setUp(db, tx);
    return work(tx);
  })) as T;
}

/** What each pool's address sets by itself: behind PgBouncer it goes with every transaction. */
const own = new WeakMap<object, Record<string, string>>();

/** How each pool came about. */
const ways = new WeakMap<object, () => Db>();

/** A connection to the same place that is not of this pool and takes nobody's: opened by its first query, for the caller to end. */
export function beside(db: Db): Db | null {
  return ways.get(db.options)?.() ?? null;
}

/** Goes with the first statement that follows; what fails here fails there, and takes the transaction back. */
function setUp(db: Db, tx: Tx): void {
  const { server_version, in_hot_standby } = db.parameters;
  const settings = inTransactionText(db.options.prepare ? null : (own.get(db.options) ?? {}), {
    version: String(server_version),
    standby: in_hot_standby === "on",
  });
  if (settings !== "") tx.unsafe(settings).catch(() => {});
}

/** What postgres.js hands its pool when a statement is awaited. */
interface Statement extends PromiseLike<unknown> {
  strings: TemplateStringsArray;
  args: never[];
  handler: (statement: Statement) => void;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * The pool with each statement that stands alone in a transaction of its own, so that it has our settings too: behind
 * PgBouncer it runs on a session that has the role's and the database's.
 */
function eachInTransaction(db: Db): Db {
  const alone = ({ strings, args, resolve, reject }: Statement) => {
    const done = db.begin(mode, (tx) => {
      setUp(db, tx);
      return tx(strings, ...args);
    });
    done.then(resolve, reject);
  };
  const each = (...words: unknown[]) => {
    const made = (db as unknown as (...words: unknown[]) => object)(...words);
    if ("handler" in made) Object.assign(made, { handler: alone });
    return made;
  };
  return Object.assign(each, db) as unknown as Db;
}

/**
 * From here on the transaction's names are of the ledger's schema and of PostgreSQL itself: neither temporary tables, which
 * a pooler may have left in the session, nor another schema stand before them, and no policy hides rows. Returns the schema.
 */
export async function byOwnNames(tx: Tx): Promise<string> {
  const [path] = await tx<{ schemas: string[] }[]>`
    select pg_catalog.current_schemas(false)::pg_catalog.text[] as schemas`;
  await tx`set local search_path = pg_catalog`;
  await tx`set local row_security = off`;
  const [own] = await tx<{ schema: string }[]>`
    select name as schema from unnest(${path?.schemas ?? []}::text[]) with ordinality as path (name, place)
    join pg_namespace n on nspname = name join pg_class c on relnamespace = n.oid and relname = 'bonuslog'
    where name !~ '^pg_' order by place limit 1`;
  const schema = own?.schema ?? "public";
  await tx`select set_config('search_path', format('pg_catalog, %I, pg_temp', ${schema}::text), true)`;
  return schema;
}

/** Whether a column's value is in the slice, as a condition. */
export function within(sql: Sql, column: string, slice: Slice) {
  const name = sql(column);
  if (slice.none) return sql`${name} is null`;
  const [behind, upTo] = [sql`${name} > ${slice.after}`, sql`${name} <= ${slice.last}`];
  return sql`${slice.after === null ? sql`true` : behind} and ${slice.last === null ? sql`true` : upTo}`;
}

/** The name of the constraint that refused a write, or null when it was something else. */
export function brokenRule(error: unknown): string | null {
  return error instanceof postgres.PostgresError ? (error.constraint_name ?? null) : null;
}

/**
 * Why the database, or the way to it, will never take what was to be written: the rule or the code, without the value.
 * Null for everything that may be otherwise a moment later: a lost connection, a lock, a time limit, a lost lease.
 */
export function refusedValue(error: unknown): string | null {
  if (error instanceof RangeError) return "out of range";
  if (!(error instanceof postgres.PostgresError)) return null;
  // Rows that meet themselves (21), what a type cannot hold (22), a broken rule (23), what is too large to be stored (54).
  return /^(21|22|23|54)/.test(error.code) ? (error.constraint_name ?? error.code) : null;
}

/**
 * Does the work on these rows, on ever smaller halves of a batch that the database refuses: each row that it refuses alone is
 * handed to `odd`, with the rule that it breaks. What may be otherwise a moment later is thrown: what `whyOf` has no word for.
 */
export async function inHalves<T>(
  rows: T[],
  work: (rows: T[]) => Promise<unknown>,
  odd: (row: T, rule: string) => void,
  whyOf: (error: unknown) => string | null = refusedValue,
): Promise<void> {
  try {
    await work(rows);
  } catch (error) {
    const rule = whyOf(error);
    const [first] = rows;
    if (rule === null || first === undefined) throw error;
    if (rows.length === 1) return odd(first, rule);
    const half = Math.ceil(rows.length / 2);
    await inHalves(rows.slice(0, half), work, odd, whyOf);
    await inHalves(rows.slice(half), work, odd, whyOf);
  }
}

/** The clock that leases and answers are compared by: the database's. */
export async function databaseNow(sql: Sql): Promise<Date> {
  const [row] = await sql<{ now: Date }[]>`select clock_timestamp() as now`;
  return row?.now ?? new Date(0);
}

function toNumeric(value: unknown): string {
  return decimal(Number(value));
}

function fromNumeric(text: string): number {
  const value = totalOf(text);
  if (value === null) throw new RangeError(`a numeric that is not a sum with two decimals: ${text}`);
  return value;
}

function toSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`a bigint that JavaScript cannot hold: ${text}`);
  return value;
}
