/** Which lots a row makes, takes from and gives back to; every test ends with a ledger that `verify` finds sound. */
import { expect, test } from "bun:test";
import { endOf } from "../../src/ledger/lives.rule.ts";
import { oddLots } from "../../src/ledger/lot-proofs.store.ts";
import { makeSomeLots } from "../../src/ledger/lots.store.ts";
import { everything } from "../../src/rules/slice.ts";
import { anna, boris, ledgerOfEachTest } from "../helpers/ledger.ts";
import { proved } from "../helpers/proved.ts";

const ledger = ledgerOfEachTest();

/** Each lot as "row.part life started rest/points", waiting ones marked. */
async function lots(card?: number): Promise<string[]> {
  const rows = await ledger.database.sql<{ line: string }[]>`
    select format('%s.%s %s %s/%s%s', row_id, part, life, rest, points, case when waits then ' waits' else '' end) as line
    from lots where ${card ?? null}::bigint is null or client_id = ${card ?? null}::bigint order by row_id, part`;
  return rows.map(({ line }) => line);
}

/** Each taking as "taker -> lot: points by row". */
async function takings(): Promise<string[]> {
  const rows = await ledger.database.sql<{ line: string }[]>`
    select format('%s -> %s.%s: %s by %s', taker, row_id, part, points, by_row) as line from takings order by id`;
  return rows.map(({ line }) => line);
}

interface Row {
  kind: string;
  points: number;
  card?: number;
  corrects?: number;
  key?: string;
  at?: string;
}

let rows = 0;
/** A row of the ledger as the program would write it. */
async function add({ kind, points, card = 1, corrects, key, at }: Row): Promise<void> {
  rows += 1;
  await ledger.database.sql`
    insert into bonuslog (client_id, kind, points, corrects, actor, key, awarded_at, paid)
    values (${card}, ${kind}, ${points}, ${corrects ?? null}, ${["expiry", "welcome", "birthday"].includes(kind) ? "programme" : "admin:501"}, ${key ?? `till:1:telegram:501:${rows}`},
      coalesce(${at ?? null}::timestamptz, now()), ${kind === "spend" ? -points : null})`;
  if (kind === "spend")
    await ledger.database
      .sql`insert into spends (id, day, bill) select max(id), current_date, ${-points} from bonuslog`;
}

async function cards(...phones: string[]): Promise<void> {
  for (const phone of phones) await ledger.database.sql`insert into clients (phone) values (${phone})`;
}
const two = () => cards("+79000000001", "+79000000002");

/** What is said of how long a life is, from a day on. */
async function say(
  day: string,
  months: number | null,
  days: number | null = null,
  life = "earned",
): Promise<void> {
  await ledger.database
    .sql`insert into lives (life, months, days, day) values (${life}, ${months}, ${days}, ${day})`;
  await ledger.database.sql`update lot_ends set ends = end_of_lot(life, started)`;
}

test("each plus row is a lot, and a spend takes from the oldest first", async () => {
  await two();
  await add({ kind: "credit", points: 30 });
  await add({ kind: "credit", points: 50 });
  await add({ kind: "spend", points: -40 });
  expect(await lots()).toEqual(["1.1 earned 0.00/30.00", "2.1 earned 40.00/50.00"]);
  expect(await takings()).toEqual(["3 -> 1.1: 30.00 by 3", "3 -> 2.1: 10.00 by 3"]);
});

test("what ends first is taken first, and what never ends last", async () => {
  await two();
  await say("2026-01-01", 1, null, "birthday");
  await add({ kind: "credit", points: 30, at: "2026-01-10" });
  await add({ kind: "birthday", points: 20, key: "birthday:1:2026", at: "2026-02-10" });
  await add({ kind: "birthday", points: 10, key: "birthday:1:2025", at: "2026-01-10" });
  await add({ kind: "spend", points: -35, at: "2026-02-11" });
  expect(await lots()).toEqual([
    "1.1 earned 25.00/30.00",
    "2.1 birthday 0.00/20.00",
    "3.1 birthday 0.00/10.00",
  ]);
  expect(await takings()).toContain("4 -> 3.1: 10.00 by 4");
});

