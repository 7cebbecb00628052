/** What ends, when, and once; every test ends with a ledger that `verify` finds sound. */
import { expect, test } from "bun:test";
import { endPoints, endsAhead, keepLives, type Lives, nextEnds } from "../../src/ledger/ends.ts";
import { postTill } from "../../src/ledger/ledger.ts";
import type { Life } from "../../src/rules/life.ts";
import { linkTo } from "../helpers/accounts.ts";
import { refusal } from "../helpers/db.ts";
import { ledgerOfEachTest } from "../helpers/ledger.ts";
import { oddCard } from "../helpers/odd-card.ts";

const ledger = ledgerOfEachTest();
const off: Lives = { pointsLive: null, welcomeLive: null, birthdayLive: null };
const never = new AbortController().signal;

/** The settings of a day, as the program keeps them when it starts. */
function live(day: string, pointsLive: Life | null): Promise<void> {
  return keepLives(ledger.db, { ...off, pointsLive }, new Date(`${day}T12:00:00Z`));
}

let count = 0;
/** Points by hand, in whole points, at noon of a day; below zero a spend. */
async function add(day: string, points: number, card = 1): Promise<void> {
  const { sql } = ledger.database;
  const key = `till:1:telegram:501:${++count}`;
  await sql`
    insert into bonuslog (client_id, kind, points, actor, key, awarded_at, paid)
    values (${card}, ${points > 0 ? "credit" : "spend"}, ${points}, 'admin:501', ${key}, ${`${day}T12:00:00Z`}, ${points > 0 ? null : -points})`;
  if (points < 0)
    await sql`insert into spends (id, day, bill) select max(id), current_date, ${-points} from bonuslog`;
}

async function cards(many = 1): Promise<void> {
  for (let one = 1; one <= many; one += 1)
    await ledger.database.sql`insert into clients (phone) values (${`+7900000000${one}`})`;
}

const end = (today: string) => endPoints(ledger.db, today, never);
const expired = () => ledger.database.sql`
  select client_id::int as card, corrects::int, points::float8, key from bonuslog where kind = 'expiry' order by id`;

test("what is left of a lot goes when its last day is over, and once", async () => {
  await cards();
  await live("2025-01-01", { months: 1 });
  await add("2025-01-10", 30);
  await add("2025-01-20", -10);
  expect(await end("2025-02-28")).toEqual({ lots: 0, points: 0 });
  expect(await end("2025-03-01")).toEqual({ lots: 1, points: 2000 });
  expect(await end("2025-03-01")).toEqual({ lots: 0, points: 0 });
  expect([...(await expired())]).toEqual([{ card: 1, corrects: 1, points: -20, key: "expiry:1.1" }]);
});

test.each([
  ["alone", ""],
  [
    "beside another row",
    ", (1, 'credit', null, 5, 'admin:501', 'till:1:telegram:501:9000', '2025-02-09T12:00:00Z')",
  ],
])(
  "the database ends no more than is left of a lot, and nothing before its last day is over: %s",
  async (_, beside) => {
    await cards();
    await live("2025-01-01", { days: 30 });
    await add("2025-01-10", 30); // to the end of 9 February
    await add("2025-01-20", -10);
    const ends = (points: number, at: string) =>
      refusal(
        ledger.database.sql.unsafe(`
        insert into bonuslog (client_id, kind, corrects, points, actor, key, awarded_at)
        values (1, 'expiry', 1, ${-points}, 'programme', 'expiry:1.1', '${at}')${beside}`),
      );
    expect(await ends(25, "2025-02-10T12:00:00Z")).toBe("only_what_is_left_ends");
    expect(await ends(20, "2025-02-09T05:00:00Z")).toBe("only_what_is_left_ends");
    expect(await ends(20, "2025-02-10T12:00:00Z")).toBe("taken");
  },
);

