// The budget of requests: one for all programs on a database, never over YCLIENTS's limits. Arithmetic, not waiting.
import { afterEach, beforeEach, expect, setSystemTime, test } from "bun:test";
import { connect, type Db, databaseNow } from "../../src/db/connect.ts";
import { blockTurns, takeTurn } from "../../src/jobs/budget.store.ts";
import { ownBudget, sharedBudget } from "../../src/jobs/budget.ts";
import { freshDatabase, type TestDatabase } from "../helpers/db.ts";
import { ANNA, openSalon } from "../helpers/salon.ts";

let database: TestDatabase;
let pools: [Db, Db];
/** How far the test has moved the clock, in milliseconds. */
let moved: number;

beforeEach(async () => {
  database = await freshDatabase();
  pools = [connect(database.url), connect(database.url)];
  moved = 0;
});
afterEach(async () => {
  for (const pool of pools) await pool.end({ timeout: 1 });
  await database.drop();
});

/** The instants of so many turns, taken by two pools in turn, in milliseconds of the test's clock. */
async function turns(count: number, perMinute: number): Promise<number[]> {
  const instants: number[] = [];
  for (let n = 0; n < count; n++) {
    await takeTurn(pools[n % 2] ?? pools[0], "yclients", perMinute);
    const [row] = await pools[0]<{ at: number }[]>`
      select (extract(epoch from last_at) * 1000)::float8 as at from request_budget`;
    instants.push((row?.at ?? 0) + moved);
  }
  return instants;
}

/** Time passes: all that is stored lies so much further back. */
async function pass(seconds: number): Promise<void> {
  moved += seconds * 1000;
  await pools[0]`
    update request_budget set last_at = last_at - ${seconds}::float8 * interval '1 s',
      owed_until = owed_until - ${seconds}::float8 * interval '1 s',
      blocked_until = blocked_until - ${seconds}::float8 * interval '1 s'`;
}

/** The most of these instants that any stretch of so many milliseconds holds. */
const most = (instants: number[], ms: number) =>
  Math.max(...instants.map((from) => instants.filter((at) => at >= from && at < from + ms - 0.01).length));

test.each([150, 30, 7, 1])(
  "gives at most %i turns in any minute and four a second, to two programs as to one",
  async (perMinute) => {
    const all = [...(await turns(perMinute * 2, perMinute))];
    await pass(200);
    all.push(...(await turns(perMinute, perMinute)));
    expect(most(all, 60_000)).toBe(perMinute);
    expect(most(all, 1_000)).toBeLessThanOrEqual(4);
  },
);

test("keeps to it after a 429 held many up", async () => {
  const all = await turns(3, 150);
  await blockTurns(pools[0], "yclients", 60_000);
  const blockedAt = Date.now();
  const held = await turns(120, 150);
  expect(Math.min(...held) - blockedAt).toBeGreaterThan(59_000);
  await pass(61);
  all.push(...held, ...(await turns(120, 150)));
  expect(most(all, 60_000)).toBeLessThanOrEqual(150);
  expect(most(all, 1_000)).toBeLessThanOrEqual(4);
});

test("says to each of many at once another time to wait, a quarter of a second apart", async () => {
  const waits = await Promise.all(
    Array.from(
      { length: 20 },
      async (_, n) => (await takeTurn(pools[n % 2] ?? pools[0], "yclients", 150)).wait,
    ),
  );
  const sorted = waits.sort((one, other) => one - other);
  expect(sorted[0]).toBe(0);
  const gaps = sorted.slice(1).map((wait, index) => wait - (sorted[index] ?? 0));
  // What is said is counted from the asking, and they did not all ask in the same instant.
  expect(Math.min(...gaps)).toBeGreaterThan(100);
  expect(sorted.at(-1)).toBeGreaterThan(4_000);
});

test("is one for all branches: what a turn is stamped with is the database's clock", async () => {
  const { later: budget } = sharedBudget(pools[0], 150);
  // Many turns go at once after a rest, a quarter of a second apart: the second one has to wait.
  for (const _ of ["at once", "after a wait"]) {
    const before = await databaseNow(pools[1]);
    setSystemTime(new Date("2031-01-01T00:00:00Z")); // a machine whose clock is wrong
    const stamp = await budget.take().finally(() => setSystemTime());
    expect(stamp.getTime() - before.getTime()).toBeGreaterThanOrEqual(0);
    expect(stamp.getTime() - (await databaseNow(pools[1])).getTime()).toBeLessThanOrEqual(0);
  }
});

test("a person at the till goes before all the passes that wait, in whatever order they came", async () => {
  const { first, later } = sharedBudget(pools[0], 150);
  const order: string[] = [];
  const ask = (who: string, line: typeof first) => line.take().then(() => void order.push(who));
  const all = [ask("pass 1", later), ask("pass 2", later), ask("pass 3", later), ask("till", first)];
  await Promise.all(all);
  expect(order).toEqual(["till", "pass 1", "pass 2", "pass 3"]);
});

test("what a turn fails with is one request's, and the next ones have theirs", async () => {
  const stopping = new AbortController();
  const { first, later } = sharedBudget(pools[0], 150, { signal: stopping.signal });
  await pools[0]`alter table request_budget rename to elsewhere`;
  expect(await first.take().catch(() => "failed")).toBe("failed");
  await pools[0]`alter table elsewhere rename to request_budget`;
  expect(await later.take()).toBeInstanceOf(Date);
  const waiting = [later.take(), later.take()].map((turn) => turn.catch(() => "stopped"));
  stopping.abort();
  expect(await Promise.all(waiting)).toEqual(["stopped", "stopped"]);
});

test("a pass that meets 429 waits out the block and goes on", async () => {
  await using salon = await openSalon();
  const id = salon.paid(ANNA, "2026-03-09T12:00:00Z", 100_000);
  salon.sync.yclients = salon.client({ budget: sharedBudget(salon.db, 6_000, { blockMs: 300 }).later });
  salon.api.faults.next({ path: /records/, status: 429 });
  const began = performance.now();
  expect(await salon.pass()).toMatchObject({ awards: 1 });
  expect(performance.now() - began).toBeGreaterThan(300);
  expect((await salon.ledger()).map(([key]) => key)).toEqual([`visit:${id}`]);
});

test("of a dry run is its own, and writes nothing", async () => {
  const budget = ownBudget(
    1_200,
    () => new Date(),
    async () => new Date(),
    200,
  );
  const began = performance.now();
  await budget.take();
  await budget.take();
  expect(performance.now() - began).toBeGreaterThan(45);
  await budget.refused();
  await budget.take();
  expect(performance.now() - began).toBeGreaterThan(240);
});