test("an undo gives back to the lots that the spend took from", async () => {
  await two();
  await add({ kind: "credit", points: 30 });
  await add({ kind: "credit", points: 50 });
  await add({ kind: "spend", points: -40 });
  await add({ kind: "undo", points: 40, corrects: 3, key: "undo:3" });
  expect(await lots()).toEqual(["1.1 earned 30.00/30.00", "2.1 earned 50.00/50.00"]);
});

test("what ended while it was spent comes back with fourteen days", async () => {
  await two();
  await say("2026-01-01", 1);
  await add({ kind: "credit", points: 30, at: "2026-01-10T12:00Z" });
  await add({ kind: "credit", points: 30, at: "2026-02-10T12:00Z" });
  await add({ kind: "spend", points: -40, at: "2026-02-11T12:00Z" });
  await add({ kind: "undo", points: 40, corrects: 3, key: "undo:3", at: "2026-03-05T12:00Z" });
  expect(await lots()).toEqual([
    "1.1 earned 0.00/30.00",
    "2.1 earned 30.00/30.00",
    "4.1 returned 30.00/30.00",
  ]);
  const [end] = await ledger.database.sql`select ends::text from lot_ends where life = 'returned'`;
  expect(end).toEqual({ ends: "2026-03-19" });
});

test("a reversed award takes from its own lot first, and what it does not find is a debt that the next plus pays", async () => {
  await ledger.post({ recordId: 101 }, { recordId: 102, servicesPaid: 100_000 });
  await add({ kind: "spend", points: -20 });
  await ledger.post({ recordId: 102, servicesPaid: 0, paidFull: false });
  expect(await lots()).toEqual(["1.1 earned 15.00/35.00", "2.1 earned 0.00/10.00"]);
  await ledger.post({ recordId: 101, servicesPaid: 0, paidFull: false });
  expect(await ledger.database.sql`select row_id::int, points from debts`).toEqual([
    { row_id: 5, points: "20.00" },
  ] as never);
  await add({ kind: "credit", points: 50 });
  expect((await lots()).at(-1)).toBe("6.1 earned 30.00/50.00");
  expect((await takings()).at(-1)).toBe("5 -> 6.1: 20.00 by 6");
  expect(await ledger.database.sql`select from debts`).toHaveLength(0);
});

test("a move takes lots along with their day, and taken back they come home so", async () => {
  await two();
  await say("2026-01-01", 12);
  await add({ kind: "credit", points: 30, at: "2026-01-10T12:00Z" });
  await add({ kind: "credit", points: 50, at: "2026-02-10T12:00Z" });
  await add({ kind: "move", points: -40, key: "move:1:1:from", at: "2026-03-01T12:00Z" });
  await add({ kind: "move", points: 40, card: 2, key: "move:1:1:to", at: "2026-03-01T12:00Z" });
  expect(await lots(2)).toEqual(["4.1 earned 30.00/30.00", "4.2 earned 10.00/10.00"]);
  const started = await ledger.database.sql`select started::text from lots where client_id = 2 order by part`;
  expect(started.map((one) => one.started)).toEqual(["2026-01-10", "2026-02-10"]);
  await add({ kind: "move", points: -40, card: 2, corrects: 4, key: "undo:3:from", at: "2026-03-02T12:00Z" });
  await add({ kind: "move", points: 40, corrects: 3, key: "undo:3:to", at: "2026-03-02T12:00Z" });
  expect(await lots(2)).toEqual(["4.1 earned 0.00/30.00", "4.2 earned 0.00/10.00"]);
  expect(await lots(1)).toEqual([
    "1.1 earned 0.00/30.00",
    "2.1 earned 40.00/50.00",
    "6.1 earned 30.00/30.00",
    "6.2 earned 10.00/10.00",
  ]);
});

