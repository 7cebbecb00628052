// Values at the edge of every column: what our reader takes the database takes, and one odd record stops no other.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { cardOfPhone, madeCardOfPhone } from "../../src/cards/clients.store.ts";
import { nameStaff, staffNames } from "../../src/chat/staff.store.ts";
import { connect, inTransaction, refusedValue } from "../../src/db/connect.ts";
import { LeaseLost } from "../../src/jobs/leases.ts";
import { cardBalance } from "../../src/ledger/entries.store.ts";
import { postTill } from "../../src/ledger/ledger.ts";
import { shownName } from "../../src/rules/name.ts";
import { phoneOf, phoneOfContact, realPhoneOf } from "../../src/rules/phone.ts";
import { refusedReason, tidyReason } from "../../src/rules/reason.ts";
import { nameCompany } from "../../src/visits/branches.store.ts";
import { postWhatFits } from "../../src/visits/post.ts";
import { knownVisits } from "../../src/visits/visits.store.ts";
import { type Reading, readRecord } from "../../src/yclients/record.ts";
import { type Ledger, openLedger } from "../helpers/ledger.ts";
import { ANNA, failure, OLGA, openSalon, PETER } from "../helpers/salon.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger[Symbol.asyncDispose]());

const now = () => new Date(Date.UTC(2026, 2, 20));

describe("what our reader takes the database takes", () => {
  const edges = [
    0,
    1,
    2 ** 15,
    2 ** 31,
    2 ** 31 - 1,
    2 ** 53 - 1,
    2 ** 53,
    -1,
    1e10,
    1e12,
    9_999_999_999.99,
    1e14,
    1e21,
  ];
  const number = fc.oneof(fc.constantFrom(...edges), fc.double(), fc.integer());
  const sum = fc.oneof(
    number,
    fc.constantFrom("9999999999.99", "10000000000", "-9999999999.99", "1e10", "٣"),
    fc.double({ min: 0, max: 1e11 }),
  );
  const id = fc.oneof(
    fc.constantFrom(1, 2 ** 53 - 1, "9007199254740991", "9007199254740992"),
    fc.nat({ max: 1e6 }),
  );
  const digits = fc.stringMatching(/^[0-9]{5,16}$/);
  const phone = fc.oneof(
    digits,
    digits.map((some) => `+${some}`),
    // Short numbers with a trunk zero, which the library takes away.
    fc.stringMatching(/^\+(49|43|31|44|7|8|84|81|380|39|30)0?[0-9]{4,12}$/),
    fc.constantFrom("+49016513", "49012345", "+43012345", "+31011111", "+8 900 123-45-67", "\u0000", null),
  );
  const points = fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 120 });
  const name = fc.oneof(
    points.map((some) => String.fromCodePoint(...some)),
    fc.constantFrom("\u0000", "\ud800", "\udc00a", "\u3164", "а\u202eб", "\ufeff", "😀".repeat(101), null),
  );
  const year = fc.constantFrom(
    "0000",
    "0001",
    "1969",
    "1970",
    "2026",
    "9999",
    "10000",
    "+275760",
    "294277",
    "-4713",
  );
  const wall = fc
    .tuple(
      year,
      fc.constantFrom("01-01", "02-29", "12-31", "09-13"),
      fc.constantFrom("00:00:00", "23:59:60", "24:00:00"),
    )
    .map(([y, day, time]) => `${y}-${day} ${time}`);
  const stamp = fc
    .tuple(wall, fc.constantFrom("Z", "+1400", "-12:00", "+99:99"))
    .map(([text, offset]) => `${text.replace(" ", "T")}${offset}`);
  const code = fc.oneof(fc.constantFrom(-1, 0, 1, 2, "1", true, null, 32768, 0.5), number);
  /** Mostly sound: a record with one fault in ten fields would hide the other nine. */
  const mostly = <T>(good: fc.Arbitrary<T>, odd: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 12, arbitrary: good as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: odd });
  const raw = fc.record({
    id: mostly(fc.integer({ min: 1, max: 500 }), id),
    visit_id: mostly(fc.constant(7), fc.oneof(id, number)),
    client: mostly(
      fc.record({ id: fc.integer({ min: 1, max: 60 }), name, phone }),
      fc.oneof(fc.record({ id, name, display_name: name, phone }), fc.constant(null)),
    ),
    date: mostly(fc.constant("2026-03-10 12:00:00"), wall),
    datetime: mostly(fc.constant("2026-03-10T12:00:00+0300"), stamp),
    last_change_date: mostly(fc.constant("2026-03-10T12:00:00+0300"), stamp),
    deleted: mostly(fc.constant(false), code),
    attendance: mostly(fc.constant(1), code),
    paid_full: mostly(fc.constant(1), code),
    services: mostly(fc.constant([]), fc.array(fc.record({ cost: sum }), { maxLength: 3 })),
    finance_transactions: mostly(
      fc.constant([{ id: 1, expense_id: 5, amount: 3500 }]),
      fc.uniqueArray(fc.record({ id, expense_id: fc.constantFrom(5, 7), amount: sum }), {
        selector: (one) => String(one.id),
        maxLength: 3,
      }),
    ),
  });

  test("a total of many that the database takes is read, however large", async () => {
    const [row] = await ledger.db<{ total: number }[]>`
      select sum(9999999999.99::numeric(12, 2)) as total from generate_series(1, 900)`;
    expect(row?.total).toBe(899_999_999_999_100);
  });

  test.each([null, "Europe/Moscow", "Pacific/Kiritimati"])("in the zone %p", async (zone) => {
    let seconds = 0;
    let read = 0;
    const page = fc.uniqueArray(raw, { minLength: 12, maxLength: 40, selector: (one) => String(one.id) });
    await fc.assert(
      fc.asyncProperty(page, fc.constantFrom(1, 100, 10_000), async (some, percent) => {
        const readAt = new Date(now().getTime() + ++seconds * 1_000);
        const readings = some
          .map((one) => readRecord(one, readAt, zone))
          .filter((one): one is Reading => !("why" in one));
        read += readings.length;
        await ledger.agree({ percent });
        const { refused } = await postWhatFits(ledger.db, ledger.programme, readings, null);
        expect(refused).toEqual([]);
        const stored = await knownVisits(
          ledger.db,
          ledger.programme.companyId,
          readings.map((one) => one.recordId),
        );
        expect(stored.length).toBe(readings.length);
        // And what is stored can be read again, alone and in sum.
        for (const { card } of stored) if (card !== null) await cardBalance(ledger.db, card);
      }),
      { numRuns: 60 },
    );
    expect(read).toBeGreaterThan(300);
  });
});

