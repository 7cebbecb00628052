/** Tests of posting readings: whatever happens to a record, its rows sum to the rule of its last state. */
import { expect, test } from "bun:test";
import { cardsByPhone, peopleOnCards } from "../../src/cards/cards.store.ts";
import { connect } from "../../src/db/connect.ts";
import { takeLease } from "../../src/jobs/leases.store.ts";
import { LeaseLost } from "../../src/jobs/leases.ts";
import { lockLedgerForPage } from "../../src/ledger/entries.store.ts";
import { postReadings } from "../../src/visits/post.ts";
import { clearRechecks } from "../../src/visits/recheck.store.ts";
import { knownVisits, touchVisits, unreadAwards } from "../../src/visits/visits.store.ts";
import type { Reading } from "../../src/yclients/record.ts";
import { linkTo } from "../helpers/accounts.ts";
import { boris, ledgerOfEachTest, openLedger } from "../helpers/ledger.ts";

const ledger = ledgerOfEachTest();

const award = "1 award record 101 card 1 35.00 of 3500.00 paid sync visit:101";
const refund = { paidFull: false, servicesPaid: 0 };

/** Each is read after a paid one of 3 500.00; the corrections it adds, and the visit as it is then. */
const changes: [name: string, reading: Partial<Reading>, rows: string[], visit: string][] = [
  ["paid", {}, [], "awarded 3500.00"],
  ["edited up", { servicesPaid: 400_049 }, ["1 5.00 of 4000.49 edited"], "awarded 4000.49"],
  ["edited down", { servicesPaid: 300_000 }, ["1 -5.00 of 3000.00 edited"], "awarded 3000.00"],
  ["goods beside", { goodsPaid: 12_345 }, ["1 1.23 of 3623.45 edited"], "awarded 3500.00"],
  ["refunded", refund, ["1 -35.00 of 0.00 not_paid"], "not_paid 0.00"],
  [
    "refunded in part",
    { paidFull: false, servicesPaid: 100_000 },
    ["1 -35.00 of 1000.00 paid_in_part"],
    "paid_in_part 1000.00",
  ],
  [
    "paid by certificate after all",
    { servicesPaid: 0 },
    ["1 -35.00 of 0.00 nothing_paid"],
    "nothing_paid 0.00",
  ],
  ["deleted", { deleted: true }, ["1 -35.00 of 3500.00 deleted"], "deleted 3500.00"],
  ["a no-show", { attendance: -1 }, ["1 -35.00 of 3500.00 no_show"], "no_show 3500.00"],
  [
    "moved to another client: the minus before the plus",
    { client: boris },
    ["1 -35.00 of 3500.00 moved", "2 35.00 of 3500.00 moved"],
    "awarded 3500.00",
  ],
];

test.each(changes)("a paid record is read again: %s", async (_, reading, changed, state) => {
  const rows = changed.map((row, at) => `${at + 2} correction of 1 card ${row} sync visit:101:${at + 2}`);
  const [word, paid] = state.split(" ");
  const visit = `101 ${word} ${reading.client ? "card 2 client 12" : "card 1 client 11"} terms 1 ${paid}`;
  expect(await ledger.post({})).toEqual({ records: 1, awards: 1, corrections: 0, doubts: 0 });
  const outcome = { records: 1, awards: 0, corrections: rows.length, doubts: 0 };
  expect(await ledger.post(reading)).toEqual(outcome);
  expect([await ledger.rows(), await ledger.visits()]).toEqual([[award, ...rows], [visit]]);
  // Said again, it changes nothing.
  expect(await ledger.post(reading)).toEqual({ ...outcome, corrections: 0 });
  expect([await ledger.rows(), await ledger.visits()]).toEqual([[award, ...rows], [visit]]);
  expect(await ledger.looks()).toEqual([]);
});