test("a visit that was spent goes to another card with points of its own: neither a gift that waits goes along, nor what ends sooner", async () => {
  await say("2026-01-01", 1, null, "birthday");
  await ledger.post({ recordId: 101, servicesPaid: 10_000 });
  await add({ kind: "spend", points: -1 });
  await add({ kind: "birthday", points: 0.25, key: "birthday:1:2026", at: "2026-01-10" });
  await add({ kind: "welcome", points: 100, key: "welcome:1" });
  await ledger.post({ recordId: 101, servicesPaid: 10_000, client: boris });
  expect(await lots(2)).toEqual(["6.1 earned 1.00/1.00"]);
  expect((await lots(1)).slice(1)).toEqual(["3.1 birthday 0.00/0.25", "4.1 welcome 99.25/100.00 waits"]);
  // And back again as it is.
  await ledger.post({ recordId: 101, servicesPaid: 10_000 });
  expect((await lots(1)).at(-1)).toBe("8.1 earned 1.00/1.00");
});

test("a visit that goes to another card and on to a third one brings there what was its own", async () => {
  await ledger.post({ recordId: 101 });
  await ledger.post({ recordId: 101, servicesPaid: 400_000 });
  await ledger.post({ recordId: 101, servicesPaid: 400_000, client: boris });
  await ledger.post({ recordId: 101, servicesPaid: 400_000 });
  const open = await ledger.database.sql`
    select row_id::int, origin::int, rest from lots where rest > 0 order by row_id, part`;
  expect([...open]).toEqual([
    { row_id: 6, origin: 1, rest: "35.00" },
    { row_id: 6, origin: 2, rest: "5.00" },
  ]);
});

test("what waits is not spent before the next paid visit, and may be taken by what is no spend", async () => {
  await ledger.post({ recordId: 100, servicesPaid: 10_000 });
  await add({ kind: "welcome", points: 100, key: "welcome:1" });
  await expect(add({ kind: "spend", points: -2 })).rejects.toThrow("the card holds fewer points");
  await add({ kind: "spend", points: -1 });
  await ledger.post({ recordId: 101 });
  expect(await lots()).toEqual([
    "1.1 earned 0.00/1.00",
    "2.1 welcome 100.00/100.00",
    "4.1 earned 35.00/35.00",
  ]);
  await add({ kind: "spend", points: -101 });
});

test("what was taken of a gift that waits, and comes back after the visit, can be spent", async () => {
  await two();
  await add({ kind: "welcome", points: 100, key: "welcome:1" });
  await add({ kind: "debit", points: -100 });
  await ledger.post({ recordId: 101 });
  await add({ kind: "undo", points: 100, corrects: 2, key: "undo:2" });
  expect(await lots()).toEqual(["1.1 welcome 100.00/100.00", "3.1 earned 35.00/35.00"]);
  await add({ kind: "spend", points: -135 });
});

test("a visit that came from another card opens what waits, an earlier one does not", async () => {
  await ledger.post({ recordId: 100, client: boris }, { recordId: 101 });
  await ledger.database.sql`insert into clients (phone) values ('+79000000003')`;
  const [annas, boriss] = await ledger.database
    .sql`select id::int from clients where phone in (${anna.phone}, ${boris.phone}) order by phone`;
  await add({ kind: "welcome", points: 100, card: annas?.id, key: `welcome:${annas?.id}` });
  const waiting = async () => (await lots(annas?.id)).filter((line) => line.endsWith("waits")).length;
  await ledger.post({ recordId: 100, client: anna });
  expect(await waiting()).toBe(1);
  await ledger.post({ recordId: 102, client: boris });
  expect(await waiting()).toBe(1);
  await ledger.post({ recordId: 102, client: anna });
  expect(await waiting()).toBe(0);
  expect(boriss?.id).not.toBe(annas?.id);
});

test("an end is taken from its own lot alone, once its day is over and no more than is left", async () => {
  await two();
  await say("2026-01-01", 1);
  await add({ kind: "credit", points: 30, at: "2026-01-10T12:00Z" });
  const expire = (points: number, at: string) =>
    add({ kind: "expiry", points, corrects: 1, key: "expiry:1.1", at });
  await expect(expire(-30, "2026-02-28T09:00Z")).rejects.toThrow("what ends is what is left");
  await expect(expire(-31, "2026-03-01T12:00Z")).rejects.toThrow("what ends is what is left");
  await expire(-30, "2026-03-01T12:00Z");
  expect(await lots()).toEqual(["1.1 earned 0.00/30.00"]);
});

