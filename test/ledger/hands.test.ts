/** Two transactions share out one proof: they see the same, and neither is ever waited for in vain. */
import { expect } from "bun:test";
import type postgres from "postgres";
import { beside, connect, type Db, inTransaction, type Sql, type Tx } from "../../src/db/connect.ts";
import { byTwoHands, type Sharing } from "../../src/ledger/hands.ts";
import { postTill } from "../../src/ledger/ledger.ts";
import { holdToProve } from "../../src/ledger/proofs.store.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { recordFaults } from "../../src/visits/proof.ts";
import { freshDatabase } from "../helpers/db.ts";
import { testWith, whereIs } from "../helpers/installed.ts";
import { startPgbouncer } from "../helpers/pgbouncer.ts";
import { until } from "../helpers/program.ts";

const test = testWith({ pgbouncer: whereIs("pgbouncer") });

/** A ledger of so many rows on one card, and a pool like the program's. */
async function ledgerOf(rows: number, options: Parameters<typeof connect>[1] = { max: 4 }) {
  const database = await freshDatabase();
  await database.sql`insert into clients (phone) values ('+79000000001')`;
  await database.sql`insert into bonuslog (client_id, kind, points, actor, key)
    select 1, 'credit', 1, 'admin:1', 'op:1:' || n from generate_series(1, ${rows}::int) n`;
  const db = connect(database.url, options);
  const dispose = async () => {
    await db.end({ timeout: 1 });
    await database.drop();
  };
  return { database, sql: database.sql, db, [Symbol.asyncDispose]: dispose };
}

const both = <T>(db: Db, work: (share: Sharing) => Promise<T>) =>
  inTransaction(db, async (tx) => {
    await holdToProve(tx);
    return byTwoHands(db, tx, work);
  });

const look = async (tx: Sql) => {
  const [row] = await tx<{ pid: number; rows: number }[]>`
    select pg_backend_pid() as pid, (select count(*)::int from bonuslog) as rows`;
  return { pid: row?.pid ?? 0, rows: row?.rows ?? 0 };
};

/** Tasks that begin together and go on when each has begun: two processes, or it never ends. */
function together(share: Sharing, between: () => Promise<unknown> = async () => {}) {
  let begun = 0;
  const all = Promise.withResolvers<void>();
  const task = async (tx: Tx) => {
    const seen = await look(tx);
    if (++begun === 2) {
      await between();
      all.resolve();
    }
    await all.promise;
    return [seen, await look(tx)];
  };
  return Promise.all([share(task), share(task)]);
}

/** Which connections of a pool the server has, by their name. */
const connectionsOf = (sql: postgres.Sql, name: string) =>
  sql`select pid from pg_stat_activity where application_name = ${name}`;

test("two processes see the ledger as it was when the proof began, whatever is written meanwhile", async () => {
  await using ledger = await ledgerOf(3, { max: 1 });
  const { sql } = ledger;
  const write = () =>
    sql`insert into bonuslog (client_id, kind, points, actor, key) values (1, 'credit', 1, 'admin:1', 'op:2:1')`;
  const [one = [], other = []] = await both(ledger.db, async (share) => {
    await write();
    return together(share);
  });
  expect(new Set([...one, ...other].map(({ pid }) => pid)).size).toBe(2);
  expect([...one, ...other].map(({ rows }) => rows)).toEqual([3, 3, 3, 3]);
  expect((await look(ledger.db)).rows).toBe(4);
});

test("where a second connection may not come, the first one does all", async () => {
  await using ledger = await ledgerOf(8, { max: 1 });
  const { sql, database } = ledger;
  const role = `alone_${crypto.randomUUID().slice(0, 8)}`;
  await sql.unsafe(
    `create role ${role} login password 'x' connection limit 1; grant pg_read_all_data to ${role}`,
  );
  const url = Object.assign(new URL(database.url), { username: role, password: "x" }).href;
  const alone = connect(url, { max: 1 });
  try {
    expect((await verifyLedger(alone, recordFaults, [], { rowsASlice: 2 })).faults).toEqual([]);
    const seen = await both(alone, (share) => Promise.all(Array.from({ length: 3 }, () => share(look))));
    expect(new Set(seen.map(({ pid }) => pid)).size).toBe(1);
  } finally {
    await alone.end();
    await sql.unsafe(`drop owned by ${role}; drop role ${role}`);
  }
});