test("refunded, paid again, deleted, restored, a no-show, arrived: one award, and corrections of it", async () => {
  for (const reading of [
    {},
    refund,
    {},
    { deleted: true },
    {},
    { attendance: -1 },
    { servicesPaid: 400_000 },
  ])
    await ledger.post(reading);
  expect(await ledger.rows()).toEqual([
    award,
    "2 correction of 1 card 1 -35.00 of 0.00 not_paid sync visit:101:2",
    "3 correction of 1 card 1 35.00 of 3500.00 paid_again sync visit:101:3",
    "4 correction of 1 card 1 -35.00 of 3500.00 deleted sync visit:101:4",
    "5 correction of 1 card 1 35.00 of 3500.00 paid_again sync visit:101:5",
    "6 correction of 1 card 1 -35.00 of 3500.00 no_show sync visit:101:6",
    "7 correction of 1 card 1 40.00 of 4000.00 paid_again sync visit:101:7",
  ]);
});

test("an answer that was asked for earlier changes nothing when it comes later", async () => {
  const early = ledger.reading({ servicesPaid: 100_000 });
  await ledger.post({});
  await postReadings(ledger.db, ledger.programme, [early], null);
  await postReadings(ledger.db, ledger.programme, [{ ...early, deleted: true }], null);
  expect(await ledger.rows()).toEqual([award]);
  expect(await ledger.visits()).toEqual(["101 awarded card 1 client 11 terms 1 3500.00"]);
});

test("a client who was deleted in YCLIENTS takes no points along: the record keeps its card, and nobody waits", async () => {
  await ledger.post({});
  expect(await ledger.post({ client: null })).toMatchObject({ corrections: 0, doubts: 0 });
  expect(await ledger.visits()).toEqual(["101 awarded card 1 client 11 terms 1 3500.00"]);
  await ledger.post({ client: null, servicesPaid: 400_000 });
  await ledger.post({ client: null, paidFull: false, servicesPaid: 0 });
  expect([await ledger.rows(), await ledger.looks()]).toEqual([
    [
      award,
      "2 correction of 1 card 1 5.00 of 4000.00 edited sync visit:101:2",
      "3 correction of 1 card 1 -40.00 of 0.00 not_paid sync visit:101:3",
    ],
    [],
  ]);
});

const doubtful: [name: string, reading: Partial<Reading>, reason: string][] = [
  ["payments are not said", { servicesPaid: null, goodsPaid: null }, "payment_unknown"],
  ["what was paid fell and the stamp stood still", { servicesPaid: 10 }, "payment_fell"],
];

test.each(doubtful)("not believed, and looked at again: %s", async (_, reading, reason) => {
  const changedAt = new Date("2026-03-12T12:00:00Z");
  await ledger.post({ changedAt });
  const outcome = { records: 1, awards: 0, corrections: 0, doubts: 1 };
  expect(await ledger.post({ changedAt, ...reading })).toEqual(outcome);
  expect([await ledger.rows(), await ledger.looks()]).toEqual([[award], [`101 ${reason}`]]);
  expect(await ledger.visits()).toEqual(["101 awarded card 1 client 11 terms 1 3500.00"]);
  // An answer that can be believed ends it.
  await ledger.post({ changedAt });
  expect([await ledger.rows(), await ledger.looks()]).toEqual([[award], []]);
});

test("a record whose payments were never said is not zero: it waits for an answer", async () => {
  await ledger.post({ servicesPaid: null, goodsPaid: null });
  expect(await ledger.visits()).toEqual(["101 payment_unknown card 1 client 11"]);
  expect([await ledger.rows(), await ledger.looks()]).toEqual([[], ["101 payment_unknown"]]);
  await ledger.post({});
  expect([await ledger.rows(), await ledger.looks()]).toEqual([[award], []]);
});