test("of two programs that end points at once each point goes once", async () => {
  await cards(2);
  await live("2025-01-01", { days: 30 });
  for (let one = 0; one < 150; one += 1) await add("2025-01-10", 1, 1 + (one % 2));
  const both = await Promise.all([end("2025-03-01"), end("2025-03-01")]);
  expect(both.flatMap((done) => done?.lots ?? [])).toContain(150);
  expect(await expired()).toHaveLength(150);
});

test("a job that is cut off leaves what it did, and the next one goes on", async () => {
  await cards();
  await live("2025-01-01", { days: 30 });
  for (let one = 0; one < 120; one += 1) await add("2025-01-10", 1);
  const stopping = new AbortController();
  const { sql } = ledger.database;
  await sql`select pg_advisory_lock(7305, 1)`;
  const cut = endPoints(ledger.db, "2025-03-01", stopping.signal);
  while ((await sql`select from pg_locks where locktype = 'advisory' and not granted`).length === 0)
    await Bun.sleep(1);
  expect(await end("2025-03-01")).toBeNull(); // one program of all is enough
  stopping.abort();
  await sql`select pg_advisory_unlock(7305, 1)`;
  expect(await cut).toEqual({ lots: 50, points: 5_000 });
  expect(await end("2025-03-01")).toEqual({ lots: 70, points: 7000 });
});

test("nothing ends before one full term after it was switched on, however old it is", async () => {
  await cards();
  await add("2024-01-10", 30);
  await live("2025-01-15", { months: 3 });
  expect(await end("2025-04-30")).toEqual({ lots: 0, points: 0 });
  expect(await end("2025-05-01")).toEqual({ lots: 1, points: 3000 });
});

test("switched off, the clock stands still; switched on again, every day moves by the pause", async () => {
  await cards();
  await live("2025-01-01", { months: 1 });
  await add("2025-01-10", 30); // until 28 February
  await live("2025-02-18", null);
  expect(await end("2025-12-31")).toEqual({ lots: 0, points: 0 });
  expect(await nextEnds(ledger.db, 1, "2025-02-18", 2)).toHaveLength(0);
  await live("2025-03-20", { months: 1 }); // 30 days later
  expect([...(await nextEnds(ledger.db, 1, "2025-03-20", 2))]).toEqual([{ day: "2025-03-30", points: 3000 }]);
  expect(await end("2025-03-31")).toEqual({ lots: 1, points: 3000 });
});

test("a start with the same settings says nothing new", async () => {
  await live("2025-01-01", null);
  await live("2025-01-02", { months: 6 });
  await live("2025-02-02", { months: 6 });
  const rows = await ledger.database.sql`select life, months, days, day::text from lives order by id`;
  expect([...rows]).toEqual([{ life: "earned", months: 6, days: null, day: "2025-01-02" }]);
});

test("the nearest days come first, and points of one day together", async () => {
  await cards(2);
  await live("2025-01-01", { months: 1 });
  await add("2025-01-10", 30);
  await add("2025-01-30", 5);
  await add("2025-02-10", 7);
  await add("2025-03-10", 9);
  await add("2025-03-10", 100, 2);
  const [first, second] = [
    { day: "2025-02-28", points: 3500 },
    { day: "2025-03-31", points: 700 },
  ];
  expect([...(await nextEnds(ledger.db, 1, "2025-01-10", 2))]).toEqual([first, second]);
  expect([...(await nextEnds(ledger.db, 1, "2025-03-01", 1))]).toEqual([second]);
  expect([...(await endsAhead(ledger.db, "earned", 3))]).toEqual([
    { ...first, cards: 1 },
    { ...second, cards: 1 },
    { day: "2025-04-30", points: 10_900, cards: 2 },
  ]);
});

