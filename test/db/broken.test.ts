// Connections that break: PostgreSQL restarts, a network drops them. Whoever asked is told, and who asks next is served.
// postgres.js 3.4.9 as it is fails each of these tests, and those of ops/frozen.test.ts; src/db/postgres@3.4.9.patch says
// what was changed and why.
import { expect, test } from "bun:test";
import { once } from "node:events";
import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";
import { connect, inTransaction } from "../../src/db/connect.ts";
import { freshDatabase } from "../helpers/db.ts";

/** What became of it, or "nothing" after a while that is longer than a connection takes to be opened again. */
async function fate(work: Promise<unknown>): Promise<string> {
  const said = work.then(
    () => "done",
    (error) => error.code,
  );
  return Promise.race([said, Bun.sleep(60_000).then(() => "nothing")]);
}

/** A server of ours between the program and PostgreSQL. */
async function between(taken: (near: Socket) => void) {
  const server = createServer((near) => taken(near.on("error", () => {})));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: String((server.address() as AddressInfo).port), close: () => void server.close() };
}

const broke = expect.stringMatching(/^(ECONNRESET|EPIPE|CONNECTION_CLOSED|57P01)$/);

test("who asks between a connection's error and its end is told that it broke", async () => {
  await using database = await freshDatabase();
  const address = new URL(database.url);
  const open = new Set<Socket>();
  const server = await between((near) => {
    const far = dial(Number(address.port), address.hostname).on("error", () => {});
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    open.add(near);
  });
  const db = connect(Object.assign(new URL(address), { port: server.port }).href, { max: 1 });
  for (let round = 0; round < 3; round++) {
    expect(await fate(db`select 1`)).toBe("done");
    const asked = fate(db`select pg_sleep(10)`);
    await Bun.sleep(50);
    const next = asked.then(() => fate(db`select 2`));
    for (const near of open) near.resetAndDestroy();
    expect(await asked).toEqual(broke);
    expect(await next).not.toBe("nothing");
  }
  expect(await fate(db`select 3`)).toBe("done");
  await db.end({ timeout: 0 });
  server.close();
});

test("after PostgreSQL has ended connections in the middle of transactions, each of them is opened again", async () => {
  await using database = await freshDatabase();
  const db = connect(database.url, { max: 3 });
  const end = () => fate(inTransaction(db, (tx) => tx`select pg_terminate_backend(pg_backend_pid())`));
  const slow = () => fate(inTransaction(db, (tx) => tx`select pg_sleep(0.05)`));
  for (let round = 0; round < 2; round++) {
    expect(await Promise.all([end(), end(), end()])).toEqual([broke, broke, broke]);
    expect(await Promise.all([slow(), slow(), slow()])).toEqual(["done", "done", "done"]);
  }
  await db.end({ timeout: 0 });
});

test("a transaction whose connection was ended writes nothing into the next one's", async () => {
  await using database = await freshDatabase();
  const db = connect(database.url, { max: 1 });
  await db`create table notes (text text)`;
  const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
  const stale: string[] = [];
  const first = fate(
    inTransaction(db, async (tx) => {
      await tx`insert into notes values ('first of stale')`;
      const other = connect(database.url, { max: 1, name: "ends the others" });
      await other`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'loyalty-bot'`;
      await other.end();
      await woken;
      stale.push(await fate(tx`insert into notes values ('second of stale')`));
    }),
  );
  expect(await first).toEqual(broke);
  await inTransaction(db, async (tx) => {
    await tx`insert into notes values ('one')`;
    wake();
    await Bun.sleep(50);
    await tx`insert into notes values ('two')`;
  });
  expect(stale).toEqual([broke]);
  expect([...(await db`select text from notes`)]).toEqual([{ text: "one" }, { text: "two" }] as never);
  await db.end({ timeout: 0 });
});

test("a pool whose server ends a connection in the middle of a query can be closed", async () => {
  await using database = await freshDatabase();
  const db = connect(database.url, { max: 1 });
  const asked = fate(db`select pg_terminate_backend(pg_backend_pid()), pg_sleep(1)`);
  await Bun.sleep(20);
  expect(await fate(db.end())).toBe("done");
  expect(await asked).toEqual(broke);
});

test("an address that takes connections and hangs up at once is a failure, and is not dialled without a pause", async () => {
  let dialled = 0;
  const server = await between((near) => {
    dialled += 1;
    near.end();
  });
  const db = connect(`postgres://salon:s@127.0.0.1:${server.port}/salon`, { max: 1 });
  expect(await fate(db`select 1`)).toEqual(broke);
  expect(dialled).toBe(1);
  await db.end({ timeout: 0 });
  server.close();
});
