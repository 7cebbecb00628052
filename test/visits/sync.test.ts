// A pass over the journal: what it asks, what it awards, where its mark goes, and what it looks at again.

import { describe, expect } from "bun:test";
import type { JournalRecord } from "../../src/standins/yclients/record.ts";
import { rehearse } from "../../src/visits/dry-run.ts";
import { postReadings } from "../../src/visits/post.ts";
import { syncRecords, syncSince } from "../../src/visits/sync.ts";
import type { Terms } from "../../src/visits/visit.rule.ts";
import realPage from "../fixtures/records-page.json";
import { programmeOf } from "../helpers/ledger.ts";
import { ANNA, OLGA, openSalon, PETER, running, type Salon } from "../helpers/salon.ts";
import { expectSound } from "../helpers/sound.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(openSalon);

const REAL = 198823;

/** The real page's branch. Its newest stamp is of 20 April 2026. */
async function realSalon(earnOn: "services" | "services,goods"): Promise<Salon> {
  const salon = await openSalon({
    ...{ branch: REAL, timeZone: "Asia/Yekaterinburg", now: "2026-04-21T06:00:00Z" },
    ...{ programStart: "2026-04-01" },
    terms: { percent: 100, earnOn, earnWhen: "paid", paidBy: "payments" },
  });
  for (const raw of realPage.data) salon.journal.put(structuredClone(raw));
  return salon;
}

const total = async ({ db }: Salon) => {
  const [row] = await db<{ rows: number; points: number }[]>`
    select count(*)::int as rows, sum(points) as points from bonuslog`;
  return row;
};

describe("a real page", () => {
  test.each([
    ["services,goods", 848_681],
    ["services", 832_942],
  ] as const)(
    "makes 38 awards of %s and 12 records with a word; again it adds nothing",
    async (earnOn, points) => {
      await using salon = await realSalon(earnOn);
      expect(await salon.pass()).toEqual({ records: 50, awards: 38, corrections: 0, doubts: 0 });
      const words = () => salon.db`select decision, count(*)::int from visits group by 1 order by 1`;
      const before = [await total(salon), [...(await words())]];
      expect(before[0]).toEqual({ rows: 38, points });
      expect((await salon.visits()).length).toBe(50);
      expect((await salon.visits()).filter(([, word]) => word !== "awarded").length).toBe(12);
      salon.asked();
      salon.later(1);
      expect(await salon.pass()).toEqual({ records: 0, awards: 0, corrections: 0, doubts: 0 });
      expect(salon.asked()).toEqual(["2026-04-21T09:59:00"]);
      expect(await syncSince(salon.sync, salon.branch, "2026-04-01")).toEqual({
        ...{ records: 50, awards: 0, corrections: 0, doubts: 0 },
      });
      expect([await total(salon), [...(await words())]]).toEqual(before);
      expect(await salon.looks()).toEqual([]);
      await expectSound(salon.db);
    },
  );
});