test("what is spent between the look and the lock does not end", async () => {
  await cards();
  await live("2025-01-01", { days: 30 });
  await add("2025-01-10", 30);
  const { sql } = ledger.database;
  await sql`select pg_advisory_lock(7305, 1)`;
  const ending = end("2025-03-01");
  while ((await sql`select from pg_locks where locktype = 'advisory' and not granted`).length === 0)
    await Bun.sleep(1);
  await add("2025-01-11", -12);
  await sql`select pg_advisory_unlock(7305, 1)`;
  expect(await ending).toEqual({ lots: 1, points: 1800 });
});

test("what is switched off between the look and the lock does not end, and is no fault", async () => {
  await cards();
  await live("2025-01-01", { days: 30 });
  await add("2025-01-10", 30);
  const { sql } = ledger.database;
  const odd: number[] = [];
  await sql`select pg_advisory_lock(7305, 1)`;
  const ending = endPoints(ledger.db, "2025-03-01", never, ({ card }) => odd.push(card));
  while ((await sql`select from pg_locks where locktype = 'advisory' and not granted`).length === 0)
    await Bun.sleep(1);
  await sql`select say_life('earned', null, null, '2025-02-05T12:00Z')`;
  await sql`select pg_advisory_unlock(7305, 1)`;
  expect([await ending, odd]).toEqual([{ lots: 0, points: 0 }, []]);
});

const taken = { actor: "admin:501", points: 10_000 } as const;

test("what was given by hand and has ended is not lost twice when it is taken back", async () => {
  await cards();
  await live("2025-01-01", { days: 1 });
  await add("2025-02-01", 100);
  await end("2025-03-01");
  await postTill(ledger.db, { ...taken, card: 1, kind: "credit", key: "op:new" });
  const back = () =>
    postTill(ledger.db, { ...taken, card: 1, kind: "debit", corrects: 1, key: "undo:1", also: noteRow });
  const rows: number[] = [];
  const noteRow = async (_: unknown, row: number) => void rows.push(row);
  await linkTo(ledger.database.sql, 501, "+79000000001", "ru");
  expect(await back()).toEqual({ result: "done", balance: 10_000 });
  const notices = await ledger.database.sql`select about from notices order by about`;
  expect(notices.map(({ about }) => about)).toEqual(["till", "visits"]);
  expect(await back()).toEqual({ result: "already", balance: 10_000 });
  expect((await ledger.rows()).slice(3)).toEqual([
    "4 expiry of 2 card 1 100.00 programme expiry:1.1:back:1",
    "5 debit of 1 card 1 -100.00 admin:501 undo:1",
  ]);
  expect(rows).toEqual([5]);
});

test("what a move brought and has ended is not lost twice when it goes home, and has ended there too", async () => {
  await cards(2);
  await live("2025-01-01", { days: 1 });
  await add("2025-02-01", 100);
  await postTill(ledger.db, { ...taken, card: 1, to: 2, kind: "move", key: "op:move" });
  await end("2025-03-01");
  await postTill(ledger.db, { ...taken, card: 2, kind: "credit", key: "op:new" });
  const back = { ...taken, card: 2, to: 1, kind: "move", corrects: 2, key: "undo:2" } as const;
  expect(await postTill(ledger.db, back)).toEqual({ result: "done", balance: 10_000 });
  expect(await end("2025-03-01")).toEqual({ lots: 1, points: 10_000 });
  expect((await ledger.cards()).map((line) => line.replace(/ of $/, ""))).toEqual([
    "card 1 +79000000001 holds 0.00 of",
    "card 2 +79000000002 holds 100.00 of",
  ]);
});

test("a lot that cannot end stops no other, and is told", async () => {
  await cards(3);
  await live("2025-01-01", { months: 1 });
  for (const card of [1, 2, 3]) await add("2025-01-10", 30, card);
  await oddCard(ledger.database.sql, 2);
  const odd: number[] = [];
  const ended = await endPoints(ledger.db, "2025-03-01", never, ({ card }) => odd.push(card));
  expect([ended, odd]).toEqual([{ lots: 2, points: 6000 }, [2]]);
});