test("new terms touch no old award, and its later corrections use the award's own", async () => {
  await ledger.post({});
  await ledger.agree({ percent: 500, earnOn: "services", earnWhen: "arrived", paidBy: "prices" });
  await ledger.post({});
  await ledger.post(
    { servicesPaid: 300_000, goodsPaid: 100_000, price: 1, attendance: 0 },
    { recordId: 102 },
  );
  expect(await ledger.rows()).toEqual([
    award,
    "2 correction of 1 card 1 5.00 of 4000.00 edited sync visit:101:2",
    "3 award record 102 card 1 175.00 of 3500.00 paid sync visit:102",
  ]);
  expect(await ledger.visits()).toEqual([
    "101 awarded card 1 client 11 terms 1 3000.00",
    "102 awarded card 1 client 11 terms 2 3500.00",
  ]);
});

test("EARN_WHEN=arrived waits for the visit to be held, and takes back when that is taken back", async () => {
  await ledger.agree({ earnWhen: "arrived" });
  for (const attendance of [0, 2, 1, 0]) await ledger.post({ attendance });
  expect(await ledger.rows()).toEqual([
    award,
    "2 correction of 1 card 1 -35.00 of 3500.00 not_arrived sync visit:101:2",
  ]);
});

test("PAID_BY=prices takes the services' prices, whatever was paid", async () => {
  await ledger.agree({ paidBy: "prices" });
  await ledger.post({ price: 123_456, servicesPaid: null, goodsPaid: null });
  await ledger.post({ price: 123_456, servicesPaid: 5, goodsPaid: 5 }, { recordId: 102, price: 0 });
  expect(await ledger.rows()).toEqual(["1 award record 101 card 1 12.35 of 1234.56 paid sync visit:101"]);
  expect(await ledger.visits()).toEqual([
    "101 awarded card 1 client 11 terms 2 0.05",
    "102 nothing_paid card 1 client 11 3500.00",
  ]);
});

test("before the programme's start nothing is awarded, and what was awarded goes on", async () => {
  await ledger.post({}, { recordId: 102, day: "2026-02-28" });
  ledger.programme.start = "2026-04-01";
  await ledger.post({ servicesPaid: 400_000 }, { recordId: 103 });
  expect(await ledger.rows()).toEqual([
    award,
    "2 correction of 1 card 1 5.00 of 4000.00 edited sync visit:101:2",
  ]);
  expect((await ledger.visits()).map((line) => line.split(" ", 2).join(" "))).toEqual([
    "101 awarded",
    "102 before_start",
    "103 before_start",
  ]);
});

test("11 523,81 and 10 476,19 paid in one visit make 220 points", async () => {
  await ledger.post({ servicesPaid: 1_152_381 }, { recordId: 102, servicesPaid: 1_047_619 });
  expect(await ledger.cards()).toEqual(["card 1 +79000000001 Анна holds 220.00 of 11"]);
});

test("a linked card gets a notice, settled and once; a card that nobody linked gets none", async () => {
  await ledger.post({}, { recordId: 102, client: boris, paidFull: false });
  await linkTo(ledger.db, 5, boris.phone);
  await ledger.post({ servicesPaid: 400_000 }, { recordId: 102, client: boris });
  const notices = await ledger.db`
    select client_id as card, about, company_id as company, attempts,
      round(extract(epoch from due_at - now()))::int between 25 and 30 as settles from notices`;
  expect<unknown>([...notices]).toEqual([
    { card: 2, about: "visits", company: 1, attempts: 0, settles: true },
  ]);
});

test("when the lease has gone to another program nothing is written", async () => {
  const lost = await takeLease(ledger.db, "sync", "one", -1_000);
  const held = await takeLease(ledger.db, "sync", "two", 30_000);
  const posted = postReadings(ledger.db, ledger.programme, [ledger.reading()], lost);
  await expect(posted).rejects.toThrow(LeaseLost);
  expect([await ledger.rows(), await ledger.visits(), await ledger.cards()]).toEqual([[], [], []]);
  await postReadings(ledger.db, ledger.programme, [ledger.reading()], held);
  expect(await ledger.rows()).toEqual([award]);
});