describe("the first pass", () => {
  test("goes by seven session days from the programme's start; the last window is open for what is paid ahead", async (salon) => {
    const early = salon.paid(ANNA, "2026-02-28T12:00:00Z", 100_000);
    const first = salon.paid(ANNA, "2026-03-01T12:00:00Z", 200_000);
    const ahead = salon.paid(PETER, "2026-05-01T12:00:00Z", 300_000);
    expect(await salon.pass()).toEqual({ records: 2, awards: 2, corrections: 0, doubts: 0 });
    expect(salon.asked()).toEqual([
      ...[`/company/${salon.branch}`, "2026-03-01..2026-03-07", "2026-03-08.."],
    ]);
    expect(await salon.ledger()).toEqual([
      [`visit:${first}`, ANNA.phone, 2_000, "paid"],
      [`visit:${ahead}`, PETER.phone, 3_000, "paid"],
    ]);
    expect(await salon.company()).toEqual({
      ...{ mark: "2026-03-10T08:59:00.000Z", windowFrom: null, failures: 0, lastError: null },
    });
    // Its change brings in the record from before the start: it has its word, and no points.
    salon.later(5);
    expect(await salon.pass()).toEqual({ records: 3, awards: 0, corrections: 0, doubts: 0 });
    expect(await salon.visits()).toEqual([
      ...[
        [early, "before_start"],
        [first, "awarded"],
        [ahead, "awarded"],
      ],
    ]);
  });

  test("that has lasted long enough lets others by, and the next one goes on where it stopped, changes first", async (salon) => {
    const first = salon.paid(ANNA, "2026-03-01T12:00:00Z", 200_000);
    const ahead = salon.paid(PETER, "2026-05-01T12:00:00Z", 300_000);
    const { sync, branch } = salon;
    const short = (windows: number) => syncRecords(sync, branch, undefined, () => windows-- <= 1);
    expect(await short(2)).toMatchObject({ awards: 1 });
    expect(await salon.company()).toMatchObject({ windowFrom: "2026-03-08", mark: null });
    expect(await short(0)).toMatchObject({ records: 0 });
    expect(await short(2)).toMatchObject({ awards: 1 });
    expect(await salon.company()).toMatchObject({ windowFrom: null, mark: "2026-03-10T08:59:00.000Z" });
    expect(salon.asked()).toEqual([
      ...[`/company/${salon.branch}`, "2026-03-01..2026-03-07", "2026-03-08.."],
    ]);
    expect((await salon.ledger()).map(([key]) => key)).toEqual([`visit:${first}`, `visit:${ahead}`]);
  });

  test("catches afterwards what changed while it lasted, its mark being its own first start", async (salon) => {
    const paid = salon.paid(ANNA, "2026-03-02T12:00:00Z", 100_000);
    // While the second window is asked for, the first one's record is refunded.
    let asked = 0;
    const { yclients } = salon.sync;
    salon.sync.yclients = {
      ...yclients,
      pages: (company, filter) => {
        asked += 1;
        salon.later(asked === 2 ? 90 : 0);
        if (asked === 2) salon.journal.refund(paid);
        return yclients.pages(company, filter);
      },
    };
    await salon.pass();
    expect((await salon.ledger()).length).toBe(1);
    expect((await salon.company()).mark).toBe("2026-03-10T08:59:00.000Z");
    salon.later(1);
    await salon.pass();
    expect(await salon.ledger()).toEqual([
      [`visit:${paid}`, ANNA.phone, 1_000, "paid"],
      [`visit:${paid}:2`, ANNA.phone, -1_000, "not_paid"],
    ]);
  });

  test("starts again from an earlier day when PROGRAM_START is moved back; the mark stays", async () => {
    await using salon = await openSalon({ programStart: "2026-03-08" });
    const old = salon.paid(ANNA, "2026-02-20T12:00:00Z", 100_000);
    const recent = salon.paid(ANNA, "2026-03-09T12:00:00Z", 200_000);
    await salon.pass();
    salon.later(5);
    await salon.pass();
    expect(await salon.visits()).toEqual([
      [old, "before_start"],
      [recent, "awarded"],
    ]);
    salon.later(5);
    const { mark } = await salon.company();
    salon.asked();
    salon.sync.programStart = "2026-02-18";
    await salon.pass();
    expect(salon.asked()).toEqual([
      "2026-03-10T11:00:00", // what is new comes first
      ...["2026-02-18..2026-02-24", "2026-02-25..2026-03-03", "2026-03-04.."],
    ]);
    expect(await salon.ledger()).toEqual([
      [`visit:${recent}`, ANNA.phone, 2_000, "paid"],
      [`visit:${old}`, ANNA.phone, 1_000, "paid"],
    ]);
    expect(await salon.company()).toMatchObject({ mark, windowFrom: null });
    await salon.pass();
    expect(salon.asked()).toEqual(["2026-03-10T11:00:00"]);
  });

  test("PROGRAM_START moved forward and back decides again what lies between, and touches no award", async () => {
    await using salon = await openSalon({ programStart: "2026-03-01" });
    const { journal, branch } = salon;
    const awarded = salon.paid(ANNA, "2026-03-02T12:00:00Z", 100_000);
    const startsAt = new Date("2026-03-03T12:00:00Z");
    const services = [{ title: "Уход", cost: 300_000 }];
    const between = journal.book({ companyId: branch, client: ANNA, startsAt, services });
    const booked = journal.book({ companyId: branch, client: PETER, startsAt, services });
    const words = async (...of: string[]) =>
      expect(await salon.visits()).toEqual([awarded, between, booked].map((id, at) => [id, of[at] ?? ""]));
    await salon.pass();
    await words("awarded", "not_paid", "not_paid");
    salon.sync.programStart = "2026-03-09";
    salon.later(5);
    journal.pay(between);
    await salon.pass();
    await words("awarded", "before_start", "before_start");
    salon.sync.programStart = "2026-03-01";
    salon.asked();
    salon.later(5);
    expect(await salon.pass()).toMatchObject({ awards: 1, corrections: 0 });
    expect(salon.asked()).toEqual(["2026-03-10T11:04:00", "2026-03-01..2026-03-07", "2026-03-08.."]);
    await words("awarded", "awarded", "not_paid");
    // Once is enough.
    salon.later(5);
    await salon.pass();
    expect(salon.asked()).toEqual(["2026-03-10T11:05:00"]);
    await expectSound(salon.db);
  });

  test("a start that moved ahead while other terms came in decides again on both sides of it", async () => {
    await using salon = await openSalon({ programStart: "2026-03-01" });
    const client = { companyId: salon.branch, client: ANNA, services: [{ title: "Уход", cost: 300_000 }] };
    const early = salon.journal.book({ ...client, startsAt: new Date("2026-03-02T12:00:00Z") });
    salon.later(120); // past the overlap: the next pass does not read it again
    await salon.pass();
    salon.sync.programStart = "2026-03-09";
    salon.sync.terms = { ...salon.sync.terms, percent: 500 };
    salon.later(5);
    const later = salon.paid(PETER, "2026-03-09T12:00:00Z", 100_000);
    await salon.pass();
    expect(await salon.visits()).toEqual([
      [early, "before_start"],
      [later, "awarded"],
    ]);
  });

  const goods = { expense_id: 7, expense: { id: 7, title: "Товары" } };
  test.each<[string, Partial<Terms>, (record: JournalRecord) => unknown]>([
    ["EARN_WHEN", { earnWhen: "arrived" }, (record) => Object.assign(record, { attendance: 0 })],
    ["PAID_BY", { paidBy: "prices" }, (record) => Object.assign(record, { services: [] })],
    ["EARN_ON", { earnOn: "services" }, ({ finance_transactions: [one] }) => Object.assign(one ?? {}, goods)],
    [
      "BONUS_PERCENT",
      { percent: 1 },
      ({ finance_transactions: [one] }) => Object.assign(one ?? {}, { amount: 40 }),
    ],
  ])(
    "%s changed decides again what earned nothing, as a dry run says, and touches no award",
    async (_, other, spoil) => {
      const usual: Terms = { percent: 100, earnOn: "services,goods", earnWhen: "paid", paidBy: "payments" };
      await using salon = await openSalon({ terms: { ...usual, ...other } });
      const { journal, db } = salon;
      const good = salon.paid(PETER, "2026-03-02T12:00:00Z", 100_000);
      journal.arrive(good);
      const left = salon.paid(ANNA, "2026-03-02T12:00:00Z", 100_000);
      spoil(journal.record(left));
      salon.later(600);
      await salon.pass();
      expect((await salon.ledger()).map(([key]) => key)).toEqual([`visit:${good}`]);
      salon.sync.terms = usual;
      salon.later(5);
      const verdicts: (string | number | null)[][] = [];
      const rehearsal = { ...salon.sync, yclients: salon.client() };
      for await (const { recordId, change } of rehearse(rehearsal, salon.branch, null))
        if (change !== 0) verdicts.push([`visit:${recordId}`, ANNA.phone, change]);
      expect(verdicts).toHaveLength(1);
      await salon.pass();
      expect((await salon.ledger()).slice(1).map((row) => row.slice(0, 3))).toEqual(verdicts);
      await expectSound(db);
    },
  );

  test("starts on the day of the first start by the branch's clock, which is kept", async () => {
    await using salon = await openSalon({
      ...{ programStart: null, timeZone: "Asia/Vladivostok", now: "2026-03-10T20:00:00Z" },
    });
    await salon.pass();
    salon.later(3 * 1440);
    await salon.pass();
    expect(salon.asked().slice(1)).toEqual(["2026-03-11..", "2026-03-11T04:59:00"]);
    expect([...(await salon.db`select program_start as day from companies`)]).toEqual([
      { day: "2026-03-11" },
    ]);
  });
});

