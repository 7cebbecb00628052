/** Who is warned when, who falls when the day is over, and whom new terms lift or lower: each once. */
import { expect } from "bun:test";
import { giveLevel } from "../../src/levels/card.ts";
import { acceptLevels } from "../../src/levels/terms.ts";
import { addDays } from "../../src/rules/time.ts";
import { boris, type Ledger, openLedger } from "../helpers/ledger.ts";
import {
  changes,
  ends,
  later,
  leveled,
  made,
  paid,
  review,
  settings,
  steps,
  usualLevels,
} from "../helpers/levels.ts";
import { oddCard } from "../helpers/odd-card.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(openLedger);

/** May and June of next year, and over how many months today's visits are just too old to count at the end of May. */
function nextMay() {
  const today = new Date();
  const day = new Date(Date.UTC(today.getUTCFullYear() + 1, 4, 10));
  return { may: ends(0, day), june: ends(1, day), over: 16 - today.getUTCMonth() };
}

test("a level whose visits grow too old is warned 30 days before, once, and falls when the day is over", async (ledger) => {
  await leveled(ledger, usualLevels, 2);
  await ledger.post(paid(101, 6_000));
  const { until, warns, after } = ends(2);
  expect(await review(ledger, later(warns, -24))).toMatchObject({ warned: 0, lowered: 0 });
  expect(await review(ledger, warns)).toMatchObject({ warned: 1, lowered: 0 });
  expect(await review(ledger, later(warns, 2))).toMatchObject({ warned: 0 });
  const [warning] = await ledger.database
    .sql`select until::text, missing::text from level_changes where kind = 'warned'`;
  expect(warning).toEqual({ until, missing: "5000.00" });
  // On its last day it holds still, and in the small hours after it: the evening's payments are being read.
  expect(await review(ledger, later(after, -20))).toMatchObject({ lowered: 0 });
  expect(await review(ledger, later(after, -9))).toMatchObject({ lowered: 0 });
  expect(await review(ledger, after)).toMatchObject({ lowered: 1 });
  expect(await review(ledger, later(after, 1))).toMatchObject({ lowered: 0 });
  expect((await changes(ledger)).slice(-1)).toEqual(["down card 1 0.00 of 0.00"]);
});

test("a warning of terms that are over takes no level that visits make by those in force", async (ledger) => {
  await leveled(ledger, usualLevels, 2);
  await ledger.post(paid(101, 6_000));
  const { warns, after } = ends(2);
  expect(await review(ledger, warns)).toMatchObject({ warned: 1 });
  await leveled(ledger);
  expect(await review(ledger, after)).toMatchObject({ lowered: 0 });
  expect((await changes(ledger)).slice(-1)).toEqual(["kept card 1 of 0.00"]);
});

test("a warning of which nothing came for a month takes no level, and stands in no other's way", async (ledger) => {
  await leveled(ledger, usualLevels, 2);
  await ledger.post(paid(101, 6_000));
  expect(await review(ledger, ends(2).warns)).toMatchObject({ warned: 1 });
  // No program ran meanwhile, or there were no levels.
  expect(await review(ledger, later(ends(2).after, 35 * 24))).toMatchObject({ warned: 0, lowered: 0 });
  expect(await review(ledger, ends(5).warns)).toMatchObject({ warned: 1, lowered: 0 });
  expect(await review(ledger, ends(5).after)).toMatchObject({ lowered: 1 });
});

test("what was missing is paid: the level stays, even where a refund has taken more away since", async (ledger) => {
  await leveled(ledger, usualLevels, 2);
  await ledger.post(paid(101, 3_000), paid(102, 3_000));
  await ledger.database.sql`alter table bonuslog disable trigger bonuslog_only_grows`;
  await ledger.database
    .sql`update bonuslog set awarded_at = awarded_at - interval '40 days' where record_id = 101`;
  const { warns, after } = ends(1);
  expect(await review(ledger, warns)).toMatchObject({ warned: 1 });
  const [warning] = await ledger.database.sql`select missing::text from level_changes where kind = 'warned'`;
  await ledger.post(paid(103, Number(warning?.missing)));
  await ledger.post(paid(102, 3_000, { paidFull: false, servicesPaid: 0 }));
  expect(await review(ledger, after)).toMatchObject({ lowered: 0 });
  expect((await changes(ledger)).some((line) => line?.startsWith("kept card 1"))).toBe(true);
});

