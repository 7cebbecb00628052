// What a pass and a sweep do when another program has their job: they stop, and what was done is not done again.
import { expect, test } from "bun:test";
import { databaseNow } from "../../src/db/connect.ts";
import { LeaseLost, withLease } from "../../src/jobs/leases.ts";
import { sweepRecords } from "../../src/visits/sync.ts";
import { until } from "../helpers/program.ts";
import { ANNA, openSalon, running, type Salon } from "../helpers/salon.ts";

/** Another program takes the branch's job, as after a long sleep of ours. */
const robbed = ({ db, branch }: Salon) => db`
  update jobs set token = token + 1, held_until = now() + interval '1 minute', holder = 'other'
  where name = ${`sync_records:${branch}`}`;

test("the work is told that its lease is lost, and why", async () => {
  await using salon = await running();
  const why = await withLease(
    salon.db,
    `sync_records:${salon.branch}`,
    async (_lease, lost) => {
      await robbed(salon);
      await until(() => lost.aborted);
      return lost.reason;
    },
    600,
  );
  expect(why).toBeInstanceOf(LeaseLost);
});

test("a program that the database answers no more gives its job up once the lease is over: another may have it", async () => {
  await using salon = await running();
  const job = `sync_records:${salon.branch}`;
  const [why, ms] = await withLease(
    salon.db,
    job,
    async (_lease, lost) => {
      await salon.db`alter table jobs rename to elsewhere`;
      const from = performance.now();
      await until(() => lost.aborted);
      return [lost.reason, performance.now() - from] as const;
    },
    600,
  ).then((given) => given ?? []);
  expect(why).toBeInstanceOf(LeaseLost);
  expect(ms).toBeGreaterThan(200);
});

test("a pass that loses its lease asks nothing more and leaves its windows to the other, and has not failed", async () => {
  await using salon = await openSalon({ programStart: "2025-10-01" });
  await salon.pass();
  await salon.db`update companies set mark = null, first_pass_at = null, window_from = '2025-10-01'`;
  salon.asked();
  salon.api.faults.always({ delayMs: 40 });
  const pass = salon.pass({ leaseMs: 600 });
  while (salon.api.requests.length < 4) await Bun.sleep(5);
  await robbed(salon);
  expect(await pass).toBeNull();
  const { windowFrom, failures, lastError } = await salon.company();
  expect(salon.asked().length).toBeLessThan(10);
  expect(String(windowFrom)).toMatch(/^2025-1[01]-/); // of windows until March
  expect([failures, lastError, salon.alarms.filter(([, detail]) => detail !== null)]).toEqual([0, null, []]);
});

test("two programs whose timetable says sweep at the same second sweep once", async () => {
  await using salon = await running();
  salon.paid(ANNA, "2026-03-09T15:00:00Z", 50_000, { stamp: false });
  salon.api.faults.always({ delayMs: 100 });
  const [one, other] = await Promise.all([salon.sweep(), salon.sweep()]);
  expect([one?.awards, other?.awards].sort()).toEqual([0, 1]);
  expect(salon.asked()).toEqual([`/company/${salon.branch}`, "2026-02-24..2026-03-10"]);
  await salon.sweep();
  expect(salon.asked()).toEqual([`/company/${salon.branch}`, "2026-02-24..2026-03-10"]);
});

test("a round of sweeps leaves to another program what that has swept since the round began", async () => {
  await using salon = await running();
  const began = await databaseNow(salon.db);
  await salon.sweep();
  salon.asked();
  expect(await sweepRecords(salon.sync, salon.branch, began)).toMatchObject({ records: 0 });
  expect(salon.asked()).toEqual([]);
});
