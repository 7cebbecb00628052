/** Crash points of a start: cut at each of its messages, what the settings say is kept once, and an old ledger has its lots. */
import { expect, test } from "bun:test";
import { connect, type Db } from "../../src/db/connect.ts";
import { keepLives } from "../../src/ledger/ends.ts";
import { makeLots } from "../../src/ledger/lots.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { adoptLevels } from "../../src/levels/terms.ts";
import { recordFaults } from "../../src/visits/proof.ts";
import { freshDatabase, type TestDatabase } from "../helpers/db.ts";
import { settings, usualLevels } from "../helpers/levels.ts";
import { databaseBefore } from "../helpers/old-database.ts";
import { cutShort } from "./wires.ts";

const rows = `
  insert into clients (phone) select '+7900000000' || n from generate_series(1, 6) n;
  insert into bonuslog (client_id, kind, points, actor, key, reason)
  select card, kind, points, 'admin:901', 'till:1:telegram:901:' || place, case when kind <> 'move' then 'чай' end
  from (values (1, 'credit', 30, '1'), (1, 'credit', 12, '2'), (1, 'debit', -35, '3'), (2, 'credit', 7, '4'),
    (2, 'move', -5, '5:from'), (3, 'move', 5, '5:to'), (4, 'credit', 9, '6'), (5, 'credit', 1, '7'), (6, 'credit', 2, '8'))
    as made (card, kind, points, place)`;

const linesOf = async (sql: TestDatabase["sql"], query: string) =>
  (await sql.unsafe<{ line: string }[]>(query)).map(({ line }) => line);

/** The work by a connection to that address. */
const by = (work: (db: Db) => Promise<unknown>) => async (url: string) => {
  const db = connect(url, { max: 1 });
  await work(db).finally(() => db.end({ timeout: 0 }));
};

/** What a start keeps of the settings, and what is there when it is done. */
const kept: Record<string, { start: (db: Db) => Promise<unknown>; query: string; lines: string[] }> = {
  "how long points live": {
    start: (db) =>
      keepLives(
        db,
        { pointsLive: { months: 12 }, welcomeLive: { days: 30 }, birthdayLive: null },
        new Date("2026-03-10T09:00:00Z"),
      ),
    query: `
      select concat_ws(' ', life, months, days, day) as line from lives
      union all select concat_ws(' ', life, started, ends) from lot_ends`,
    lines: ["earned 12 2026-03-10", "welcome 30 2026-03-10", "earned 2026-01-15 2027-03-31"],
  },
  levels: {
    start: (db) => adoptLevels(db, settings(usualLevels), new Date(), true),
    query: "select levels as line from level_terms",
    lines: ["0.00:1.00,5000.00:3.00,10000.00:5.00"],
  },
};

for (const [name, { start, query, lines }] of Object.entries(kept))
  for (const when of ["before", "after"] as const)
    test(`${name}, cut ${when} each message: kept once, whole`, async () => {
      for (let message = 1, died = true; died; message += 1) {
        await using database = await freshDatabase();
        await database.sql`insert into clients (phone) values ('+79000000001')`;
        await database.sql`
          insert into bonuslog (client_id, kind, points, actor, key, awarded_at)
          values (1, 'credit', 12, 'admin:901', 'op:1', '2026-01-15T09:00:00Z')`;
        died = await cutShort({ message, when }, database.url, by(start));
        await by(start)(database.url);
        expect(await linesOf(database.sql, query), `cut ${when} message ${message}`).toEqual(lines);
      }
    }, 120_000);

test("the lots of an old ledger, cut at each message: those that an undisturbed start makes", async () => {
  await using database = await databaseBefore("lots");
  const { sql, url } = database;
  await sql.unsafe(rows);
  await database.upgrade();
  const make = by((db) => makeLots(db, new AbortController().signal));
  const state = () =>
    linesOf(
      sql,
      `select concat_ws(' ', 'lot', row_id, part, client_id, points, rest, life, started) as line from lots
       union all select concat_ws(' ', 'taking', row_id, part, taker, by_row, points) from takings
       union all select concat_ws(' ', 'debt', row_id, client_id, points) from debts
       union all select concat_ws(' ', 'unlotted', client_id) from unlotted order by 1`,
    );
  await make(url);
  const whole = await state();
  expect(whole.filter((line) => line.startsWith("lot"))).toHaveLength(7);
  expect(await faults(url)).toEqual([]);
  let kills = 0;
  for (const when of ["before", "after"] as const) {
    for (let message = 1, died = true; died; message += 1) {
      await sql.unsafe(
        "delete from takings; delete from lots; delete from debts; insert into unlotted select id from clients",
      );
      died = await cutShort({ message, when }, url, make);
      kills += died ? 1 : 0;
      await make(url);
      expect(await state(), `cut ${when} message ${message}`).toEqual(whole);
    }
  }
  expect(kills).toBeGreaterThan(5);
}, 120_000);

async function faults(url: string): Promise<string[]> {
  const db = connect(url, { max: 1 });
  return (await verifyLedger(db, recordFaults).finally(() => db.end())).faults;
}
