// What goes wrong around a pass: outages and odd answers. Nothing is lost, and unknown is not zero.
import { describe, expect } from "bun:test";
import { databaseNow } from "../../src/db/connect.ts";
import { must } from "../../src/errors.ts";
import { findCompany } from "../../src/visits/branches.store.ts";
import {
  clearRechecks,
  dueRechecks,
  finishRecheck,
  requestRechecks,
} from "../../src/visits/recheck.store.ts";
import { ANNA, award, failure, OLGA, openSalon, PETER, running, type Salon } from "../helpers/salon.ts";
import { expectSound } from "../helpers/sound.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(running);

describe("a pass that fails", () => {
  test("on its second page keeps the first one, and the mark where it was; the next one gets all, each once", async (salon) => {
    const { id } = salon;
    const before = await salon.company();
    salon.api.maxCount = 2;
    const ids = [PETER, OLGA, PETER].map((one) => salon.paid(one, "2026-03-10T14:00:00Z", 50_000));
    salon.later(2);
    salon.api.faults.always({ page: 2, html: true });
    expect(await failure(salon.pass())).toBe("YCLIENTS could not be reached: it answered 502");
    expect((await salon.ledger()).map(([key]) => key)).toEqual(
      [id, ...ids.slice(0, 2)].map((one) => `visit:${one}`),
    );
    expect(await salon.company()).toEqual({
      ...{ ...before, failures: 1, lastError: "YCLIENTS could not be reached: it answered 502" },
    });
    salon.api.faults.clear();
    expect(await salon.pass()).toEqual({ records: 3, awards: 1, corrections: 0, doubts: 0 });
    expect((await salon.ledger()).map(([key]) => key)).toEqual([id, ...ids].map((one) => `visit:${one}`));
    expect(await salon.company()).toMatchObject({
      mark: "2026-03-10T15:00:00.000Z",
      failures: 0,
      lastError: null,
    });
  });

  test("is counted; owners are told after the third, and when it is over", async (salon) => {
    salon.alarms.length = 0;
    salon.api.faults.always({ status: 401 });
    const no =
      "YCLIENTS answered 401: Необходима авторизация (check YCLIENTS_PARTNER_TOKEN and YCLIENTS_USER_TOKEN; a changed password ends the user's token, and loyalty-bot token prints a new one)";
    const told: number[] = [];
    for (let time = 0; time < 4; time++) {
      expect(await failure(salon.pass())).toBe(no);
      told.push(salon.alarms.length);
    }
    salon.api.faults.clear();
    await salon.pass();
    expect(told).toEqual([0, 0, 1, 2]);
    expect(salon.alarms).toEqual([
      [`refused:${salon.branch}`, "401"],
      [`refused:${salon.branch}`, "401"],
      ...["sync", "refused", "moved", "untrusted"].map(
        (about) => [`${about}:${salon.branch}`, null] as const,
      ),
    ] as typeof salon.alarms);
  });

  test("in its third window goes on from there, and does not ask for the earlier ones again", async () => {
    await using salon = await openSalon({ programStart: "2026-02-10" });
    const days = ["2026-02-11", "2026-02-18", "2026-02-25", "2026-03-04"];
    const ids = days.map((day) => salon.paid(ANNA, `${day}T12:00:00Z`, 100_000));
    const { yclients } = salon.sync;
    salon.sync.yclients = {
      ...yclients,
      pages: (company, filter) => {
        if ("from" in filter && filter.from === "2026-02-24") salon.api.faults.always({ status: 403 });
        return yclients.pages(company, filter);
      },
    };
    await failure(salon.pass());
    expect(salon.asked().slice(1)).toEqual([
      ...["2026-02-10..2026-02-16", "2026-02-17..2026-02-23", "2026-02-24..2026-03-02"],
    ]);
    expect((await salon.ledger()).length).toBe(2);
    expect(await salon.company()).toMatchObject({ windowFrom: "2026-02-24", mark: null });
    salon.api.faults.clear();
    salon.sync.yclients = yclients;
    salon.later(600);
    await salon.pass();
    expect(salon.asked()).toEqual(["2026-02-24..2026-03-02", "2026-03-03..2026-03-09", "2026-03-10.."]);
    expect((await salon.ledger()).map(([key]) => key)).toEqual(ids.map((id) => `visit:${id}`));
    expect(await salon.company()).toMatchObject({ windowFrom: null, mark: "2026-03-10T08:59:00.000Z" });
  });

  test("to name its branch still reads it; the first start's day is kept until it can", async () => {
    await using salon = await openSalon({ programStart: null });
    salon.api.faults.always({ path: /company/, status: 403 });
    const id = salon.journal.book({
      ...{ companyId: salon.branch, client: ANNA, startsAt: new Date("2026-03-10T12:00:00Z") },
      services: [{ title: "Уход", cost: 100_000 }],
    });
    await salon.pass();
    salon.later(2 * 1440);
    salon.journal.pay(id);
    await salon.pass();
    salon.api.faults.clear();
    const other = salon.paid(PETER, "2026-03-10T12:00:00Z", 200_000);
    await salon.pass();
    expect((await salon.ledger()).map(([key]) => key)).toEqual([`visit:${id}`, `visit:${other}`]);
  });

  test("because the program stops is not counted", async (salon) => {
    const stopping = new AbortController();
    salon.sync.signal = stopping.signal;
    salon.sync.yclients = salon.client({ signal: stopping.signal });
    salon.api.faults.always({ delayMs: 500 });
    const pass = failure(salon.pass());
    await Bun.sleep(60);
    stopping.abort();
    expect(await pass).not.toBe("fine");
    expect(await salon.company()).toMatchObject({ failures: 0 });
  });
});

