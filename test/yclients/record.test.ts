// A raw record of YCLIENTS becomes a reading: every example and every quirk of research/yclients-api.md, §8 and §9.
import { describe, expect, test } from "bun:test";
import { decide, type Terms } from "../../src/visits/visit.rule.ts";
import { type Reading, readRecord } from "../../src/yclients/record.ts";
import realPage from "../fixtures/records-page.json";

const readAt = new Date("2026-03-12T09:00:00Z");
const goods: Terms = { percent: 100, earnOn: "services,goods", earnWhen: "paid", paidBy: "payments" };
const services: Terms = { ...goods, earnOn: "services" };
const prices: Terms = { ...goods, paidBy: "prices" };

const anna = { id: 9001, name: "Анна", phone: "+79001234567" };
const line = {
  ...{ id: 11, title: "Уход", cost: 3500, cost_to_pay: 3500, manual_cost: 3500 },
  ...{ cost_per_unit: 3500, discount: 0, first_cost: 3500, amount: 1 },
};
const operation = { id: 990001, record_id: 700100201, expense_id: 5, amount: 3500, item_id: 11 };
/** §8.1 without what nobody reads. */
const example = {
  ...{ id: 700100201, company_id: 4242, staff_id: 51, visit_id: 600100900, client: anna, comer: null },
  ...{ services: [line], goods_transactions: [], date: "2026-03-10 12:00:00" },
  ...{ datetime: "2026-03-10T12:00:00+03:00", last_change_date: "2026-03-10T13:20:41+0300" },
  ...{ attendance: 1, visit_attendance: 1, deleted: false, paid_full: 1, payment_status: 1 },
  ...{ finance_transactions: [operation] },
};
const expected: Reading = {
  ...{ recordId: 700100201, visitId: 600100900, client: anna, day: "2026-03-10", readAt },
  ...{ startsAt: new Date("2026-03-10T09:00:00Z"), changedAt: new Date("2026-03-10T10:20:41Z") },
  ...{ deleted: false, paidFull: true, attendance: 1 },
  ...{ price: 350_000, servicesPaid: 350_000, goodsPaid: 0 },
};

function read(raw: object, zone: string | null = null): Reading {
  const reading = readRecord(raw, readAt, zone);
  if ("why" in reading) throw new Error(reading.why);
  return reading;
}

function judged(raw: object, terms: Terms): [string, number | null, number] {
  const reading = read(raw);
  const state = { ...reading, hasClient: reading.client !== null, forgotten: false };
  const { word, paid, points } = decide(state, terms, "2026-03-01");
  return [word, paid, points];
}

const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(example).filter(([name]) => !names.includes(name)));

describe("the examples", () => {
  test("8.1: a visit paid in full makes one percent", () => {
    expect(readRecord(example, readAt)).toEqual(expected);
    expect(judged(example, goods)).toEqual(["awarded", 350_000, 3_500]);
  });

  test("8.2: a time block is paid in full with nothing paid, and earns nothing", () => {
    const block = {
      ...{ id: 700100305, visit_id: 0, services: [], goods_transactions: [], client: null, comer: null },
      ...{ date: "2026-03-10 15:00:00", datetime: "2026-03-10T15:00:00+03:00" },
      ...{ last_change_date: "2026-03-10T09:01:02+0300", attendance: 0, paid_full: 1, deleted: false },
      ...{ custom_fields: [], documents: [], finance_transactions: [] },
    };
    expect(read(block)).toMatchObject({
      visitId: null,
      client: null,
      price: 0,
      servicesPaid: 0,
      goodsPaid: 0,
    });
    expect(judged(block, goods)).toEqual(["no_client", 0, 0]);
    expect(judged({ ...block, client: anna }, goods)).toEqual(["nothing_paid", 0, 0]);
  });

  test("8.3: one checkout of two records counts goods once, no fee, and no line times its amount", () => {
    const sold = { id: 5001, good_id: 77, amount: -1, cost_per_unit: 990, cost: 792.5, cost_to_pay: 792.5 };
    const both = { ...example, goods_transactions: [sold], client: { ...anna, id: 9002 } };
    const op = (id: number, record_id: number, expense_id: number, amount: number) => ({
      ...{ id, record_id, expense_id, amount },
    });
    const first = {
      ...{ ...both, id: 700200001 },
      services: [
        { ...line, cost: 1600, cost_to_pay: 1600, manual_cost: 2000, cost_per_unit: 2000, amount: 1 },
        { ...line, cost: 800, cost_to_pay: 800, manual_cost: 1000, cost_per_unit: 500, amount: 2 },
      ],
      finance_transactions: [
        op(991001, 700200001, 5, 1600),
        op(991002, 700200001, 5, 800),
        {
          ...op(991003, 700200001, 412345, -48),
          comment: "Автоматически созданная операция списания комиссии за эквайринг.",
        },
      ],
    };
    const second = {
      ...{ ...both, id: 700200002 },
      services: [{ ...line, cost: 1207.49, cost_to_pay: 1207.49, manual_cost: 1500 }],
      finance_transactions: [op(991004, 700200002, 5, 1207.49), op(991005, 700200002, 7, 792.5)],
    };
    const table = [services, goods, prices].map((terms) => [judged(first, terms), judged(second, terms)]);
    expect(table).toEqual([
      [
        ["awarded", 240_000, 2_400],
        ["awarded", 120_749, 1_207],
      ],
      [
        ["awarded", 240_000, 2_400],
        ["awarded", 199_999, 2_000],
      ],
      [
        ["awarded", 240_000, 2_400],
        ["awarded", 120_749, 1_207],
      ],
    ]);
  });

  test("8.4: deleted after payment gives nothing", () => {
    const gone = { ...example, deleted: true, paid_full: 0, payment_status: 0, finance_transactions: [] };
    expect(judged(gone, goods)).toEqual(["deleted", 0, 0]);
  });

  test("of a deleted record nobody asks whether it is paid: its points are taken back where that is not said", () => {
    for (const paid_full of [null, undefined])
      expect(judged({ ...example, deleted: true, paid_full }, goods)).toEqual(["deleted", 350_000, 0]);
  });

  test("a checkout's discount spread in kopecks makes whole points over its records", () => {
    const parts = [11523.81, 10476.19].map((amount) =>
      judged({ ...example, finance_transactions: [{ ...operation, amount }] }, goods),
    );
    expect(parts).toEqual([
      ["awarded", 1_152_381, 11_524],
      ["awarded", 1_047_619, 10_476],
    ]);
  });
});

