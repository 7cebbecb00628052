// Readings: passes of the timetable and what webhooks hint at, in a few lanes.
import { expect, test } from "bun:test";
import { makeReadings } from "../../src/app/readings.ts";
import { requestRechecks } from "../../src/visits/recheck.ts";
import { syncRecords } from "../../src/visits/sync.ts";
import { until } from "../helpers/program.ts";
import { ANNA, leaseOf, openSalon, PETER, running, type Salon } from "../helpers/salon.ts";

/** The readings of a program whose branches are the salon's and some that are not in its journal. */
function readingsOf({ sync, branch }: Salon, others: number[] = []) {
  const outcomes: string[] = [];
  const told: string[] = [];
  const readings = makeReadings({
    companyIds: [branch, ...others],
    ...{ sync, log: sync.log },
    metrics: { passed: (job, outcome) => void outcomes.push(`${job} ${outcome}`) },
    soon: { visits: () => void told.push("soon") },
  });
  return { ...readings, outcomes, told };
}

const hint = ({ db, branch }: Salon, ...ids: number[]) =>
  requestRechecks(
    db,
    branch,
    ids.map((recordId) => ({ recordId, reason: "hint", error: null })),
  );

const pay = (salon: Salon, count: number) =>
  Array.from({ length: count }, () => salon.paid(PETER, "2026-03-10T14:00:00Z", 1_000));

test("every branch is passed over once; one that fails stops none, and is asked once", async () => {
  await using salon = await openSalon();
  const id = salon.paid(ANNA, "2026-03-09T12:00:00Z", 1_000);
  const readings = readingsOf(salon, [777, 778]);
  await readings.passAll();
  expect(readings.outcomes.sort()).toEqual([
    "sync_records failed",
    "sync_records failed",
    "sync_records good",
  ]);
  expect((await salon.ledger()).map(([key]) => key)).toEqual([`visit:${id}`]);
  expect(readings.told).toEqual(["soon"]);
  await readings.passAll();
  expect(readings.told).toEqual(["soon"]); // nothing new
});

test("one record that a webhook hinted at is asked for by itself, several by one page, and told of soon", async () => {
  await using salon = await running();
  const readings = readingsOf(salon);
  const [one = 0, ...many] = pay(salon, 30);
  await hint(salon, one);
  readings.rechecks();
  await readings.stop();
  expect([salon.asked(), await salon.looks(), readings.told]).toEqual([
    [`/record/${salon.branch}/${one}`],
    [],
    ["soon"],
  ]);
  await hint(salon, ...many);
  // Each lane has a connection of its own ready, so that none is late to choose.
  await Promise.all(Array.from({ length: 4 }, () => salon.db`select pg_sleep(0.1)`));
  for (let lane = 0; lane < 4; lane++) readings.rechecks();
  await readings.stop();
  expect([salon.asked(), await salon.looks()]).toEqual([["2026-03-10T13:59:00"], []]);
  expect(readings.outcomes).toEqual(["sync_records good"]);
  expect(await salon.ledger()).toHaveLength(31);
});

test("several hints that the page does not answer are asked for one by one", async () => {
  await using salon = await running();
  const readings = readingsOf(salon);
  await hint(salon, 404, 405);
  readings.rechecks();
  await readings.stop();
  expect(salon.asked()).toEqual([
    "2026-03-10T13:59:00",
    `/record/${salon.branch}/404`,
    `/record/${salon.branch}/405`,
  ]);
  expect(await salon.looks()).toEqual([]);
});

test("webhooks that come together are read together", async () => {
  await using salon = await running();
  const readings = readingsOf(salon);
  for (const id of pay(salon, 3)) {
    await hint(salon, id);
    readings.rechecksIn(salon.branch, 1_000);
    readings.rechecks(); // the timetable's word comes in between
    await salon.db`select pg_sleep(0.05)`; // as long as a choice takes
  }
  await readings.stop();
  expect(salon.asked()).toEqual(["2026-03-10T13:59:00"]);
});

