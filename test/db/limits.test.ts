// One stuck program must not stop the till.
import { expect, test } from "bun:test";
import { connect, inTransaction, limits } from "../../src/db/connect.ts";
import { takeTime } from "../../src/import/import.store.ts";
import { postTill } from "../../src/ledger/ledger.ts";
import { holdStill } from "../../src/ledger/proofs.store.ts";
import { freshDatabase } from "../helpers/db.ts";

test("who waits for a lock waits longer than a stuck holder is let be", async () => {
  expect(limits.lock_timeout).toBeGreaterThan(limits.idle_in_transaction_session_timeout + 1_000);
  await using database = await freshDatabase();
  const db = connect(database.url, { max: 1 });
  const shown = await db`
    select name, setting::int as ms from pg_settings where name = any(${Object.keys(limits)}) order by name`;
  expect(Object.fromEntries(shown.map(({ name, ms }) => [name, ms]))).toEqual(limits);
  const reading = await inTransaction(db, async (tx) => {
    await holdStill(tx);
    return tx`show idle_in_transaction_session_timeout`;
  });
  expect(reading[0]?.idle_in_transaction_session_timeout).toBe("10min"); // a slow reader of an export locks nobody
  // An import holds the ledger for as long as it takes, and no longer when it is frozen.
  const importing = await inTransaction(db, async (tx) => {
    await takeTime(tx);
    return tx`show idle_in_transaction_session_timeout`;
  });
  expect(importing[0]?.idle_in_transaction_session_timeout).toBe("2min");
  await db.end();
});

test("a credit at the till waits out a program that stands still with the ledger's lock, and is posted", async () => {
  await using database = await freshDatabase();
  const [stuck, till] = [connect(database.url, { max: 1 }), connect(database.url, { max: 1 })];
  await till`insert into clients (phone) values ('+79001234567')`;
  const [locked, awake] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const standing = inTransaction(stuck, async (tx) => {
    await tx`select pg_advisory_xact_lock(7305, 1)`;
    locked.resolve();
    await awake.promise;
    await tx`select 1`;
  });
  standing.catch(() => {});
  await locked.promise;
  await postTill(till, { card: 1, kind: "credit", points: 500, actor: "admin:1", key: "op:1" });
  awake.resolve();
  expect(await till`select points from bonuslog`).toEqual([{ points: 500 }] as never);
  await expect(standing).rejects.toThrow();
  await Promise.all([stuck.end({ timeout: 1 }), till.end({ timeout: 1 })]);
});