describe("what Telegram brings", () => {
  const points = fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 120 });
  const odd = fc.constantFrom("\u0000", "\ud800", "\u3164", "\u061c", "٣", "7", " ", "😀", "ש", "-", "\n");
  const words = fc.oneof(
    points.map((some) => String.fromCodePoint(...some)),
    fc.array(odd, { maxLength: 120 }).map((some) => some.join("")),
  );
  const number = fc.stringMatching(/^\+?(8|7|49|43|31|84|380)?0?[0-9]{4,13}$/);

  test("a contact, a number that is typed, a name and a reason go in as they are read", async () => {
    await using own = await openLedger();
    await own.post({});
    let acts = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(number, words), words, fc.nat(), async (written, said, id) => {
        const phones = [phoneOf, phoneOfContact, realPhoneOf].flatMap((read) => read(written) ?? []);
        for (const phone of phones)
          expect(await madeCardOfPhone(own.db, phone)).toBe((await cardOfPhone(own.db, phone)) ?? 0);
        const name = shownName(said);
        const account = `telegram:${id + 1}`;
        if (name !== "") await nameStaff(own.db, account, name);
        expect(name === "" ? undefined : (await staffNames(own.db, [account])).get(account)).toBe(
          name || undefined,
        );
        const reason = tidyReason(said);
        if (refusedReason(reason) !== null) return;
        const credit = {
          card: 1,
          kind: "credit",
          points: 100,
          actor: "admin:1",
          key: `op:${++acts}`,
        } as const;
        const done = await postTill(own.db, { ...credit, ...(reason !== "" && { reason }) });
        expect(done.result).toBe("done");
      }),
      { numRuns: 150 },
    );
    expect(acts).toBeGreaterThan(50);
  });
});