test("where YCLIENTS refuses every request a branch's hints rest, and come in when it is well, and the pass of the timetable comes all the same", async () => {
  await using salon = await running();
  const readings = readingsOf(salon);
  const [id] = pay(salon, 1);
  await hint(salon, Number(id));
  salon.api.faults.next({ path: /\/record\//, status: 401 });
  for (let time = 0; time < 3; time++) {
    readings.rechecks();
    await readings.stop();
  }
  expect(salon.asked()).toHaveLength(1);
  expect(salon.log.filter((line) => line.includes("what webhooks hinted at could not be read"))).toHaveLength(
    1,
  );
  expect(await salon.looks()).toEqual([[Number(id), "hint", 0]]);
  await readings.passAll();
  expect(await salon.looks()).toEqual([]);
});

test("what another program reads is left to it", async () => {
  await using salon = await running();
  const readings = readingsOf(salon);
  await hint(salon, ...pay(salon, 2));
  await salon.db`
    insert into jobs (name, holder, held_until)
    select job || ':' || ${salon.branch}::bigint, 'other', now() + interval '10 seconds'
    from unnest('{sync_records,look_again}'::text[]) job
    on conflict (name) do update set token = jobs.token + 1, held_until = excluded.held_until`;
  await readings.passAll();
  expect([salon.asked(), readings.outcomes]).toEqual([[], []]);
});

test("a pass is due again once its time is over, however many programs ask", async () => {
  await using salon = await running();
  const [one, other] = [readingsOf(salon), readingsOf(salon)];
  await Promise.all([one.passAll(60_000), other.passAll(60_000)]);
  expect(salon.asked()).toEqual([]); // it was passed over just now
  await salon.db`update companies set last_pass_at = now() - interval '50 seconds'`;
  salon.api.faults.next({ path: /records/, delayMs: 300 }); // a pass that is over at once may be chosen twice
  await Promise.all([one.passAll(60_000), other.passAll(60_000)]);
  expect(salon.asked()).toEqual(["2026-03-10T13:59:00"]);
});

test("the timetable goes on while readings last, and what is stopped begins nothing", async () => {
  await using salon = await openSalon();
  const stopping = new AbortController();
  salon.sync.signal = stopping.signal;
  const readings = readingsOf(salon);
  salon.api.faults.next({ path: /records/, delayMs: 1_000 });
  const began = performance.now();
  await readings.passAll(300);
  expect(performance.now() - began).toBeLessThan(900);
  await until(() => readings.outcomes.length > 0);
  stopping.abort();
  await readings.stop();
  salon.asked();
  readings.rechecks();
  readings.rechecksIn(salon.branch, 1);
  await readings.passAll();
  expect(salon.asked()).toEqual([]);
});

test("sessions that are read once more go on however long a pass has waited for what is new", async () => {
  await using salon = await running();
  await salon.db`update companies set window_from = '2026-03-01', last_pass_at = now() - interval '10 minutes'`;
  salon.api.faults.next({ path: /\/records\//, delayMs: 5_200 });
  await readingsOf(salon).passAll(60_000);
  expect(salon.asked()).toEqual(["2026-03-10T13:59:00", "2026-03-01..2026-03-07", "2026-03-08.."]);
  expect((await salon.company()).windowFrom).toBe(null);
});

test("a sweep is no pass: the next one comes at its turn", async () => {
  await using salon = await running();
  await salon.db`update companies set last_pass_at = now() - interval '1 hour'`;
  await salon.sweep();
  salon.asked();
  await readingsOf(salon).passAll(3_600_000);
  expect(salon.asked()).toEqual(["2026-03-10T13:59:00"]);
});

test("one record that YCLIENTS shows to nobody stops no pass, no sweep and no reading once more", async () => {
  await using salon = await running();
  await hint(salon, 404);
  salon.api.faults.always({ path: /\/record\//, status: 403 });
  pay(salon, 1);
  await salon.pass();
  expect((await salon.company()).failures).toBe(0);
  await salon.sweep();
  await salon.db`update companies set window_from = '2026-03-01'`;
  await salon.pass();
  expect([(await salon.company()).windowFrom, (await salon.ledger()).length]).toEqual([null, 2]);
  expect(await salon.looks()).toEqual([[404, "hint", 1]]);
  expect(salon.log.some((line) => line.includes("what webhooks hinted at could not be read"))).toBe(true);
});

test("several records that YCLIENTS shows to nobody are not asked for again and again", async () => {
  await using salon = await running();
  await hint(salon, 404, 405, 406);
  salon.api.faults.always({ path: /\/record\//, status: 403 });
  const readings = readingsOf(salon);
  readings.rechecks();
  await Promise.race([readings.stop(), Bun.sleep(2_000)]);
  expect(salon.asked().length).toBeLessThan(10);
  expect((await salon.looks()).length).toBe(3);
});

test("a database that is away is said, fails the round, and the next one reads", async () => {
  await using salon = await running();
  const readings = readingsOf(salon);
  await salon.db`alter table companies rename to elsewhere`;
  readings.rechecks();
  await readings.stop();
  expect(salon.log.filter((line) => line.includes("cannot be known"))).toHaveLength(1);
  expect(await readings.passAll().catch((error: Error) => error.message)).toContain("companies");
  await salon.db`alter table elsewhere rename to companies`;
  await readings.passAll();
  expect(readings.outcomes).toEqual(["sync_records good"]);
});

test("hints that a page does not answer, in the hands of a program that died, are asked for once it is known to", async () => {
  await using salon = await running();
  const readings = readingsOf(salon);
  await hint(salon, 404, 405);
  await salon.db`
    insert into jobs (name, holder, held_until) values ('look_again:' || ${salon.branch}::bigint, 'dead', now() + interval '2 seconds')
    on conflict (name) do update set token = jobs.token + 1, held_until = excluded.held_until`;
  await until(async () => {
    readings.rechecks();
    await Bun.sleep(50);
    return (await salon.looks()).length === 0;
  });
  expect(salon.asked()).toEqual([
    "2026-03-10T13:59:00",
    `/record/${salon.branch}/404`,
    `/record/${salon.branch}/405`,
  ]);
});

test("hints that come while one record is asked for are read by one page", async () => {
  await using salon = await running();
  const readings = readingsOf(salon);
  const [one = 0, ...many] = pay(salon, 4);
  salon.api.faults.next({ path: /\/record\//, delayMs: 1_500 });
  await hint(salon, one);
  readings.rechecks();
  await until(() => salon.api.requests.length > 0);
  await hint(salon, ...many);
  readings.rechecks();
  await readings.stop();
  expect([salon.asked(), await salon.looks()]).toEqual([
    [`/record/${salon.branch}/${one}`, "2026-03-10T13:59:00"],
    [],
  ]);
});

test("a record that a webhook hinted at is read beside what lasts: a sweep, or all sessions once more", async () => {
  await using salon = await running();
  const readings = readingsOf(salon);
  await hint(salon, ...pay(salon, 1));
  await leaseOf(salon);
  readings.rechecks();
  await readings.stop();
  expect(await salon.looks()).toEqual([]);
});

test("where the journal's lists cannot be read, what webhooks hint at is", async () => {
  await using salon = await running();
  const readings = readingsOf(salon);
  await hint(salon, ...pay(salon, 2));
  salon.api.faults.always({ path: /\/records\//, status: 403 });
  await readings.passAll();
  await readings.passAll();
  expect(await salon.looks()).toEqual([]);
});

test("pages of hints leave room for the passes of branches without webhooks", async () => {
  await using salon = await running();
  const ids = [1, 2, 3, 4, 5];
  const readings = readingsOf(salon, ids);
  for (const id of ids) {
    salon.journal.addCompany({ id, title: "Салон", timeZone: "Europe/Moscow" });
    await syncRecords(salon.sync, id);
    await requestRechecks(
      salon.db,
      id,
      [404, 405].map((recordId) => ({ recordId, reason: "hint", error: null })),
    );
  }
  await salon.db`update look_again set due_at = now() - interval '1 hour'`;
  await salon.db`update companies set last_pass_at = now() - interval '10 minutes' where company_id = ${salon.branch}`;
  salon.asked();
  salon.api.faults.next({ path: /\/records\/[1-5]$/, delayMs: 5_000, times: 5 });
  const turn = readings.passAll(60_000);
  await until(() => readings.outcomes.length > 0);
  expect(salon.api.requests.some(({ path }) => path.startsWith("/record/"))).toBe(false);
  await turn;
});