test("a refund lowers nobody at once: the warning for the month's end comes first", async (ledger) => {
  await leveled(ledger);
  await ledger.post(paid(101, 6_000));
  await ledger.post(paid(101, 6_000, { paidFull: false, servicesPaid: 0 }));
  const april = new Date("2031-04-10T09:00:00Z");
  expect(await review(ledger, april)).toMatchObject({ lowered: 0 });
  await ledger.post(paid(102, 1_000));
  expect(await made(ledger)).toEqual(["101 1.00 0.00", "102 3.00 30.00"]);
  const { warns, after } = ends(1, april);
  expect(await review(ledger, warns)).toMatchObject({ warned: 1 });
  expect(await review(ledger, after)).toMatchObject({ lowered: 1 });
  await ledger.post(paid(103, 1_000));
  expect(await made(ledger)).toContain("103 1.00 10.00");
});

test("who falls on the day on which the next warnings go out is not warned of what is lost already", async (ledger) => {
  // The warning for the last day of May goes out on the first.
  const [april, may] = [ends(0, new Date("2031-04-10")), ends(1, new Date("2031-04-10"))];
  await leveled(ledger, usualLevels, 2);
  await ledger.post(paid(101, 6_000), paid(102, 6_000, { client: boris }));
  expect(may.warns).toEqual(april.after);
  expect(await review(ledger, april.warns)).toMatchObject({ warned: 2 });
  expect(await review(ledger, later(may.warns, -11))).toMatchObject({ warned: 0, lowered: 0 });
  expect(await review(ledger, may.warns)).toMatchObject({ warned: 0, lowered: 2 });
  expect(await review(ledger, later(may.warns, 1))).toMatchObject({ warned: 0, lowered: 0 });
});

test("who has paid what was missing before a month's last day is warned that day for the next one, and no other", async (ledger) => {
  const [may, june] = [ends(0, new Date("2031-05-10")), ends(1, new Date("2031-05-10"))];
  expect(june.warns.toISOString().slice(0, 10)).toBe(may.until);
  await leveled(ledger);
  await ledger.post(paid(101, 6_000), paid(102, 6_000, { client: boris }));
  await ledger.post(paid(101, 1_000), paid(102, 1_000, { client: boris }));
  expect(await review(ledger, may.warns)).toMatchObject({ warned: 2 });
  await ledger.post(paid(103, 4_000));
  await ledger.post(paid(101, 100));
  expect(await review(ledger, june.warns)).toMatchObject({ warned: 1 });
  expect(await review(ledger, may.after)).toMatchObject({ lowered: 1, warned: 0 });
});

test("who keeps by new terms what a warning was of is warned on that day of the next month, where it is lost by these", async (ledger) => {
  const { may, june, over } = nextMay();
  await leveled(ledger, usualLevels, over);
  await ledger.post(paid(101, 6_000));
  expect(await review(ledger, may.warns)).toMatchObject({ warned: 1 });
  await leveled(ledger, usualLevels, over + 1);
  expect(await review(ledger, june.warns)).toMatchObject({ warned: 1 });
  expect(await review(ledger, may.after)).toMatchObject({ lowered: 0 });
  expect(await review(ledger, june.after)).toMatchObject({ lowered: 1 });
});

test("who falls by older terms to where visits lift them by newer is written there, and told of no rise later", async (ledger) => {
  const { may, over } = nextMay();
  await leveled(ledger, usualLevels, over);
  await ledger.post(paid(101, 5_000), paid(102, 7_000));
  await ledger.post(paid(101, 100));
  expect(await review(ledger, may.warns)).toMatchObject({ warned: 1 });
  await leveled(ledger, usualLevels, over + 1);
  expect(await review(ledger, may.after)).toMatchObject({ lowered: 1 });
  expect((await changes(ledger)).slice(-2)).toEqual([
    "down card 1 0.00 of 0.00",
    "up card 1 5000.00 of 7100.00",
  ]);
  await ledger.post(paid(103, 100));
  const told = await ledger.database.sql`select from level_changes where kind = 'up' and due_at is not null`;
  expect([...told]).toEqual([]);
});