test("earlier windows are in the branch's days: --since reads them again and leaves the mark", async () => {
  await using salon = await openSalon({ programStart: "2026-03-10" });
  await salon.pass();
  const { mark } = await salon.company();
  salon.asked();
  salon.later(600);
  await syncSince(salon.sync, salon.branch, "2026-03-01");
  expect(salon.asked()).toEqual(["2026-03-01..2026-03-07", "2026-03-08.."]);
  expect(await salon.company()).toMatchObject({ mark, windowFrom: null });
});

test.each(["a sweep", "--since"])("what webhooks hint at is read between the pages of %s", async (what) => {
  await using salon = await running();
  for (const id of [404, 405]) await salon.hint(id);
  await (what === "a sweep" ? salon.sweep() : syncSince(salon.sync, salon.branch, "2026-03-01"));
  expect(await salon.looks()).toEqual([]);
});

describe("the mark", () => {
  test.each([
    ["Europe/Moscow", "2026-03-10T09:00:00Z", "2026-03-10T10:59:00"],
    ["Asia/Vladivostok", "2026-03-10T15:30:00Z", "2026-03-11T00:29:00"],
    // New York springs forward at 07:00 UTC of 8 March and falls back at 06:00 UTC of 1 November.
    ["America/New_York", "2026-03-08T06:30:00Z", "2026-03-08T00:29:00"],
    ["America/New_York", "2026-03-08T07:30:00Z", "2026-03-08T01:29:00"],
    ["America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T00:29:00"],
    ["America/New_York", "2026-11-01T06:30:00Z", "2026-11-01T01:29:00"],
  ])("is asked from as %s's wall time with an hour's overlap: %s", async (timeZone, now, after) => {
    await using salon = await openSalon({ timeZone, now, programStart: now.slice(0, 10) });
    await salon.pass();
    salon.asked();
    await salon.pass();
    expect(salon.asked()).toEqual([after]);
  });

  test("loses nothing in the hour that New York's clock shows twice", async () => {
    await using salon = await openSalon({
      ...{ timeZone: "America/New_York", now: "2026-11-01T04:00:00Z", programStart: "2026-10-31" },
    });
    await salon.pass();
    const keys: string[] = [];
    for (let step = 0; step < 12; step++) {
      salon.later(15);
      keys.push(`visit:${salon.paid(ANNA, "2026-11-01T12:00:00Z", 100_000)}`);
      salon.later(2);
      await salon.pass();
    }
    expect((await salon.ledger()).map(([key]) => key)).toEqual(keys);
  });

  test("moves to the highest stamp worked, never past the pass's start less a minute, never back", async (salon) => {
    const marks: (string | null)[] = [];
    const pass = async () => {
      await salon.pass();
      marks.push((await salon.company()).mark);
    };
    await pass();
    salon.later(30);
    const id = salon.paid(ANNA, "2026-03-10T12:00:00Z", 100_000);
    await pass(); // stamped at the very start of the pass
    salon.later(30);
    await pass(); // the same stamp, half an hour old
    await pass();
    const future = {
      ...structuredClone(salon.journal.record(id)),
      id: 7,
      last_change_date: "2030-01-01T00:00:00+0300",
    };
    salon.journal.put(future);
    salon.later(30);
    await pass();
    salon.journal.put({ ...future, last_change_date: "2026-03-10T12:00:01+0300" });
    salon.journal.put({ ...future, id: 8, last_change_date: "" });
    await pass();
    expect(marks).toEqual([
      "2026-03-10T08:59:00.000Z",
      "2026-03-10T09:29:00.000Z",
      "2026-03-10T09:30:00.000Z",
      "2026-03-10T09:30:00.000Z",
      "2026-03-10T10:29:00.000Z",
      "2026-03-10T10:29:00.000Z",
    ]);
  });

  test("goes by YCLIENTS's clock, not by ours", async (salon) => {
    salon.sync.now = () => new Date(salon.clock.now.getTime() + 7_200_000);
    await salon.pass();
    expect((await salon.company()).mark).toBe("2026-03-10T08:59:00.000Z");
  });
});

