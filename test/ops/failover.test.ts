/** A PostgreSQL that fails over while the program works: DATABASE_URL names both hosts, and the program follows. */
import { expect } from "bun:test";
import { type AddressInfo, createServer, connect as dial } from "node:net";
import postgres, { type Row, type Sql } from "postgres";
import { readAddress } from "../../src/db/address.ts";
import { connect } from "../../src/db/connect.ts";
import { databaseFacts, factsPool } from "../../src/db/facts.ts";
import { followPrimary, optionsOf } from "../../src/db/primary.ts";
import { messageOf } from "../../src/errors.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { recordFaults } from "../../src/visits/proof.ts";
import { awards, crowd } from "../helpers/crowd.ts";
import { everything, standbyTools, testWith, whereIs } from "../helpers/installed.ts";
import { run, until, world } from "../helpers/program.ts";
import { startPair } from "../helpers/standby.ts";

const bin = standbyTools();
const test = testWith({
  "LOYALTY_TEST_ALL=1": everything ? "" : null,
  "PostgreSQL with pg_basebackup on this machine": bin,
  openssl: whereIs("openssl"),
});

/** For what a claim on a message (a minute) may hold up, on a machine with much else to do. */
const patience = 120_000;
/** How many messages the sender has under way at once: only those can be said twice, never be lost. */
const underWay = 8;

test("a standby promoted in the middle of a pass: nothing acknowledged is lost, nothing is awarded twice", async () => {
  await using w = await world();
  await using pair = await startPair(bin ?? "");
  await pair.first`create database loyalty`;
  const env = { ...w.env, ...w.publicUrl, DATABASE_URL: pair.url("loyalty") };
  expect(await run(["migrate"], env)).toMatchObject({ code: 0 });
  const asking = factsPool(pair.url("loyalty"));
  const { server } = await databaseFacts(asking); // what `check` says of replication
  expect(server).toMatchObject({ standby: false, standbys: 1, synchronous: true, pooler: "none" });
  await asking.end();
  const salon = crowd(w, 90);
  const before = pair.on("first", "loyalty");
  await salon.link(before);
  salon.pay({ weeks: 30 });

  const service = await w.serve({ ...env, ...salon.since(31) });
  const acknowledged = await rowsOnceThereAre(20, before);
  pair.killFirst();
  await before.end({ timeout: 0 });
  expect(acknowledged.length).toBeLessThan(90);
  await until(async () => (await service.get("/readyz")).status === 503, patience);
  expect((await service.get("/healthz")).status).toBe(200);

  const during = connect(pair.url("loyalty"), { max: 1 });
  const refusal = await during`select 1`.catch(messageOf);
  expect(refusal).toBe("None of the hosts in DATABASE_URL is a primary: the ones that answer are standbys.");
  await during.end();
  const dialled = await pair.dialled();
  await Bun.sleep(1_000);
  expect((await pair.dialled()) - dialled).toBeLessThan(40); // postgres.js by itself dials some 150 times a query

  expect(await run(["verify"], { ...env, DATABASE_URL: pair.standby("loyalty") })).toMatchObject({ code: 0 });
  const reading = connect(pair.standby("loyalty"), { max: 1 });
  expect((await verifyLedger(reading, recordFaults, [], { rowsASlice: 10 })).faults).toEqual([]);
  await reading.end();

  await pair.promote();
  await until(async () => (await service.get("/readyz")).status === 200, patience);
  const after = pair.on("second", "loyalty");
  const untold = () => after`select from bonuslog where not is_telegram_notified`;
  await after`update jobs set held_until = now()`; // what 15 s would do
  await until(async () => (await awards(after)) === 90, patience);
  await after`update notices set due_at = now()`; // what a minute would do
  await until(async () => (await untold()).length === 0, patience);
  expect([
    ...(await after`select id, key, hash from bonuslog order by id limit ${acknowledged.length}`),
  ]).toEqual(acknowledged);
  expect(Math.min(...salon.told())).toBe(1);
  expect(salon.told().filter((times) => times > 1).length).toBeLessThanOrEqual(underWay);
  expect((await service.stop()).code).toBe(0);
  await salon.expectAwardedOnce(after, env);
  await after.end();
}, 400_000);

test("a primary that vanishes without a word is given up, and the next query goes where a primary answers", async () => {
  await using pair = await startPair(bin ?? "");
  using first = wire(pair.firstPort);
  using second = wire(pair.firstPort);
  second.cut();
  const address = readAddress(pair.url("postgres", [first.port, second.port]));
  if ("wrong" in address) throw new Error(address.wrong);
  const db = postgres({ ...optionsOf(address), max: 1, ...followPrimary(address, 1_500) } as object);
  expect([...(await db`select ssl from pg_stat_ssl where pid = pg_backend_pid()`)]).toEqual([{ ssl: true }]);
  const waiting = db`select pg_sleep(60)`.catch(messageOf);
  await Bun.sleep(50);
  first.cut();
  second.mend();
  expect(await waiting).toContain("CONNECTION_CLOSED");
  expect([...(await db`select 1 as one`)]).toEqual([{ one: 1 }]);
  await db.end({ timeout: 1 });
});

/** A way to a port of this machine that can be cut: what is sent is swallowed, and nothing is closed. */
function wire(port: number) {
  let whole = true;
  const server = createServer((near) => {
    const far = dial(port, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("data", (bytes) => void (whole && to.write(bytes)));
      from.on("error", () => {});
      from.on("close", () => to.destroy());
    }
  }).listen(0, "127.0.0.1");
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    cut: () => {
      whole = false;
    },
    mend: () => {
      whole = true;
    },
    [Symbol.dispose]: () => void server.close(),
  };
}

/** The ledger once it has so many rows, seen under its own lock: the pass writes on only when this has returned. */
async function rowsOnceThereAre(least: number, sql: Sql): Promise<Row[]> {
  for (;;) {
    const rows = await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(7305, 1)`;
      return tx<Row[]>`select id, key, hash from bonuslog order by id`;
    });
    if (rows.length >= least) return [...rows];
  }
}