test("a level that terms in force know no more is not kept by them for those that come back", async (ledger) => {
  const { may, over } = nextMay();
  await leveled(ledger, usualLevels, over);
  await ledger.post(paid(101, 6_000));
  expect(await review(ledger, may.warns)).toMatchObject({ warned: 1 });
  await ledger.database.sql`
    insert into level_terms (levels, months, since, made_at, accepted_by)
    values ('0.00:1.00,8000.00:3.00', ${over}, now(), now() - interval '31 days', 'telegram:1')`;
  await review(ledger, may.after);
  expect((await changes(ledger)).slice(-1)).toEqual(["down card 1 0.00 of 0.00"]);
});

test("levels that are switched on lift whoever has paid enough before, without a word", async (ledger) => {
  await ledger.post(paid(101, 6_000));
  await leveled(ledger);
  expect(await review(ledger, new Date())).toMatchObject({ raised: 1 });
  expect(await review(ledger, new Date())).toMatchObject({ raised: 0 });
  expect(await changes(ledger)).toEqual(["up card 1 5000.00 of 6000.00"]);
  const [row] = await ledger.database.sql`select due_at from level_changes`;
  expect(row?.due_at).toBeNull();
});

test("better terms lift a card once more, though the ledger has had no row since the first rise", async (ledger) => {
  await leveled(ledger);
  await ledger.post(paid(101, 6_000));
  await leveled(ledger, steps([0, 1], [5_000, 3], [6_000, 4], [10_000, 5]));
  expect(await review(ledger, new Date())).toMatchObject({ raised: 1 });
  expect(await review(ledger, new Date())).toMatchObject({ raised: 0 });
  expect(await changes(ledger)).toEqual(["up card 1 5000.00 of 6000.00", "up card 1 6000.00 of 6000.00"]);
});

test("worse terms are told to whoever earns less by them, once, with their day", async (ledger) => {
  const { sql } = ledger.database;
  await leveled(ledger);
  await ledger.post(
    paid(101, 6_000),
    paid(102, 1_000, { client: { id: 12, name: "Борис", phone: "+79000000002" } }),
  );
  await sql`insert into accounts (channel, external_id, client_id) select 'telegram', 500 + id, id from clients`;
  const wanted = settings(steps([0, 1], [8_000, 3], [10_000, 5]));
  const day = await acceptLevels(ledger.db, wanted, {
    by: "telegram:1",
    now: new Date(),
    timeZone: "Europe/Moscow",
  });
  expect(await review(ledger, new Date())).toMatchObject({ told: 1 });
  expect(await review(ledger, new Date())).toMatchObject({ told: 0 });
  const told = await sql`select client_id, until::text, was::text, percent::text, due_at is not null as due
    from level_changes where kind = 'terms'`;
  expect([...told]).toEqual([{ client_id: "1", until: day, was: "3.00", percent: "1.00", due: true }]);
});

/** Whoever has a word of terms to come, by card: from which percent to which. */
const toldOf = async ({ database }: Ledger) =>
  (
    await database.sql<{ line: string }[]>`
      select concat_ws(' ', client_id, was, percent) as line from level_changes where kind = 'terms' order by client_id`
  ).map(({ line }) => line);

const accept = ({ db }: Ledger, wanted: ReturnType<typeof settings>) =>
  acceptLevels(db, wanted, { by: "telegram:1", now: new Date(), timeZone: "Europe/Moscow" });

