/** Two branches whose records have the same numbers: each record is its own, whatever happens to the other. */
import { expect, test } from "bun:test";
import { visitsSeen } from "../../src/client/history.ts";
import { brokenRule, type Tx } from "../../src/db/connect.ts";
import { addImportedAwards } from "../../src/import/import.store.ts";
import { addEntries } from "../../src/ledger/entries.store.ts";
import { postTill } from "../../src/ledger/ledger.ts";
import { putSpend } from "../../src/ledger/spends.store.ts";
import { billOfRecord } from "../../src/till/today.store.ts";
import { postReadings } from "../../src/visits/post.ts";
import type { Reading } from "../../src/yclients/record.ts";
import { anna, boris, ledgerOfEachTest, vera } from "../helpers/ledger.ts";
import { proved } from "../helpers/proved.ts";

const ledger = ledgerOfEachTest(async (ledger) => {
  await ledger.db`insert into companies (company_id) values (2)`;
});

/** A page of the second branch. */
async function there(...page: Partial<Reading>[]) {
  return postReadings(ledger.db, { ...ledger.programme, companyId: 2 }, page.map(ledger.reading), null);
}

const stored = async () =>
  (
    await ledger.db<{ line: string }[]>`
      select concat_ws(' ', company_id, record_id, decision, 'card ' || client_id, award_key) as line
      from visits order by company_id, record_id`
  ).map((row) => row.line);

test("the same number in two branches is two records: many passes move nothing, both are awarded once", async () => {
  await ledger.post({});
  for (let pass = 0; pass < 4; pass++) {
    await there({ client: boris, servicesPaid: 200_000 }, { recordId: 102, client: vera });
    await ledger.post({}, { recordId: 102, client: anna, paidFull: false, servicesPaid: 0 });
  }
  expect(await ledger.rows()).toEqual([
    "1 award record 101 card 1 35.00 of 3500.00 paid sync visit:101",
    "2 award record 101 card 2 20.00 of 2000.00 paid sync visit:101@2",
    "3 award record 102 card 3 35.00 of 3500.00 paid sync visit:102",
  ]);
  await ledger.post({ recordId: 102, client: anna }, { deleted: true });
  await there({ client: boris, servicesPaid: 300_000 }, { recordId: 102, client: vera, deleted: true });
  await there({ client: anna, servicesPaid: 300_000 });
  expect((await ledger.rows()).slice(3)).toEqual([
    "4 award record 102 card 1 35.00 of 3500.00 paid sync visit:102@1",
    "5 correction of 1 card 1 -35.00 of 3500.00 deleted sync visit:101:2",
    "6 correction of 2 card 2 10.00 of 3000.00 edited sync visit:101@2:2",
    "7 correction of 3 card 3 -35.00 of 3500.00 deleted sync visit:102:2",
    "8 correction of 2 card 2 -30.00 of 3000.00 moved sync visit:101@2:3",
    "9 correction of 2 card 1 30.00 of 3000.00 moved sync visit:101@2:4",
  ]);
  expect(await stored()).toEqual([
    "1 101 deleted card 1 visit:101",
    "1 102 awarded card 1 visit:102@1",
    "2 101 awarded card 1 visit:101@2",
    "2 102 deleted card 3 visit:102",
  ]);
});

test("a page that comes again, later or earlier than the one before, writes each branch's award once", async () => {
  const [here, far] = [ledger.reading({}), ledger.reading({ client: boris })];
  for (let time = 0; time < 3; time++) {
    await postReadings(ledger.db, ledger.programme, [here], null);
    await postReadings(ledger.db, { ...ledger.programme, companyId: 2 }, [far], null);
  }
  expect((await ledger.rows()).map((row) => row.split(" ").at(-1))).toEqual(["visit:101", "visit:101@2"]);
});

test("what is shown of a card tells the branches' records apart", async () => {
  await ledger.post({ price: 100_000 });
  await there({ price: 200_000, servicesPaid: 200_000 });
  const visits = await visitsSeen(ledger.db, 1, new Date("2026-12-31T00:00:00Z"), 10, "staff");
  expect(visits.map(({ companyId, price, entries }) => [companyId, price, entries]).sort()).toEqual([
    [1, 100_000, [3_500]],
    [2, 200_000, [2_000]],
  ]);
  const prices = [1, 2].map(async (company) => (await billOfRecord(ledger.db, [company], 101))?.price);
  expect(await Promise.all(prices)).toEqual([100_000, 200_000]);
});

test("a record that becomes another card's takes no spend from the other branch's record of its number", async () => {
  const booked = { paidFull: false, servicesPaid: 0 };
  await ledger.post({ recordId: 1, day: "2026-03-01" }, { ...booked });
  await there({ ...booked, client: boris, day: "2026-03-20" });
  const till = {
    kind: "spend",
    card: 1,
    points: 1_000,
    bill: 350_000,
    actor: "admin:9",
    key: "op:1",
  } as const;
  const also = (tx: Tx, row: number) =>
    putSpend(tx, { row, card: 1, company: 1, day: "2026-03-12", bill: 350_000 });
  await postTill(ledger.db, { ...till, also });
  await ledger.post({ recordId: 102, ...booked }); // a second record of hers that day
  await there({ ...booked, client: vera, day: "2026-03-20" });
  await there({ ...booked, client: { ...vera, phone: "+79000000003" }, day: "2026-03-20" });
  const spends = await ledger.db`select company_id, record_id from spends`;
  expect(spends.map(({ company_id, record_id }) => [company_id, record_id])).toEqual([[1, 101]]);
});

test("of a record that is in two branches no bill is opened where the branch is not said", async () => {
  await ledger.post({});
  await there({ client: boris }, { recordId: 102 });
  expect(await billOfRecord(ledger.db, [1, 2], 101)).toBe(null);
  expect((await billOfRecord(ledger.db, [1, 2], 102))?.company).toBe(2);
});

test("the database refuses a second award of a record in its branch, whatever its key", async () => {
  await ledger.post({});
  await there({ client: boris });
  const award = { kind: "award", card: 1, recordId: 101, points: 1, actor: "sync" } as const;
  for (const key of ["visit:101@1", "visit:101@3", "other", "other@2"]) {
    const adding = ledger.db.begin((tx) => addEntries(tx, [{ ...award, key }])).then(() => null, brokenRule);
    expect([key, await adding]).toEqual([key, "one_award_a_record"]);
  }
  expect(await ledger.rows()).toHaveLength(2);
});

test("a number that the earlier program had awarded in its branch is free in another one", async () => {
  await ledger.db`insert into clients (phone) values (${anna.phone})`;
  await ledger.db.begin(async (tx) => {
    await addImportedAwards(tx, 1, [{ recordId: 101, card: 1, points: 4_000 }]);
    const award = { kind: "award", card: 1, recordId: 101, points: 4_000, actor: "import:1" } as const;
    await addEntries(tx, [{ ...award, reason: "imported", key: "visit:101" }]);
  });
  await there({ client: boris });
  expect((await proved(ledger.db)).faults).toEqual([]);
  await ledger.post({});
  await there({ client: boris, servicesPaid: 400_000 });
  expect((await ledger.rows()).slice(1)).toEqual([
    "2 award record 101 card 2 35.00 of 3500.00 paid sync visit:101@2",
    "3 correction of 2 card 2 5.00 of 4000.00 edited sync visit:101@2:2",
  ]);
});
