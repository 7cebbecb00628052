/** Databases for tests: a fresh one each, copied from a migrated template, and comparison of whole tables. */
import { expect } from "bun:test";
import postgres from "postgres";
import { adminUrl, atEnd } from "./preload.ts";

/** A database of one test's own. `await using` drops it too. */
export interface TestDatabase extends AsyncDisposable {
  url: string;
  sql: postgres.Sql;
  drop(): Promise<void>;
}

// Random, since several runs may share one server.
const prefix = `test_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
let count = 0;
const live = new Set<string>();

const admin = postgres(adminUrl, { max: 4, onnotice: () => undefined });
atEnd.push(async () => {
  await Promise.all([...live].map(dropDatabase));
  await admin.end();
});

let template: Promise<string> | string | undefined = process.env.LOYALTY_TEST_TEMPLATE;

/** A new database with all migrations applied: a copy of the run's, or of one that is made here once. */
export async function freshDatabase(): Promise<TestDatabase> {
  template ??= buildTemplate();
  return connect(await createDatabase(await template));
}

/** A new database with nothing in it. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return connect(await createDatabase());
}

/** A row by the names of its columns, or in their order. */
type Row = Readonly<Record<string, unknown>> | readonly unknown[];

/**
 * Expects the query to give exactly these rows, in this order, with exactly these columns. Numbers compare by
 * their digits (postgres.js gives bigint and numeric as text), times by their ISO form, JSON by its content.
 */
export async function expectTable(sql: postgres.Sql, query: string, rows: readonly Row[]): Promise<void> {
  const actual = await sql.unsafe(query);
  const columns = actual.columns.map((column) => column.name);
  // One line a row, so that the diff names the rows that differ.
  expect(actual.map((row) => line(row, columns))).toEqual(
    rows.map((row) => line(named(row, columns), columns)),
  );
}

function named(row: Row, columns: string[]): Readonly<Record<string, unknown>> {
  if (!Array.isArray(row)) return row as Readonly<Record<string, unknown>>;
  if (row.length !== columns.length) throw new Error(`${row.length} values for ${columns.join(", ")}`);
  return Object.fromEntries(columns.map((column, at) => [column, row[at]]));
}

function line(row: Readonly<Record<string, unknown>>, columns: string[]): string {
  const unknown = Object.keys(row).filter((name) => !columns.includes(name));
  return [...columns.filter((name) => name in row), ...unknown]
    .map((name) => `${name}: ${cell(row[name])}`)
    .join(" | ");
}

function cell(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "string") return /^-?\d+(\.\d+)?$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(sorted(value)) ?? "undefined";
}

/** The same value with the keys of its objects in order, for jsonb keeps no order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** Every row of every table, as text. */
export async function dumped(sql: postgres.ISql): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' order by tablename`;
  const rows = await Promise.all(
    tables.map(
      ({ name }) => sql<{ line: string }[]>`select ${name} || ' ' || t::text as line from ${sql(name)} t`,
    ),
  );
  return rows
    .flat()
    .map(({ line }) => line)
    .join("\n");
}

/** What refused the work: a constraint's name, or PostgreSQL's code where it has none (42501: no right to it). */
export async function refusal(work: PromiseLike<unknown>): Promise<string> {
  try {
    await work;
    return "taken";
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error;
    return error.constraint_name ?? error.code;
  }
}

async function buildTemplate(): Promise<string> {
  // Loaded late: tests that need no tables should run while a migration is broken.
  const { migrate } = await import("../../src/db/migrate.ts");
  const name = await createDatabase();
  await migrate(urlOf(name));
  return name;
}

async function createDatabase(from?: string): Promise<string> {
  const name = `${prefix}_${++count}`;
  await admin.unsafe(`create database ${name} ${from === undefined ? "" : `template ${from}`}`);
  live.add(name);
  return name;
}

async function dropDatabase(name: string): Promise<void> {
  live.delete(name);
  await admin.unsafe(`drop database if exists ${name} with (force)`);
}

function urlOf(name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function connect(name: string): TestDatabase {
  const url = urlOf(name);
  const sql = postgres(url, { onnotice: () => undefined });
  const drop = async () => {
    await sql.end({ timeout: 1 });
    await dropDatabase(name);
  };
  return { url, sql, drop, [Symbol.asyncDispose]: drop };
}
