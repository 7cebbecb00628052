/** A visit earns by the level that the visits before it have made, and keeps that percent for good. */
import { expect } from "bun:test";
import { inTransaction } from "../../src/db/connect.ts";
import { standingOf } from "../../src/levels/levels.store.ts";
import { acceptLevels, adoptLevels, dayAfterNotice, levelsState, markOf } from "../../src/levels/terms.ts";
import { instantOf } from "../../src/rules/time.ts";
import { boris, openLedger } from "../helpers/ledger.ts";
import { changes, leveled, made, paid, settings, steps, usualLevels } from "../helpers/levels.ts";
import { proved } from "../helpers/proved.ts";
import { expectSound } from "../helpers/sound.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(openLedger);

test("without levels a visit has no percent of its own, and nothing is written of levels", async (ledger) => {
  expect(await adoptLevels(ledger.db, settings(null), new Date())).toBe(false);
  await ledger.post(paid(101, 6_000), paid(102, 6_000));
  expect(await made(ledger)).toEqual(["101 60.00", "102 60.00"]);
  expect(await changes(ledger)).toEqual([]);
});

test("the next visit earns by the level that the one before has made, on one page too", async (ledger) => {
  await leveled(ledger);
  await ledger.post(
    paid(101, 5_000),
    paid(102, 5_000),
    paid(103, 1_000, { client: boris }),
    paid(104, 1_000),
  );
  expect(await made(ledger)).toEqual([
    "101 1.00 50.00",
    "102 3.00 150.00",
    "103 1.00 10.00",
    "104 5.00 50.00",
  ]);
  expect(await changes(ledger)).toEqual(["up card 1 10000.00 of 11000.00"]);
  await ledger.post(paid(105, 1_000));
  expect(await made(ledger)).toContain("105 5.00 50.00");
});

test("a correction keeps the percent of its award; a refund takes the level from nobody at once", async (ledger) => {
  await leveled(ledger);
  await ledger.post(paid(101, 6_000));
  await ledger.post(paid(102, 1_000));
  await ledger.post(paid(102, 2_000));
  expect(await made(ledger)).toEqual(["101 1.00 60.00", "102 3.00 60.00"]);
  await ledger.post(paid(101, 6_000, { paidFull: false, servicesPaid: 0 }));
  await ledger.post(paid(103, 1_000));
  expect(await made(ledger)).toEqual(["101 1.00 0.00", "102 3.00 60.00", "103 3.00 30.00"]);
});

test("what a page changes of earlier visits counts for the next one on it", async (ledger) => {
  await leveled(ledger);
  await ledger.post(paid(101, 1_000), paid(105, 4_500, { client: boris }));
  await ledger.post(paid(101, 4_000), paid(102, 1_000), paid(103, 1_000));
  await ledger.post(
    paid(104, 100, { client: boris }),
    paid(105, 4_600, { client: boris }),
    paid(106, 400, { client: boris }),
    paid(107, 100, { client: boris }),
  );
  expect(await made(ledger)).toEqual([
    ...["101 1.00 40.00", "102 1.00 10.00", "103 3.00 30.00"],
    ...["104 1.00 1.00", "105 1.00 46.00", "106 1.00 4.00", "107 3.00 3.00"],
  ]);
});

test("a visit that nobody came to counts no more for the next one on its page, though it was paid", async (ledger) => {
  await leveled(ledger);
  await ledger.post(paid(101, 4_900), paid(102, 100, { client: boris }));
  await ledger.post(paid(101, 6_000, { attendance: -1 }), paid(103, 1_000), paid(104, 1_000));
  expect(await made(ledger)).toEqual(["101 1.00 0.00", "102 1.00 1.00", "103 1.00 10.00", "104 1.00 10.00"]);
});

test("only the visits of so many months count, by when their points came", async (ledger) => {
  await leveled(ledger, usualLevels, 2);
  await ledger.post(paid(101, 4_000));
  await ledger.database.sql`alter table bonuslog disable trigger bonuslog_only_grows`;
  await ledger.database.sql`update bonuslog set awarded_at = awarded_at - interval '3 months'`;
  await ledger.post(paid(102, 4_000), paid(101, 9_000), paid(103, 1_000), paid(104, 1_000));
  expect(await made(ledger)).toEqual([
    "101 1.00 90.00",
    "102 1.00 40.00",
    "103 1.00 10.00",
    "104 3.00 30.00",
  ]);
});

