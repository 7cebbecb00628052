/** Somebody holds the ledger's lock and does nothing more: the till waits for him for a while, never for ever. */
import { expect, test } from "bun:test";
import postgres from "postgres";
import { connect, inTransaction, type Tx } from "../../src/db/connect.ts";
import { lockLedger } from "../../src/ledger/entries.store.ts";
import { postTill } from "../../src/ledger/ledger.ts";
import { freshDatabase } from "../helpers/db.ts";
import { until, world } from "../helpers/program.ts";

test("a till that waits too long for the ledger says to try again, and the same button then does it once", async () => {
  await using w = await world();
  const service = await w.serve({ ...w.publicUrl, DATABASE_URL: `${w.database.url}?lock_timeout=300` });
  await w.anna();
  const admin = w.telegram.person({ id: 901, firstName: "Ольга" });
  admin.chat.started = true;
  await until(() => w.telegram.webhook.url !== "");
  await admin.say("/credit 89001234567 5 чай");
  const stranger = postgres(w.database.url, { max: 1, onnotice: () => {} });
  await stranger`select pg_advisory_lock(7305, 1)`;
  await admin.tap("Начислить 5");
  expect(admin.lastMessage()?.text).toBe("Что-то пошло не так, мы уже знаем. Попробуйте ещё раз чуть позже.");
  expect(await w.ledger()).toHaveLength(0);
  await stranger.end();
  await admin.tap("Начислить 5");
  await admin.tapAgain();
  expect(await w.ledger()).toHaveLength(1);
  expect((await service.stop()).code).toBe(0);
});

test("a program that stops in the middle of a transaction is cut off by the server, and the next one goes on", async () => {
  await using database = await freshDatabase();
  const stuck = connect(`${database.url}?idle_in_transaction_session_timeout=200`);
  const till = connect(database.url);
  const [card] = await till<
    { id: number }[]
  >`insert into clients (phone) values ('+79001234567') returning id`;
  const [held, awake] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holder = inTransaction(stuck, async (tx: Tx) => {
    await lockLedger(tx);
    held.resolve();
    await awake.promise;
    await tx`insert into clients (phone) values ('+79007654321')`;
  }).then(
    () => "wrote",
    () => "was refused",
  );
  await held.promise;
  const entry = { card: card?.id ?? 0, kind: "credit", points: 500, actor: "admin:1", key: "op:1" } as const;
  expect(await postTill(till, entry)).toEqual({ result: "done", balance: 500 });
  awake.resolve();
  expect(await holder).toBe("was refused");
  expect(await database.sql`select from clients`).toHaveLength(1);
  await Promise.all([stuck.end({ timeout: 1 }), till.end({ timeout: 1 })]);
});

test("every connection of ours has both limits", async () => {
  await using database = await freshDatabase();
  const db = connect(database.url);
  const limits = await db`
    select name, setting::int > 0 as set from pg_settings
    where name in ('lock_timeout', 'idle_in_transaction_session_timeout') order by name`;
  expect([...limits]).toEqual([
    { name: "idle_in_transaction_session_timeout", set: true },
    { name: "lock_timeout", set: true },
  ]);
  await db.end();
});