test("a stale reading changes nothing, whatever its stamp", async (salon) => {
  const id = salon.paid(ANNA, "2026-03-09T12:00:00Z", 100_000);
  const old = await salon.sync.yclients.record(salon.branch, id);
  if (!old || "why" in old) throw new Error("not read");
  await salon.pass();
  salon.later(5);
  salon.journal.refund(id);
  await salon.pass();
  const before = [await salon.ledger(), [...(await salon.db`select * from visits`)]];
  const programme = programmeOf({ companyId: salon.branch });
  const stale = { ...old, changedAt: new Date("2026-03-10T20:00:00Z") };
  expect(await postReadings(salon.db, programme, [stale], null)).toMatchObject({ awards: 0, corrections: 0 });
  expect([await salon.ledger(), [...(await salon.db`select * from visits`)]]).toEqual(before);
  expect(before[0]).toEqual([
    [`visit:${id}`, ANNA.phone, 1_000, "paid"],
    [`visit:${id}:2`, ANNA.phone, -1_000, "not_paid"],
  ]);
});

describe("the sweep", () => {
  test("reads the branch's zone again: what was read by another one is read again, and nothing is passed over", async () => {
    // Vladivostok is seven hours ahead of Moscow, by which the salon lives.
    const setting = { timeZone: "Asia/Vladivostok", now: "2026-03-10T20:00:00Z" };
    await using salon = await openSalon(setting);
    const { journal, branch, db } = salon;
    const early = salon.paid(ANNA, "2026-03-11T05:00:00Z", 100_000);
    salon.later(30);
    await salon.pass();
    const state = async () => [
      ...(await db`select title, time_zone as zone, program_start as start from companies`),
      ...(await db`select starts_at as at, day from visits where record_id = ${early}`),
    ];
    const at = new Date("2026-03-11T05:00:00Z");
    expect(await state()).toEqual([
      { title: "Салон", zone: "Asia/Vladivostok", start: "2026-03-11" },
      { at, day: "2026-03-11" },
    ]);
    journal.addCompany({ id: branch, title: "Салон на Мира", timeZone: "Europe/Moscow" });
    Object.assign(journal.record(early), {
      ...{ datetime: "2026-03-11T15:00:00+0300", last_change_date: "2026-03-10T23:00:00+0300" },
    });
    salon.later(90);
    const missed = salon.paid(PETER, "2026-03-11T10:00:00Z", 200_000);
    // The pass asks seven hours ahead and sees nothing; then what is stamped by then, and the mark goes with it.
    expect(await salon.pass()).toMatchObject({ records: 0 });
    salon.later(480);
    const seen = salon.paid(OLGA, "2026-03-11T10:00:00Z", 300_000);
    expect(await salon.pass()).toMatchObject({ records: 1, awards: 1 });
    salon.later(1);
    salon.asked();
    await salon.sweep();
    expect(salon.asked()[0]).toBe(`/company/${branch}`);
    await salon.pass();
    expect(salon.asked()).toEqual(["2026-02-25T07:59:00", "2026-03-01..2026-03-07", "2026-03-08.."]);
    expect(await state()).toEqual([
      { title: "Салон на Мира", zone: "Europe/Moscow", start: "2026-03-10" },
      { at: new Date("2026-03-11T12:00:00Z"), day: "2026-03-11" },
    ]);
    salon.later(1);
    await salon.pass();
    expect(salon.asked()[0]).toStartWith("2026-03-11T"); // the two weeks that were asked for again are in
    expect((await salon.ledger()).map(([key]) => key)).toEqual(
      [early, seen, missed].map((id) => `visit:${id}`),
    );
    expect(salon.log.join("")).toContain('"was":"Asia/Vladivostok","is":"Europe/Moscow"');
    await expectSound(db);
  });

  test("goes by the zone that is known while YCLIENTS names none", async (salon) => {
    await salon.pass();
    salon.asked();
    salon.api.faults.next({ body: { success: true, data: { timezone_name: "Mars/Olympus" }, meta: [] } });
    expect(await salon.sweep()).toMatchObject({ records: 0 });
    expect(salon.asked()).toEqual([`/company/${salon.branch}`, "2026-02-24..2026-03-10"]);
    expect([...(await salon.db`select time_zone as zone from companies`)]).toEqual([
      { zone: "Europe/Moscow" },
    ]);
  });

  test("catches a refund that moved no stamp, of the last fourteen days and no earlier", async () => {
    await using salon = await openSalon({ programStart: "2026-02-01" });
    const older = salon.paid(ANNA, "2026-02-23T12:00:00Z", 100_000);
    const within = salon.paid(ANNA, "2026-02-24T12:00:00Z", 200_000);
    salon.later(180);
    await salon.pass();
    for (const id of [older, within]) salon.journal.refund(id, { stamp: false });
    await salon.pass();
    expect((await salon.ledger()).length).toBe(2);
    salon.asked();
    expect(await salon.sweep()).toEqual({ records: 1, awards: 0, corrections: 1, doubts: 0 });
    expect(salon.asked()).toEqual([`/company/${salon.branch}`, "2026-02-24..2026-03-10"]);
    expect((await salon.ledger()).slice(2)).toEqual([[`visit:${within}:2`, ANNA.phone, -2_000, "not_paid"]]);
  });

  test("sets an awarded record aside that is gone, and takes nothing back", async (salon) => {
    const id = salon.paid(ANNA, "2026-03-09T12:00:00Z", 100_000);
    await salon.pass();
    salon.journal.put({ ...salon.journal.record(id), company_id: 1 }); // one more, in a branch nobody reads
    salon.journal.record(id).company_id = 1;
    await salon.sweep();
    expect(await salon.looks()).toEqual([[id, "record_vanished", 0]]);
    expect((await salon.ledger()).length).toBe(1);
  });

  test("waits for a pass that is under way, and does nothing before the first pass is over", async (salon) => {
    expect(await salon.sweep()).toEqual({ records: 0, awards: 0, corrections: 0, doubts: 0 });
    await salon.pass();
    await salon.db`update jobs set held_until = clock_timestamp() + interval '0.2 seconds'`;
    salon.asked();
    expect(await salon.pass()).toBeNull();
    expect(await salon.sweep()).toEqual({ records: 0, awards: 0, corrections: 0, doubts: 0 });
    expect(salon.asked()).toEqual([`/company/${salon.branch}`, "2026-02-24..2026-03-10"]);
  });
});
