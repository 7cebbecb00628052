// Which branch is read next, where there are more than can be read at once.
import { expect } from "bun:test";
import { type Db, databaseNow } from "../../src/db/connect.ts";
import { addCompany, failed, passed } from "../../src/visits/branches.store.ts";
import { type Among, nextBranch, sweepOrder } from "../../src/visits/order.store.ts";
import { openLedger } from "../helpers/ledger.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(openLedger);

/** Branches that were read so many minutes ago, and find so many changes an hour that nobody announced. */
async function branches(db: Db, of: Record<number, { minutes: number; pace?: number }>): Promise<void> {
  for (const [id, { minutes, pace = 0 }] of Object.entries(of)) {
    await addCompany(db, Number(id), await databaseNow(db));
    await db`
      update companies set last_pass_at = now() - ${minutes}::float8 * interval '1 minute', unannounced = ${pace},
        first_pass_at = now(), mark = now()
      where company_id = ${Number(id)}`;
  }
}

/** Records that webhooks hinted at so many seconds ago. */
const hints = (db: Db, id: number, ...seconds: number[]) => db`
  insert into look_again (company_id, record_id, reason, due_at)
  select ${id}, n, 'hint', now() - s::float8 * interval '1 second'
  from unnest(${seconds.map(String)}::text[]) with ordinality as t (s, n)`;

const all: Among = { among: [], passed: [], passing: [], rechecking: [], quiet: [], everyMs: 60_000 };

/** In which order they are read, each once. */
async function order(db: Db, among: number[], changes: Partial<Among> = {}): Promise<string[]> {
  const done: number[] = [];
  const found: string[] = [];
  for (;;) {
    const choice = { ...all, among, ...changes };
    const next = await nextBranch(db, { ...choice, among: among.filter((id) => !done.includes(id)) });
    if (!next) return found;
    done.push(next.companyId);
    found.push(`${next.companyId} ${next.by === "pass" && !next.due ? "page of hints" : next.by}`);
  }
}

test("the busiest goes first, and of equals whoever waits longest", async ({ db }) => {
  await branches(db, {
    1: { minutes: 3 },
    2: { minutes: 2, pace: 60 },
    3: { minutes: 5 },
    4: { minutes: 4, pace: 20 },
  });
  expect(await order(db, [1, 2, 3, 4])).toEqual(["4 pass", "2 pass", "3 pass", "1 pass"]);
});

test("a branch whose webhooks tell all rests while others are busy, and not for ever", async ({ db }) => {
  await branches(db, { 1: { minutes: 10 }, 2: { minutes: 3, pace: 50 } });
  expect(await order(db, [1, 2])).toEqual(["2 pass", "1 pass"]);
  await db`update companies set last_pass_at = last_pass_at - interval '10 minutes' where company_id = 1`;
  expect(await order(db, [1, 2])).toEqual(["1 pass", "2 pass"]);
});

test("what webhooks hinted at goes first, one record by itself and several by a page", async ({ db }) => {
  await branches(db, { 1: { minutes: 0.5, pace: 200 }, 2: { minutes: 0.1 }, 3: { minutes: 0.1 } });
  await hints(db, 2, 5);
  await hints(db, 3, 5, 4, 3);
  expect(await order(db, [1, 2, 3])).toEqual(["3 page of hints", "2 rechecks"]);
  expect(await order(db, [1, 2, 3], { everyMs: 10_000 })).toEqual([
    "1 pass",
    "3 page of hints",
    "2 rechecks",
  ]);
});

test("beside a pass that lasts its hints are read one by one, and so in a first pass", async ({ db }) => {
  await branches(db, { 1: { minutes: 5 }, 2: { minutes: 5 } });
  await hints(db, 1, 5, 4);
  await hints(db, 2, 3, 2);
  await db`update companies set mark = null, window_from = '2026-03-01' where company_id = 2`;
  expect(await order(db, [1, 2], { passing: [1, 2] })).toEqual(["2 rechecks"]);
  expect(await order(db, [1, 2], { passed: null })).toEqual(["1 page of hints", "2 rechecks"]);
  expect(await order(db, [1, 2], { passed: null, passing: [1], rechecking: [1] })).toEqual(["2 rechecks"]);
  expect(await order(db, [1, 2], { passed: null, quiet: [1, 2] })).toEqual([]);
});