describe("quirks", () => {
  test("strings for numbers, 0 and 1 for booleans", () => {
    const odd = {
      ...{ ...example, id: "700100201", visit_id: "600100900", paid_full: "1", attendance: "1", deleted: 0 },
      client: { ...anna, id: "9001" },
      services: [{ ...line, cost: "3500.00", cost_to_pay: "3500.00" }],
      finance_transactions: [
        { id: "990001", record_id: "700100201", expense_id: "5", amount: "3500.00", deleted: "0" },
      ],
    };
    expect(readRecord(odd, readAt)).toEqual(expected);
    const paidFull = (paid_full: unknown) => read({ ...example, paid_full }).paidFull;
    expect([true, "true", 1, "1", 2, "2", 3].map(paidFull)).toEqual(Array(7).fill(true)); // 2 is overpaid
    expect([false, "false", 0, "0"].map(paidFull)).toEqual(Array(4).fill(false));
    expect(
      [0, "0", false, "false", null, undefined].map((deleted) => read({ ...example, deleted }).deleted),
    ).toEqual(Array(6).fill(false));
    expect([-1, "-1", 0, 2, null].map((attendance) => read({ ...example, attendance }).attendance)).toEqual([
      ...[-1, -1, 0, 2, 0],
    ]);
    expect([1, "1", true].map((deleted) => read({ ...example, deleted }).deleted)).toEqual([
      true,
      true,
      true,
    ]);
  });

  test("a client that is missing, empty or without an id is nobody", () => {
    for (const client of [null, undefined, [], {}, "", 0, false, { id: 0 }, { id: null }, [[]]])
      expect(readRecord({ ...example, client }, readAt)).toEqual({ ...expected, client: null });
  });

  test("a client as a list of one is that one; a masked, empty or missing phone is none", () => {
    expect(read({ ...example, client: [anna] }).client).toEqual(anna);
    const phones = ["+7 900 ***-**-67", "", undefined, null, "нет", "123", {}];
    for (const phone of phones)
      expect(read({ ...example, client: { ...anna, phone } }).client).toEqual({ ...anna, phone: null });
    const written = [79001234567, "8 900 123-45-67", "79001234567", "9001234567", "+7 (900) 123 45 67"];
    for (const phone of written)
      expect(read({ ...example, client: { ...anna, phone } }).client).toEqual(anna);
  });

  test("a name may be missing, odd or long, and has no control characters", () => {
    const names = [undefined, null, 7, "", "  ", "А\u0000нна\n", "я".repeat(500)];
    expect(names.map((name) => read({ ...example, client: { ...anna, name } }).client?.name)).toEqual([
      ...[null, null, null, null, null, "А нна", "я".repeat(100)],
    ]);
    expect(read({ ...example, client: { ...anna, name: "", display_name: "Аня" } }).client?.name).toBe("Аня");
  });

  test("stamps come with and without a colon in their offset; one that makes no sense is no stamp", () => {
    const stamps = [
      ...["2026-03-10T13:20:41+0300", "2026-03-10T13:20:41+03:00", "2026-03-10 13:20:41+0300"],
      ...["2026-03-10T10:20:41Z", "2026-03-10T05:20:41-0500"],
    ];
    for (const last_change_date of stamps)
      expect(readRecord({ ...example, last_change_date }, readAt)).toEqual(expected);
    for (const last_change_date of [
      null,
      undefined,
      "",
      0,
      "2026-03-10",
      "-0001-11-30T00:00:00+0230",
      "0001-01-01T00:00:00+0300",
      "+275760-09-12T00:00:00+0000",
      "9999-12-31T23:59:59-1200",
    ]) {
      expect(readRecord({ ...example, last_change_date }, readAt)).toEqual({ ...expected, changedAt: null });
    }
  });

  test("the session's day is the branch's own, from whichever field says it", () => {
    const late = { date: "2026-03-10 00:30:00", datetime: "2026-03-10T00:30:00+03:00" };
    expect(read({ ...example, ...late })).toMatchObject({
      ...{ day: "2026-03-10", startsAt: new Date("2026-03-09T21:30:00Z") },
    });
    for (const date of [
      undefined,
      null,
      "",
      "10.03.2026 12:00",
      "0000-00-00 00:00:00",
      "2026-02-31 12:00:00",
    ]) {
      expect(readRecord({ ...example, date }, readAt)).toEqual(expected);
    }
    expect(readRecord({ ...without("datetime") }, readAt)).toEqual(expected);
  });

  test("the branch's wall time decides when a session is, where its zone is known", () => {
    const at = (changes: object, zone: string | null) => {
      const { day, startsAt } = read({ ...example, ...changes }, zone);
      return [day, startsAt.toISOString().slice(0, 16)];
    };
    const late = { date: "2026-03-10 00:30:00", datetime: "2026-03-10T00:30:00+04:00" };
    expect(at(late, "Europe/Moscow")).toEqual(["2026-03-10", "2026-03-09T21:30"]);
    expect(at(late, null)).toEqual(["2026-03-10", "2026-03-09T20:30"]);
    expect(at({ ...late, datetime: "2026-03-09T23:30:00+03:00" }, "Europe/Moscow")[1]).toBe(
      "2026-03-09T21:30",
    );
    expect(at({ ...late, datetime: null }, "Europe/Moscow")[1]).toBe("2026-03-09T21:30");
    // Without it the instant is all there is, and its day is the branch's.
    expect(at({ date: null, datetime: "2026-03-09T21:30:00Z" }, "Europe/Moscow")).toEqual([
      ...["2026-03-10", "2026-03-09T21:30"],
    ]);
    expect(at({ date: "2026-03-10 25:00:00" }, "Europe/Moscow")[1]).toBe("2026-03-10T09:00");
    // The hour that comes twice in Berlin: datetime says which.
    const twice = (offset: string) => ({
      ...{ date: "2026-10-25 02:30:00", datetime: `2026-10-25T02:30:00${offset}` },
    });
    expect(["+02:00", "+01:00", "+05:00"].map((offset) => at(twice(offset), "Europe/Berlin")[1])).toEqual([
      ...["2026-10-25T00:30", "2026-10-25T01:30", "2026-10-25T00:30"],
    ]);
  });

  test("all but the ids, the time and whether it is paid may be missing", () => {
    const { id, datetime } = example;
    expect(readRecord({ id, datetime, paid_full: 0 }, readAt)).toEqual({
      ...expected,
      ...{ visitId: null, client: null, paidFull: false, attendance: 0, changedAt: null },
      ...{ price: 0, servicesPaid: null, goodsPaid: null },
    });
    expect(read({ ...example, attendance: null }).attendance).toBe(0);
  });

  test.each<[string, unknown]>([
    ["id", {}],
    ["id", { ...example, id: "x" }],
    ["id", { ...example, id: 0 }],
    ["the record itself", null],
    ["the record itself", "текст"],
    ["id", { ...example, id: " 5" }],
    ["id", { ...example, id: "0x10" }],
    ["attendance", { ...example, attendance: 7 }],
    ["attendance", { ...example, attendance: "" }],
    ["deleted", { ...example, deleted: 2 }],
    ["deleted", { ...example, deleted: "да" }],
    ["paid_full", { ...example, paid_full: null }],
    ["paid_full", without("paid_full")],
    ["paid_full", { ...example, paid_full: -1 }],
    ["paid_full", { ...example, paid_full: 0.5 }],
    ["paid_full", { ...example, paid_full: "part" }],
    ["paid_full", { ...example, paid_full: [] }],
    ["client", { ...example, client: { ...anna, id: "x" } }],
    ["client", { ...example, client: { ...anna, id: 2 ** 53 } }],
    ["datetime", { ...example, datetime: "+275760-09-12T00:00:00+00:00", date: "275760-09-12 00:00:00" }],
    ["services", { ...example, services: [line, { ...line, cost_to_pay: 9_999_999_999.99 }] }],
    ["services", { ...example, services: [{ ...line, cost_to_pay: 1e12 }] }],
    ["datetime", { ...example, datetime: "вчера", date: "" }],
    ["datetime", { ...without("datetime", "last_change_date") }],
    ["datetime", { ...example, datetime: "0001-01-01T00:00:00+0300", date: "0001-01-01 00:00:00" }],
    ["services", { ...example, services: [{ ...line, cost_to_pay: "много" }] }],
  ])("what has no sense in %s is unreadable, and says only where", (where, raw) => {
    const { id } = Object(raw);
    expect(readRecord(raw, readAt)).toEqual({
      ...{ recordId: typeof id === "number" && id > 0 ? id : null, why: expect.stringContaining(where) },
    });
  });
});