test("a life is whole from its switch on, is shortened by no more than that, and stands still while it is off", async () => {
  const ends = async (started: string) =>
    (await ledger.database.sql`select end_of_lot('earned', ${started})::text as ends`)[0]?.ends;
  expect(await ends("2026-01-10")).toBeNull();
  await say("2026-05-03", 12);
  expect(await ends("2025-01-10")).toBe("2027-05-31");
  expect(await ends("2026-06-01")).toBe("2027-06-30");
  await say("2026-08-01", 6);
  expect(await ends("2026-06-01")).toBe("2027-02-28");
  expect(await ends("2025-01-10")).toBe("2027-02-28");
  await say("2026-09-01", null);
  await say("2026-09-11", 6);
  expect(await ends("2026-06-01")).toBe("2027-03-10");
  expect(await ends("2026-09-05")).toBe("2027-03-31");
  await say("2026-09-11", null, 30);
  expect(await ends("2026-06-01")).toBe("2026-10-11");
});

test("while the clock of earned points stands, a gift that ends is taken before them", async () => {
  await cards("+79000000001");
  await say("2026-01-01", 1);
  await say("2026-01-01", null, 17, "birthday");
  await add({ kind: "credit", points: 30, at: "2026-01-10T12:00Z" }); // until 28 February
  await say("2026-02-20", null);
  await add({ kind: "birthday", points: 10, at: "2026-02-25T12:00Z", key: "birthday:1:2026" }); // until 14 March
  await add({ kind: "spend", points: -15, at: "2026-02-26T12:00Z" });
  expect(await takings()).toEqual(["3 -> 2.1: 10.00 by 3", "3 -> 1.1: 5.00 by 3"]);
  await say("2026-03-20", 1);
  const [row] = await ledger.database
    .sql`select ends::text from lot_ends where life = 'earned' and started = '2026-01-10'`;
  expect(row?.ends).toBe("2026-03-28");
});

test("rows that are older than lots get them card by card, as if they had been there from the first", async () => {
  await ledger.post({ recordId: 101 }, { recordId: 102, client: boris, servicesPaid: 100_000 });
  await add({ kind: "spend", points: -20 });
  await add({ kind: "move", points: -5, key: "move:1:1:from" });
  await add({ kind: "move", points: 5, card: 2, key: "move:1:1:to" });
  await add({ kind: "undo", points: 20, corrects: 3, key: "undo:3" });
  await ledger.post({ recordId: 102, client: anna, servicesPaid: 100_000 });
  await ledger.post({ recordId: 103, client: { id: 14, name: null, phone: "+79000000004" } });
  await add({ kind: "credit", points: 10, card: 3 });
  await add({ kind: "spend", points: -5, card: 3 });
  await add({ kind: "spend", points: -33, card: 3 });
  await add({ kind: "credit", points: 2, card: 3 });
  await add({ kind: "debit", points: -8, card: 3 });
  const before = [await lots(), (await takings()).sort()];
  const forget = `delete from takings; delete from lots; delete from debts; insert into unlotted select id from clients`;
  await ledger.database.sql.unsafe(forget);
  // The second is the first one's kin.
  const made = [];
  for (let time = 0; time < 3; time++) made.push(await makeSomeLots(ledger.db, 1));
  expect(made).toEqual([1, 1, 0]);
  expect([await lots(), (await takings()).sort()]).toEqual(before);
  await ledger.database.sql.unsafe(forget);
  await add({ kind: "spend", points: -1, card: 2 });
  expect(await ledger.database.sql`select client_id::int from unlotted`).toEqual([{ client_id: 3 }] as never);
  await ledger.database.sql`select make_some_lots(1)`;
  expect((await takings()).filter((one) => !one.endsWith("by 15")).sort()).toEqual(before[1] as string[]);
});