test("a pass is due in a branch that was never read, whose windows are not all in, or by a clock that was put back", async ({
  db,
}) => {
  await branches(db, { 2: { minutes: 0.1 }, 3: { minutes: 0.2 }, 4: { minutes: -60 }, 5: { minutes: 0.3 } });
  await db`update companies set window_from = '2026-03-01' where company_id = 3`;
  expect(await order(db, [9, 2, 3, 4, 5])).toEqual(["9 pass", "4 pass", "3 pass"]);
  expect(await order(db, [9, 2, 3, 4, 5], { passed: [9, 4] })).toEqual(["3 pass"]);
});

test("one that fails again and again does not keep the others waiting", async ({ db }) => {
  await branches(db, { 1: { minutes: 9, pace: 9 }, 2: { minutes: 4, pace: 9 } });
  expect(await order(db, [1, 2])).toEqual(["1 pass", "2 pass"]);
  for (let time = 0; time < 3; time++) await failed(db, 1, "refused");
  expect(await order(db, [1, 2])).toEqual(["2 pass", "1 pass"]);
});

test("one that has failed for days is tried last, and in its turn all the same", async ({ db }) => {
  await branches(db, { 1: { minutes: 60 * 24 * 9 }, 2: { minutes: 4 } });
  for (let time = 0; time < 3; time++) await failed(db, 1, "refused");
  const lastTried = (minutes: number) => db`
    insert into jobs (name, holder, held_until)
    values ('sync_records:1', 'us', now() - ${minutes}::float8 * interval '1 minute')
    on conflict (name) do update set held_until = excluded.held_until`;
  await lastTried(1);
  expect(await order(db, [1, 2])).toEqual(["2 pass", "1 pass"]);
  await lastTried(15);
  expect(await order(db, [1, 2])).toEqual(["1 pass", "2 pass"]);
});

test("how much a branch's passes find is known by what they found of late, and forgotten within the hour", async ({
  db,
}) => {
  await branches(db, { 1: { minutes: 60, pace: 0 } });
  const pace = async (minutes: number, found: number | null) => {
    await db`update companies set last_pass_at = now() - ${minutes}::float8 * interval '1 minute'`;
    await passed(db, 1, { isPass: true, unannounced: found });
    const [row] = await db<{ pace: number }[]>`select unannounced::float8 as pace from companies`;
    return Math.round(row?.pace ?? -1);
  };
  expect(await pace(60, 30)).toBe(24); // an hour's 30, and a quarter of the nothing before it
  expect(await pace(1, 2)).toBe(30);
  expect(await pace(1, null)).toBe(30); // that pass asked for no changes
  expect(await pace(60, 0)).toBe(6);
  expect(await pace(60 * 24, 0)).toBe(0);
  expect(await pace(-60, 5)).toBe(20); // a clock that was put back
});

test("a branch that found nothing for years is passed over all the same", async ({ db }) => {
  await branches(db, { 1: { minutes: 0, pace: 10 } });
  for (let year = 0; year < 200; year++) {
    await db`update companies set last_pass_at = now() - interval '1 year'`;
    await passed(db, 1, { isPass: true, unannounced: 0 });
  }
  expect(await db`select from companies where unannounced < 0.001`).toHaveLength(1);
});

test("what the last night did not come to is swept first", async ({ db }) => {
  await branches(db, { 1: { minutes: 1 }, 2: { minutes: 1 }, 3: { minutes: 1 } });
  await db`update companies set swept_at = now() - company_id * interval '1 day' where company_id < 3`;
  expect(await sweepOrder(db, [1, 2, 3, 9])).toEqual([3, 9, 2, 1]);
});
