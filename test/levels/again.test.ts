// Who was looked at for a month's last day is gone through no more, and nobody is for the sake of others.
import { expect } from "bun:test";
import { inTransaction, type Tx } from "../../src/db/connect.ts";
import { giveLevel } from "../../src/levels/card.ts";
import { holdersAfter, unsettled } from "../../src/levels/review.store.ts";
import { addDays } from "../../src/rules/time.ts";
import { boris, type Ledger, openLedger } from "../helpers/ledger.ts";
import { changes, ends, later, leveled, paid, review, steps, usualLevels } from "../helpers/levels.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(openLedger);

/** As nothing does: no row says that so little was ever paid, and whoever looks again finds the card short. */
const payLess = ({ database: { sql } }: Ledger, of = "true") =>
  sql.unsafe(
    `alter table bonuslog disable trigger bonuslog_only_grows; update bonuslog set paid = 1 where ${of}`,
  );

test("who was looked at for a last day is looked at again only where something of the card is new, or terms are", async (ledger) => {
  await leveled(ledger);
  await ledger.post(paid(101, 6_000), paid(102, 6_000, { client: boris }));
  const { warns } = ends(1);
  expect(await review(ledger, warns)).toMatchObject({ warned: 0 });
  await payLess(ledger);
  expect(await review(ledger, later(warns, 1))).toMatchObject({ warned: 0 });
  await ledger.post(paid(101, 6_000, { paidFull: false, servicesPaid: 0 }));
  expect(await review(ledger, later(warns, 1))).toMatchObject({ warned: 1 });
  const gift = { card: 2, place: 3, reason: "за дело", actor: "admin:1", key: "hand:1" };
  await giveLevel(
    ledger.db,
    { ...gift, until: addDays(new Date().toISOString().slice(0, 10), 3) },
    "Europe/Moscow",
  );
  expect(await review(ledger, later(warns, 1))).toMatchObject({ warned: 1 });
  expect((await changes(ledger)).filter((line) => line?.startsWith("warned"))).toEqual([
    "warned card 1 5000.00 of 0.00",
    "warned card 2 5000.00 of 1.00",
  ]);
});

test("for another month's last day, and by other terms, everybody is looked at anew", async (ledger) => {
  await leveled(ledger);
  await ledger.post(paid(101, 6_000), paid(102, 11_000, { client: boris }));
  const [one, next] = [ends(1), ends(2)];
  expect(await review(ledger, one.warns)).toMatchObject({ warned: 0 });
  await leveled(ledger, steps([0, 2], [5_000, 3], [10_000, 5]));
  await payLess(ledger, "client_id = 1");
  expect(await review(ledger, one.warns)).toMatchObject({ warned: 1 });
  await payLess(ledger);
  expect(await review(ledger, next.warns)).toMatchObject({ warned: 1, lowered: 1 });
});

test("what comes while everybody is looked at is looked at by the next round", async (ledger) => {
  const { sql } = ledger.database;
  await leveled(ledger);
  await ledger.post(paid(101, 6_000), paid(102, 6_000, { client: boris }));
  await ledger.post(paid(102, 6_000, { client: boris, paidFull: false, servicesPaid: 0 }));
  const { warns } = ends(1);
  expect(await review(ledger, later(warns, -24))).toMatchObject({ warned: 0 });
  const waiting = async (count: number) => {
    const some = () => sql`
      select from pg_locks where not granted
        and database = (select oid from pg_database where datname = current_database())`;
    while ((await some()).length < count) await Bun.sleep(1);
  };
  await sql`select pg_advisory_lock(7305, 1)`;
  const refund = ledger.post(paid(101, 6_000, { paidFull: false, servicesPaid: 0 }));
  await waiting(1);
  const first = review(ledger, warns); // has found the first card well, and waits to warn the second
  await waiting(2);
  await sql`select pg_advisory_unlock(7305, 1)`;
  await refund;
  expect(await first).toMatchObject({ warned: 1 });
  expect(await review(ledger, later(warns, 1))).toMatchObject({ warned: 1 });
});

/** How many rows of what is written of levels some work goes through, where they are too many to be read as a whole. */
const goneThrough = ({ db, database }: Ledger, work: (tx: Tx) => Promise<unknown>) =>
  inTransaction(db, async (tx) => {
    await database.sql`analyze level_changes`;
    await tx`select set_config('enable_seqscan', 'off', true)`;
    const read = async () => {
      const [row] = await tx<[{ rows: number }]>`
        select idx_tup_fetch as rows from pg_stat_xact_user_tables where relname = 'level_changes'`;
      return row.rows;
    };
    const before = await read();
    await work(tx);
    return (await read()) - before;
  });

test("warnings of years ago are not gone through for those of today", async (ledger) => {
  await leveled(ledger, usualLevels, 1);
  await ledger.post(paid(101, 100));
  await ledger.database.sql`
    with old as (
      insert into level_changes (client_id, kind, reached, turnover, missing, until, was, percent, actor, key, after_row)
      select 1, 'warned', 5000, 0, 5000, date '2020-01-31' + n, 3, 1, 'levels', 'warned:1:' || n, 1 from generate_series(1, 300) n
      returning id)
    insert into level_changes (client_id, kind, turnover, names, was, percent, actor, key, after_row)
    select 1, 'kept', 5000, id, 3, 3, 'levels', 'settled:' || id, 1 from old`;
  const rows = await goneThrough(ledger, async (tx) =>
    expect(await unsettled(tx, { today: "2026-03-01", oldest: "2026-01-30" }, 0, 10)).toEqual([]),
  );
  expect(rows).toBeLessThan(10);
});

test("for some holders of levels all others are not gone through", async (ledger) => {
  await ledger.database.sql`
    with many as (
      insert into clients (phone) select '+7900' || 1000000 + n from generate_series(1, 300) n returning id)
    insert into level_changes (client_id, kind, reached, turnover, actor, key, after_row)
    select id, 'up', 5000, 5000, 'sync', 'up:' || id || ':1', 1 from many`;
  const rows = await goneThrough(ledger, async (tx) => {
    const found = await holdersAfter(tx, 0, { until: "2026-03-31", since: null }, 5);
    expect(found).toHaveLength(5);
  });
  expect(rows).toBeLessThan(20);
});
