// What is seen of a pool: a transaction that has to wait for a connection says for how long.
import { expect, test } from "bun:test";
import { connect, inTransaction } from "../../src/db/connect.ts";
import { watchWaits } from "../../src/metrics/metrics.ts";
import { freshDatabase } from "../helpers/db.ts";

test("a transaction's wait for a busy pool is told, and its end, also when it fails", async () => {
  await using database = await freshDatabase();
  const db = connect(database.url, { max: 1 });
  const [waits, open]: [number[], number[]] = [[], []];
  let now = 0;
  watchWaits(db, {
    begun: (ms) => {
      waits.push(ms);
      open.push(++now);
    },
    ended: () => open.push(--now),
  });
  await db`select 1`;
  const slow = inTransaction(db, (tx) => tx`select pg_sleep(0.2)`);
  const failing = inTransaction(db, async () => Promise.reject(new Error("no")));
  const [done, failed] = await Promise.allSettled([slow, failing]);
  expect([done.status, failed.status]).toEqual(["fulfilled", "rejected"]);
  expect(waits[0]).toBeLessThan(150);
  expect(waits[1]).toBeGreaterThan(180);
  expect(open).toEqual([1, 0, 1, 0]);
  expect(await inTransaction(db, async (tx) => (await tx`select 7 as n`)[0]?.n)).toBe(7);
  await db.end();
});