test("where the role may hand out no snapshot, the first one does all", async () => {
  await using ledger = await ledgerOf(8, { max: 1 });
  const { sql, database } = ledger;
  const role = `silent_${crypto.randomUUID().slice(0, 8)}`;
  await sql.unsafe(`create role ${role} login password 'x'; grant pg_read_all_data to ${role};
    revoke execute on function pg_export_snapshot() from public`);
  const url = Object.assign(new URL(database.url), { username: role, password: "x" }).href;
  const silent = connect(url, { max: 1 });
  try {
    const { faults, seal } = await verifyLedger(silent, recordFaults, [], { rowsASlice: 2 });
    expect([faults, seal.rows]).toEqual([[], 8]);
  } finally {
    await silent.end();
    await sql.unsafe(`drop owned by ${role}; drop role ${role}`);
  }
});

test("what the second one was at when it was cut off, the first one does", async () => {
  await using ledger = await ledgerOf(3, { max: 1 });
  const own = await look(ledger.db);
  const cut: number[] = [];
  const task = async (tx: Tx) => {
    const seen = await look(tx);
    if (seen.pid !== own.pid) {
      cut.push(seen.pid);
      await ledger.sql`select pg_terminate_backend(${seen.pid})`;
    } else await until(() => cut.length > 0);
    return look(tx);
  };
  const seen = await both(ledger.db, (share) => Promise.all([share(task), share(task), share(task)]));
  expect(cut).toHaveLength(1);
  for (const one of seen) expect(one).toEqual({ pid: own.pid, rows: 3 });
});

test("a proof whose first connection is cut off fails, and leaves no second one behind", async () => {
  await using ledger = await ledgerOf(3, { max: 1, name: "proof of a test" });
  const own = await look(ledger.db);
  const failing = both(ledger.db, (share) =>
    together(share, () => ledger.sql`select pg_terminate_backend(${own.pid})`),
  );
  await expect(failing).rejects.toThrow();
  await until(async () => (await connectionsOf(ledger.sql, "proof of a test")).length === 0);
});

test("a fault of the proof itself is thrown, whichever of the two met it", async () => {
  await using ledger = await ledgerOf(3);
  const task = async () => {
    throw new RangeError("too much");
  };
  await expect(both(ledger.db, (share) => Promise.all([share(task), share(task)]))).rejects.toThrow(
    "too much",
  );
});

const credit = (db: Db, key: string) =>
  postTill(db, { card: 1, kind: "credit", points: 100, actor: "admin:1", key });

test("on a pool of four two proofs at once take two connections of it, and the till has the others", async () => {
  await using ledger = await ledgerOf(400);
  const { db } = ledger;
  const proofs = [1, 2].map(() => verifyLedger(db, recordFaults, [], { rowsASlice: 10 }));
  const till = await Promise.all(Array.from({ length: 12 }, (_, n) => credit(db, `op:3:${n}`)));
  expect(new Set(till.map(({ result }) => result))).toEqual(new Set(["done"]));
  for (const { faults } of await Promise.all(proofs)) expect(faults).toEqual([]);
});

for (const size of [2, 3])
  test(`behind a PgBouncer of ${size} connections two proofs at once do not wait for each other, and the till goes on`, async () => {
    await using ledger = await ledgerOf(400);
    const pool = `default_pool_size = ${size}\nunix_socket_dir =`;
    await using bouncer = await startPgbouncer(ledger.database.url, { "default_pool_size = 10": pool });
    const db = connect(bouncer.url, { max: 4 });
    try {
      const proofs = [1, 2].map(() => verifyLedger(db, recordFaults, [], { rowsASlice: 10 }));
      expect((await credit(db, "op:4:1")).result).toBe("done");
      for (const { faults } of await Promise.all(proofs)) expect(faults).toEqual([]);
    } finally {
      await db.end({ timeout: 1 });
    }
  });

test("a connection beside a pool is none of it, and is not opened before it is used", async () => {
  await using ledger = await ledgerOf(1, { max: 1, name: "pool of a test" });
  const other = beside(ledger.db);
  expect(await connectionsOf(ledger.sql, "pool of a test")).toHaveLength(0);
  const [one, two] = await Promise.all([look(ledger.db), other && look(other)]);
  expect(new Set([one?.pid, two?.pid]).size).toBe(2);
  await other?.end();
});
