// The edges of what a pass and a sweep read: the last record of a long list, the first day in sight, the last minute.
import { expect } from "bun:test";
import { moveMark } from "../../src/visits/branches.store.ts";
import { dueRechecks, requestRechecks } from "../../src/visits/recheck.store.ts";
import { ANNA, award, OLGA, openSalon, PETER, running } from "../helpers/salon.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(running);

test("a pass of more records than one transaction takes leaves none out", async () => {
  await using salon = await openSalon();
  for (let count = 0; count < 201; count++) salon.paid(ANNA, "2026-03-09T12:00:00Z", 10_000);
  expect(await salon.pass()).toEqual({ records: 201, awards: 201, corrections: 0, doubts: 0 });
  expect((await salon.ledger()).length).toBe(201);
});

test("changes on many pages are all taken, and the mark goes by the latest of them, on whichever page", async (salon) => {
  salon.api.maxCount = 1;
  const ids = [PETER, ANNA, PETER].map((one) => salon.paid(one, "2026-03-10T14:00:00Z", 100_000));
  for (const [place, hour] of ["17:20", "17:50", "17:40"].entries())
    salon.journal.record(ids[place] ?? 0).last_change_date = `2026-03-10T${hour}:00+0300`;
  salon.later(30);
  expect(await salon.pass()).toEqual({ records: 3, awards: 3, corrections: 0, doubts: 0 });
  expect((await salon.ledger()).map(([key]) => key)).toEqual([salon.id, ...ids].map((one) => `visit:${one}`));
  expect((await salon.company()).mark).toBe("2026-03-10T14:50:00.000Z");
});

test("records that come again, since the list moved while it was read, earn once", async () => {
  await using salon = await openSalon();
  const ids = [ANNA, PETER].map((one) => salon.paid(one, "2026-03-09T12:00:00Z", 100_000));
  const { yclients } = salon.sync;
  salon.sync.yclients = {
    ...yclients,
    async *pages(company, filter) {
      yield* yclients.pages(company, filter);
      yield* yclients.pages(company, filter);
    },
  };
  expect(await salon.pass()).toMatchObject({ awards: 2, corrections: 0, doubts: 0 });
  expect((await salon.ledger()).map(([key]) => key)).toEqual(ids.map((one) => `visit:${one}`));
});

test("while a window goes in the next one is being read, and no further one", async () => {
  await using salon = await openSalon({ programStart: "2026-02-10" });
  for (const day of ["2026-02-11", "2026-02-18", "2026-02-25", "2026-03-04"])
    salon.paid(ANNA, `${day}T12:00:00Z`, 100_000);
  const order: string[] = [];
  const { yclients } = salon.sync;
  salon.sync.yclients = {
    ...yclients,
    async *pages(company, filter) {
      order.push(`ask ${"from" in filter ? filter.from : ""}`);
      yield* yclients.pages(company, filter);
    },
  };
  salon.sync.count = (_, { records }) => void order.push(`${records} in`);
  await salon.pass();
  expect(order).toEqual([
    ...["ask 2026-02-10", "ask 2026-02-17", "1 in", "ask 2026-02-24", "1 in"],
    ...["ask 2026-03-03", "1 in", "ask 2026-03-10", "1 in", "0 in"],
  ]);
});

test("a sweep of many pages takes no record of the earlier ones for vanished", async () => {
  await using salon = await openSalon();
  salon.api.maxCount = 1;
  for (const one of [ANNA, PETER, OLGA]) salon.paid(one, "2026-03-09T12:00:00Z", 100_000);
  salon.later(180);
  await salon.pass();
  salon.later(60);
  await salon.sweep();
  expect(await salon.looks()).toEqual([]);
});

test("a sweep that cannot read an awarded record says that, and not that it is gone", async (salon) => {
  salon.journal.put({ ...salon.journal.record(salon.id), attendance: 9 });
  await salon.sweep();
  expect(await salon.looks()).toEqual([[salon.id, "unreadable", 0]]);
  expect(await salon.ledger()).toEqual([award(salon.id)]);
});

test("before the first pass is over a sweep reads no records", async () => {
  await using salon = await openSalon();
  salon.paid(ANNA, "2026-03-09T12:00:00Z", 100_000);
  await salon.sweep();
  expect([salon.asked(), await salon.ledger()]).toEqual([[`/company/${salon.branch}`], []]);
});

test("the mark goes by YCLIENTS's clock in every pass, when ours is ahead", async (salon) => {
  salon.sync.now = () => new Date(salon.clock.now.getTime() + 7_200_000);
  salon.paid(PETER, "2026-03-10T14:00:00Z", 100_000);
  await salon.pass();
  const start = salon.clock.now.getTime();
  expect((await salon.company()).mark).toBe(new Date(start - 60_000).toISOString());
});

test("of yesterday's visits no payment is proof of none where the right shows today's alone", async (salon) => {
  salon.api.permissions.finances_last_days_count = 1;
  await salon.sweep();
  salon.journal.record(salon.id).last_change_date = "2026-03-10T23:00:00+0300";
  salon.later(60);
  await salon.pass();
  expect(await salon.ledger()).toEqual([award(salon.id)]);
  expect(await salon.visits()).toEqual([[salon.id, "awarded"]]);
});

test("a mark that comes late, of a program that was stopped and woken, moves nothing back", async (salon) => {
  const before = await salon.company();
  await moveMark(salon.db, salon.branch, new Date("2026-03-10T09:00:00Z"), salon.clock.now);
  expect(await salon.company()).toEqual(before);
});

test.each(["2026-02-24", "2026-03-10"])(
  "a sweep misses a record of %s, its first or last day, that is gone",
  async (day) => {
    await using salon = await openSalon({ programStart: "2026-02-01" });
    const id = salon.paid(ANNA, `${day}T07:00:00Z`, 100_000);
    await salon.pass();
    salon.journal.record(id).company_id = 1; // a branch nobody reads
    await salon.sweep();
    expect(await salon.looks()).toEqual([[id, "record_vanished", 0]]);
  },
);

test("the programme's first day that an import has set stays when the branch is first read", async () => {
  await using salon = await openSalon({ programStart: null });
  await salon.db`insert into companies (company_id, program_start) values (${salon.branch}, '2026-02-20')`;
  const id = salon.paid(ANNA, "2026-02-21T12:00:00Z", 100_000);
  await salon.pass();
  expect(await salon.visits()).toEqual([[id, "awarded"]]);
  expect([...(await salon.db`select program_start::text as day from companies`)]).toEqual([
    { day: "2026-02-20" },
  ]);
});

test("a hint at a record that was put off is looked at without waiting", async (salon) => {
  await requestRechecks(salon.db, salon.branch, [{ recordId: salon.id, reason: "unreadable", error: "why" }]);
  await salon.db`update look_again set due_at = now() + interval '6 hours', tries = 9`;
  expect(await dueRechecks(salon.db, salon.branch, 9)).toEqual([]);
  await requestRechecks(salon.db, salon.branch, [{ recordId: salon.id, reason: "hint", error: null }]);
  expect((await dueRechecks(salon.db, salon.branch, 9)).map(({ recordId }) => recordId)).toEqual([salon.id]);
});