test("what a refund takes and has ended is given back first: nobody loses the same points twice", async () => {
  await say("2025-01-01", 1);
  await ledger.post({ recordId: 101 });
  await add({ kind: "spend", points: -10 });
  await say("2025-01-01", null); // the clock of the test is the database's: the lot is made an old one
  await ledger.database.sql`update lot_ends set ends = '2026-01-31'`;
  await ledger.database.sql`update lives set months = 1 where id = 2`;
  await add({ kind: "expiry", points: -25, corrects: 1, key: "expiry:1.1" });
  await ledger.post({ recordId: 101, servicesPaid: 300_000 });
  expect((await ledger.rows()).slice(3)).toEqual([
    "4 expiry of 3 card 1 5.00 programme expiry:1.1:back:1",
    "5 correction of 1 card 1 -5.00 of 3000.00 edited sync visit:101:2",
  ]);
  await ledger.post({ recordId: 101, servicesPaid: 0, paidFull: false });
  expect((await ledger.rows()).slice(5)).toEqual([
    "6 expiry of 3 card 1 20.00 programme expiry:1.1:back:2",
    "7 correction of 1 card 1 -30.00 of 0.00 not_paid sync visit:101:3",
  ]);
  expect(await lots()).toEqual(["1.1 earned 0.00/35.00"]);
  expect(await ledger.database.sql`select points from debts`).toEqual([{ points: "10.00" }] as never);
  await ledger.database.sql`update lot_ends set ends = end_of_lot(life, started)`;
});

test("of what has ended no more is given back than what is still there leaves to take", async () => {
  await say("2025-01-01", 1);
  await ledger.post({ recordId: 101 });
  await ledger.database.sql`update lot_ends set ends = '2026-01-31'`;
  await add({ kind: "expiry", points: -35, corrects: 1, key: "expiry:1.1" });
  await ledger.database.sql`update lot_ends set ends = end_of_lot(life, started)`;
  await ledger.post({ recordId: 101, servicesPaid: 450_000 });
  await ledger.post({ recordId: 101, servicesPaid: 250_000 });
  expect((await ledger.rows()).slice(2)).toEqual([
    "3 correction of 1 card 1 10.00 of 4500.00 edited sync visit:101:2",
    "4 expiry of 2 card 1 10.00 programme expiry:1.1:back:1",
    "5 correction of 1 card 1 -20.00 of 2500.00 edited sync visit:101:3",
  ]);
});

test("lots that rows do not bear out are named", async () => {
  const faultsAfter = async (statement: string) => {
    const undone = Symbol();
    let found: string[] = [];
    const spoil = ledger.db.begin(async (tx) => {
      await tx.unsafe(statement);
      found = (await Array.fromAsync(oddLots(tx, everything))).flat().map(({ id, why }) => `${id} ${why}`);
      throw undone;
    });
    await spoil.catch((error) => {
      if (error !== undone) throw error;
    });
    return found;
  };
  await cards("+79000000001", "+79000000002");
  await add({ kind: "credit", points: 30 });
  await add({ kind: "spend", points: -20 });
  await add({ kind: "undo", points: 20, corrects: 2, key: "undo:2" });
  await add({ kind: "debit", points: -10 });
  expect(await faultsAfter("select 1")).toEqual([]);
  expect(await faultsAfter("update lots set rest = 30")).toEqual([
    "1 has a lot 1 of which 30.00 are said to be left, and 10.00 were taken",
  ]);
  expect(await faultsAfter("update lots set points = 40, rest = 30")).toEqual([
    "1 made lots of 40.00 and gave back 0",
  ]);
  expect(await faultsAfter("update lots set client_id = 2")).toContain("1 has a lot on card 2");
  expect(await faultsAfter("update lots set started = '2020-01-01'")).toEqual([
    "1 has a lot of the life earned from 2020-01-01",
  ]);
  expect(await faultsAfter("update takings set by_row = 1 where taker = 4")).toEqual([
    "4 took by row 1, which pays no debt of it",
  ]);
  expect(await faultsAfter("update takings set taker = 4 where by_row = 3")).toContain(
    "4 was given back by row 3, which does not name it",
  );
  expect(await faultsAfter("insert into debts values (4, 1, 5)")).toEqual([
    "4 took 10.00 from lots and owes 5.00",
  ]);
  const named = async () => (await proved(ledger.db)).faults;
  await ledger.database.sql`update lots set rest = 15`;
  expect(await named()).toContain(
    "Row 1: this credit of 30.00 on card 1 has a lot 1 of which 15.00 are said to be left, and 10.00 were taken.",
  );
  await ledger.database.sql`update lots set rest = 20`;
  expect(await named()).toEqual([]);
  expect(await faultsAfter("insert into unlotted values (1); delete from takings; delete from lots")).toEqual(
    [],
  );
});

