/** Tests of the helpers that give each test its own database. */
import { expect, test } from "bun:test";
import { emptyDatabase, expectTable } from "./db.ts";

test("two databases share nothing, and one is gone once dropped", async () => {
  await using kept = await emptyDatabase();
  const dropped = await emptyDatabase();
  await dropped.sql`create table thing (id bigint)`;
  await expectTable(kept.sql, "select tablename from pg_tables where schemaname = 'public'", []);

  const name = new URL(dropped.url).pathname.slice(1);
  const query = `select datname from pg_database where datname = '${name}'`;
  await expectTable(kept.sql, query, [{ datname: name }]);
  await dropped.drop();
  await expectTable(kept.sql, query, []);
});

test("a table is compared whole: rows, order, columns and values", async () => {
  await using db = await emptyDatabase();
  await db.sql`create table thing (id bigint, name text, at timestamptz, data jsonb)`;
  await db.sql`insert into thing values (1, 'Анна', '2026-01-02 03:04:05+03', '{"b": [1, null], "a": "x"}'), (2, null, null, null)`;
  const first = { id: 1, name: "Анна", at: new Date("2026-01-02T00:04:05Z"), data: { a: "x", b: [1, null] } };
  const second = { id: 2n, name: null, at: null, data: null };
  const query = "select * from thing order by id";
  await expectTable(db.sql, query, [first, second]);

  const { data: _, ...narrow } = first;
  for (const wrong of [
    [first],
    [second, first],
    [narrow, second],
    [{ ...first, more: 1 }, second],
    [{ ...first, name: "Анна " }, second],
    [first, { ...second, name: "null" }],
  ]) {
    await expect(expectTable(db.sql, query, wrong)).rejects.toThrow();
  }
});