describe("what the database still refuses", () => {
  test("is told from what a moment later may be otherwise", async () => {
    const why = async (work: Promise<unknown>) => work.then(() => "fine", refusedValue);
    const raised = (code: string) =>
      why(ledger.db.unsafe(`do $$ begin raise exception 'odd' using errcode = '${code}'; end $$`));
    for (const code of ["22003", "22021", "22P05", "21000", "54000"]) expect(await raised(code)).toBe(code);
    for (const code of ["55P03", "40001", "40P01", "57014", "57P01", "53300", "25006", "42501", "08006"])
      expect(await raised(code)).toBeNull();
    const { db } = ledger;
    expect(await why(db`insert into clients (phone) values ('+7')`)).toBe("phone_is_e164");
    expect(await why(db`select 12345678901234567890::bigint`)).toBe("22003");
    expect(await why(db`select 9007199254740993::bigint`)).toBe("out of range");
    expect(await why(db`select 1.001::numeric`)).toBe("out of range");
    expect(refusedValue(new LeaseLost("sync_records:1"))).toBeNull();
    expect(refusedValue(new Error("write CONNECTION_ENDED"))).toBeNull();
    expect(refusedValue(new TypeError("undefined is not a function"))).toBeNull();
    // A connection that a value was unreadable on is as good as before.
    expect(await db`select 1 as one`).toEqual([{ one: 1 }] as never);
  });

  test("is found by halving, whichever records of a page it is, and the rest goes in", async () => {
    await using own = await openLedger();
    await own.database.sql`alter table visits add constraint odd_price check (price <> 13.13)`;
    let first = 1_000;
    const page = fc.array(fc.boolean(), { minLength: 1, maxLength: 33 });
    await fc.assert(
      fc.asyncProperty(page, async (odd) => {
        const from = first;
        first += odd.length;
        const readings = odd.map((one, place) =>
          own.reading({ recordId: from + place, price: one ? 1_313 : 350_000 }),
        );
        const posted = await postWhatFits(own.db, own.programme, readings, null);
        const ids = (wanted: boolean) => odd.flatMap((one, place) => (one === wanted ? [from + place] : []));
        expect(posted.refused.map((one) => one.recordId)).toEqual(ids(true));
        expect(new Set(posted.refused.map((one) => one.why)).size).toBeLessThanOrEqual(1);
        expect(posted.rows.map((row) => row.recordId)).toEqual(ids(false));
        expect([posted.records, posted.awards]).toEqual([ids(false).length, ids(false).length]);
      }),
      { numRuns: 25 },
    );
    expect(await own.database.sql`select from visits where price = 13.13`).toHaveLength(0);
  });

  test("a sum that cannot be written down is set aside like any other", async () => {
    await using own = await openLedger();
    const [good, odd] = [own.reading({ recordId: 1 }), own.reading({ recordId: 2, price: 0.5 })];
    const { refused, awards } = await postWhatFits(own.db, own.programme, [good, odd], null);
    expect([awards, refused]).toEqual([1, [{ recordId: 2, why: "the database refuses it: out of range" }]]);
  });

  test("a lost lease and a lock that lasts are no value's fault: nothing is halved", async () => {
    await using own = await openLedger();
    const readings = [own.reading({ recordId: 1 }), own.reading({ recordId: 2 })];
    const lease = { name: "sync_records:1", token: 9 };
    await expect(postWhatFits(own.db, own.programme, readings, lease)).rejects.toThrow(LeaseLost);
    const [holder, hurried] = [connect(own.database.url, { max: 1 }), connect(own.database.url, { max: 1 })];
    await hurried`set lock_timeout = 100`;
    const held = Promise.withResolvers<void>();
    const free = Promise.withResolvers<void>();
    const holding = inTransaction(holder, async (tx) => {
      await tx`select pg_advisory_xact_lock(7305, 1)`;
      held.resolve();
      await free.promise;
    });
    await held.promise;
    await expect(postWhatFits(hurried, own.programme, readings, null)).rejects.toThrow("lock timeout");
    free.resolve();
    await holding;
    expect(await own.rows()).toEqual([]);
    await Promise.all([holder.end({ timeout: 1 }), hurried.end({ timeout: 1 })]);
  });
});