test("when a lot ends is the same by the database and by verify, whatever was said of its life", async () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let world = 0; world < 60; world++) {
    const said = Array.from({ length: 1 + random(6) }, () => random(500))
      .sort((one, other) => one - other)
      .map((at) => {
        const months = random(3) === 0 ? null : 1 + random(14);
        return { day: day(at), months, days: months === null && random(2) === 0 ? 1 + random(90) : null };
      });
    await ledger.database.sql`delete from lives`;
    await ledger.database
      .sql`insert into lives ${ledger.database.sql(said.map((one) => ({ life: "earned", ...one })))}`;
    const lives = said.map((one) => ({
      day: one.day,
      life: one.months ? { months: one.months } : one.days ? { days: one.days } : null,
    }));
    const started = Array.from({ length: 20 }, () => day(random(560) - 30));
    const rows = await ledger.database.sql<{ ends: string | null }[]>`
      select end_of_lot('earned', day)::text as ends from unnest(${started}::text[]::date[]) with ordinality d (day, place) order by place`;
    expect(started.map((one) => endOf(one, lives))).toEqual(rows.map(({ ends }) => ends));
  }
  await ledger.database.sql`delete from lives`;
});

test("an end that is not by what was said is named", async () => {
  await cards("+79000000001");
  await add({ kind: "credit", points: 30, at: "2026-01-10T12:00Z" });
  await ledger.database.sql`update lot_ends set ends = '2026-02-01'`;
  expect((await proved(ledger.db)).faults).toEqual([
    "Lots of the life earned from 2026-01-10 have the end 2026-02-01, and by all that was said of it no end.",
  ]);
  await ledger.database.sql`update lot_ends set ends = null`;
});

test("what was spent, came back for a fortnight and ended is still the visit's: its refund gives it back first", async () => {
  await say("2025-01-01", 1);
  await ledger.post({ recordId: 101 });
  await ledger.database
    .sql`insert into lives (life, months, days, day) values ('earned', null, null, '2025-01-02')`;
  await add({ kind: "spend", points: -35 });
  // The lot is an old one: it ended while its points were spent.
  await ledger.database.sql`update lives set months = 1 where months is null`;
  await ledger.database.sql`update lot_ends set ends = '2026-01-31'`;
  await add({ kind: "undo", points: 35, corrects: 2, key: "undo:2" });
  expect(await lots()).toEqual(["1.1 earned 0.00/35.00", "3.1 returned 35.00/35.00"]);
  await ledger.database.sql`update lot_ends set ends = '2026-02-14' where life = 'returned'`;
  await add({ kind: "expiry", points: -35, corrects: 3, key: "expiry:3.1" });
  await ledger.post({ recordId: 101, servicesPaid: 0, paidFull: false });
  expect((await ledger.rows()).slice(4)).toEqual([
    "5 expiry of 4 card 1 35.00 programme expiry:3.1:back:1",
    "6 correction of 1 card 1 -35.00 of 0.00 not_paid sync visit:101:2",
  ]);
  expect(await ledger.database.sql`select from debts`).toHaveLength(0);
  await ledger.database.sql`update lot_ends set ends = end_of_lot(life, started)`;
});