describe("payments", () => {
  const paid = (finance_transactions: unknown) => {
    const { servicesPaid, goodsPaid } = read({ ...example, finance_transactions });
    return [servicesPaid, goodsPaid];
  };
  const of = (...changes: object[]) =>
    paid(changes.map((change, index) => ({ ...operation, id: index + 1, ...change })));

  test("that are missing, null or no list are unknown; an empty list is a real zero", () => {
    expect([undefined, null, {}, "", 0, false].map(paid)).toEqual(Array(6).fill([null, null]));
    expect([paid([]), judged({ ...example, finance_transactions: [] }, goods)]).toEqual([
      [0, 0],
      ["nothing_paid", 0, 0],
    ]);
    expect(judged(without("finance_transactions"), goods)).toEqual(["payment_unknown", null, 0]);
  });

  test("of which one cannot be read are unknown as a whole", () => {
    expect([
      of({}, { id: "x" }),
      of({}, { amount: "много" }),
      of({}, { amount: null }),
      of({ amount: 1e10 }),
      of({ amount: 9_999_999_999 }, { amount: 9_999_999_999 }),
      of({ amount: 9_999_999_999 }, { amount: 9_999_999_999, expense_id: 7 }),
      of({}, { deleted: 7 }),
      paid([null]),
    ]).toEqual(Array(8).fill([null, null]));
  });

  test("count once an id, signed, undeleted, and only where they belong to this record", () => {
    expect(of({ id: 7 }, { id: 7 }, { id: "7" })).toEqual([350_000, 0]);
    expect(of({}, { amount: -1000 }, { amount: "-0.01" })).toEqual([249_999, 0]);
    expect(of({}, { deleted: true }, { deleted: "1" }, { deleted: 1 })).toEqual([350_000, 0]);
    expect(of({}, { record_id: 700100202 }, { record_id: null, amount: 1 })).toEqual([350_100, 0]);
  });

  test("are told apart by their system item alone; all others are not the client's money", () => {
    const named = (id: unknown) => ({ expense_id: undefined, expense: { id, title: "Оплата", type: 7 } });
    expect(of({}, { expense_id: 7, amount: 990.5 }, { expense_id: 412345, amount: -48 })).toEqual([
      350_000, 99_050,
    ]);
    expect(of(named(5), named("7"), named(412345))).toEqual([350_000, 350_000]);
    expect(of({ expense_id: null, expense: [] })).toEqual([0, 0]);
  });

  test("are summed in whole kopecks", () => {
    expect(
      of({ amount: 0.1 }, { amount: 0.2 }, { amount: 11523.81 }, { amount: 1.1 }, { amount: 2.2 }),
    ).toEqual([1_152_741, 0]);
  });
});

test("prices are the final ones of whole lines: cost_to_pay, else cost, never times the amount", () => {
  const price = (...lines: object[]) => read({ ...example, services: lines }).price;
  expect([
    price({ amount: 4, cost_per_unit: 5000, first_cost: 20000, cost: 20000 }),
    price({ amount: 2, cost: 900, cost_to_pay: 800 }, { cost: "11523.81", cost_to_pay: null }, {}),
    read({ ...example, services: {} }).price,
    read(without("services")).price,
  ]).toEqual([2_000_000, 1_232_381, 0, 0]);
});

test("every record of a real page can be read; what was paid for services is their final prices", () => {
  const readings = realPage.data.map((raw) => read(raw));
  const full = readings.filter((one) => one.paidFull && one.price > 0);
  expect([readings.length, full.length]).toEqual([50, 38]);
  expect(full.filter((one) => one.servicesPaid !== one.price)).toEqual([]);
});
