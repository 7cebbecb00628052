/** When PostgreSQL refuses a transaction because two were in each other's way (40001, 40P01), it is done again, and once. */
import { expect, test } from "bun:test";
import type postgres from "postgres";
import { connect } from "../../src/db/connect.ts";
import { databaseIsAway } from "../../src/jobs/trouble.ts";
import { postTill } from "../../src/ledger/ledger.ts";
import { postReadings } from "../../src/visits/post.ts";
import { openLedger } from "../helpers/ledger.ts";
import { ANNA, award, failure, running } from "../helpers/salon.ts";
import { expectSound } from "../helpers/sound.ts";
import { labels, rows, tap, tillSalon } from "../helpers/till-salon.ts";

const codes = ["40P01", "40001"];

/** The next row of the ledger is refused with this code; a sequence counts, since the refusal takes back all else. */
async function refuseOnce(sql: postgres.Sql, code: string): Promise<() => Promise<number>> {
  await sql.unsafe(`
    create sequence tried;
    create function refuse_once() returns trigger language plpgsql as $$
    begin
      if nextval('tried') = 1 then raise exception 'in each other''s way' using errcode = '${code}'; end if;
      return new;
    end $$;
    create trigger a_refusal before insert on bonuslog for each statement execute function refuse_once()`);
  return async () => Number((await sql`select last_value from tried`)[0]?.last_value);
}

test.each(codes)(
  "a spend at the till that is refused with %s is done when Telegram brings the tap again, once",
  async (code) => {
    await using salon = await tillSalon({}, 34_024);
    const { olga } = salon;
    await olga.say("89001234567 3500");
    expect(labels(olga)[0]).toStartWith("Списать 340");
    const tried = await refuseOnce(salon.sql, code);
    expect(await tap(olga, "Списать 340")).toContain("Списано 340.");
    expect(await rows(salon)).toEqual(["spend -340 admin:601"]);
    expect(await tried()).toBe(2);
    expect(salon.log.filter((line) => line.includes("could not be handled"))).toEqual([]);
    await expectSound(salon.db);
  },
);

test.each(codes)(
  "a page that is refused with %s leaves the mark, and the next pass awards it, once",
  async (code) => {
    await using salon = await running();
    const other = salon.paid(ANNA, "2026-03-10T14:00:00Z", 100_000);
    salon.later(2);
    const before = await salon.company();
    const tried = await refuseOnce(salon.database.sql, code);
    expect(await failure(salon.pass())).toBe("in each other's way");
    expect([await salon.ledger(), await salon.company()]).toEqual([
      [award(salon.id)],
      { ...before, failures: 1, lastError: "in each other's way" },
    ]);
    expect(await salon.pass()).toMatchObject({ awards: 1, corrections: 0 });
    expect(await salon.pass()).toMatchObject({ awards: 0, corrections: 0 });
    expect(await salon.ledger()).toEqual([award(salon.id), award(other)]);
    expect([await tried(), (await salon.company()).failures]).toEqual([2, 0]);
    await expectSound(salon.db);
  },
);

test("a dead-lock with somebody's own SQL takes back one change whole, and says that it may be done again", async () => {
  await using ledger = await openLedger();
  await ledger.post({});
  const rival = connect(ledger.database.url, { max: 1 });
  const work = {
    till: () => postTill(ledger.db, { card: 1, kind: "credit", points: 100, actor: "admin:9", key: "op:1" }),
    page: () => postReadings(ledger.db, ledger.programme, [ledger.reading({ recordId: 102 })], null),
  };
  for (const one of Object.values(work)) {
    let change: Promise<unknown> = Promise.resolve();
    await rival.begin(async (tx) => {
      // The rival looks for dead-locks later than we do: we are the one that PostgreSQL ends.
      await tx`set local deadlock_timeout = '1min'`;
      await tx`select from clients where id = 1 for update`;
      change = one().catch((error: unknown) => error);
      while (!(await waiting())) await Bun.sleep(5);
      await tx`select pg_advisory_xact_lock(7305, 1)`;
    });
    const error = await change;
    expect([Object(error).code, databaseIsAway(error)]).toEqual(["40P01", true]);
    await one();
    await one();
  }
  expect((await ledger.rows()).map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
    ...["1 award", "2 credit", "3 award"],
  ]);
  await expectSound(ledger.db);
  await rival.end({ timeout: 1 });

  async function waiting(): Promise<boolean> {
    const { sql } = ledger.database;
    const found = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return found.length > 0;
  }
});
