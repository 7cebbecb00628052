/** Fifty workers on many cards at once: whoever comes first, every record earns once and every point is somewhere. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { connect, type Db } from "../../src/db/connect.ts";
import { postTill, type TillResult } from "../../src/ledger/ledger.ts";
import { openScreen, type Till, turnScreen } from "../../src/till/screens.ts";
import { postReadings } from "../../src/visits/post.ts";
import type { Reading, YclientsPerson } from "../../src/yclients/record.ts";
import { type Ledger, openLedger } from "../helpers/ledger.ts";
import { settlesNothing, spending } from "../helpers/programme.ts";
import { expectSound } from "../helpers/sound.ts";

let ledger: Ledger;
let db: Db;
beforeEach(async () => {
  ledger = await openLedger();
  db = connect(ledger.database.url, { max: 50 }); // fifty connections: they really come at once
});
afterEach(async () => {
  await expectSound(ledger.db);
  await db.end({ timeout: 1 });
  await ledger[Symbol.asyncDispose]();
});

const workers = Array.from({ length: 50 }, (_, at) => at);
const phoneOf = (at: number) => `+7900${String(1_000_000 + at)}`;
const client = (at: number): YclientsPerson => ({ id: 1_000 + at, name: `Гость ${at}`, phone: phoneOf(at) });

/** The same order at each run, another for each worker. */
function shuffled<T>(all: T[], seed: number): T[] {
  const place = (at: number) => Bun.hash.wyhash(`${seed} ${at}`);
  return all.map((one, at) => ({ one, at: place(at) })).sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ one }) => one); // biome-ignore format: one line
}

test("fifty workers read overlapping pages in any order while points move there and back: every record earns once", async () => {
  const records: Reading[] = Array.from({ length: 200 }, (_, at) =>
    ledger.reading({ recordId: 500 + at, client: client(at % 20) }),
  );
  await postReadings(ledger.db, ledger.programme, records.slice(0, 20), null); // every card holds 35.00
  const cards = await ledger.db<{ id: number }[]>`select id from clients order by phone`;
  const card = (at: number) => cards[at % 20]?.id ?? 0;
  const work = workers.map(async (at) => {
    const page = shuffled(records, at).slice(0, 80);
    const pair = [card(at >> 1), card((at >> 1) + 1)];
    const [from = 0, to = 0] = at % 2 === 0 ? pair : pair.reverse();
    const move = { card: from, to, kind: "move", points: 3_000, actor: "admin:9", key: `op:${at}` } as const;
    const [, moved] = await Promise.all([postReadings(db, ledger.programme, page, null), postTill(db, move)]);
    return { from, to, moved };
  });
  const done = await Promise.all(work);

  const seen = new Set(workers.flatMap((at) => shuffled(records, at).slice(0, 80)));
  expect(seen.size).toBe(200);
  const awards = await ledger.db`
    select count(*)::int as rows, count(distinct record_id)::int as records from bonuslog where kind = 'award'`;
  expect<unknown>([...awards]).toEqual([{ rows: 200, records: 200 }]);
  const expected = new Map(cards.map(({ id }) => [id, 35_000]));
  const shift = (id: number, points: number) => expected.set(id, (expected.get(id) ?? 0) + points);
  for (const { from, to } of done.filter(({ moved }) => moved.result === "done")) {
    shift(from, -3_000);
    shift(to, 3_000);
  }
  const results = new Set<TillResult["result"]>(done.map(({ moved }) => moved.result));
  expect([...results].filter((result) => result !== "done" && result !== "short")).toEqual([]);
  const balances = await ledger.db<{ card: number; balance: number }[]>`
    select client_id as card, balance from balances order by client_id`;
  expect(new Map(balances.map((row) => [row.card, row.balance]))).toEqual(expected);
});

test("fifty workers with fifty visits of somebody new make one card, be it by one client of the journal or by fifty", async () => {
  const one = { id: 11, name: "Анна", phone: phoneOf(1) };
  const sort = [(_: number) => one, (at: number) => ({ ...one, id: 100 + at, phone: phoneOf(2) })];
  for (const [round, person] of sort.entries())
    await Promise.all(
      workers.map((at) => {
        const reading = ledger.reading({ recordId: 1_000 * (round + 1) + at, client: person(at) });
        return postReadings(db, ledger.programme, [reading], null);
      }),
    );
  const cards = await ledger.db`
    select phone, balance, (select count(*)::int from yclients_clients y where y.client_id = c.id) as people
    from clients c join balances b on b.client_id = c.id order by phone`;
  expect<unknown>([...cards]).toEqual([
    { phone: phoneOf(1), balance: 50 * 3_500, people: 1 },
    { phone: phoneOf(2), balance: 50 * 3_500, people: 50 },
  ]);
});

test("somebody new whose card the till makes while a page is making it has one card, and the page its award", async () => {
  const phone = phoneOf(1);
  const rules = { ...spending, ...settlesNothing, adminDailyLimit: null, secondAdminAbove: null };
  const till: Till = { bot: 1, db, now: new Date(), rules: { ...rules, ownerIds: [], companyIds: [1] } };
  const opened = await openScreen(
    till,
    { bot: 1, account: "telegram:601", asked: 1 },
    { by: "phone", phone, bill: null },
  );
  if (opened.kind !== "screen") throw new Error(opened.kind);
  // The page has seen that there is no such card, and stops before it adds it.
  await ledger.database.sql.unsafe(`
    create function stop() returns trigger language plpgsql as 'begin perform pg_sleep(0.5); return new; end';
    create trigger stop before insert on clients for each row when (new.name is not null) execute function stop()`);
  const page = postReadings(db, ledger.programme, [ledger.reading({ client: client(1) })], null);
  const stopped = async () =>
    (
      await ledger.database.sql`
      select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`
    ).length > 0;
  while (!(await stopped())) await Bun.sleep(5);
  const made = await turnScreen(till, opened.screen, "make");
  expect(await page).toMatchObject({ awards: 1 });
  expect(await ledger.cards()).toEqual([`card ${made?.card} ${phone} Гость 1 holds 35.00 of 1001`]);
});