test("fifty workers with the same answer make one award", async () => {
  const db = connect(ledger.database.url, { max: 50 });
  try {
    const reading = ledger.reading();
    await Promise.all(
      Array.from({ length: 50 }, (_, at) => {
        const readAt = new Date(reading.readAt.getTime() + (at % 7) * 1_000);
        return postReadings(db, ledger.programme, [{ ...reading, readAt }], null);
      }),
    );
    expect(await ledger.rows()).toEqual([award]);
  } finally {
    await db.end({ timeout: 1 });
  }
});

/** How many statements a page takes. */
async function statementsOf(page: Reading[]): Promise<number> {
  let statements = 0;
  const db = connect(ledger.database.url, { max: 1 });
  db.options.debug = () => ++statements;
  try {
    await db`select 1`; // postgres.js reads the database's types on its first connection
    statements = 0;
    await postReadings(db, ledger.programme, page, null);
    return statements;
  } finally {
    await db.end({ timeout: 1 });
  }
}

test("a page of 200 takes as many statements as one of 20, new or known", async () => {
  const page = (from: number, count: number, changes: Partial<Reading> = {}) =>
    Array.from({ length: count }, (_, at) => {
      const id = from + at;
      const phone = id % 3 === 0 ? null : `+7900${String(id % 2 === 0 ? id : id + 1).padStart(7, "0")}`;
      return ledger.reading({ recordId: id, client: { id, name: `Гость ${id}`, phone }, ...changes });
    });
  const few = [
    await statementsOf(page(1_000, 20)),
    await statementsOf(page(1_000, 20)),
    await statementsOf(page(1_000, 20, { servicesPaid: 1_000_000 })),
  ];
  const many = [
    await statementsOf(page(2_000, 200)),
    await statementsOf(page(2_000, 200)),
    await statementsOf(page(2_000, 200, { servicesPaid: 1_000_000 })),
  ];
  expect(many).toEqual(few);
  expect(many).toEqual([14, 7, 9]);
});

test("a page's questions read no table from end to end, though statistics say that all are almost empty", async () => {
  await ledger.db`analyze`;
  const ids = Array.from({ length: 200 }, (_, at) => 1_000 + at);
  const readAt = new Date();
  const scanned = await ledger.db.begin(async (tx) => {
    await tx`set local plan_cache_mode = force_generic_plan`; // as a connection that was used a few times has it
    await lockLedgerForPage(tx);
    await peopleOnCards(tx, ids);
    await cardsByPhone(
      tx,
      ids.map((id) => `+7900${id}`),
    );
    await knownVisits(tx, 1, ids);
    await unreadAwards(tx, 1, ids);
    await touchVisits(
      tx,
      1,
      ids.map((recordId) => ({ recordId, readAt, startsAt: readAt, decision: "awarded" })),
    );
    await clearRechecks(
      tx,
      1,
      ids.map((recordId) => ({ recordId, readAt })),
    );
    return tx<{ relname: string }[]>`select relname from pg_stat_xact_user_tables where seq_scan > 0`;
  });
  expect(scanned.map(({ relname }) => relname)).toEqual([]);
});

test("a page says which rows it made, and of which records, merged cards included", async () => {
  await using ledger = await openLedger();
  const post = async (...page: Parameters<typeof ledger.reading>) => {
    const { rows } = await postReadings(ledger.db, ledger.programme, page.map(ledger.reading), null);
    return rows.map(({ id, record, kind, points }) => [id, record, kind, points]);
  };
  const nobody = { id: 77, name: null, phone: null };
  expect(await post({ recordId: 101, client: nobody })).toEqual([[1, 101, "award", 3_500]]);
  expect(await post({ recordId: 101, client: nobody })).toEqual([]);
  await post({ recordId: 102 });
  const anna = ledger.reading().client;
  expect(await post({ recordId: 103, client: { ...nobody, phone: anna?.phone ?? null } })).toEqual([
    [3, 101, "correction", -3_500],
    [4, 101, "correction", 3_500],
    [5, 103, "award", 3_500],
  ]);
});
