// A program that is frozen in the middle of a transaction, wherever that is: it keeps the till of the others for seconds.
import { expect, test } from "bun:test";
import { once } from "node:events";
import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";
import { connect } from "../../src/db/connect.ts";
import { postTill } from "../../src/ledger/ledger.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { recordFaults } from "../../src/visits/proof.ts";
import { freshDatabase, type TestDatabase } from "../helpers/db.ts";
import { testWith, whereIs } from "../helpers/installed.ts";
import { startPgbouncer } from "../helpers/pgbouncer.ts";

/**
 * A way to PostgreSQL that takes so many more messages of its client and then neither sends nor hears a thing, with the
 * connection open: what the server sees of a program that was stopped there.
 */
async function freezing(address: string) {
  const { hostname, port } = new URL(address);
  let left = Number.POSITIVE_INFINITY;
  const frozen = Promise.withResolvers<void>();
  const thaw = Promise.withResolvers<void>();
  const awake = async () => (left < 0 ? thaw.promise : undefined);
  const pairs = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(Number(port), hostname);
    for (const socket of [near, far]) pairs.add(socket.on("error", () => {}));
    near.on("close", () => far.destroy());
    far.on("close", () => void awake().then(() => near.destroy()));
    near.on("data", (chunk) => {
      if (left-- > 0) return far.write(chunk);
      frozen.resolve();
      void thaw.promise.then(() => far.write(chunk));
    });
    far.on("data", (chunk) => void awake().then(() => near.write(chunk)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = Object.assign(new URL(address), { port: String((server.address() as AddressInfo).port) }).href;
  return {
    url,
    /** After so many messages from now. */
    freezeAfter: (messages: number) => {
      left = messages;
    },
    frozen: frozen.promise,
    thaw() {
      left = Number.POSITIVE_INFINITY;
      thaw.resolve();
    },
    close() {
      for (const socket of pairs) socket.destroy();
      server.close();
    },
  };
}

const credit = { kind: "credit", points: 100, actor: "admin:9" } as const;

/**
 * A program freezes after so many messages of a credit, and another one's till answers while it is frozen; then it
 * wakes, has written all of it or nothing, and goes on. False when the credit was over before.
 */
async function freezes(messages: number, url: string, database: TestDatabase): Promise<boolean> {
  const way = await freezing(url);
  const [stuck, till] = [connect(way.url, { max: 1 }), connect(database.url, { max: 1 })];
  await stuck`select 1`;
  way.freezeAfter(messages);
  const key = `op:frozen:${messages}`;
  const posting = postTill(stuck, { ...credit, card: 1, key }).then(
    ({ result }) => result,
    () => "was refused",
  );
  const fate = await Promise.race([posting, way.frozen.then(() => "frozen")]);
  // Who waits for the ledger's lock for longer than the promised seconds is refused.
  const free = await postTill(till, { ...credit, card: 2, key: `op:free:${messages}` });
  expect(free.result).toBe("done");
  way.thaw();
  const woke = await posting;
  const [row] = await till<{ count: number }[]>`
    select count(*)::int as count from bonuslog where key = ${key}`;
  // What it is told may be no answer to a commit that was made: the same button then finds it done.
  if (fate === "frozen") expect(["done", "was refused"]).toContain(woke);
  if (woke === "done") expect(row?.count).toBe(1);
  expect((await postTill(stuck, { ...credit, card: 1, key })).result).toBe(row?.count ? "already" : "done");
  await Promise.all([stuck.end({ timeout: 1 }), till.end({ timeout: 1 })]);
  way.close();
  return fate === "frozen";
}

/** A database with two cards. */
async function twoCards() {
  const database = await freshDatabase();
  await database.sql`insert into clients (phone) values ('+79001234567'), ('+79007654321')`;
  return database;
}

test("wherever a program freezes in a change at the till, the other one's till answers, and it wakes well", async () => {
  await using database = await twoCards();
  const url = `${database.url}?idle_in_transaction_session_timeout=300`;
  let points = 0;
  while (await freezes(points, url, database)) points++;
  expect(points).toBeGreaterThan(8);
  const db = connect(database.url);
  expect((await verifyLedger(db, recordFaults)).faults).toEqual([]);
  await db.end();
});

testWith({ pgbouncer: whereIs("pgbouncer") })(
  "the same through PgBouncer: between a statement and its values, and before the commit",
  async () => {
    await using database = await twoCards();
    await using bouncer = await startPgbouncer(database.url);
    // begin; settings and the lock; the insert without its values; …
    for (const messages of [2, 3]) expect(await freezes(messages, bouncer.url, database)).toBe(true);
  },
);

test("all that a frozen program has waiting for the ledger ends too, within the promised seconds", async () => {
  await using database = await twoCards();
  const [idle, lock] = [400, 800];
  const way = await freezing(
    `${database.url}?idle_in_transaction_session_timeout=${idle}&lock_timeout=${lock}`,
  );
  const [stuck, till] = [connect(way.url, { max: 6 }), connect(database.url, { max: 1 })];
  await Promise.all(Array.from({ length: 6 }, () => stuck`select pg_sleep(0.1)`));
  way.freezeAfter(20); // some have the lock's statement out by then, one holds it
  const postings = Array.from({ length: 6 }, (_, at) =>
    postTill(stuck, { ...credit, card: 1, key: `op:${at}` }).catch((error) => error.code),
  );
  await way.frozen;
  expect(await postTill(till, { ...credit, card: 2, key: "op:free" })).toMatchObject({ result: "done" });
  way.thaw();
  const fates = await Promise.all(postings);
  // Not one behind the other: who waits for longer than the lock's time gives up before the lock is theirs.
  expect(fates.filter((code) => code === "CONNECTION_CLOSED").length).toBeWithin(1, 2 + lock / idle);
  expect(fates).toContain("55P03");
  expect((await verifyLedger(till, recordFaults)).faults).toEqual([]);
  await Promise.all([stuck.end({ timeout: 1 }), till.end({ timeout: 1 })]);
  way.close();
});
