// How many statements each flow makes: what holds on any machine, where a time would not. A page takes as many whatever it
// holds; a new one in a flow is a decision, to be written down here.
import { expect, test } from "bun:test";
import type { Db } from "../../src/db/connect.ts";
import { requestRechecks } from "../../src/visits/recheck.store.ts";
import { recheckDue } from "../../src/visits/recheck.ts";
import { linkedAnna, PHONE } from "../helpers/past.ts";
import { openSalon, type Salon } from "../helpers/salon.ts";
import { give } from "../helpers/salon-bot.ts";
import { tellingSalon } from "../helpers/telling-salon.ts";
import { tillSalon } from "../helpers/till-salon.ts";

/** How many statements the work makes, transactions' begin and commit among them. */
async function statements(db: Db, work: () => Promise<unknown>): Promise<number> {
  // Every connection of the pool is open: a new one asks for the types first.
  await Promise.all(Array.from({ length: 10 }, () => db`select pg_sleep(0.01)`));
  const made: string[] = [];
  const { options } = db as unknown as { options: { debug: unknown } };
  options.debug = (_connection: number, text: string) => void made.push(text);
  await work();
  options.debug = undefined;
  return made.length;
}

/** So many paid visits of as many clients, each with a card of its own. */
function book(salon: Salon, visits: number): void {
  for (let n = 0; n < visits; n++) {
    const client = { id: 20_000 + n, name: "Клиент", phone: `+7900${1_000_000 + n}` };
    salon.paid(client, "2026-03-10T08:00:00Z", 100_000);
  }
}

/** What a first pass makes, then one that reads the same records again. */
async function passes(visits: number) {
  await using salon = await openSalon();
  book(salon, visits);
  salon.later(60);
  const first = await statements(salon.db, () => salon.pass());
  expect((await salon.ledger()).length).toBe(visits);
  salon.later(1);
  const again = await statements(salon.db, () => salon.pass());
  expect(salon.asked().length).toBe(4);
  return { first, again };
}

/** What a look makes at a record that a webhook hinted at. */
async function look() {
  await using salon = await openSalon();
  await salon.pass();
  book(salon, 1);
  const [record] = salon.journal.records(salon.branch);
  await requestRechecks(salon.db, salon.branch, [{ recordId: record?.id ?? 0, reason: "hint", error: null }]);
  return await statements(salon.db, () => recheckDue(salon.sync, salon.branch));
}

/** What telling so many people makes. */
async function telling(people: number) {
  await using salon = await tellingSalon();
  for (let n = 0; n < people; n++) {
    const phone = `+7900${2_000_000 + n}`;
    await salon.linked(600 + n, phone);
    salon.journal.pay(salon.book(1_000, { id: 700 + n, phone }));
  }
  await salon.read();
  return await statements(salon.db, () => salon.tell());
}

/** What a tap that spends makes on a card with so many rows. */
async function spend(rows: number) {
  await using salon = await tillSalon({}, ...Array.from({ length: rows }, () => 100_00));
  await salon.olga.say(`${PHONE} 100`);
  const made = await statements(salon.db, () => salon.olga.tap("Списать 99"));
  expect(await salon.sql`select from spends`).toHaveLength(1);
  return made;
}

test.each([
  ["/balance", 1],
  ["Баланс", 1],
  ["/history", 2],
  ["/why", 4],
  ["/id", 0],
  ["what is not known", 1],
])("%s asks the database %i times, however long the card's history is", async (text, count) => {
  await using salon = await linkedAnna();
  const asked = () => statements(salon.db, () => salon.anna.say(text));
  await asked();
  expect(await asked()).toBe(count);
  await give(salon, PHONE, ...Array.from({ length: 60 }, () => 1_000));
  expect(await asked()).toBe(count);
});

test("a page takes as many statements whatever it holds, in a first pass and when it is known", async () => {
  // 199: a full page of 200 asks whether there is another, and here each request asks the database for the time.
  const few = await passes(1);
  expect(await passes(199)).toEqual(few);
  expect(few).toEqual({ first: 37, again: 16 });
});

test("a webhook's record, a message and a spend take so many", async () => {
  expect(await look()).toBe(25);
  const [one, ten] = [await telling(1), await telling(11)];
  expect({ one, each: (ten - one) / 10 }).toEqual({ one: 18, each: 13 });
  expect([await spend(1), await spend(300)]).toEqual([18, 18]);
});