test("what makes nobody worse off holds at once; the rest waits for an owner and for 30 days", async ({
  db,
}) => {
  const now = () => new Date();
  const days = (count: number) => new Date(Date.now() + count * 86_400_000);
  const state = async (wanted: ReturnType<typeof settings>, at = now()) => {
    const { inForce, coming, waiting } = await levelsState(db, wanted, at);
    const said = (of: { levels: readonly { from: number; percent: number }[] | null } | null) =>
      of && (of.levels?.map(({ from, percent }) => `${from / 100}:${percent / 100}`).join() ?? "off");
    return [said(inForce), said(coming), said(waiting)];
  };
  await adoptLevels(db, settings(usualLevels), now());
  const better = settings(steps([0, 1], [4_000, 3], [10_000, 5]));
  await adoptLevels(db, better, now());
  expect(await state(better)).toEqual(["0:1,4000:3,10000:5", null, null]);
  const mixed = settings(steps([0, 2], [8_000, 4]));
  await adoptLevels(db, mixed, now());
  const both = "0:2,4000:3,8000:4,10000:5";
  expect(await state(mixed)).toEqual([both, null, "0:2,8000:4"]);
  const accept = () => acceptLevels(db, mixed, { by: "telegram:1", now: now(), timeZone: "Etc/UTC" });
  expect(await accept()).toBe(dayAfterNotice(now(), "Etc/UTC"));
  expect(await state(mixed)).toEqual([both, "0:2,8000:4", null]);
  expect(await accept()).toBeNull();
  expect(await state(mixed, days(33))).toEqual(["0:2,8000:4", null, null]);
  // Another program, or this one since before, runs by the settings of then.
  await adoptLevels(db, settings(steps([0, 2], [4_000, 3], [8_000, 4], [10_000, 5])), now());
  expect(await state(mixed)).toEqual([both, "0:2,8000:4", null]);
  // The settings are put back, and it is started: what was to come does not.
  await adoptLevels(db, better, now(), true);
  expect(await state(better, days(33))).toEqual([both, null, "0:1,4000:3,10000:5"]);
});

test("a program whose clock is behind writes no terms again that it has written", async ({
  db,
  database,
}) => {
  await adoptLevels(db, settings(usualLevels), new Date());
  await adoptLevels(db, settings(steps([0, 2], [8_000, 4])), new Date());
  const behind = new Date(Date.now() - 7_200_000);
  for (let pass = 0; pass < 3; pass++)
    await adoptLevels(db, settings(steps([0, 2], [8_000, 4])), behind, true);
  expect(await database.sql`select from level_terms`).toHaveLength(2);
});

test("what is accepted late in the evening has its whole notice, though clocks are put forward meanwhile", () => {
  const zone = "Europe/Berlin";
  const since = (now: string) => instantOf(`${dayAfterNotice(new Date(now), zone)}T00:00:00`, zone);
  for (const now of ["2026-03-20T22:30:00Z", "2026-03-20T22:59:59Z", "2026-11-26T12:00:00Z"])
    expect(since(now).getTime()).toBeGreaterThan(Date.parse(now) + 30 * 86_400_000);
  expect(dayAfterNotice(new Date("2026-11-26T12:00:00Z"), zone)).toBe("2026-12-27");
});

test("verify works every percent out again, and names one that the visits before do not make", async (ledger) => {
  const { sql } = ledger.database;
  await ledger.post(paid(100, 100));
  await leveled(ledger);
  await ledger.post(
    paid(101, 5_000),
    paid(102, 5_000),
    paid(103, 1_000, { client: boris }),
    paid(104, 1_000),
  );
  await ledger.post(paid(101, 1_000), paid(105, 1_000));
  await expectSound(ledger.db);
  await sql`alter table visits disable trigger visits_keep_their_percent`;
  await sql`update visits set percent = 5 where record_id = 102`;
  await sql`alter table level_changes disable trigger level_changes_only_grow`;
  await sql`update level_changes set turnover = 20000`;
  const { faults } = await proved(ledger.db);
  expect(faults).toContain("Record 102: it was awarded by 5.00 %, but card 1 was on 3.00 % then.");
  expect(faults).toContain(
    "Card 1: its change of level 1, up, says that 20000.00 counted, and its visits make 11100.00.",
  );
});

test("a visit must have a percent by the clock that it is written by, and of levels that are in force by then", async (ledger) => {
  const { sql } = ledger.database;
  const accepted = { by: "telegram:1", now: new Date(), timeZone: "Etc/UTC" };
  await acceptLevels(ledger.db, settings(steps([0, 0.5], [5_000, 1])), accepted);
  await ledger.post(paid(101, 1_000));
  expect(await made(ledger)).toEqual(["101 10.00"]);
  const at = (days: number) => sql`
    insert into visits (record_id, company_id, starts_at, day, deleted, paid_full, attendance, price, read_at, terms_id, decision, decided_at)
    select ${500 + days}, company_id, starts_at, day, false, false, 0, price, read_at, terms_id, 'not_paid', now() + ${days}::int * interval '1 day'
    from visits where record_id = 101`;
  await at(29);
  expect(await at(33).then(String, (error) => error.constraint_name)).toBe("visits_have_their_percent");
});

test("a visit that went to another card counts there from when it was awarded: verify says the same", async (ledger) => {
  await leveled(ledger, usualLevels, 2);
  await ledger.post(paid(101, 6_000));
  const { sql } = ledger.database;
  await sql`alter table bonuslog disable trigger bonuslog_only_grows`;
  await sql`update bonuslog set awarded_at = awarded_at - interval '2 months 1 day'`;
  await sql`alter table bonuslog enable trigger bonuslog_only_grows`;
  await ledger.post(paid(101, 6_000, { client: boris }), paid(102, 1_000, { client: boris }));
  const { faults } = await proved(ledger.db);
  expect(faults.filter((fault) => /102|Card 2/.test(fault))).toEqual([]);
});