describe("a record that cannot be read", () => {
  test("is set aside and stops nothing; read later it is awarded and its row goes", async (salon) => {
    const good = salon.paid(PETER, "2026-03-10T14:00:00Z", 50_000);
    const odd = structuredClone(salon.journal.record(good));
    const broken = { ...odd, id: 55, attendance: 9, finance_transactions: [] };
    salon.journal.put(broken);
    expect(await salon.pass()).toMatchObject({ records: 1, awards: 1 });
    expect(await salon.looks()).toEqual([[55, "unreadable", 0]]);
    await salon.pass();
    expect(await salon.looks()).toEqual([[55, "unreadable", 1]]);
    salon.journal.put({ ...odd, id: 55, finance_transactions: [{ id: 1, expense_id: 5, amount: 700 }] });
    await salon.due();
    await salon.pass();
    expect(await salon.looks()).toEqual([]);
    expect((await salon.ledger()).slice(1)).toEqual([
      [`visit:${good}`, PETER.phone, 500, "paid"],
      ["visit:55", PETER.phone, 700, "paid"],
    ]);
    expect(salon.log.join("")).not.toMatch(/Анна|Пётр|7900/);
    expect(salon.id).toBeGreaterThan(0);
  });

  test.each([
    ["500", { status: 500 }],
    ["HTML", { html: true, status: 200 }],
    ["422", { status: 422 }],
    ["success: false", { successFalse: true }],
  ])("one by one for %s is put off, and the pass goes on to the others", async (_, fault) => {
    await using salon = await running();
    const { id } = salon;
    const other = salon.paid(PETER, "2026-03-10T14:00:00Z", 50_000);
    await salon.hint(id);
    salon.api.faults.always({ path: /\/record\//, ...fault });
    await salon.pass();
    expect((await salon.ledger()).map(([key]) => key)).toEqual([`visit:${id}`, `visit:${other}`]);
    expect(await salon.looks()).toEqual([[id, "hint", 1]]);
    salon.api.faults.clear();
    await salon.due();
    await salon.pass();
    expect(await salon.looks()).toEqual([]);
  });

  test("and has vanished stays set aside, asked for more and more seldom", async (salon) => {
    await salon.db`insert into look_again (company_id, record_id, reason) values (${salon.branch}, 404, 'unreadable')`;
    const waits: number[] = [];
    for (let time = 0; time < 12; time++) {
      await salon.due();
      await salon.pass();
      const [row] = await salon.db<{ wait: number }[]>`
        select round(extract(epoch from due_at - now()) / 30)::int as wait from look_again`;
      waits.push(row?.wait ?? 0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 720, 720]);
    expect(await salon.looks()).toEqual([[404, "record_vanished", 12]]);
    expect(await salon.ledger()).toEqual([award(salon.id)]);
  });
});

describe("a hint", () => {
  test("is read ahead of the changes and removed; one that comes during its look is read again", async (salon) => {
    const { id } = salon;
    salon.journal.refund(id, { stamp: false });
    await salon.hint(id);
    const hint = { recordId: id, reason: "hint" as const, error: null };
    const asked: unknown[] = [];
    const { yclients } = salon.sync;
    salon.sync.yclients = {
      ...yclients,
      record: async (company, record) => {
        const read = await yclients.record(company, record);
        if (salon.api.requests.length === 1) await requestRechecks(salon.db, salon.branch, [hint]);
        asked.push(...(await salon.looks()));
        return read;
      },
    };
    await salon.pass();
    const look = `/record/${salon.branch}/${id}`;
    expect(salon.asked().slice(0, 2)).toEqual([look, look]);
    expect(asked).toEqual([
      [id, "hint", 0],
      [id, "hint", 0],
    ]);
    expect(await salon.looks()).toEqual([]);
    expect(await salon.ledger()).toEqual([award(id), [`visit:${id}:2`, ANNA.phone, -1_000, "not_paid"]]);
  });

  test("that comes after the look's record was believed, before the look is over, survives too", async (salon) => {
    const { db, branch } = salon;
    await requestRechecks(db, branch, [{ recordId: salon.id, reason: "unreadable", error: "odd" }]);
    const [look] = await dueRechecks(db, branch, 50);
    await clearRechecks(db, branch, [{ recordId: salon.id, readAt: await databaseNow(db) }]);
    expect(await salon.looks()).toEqual([]);
    await requestRechecks(db, branch, [{ recordId: salon.id, reason: "hint", error: null }]);
    await finishRecheck(db, must(look, "the look"));
    expect(await salon.looks()).toEqual([[salon.id, "hint", 0]]);
  });
});

describe("unknown is not zero", () => {
  const doubts: [string, string, (salon: Salon, id: number) => void][] = [
    [
      "payments are missing",
      "payment_unknown",
      ({ api }) => {
        api.faults.withoutFinance = true;
      },
    ],
    [
      "the sum falls and the stamp stands",
      "payment_fell",
      ({ journal }, id) => {
        const record = journal.record(id);
        record.finance_transactions = record.finance_transactions.map((one) => ({ ...one, amount: 400 }));
      },
    ],
  ];
  test.each(doubts)("where %s nothing is posted; a real refund then is", async (_, reason, spoil) => {
    await using salon = await running();
    const { id } = salon;
    spoil(salon, id);
    await salon.sweep();
    expect(await salon.looks()).toEqual([[id, reason, 0]]);
    await salon.pass();
    expect(await salon.looks()).toEqual([[id, reason, 1]]);
    expect(await salon.ledger()).toEqual([award(id)]);
    salon.api.faults.clear();
    salon.api.permissions.finances_last_days_count = -1;
    salon.journal.refund(id);
    salon.later(1);
    await salon.pass();
    expect(await salon.ledger()).toEqual([award(id), [`visit:${id}:2`, ANNA.phone, -1_000, "not_paid"]]);
    expect(await salon.looks()).toEqual([]);
    await expectSound(salon.db);
  });

  test("payments that go out of sight stay as they were said, are not waited for, and are read once the right is back", async (salon) => {
    const { id } = salon;
    salon.api.permissions.finances_last_days_count = 0;
    await salon.sweep();
    const other = salon.paid(PETER, "2026-03-10T14:00:00Z", 50_000);
    salon.journal.record(id).last_change_date = "2026-03-10T23:00:00+0300";
    salon.later(1);
    await salon.pass();
    expect(await salon.visits()).toEqual([
      [id, "awarded"],
      [other, "payment_unknown"],
    ]);
    expect([await salon.looks(), await salon.ledger()]).toEqual([[], [award(id)]]);
    // The state is stored, with the payments as they were said.
    expect([
      ...(await salon.db`select services_paid as paid, changed_at as at from visits where record_id = ${id}`),
    ]).toEqual([{ paid: 100_000, at: new Date("2026-03-10T20:00:00Z") }]);
    salon.later(300);
    salon.journal.arrive(id);
    await salon.pass();
    salon.api.permissions.finances_last_days_count = -1;
    salon.later(20 * 1440); // by then no sweep looks at these days
    await salon.sweep();
    await salon.pass();
    expect((await salon.ledger()).slice(1)).toEqual([[`visit:${other}`, PETER.phone, 500, "paid"]]);
    expect(await salon.looks()).toEqual([]);
    salon.api.permissions.finances_last_days_count = 0;
    await salon.sweep();
    salon.journal.refund(id);
    salon.later(1);
    await salon.pass();
    expect((await salon.ledger()).slice(2)).toEqual([[`visit:${id}:2`, ANNA.phone, -1_000, "not_paid"]]);
    await expectSound(salon.db);
  });

  test("a first award waits for its payments, and comes with them", async (salon) => {
    const other = salon.paid(PETER, "2026-03-10T14:00:00Z", 50_000);
    salon.api.faults.withoutFinance = true;
    await salon.pass();
    expect(await salon.visits()).toEqual([
      [salon.id, "awarded"],
      [other, "payment_unknown"],
    ]);
    expect(await salon.looks()).toEqual([[other, "payment_unknown", 0]]);
    salon.api.faults.clear();
    await salon.pass();
    expect([await salon.looks(), (await salon.ledger()).length]).toEqual([[], 2]);
  });
});

test("a sweep that has nothing to ask says nothing of how a branch is read", async () => {
  await using salon = await openSalon();
  salon.api.faults.always({ path: /\/records\//, status: 403 });
  for (let time = 0; time < 3; time++) await salon.pass().catch(() => {});
  salon.alarms.length = 0;
  await salon.sweep();
  expect([salon.alarms, (await salon.company()).failures]).toEqual([[], 3]);
});

test("a comment edited on a visit whose payments are out of sight is no refund, and owners hear of the right", async (salon) => {
  salon.api.permissions.finances_last_days_count = 0;
  await salon.sweep();
  salon.journal.record(salon.id).last_change_date = "2026-03-10T23:00:00+0300";
  salon.later(60);
  await salon.pass();
  expect(await salon.ledger()).toEqual([award(salon.id)]);
  expect(salon.alarms).toContainEqual([`rights:${salon.branch}`, "0"]);
});

test("a right that YCLIENTS once does not tell of is the one that it told of before: what it hides is no refund", async (salon) => {
  const days = async () => (await findCompany(salon.db, salon.branch))?.paymentDays;
  salon.api.permissions.finances_last_days_count = 0;
  await salon.sweep();
  salon.api.faults.next({
    path: /^\/user\/permissions/,
    status: 403,
    body: { success: false, data: null, meta: { message: "Нет прав" } },
  });
  salon.alarms.length = 0;
  await salon.sweep();
  salon.journal.record(salon.id).last_change_date = "2026-03-10T23:00:00+0300";
  salon.later(60);
  await salon.pass();
  expect(await salon.ledger()).toEqual([award(salon.id)]);
  expect(await days()).toBe(0);
  expect(salon.alarms).not.toContainEqual([`rights:${salon.branch}`, null]);
});

test("where the right to see payments is taken away, none that are shown is no refund", async (salon) => {
  salon.api.permissions.finances_transactions_access = false;
  await salon.sweep();
  Object.assign(salon.journal.record(salon.id), {
    finance_transactions: [],
    last_change_date: "2026-03-10T23:00:00+0300",
  });
  salon.later(60);
  await salon.pass();
  expect(await salon.ledger()).toEqual([award(salon.id)]);
});