test("worse terms are told to whoever has a level by hand, has paid nothing yet, or comes and rises before their day", async (ledger) => {
  const { sql } = ledger.database;
  await leveled(ledger, steps([0, 2], [5_000, 3], [10_000, 5]));
  const clara = { id: 13, name: "Клара", phone: "+79000000003" };
  await ledger.post(
    paid(101, 6_000),
    paid(102, 1_000, { client: boris }),
    paid(104, 6_000, { client: clara }),
  );
  await sql`insert into clients (phone) values ('+79000000009')`;
  const link = (card: number) =>
    sql`insert into accounts (channel, external_id, client_id) values ('telegram', ${500 + card}, ${card})`;
  for (const card of [1, 2, 4]) await link(card);
  await accept(ledger, settings(steps([0, 2], [8_000, 3])));
  expect(await review(ledger, new Date())).toMatchObject({ told: 1 });
  expect(await toldOf(ledger)).toEqual(["1 3.00 2.00"]);
  // Boris rises, Clara comes to what she has had for long, and the fourth, who was there, is given a level by hand.
  await ledger.post(paid(103, 5_000, { client: boris }));
  await link(3);
  await sql`insert into level_changes (client_id, kind, reached, until, ends_at, upwards, was, percent, reason, actor, key, after_row)
    values (4, 'hand', 10000, '2099-01-01', '2099-01-02', true, 2, 5, 'за дело', 'admin:1', 'hand:1', 0)`;
  expect(await review(ledger, new Date())).toMatchObject({ told: 3 });
  expect(await review(ledger, new Date())).toMatchObject({ told: 0 });
  expect(await toldOf(ledger)).toEqual(["1 3.00 2.00", "2 3.00 2.00", "3 3.00 2.00", "4 5.00 3.00"]);
});

test("levels that begin below the percent of everybody are told beforehand, though there were no levels", async (ledger) => {
  const { sql } = ledger.database;
  await ledger.post(paid(101, 1_000));
  await sql`insert into accounts (channel, external_id, client_id) select 'telegram', 501, id from clients`;
  const wanted = settings([
    { from: 0, percent: 50 },
    { from: 500_000, percent: 100 },
  ]);
  expect(await accept(ledger, wanted)).not.toBeNull();
  expect(await review(ledger, new Date())).toMatchObject({ told: 1 });
  expect(await toldOf(ledger)).toEqual(["1 1.00 0.50"]);
});

test("whoever has a level by hand is warned of their own when the fall would be seen, and not before", async (ledger) => {
  await leveled(ledger);
  await ledger.post(paid(101, 6_000));
  await ledger.post(paid(101, 6_000, { paidFull: false, servicesPaid: 0 }));
  const { until, warns, after } = ends(0, new Date("2031-06-10"));
  const gift = { card: 1, place: 3, reason: "за дело", actor: "admin:1" };
  const give = (until: string, key: string) => giveLevel(ledger.db, { ...gift, until, key }, "Europe/Moscow");
  await give(addDays(until, 2), "hand:1");
  expect(await review(ledger, warns)).toMatchObject({ warned: 0 });
  expect(await review(ledger, after)).toMatchObject({ lowered: 0, warned: 1 });
  const [warning] = await ledger.database
    .sql`select was::float8, percent::float8 from level_changes where kind = 'warned'`;
  expect(warning).toEqual({ was: 3, percent: 1 });
});

test("a card whose level cannot be reviewed stops nobody else's: warned, lowered and lifted all the same", async (ledger) => {
  const odd: number[] = [];
  const now = (at: Date) => review(ledger, at, (card) => odd.push(card));
  await leveled(ledger, usualLevels, 2);
  await ledger.post(paid(101, 6_000), paid(102, 6_000, { client: boris }));
  await oddCard(ledger.db, 1, "level_changes");
  const { warns, after } = ends(2);
  expect(await now(warns)).toMatchObject({ warned: 1 });
  await ledger.db`drop trigger is_odd_1 on level_changes`;
  expect(await now(later(warns, 1))).toMatchObject({ warned: 1 });
  await oddCard(ledger.db, 1, "level_changes");
  expect(await now(after)).toMatchObject({ lowered: 1 });
  expect(odd).toEqual([1, 1]);
});