test("a stored percent is never another, whoever asks", async (ledger) => {
  await leveled(ledger);
  await ledger.post(paid(101, 5_000));
  const { sql } = ledger.database;
  const refused = async (query: Promise<unknown>) =>
    query.then(
      () => null,
      (error) => error.constraint_name,
    );
  expect(await refused(sql`update visits set percent = 5`.execute())).toBe("visits_keep_their_percent");
  expect(await refused(sql`update level_changes set reached = 1`.execute())).toBe("level_changes_only_grow");
  expect(await refused(sql`delete from level_terms`.execute())).toBe("level_terms_only_grow");
  expect(
    await refused(
      sql`insert into level_terms (levels, since, accepted_by) values (null, now() + interval '29 days', 'telegram:1')`.execute(),
    ),
  ).toBe("what_is_worse_is_accepted_and_comes_later");
});

test("of visits that are too old to count nothing more is read than how old they are", async (ledger) => {
  const old = 200;
  await leveled(ledger, usualLevels, 1);
  await ledger.post(...Array.from({ length: old }, (_, at) => paid(101 + at, 10)));
  await ledger.database.sql`alter table bonuslog disable trigger bonuslog_only_grows`;
  await ledger.database.sql`update bonuslog set awarded_at = awarded_at - interval '3 months'`;
  await ledger.post(paid(901, 20));
  await ledger.database.sql`analyze bonuslog`;
  await inTransaction(ledger.db, async (tx) => {
    await tx`select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true)`; // as in a ledger of millions
    const read = async () => {
      const [row] = await tx<[{ rows: number }]>`
        select idx_tup_fetch as rows from pg_stat_xact_user_tables where relname = 'bonuslog'`;
      return row.rows;
    };
    const before = await read();
    expect((await standingOf(tx, 1, 1)).turnover).toBe(2_000);
    expect((await read()) - before).toBeLessThan(old * 1.5);
  });
});

test("who knows no levels, as a program of before them, awards and corrects no visit by another percent", async (ledger) => {
  await ledger.post(paid(100, 1_000));
  await leveled(ledger);
  await ledger.post(paid(101, 6_000), paid(102, 1_000));
  const { sql } = ledger.database;
  const writes = (record: number) =>
    sql`
      insert into visits (record_id, company_id, visit_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
        services_paid, goods_paid, read_at, terms_id, decision)
      select ${record}, company_id, visit_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
        services_paid, goods_paid, read_at, terms_id, decision from visits where record_id = 100
      on conflict (record_id, company_id) do update set decision = excluded.decision`
      .execute()
      .then(
        () => "written",
        (error) => error.constraint_name,
      );
  expect(await writes(103)).toBe("visits_have_their_percent");
  expect(await writes(102)).toBe("visits_have_their_percent");
  expect(await writes(100)).toBe("written"); // its percent is that of the terms, before and after
  await expectSound(ledger.db);
});

test("an acceptance that is delivered again is answered as before, and writes nothing", async (ledger) => {
  await leveled(ledger);
  const worse = settings(steps([0, 1], [9_000, 3]));
  const of = { now: new Date(), timeZone: "Europe/Moscow", expected: markOf({ ...worse, months: null }) };
  const accept = (by: string) => acceptLevels(ledger.db, worse, { ...of, by });
  const day = await accept("telegram:1");
  expect(day).toBe(dayAfterNotice(of.now, of.timeZone));
  expect(await accept("telegram:1")).toBe(day);
  expect(await accept("telegram:2")).toBeNull(); // it waits for nobody any more
  expect(await ledger.database.sql`select from level_terms where accepted_by is not null`).toHaveLength(1);
});

test("verify takes no word of a warning for what its visits make: neither its months, nor what it takes from whom they hold", async (ledger) => {
  await leveled(ledger);
  await ledger.post(paid(101, 6_000));
  const { sql } = ledger.database;
  await sql`alter table level_terms disable trigger level_terms_only_grow`;
  await sql`update level_terms set since = since - interval '40 days', made_at = made_at - interval '40 days'`;
  const ahead = new Date(Date.now() + 3_600_000);
  await sql`
    insert into level_changes (client_id, kind, reached, turnover, missing, until, counted_from, actor, key, after_row, at)
    values (1, 'warned', 5000, 0, 5000, current_date - 1, ${ahead}, 'levels', 'warned:1:x', 1, now() - interval '31 days')`;
  await sql`
    insert into level_changes (client_id, kind, reached, turnover, counted_from, names, actor, key, after_row)
    select 1, 'down', 0, 0, counted_from, id, 'levels', 'settled:x', 1 from level_changes where kind = 'warned'`;
  expect((await proved(ledger.db)).faults).toEqual([
    "Card 1: its change of level 2, warned, counts visits of other months than its levels do.",
    "Card 1: its change of level 3, down, lowers a level that its visits have kept.",
  ]);
});