describe("a branch whose journal holds an odd record", () => {
  test("reads on: it is set aside with its reason, tried again, and goes in once it is sound", async () => {
    await using salon = await openSalon();
    await salon.database.sql`alter table clients add constraint odd check (name <> 'Неладная')`;
    const ids = [ANNA, { ...PETER, name: "Неладная" }, OLGA].map((who) =>
      salon.paid(who, "2026-03-10T08:00:00Z", 100_000),
    );
    salon.later(60);
    expect(await salon.pass()).toMatchObject({ records: 2, awards: 2, doubts: 1 });
    expect(await salon.looks()).toEqual([[ids[1] ?? 0, "unreadable", 0]]);
    const [look] = await salon.db<{ error: string }[]>`select error from look_again`;
    expect(look?.error).toBe("the database refuses it: odd");
    expect((await salon.company()).failures).toBe(0);
    expect((await salon.company()).mark).not.toBeNull();
    await salon.due();
    await salon.pass();
    expect(await salon.looks()).toEqual([[ids[1] ?? 0, "unreadable", 1]]);
    expect(salon.log.join("")).not.toContain("Неладная");
    await salon.database.sql`alter table clients drop constraint odd`;
    await salon.due();
    await salon.pass();
    expect([(await salon.ledger()).length, await salon.looks()]).toEqual([3, []]);
  });

  test.each(["+49016513", "49012345", "43012345", "31011111"])(
    "%s is no phone, and awards all the same",
    async (phone) => {
      await using salon = await openSalon();
      for (const who of [ANNA, { ...PETER, phone }, OLGA]) salon.paid(who, "2026-03-10T08:00:00Z", 100_000);
      salon.later(60);
      expect(await salon.pass()).toMatchObject({ records: 3, awards: 3 });
      expect((await salon.ledger()).map(([, whose]) => whose ?? null)).toEqual([
        ANNA.phone,
        null,
        OLGA.phone,
      ]);
    },
  );

  test("+8 900 is the card of +7 900", async () => {
    await using salon = await openSalon();
    for (const who of [ANNA, { ...ANNA, id: 9100, phone: "+8 900 123-45-67" }])
      salon.paid(who, "2026-03-10T08:00:00Z", 100_000);
    salon.later(60);
    await salon.pass();
    expect((await salon.ledger()).map(([, phone]) => phone)).toEqual([ANNA.phone, ANNA.phone]);
  });

  test("an overpaid visit is paid, and a code nobody knows is neither yes nor no", async () => {
    await using salon = await openSalon();
    const [over, odd, kept] = [ANNA, PETER, OLGA].map((who) =>
      salon.paid(who, "2026-03-10T08:00:00Z", 100_000),
    );
    salon.later(60);
    Object.assign(salon.journal.record(over ?? 0), { paid_full: 2 });
    Object.assign(salon.journal.record(odd ?? 0), { paid_full: "part" });
    expect(await salon.pass()).toMatchObject({ awards: 2 });
    expect(await salon.looks()).toEqual([[odd ?? 0, "unreadable", 0]]);
    Object.assign(salon.journal.record(kept ?? 0), { paid_full: null });
    salon.later(60);
    await salon.sweep();
    expect((await salon.ledger()).map((row) => row[2])).toEqual([1_000, 1_000]);
    expect((await salon.looks()).map(([id]) => id)).toEqual([odd ?? 0, kept ?? 0]);
  });

  test("is read on though YCLIENTS's own words, clock, rights and zone are odd", async () => {
    await using salon = await openSalon();
    const company = (data: object) => ({ path: /^\/company/, body: { success: true, data, meta: [] } });
    salon.api.faults.next(company({ title: "\u0000Салон\n\u202e", timezone_name: "+03:00" }));
    salon.paid(ANNA, "2026-03-10T08:00:00Z", 100_000);
    salon.later(60);
    expect(await salon.pass()).toMatchObject({ awards: 1 });
    const zone = async () => (await salon.db`select title, time_zone as zone from companies`)[0];
    expect(await zone()).toEqual({ title: null, zone: null } as never);
    // A zone that this machine knows and the database does not.
    await salon.db`update companies set program_start = '2026-01-01'`;
    await expect(
      nameCompany(salon.db, salon.branch, { title: null, timeZone: "Mars/Olympus" }),
    ).rejects.toThrow();
    expect(await zone()).toEqual({ title: null, zone: null } as never);
    salon.api.faults.next({
      path: /^\/user\/permissions/,
      times: 2,
      body: { success: true, data: { finances_last_days_count: 1e15 }, meta: [] },
    });
    await salon.pass();
    await salon.sweep();
    expect(await zone()).toMatchObject({ title: "Салон", zone: "Europe/Moscow" });
    const days = await salon.db<{ days: number }[]>`select payment_days as days from companies`;
    expect(days).toEqual([{ days: 36_500 }] as never);
    // Its words of refusal are kept, whatever is in them, and the failure is counted.
    for (let n = 0; n < 3; n++) {
      salon.api.faults.next({
        status: 403,
        body: { success: false, meta: { message: "Нет\u0000 прав\ud800" } },
      });
      await failure(salon.pass());
    }
    expect(await salon.company()).toMatchObject({
      failures: 3,
      lastError: expect.stringContaining("Нет прав"),
    });
  });

  test("the wall time says when a session is, and puts right what was stored otherwise", async () => {
    await using salon = await openSalon();
    const id = salon.paid(ANNA, "2026-03-10T08:00:00Z", 100_000);
    Object.assign(salon.journal.record(id), { datetime: "2026-03-10T11:00:00+02:00" }); // an hour late
    salon.later(60);
    await salon.pass();
    const at = async () => {
      const rows = await salon.db<{ at: Date; day: string }[]>`select starts_at as at, day from visits`;
      return rows.map((row) => [row.at.toISOString(), row.day]);
    };
    expect(await at()).toEqual([["2026-03-10T08:00:00.000Z", "2026-03-10"]]);
    await salon.db`update visits set starts_at = '2026-03-10T09:00:00Z'`;
    await salon.sweep();
    expect(await at()).toEqual([["2026-03-10T08:00:00.000Z", "2026-03-10"]]);
  });
});
